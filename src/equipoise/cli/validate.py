"""`equipoise validate`: cases that others computed, run through the public functions and compared."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from equipoise.cli.terminal import print_problems

if TYPE_CHECKING:
    from equipoise.validation import Finding, Verdict
    from equipoise.validation.run import Tally

_HEADINGS: "dict[Verdict, str]" = {
    "agree": "agree", "open": "open", "differ": "differ", "disputed": "disputed", "not_covered": "not covered",
}  # fmt: skip


@click.command()
@click.option("--cases", required=True, type=click.Path(path_type=Path, exists=True, file_okay=False), help="A folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def validate(cases: Path, as_json: bool) -> None:
    """Compare scores and statistics with cases that others computed; exit 1 if any differs or cannot be read.

    A folder holds cases.csv for instruments and cases.json with data/ for statistics, or folders with them.
    """
    from equipoise.validation import read_cases, run, tally

    found, problems = read_cases(cases)
    findings = tuple(run(found))
    tallies = tally(findings)
    print_problems(Console(soft_wrap=True, stderr=True), problems)
    if as_json:
        click.echo(json.dumps(_for_programs(findings, tallies), ensure_ascii=False, indent=1))
    else:
        _print(findings, tallies)
    sys.exit(1 if problems or any(one.verdict == "differ" for one in findings) else 0)


def _print(findings: "tuple[Finding, ...]", tallies: "tuple[Tally, ...]") -> None:
    width = max((len(one.method) for one in tallies), default=0)
    head = "  ".join(f"{heading:>{len(heading)}}" for heading in _HEADINGS.values())
    click.echo(f"{'method':<{width}}  {head}  worst")
    for one in tallies:
        counts = "  ".join(f"{one.counts[v] or '·':>{len(heading)}}" for v, heading in _HEADINGS.items())
        worst = f"{one.worst:.0e}" if one.worst else "0" if one.counts["agree"] else ""
        click.echo(f"{one.method:<{width}}  {counts}  {worst:<5}  {'; '.join(one.notes)}".rstrip())
    for finding in findings:
        if finding.verdict in ("differ", "disputed", "open"):
            click.echo(_line(finding))
    click.echo(_sum(findings))


def _line(finding: "Finding") -> str:
    """One case in one line: where, what was expected and found, why, and whose it is."""
    from equipoise.validation.shown import as_words

    case = finding.case
    reason = f" {finding.reason}" if finding.reason else ""
    return (
        f"{case.where}: {_HEADINGS[finding.verdict]}: {case.method}: expected {as_words(case.expected)}, "
        f"got {as_words(finding.found)}.{reason} [{case.source}]"
    )


def _sum(findings: "tuple[Finding, ...]") -> str:
    counts = {verdict: sum(one.verdict == verdict for one in findings) for verdict in _HEADINGS}
    told = ", ".join(f"{counts[verdict]} {heading}" for verdict, heading in _HEADINGS.items())
    return f"{len(findings)} cases: {told}."


def _for_programs(findings: "tuple[Finding, ...]", tallies: "tuple[Tally, ...]") -> dict[str, object]:
    from equipoise.validation.shown import as_json_value

    methods = [
        {
            "family": one.family, "method": one.method, "worst": one.worst, "notes": list(one.notes),
            **{verdict: one.counts[verdict] for verdict in _HEADINGS},
        }
        for one in tallies
    ]  # fmt: skip
    told = [
        {
            "where": one.case.where, "method": one.case.method, "verdict": one.verdict, "reason": one.reason,
            "expected": as_json_value(one.case.expected), "found": as_json_value(one.found), "worst": one.worst,
            "source": one.case.source, "digest": one.case.digest,
        }
        for one in findings
    ]  # fmt: skip
    total = {verdict: sum(one.verdict == verdict for one in findings) for verdict in _HEADINGS}
    return {"total": total, "methods": methods, "cases": told}
