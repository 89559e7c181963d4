"""The compiled enumeration of two binomials: regions of rejection, and the largest chance of a region.

A region of tables has, at one common risk p, the chance f(p) = Σ c(s) Binomial(s; N, p), where c(s) is its chance
given s events in all. On the angle φ = arcsin √p the function is as flat as it can be: arcsin √f has a slope of at
most √N, and |f″| is at most √(f (1 − f) (32 N² − 48 N + 4 N / pq)). Both follow from the Cauchy–Schwarz inequality
for the score of the binomial. So an interval can be discarded with certainty, and what is found is the maximum.
"""

from math import asin, exp, lgamma, log, pi, sin, sqrt

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.compiled import compiled
from equipoise.statistics.result import Floats

Region = npt.NDArray[np.bool_]
LESS, GREATER, TWO_SIDED = -1, 1, 0
POOLED, UNPOOLED, FISHER = 0, 1, 2
_SAME = 1e-7  # statistics that agree to this relative precision count as equal
_CELLS = 65_536


@compiled
def log_factorials(n: int) -> Floats:
    """The logarithms of 0!, 1!, … n!."""
    found = np.zeros(n + 1)
    for k in range(2, n + 1):
        found[k] = lgamma(k + 1.0)
    return found


@compiled
def hypergeometric(n1: int, n0: int, events: int, logs: Floats) -> tuple[int, Floats]:
    """The first possible count of treatment events given the margins, and the chance of each in turn."""
    first, last = max(0, events - n0), min(n1, events)
    chances = np.empty(last - first + 1)
    whole = logs[n1] + logs[n0] + logs[events] + logs[n1 + n0 - events] - logs[n1 + n0]
    for i in range(chances.size):
        x = first + i
        y = events - x
        chances[i] = exp(whole - logs[x] - logs[n1 - x] - logs[y] - logs[n0 - y])
    return first, chances / chances.sum()


@compiled
def fisher_p(chances: Floats, side: int) -> Floats:
    """Fisher's p value of every table of one margin: a tail, or all tables no more likely."""
    n = chances.size
    found = np.empty(n)
    if side == TWO_SIDED:
        order = np.argsort(chances)
        total, i = 0.0, 0
        while i < n:
            j = i
            while j < n and chances[order[j]] <= chances[order[i]] * (1.0 + _SAME):
                total += chances[order[j]]
                j += 1
            found[order[i:j]] = min(1.0, total)
            i = j
        return found
    total = 0.0
    for i in range(n):
        k = i if side == LESS else n - 1 - i
        total += chances[k]
        found[k] = min(1.0, total)
    return found


@compiled
def z_statistic(x: int, n1: int, y: int, n0: int, pooled: bool) -> float:
    """The difference of two observed risks over its standard error; 0 where both are 0."""
    p1, p0 = x / n1, y / n0
    p = (x + y) / (n1 + n0)
    variance = p * (1.0 - p) * (1.0 / n1 + 1.0 / n0) if pooled else p1 * (1.0 - p1) / n1 + p0 * (1.0 - p0) / n0
    if variance > 0.0:
        return float((p1 - p0) / sqrt(variance))
    return 0.0 if p1 == p0 else float(np.copysign(np.inf, p1 - p0))


@compiled
def extremeness(n1: int, n0: int, ordering: int, side: int) -> Floats:
    """How extreme every table is, treatment events by reference events: the smaller the number, the more extreme."""
    found = np.empty((n1 + 1, n0 + 1))
    if ordering == FISHER:
        logs = log_factorials(n1 + n0)
        for events in range(n1 + n0 + 1):
            first, chances = hypergeometric(n1, n0, events, logs)
            p = fisher_p(chances, side)
            for i in range(p.size):
                found[first + i, events - first - i] = p[i]
        return found
    for x in range(n1 + 1):
        for y in range(n0 + 1):
            z = z_statistic(x, n1, y, n0, ordering == POOLED)
            found[x, y] = -abs(z) if side == TWO_SIDED else -side * z
    return found


@compiled
def as_extreme(scores: Floats, limit: float, slack: float) -> Region:
    """The tables at least as extreme as the limit; ties, up to rounding or the slack, are among them."""
    if np.isinf(limit):
        return scores <= limit
    return scores <= limit + max(slack, _SAME * abs(limit))


@compiled
def given_events(region: Region) -> Floats:
    """The chance of a region given the events of both arms together, for every number of them."""
    n1, n0 = region.shape[0] - 1, region.shape[1] - 1
    logs, found = log_factorials(n1 + n0), np.zeros(n1 + n0 + 1)
    for events in range(n1 + n0 + 1):
        first, chances = hypergeometric(n1, n0, events, logs)
        for i in range(chances.size):
            if region[first + i, events - first - i]:
                found[events] += chances[i]
    return found


@compiled
def binomial(n: int, p: float) -> Floats:
    """The chances of 0 … n events, outward from the likeliest number."""
    found = np.zeros(n + 1)
    if p <= 0.0 or p >= 1.0:
        found[n if p >= 1.0 else 0] = 1.0
        return found
    mode = min(n, int((n + 1) * p))
    found[mode] = exp(
        lgamma(n + 1.0) - lgamma(mode + 1.0) - lgamma(n - mode + 1.0) + mode * log(p) + (n - mode) * log(1.0 - p)
    )
    for k in range(mode, n):
        found[k + 1] = found[k] * (n - k) / (k + 1) * p / (1.0 - p)
    for k in range(mode, 0, -1):
        found[k - 1] = found[k] * k / (n - k + 1) * (1.0 - p) / p
    return found


@compiled
def chance(conditional: Floats, angle: float) -> float:
    """The chance of the region at a common risk of sin² of the angle."""
    return float(min(1.0, (conditional * binomial(conditional.size - 1, sin(angle) ** 2)).sum()))


@compiled
def ceiling(n: int, low: float, high: float, at_low: float, at_high: float) -> float:
    """What the chance cannot exceed between two angles, by its slope and by its curvature."""
    flat = 0.5 * (asin(sqrt(at_low)) + asin(sqrt(at_high)) + sqrt(n) * (high - low))
    by_slope = sin(flat) ** 2 if flat < 0.5 * pi else 1.0
    spread = min(sin(low) ** 2 * (1.0 - sin(low) ** 2), sin(high) ** 2 * (1.0 - sin(high) ** 2))
    if spread <= 0.0:
        return by_slope
    most = 0.25 if by_slope > 0.5 else by_slope * (1.0 - by_slope)
    bend = sqrt(most * max(0.0, 32.0 * n * n - 48.0 * n + 4.0 * n / spread))
    return min(by_slope, max(at_low, at_high) + bend * (high - low) ** 2 / 8.0)


@compiled
def largest_chance(conditional: Floats, tolerance: float) -> tuple[float, float, float]:
    """The largest chance over all common risks, the risk where it is, and by how much it may yet be exceeded.

    Branch and bound: a grid, then every interval is halved whose ceiling still rises above the best value found.
    """
    n = conditional.size - 1
    count = 4 * int(sqrt(n)) + 16
    lows, highs = np.empty(_CELLS), np.empty(_CELLS)
    at_lows, at_highs = np.empty(_CELLS), np.empty(_CELLS)
    best, place, discarded = 0.0, 0.0, 0.0
    for i in range(count):
        lows[i], highs[i] = 0.5 * pi * i / count, 0.5 * pi * (i + 1) / count
        at_lows[i] = at_highs[i - 1] if i > 0 else chance(conditional, 0.0)
        at_highs[i] = chance(conditional, highs[i])
        if max(at_lows[i], at_highs[i]) > best:
            best, place = max(at_lows[i], at_highs[i]), (lows[i] if at_lows[i] > at_highs[i] else highs[i])
    while count > 0:
        kept = 0
        for i in range(count):
            top = ceiling(n, lows[i], highs[i], at_lows[i], at_highs[i])
            if top <= best + tolerance * best or highs[i] - lows[i] < 1e-14:
                discarded = max(discarded, top)
                continue
            lows[kept], highs[kept], at_lows[kept], at_highs[kept] = lows[i], highs[i], at_lows[i], at_highs[i]
            kept += 1
        if 2 * kept > _CELLS:
            for i in range(kept):
                discarded = max(discarded, ceiling(n, lows[i], highs[i], at_lows[i], at_highs[i]))
            break
        for i in range(kept):
            middle = 0.5 * (lows[i] + highs[i])
            value = chance(conditional, middle)
            if value > best:
                best, place = value, middle
            lows[kept + i], highs[kept + i], at_lows[kept + i], at_highs[kept + i] = (
                middle,
                highs[i],
                value,
                at_highs[i],
            )
            highs[i], at_highs[i] = middle, value
        count = 2 * kept
    return best, sin(place) ** 2, max(0.0, discarded - best)


@compiled
def power_of(region: Region, p1: float, p0: float) -> float:
    """The chance of a region when the arms have these risks."""
    treated, untreated = binomial(region.shape[0] - 1, p1), binomial(region.shape[1] - 1, p0)
    total = 0.0
    for x in range(treated.size):
        for y in range(untreated.size):
            if region[x, y]:
                total += treated[x] * untreated[y]
    return total
