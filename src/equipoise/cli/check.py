"""`equipoise check`: everything that is wrong with a protocol file, at once."""

import sys
from pathlib import Path

import click
from rich.console import Console

from equipoise.cli.terminal import bytes_of, print_problems
from equipoise.protocol.check import read_protocol
from equipoise.protocol.explain import explain


@click.command()
@click.argument("protocol", type=click.Path(path_type=Path))
@click.option("--explain", "explained", is_flag=True, help="Print the schedule of activities and what each role sees.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
def check(protocol: Path, explained: bool, language: str) -> None:
    """Say everything that is wrong with a protocol file, with the line, an id and a hint; exit 1 if anything is."""
    console = Console(soft_wrap=True)
    data = bytes_of(console, protocol)
    found, problems = read_protocol(data, name=protocol.name)
    print_problems(console, problems)
    wrong = sum(problem.level == "error" for problem in problems)
    if found is None or wrong:
        console.print(f"{wrong} error{'s' * (wrong != 1)}.")
        sys.exit(1)
    if explained:
        console.print(explain(found, language), markup=False, highlight=False)
    warnings = len(problems) - wrong
    console.print(f"{protocol.name} is sound{f', with {warnings} warnings' if warnings else ''}.")
