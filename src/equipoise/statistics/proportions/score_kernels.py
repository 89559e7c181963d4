"""The compiled arithmetic of score intervals for two proportions, in one table or over strata.

Restricted maximum likelihood is found by bisection or by the stable root of a quadratic, never by the trigonometric
cubic: it has no table on which it loses its sign or its digits.
"""

import numpy as np

from equipoise.statistics.numerics.compiled import compiled
from equipoise.statistics.result import Floats

DIFFERENCE, RATIO, ODDS_RATIO = 0, 1, 2

# Ratios are searched between exp(−300) and exp(300): beyond, their squares leave the range of a float.
_LOG_RANGE = 300.0
_BISECTIONS = 200
# Two neighbouring floats are never further apart than this share of the larger, or of one.
_WIDTH = 4e-16


@compiled
def slope(x: float, n: float, p: float) -> float:
    """The derivative of a binomial log-likelihood, infinite where the observed counts are impossible."""
    total = 0.0
    if x > 0.0:
        total += x / p if p > 0.0 else np.inf
    if n > x:
        total -= (n - x) / (1.0 - p) if p < 1.0 else np.inf
    return total


@compiled
def restricted_by_difference(x1: float, n1: float, x0: float, n0: float, delta: float) -> float:
    """The reference risk that maximises the likelihood when the risks differ by delta.

    The log-likelihood is concave, so its slope is bisected.
    """
    low, high = max(0.0, -delta), min(1.0, 1.0 - delta)
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        if middle <= low or middle >= high:
            break
        if slope(x1, n1, min(1.0, max(0.0, middle + delta))) + slope(x0, n0, middle) > 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@compiled
def restricted_by_ratio(x1: float, n1: float, x0: float, n0: float, ratio: float) -> float:
    """The reference risk that maximises the likelihood when the risk ratio is given (Miettinen & Nurminen 1985)."""
    events = x1 + x0
    b = n1 * ratio + x1 + n0 + x0 * ratio
    discriminant = b * b - 4.0 * (n1 + n0) * ratio * events
    return float(2.0 * events / (b + np.sqrt(max(0.0, discriminant))))


@compiled
def restricted_by_odds_ratio(x1: float, n1: float, x0: float, n0: float, ratio: float) -> float:
    """The reference risk that maximises the likelihood when the odds ratio is given (Miettinen & Nurminen 1985)."""
    events = x1 + x0
    a = n0 * (ratio - 1.0)
    b = ratio * (n1 - events) + n0 + events
    root = np.sqrt(max(0.0, b * b + 4.0 * a * events))
    return float(2.0 * events / (b + root)) if b > 0.0 else float((root - b) / (2.0 * a))


@compiled
def score_part(kind: int, theta: float, x1: float, n1: float, x0: float, n0: float) -> tuple[float, float]:
    """One table's departure from theta and its variance under theta."""
    if kind == DIFFERENCE:
        q0 = restricted_by_difference(x1, n1, x0, n0, theta)
        q1 = min(1.0, max(0.0, q0 + theta))
        return x1 / n1 - x0 / n0 - theta, q1 * (1.0 - q1) / n1 + q0 * (1.0 - q0) / n0
    if kind == RATIO:
        q0 = min(1.0, restricted_by_ratio(x1, n1, x0, n0, theta))
        q1 = min(1.0, theta * q0)
        return x1 / n1 - theta * x0 / n0, q1 * (1.0 - q1) / n1 + theta * theta * q0 * (1.0 - q0) / n0
    # The margin of events is kept under every odds ratio. From it each expected count comes out without cancellation
    # when q0 is near 0, which is where a table with a zero cell is turned to (see `odds_ratio_score`).
    e0 = n0 * min(1.0, restricted_by_odds_ratio(x1, n1, x0, n0, theta))
    v1, v0 = (x1 + x0 - e0) * (n1 - x1 - x0 + e0) / n1, e0 * (n0 - e0) / n0
    return e0 - x0, v1 * v0 / (v1 + v0) if v1 > 0.0 and v0 > 0.0 else 0.0


@compiled
def score_z(kind: int, theta: float, x1: Floats, n1: Floats, x0: Floats, n0: Floats, corrected: bool) -> float:
    """The score statistic at theta: positive below the estimate, negative above it. Strata carry weights n1 n0 / N."""
    departure, variance = 0.0, 0.0
    for k in range(x1.size):
        size = n1[k] + n0[k]
        weight = n1[k] * n0[k] / size
        part, spread = score_part(kind, theta, x1[k], n1[k], x0[k], n0[k])
        departure += weight * part
        variance += weight * weight * spread * (size / (size - 1.0) if corrected else 1.0)
    if variance > 0.0:
        return float(departure / np.sqrt(variance))
    return 0.0 if departure == 0.0 else float(np.copysign(np.inf, departure))


@compiled
def score_limit(
    kind: int,
    z: float,
    inside: float,
    outside: float,
    x1: Floats,
    n1: Floats,
    x0: Floats,
    n0: Floats,
    corrected: bool,
) -> float:
    """The theta at which |z| is reached between a value inside the interval and one outside it.

    Ratios are handed over as logarithms. If even `outside` is not rejected, it is the answer.
    """
    logs = kind != DIFFERENCE
    if abs(score_z(kind, np.exp(outside) if logs else outside, x1, n1, x0, n0, corrected)) <= z:
        return outside
    while abs(outside - inside) > _WIDTH * max(1.0, abs(inside)):
        middle = 0.5 * (inside + outside)
        if abs(score_z(kind, np.exp(middle) if logs else middle, x1, n1, x0, n0, corrected)) <= z:
            inside = middle
        else:
            outside = middle
    return 0.5 * (inside + outside)


@compiled
def score_interval(
    kind: int, z: float, estimate: float, x1: Floats, n1: Floats, x0: Floats, n0: Floats, corrected: bool
) -> tuple[float, float]:
    """Both limits around the estimate (a logarithm for ratios, infinite where the observed one is 0 or infinite)."""
    bound = 1.0 if kind == DIFFERENCE else _LOG_RANGE
    inside = min(bound, max(-bound, estimate))
    lower = score_limit(kind, z, inside, -bound, x1, n1, x0, n0, corrected)
    return lower, score_limit(kind, z, inside, bound, x1, n1, x0, n0, corrected)
