"""Many minimised trials at once: the arms that participants with known factors would get, one after another.

For simulation only: the stream is a counter-based generator, one stream for each trial, as in `tables`. The arms that
tie and their chances are those of `minimisation`, so that a point of the stream gives the arm it would give there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import ceil, lcm
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.items.problem import Problem
from equipoise.randomisation.messages import problem
from equipoise.randomisation.minimisation import Minimisation, favouring
from equipoise.randomisation.minimisation_kernels import DEVIATION, RANGE, VARIANCE, minimised
from equipoise.randomisation.restricted import FILE
from equipoise.randomisation.tables import Arms

_MEASURES: Final = {"range": RANGE, "variance": VARIANCE, "standard_deviation": DEVIATION}
_GRID: Final = 2**53  # points of the stream are multiples of one part of it
_MOST_ARMS: Final = 12  # there are chances for each set of arms


class Counted(NamedTuple):
    """A minimisation in the numbers of its kernels.

    `ends` are the cumulated chances of the arms for each set of best ones, rounded up to the grid of the stream: no
    point of it changes sides. One more participant adds `step` to the count of an arm; the squares of the counts have
    to be divided by `scale` to be a variance.
    """

    ends: NDArray[np.float64]  # sets of best arms × arms
    step: NDArray[np.int64]
    weights: NDArray[np.int64]  # of the factors
    measure: int
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class MinimisedLists:
    """The arms of trials × participants, and how often each set of best arms was met.

    Arm a is in set s if `s >> a & 1`.
    """

    arms: Arms
    met: NDArray[np.int64]


def minimised_lists(
    design: Minimisation, factors: Sequence[str], levels: NDArray[Any], seed: int, *, trials: int, first: int = 0
) -> MinimisedLists:
    """The arms of so many trials; trial number `first` + i is the same in every call.

    `levels` are participants × factors, whole numbers from 0, in the order in which they come: the same people in every
    trial, or trials × participants × factors. Raises ValueError for arms, ratios or numbers too many to count exactly.
    """
    courses = levels if levels.ndim == 3 else levels[np.newaxis]
    sizes = courses.max(axis=(0, 1), initial=0).astype(np.int64) + 1
    how = counted(design, factors, courses.shape[1])
    drawn = np.empty((trials, courses.shape[1]), np.uint8)
    met = np.zeros(2**how.step.size, np.int64)
    minimised(
        courses, np.cumsum(sizes) - sizes, how.ends, how.step, how.weights, how.measure, how.scale, np.uint64(seed),
        first, np.zeros((int(sizes.sum()), how.step.size), np.int64), drawn, met,
    )  # fmt: skip
    return MinimisedLists(drawn, met)


def uncounted(
    design: Minimisation, factors: Sequence[str], participants: int, where: str = FILE
) -> tuple[Problem, ...]:
    """Why the imbalance of so many participants cannot be counted exactly; empty where it can."""
    arms, weights = len(design.shares), sum(design.weights.get(factor, 1) for factor in factors)
    largest = arms * participants * lcm(*design.shares) // min(design.shares)
    if arms <= _MOST_ARMS and largest**2 * max(weights, 1) < _GRID:
        return ()
    return (problem("randomisation.E046", where, participants=str(participants), arms=str(arms)),)


def counted(design: Minimisation, factors: Sequence[str], participants: int) -> Counted:
    """A minimisation of so many participants; ValueError with the problem where it is `uncounted`."""
    if problems := uncounted(design, factors, participants):
        raise ValueError(problems[0].message)
    whole, arms = lcm(*design.shares), len(design.shares)
    step = np.array([whole // share for share in design.shares], np.int64)
    weights = np.array([design.weights.get(factor, 1) for factor in factors], np.int64)
    scale = float(whole**2 * arms * (arms - 1))
    return Counted(_ends(design), step, weights, _MEASURES[design.measure], scale)


def best_of(best: int, arms: int) -> list[int]:
    """The arms of a set."""
    return [arm for arm in range(arms) if best >> arm & 1]


def chances_of(design: Minimisation) -> list[tuple[Fraction, ...]]:
    """The probability of each arm for every set of best arms; of the empty set, which is never met, the ratio."""
    arms = range(len(design.shares))
    return [favouring(design, best_of(best, len(arms)) or arms) for best in range(2 ** len(arms))]


def _ends(design: Minimisation) -> NDArray[np.float64]:
    return np.array([[ceil(end * _GRID) / _GRID for end in accumulate(each)] for each in chances_of(design)])
