"""The columns of a model of arms and visits: a cell for every arm at every visit, and covariates, by visit if asked."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.statistics.means.linear import Covariate
from equipoise.statistics.numerics.newton import unusable
from equipoise.statistics.numerics.ordering import Labels, encoded
from equipoise.statistics.result import Floats, Integers, NotEstimable


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Every observation's arm and visit as codes, the reference arm first; `counts` are visits × arms."""

    arms: tuple[Hashable, ...]
    visits: tuple[Hashable, ...]
    arm: Integers
    visit: Integers
    counts: Integers

    @property
    def names(self) -> tuple[str, ...]:
        """The name of every cell, arm after arm within visit after visit."""
        return tuple(f"{arm} at {visit}" for visit in self.visits for arm in self.arms)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The columns of a covariate, and what an average patient has there at every visit: visits × columns."""

    names: tuple[str, ...]
    values: Floats
    centre: Floats


def arm_by_visit(
    size: int, arm: Labels, visit: Labels, reference: Hashable, visits: Sequence[Hashable] | None
) -> Cells | NotEstimable:
    """The arm and the visit of every observation; every arm has some at every visit."""
    who, when = encoded(arm, size), encoded(visit, size)
    if isinstance(who, NotEstimable) or isinstance(when, NotEstimable):
        return NotEstimable("missing_values", ("arm" if isinstance(who, NotEstimable) else "visit",))
    if size == 0:
        return NotEstimable("no_subjects")
    if reference not in who[0]:
        return NotEstimable("empty_arm", (str(reference),))
    if len(who[0]) < 2:
        return NotEstimable("one_group")
    arms = (reference, *(label for label in who[0] if label != reference))
    order = tuple(visits) if visits is not None else when[0]
    if missing := [str(one) for one in order if one not in when[0]]:
        return NotEstimable("visit_never_observed", tuple(missing))
    arm_codes = np.array([arms.index(label) for label in who[0]])[who[1]]
    visit_codes = np.array([order.index(label) for label in when[0]])[when[1]]
    counts = np.zeros((len(order), len(arms)), dtype=np.int64)
    np.add.at(counts, (visit_codes, arm_codes), 1)
    cells = Cells(arms, order, arm_codes, visit_codes, counts)
    empty = tuple(name for name, count in zip(cells.names, counts.ravel(), strict=True) if count == 0)
    return NotEstimable("empty_arm", empty) if empty else cells


def indicators(codes: Integers) -> Floats:
    """A column for every code, 1 where it stands."""
    return np.eye(int(codes.max()) + 1)[codes]


def covariate_columns(name: str, values: Covariate, cells: Cells, *, by_visit: bool) -> Columns | NotEstimable:
    """The columns of one covariate, numbers centred at their mean; one set of them for each visit where asked."""
    rows, visits = len(cells.arm), len(cells.visits)
    if len(values) != rows:
        raise ValueError(f"{len(values)} values of {name} for {rows} observations")
    if any(isinstance(value, str) for value in values):
        coded = encoded(values, rows)
        if isinstance(coded, NotEstimable):
            return NotEstimable(coded.reason, (name,))
        names, columns = [f"{name} {level}" for level in coded[0][1:]], indicators(coded[1])[:, 1:]
        share = 1.0 / len(coded[0])
    else:
        numbers = np.asarray(values, dtype=np.float64)[:, None]
        if (problem := unusable(numbers, (name,))) is not None:
            return problem
        names, columns, share = [name], numbers - numbers.mean(), 0.0
    if not by_visit:
        return Columns(tuple(names), columns, np.full((visits, len(names)), share))
    spread = (indicators(cells.visit)[:, :, None] * columns[:, None, :]).reshape(rows, -1)
    named = tuple(f"{one} at {visit}" for visit in cells.visits for one in names)
    return Columns(named, spread, np.kron(np.eye(visits), np.full(len(names), share)))
