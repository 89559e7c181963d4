"""Answers of many patients as columns of integers, so that a comparison is as exact as with decimals.

A number is kept in millionths, a state or yes/no as 1 and 0, a code as its place in the list of codes; `UNKNOWN` is
no answer. An integer result is kept as itself.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from equipoise.instruments.parts import Input, Output
from equipoise.instruments.reading import reader
from equipoise.items.item import Answer, Value

Column: TypeAlias = NDArray[np.int64]
Columns: TypeAlias = Mapping[str, Column]
Flags: TypeAlias = NDArray[np.bool_]
Truths: TypeAlias = tuple[Flags, Flags]  # surely true, surely false; neither where unknown

UNKNOWN: Final = int(np.iinfo(np.int64).min)
MILLION: Final = 1_000_000


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


def decode(output: Output, column: Column) -> list[Value | None]:
    """A column of results as the values `score` gives."""
    return [None if cell == UNKNOWN else _decoded(output, cell) for cell in column.tolist()]


def _decoded(output: Output, cell: int) -> Value:
    if output.codes:
        return output.codes[cell]
    return bool(cell) if output.type == "yes_no" else cell


def complete(inputs: tuple[Input, ...], columns: Columns) -> Columns:
    """A column for every question, all of one length; those not given are unknown throughout."""
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1:
        raise ValueError("the columns must be at least one and of one length")
    empty = np.full(lengths.pop(), UNKNOWN, dtype=np.int64)
    return {question.id: columns.get(question.id, empty) for question in inputs}


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
