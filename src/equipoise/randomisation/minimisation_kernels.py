"""Pocock and Simon's minimisation, compiled: many trials at once, each with a stream of its own.

`totals` are the counts of levels × arms, each divided by the arm's share and multiplied by a whole number that makes
all of them whole; `step` is what one more participant adds. So arms that tie in `minimisation` tie here.
"""

from typing import Any, Final

import numpy as np

from equipoise.randomisation.walk_kernels import compiled, stream, uniform

RANGE: Final = 0
VARIANCE: Final = 1
DEVIATION: Final = 2
_SPLIT: Final = 2.0**27 + 1.0


@compiled
def range_after(totals: Any, level: int, arm: int, step: Any) -> Any:
    """The range of a level's counts if one more came to an arm."""
    least = most = totals[level, arm] + step[arm]
    for other in range(step.size):
        count = totals[level, other] + step[other] * (other == arm)
        least, most = min(least, count), max(most, count)
    return most - least


@compiled
def squares_after(totals: Any, level: int, arm: int, step: Any) -> Any:
    """Arms × sum of squares less the square of the sum: the variance of the same counts times a constant."""
    total, square = 0, 0
    for other in range(step.size):
        count = totals[level, other] + step[other] * (other == arm)
        total += count
        square += count * count
    return step.size * square - total * total


@compiled
def least_by_whole(totals: Any, rows: Any, step: Any, weights: Any, measure: int, score: Any) -> int:
    """The arms after which the weighted ranges or variances add up to the least: the sum of 2^arm.

    Nothing is decided by a jump, which no processor could predict: the next arm is random.
    """
    score[:] = 0
    for factor in range(weights.size):
        for arm in range(step.size):
            if measure == RANGE:
                score[arm] += weights[factor] * range_after(totals, rows[factor], arm, step)
            else:
                score[arm] += weights[factor] * squares_after(totals, rows[factor], arm, step)
    best, least = 0, score[0]
    for arm in range(step.size):
        best = best * (score[arm] >= least) | (score[arm] <= least) << arm
        least = min(least, score[arm])
    return best


@compiled
def product(a: float, b: float) -> tuple[float, float]:
    """a · b as its float and the rest, which is exact (Dekker 1971, doi:10.1007/BF01397083)."""
    whole = a * b
    a_high, b_high = _SPLIT * a - (_SPLIT * a - a), _SPLIT * b - (_SPLIT * b - b)
    a_low, b_low = a - a_high, b - b_high
    return whole, a_low * b_low - (((whole - a_high * b_high) - a_low * b_high) - a_high * b_low)


@compiled
def deviations_after(totals: Any, rows: Any, arm: int, step: Any, weights: Any, scale: float) -> tuple[float, float]:
    """The weighted sum of standard deviations as its float and the rest, so that no order of the factors changes it.

    `scale` is what `squares_after` has to be divided by to be a variance.
    """
    high, low = 0.0, 0.0
    for factor in range(weights.size):
        deviation = np.sqrt(squares_after(totals, rows[factor], arm, step) / scale)
        part, rest = product(float(weights[factor]), deviation)
        both = high + part
        shadow = both - high
        low += (high - (both - shadow)) + (part - shadow) + rest
        high = both
    return high + low, low - ((high + low) - high)


@compiled
def least_by_deviation(totals: Any, rows: Any, step: Any, weights: Any, scale: float) -> int:
    """The arms after which the weighted standard deviations add up to the least: the sum of 2^arm."""
    best, least, least_rest = 0, np.inf, 0.0
    for arm in range(step.size):
        sum_, rest = deviations_after(totals, rows, arm, step, weights, scale)
        if sum_ < least or (sum_ == least and rest < least_rest):
            best, least, least_rest = 0, sum_, rest
        best |= (sum_ == least and rest == least_rest) << arm
    return best


@compiled
def best_arms(totals: Any, rows: Any, step: Any, weights: Any, measure: int, scale: float, score: Any) -> int:
    """The arms after which there is the least imbalance: the sum of 2^arm. `score` is room to work in."""
    if measure == DEVIATION:
        return least_by_deviation(totals, rows, step, weights, scale)
    return least_by_whole(totals, rows, step, weights, measure, score)


@compiled
def minimised(
    levels: Any, begins: Any, ends: Any, step: Any, weights: Any, measure: int, scale: float, seed: np.uint64,
    first: int, totals: Any, drawn: Any, met: Any,
) -> None:  # fmt: skip
    """The arms of trials × participants into `drawn`; how often each set of best arms was met is added to `met`.

    `levels` is (trials or 1) × participants × factors, those of a factor being the rows of `totals`, which is room to
    work in, from its place in `begins` on. `ends` are the cumulated chances of the arms for each set of best ones. The
    arm is counted rather than searched.
    """
    score, rows = np.zeros(step.size, np.int64), np.zeros(weights.size, np.int64)
    for trial in range(drawn.shape[0]):
        key, people = stream(seed, first + trial), levels[trial % levels.shape[0]]
        totals[:, :] = 0
        for i in range(people.shape[0]):
            for factor in range(weights.size):
                rows[factor] = begins[factor] + people[i, factor]
            best = best_arms(totals, rows, step, weights, measure, scale, score)
            point, arm = uniform(key, i), 0
            for branch in range(step.size - 1):
                arm += point >= ends[best, branch]
            for factor in range(weights.size):
                totals[rows[factor], arm] += step[arm]
            drawn[trial, i] = arm
            met[best] += 1
