"""A procedure several slots at a time: from each state every way through the next slots, with its chance and its sum.

Fixed scores make a re-randomisation a sum. Drawing the arms of eight slots at once, from a table that holds the sum of
their treated scores, takes one random number where slot by slot takes eight.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from equipoise.randomisation.tables import Table
from equipoise.randomisation.walk_kernels import alias_table

LENGTHS: Final = (8, 6, 4, 3, 2)  # slots in one leap, the longest that fits; else one by one
MOST_CELLS: Final = 2**17  # 4 MiB: longer leaps would wait for memory

# A way through the slots of one leap, found by Walker's alias method: `keep` is the chance to stay in the cell, `other`
# the cell taken else. It adds `gain` to the sum of the treated scores and `treated` to their number; the ways that can
# follow are the cells from `begin` on, `width` of them.
CELL: Final = np.dtype(
    [("keep", "f8"), ("gain", "f8"), ("other", "i4"), ("begin", "i4"), ("width", "i4"), ("treated", "i4")]
)

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Leaps:
    """The cells of every leap in turn, and how many leaps there are; the first `width` cells begin a list."""

    cells: NDArray[np.void]
    number: int
    width: int


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    """Ways through some slots, those from one row together: where from, where to, how likely, and what they sum to."""

    origin: Integers
    state: Integers
    chance: Floats
    gain: Floats
    treated: Integers


def leaps(steps: Table, scores: Floats) -> Leaps:
    """The table of leaps through as many slots as there are scores."""
    for length in LENGTHS:
        if (stages := _fitting(steps, scores, length)) is not None:
            return _joined(stages)
    return _joined(list(_leap_by_leap(steps, scores, 1)))


def _fitting(steps: Table, scores: Floats, length: int) -> list[_Ways] | None:
    """The ways of every leap in turn, or None where they are too many."""
    found, cells = [], 0
    for ways in _leap_by_leap(steps, scores, length):
        cells += len(ways.origin)
        if cells > MOST_CELLS:
            return None
        found.append(ways)
    return found


def _leap_by_leap(steps: Table, scores: Floats, length: int) -> Iterator[_Ways]:
    states = np.zeros(1, dtype=np.int64)
    for begin in range(0, len(scores), length):
        ways = _Ways(
            np.arange(len(states)), states, np.ones(len(states)), np.zeros(len(states)),
            np.zeros(len(states), dtype=np.int64),
        )  # fmt: skip
        for score in scores[begin : begin + length]:
            ways = _one_slot(steps, ways, float(score))
        states, places = np.unique(ways.state, return_inverse=True)
        yield _Ways(ways.origin, places, ways.chance, ways.gain, ways.treated)


def _one_slot(steps: Table, ways: _Ways, score: float) -> _Ways:
    """Every way continued by every branch that has a chance."""
    chances = np.diff(steps.ends[ways.state], prepend=0.0, axis=1)
    way, branch = np.nonzero(chances > 0.0)
    state = ways.state[way]
    treated = steps.arms[state, branch] == 1
    return _Ways(
        ways.origin[way], steps.after[state, branch].astype(np.int64), ways.chance[way] * chances[way, branch],
        ways.gain[way] + treated * score, ways.treated[way] + treated,
    )  # fmt: skip


def _joined(stages: list[_Ways]) -> Leaps:
    """The leaps one below the other: cells are numbered through, and know where those that follow begin."""
    sizes = [np.bincount(ways.origin) for ways in stages]
    first = np.concatenate([[0], np.cumsum(np.concatenate(sizes))])
    below = np.cumsum([len(size) for size in sizes])  # the number of the first row of the leap that follows
    after = np.concatenate([ways.state + start for ways, start in zip(stages, below, strict=True)])
    after[-len(stages[-1].state) :] = 0  # nothing follows the last leap
    cells = np.empty(len(after), dtype=CELL)
    cells["keep"], cells["other"] = alias_table(np.concatenate([ways.chance for ways in stages]), first)
    cells["gain"] = np.concatenate([ways.gain for ways in stages])
    cells["treated"] = np.concatenate([ways.treated for ways in stages])
    cells["begin"], cells["width"] = first[after], np.diff(first)[after]
    return Leaps(cells, len(stages), int(first[1]))
