"""The chance that at least one of several correlated standard normal variables lies outside common limits."""

import numpy as np
from scipy import special

from equipoise.statistics.result import Floats

# Points of a lattice of square roots of primes; the error falls about as one over their number.
_POINTS = 2**17
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53)
# A variable with less than this variance left, given those before it, is determined by them.
_DETERMINED = 1e-10


def probability_outside(correlation: Floats, lower: float, upper: float) -> float:
    """P(some variable is below `lower` or above `upper`), with small relative error also when it is small.

    The variables are taken one after another, each given that those before it stayed inside (Genz 1992): the chance
    that the next one is the first to leave is summed, so nothing is subtracted from one. The integral is a lattice sum
    with fixed points: the same input gives the same answer.
    """
    rows = _factor(correlation)
    inside, outside, drawn = np.ones(_POINTS), np.zeros(_POINTS), np.zeros((len(rows), _POINTS))
    for place, row in enumerate(rows):
        mean, spread = row[:place] @ drawn[:place], row[place]
        if spread <= 0.0:
            leaves = (mean < lower) | (mean > upper)
            outside += inside * leaves
            inside = inside * ~leaves
            continue
        low, high = (lower - mean) / spread, (upper - mean) / spread
        below, above = special.ndtr(low), special.ndtr(-high)
        outside += inside * (below + above)
        stays = np.maximum(1.0 - below - above, 0.0)
        inside = inside * stays
        drawn[place] = special.ndtri(np.clip(below + _lattice(place) * stays, 1e-300, 1.0 - 1e-16))
    return float(min(1.0, outside.mean()))


def _lattice(place: int) -> Floats:
    """One coordinate of the lattice, folded so that its sum sees a periodic function."""
    steps = (np.arange(_POINTS) + 0.5) * np.sqrt(_PRIMES[place % len(_PRIMES)])
    return np.asarray(np.abs(2.0 * (steps - np.floor(steps)) - 1.0))


def _factor(correlation: Floats) -> Floats:
    """The triangular root of a correlation matrix that may be singular: zero where nothing is left."""
    root = np.zeros_like(correlation)
    for place in range(len(correlation)):
        left = correlation[place, place] - root[place, :place] @ root[place, :place]
        if left <= _DETERMINED:
            continue
        root[place, place] = np.sqrt(left)
        rest = correlation[place + 1 :, place] - root[place + 1 :, :place] @ root[place, :place]
        root[place + 1 :, place] = rest / root[place, place]
    return root
