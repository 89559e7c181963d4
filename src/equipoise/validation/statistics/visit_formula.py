"""The formula of a model of visits in R's notation, as `chg~base+region+arm*visit, us(visit|id)`, and its columns in R.

What follows the comma is the covariance, which the method of the case names as well. `visit` may stand for the column
`week`. Only the visit is crossed with anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from equipoise.validation.statistics.formula import column, numbers_or_words
from equipoise.validation.vector import NotMappedError, Vector

_VISIT: Final = ("visit", "week")
_EMPTY: Final = ("", "NA")

_Column: TypeAlias = tuple[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class VisitFormula:
    """The outcome, the main effects in the order in which they first stand, and which are crossed with the visit."""

    outcome: str
    effects: tuple[str, ...]
    crossed: tuple[str, ...]

    @property
    def covariates(self) -> tuple[str, ...]:
        """The effects but arm and visit."""
        return tuple(name for name in self.effects if name not in ("arm", "visit"))

    @property
    def by_visit(self) -> tuple[str, ...]:
        """The covariates that have an effect of their own at every visit."""
        return tuple(name for name in self.crossed if name != "arm")


@dataclass(frozen=True, slots=True)
class Visits:
    """The rows of a data set of visits: an empty outcome is NaN."""

    outcome: list[float]
    arm: list[str]
    subject: list[str]
    visit: list[int]
    covariates: Mapping[str, list[float] | list[str]]

    @property
    def arms(self) -> list[str]:
        """The reference first, as R sorts them."""
        return sorted(set(self.arm))

    @property
    def weeks(self) -> list[int]:
        """The visits in their order."""
        return sorted(set(self.visit))

    def observed(self) -> "Visits":
        """Without the rows that have no outcome."""
        kept = [row for row, value in enumerate(self.outcome) if value == value]
        return Visits(
            [self.outcome[row] for row in kept],
            [self.arm[row] for row in kept],
            [self.subject[row] for row in kept],
            [self.visit[row] for row in kept],
            {name: [values[row] for row in kept] for name, values in self.covariates.items()},  # type: ignore[misc]
        )


def read_visit_formula(text: str) -> VisitFormula:
    """Arm by visit, covariates, and covariates by visit; anything else is not covered."""
    outcome, _, right = text.partition(",")[0].partition("~")
    terms = [
        ["visit" if name.strip() in _VISIT else name.strip() for name in term.split("*")] for term in right.split("+")
    ]
    pairs = [term for term in terms if len(term) > 1]
    if any(len(pair) > 2 or "visit" not in pair for pair in pairs):
        raise NotMappedError(f"the formula {text!r} crosses more than one term with the visit")
    crossed = tuple(name for pair in pairs for name in pair if name != "visit")
    if "arm" not in crossed:
        raise NotMappedError(f"the formula {text!r} has no arm at every visit")
    return VisitFormula(outcome.strip(), tuple(dict.fromkeys(name for term in terms for name in term)), crossed)


def read_visits(vector: Vector, formula: VisitFormula) -> Visits:
    """The columns that a formula names."""
    cells = column(vector, formula.outcome)
    return Visits(
        outcome=[np.nan if cell in _EMPTY else float(cell) for cell in cells],
        arm=column(vector, "arm"),
        subject=column(vector, "id"),
        visit=[int(week) for week in column(vector, "visit" if "visit" in vector.data else "week")],
        covariates={name: numbers_or_words(column(vector, name)) for name in formula.covariates},
    )


def treatment_contrasts(formula: VisitFormula, data: Visits) -> tuple[list[str], NDArray[np.float64]]:
    """R's columns and its names for them: main effects, then what is crossed, the earlier effect first in a name."""
    effects = {name: _levels(name, values) for name, values in data.covariates.items()}
    effects |= {"arm": _levels("armf", data.arm), "visit": _levels("visit", data.visit)}
    columns = [("(Intercept)", np.ones(len(data.arm))), *(one for name in formula.effects for one in effects[name])]
    for name in formula.crossed:
        first, second = sorted((name, "visit"), key=formula.effects.index)
        for (after, other), (before, own) in product(effects[second], effects[first]):
            columns.append((f"{before}:{after}", own * other))
    return [name for name, _ in columns], np.column_stack([values for _, values in columns])


def _levels(name: str, values: Sequence[float] | Sequence[str] | Sequence[int]) -> list[_Column]:
    """A number as it is; of words and visits, a column for every level but the first."""
    if isinstance(values[0], float):
        return [(name, np.array(values))]
    levels = sorted(set(values))  # type: ignore[type-var]
    return [(f"{name}{level}", np.array([one == level for one in values], dtype=np.float64)) for level in levels[1:]]
