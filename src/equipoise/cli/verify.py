"""`equipoise verify`: replay the ledger from its first act and compare; read the pharmacy's register, if it is here."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from equipoise.cli.deployment import has_database, prepare
from equipoise.cli.terminal import counting, print_problems

if TYPE_CHECKING:  # Django is set up before they are imported
    from equipoise.allocator.register import Verification as Registers
    from equipoise.conduct.snapshot import Snapshot
    from equipoise.ledger.store import Ledger


@click.command()
@click.option("--home", type=click.Path(path_type=Path, exists=True), default=Path("demo-out"), show_default=True)
@click.option("--study", default="", help="One study only; otherwise every study of the deployment.")
@click.option("--rebuild", is_flag=True, help="Make the projection of values again from the acts first.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def verify(home: Path, study: str, rebuild: bool, as_json: bool) -> None:
    """Read every act and compute every hash again, compare every value; name the first act that was touched.

    Where the allocator's database is at hand, the same for every record of the pharmacy's register.
    """
    prepare(home, demo=False)
    from equipoise.ledger.models import Study
    from equipoise.ledger.store import Ledger

    console = Console(soft_wrap=True, stderr=as_json)
    studies = Study.objects.filter(id=study) if study else Study.objects.order_by("id")
    findings = [_verified(console, Ledger.of(name), rebuild) for name in studies.values_list("id", flat=True)]
    if not findings:
        console.print(f"There is no study {study!r} here." if study else "There is no study here.")
    if as_json:
        click.echo(json.dumps(findings))
    sys.exit(0 if findings and not any(found["problems"] for found in findings) else 1)


def _verified(console: Console, ledger: "Ledger", rebuild: bool) -> dict[str, Any]:
    """What was found in one study, said and as it is printed as JSON."""
    from equipoise.ledger.verify import rebuild as make_again
    from equipoise.ledger.verify import verify as replay

    if rebuild:
        make_again(ledger)
    began = time.perf_counter()
    with counting(console, f"{ledger.study}, act by act") as progress:
        result = replay(ledger, progress=progress)
    registers = _registers(ledger, result.snapshot)
    took = time.perf_counter() - began
    problems = (*result.problems, *(registers.problems if registers else ()))
    print_problems(console, problems)
    verdict = "[red]does not verify[/]" if problems else "[green]verifies[/]"
    console.print(f"{ledger.study} {verdict}: {result.acts:,} acts in {took:.1f} s, head {result.head}")
    if registers is None or registers.heads:  # a trial whose product is packed in kits has no register
        console.print(_said(registers), highlight=False)
    heads = {site: head._asdict() for site, head in registers.heads.items()} if registers else None
    return {
        "study": ledger.study, "acts": result.acts, "head": result.head, "registers": heads,
        "problems": [str(problem) for problem in problems],
    }  # fmt: skip


def _registers(ledger: "Ledger", snapshot: "Snapshot") -> "Registers | None":
    """The pharmacy's registers against the bags the ledger has released; None if the allocator's database is elsewhere.

    They are read after the ledger, so that a bag that leaves meanwhile has its record.
    """
    if not has_database("allocator"):
        return None
    from equipoise.allocator import register

    if not register.at_hand():
        return None
    prepared = ledger.protocol.treatment.preparation is not None and ledger.protocol.kits is None
    bags = (bag for _, each in sorted(snapshot.subjects.items()) for bags in each.doses.values() for bag in bags)
    return register.verify(study=ledger.study, released=list(bags) if prepared else [])


def _said(registers: "Registers | None") -> str:
    if registers is None:
        return "the pharmacy's register was not read: the allocator's database is not here"
    return f"the pharmacy's register: {sum(head.records for head in registers.heads.values()):,} records"
