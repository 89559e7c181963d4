"""One table, listing or figure on its own, with everything a reader needs who has nothing else in hand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from equipoise.reports.blocks import Teller
from equipoise.reports.figures import Figure
from equipoise.reports.report import Report, supplement
from equipoise.reports.sources import population_of, source_of
from equipoise.reports.table import Table


@dataclass(frozen=True, slots=True, eq=False)
class Display:
    """A table or figure under its number, with marks, source and provenance in the language of its report."""

    name: str  # "t03-baseline": the letter of its kind, its number, its id
    block: Table | Figure
    language: str
    marks: tuple[str, ...]
    study: str
    notes: tuple[str, ...]  # under the display: its own footnotes, then source and program
    foot: str

    @property
    def title(self) -> str:
        """The number and the title."""
        return self.block.title

    @property
    def wide(self) -> bool:
        """Whether it needs a page laid on its side."""
        return isinstance(self.block, Table) and len(self.block.columns) > 5


def displays(report: Report, tell: Teller) -> tuple[Display, ...]:
    """Every display of the report in its order, then the tables beside it."""
    tables = [_display(f"t{n:02}", table, report, tell) for n, table in enumerate(report.tables, start=1)]
    figures = [_display(f"f{n:02}", figure, report, tell) for n, figure in enumerate(report.figures, start=1)]
    return (*tables, *figures, *_supplement(report, tell))


def _supplement(report: Report, tell: Teller) -> Iterator[Display]:
    shown = {table.id for table in report.tables}
    others = {table.id: table for table in supplement(tell) if table.id not in shown}
    for n, table in enumerate(others.values(), start=1):
        titled = replace(table, title=f"{tell.words('supplement', n=n)} {table.title}")
        yield _display(f"s{n:02}", titled, report, tell)


def _display(number: str, block: Table | Figure, report: Report, tell: Teller) -> Display:
    own = block.footnotes if isinstance(block, Table) else (block.caption,) if block.caption else ()
    return Display(
        name=f"{number}-{block.id}", block=block, language=report.language, marks=report.marks, study=report.subtitle,
        notes=(*own, *_lines(block, tell)), foot=report.foot,
    )  # fmt: skip


def program_of(block: Table | Figure) -> str:
    """What makes a display: its kind and its id, which a table and a figure may share."""
    return f"{'tables' if isinstance(block, Table) else 'figures'}/{block.id}"


def _lines(block: Table | Figure, tell: Teller) -> tuple[str, str]:
    words, made = tell.words, tell.provenance
    source = source_of(block, tell.analysis)
    population, n = population_of(source, tell.analysis, words)
    return (
        words("source_line", datasets=words.listed(source.datasets), population=population, n=n),
        words(
            "program_line", software=made.software, program=program_of(block), protocol=made.protocol_digest,
            ledger=made.ledger_head, acts=made.acts,
        ),
    )  # fmt: skip
