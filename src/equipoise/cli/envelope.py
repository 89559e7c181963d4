"""`equipoise envelope`: one envelope, on a device of one's own, with a key and its second lock. No server is needed."""

from pathlib import Path

import click
from rich.console import Console

from equipoise.cli.ceremony import load_list, load_private, read_bytes, saying_problems, stop, sure, write_new
from equipoise.cli.sheets import releases as typeset_releases
from equipoise.envelopes import (
    Code,
    SecondLock,
    open_at_site,
    problem,
    read_label,
    read_lock_code,
    read_locks,
    write_code,
    write_lock_code,
)
from equipoise.protocol.check import read_protocol
from equipoise.protocol.dose import one_dose
from equipoise.protocol.schema import Arm, Label, Protocol

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def envelope() -> None:
    """Open one envelope of a sealed list, without a server."""


@envelope.command("open")
@click.option("--list", "listed", type=FILE, required=True, help="The sealed list.")
@click.option("--key", type=FILE, required=True, help="The private key's file of a recipient.")
@click.option("--label", required=True, help="The label of the assigned slot.")
@click.option("--share", prompt="Released second lock, two codes", help="The released second lock: its two codes.")
@click.option("--passphrase-file", type=FILE, help="Take the passphrase from a file's first line; asked for otherwise.")
@click.option("--site", default="", help="The participant's site; asked for where the list binds the key to one.")
@click.option(
    "--protocol", type=FILE, help="For the names of arm and product (default: protocol.yaml beside the list)."
)
def open_one(
    listed: Path, key: Path, label: str, share: str, passphrase_file: Path | None, site: str, protocol: Path | None
) -> None:
    """Open the envelope of an assigned participant with a private key and its released second lock."""
    with saying_problems() as console:
        sealed = load_list(listed)
        slot = sealed.slot(read_label(label) or "")
        if slot is None:
            stop(problem("envelopes.E019", str(listed), label=label))
        second = sure(read_lock_code(share))
        private = load_private(key, passphrase_file)
        if not site and sealed.site_of(private.recipient):
            site = click.prompt("The participant's site", err=True)
        arm = open_at_site(sealed, slot, second, private, site)
        say_arm(console, slot.label, arm, protocol or listed.with_name("protocol.yaml"))


@envelope.command()
@click.option("--locks", type=FILE, required=True, help="The second locks, as the allocator's operator keeps them.")
@click.option("--label", required=True, help="The label of the assigned slot.")
@click.option(
    "--for", "purpose", type=click.Choice(["break", "open"]), required=True, help="What is to be done with it."
)
def release(locks: Path, label: str, purpose: str) -> None:
    """Print the codes that release one slot while the server is down, to read over the telephone.

    For the allocator's operator on call. Write down who asked, when, why and for which label, and enter it as soon
    as the server is back.
    """
    _, second = sure(read_locks(read_bytes(locks)), locks)
    wanted = read_label(label)
    found: SecondLock | None = next((lock for lock in second if lock.label == wanted), None)
    if found is None:
        stop(problem("envelopes.E019", str(locks), label=label))
    breaking = purpose == "break"
    click.echo(write_code(Code.RELEASE, found.release) if breaking else write_lock_code(found.share))


@envelope.command()
@click.option("--locks", type=FILE, required=True, help="The second locks, as the allocator's operator keeps them.")
@click.option("--out", type=FILE, required=True, help="The PDF to write, for paper.")
def releases(locks: Path, out: Path) -> None:
    """Print the releases of all code breaks as a list for the holder on call.

    It opens nothing without the cards, and everything with all of them: keep it sealed, apart from the cards, at two
    places. It is also the last resort when every key and every server is lost.
    """
    study, second = sure(read_locks(read_bytes(locks)), locks)
    write_new(out, typeset_releases(study, second))
    click.echo(f"{out}: print it, seal it, and destroy the file. Without the cards it opens nothing.")


def say_arm(console: Console, label: str, arm: str, protocol: Path) -> None:
    """The arm and what is given in it, once."""
    console.print(f"envelope · 信封  {label[:4]}-{label[4:]}", highlight=False)
    for line in _named(arm, protocol):
        console.print(line, markup=False, highlight=False)
    console.print("Shown once and kept nowhere. 仅显示一次，不作保存。", highlight=False)


def _named(arm: str, protocol: Path) -> list[str]:
    """Arm and product in both languages, as far as a protocol is there that names them."""
    found = read_protocol(protocol.read_bytes())[0] if protocol.exists() else None
    ours = next((each for each in found.arms if each.id == arm), None) if found else None
    if found is None or ours is None:
        return [f"arm · 组别  {arm}", "product · 药品  as the protocol says for this arm · 见方案中该组别的用药"]
    product = found.product_by_id[ours.product]
    named = [f"arm · 组别  {arm}: {_both(ours.label)}", f"product · 药品  {product.id}: {_both(product.label)}"]
    return [*named, *_prepared(found, ours)]


def _prepared(protocol: Protocol, arm: Arm) -> list[str]:
    """What is prepared, where the protocol says it; a dose by weight is left to who knows the weight."""
    plan, dose = protocol.treatment.preparation, one_dose(protocol, arm)
    unit = protocol.product_by_id[arm.product].unit
    if plan is None or dose is None or unit is None:
        return []
    draw = [f"draw · 抽取  {dose.draw} mL"] if dose.draw is not None else []
    handed_over = f"{plan.quantity.amount.normalize():f} {plan.quantity.unit}"
    return [f"open · 开启  {dose.units} × {_both(unit.label)}", *draw, f"hand over · 发放  {handed_over}"]


def _both(label: Label) -> str:
    return f"{label.en} · {label.zh}"
