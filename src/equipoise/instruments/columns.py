"""Answers of many patients as columns of integers, so that a comparison is as exact as with decimals.

A number is kept in millionths, a state or yes/no as 1 and 0, a code as its place in the list of codes; `UNKNOWN` is
no answer. A result is kept the same way, but an integer result as itself, and a decimal one rounded to millionths.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from equipoise.instruments.parts import COMPARISONS, Input, Output, Threshold
from equipoise.instruments.reading import reader
from equipoise.items.item import Answer, Value

Column: TypeAlias = NDArray[np.int64]
Columns: TypeAlias = Mapping[str, Column]
Flags: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Truths: TypeAlias = tuple[Flags, Flags]  # surely true, surely false; neither where unknown

UNKNOWN: Final = int(np.iinfo(np.int64).min)
MILLION: Final = 1_000_000
_MILLIONTH: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True, eq=False)
class ColumnOutcome:
    """What a column rule found: every named result, and the rows it leaves to the rule for one patient.

    A row is left when a float cannot be trusted to fall on the right side of a limit or of a last digit. `refused` are
    the rows with an answer that is impossible beside another and whose results are all known nevertheless. `lower` and
    `upper` bound the main result where the instrument can say.
    """

    results: Columns
    doubtful: Flags | None = None
    refused: Flags | None = None
    lower: Column | None = None
    upper: Column | None = None


# --- Into columns and back --------------------------------------------------------------------------------------------


def encode(question: Input, answers: Iterable[Answer]) -> Column:
    """The answers to one question as a column.

    Raises ValueError for an impossible answer and for a number with more than six decimal places.
    """
    read = reader(question)
    return np.array([_encoded(read(answer), question.codes) for answer in answers], dtype=np.int64)


def _encoded(answer: bool | Decimal | str | None, codes: tuple[str, ...]) -> int:
    match answer:
        case None:
            return UNKNOWN
        case bool():
            return int(answer)
        case str():
            return codes.index(answer)
    scaled = answer * MILLION
    if scaled != int(scaled):
        raise ValueError(f"{answer} has more than six decimal places")
    return int(scaled)


def answer_at(question: Input, cell: int) -> Answer:
    """The answer a cell of a column stands for."""
    if cell == UNKNOWN:
        return None
    match question.type:
        case "state":
            return "present" if cell else "absent"
        case "yes_no":
            return bool(cell)
        case "integer" | "decimal":
            return Decimal(cell) * _MILLIONTH
    return question.codes[cell]


def encode_result(output: Output, value: Value | None) -> int:
    """A result of `score` as the cell of a column; a decimal is rounded to millionths, a half to the even side."""
    match value:
        case None:
            return UNKNOWN
        case str():
            return output.codes.index(value)
        case Decimal() if output.type == "decimal":
            return int((value * MILLION).to_integral_value(ROUND_HALF_EVEN))
        case bool() | int() | Decimal():
            return int(value)
    raise TypeError(f"{output.id} is {value!r}, which has no column")


def decode(output: Output, column: Column) -> list[Value | None]:
    """A column of results as the values `score` gives, decimals rounded to millionths."""
    return [None if cell == UNKNOWN else _decoded(output, cell) for cell in column.tolist()]


def _decoded(output: Output, cell: int) -> Value:
    if output.codes:
        return output.codes[cell]
    if output.type == "decimal":
        return Decimal(cell) * _MILLIONTH
    return bool(cell) if output.type == "yes_no" else cell


def complete(inputs: tuple[Input, ...], columns: Columns) -> Columns:
    """A column for every question, all of one length; those not given are unknown throughout."""
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1:
        raise ValueError("the columns must be at least one and of one length")
    empty = np.full(lengths.pop(), UNKNOWN, dtype=np.int64)
    return {question.id: columns.get(question.id, empty) for question in inputs}


# --- Three-valued logic on columns ------------------------------------------------------------------------------------


def truths(column: Column) -> Truths:
    """Where a state or a yes/no is surely true, and where surely false."""
    return column == 1, column == 0


def compared(left: Column, right: Column | int, holds: Flags) -> Truths:
    """Where a comparison holds and where not, both sides being known."""
    known = (left != UNKNOWN) & (np.asarray(right) != UNKNOWN)
    return known & holds, known & ~holds


def every(*conditions: Truths) -> Truths:
    """Three-valued AND."""
    return (
        np.logical_and.reduce([true for true, _ in conditions]),
        np.logical_or.reduce([false for _, false in conditions]),
    )


def some(*conditions: Truths) -> Truths:
    """Three-valued OR."""
    return (
        np.logical_or.reduce([true for true, _ in conditions]),
        np.logical_and.reduce([false for _, false in conditions]),
    )


def as_column(condition: Truths) -> Column:
    """A three-valued condition as a column of 1, 0 and unknown."""
    true, false = condition
    return np.where(true, 1, np.where(false, 0, UNKNOWN)).astype(np.int64)


def negate(condition: Truths) -> Truths:
    """Three-valued NOT."""
    true, false = condition
    return false, true


def always(holds: bool, rows: int) -> Truths:
    """A condition that is the same and known in every row."""
    return np.full(rows, holds), np.full(rows, not holds)


def among(column: Column, places: Iterable[int]) -> Truths:
    """Where a coded answer is one of these, given by their places in the list of codes."""
    return compared(column, 0, np.isin(column, list(places)))


def met(column: Column, threshold: Threshold) -> Truths:
    """Where a number in millionths is on the side of a cited limit that counts."""
    holds: Flags = COMPARISONS[threshold.comparison](column, millionths(threshold.value))
    return compared(column, 0, holds)


# --- Arithmetic on columns --------------------------------------------------------------------------------------------


def millionths(number: Decimal) -> int:
    """A number as a cell; it has at most six decimal places."""
    return int(number * MILLION)


def safe(column: Column) -> Column:
    """The column with zero for unknown, so that arithmetic cannot overflow; the unknown rows are masked afterwards."""
    return np.where(column == UNKNOWN, 0, column)


def minus(left: Column, right: Column) -> Column:
    """The difference, unknown unless both are known."""
    return np.where((left == UNKNOWN) | (right == UNKNOWN), UNKNOWN, safe(left) - safe(right))


def floats(column: Column) -> Floats:
    """A column of numbers as floats, NaN where unknown, for formulas that divide or take logarithms."""
    return np.where(column == UNKNOWN, np.nan, column / MILLION)


def rounded(approximate: Floats) -> tuple[Column, Flags]:
    """Floats as a column, NaN as unknown; and the rows that lie too near to a half millionth to be trusted."""
    scaled = approximate * MILLION
    whole = np.rint(scaled)
    known = np.isfinite(scaled)
    doubtful = known & (np.abs(np.abs(scaled - whole) - 0.5) <= np.abs(scaled) * 1e-12 + 1e-9)
    return np.where(known, np.where(known, whole, 0).astype(np.int64), UNKNOWN), doubtful


def near(approximate: Floats, limit: Decimal) -> Flags:
    """The rows whose float lies so near to a limit that its side cannot be trusted."""
    return np.abs(approximate - float(limit)) <= 1e-9 * max(1.0, abs(float(limit)))
