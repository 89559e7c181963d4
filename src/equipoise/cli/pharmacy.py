"""`equipoise pharmacy`: the sealed register of a site, opened away from the server with a reader's key."""

from pathlib import Path

import click
from rich.table import Table

from equipoise.cli.ceremony import load_private, read_bytes, saying_problems, stop, sure
from equipoise.conduct.accountability import ACCOUNTS, Entry, LotBalance, accountability
from equipoise.envelopes import Row, broken_record, open_entry, read_register

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def pharmacy() -> None:
    """Open the pharmacy's sealed register, without a server."""


@pharmacy.command()
@click.option("--register", "saved", type=FILE, required=True, help="The register as the workspace saved it.")
@click.option("--key", type=FILE, required=True, help="The private key's file of a reader.")
@click.option("--passphrase-file", type=FILE, help="Take the passphrase from a file's first line; asked for otherwise.")
@click.option("--day", help="Until the end of this day, as 2026-03-31 (default: everything).")
def balance(saved: Path, key: Path, passphrase_file: Path | None, day: str | None) -> None:
    """Check the chain of a register, open every record, and print the balance of each lot."""
    with saying_problems() as console:
        rows = sure(read_register(read_bytes(saved)), saved)
        broken = broken_record(rows)
        if broken is not None:
            stop(broken)
        private = load_private(key, passphrase_file)
        entries = [
            _entry(row, sure(open_entry(row.sealed, row.place, private), f"record {row.sequence}")) for row in rows
        ]
        found = accountability(entries, day or "9999-12-31")
        table = Table("product", "lot", "expiry", *ACCOUNTS, "count")
        for lot in found.lots:
            units = (str(lot.accounts[each]) for each in ACCOUNTS)
            table.add_row(lot.product, lot.lot, lot.expiry, *units, _count(lot))
        console.print(table)
        console.print(f"{len(rows)} records, chain unbroken", highlight=False)
        for record in found.unread:
            console.print(f"record {record} cannot be counted", markup=False, highlight=False)


def _entry(row: Row, content: dict[str, object]) -> Entry:
    return Entry(row.place.record, content)


def _count(lot: LotBalance) -> str:
    if lot.below_zero:
        return "more left than there was"
    if lot.counted is None:
        return "not counted"
    return "agrees" if lot.agrees else f"counted {lot.counted}, expected {lot.expected}"
