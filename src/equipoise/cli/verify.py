"""`equipoise verify`: replay the ledger from its first act and compare."""

import json
import sys
import time
from pathlib import Path

import click
from rich.console import Console

from equipoise.cli.deployment import prepare
from equipoise.cli.terminal import counting, print_problems


@click.command()
@click.option("--home", type=click.Path(path_type=Path, exists=True), default=Path("demo-out"), show_default=True)
@click.option("--study", default="", help="One study only; otherwise every study of the deployment.")
@click.option("--rebuild", is_flag=True, help="Make the projection of values again from the acts first.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def verify(home: Path, study: str, rebuild: bool, as_json: bool) -> None:
    """Read every act and compute every hash again, compare every value; name the first act that was touched."""
    prepare(home, demo=False)
    from equipoise.ledger.models import Study
    from equipoise.ledger.store import Ledger
    from equipoise.ledger.verify import rebuild as make_again
    from equipoise.ledger.verify import verify as replay

    console, good, findings = Console(soft_wrap=True, stderr=as_json), True, []
    studies = Study.objects.filter(id=study) if study else Study.objects.order_by("id")
    for name in studies.values_list("id", flat=True):
        ledger = Ledger.of(name)
        if rebuild:
            make_again(ledger)
        began = time.perf_counter()
        with counting(console, f"{name}, act by act") as progress:
            result = replay(ledger, progress=progress)
        took = time.perf_counter() - began
        good = good and not result.problems
        findings.append(
            {"study": name, "acts": result.acts, "head": result.head, "problems": [str(p) for p in result.problems]}
        )
        print_problems(console, result.problems)
        verdict = "[red]does not verify[/]" if result.problems else "[green]verifies[/]"
        console.print(f"{name} {verdict}: {result.acts:,} acts in {took:.1f} s, head {result.head}")
    if not findings:
        console.print(f"There is no study {study!r} here." if study else "There is no study here.")
    if as_json:
        click.echo(json.dumps(findings))
    sys.exit(0 if good and findings else 1)
