"""What a careful reader checks in what is printed: each number is a result, each per cent its count over its total.

Numbers in the columns of a table must be statistics of the analyses that the display names as its source; in words they
may also be constants of the protocol. A listing prints data, not results, and is left to the datasets.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from math import isfinite
from typing import Final
from weakref import WeakKeyDictionary

import polars as pl

from equipoise.analysis import Analysis, Statistic
from equipoise.analysis.ard import Results
from equipoise.analysis.course import ATTENDANCE
from equipoise.analysis.flow import FLOW
from equipoise.items import Problem
from equipoise.reports.blocks import Block, Facts, Heading, Paragraph, Teller
from equipoise.reports.constants import constants, numerals
from equipoise.reports.figures import Figure
from equipoise.reports.messages import problem
from equipoise.reports.numbers import p_value, share
from equipoise.reports.sources import Source, source_of
from equipoise.reports.table import Table

_OUT_OF: Final = re.compile(r"(\d+)(?:/| of )(\d+)(?: |例)?[(（](\d+(?:\.\d+)?)%[)）]")
_SHARE: Final = re.compile(r"^\d+ \(\d+\.\d\)")
_PLACES: Final = range(6)
_EVERY_PLACE: Final = " ".join(f"%.{places}f" for places in _PLACES)
_RESULTS: Final = frozenset({"estimate", "lower", "upper"})
_STEPS: Final = "day"  # a figure with this column draws a curve, step by step; results are only some of its points
_CLOSE: Final = 9  # significant digits to which a figure's data agree with the results


class Printed:
    """What the results look like in print: the numbers and shares of some analyses."""

    def __init__(self, rows: Iterable[Statistic]) -> None:
        self._rows = tuple(rows)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Every number of the statistics as it can be printed, without its sign."""
        return frozenset(number for row in self._rows for number in _of_row(row)) | frozenset(self._totals())

    @cached_property
    def shares(self) -> frozenset[str]:
        """Every count with its per cent."""
        return frozenset(share(row.n, row.N) for row in self._rows)

    @cached_property
    def values(self) -> frozenset[str]:
        """Every number at full precision, and counts out of their totals."""
        found = (v for row in self._rows for v in (*_values(row), row.p, row.n, row.N) if v is not None)
        ratios = (row.n / row.N for row in self._rows if row.n is not None and row.N)
        return frozenset(exact(value * scale) for value in (*found, *ratios) for scale in (1, 100))

    def _totals(self) -> Iterator[str]:
        """The column of everybody."""
        totals: dict[tuple[str, ...], int] = {}
        for row in self._rows:
            place = (row.analysis, row.statistic, row.variable, row.level, row.variant)
            totals[place] = totals.get(place, 0) + (row.n or 0)
        yield from map(str, totals.values())


def _of_row(row: Statistic) -> Iterator[str]:
    """Every number of a statistic as it can be printed, without its sign."""
    for value in _values(row):
        yield from (*_in_print(value), *_in_print(value * 100))
    yield from (str(n) for n in (row.n, row.N) if n is not None)
    if row.n is not None and row.N is not None:
        yield from (str(abs(row.N - row.n)), *numerals(share(row.n, row.N)))
    if row.why is not None:
        yield from (number for about in row.why.about for number in numerals(about))
    if row.p is not None:
        yield from (*numerals(p_value(row.p)), *_in_print(row.p))


def _in_print(value: float) -> tuple[str, ...]:
    """A number with every number of decimal places, as `plain` prints it, without its sign."""
    return tuple((_EVERY_PLACE % ((abs(value),) * len(_PLACES))).split()) if isfinite(value) else ()


def _values(row: Statistic) -> tuple[float, ...]:
    return tuple(v for v in (row.estimate, row.lower, row.upper, row.standard_error) if v is not None)


def exact(value: float) -> str:
    """A number to nine significant digits, so that binary fractions of equal value are one."""
    return f"{value:.{_CLOSE}g}"


# What results look like in print is the same in every language: worked out once, and kept as long as they are.
_PRINTED: WeakKeyDictionary[Results, dict[tuple[str, ...], Printed]] = WeakKeyDictionary()


class Reader:
    """Who reads a report in one language against its results."""

    def __init__(self, tell: Teller, blocks: int) -> None:
        self.analysis = tell.analysis
        self.constants = constants(tell, blocks)
        self.level_of_tests = str(tell.analysis.protocol.analysis.alpha)  # a cell may say what p was compared with
        self._printed = _PRINTED.setdefault(tell.analysis.results, {})

    def printed(self, analyses: tuple[str, ...] = ()) -> Printed:
        """The print of some analyses, of all where none is named."""
        if analyses not in self._printed:
            rows = (row for row in self.analysis.results.rows if not analyses or row.analysis in analyses)
            self._printed[analyses] = Printed(rows)
        return self._printed[analyses]

    def prose(self, where: str, *texts: str) -> Iterator[Problem]:
        """What stands in words: results or constants."""
        results = self.printed().numbers
        for text in texts:
            for number in numerals(text):
                if number not in results and number not in self.constants:
                    yield problem("outputs.E010", where, number=number, analyses="the results")
            yield from _percentages(where, text)


def check_blocks(blocks: Iterable[Block], tell: Teller) -> Iterator[Problem]:
    """Every number of these blocks that is no result and no constant, and every per cent that is not its count's."""
    listed = tuple(blocks)
    reader = Reader(tell, len(listed))
    for block in listed:
        match block:
            case Heading() | Paragraph():
                yield from reader.prose("text", block.text)
            case Facts():
                yield from reader.prose("text", *(text for line in block.lines for text in line))
            case Table():
                yield from _table(block, reader)
            case Figure():
                yield from reader.prose(block.id, block.title, block.caption)
                yield from _figure(block, reader)


def _percentages(where: str, text: str) -> Iterator[Problem]:
    for n, total, printed in _OUT_OF.findall(text):
        expected = f"{100 * int(n) / int(total):.1f}" if int(total) else "–"
        if printed != expected:
            yield problem("outputs.E011", where, printed=f"{n}/{total} ({printed}%)", n=n, N=total, expected=expected)


def _table(table: Table, reader: Reader) -> Iterator[Problem]:
    source = source_of(table, reader.analysis)
    if source.listing:
        return
    yield from reader.prose(table.id, table.title, *table.columns, *table.footnotes)
    for row in table.rows:
        where = f"{table.id} / {row.cells[0]}"
        for place, cell in enumerate(row.cells):
            if place in table.words:
                yield from reader.prose(where, cell)
            else:
                yield from _cell(where, cell, source, reader)


def _cell(where: str, cell: str, source: Source, reader: Reader) -> Iterator[Problem]:
    printed, named = reader.printed(source.analyses), ", ".join(source.analyses) or "the results"
    for number in numerals(cell):
        if number not in printed.numbers and number != reader.level_of_tests:
            yield problem("outputs.E010", where, number=number, analyses=named)
    yield from _percentages(where, cell)
    found = _SHARE.match(cell)
    if found and found[0] not in printed.shares:
        yield problem("outputs.E012", where, printed=found[0], analyses=named)


# --- Figures ----------------------------------------------------------------------------------------------------------

_Sums = Callable[[Figure, Analysis], Iterator[tuple[str, int, int]]]  # what, in the figure, in the results


def _figure(figure: Figure, reader: Reader) -> Iterator[Problem]:
    for begins, sums in _SUMS.items():
        if figure.id.startswith(begins) and figure.data.height:
            for what, found, expected in sums(figure, reader.analysis):
                if found != expected:
                    parts = {"found": str(found), "expected": str(expected)}
                    yield problem("outputs.E014", figure.id, what=what, **parts)
            return
    yield from _of_results(figure, reader)


def _of_results(figure: Figure, reader: Reader) -> Iterator[Problem]:
    """Every number in the data is one of the results; the week of a visit is the protocol's.

    In a figure that nobody named, such as a grid of assumptions, those are asked for that bear the dataset's own names.
    """
    source = source_of(figure, reader.analysis)
    if source.listing or _STEPS in figure.data.columns:
        return
    values = reader.printed(source.analyses).values
    for name, column in figure.data.to_dict(as_series=False).items():
        for value in column if _is_result(name, source) else ():
            if isinstance(value, int | float) and not isinstance(value, bool) and exact(value) not in values:
                named = ", ".join(source.analyses) or "the results"
                yield problem("outputs.E013", f"{figure.id} / {name}", value=exact(value), analyses=named)


def _is_result(column: str, source: Source) -> bool:
    return column in _RESULTS if not source.analyses else column != "week"


def _curve(figure: Figure, analysis: Analysis) -> Iterator[tuple[str, int, int]]:
    """A curve falls as often as there were events, and begins with everybody."""
    estimand = figure.id.removeprefix("curve_")
    for arm in analysis.cohort.arms:
        mine = figure.data.filter(pl.col("arm") == arm)
        row = analysis.results.get(estimand, "events", arm=arm)
        if row is not None and mine.height:
            yield f"events / {arm}", int(mine["events"].sum()), row.n or 0
            yield f"participants / {arm}", int(mine["at_risk"][0]), row.N or 0


def _enrolment(figure: Figure, analysis: Analysis) -> Iterator[tuple[str, int, int]]:
    yield "randomised", figure.data.height, analysis.results.count(FLOW, "randomised")


def _attendance(figure: Figure, analysis: Analysis) -> Iterator[tuple[str, int, int]]:
    for how in ("missed", "remote"):
        mine = figure.data.filter(pl.col("how") == how)
        rows = [row for row in analysis.results.of(ATTENDANCE) if row.level == how]
        yield how, int(mine["n"].sum()), sum(row.n or 0 for row in rows)


_SUMS: Final[dict[str, _Sums]] = {"curve_": _curve, "enrolment": _enrolment, "attendance": _attendance}
