"""`equipoise score`: an instrument applied to one patient or to a table of them."""

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from equipoise.items import Problem

if TYPE_CHECKING:
    from equipoise.instruments.instrument import Instrument
    from equipoise.scoring import Patient, Table
    from equipoise.scoring.wanted import Wanted

MOST_SHOWN = 100


@click.command()
@click.argument("instrument", required=False)
@click.argument("file", default="-", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--list", "listing", is_flag=True, help="List the instruments.")
@click.option("--describe", is_flag=True, help="Say everything the instrument asks, decides and cites.")
@click.option("--variant", default="", help="A published variant, or all of them with 'all' (default: the first).")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A setting of the instrument; repeatable.")
@click.option("--keep", multiple=True, metavar="COLUMN,...", help="Columns that are no inputs, to be written too.")
@click.option("--format", "wanted_format", type=click.Choice(["csv", "json", "ndjson"]), help="What the file is.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; of a table, one object a line.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
def score(
    instrument: str | None,
    file: Path,
    listing: bool,
    describe: bool,
    variant: str,
    settings: tuple[str, ...],
    keep: tuple[str, ...],
    wanted_format: str | None,
    as_json: bool,
    language: str,
) -> None:
    """Score one patient (a JSON object) or a table (CSV, a JSON list, or JSON lines) in FILE, or - for standard input.

    What is not answered is unknown, never zero. Exit 1 if anything in the file is wrong; every other row is scored.
    """
    if listing:
        click.echo(_listed(as_json, language))
        return
    if instrument is None:
        raise click.UsageError("Name an instrument; --list names them.")
    wanted = _wanted(instrument, variant, settings, keep, language)
    if describe:
        click.echo(_described(wanted.instrument, as_json))
        return
    found = _read(file, wanted_format or "", language)
    _stop(_column_problems(wanted, found), language)
    _print_scores(found, wanted, as_json, language)


def _listed(as_json: bool, language: str) -> str:
    from equipoise.instruments.registry import all_instruments

    if as_json:
        rows = [
            {
                "id": one.id, "version": one.version, "title": {"en": one.title, "zh": one.title_zh},
                "variants": list(one.variants), "results": list(one.results), "inputs": len(one.inputs),
            }
            for one in all_instruments()
        ]  # fmt: skip
        return json.dumps(rows, ensure_ascii=False)
    lines = [
        (one.id, one.title_zh if language == "zh" else one.title, ", ".join(one.variants), len(one.inputs))
        for one in all_instruments()
    ]
    return "\n".join(
        f"{id_:<22} {title}\n{'':<22} {variants}; {inputs} inputs" for id_, title, variants, inputs in lines
    )


def _described(instrument: "Instrument", as_json: bool) -> str:
    from equipoise.instruments.describe import describe, described

    return json.dumps(described(instrument), ensure_ascii=False, indent=1) if as_json else describe(instrument)


def _wanted(name: str, variant: str, settings: tuple[str, ...], keep: tuple[str, ...], language: str) -> "Wanted":
    """What is asked, or exit 2 when the instrument has no such thing."""
    from equipoise.instruments.instrument import InstrumentError
    from equipoise.instruments.registry import get
    from equipoise.scoring.wanted import Wanted, check_use

    try:
        instrument = get(name)
    except InstrumentError as error:
        _stop([error.problem], language, code=2)
        raise
    variants = instrument.variants if variant == "all" else (variant or instrument.variants[0],)
    pairs = [text.partition("=") for text in settings]
    columns = tuple(dict.fromkeys(part.strip() for text in keep for part in text.split(",") if part.strip()))
    wanted = Wanted(instrument, variants, {key.strip(): value.strip() for key, _, value in pairs}, columns)
    _stop(list(check_use(wanted)), language, code=2)
    return wanted


def _read(file: Path, wanted_format: str, language: str) -> "Table | Patient":
    """What the file holds, or exit 1 when it cannot be read."""
    from equipoise.scoring import read_file

    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        _stop([Problem("command.E001", str(file), f"The file cannot be read: {error.strerror}.")], language)
        raise
    found, problems = read_file(data, "stdin" if str(file) == "-" else file.name, wanted_format)
    _stop(problems, language)
    if found is None:
        raise AssertionError("a file that cannot be read has a problem")
    return found


def _column_problems(wanted: "Wanted", found: "Table | Patient") -> list[Problem]:
    from equipoise.scoring import Table
    from equipoise.scoring.wanted import check_columns

    if isinstance(found, Table):
        return list(check_columns(wanted, found.columns, f"{found.name}:1" if found.lines is not None else found.name))
    return list(check_columns(replace(wanted, keep=()), set(found.cells) - set(wanted.keep), found.name))


def _print_scores(found: "Table | Patient", wanted: "Wanted", as_json: bool, language: str) -> None:
    """The scores on standard output, the problems on the other; exit 1 if there are any."""
    from equipoise.scoring import Table, score_table, to_csv, to_ndjson

    if not isinstance(found, Table):
        _print_patient(found, wanted, as_json, language)
        return
    scored = score_table(found, wanted)
    if as_json:
        click.echo("".join(f"{line}\n" for line in to_ndjson(scored, wanted)), nl=False)
    else:
        click.echo(to_csv(scored, wanted), nl=False)
    _stop(list(scored.all_problems()), language)


def _print_patient(patient: "Patient", wanted: "Wanted", as_json: bool, language: str) -> None:
    from equipoise.scoring.single import as_json as whole
    from equipoise.scoring.single import as_text, score_patient

    scores = score_patient(patient, wanted)
    if as_json:
        objects = [whole(one) for one in scores]
        click.echo(json.dumps(objects if len(wanted.variants) > 1 else objects[0], ensure_ascii=False, indent=1))
    else:
        click.echo("\n\n".join("\n".join(as_text(one, wanted.instrument, language)) for one in scores))
    _stop(dict.fromkeys(problem for one in scores for problem in one.problems), language)


def _stop(problems: Iterable[Problem], language: str, *, code: int = 1) -> None:
    """Print what is wrong on standard error and end; go on when nothing is."""
    from equipoise.scoring.messages import in_chinese

    told = list(problems)
    for problem in told[:MOST_SHOWN]:
        shown = in_chinese(problem) if language == "zh" else problem
        click.echo(f"{shown.where}: {shown.level} {shown.id}: {shown.message}", err=True)
        if shown.hint:
            click.echo(f"    {shown.hint}", err=True)
    if len(told) > MOST_SHOWN:
        click.echo(f"… and {len(told) - MOST_SHOWN:,} more; each stands in its row under 'problems'.", err=True)
    if told:
        sys.exit(code)
