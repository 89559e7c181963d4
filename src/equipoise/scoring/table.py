"""Every row of a table through an instrument: by columns where columns can say it, one by one where they cannot.

One by one go the rows with a number that a column cannot hold, those a float cannot decide, those whose answers are
impossible together, and those with any unknown result, which have to say what is lacking. Equal rows go once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from equipoise.instruments.columns import UNKNOWN, Column, ColumnOutcome, Flags, complete, encode_result
from equipoise.instruments.instrument import Instrument
from equipoise.instruments.parts import Input
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome
from equipoise.items import Problem
from equipoise.scoring.cells import Cell, Reading, question_item, read_cell
from equipoise.scoring.texts import Codes, Table
from equipoise.scoring.wanted import Wanted

# A sum lacks each of its parts: while the main result of these is unknown, every unanswered input is what is lacking.
# A test compares them with the rule for one patient; the rows of the others are asked one by one.
LACK_EVERY_GAP: Final = frozenset({"sledai"})


@dataclass(frozen=True, slots=True, eq=False)
class OfVariant:
    """What one variant says: its results as columns, and for each row the inputs that are lacking, or an empty text."""

    results: dict[str, Column]
    lacking: Sequence[str]


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A table with its scores, by variant, and what is wrong in its rows."""

    table: Table
    by_variant: dict[str, OfVariant]
    problems: dict[int, list[Problem]] = field(default_factory=dict)

    def all_problems(self) -> Iterator[Problem]:
        """Row by row."""
        return (problem for row in sorted(self.problems) for problem in self.problems[row])


@dataclass(frozen=True, slots=True, eq=False)
class _Answered:
    """One column of answers: the different readings, and which stands in each row."""

    question: Input
    readings: tuple[Reading, ...]
    codes: Codes

    def cells(self) -> Column:
        return np.array([reading.cell for reading in self.readings], dtype=np.int64)[self.codes]

    def rows_where(self, wanted: Sequence[bool]) -> Flags:
        flags: Flags = np.array(wanted, dtype=np.bool_)[self.codes]
        return flags


def score_table(table: Table, wanted: Wanted) -> Scored:
    """The scores of every row. What is wrong in a cell is named, and the cell counts as not answered."""
    instrument = wanted.instrument
    answered = tuple(
        _answered(instrument.input_by_id[name], texts.distinct, texts.codes)
        for name, texts in table.columns.items()
        if name in instrument.input_by_id
    )
    scored = Scored(table, {}, {row: [problem] for row, problem in table.broken.items()})
    for column in answered:
        _tell_wrong_cells(scored, column)
    for variant in wanted.variants:
        scored.by_variant[variant] = _of_variant(scored, answered, instrument, variant, wanted.choices)
    return scored


def _answered(question: Input, distinct: tuple[Cell, ...], codes: Codes) -> _Answered:
    item = question_item(question)
    return _Answered(question, tuple(read_cell(question, item, cell) for cell in distinct), codes)


def _tell_wrong_cells(scored: Scored, column: _Answered) -> None:
    for row in np.flatnonzero(column.rows_where([reading.problem is not None for reading in column.readings])):
        problem = column.readings[column.codes[row]].problem
        if problem is not None:
            where = scored.table.where(int(row), column.question.id)
            scored.problems.setdefault(int(row), []).append(replace(problem, where=where))


def _of_variant(
    scored: Scored, answered: tuple[_Answered, ...], instrument: Instrument, variant: str, choices: Choices
) -> OfVariant:
    rows = scored.table.rows
    found = _by_columns(instrument, answered, rows, variant, choices)
    results = {name: np.array(column) for name, column in found.results.items()}
    settle = np.zeros(rows, dtype=np.bool_)
    for marked in (found.doubtful, found.refused):
        settle |= False if marked is None else marked
    for column in answered:
        settle |= column.rows_where([not reading.fits for reading in column.readings])
    unknown: Flags = np.logical_or.reduce([column == UNKNOWN for column in results.values()])
    if instrument.id in LACK_EVERY_GAP:
        lacking = _every_gap(instrument, answered, unknown & ~settle, variant)
        unknown = settle
    else:
        lacking = [""] * rows
    for row, outcome in _one_by_one(instrument, answered, np.flatnonzero(settle | unknown), variant, choices):
        lacking[row] = " ".join(outcome.unknown)
        if settle[row]:
            for output in instrument.outputs:
                results[output.id][row] = encode_result(output, outcome.results[output.id])
        _tell_refused(scored, row, outcome)
    return OfVariant(results, lacking)


def _by_columns(
    instrument: Instrument, answered: tuple[_Answered, ...], rows: int, variant: str, choices: Choices
) -> ColumnOutcome:
    """What the column rule finds; where there is none, every row is left to the rule for one patient."""
    if instrument.compute_columns is None or rows == 0:
        empty = {name: np.full(rows, UNKNOWN, dtype=np.int64) for name in instrument.results}
        return ColumnOutcome(empty, np.ones(rows, dtype=np.bool_))
    columns = {instrument.inputs[0].id: np.full(rows, UNKNOWN, dtype=np.int64)}
    columns |= {column.question.id: column.cells() for column in answered}
    return instrument.compute_columns(complete(instrument.inputs, columns), variant, choices)


def _one_by_one(
    instrument: Instrument, answered: tuple[_Answered, ...], rows: Column, variant: str, choices: Choices
) -> Iterator[tuple[int, Outcome]]:
    """What the rule for one patient finds for these rows; equal rows are computed once."""
    names = tuple(column.question.id for column in answered)
    nothing = dict.fromkeys(instrument.input_by_id)
    known = tuple(np.array([*(r.known for r in c.readings), None], dtype=object)[:-1][c.codes[rows]] for c in answered)
    keys = np.stack([column.codes[rows] for column in answered], axis=1) if answered else np.zeros((len(rows), 0))
    seen: dict[bytes, Outcome] = {}
    for place, (row, key) in enumerate(zip(rows.tolist(), keys, strict=True)):
        written = key.tobytes()
        if written not in seen:
            answers = {name: column[place] for name, column in zip(names, known, strict=True)}
            seen[written] = instrument.compute(Given(nothing | answers), variant, choices)
        yield row, seen[written]


def _tell_refused(scored: Scored, row: int, outcome: Outcome) -> None:
    """Answers that are impossible together; the same words of two variants are said once."""
    for name, why in outcome.refused:
        where = scored.table.where(row, name)
        problem = Problem("instrument.E008", where, why, "It counts as not assessed until corrected.")
        if problem not in scored.problems.get(row, []):
            scored.problems.setdefault(row, []).append(problem)


def _every_gap(instrument: Instrument, answered: tuple[_Answered, ...], rows: Flags, variant: str) -> list[str]:
    """The names of the unanswered inputs in these rows, in the order of the instrument; equal gaps are joined once."""
    by_name = {column.question.id: column for column in answered}
    asked = [one.id for one in instrument.inputs if not one.variants or variant in one.variants]
    gaps = np.ones((len(rows), len(asked)), dtype=np.bool_)
    for place, name in enumerate(asked):
        if name in by_name:
            gaps[:, place] = by_name[name].rows_where([reading.known is None for reading in by_name[name].readings])
    packed = np.packbits(gaps, axis=1)
    joined: dict[bytes, str] = {}
    lacking = [""] * len(rows)
    for row in np.flatnonzero(rows).tolist():
        key = packed[row].tobytes()
        if key not in joined:
            joined[key] = " ".join(name for name, gap in zip(asked, gaps[row], strict=True) if gap)
        lacking[row] = joined[key]
    return lacking
