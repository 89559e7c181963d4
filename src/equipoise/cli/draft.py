"""`equipoise draft`: a protocol file drafted from a registry record."""

import sys
from pathlib import Path

import click
from rich.console import Console

from equipoise.cli.terminal import print_problems


@click.command()
@click.argument("record", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Where to write it (default: standard output).")
def draft(record: Path, out: Path | None) -> None:
    """Draft a protocol file from a registry page's text or a ClinicalTrials.gov study in JSON.

    What was understood cites the words it came from; what was not is listed as a to-do, never guessed.
    """
    from equipoise.drafting import draft as write_draft
    from equipoise.drafting import read_record

    console = Console(soft_wrap=True, stderr=True)
    found = read_record(record.read_bytes(), name=record.name)
    if isinstance(found, list):
        print_problems(console, found)
        sys.exit(1)
    drafted = write_draft(found)
    if out is None:
        click.echo(drafted.text)
    else:
        out.write_text(drafted.text, encoding="utf-8")
    print_problems(console, drafted.todos)
    console.print(f"{len(drafted.todos)} things to do by hand." if drafted.todos else "Nothing left to do by hand.")
