"""A table as it stands in a file: each column as the few different texts in it and which of them stands in each row."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from equipoise.items import Problem
from equipoise.scoring.cells import Cell

Codes: TypeAlias = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """One column: the different cells, and for each row the place of its cell among them."""

    distinct: tuple[Cell, ...]
    codes: Codes

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> "Texts":
        """The column of these cells; an empty text is nothing."""
        places = {cell: place for place, cell in enumerate(dict.fromkeys(cells))}
        codes = np.fromiter(map(places.__getitem__, cells), dtype=np.uint32, count=len(cells))
        return cls(tuple(None if cell == "" else cell for cell in places), codes)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of equal length, the line each row begins on, and the rows that could not be read as rows.

    `lines` is None where the format has no lines. A row in `broken` has no cells.
    """

    name: str
    rows: int
    columns: dict[str, Texts]
    lines: Sequence[int] | None
    broken: dict[int, Problem]

    def where(self, row: int, column: str = "") -> str:
        """The place of a row, counted from 1, or of one of its cells."""
        return place(self.name, None if self.lines is None else self.lines[row], row, column)


def place(name: str, line: int | None, row: int, column: str = "") -> str:
    """A place in a file as "visits.csv:18 / row 17 / rash"."""
    file = name if line is None else f"{name}:{line}"
    return " / ".join((file, f"row {row + 1}", column)) if column else f"{file} / row {row + 1}"


def twice(names: Iterable[str]) -> tuple[str, ...]:
    """The names that stand more than once."""
    return tuple(name for name, times in Counter(names).items() if times > 1)
