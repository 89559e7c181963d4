"""The compiled recursion of group-sequential tests: the density of a statistic that has not yet left its region.

At look k the statistic is Z ~ N(drift √I, 1) with independent increments of Z√I (Armitage, McPherson & Rowe 1969;
Jennison & Turnbull 2000, chapter 19). Each look's region is cut at REACH deviations and integrated by panels of
sixteen Gauss–Legendre points, no panel wider than PANEL deviations of the narrowest factor of the integrand. The
classical remainder of one panel, (b − a)³³ (16!)⁴ max|f⁽³²⁾| / (33 (32!)³), is then below 5 × 10⁻¹⁸ of the density's
height, and the cut ends hold less than 10⁻¹⁷: what is left is rounding, below 10⁻¹² in every probability.
"""

from math import erfc, exp, sqrt

import numpy as np

from equipoise.statistics.numerics.compiled import compiled
from equipoise.statistics.result import Floats

REACH = 8.6
PANEL = 3.5
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_ROOT_TWO = sqrt(2.0)
_DENSITY = 1.0 / sqrt(2.0 * np.pi)
_BOUND = 40.0
_BISECTIONS = 90


@compiled
def upper_tail(z: float) -> float:
    """The area of the standard normal distribution above z, to full relative precision."""
    return 0.5 * erfc(z / _ROOT_TWO)


@compiled
def grid(low: float, high: float, width: float) -> tuple[Floats, Floats]:
    """Points and weights of panels no wider than `width` over an interval; none where the interval is empty."""
    panels = int(np.ceil((high - low) / width)) if high > low else 0
    points, weights = np.empty(16 * panels), np.empty(16 * panels)
    half = 0.5 * (high - low) / max(panels, 1)
    for panel in range(panels):
        centre = low + (2 * panel + 1) * half
        for i in range(16):
            points[16 * panel + i] = centre + half * _POINTS[i]
            weights[16 * panel + i] = half * _WEIGHTS[i]
    return points, weights


@compiled
def region(lower: float, upper: float, mean: float, width: float) -> tuple[Floats, Floats]:
    """The grid of one look's continuation region, cut where the statistic has no probability worth counting."""
    return grid(max(lower, mean - REACH), min(upper, mean + REACH), width)


@compiled
def panel_width(information: Floats, k: int) -> float:
    """How wide a panel of look k may be: what the step from the look before and to the look after leave narrow."""
    before = information[k - 1] if k > 0 else 0.0
    narrow = 1.0 / sqrt(information[k] / (information[k] - before))
    if k + 1 < information.size:
        onward = (information[k + 1] - information[k]) / information[k]
        narrow = 1.0 / sqrt(1.0 / (narrow * narrow) + 1.0 / onward)
    return PANEL * narrow


@compiled
def carried(
    points: Floats, mass: Floats, before: float, now: float, drift: float, at: Floats, weights: Floats
) -> Floats:
    """The mass on the points `at` of the next look, from the mass on the points of this one."""
    step = now - before
    scale, root = sqrt(now / step), sqrt(now)
    shift, narrow = drift * step, 1.0 / sqrt(step)
    found = np.zeros(at.size)
    for i in range(at.size):
        total, here = 0.0, at[i] * root - shift
        for j in range(points.size):
            z = (here - points[j] * sqrt(before)) * narrow
            if -REACH < z < REACH:
                total += mass[j] * exp(-0.5 * z * z)
        found[i] = total * _DENSITY * scale * weights[i]
    return found


@compiled
def beyond(points: Floats, mass: Floats, before: float, now: float, drift: float, bound: float, sign: float) -> float:
    """The probability that the next look's statistic lies above the bound (sign 1) or below it (sign −1)."""
    step = now - before
    total, narrow = 0.0, 1.0 / sqrt(step)
    for j in range(points.size):
        total += mass[j] * upper_tail(sign * (bound * sqrt(now) - points[j] * sqrt(before) - drift * step) * narrow)
    return total


@compiled
def start() -> tuple[Floats, Floats]:
    """Before the first look: all mass on one point, at no information."""
    return np.zeros(1), np.ones(1)


@compiled
def advance(
    points: Floats, mass: Floats, information: Floats, k: int, drift: float, lower: float, upper: float
) -> tuple[Floats, Floats]:
    """Points and mass of look k between its bounds, from those of the look before."""
    before = information[k - 1] if k > 0 else 0.0
    at, weights = region(lower, upper, drift * sqrt(information[k]), panel_width(information, k))
    return at, carried(points, mass, before, information[k], drift, at, weights)


@compiled
def exits(information: Floats, lower: Floats, upper: Floats, drift: float) -> tuple[Floats, Floats]:
    """The probabilities of leaving through the lower and the upper bound at each look."""
    looks = information.size
    down, up = np.zeros(looks), np.zeros(looks)
    points, mass = start()
    for k in range(looks):
        before = information[k - 1] if k > 0 else 0.0
        if upper[k] < np.inf:
            up[k] = beyond(points, mass, before, information[k], drift, upper[k], 1.0)
        if lower[k] > -np.inf:
            down[k] = beyond(points, mass, before, information[k], drift, lower[k], -1.0)
        if k + 1 < looks:
            points, mass = advance(points, mass, information, k, drift, lower[k], upper[k])
    return down, up


@compiled
def bound_spending(
    points: Floats, mass: Floats, before: float, now: float, drift: float, error: float, sign: float
) -> float:
    """The bound beyond which the next look's statistic has just this probability, by bisection.

    Infinite where nothing is to be spent, and where less than that is left to spend.
    """
    if error <= 0.0:
        return sign * np.inf
    high = _BOUND + abs(drift) * sqrt(now)
    low = -high
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        if middle <= low or middle >= high:
            break
        if beyond(points, mass, before, now, drift, sign * middle, sign) > error:
            low = middle
        else:
            high = middle
    return sign * 0.5 * (low + high)


@compiled
def spent_bounds(information: Floats, errors: Floats, lower: Floats, symmetric: bool) -> Floats:
    """Upper bounds that spend the given error at each look under no drift, above fixed or mirrored lower bounds."""
    looks = information.size
    upper = np.empty(looks)
    points, mass = start()
    for k in range(looks):
        before = information[k - 1] if k > 0 else 0.0
        upper[k] = bound_spending(points, mass, before, information[k], 0.0, errors[k], 1.0)
        if symmetric:
            upper[k] = max(upper[k], 0.0)
        if k + 1 < looks:
            floor = -upper[k] if symmetric else min(lower[k], upper[k])
            points, mass = advance(points, mass, information, k, 0.0, floor, upper[k])
    return upper


@compiled
def futile_bounds(
    information: Floats, alphas: Floats, betas: Floats, drift: float, binding: bool
) -> tuple[Floats, Floats, float]:
    """Both bounds of a test that stops for futility, and how much error of the second kind is left over at the end.

    The lower bounds spend `betas` under the drift at every look but the last, where both bounds meet; binding ones
    also make room for the upper bounds.
    """
    looks = information.size
    lower, upper, left = np.empty(looks), np.empty(looks), 0.0
    (points, mass), (shifted, moved) = start(), start()
    for k in range(looks):
        before, now = (information[k - 1] if k > 0 else 0.0), information[k]
        upper[k] = bound_spending(points, mass, before, now, 0.0, alphas[k], 1.0)
        if k + 1 == looks:
            lower[k] = upper[k]
            left = betas[k] - beyond(shifted, moved, before, now, drift, lower[k], -1.0)
            break
        lower[k] = min(upper[k], bound_spending(shifted, moved, before, now, drift, betas[k], -1.0))
        points, mass = advance(points, mass, information, k, 0.0, lower[k] if binding else -np.inf, upper[k])
        shifted, moved = advance(shifted, moved, information, k, drift, lower[k], upper[k])
    return lower, upper, left
