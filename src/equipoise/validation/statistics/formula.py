"""A model formula in R's notation, as cases write it: covariates, strata, and the columns they become."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from equipoise.validation.vector import NotMappedError, Vector

_FACTOR: Final = re.compile(r"factor\((\w+)\)$")
_STRATA: Final = re.compile(r"strata\(([\w, ]+)\)$")
_OFFSET: Final = re.compile(r"offset\(log\((\w+)\)\)$")
_ORDER: Final = re.compile(r"strata\(min\((\w+), ?([0-9]+)\)\)$")
_NUMBER: Final = re.compile(r"-?[0-9.]+(e-?[0-9]+)?$")


@dataclass(frozen=True, slots=True)
class Formula:
    """The right side of a formula: its covariates as written, and the columns whose combinations are strata.

    `exposure` is the column whose logarithm is the offset. `last_order` pools the strata of the nth event from there.
    """

    covariates: tuple[str, ...]
    strata: tuple[str, ...]
    exposure: str = ""
    last_order: int = 0


def read_formula(text: str) -> Formula:
    """Main effects, strata, and the offset of a rate. Anything else, such as an interaction, is not covered."""
    covariates, strata, exposure, last_order = [], [], "", 0
    for term in re.split(r"\+(?![^(]*\))", text.partition("~")[2]):
        plain = term.strip()
        if stratum := _STRATA.match(plain):
            strata += [name.strip() for name in stratum[1].split(",")]
        elif offset := _OFFSET.match(plain):
            exposure = offset[1]
        elif order := _ORDER.match(plain):
            last_order = int(order[2])
        elif re.fullmatch(r"\w+", plain) or _FACTOR.match(plain):
            covariates.append(plain)
        else:
            raise NotMappedError(f"the term {plain!r} of the formula is not understood")
    return Formula(tuple(covariates), tuple(strata), exposure, last_order)


def strata(vector: Vector, formula: Formula) -> list[str] | None:
    """One label for each row, or nothing without strata."""
    if not formula.strata:
        return None
    return ["\t".join(labels) for labels in zip(*(column(vector, name) for name in formula.strata), strict=True)]


def design(vector: Vector, formula: Formula) -> tuple[list[str], NDArray[np.float64]]:
    """The columns of the covariates with R's names; the reference of a factor is the first in the alphabet."""
    named: list[tuple[str, list[float]]] = []
    for term in formula.covariates:
        factor = _FACTOR.match(term)
        cells = column(vector, factor[1] if factor else term)
        if factor or not all(map(_NUMBER.match, cells)):
            named += [(f"{term}{level}", [float(cell == level) for cell in cells]) for level in sorted(set(cells))[1:]]
        else:
            named.append((term, [float(cell) for cell in cells]))
    return [name for name, _ in named], np.column_stack([values for _, values in named])


def column(vector: Vector, name: str) -> list[str]:
    """A column of the data as text."""
    if name not in vector.data:
        raise NotMappedError(f"the data have no column {name!r}")
    return vector.data[name]


def numbers_or_words(cells: list[str]) -> list[float] | list[str]:
    """A column as numbers if every cell is one, as it stands if not."""
    try:
        return [float(cell) for cell in cells]
    except ValueError:
        return cells
