"""Scores as a file: CSV for a spreadsheet, or one JSON object a line.

Decimals have at most six places. A kept column is written exactly as it was read, so a cell that a spreadsheet would
take for a formula stays one: nothing that was typed is changed.
"""

import json
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import polars as pl

from equipoise.instruments.columns import Column, decode
from equipoise.instruments.parts import Output
from equipoise.items import Json, Problem, Value
from equipoise.scoring.cells import Cell
from equipoise.scoring.table import Scored
from equipoise.scoring.texts import Texts
from equipoise.scoring.wanted import OWN_COLUMNS, Wanted

UNKNOWN_COLUMN, PROBLEMS_COLUMN = OWN_COLUMNS


def to_csv(scored: Scored, wanted: Wanted) -> bytes:
    """Kept columns, results, the inputs that are lacking, and the problems; nothing in a cell is unknown."""
    columns = {name: _kept(scored.table.columns[name]) for name in wanted.keep}
    for variant, found in scored.by_variant.items():
        for output in wanted.instrument.outputs:
            columns[wanted.column(variant, output.id)] = _written(output, found.results[output.id])
        columns[wanted.column(variant, UNKNOWN_COLUMN)] = pl.Series(
            [text or None for text in found.lacking], dtype=pl.String
        )
    columns[PROBLEMS_COLUMN] = pl.Series(_problem_cells(scored), dtype=pl.String)
    return pl.DataFrame(columns).write_csv().encode()


def _kept(texts: Texts) -> pl.Series:
    return _gathered([_cell_text(cell) for cell in texts.distinct], texts.codes)


def _gathered(distinct: list[str | None], codes: np.ndarray) -> pl.Series:
    return pl.Series(distinct, dtype=pl.String).gather(codes)


def _cell_text(cell: Cell) -> str | None:
    return str(cell).lower() if isinstance(cell, bool) else cell


def _written(output: Output, column: Column) -> pl.Series:
    """A column of results as text, each different cell written once."""
    distinct, codes = np.unique(column, return_inverse=True)
    return _gathered([value_text(value) for value in decode(output, distinct)], codes.reshape(-1))


def value_text(value: Value | None) -> str | None:
    """A result as text: yes, no, a code, or digits without needless zeros; nothing where it is unknown."""
    match value:
        case None | str():
            return value
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return plain(value)
    return str(value)


def plain(number: Decimal) -> str:
    """Every digit of a number, without an exponent and without zeros at the end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _problem_cells(scored: Scored) -> list[str | None]:
    cells: list[str | None] = [None] * scored.table.rows
    for row, problems in scored.problems.items():
        cells[row] = " ".join(map(in_row, problems))
    return cells


def in_row(problem: Problem) -> str:
    """A problem as it stands in its own row, where the place needs no file: "rash: items.E013 …"."""
    column = problem.where.split(" / ", 2)[2:]
    return f"{''.join(f'{name}: ' for name in column)}{problem.id} {problem.message} {problem.hint}".rstrip()


def to_ndjson(scored: Scored, wanted: Wanted) -> Iterator[str]:
    """One object a row. Whole numbers are numbers, decimals are texts, which keep their digits in every reader."""
    kept = {name: _listed(scored.table.columns[name]) for name in wanted.keep}
    columns: dict[str, list[Json]] = {**kept}
    for variant, found in scored.by_variant.items():
        for output in wanted.instrument.outputs:
            values = decode(output, found.results[output.id])
            columns[wanted.column(variant, output.id)] = [value_json(value) for value in values]
        columns[wanted.column(variant, UNKNOWN_COLUMN)] = [list(text.split()) for text in found.lacking]
    columns[PROBLEMS_COLUMN] = [
        [problem_json(problem) for problem in scored.problems.get(row, ())] for row in range(scored.table.rows)
    ]
    for row in zip(*columns.values(), strict=True):
        yield json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)


def _listed(texts: Texts) -> list[Json]:
    return [texts.distinct[code] for code in texts.codes]


def value_json(value: Value | None) -> Json:
    """A result in JSON: yes/no as true and false, whole numbers as numbers, decimals as text."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return plain(value)
    return str(value)


def problem_json(problem: Problem) -> dict[str, Json]:
    """A problem for programs."""
    return {
        "id": problem.id, "where": problem.where, "level": problem.level, "message": problem.message,
        "hint": problem.hint,
    }  # fmt: skip
