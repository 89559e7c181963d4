"""Compiled walks over a table of states: lists of arms, and statistics of lists that are drawn and forgotten."""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numpy as np
from numba import njit

F = TypeVar("F", bound=Callable[..., Any])

_GAMMA: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_1: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2: Final = np.uint64(0x94D049BB133111EB)
_TOGETHER: Final = 64  # lists that are drawn side by side


def compiled(function: F) -> F:
    """The function as machine code, cached where a disk may be written."""
    try:
        return cast(F, njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:
        return cast(F, njit(nogil=True, error_model="numpy")(function))


@compiled
def mixed(state: np.uint64) -> np.uint64:
    """SplitMix64's finaliser (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195)."""
    state = (state ^ (state >> np.uint64(30))) * _MIX_1
    state = (state ^ (state >> np.uint64(27))) * _MIX_2
    return state ^ (state >> np.uint64(31))


@compiled
def uniform(key: np.uint64, counter: int) -> float:
    """Number `counter` of the stream of a key, in [0, 1)."""
    return float(mixed(key + np.uint64(counter + 1) * _GAMMA) >> np.uint64(11)) * 2.0**-53


@compiled
def stream(seed: np.uint64, trial: int) -> np.uint64:
    """The key of one trial's stream."""
    return mixed(mixed(seed + _GAMMA) + np.uint64(trial) * _GAMMA)


@compiled
def lists(ends: Any, arms: Any, after: Any, slots: int, trials: int, seed: np.uint64, first: int) -> Any:
    """The arms of trials × slots; each trial has its own stream."""
    drawn = np.empty((trials, slots), dtype=np.uint8)
    for trial in range(trials):
        key, row = stream(seed, first + trial), 0
        for slot in range(slots):
            point, branch = uniform(key, slot), 0
            while point >= ends[row, branch]:
                branch += 1
            drawn[trial, slot] = arms[row, branch]
            row = after[row, branch]
    return drawn


@compiled
def alias_table(chances: Any, first: Any) -> tuple[Any, Any]:
    """For the cells of each row, the chance to keep the cell drawn and the cell to take else (Walker 1977; Vose 1991).

    The chances of a row need not add up to one.
    """
    keep, other = np.ones(chances.size), np.arange(chances.size)
    small, large = np.empty(chances.size, np.int64), np.empty(chances.size, np.int64)
    for row in range(first.size - 1):
        begin, end = first[row], first[row + 1]
        scale = (end - begin) / chances[begin:end].sum()
        smaller, larger = 0, 0
        for cell in range(begin, end):
            keep[cell] = chances[cell] * scale
            if keep[cell] < 1.0:
                small[smaller] = cell
                smaller += 1
            else:
                large[larger] = cell
                larger += 1
        while smaller > 0 and larger > 0:
            smaller -= 1
            giver = large[larger - 1]
            other[small[smaller]] = giver
            keep[giver] -= 1.0 - keep[small[smaller]]
            if keep[giver] < 1.0:
                larger -= 1
                small[smaller] = giver
                smaller += 1
        # What is left is one, but for rounding.
        for place in range(smaller):
            keep[small[place]] = 1.0
        for place in range(larger):
            keep[large[place]] = 1.0
    return keep, other


@compiled
def count_extreme(
    cells: Any,
    leaps: int,
    width: int,
    size: int,
    total: float,
    extreme: float,
    means: bool,
    lists: int,
    seed: np.uint64,
) -> int:
    """How many of so many lists give a statistic at least as extreme; `size` scores add up to `total`.

    The first row has `width` cells. Lists go through a leap together, so that none waits for the memory of another.
    """
    found = 0
    key, begin, width_of = np.empty(_TOGETHER, np.uint64), np.empty(_TOGETHER, np.int64), np.empty(_TOGETHER, np.int64)
    summed, number = np.empty(_TOGETHER), np.empty(_TOGETHER, np.int64)
    for base in range(0, lists, _TOGETHER):
        together = min(_TOGETHER, lists - base)
        for i in range(together):
            key[i], begin[i], width_of[i], summed[i], number[i] = stream(seed, base + i), 0, width, 0.0, 0
        for leap in range(leaps):
            for i in range(together):
                point = uniform(key[i], leap) * width_of[i]
                cell = begin[i] + int(point)
                if point - int(point) >= cells[cell].keep:
                    cell = cells[cell].other
                summed[i] += cells[cell].gain
                number[i] += cells[cell].treated
                begin[i], width_of[i] = cells[cell].begin, cells[cell].width
        for i in range(together):
            value = summed[i]
            if means:
                treated = number[i]
                value = value / treated - (total - value) / (size - treated) if 0 < treated < size else 0.0
            found += abs(value) >= extreme
    return found
