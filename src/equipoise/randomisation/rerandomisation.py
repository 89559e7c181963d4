"""Randomisation tests: the p value is the chance that the procedure itself would have given a statistic as extreme.

The reference set is every list the procedure could have drawn, with its probability; the outcomes stay as they are.
Rosenberger & Lachin 2016, chapter 6. Two arms, numbered 0 (reference) and 1 (treatment).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from equipoise.randomisation.leaps import leaps
from equipoise.randomisation.rules import Shares, State, walk
from equipoise.randomisation.specification import Specification
from equipoise.randomisation.tables import Table, table
from equipoise.randomisation.walk_kernels import count_extreme

Statistic = Literal["mean_difference", "score_sum"]
LARGEST_EXACT: Final = 24  # participants; beyond, the reference set is sampled

_ROUNDING: Final = 1e-9  # two statistics that differ by less, relative to the scores, are equal


@dataclass(frozen=True, slots=True)
class RandomisationTest:
    """The observed statistic and its two-sided p value; the Monte-Carlo error is 0 for an exact test."""

    statistic: float
    p_value: float
    lists: int
    monte_carlo_error: float


def exact_test(
    scores: Sequence[float],
    assignment: Sequence[int],
    specification: Specification,
    shares: Shares = (1, 1),
    statistic: Statistic = "mean_difference",
) -> RandomisationTest:
    """The exact two-sided test over every list of the procedure, for at most `LARGEST_EXACT` participants.

    `mean_difference` is treatment minus reference, 0 while an arm is empty; `score_sum` is the sum of the treated
    scores. Raises ValueError for more participants, and for lengths that differ.
    """
    values, taken = _paired(scores, assignment)
    if len(values) > LARGEST_EXACT:
        raise ValueError(f"{len(values)} participants have too many lists; sample them with `monte_carlo_test`")
    observed = _statistic(values, taken, statistic)
    extreme = abs(observed) - _slack(values)
    procedure, chance, lists = walk(specification, shares), 0.0, 0
    waiting: list[tuple[State, float, tuple[int, ...]]] = [(procedure.start, 1.0, ())]
    while waiting:
        state, odds, arms = waiting.pop()
        if len(arms) == len(values):
            lists += 1
            chance += odds * (abs(_statistic(values, np.array(arms), statistic)) >= extreme)
            continue
        waiting += [(after, odds * float(odd), (*arms, arm)) for arm, odd, after in procedure.step(state) if odd]
    return RandomisationTest(observed, min(chance, 1.0), lists, 0.0)


def monte_carlo_test(
    scores: Sequence[float],
    assignment: Sequence[int],
    specification: Specification,
    shares: Shares = (1, 1),
    statistic: Statistic = "mean_difference",
    *,
    lists: int = 100_000,
    seed: int = 1,
    prepared: Table | None = None,
) -> RandomisationTest:
    """The same test over lists drawn anew: p = (1 + extreme ones) / (1 + lists), which never falls below its level.

    Scores that are fixed once, such as log-rank scores, make every re-randomisation a sum.
    """
    values, taken = _paired(scores, assignment)
    observed = _statistic(values, taken, statistic)
    ways = leaps(prepared or table(specification, shares, len(values)), values)
    extreme = count_extreme(
        ways.cells, ways.number, ways.width, len(values), float(values.sum()), abs(observed) - _slack(values),
        statistic == "mean_difference", lists, np.uint64(seed),
    )  # fmt: skip
    p = (1 + int(extreme)) / (1 + lists)
    return RandomisationTest(observed, p, lists, sqrt(p * (1 - p) / lists))


def _paired(scores: Sequence[float], assignment: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    values, taken = np.asarray(scores, dtype=np.float64), np.asarray(assignment, dtype=np.int64)
    if values.shape != taken.shape or values.ndim != 1 or not len(values):
        raise ValueError("scores and assignment must be of one length, at least one")
    if not np.isfinite(values).all() or not np.isin(taken, (0, 1)).all():
        raise ValueError("scores must be numbers, and the assignment 0 for reference and 1 for treatment")
    return values, taken


def _slack(values: NDArray[np.float64]) -> float:
    return _ROUNDING * (1.0 + float(np.abs(values).max()))


def _statistic(values: NDArray[np.float64], taken: NDArray[np.int64], statistic: Statistic) -> float:
    treated = taken == 1
    if statistic == "score_sum":
        return float(values[treated].sum())
    if treated.all() or not treated.any():
        return 0.0
    return float(values[treated].mean() - values[~treated].mean())
