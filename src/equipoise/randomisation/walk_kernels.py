"""Compiled walks over a table of states: lists of arms, and statistics of lists that are drawn and forgotten."""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numpy as np
from numba import njit

F = TypeVar("F", bound=Callable[..., Any])

_GAMMA: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_1: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2: Final = np.uint64(0x94D049BB133111EB)


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
def count_extreme(
    ends: Any, arms: Any, after: Any, values: Any, extreme: float, means: bool, number_of: int, seed: np.uint64
) -> int:
    """How many of so many lists give a statistic at least as extreme."""
    total, size = values.sum(), len(values)
    found = 0
    for trial in range(number_of):
        key, row, treated, number = stream(seed, trial), 0, 0.0, 0
        for slot in range(size):
            point, branch = uniform(key, slot), 0
            while point >= ends[row, branch]:
                branch += 1
            if arms[row, branch] == 1:
                treated += values[slot]
                number += 1
            row = after[row, branch]
        value = treated
        if means:
            value = treated / number - (total - treated) / (size - number) if 0 < number < size else 0.0
        found += abs(value) >= extreme
    return found
