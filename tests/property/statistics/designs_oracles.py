"""Slow and obvious versions of designs, exact tests and models, written from their definitions."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import chain, combinations
from math import comb, log, sqrt

import numpy as np
from scipy import integrate, optimize, stats


def jennison_turnbull_grid(mean: float, low: float, high: float, r: int) -> tuple[np.ndarray, np.ndarray]:
    """The points and Simpson weights of chapter 19: dense near the mean, sparse in the tails, cut at the bounds."""
    far = [-3 - 4 * log(r / i) for i in range(1, r)]
    middle = [-3 + 3 * (i - r) / (2 * r) for i in range(r, 5 * r + 1)]
    x = mean + np.array([*far, *middle, *(-value for value in reversed(far))])
    x = np.unique(np.clip(x, max(low, x[0]), min(high, x[-1])))
    if len(x) < 2:
        return np.array([]), np.array([])
    points = np.empty(2 * len(x) - 1)
    points[::2], points[1::2] = x, (x[1:] + x[:-1]) / 2
    weights = np.zeros(len(points))
    for i, width in enumerate(np.diff(x)):
        weights[2 * i : 2 * i + 3] += width / 6 * np.array([1, 4, 1])
    return points, weights


def exits_by_simpson(
    information: Sequence[float], lower: Sequence[float], upper: Sequence[float], drift: float, r: int = 40
) -> tuple[np.ndarray, np.ndarray]:
    """Exit probabilities by the recursion of Armitage, McPherson & Rowe on the grid of Jennison & Turnbull."""
    points, mass, before = np.zeros(1), np.ones(1), 0.0
    down, up = [], []
    for now, a, b in zip(information, lower, upper, strict=True):
        step = now - before
        mean = (points * sqrt(before) + drift * step) / sqrt(now)
        deviation = sqrt(step / now)
        up.append(float(mass @ stats.norm.sf(b, mean, deviation)))
        down.append(float(mass @ stats.norm.cdf(a, mean, deviation)))
        at, weights = jennison_turnbull_grid(drift * sqrt(now), a, b, r)
        mass = weights * (stats.norm.pdf(at[:, None], mean, deviation) @ mass)
        points, before = at, now
    return np.array(down), np.array(up)


def second_exit_by_quadrature(
    information: Sequence[float], lower: Sequence[float], upper: Sequence[float], drift: float
) -> float:
    """The chance of continuing at the first of two looks and crossing the upper bound at the second."""
    one, two = information

    def crossing(z: float) -> float:
        mean = (z * sqrt(one) + drift * (two - one)) / sqrt(two)
        return stats.norm.pdf(z - drift * sqrt(one)) * stats.norm.sf(upper[1], mean, sqrt((two - one) / two))

    low, high = max(lower[0], drift * sqrt(one) - 12), min(upper[0], drift * sqrt(one) + 12)
    return integrate.quad(crossing, low, high, epsabs=1e-13, epsrel=1e-12, limit=200)[0] if low < high else 0.0


def continuing_by_multivariate_normal(
    information: Sequence[float], lower: Sequence[float], upper: Sequence[float], drift: float
) -> float:
    """The chance that the statistics of all looks lie between their bounds."""
    root = np.sqrt(information)
    covariance = np.minimum.outer(root, root) / np.maximum.outer(root, root)
    return float(
        stats.multivariate_normal.cdf(
            np.minimum(upper, 40), drift * root, covariance, lower_limit=np.maximum(lower, -40), abseps=1e-8, rng=1
        )
    )


def conditional_tail(n1: int, n0: int, events: int, x: int, side: int) -> Fraction:
    """Fisher's p value in whole numbers: a tail (side ±1) or all tables no more likely (0)."""
    support = range(max(0, events - n0), min(n1, events) + 1)
    ways = {k: comb(n1, k) * comb(n0, events - k) for k in support}
    kept = [w for k, w in ways.items() if (w <= ways[x] if side == 0 else k >= x if side > 0 else k <= x)]
    return Fraction(sum(kept), sum(ways.values()))


def squared_z(x: int, n1: int, y: int, n0: int, pooled: bool) -> Fraction | float:
    """The z statistic squared, with its sign, in whole numbers."""
    p1, p0, p = Fraction(x, n1), Fraction(y, n0), Fraction(x + y, n1 + n0)
    variance = p * (1 - p) * (Fraction(1, n1) + Fraction(1, n0)) if pooled else p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0
    sign = 1 if p1 > p0 else -1
    if variance == 0:
        return Fraction(0) if p1 == p0 else sign * float("inf")
    return sign * (p1 - p0) ** 2 / variance


def unconditional_by_enumeration(cells: tuple[int, int, int, int], ordering: str, side: int, risks: int) -> float:
    """The largest chance over a grid of common risks of a table at least as extreme as the observed one."""
    x1, n1, x0, n0 = cells

    def extreme(x: int, y: int) -> Fraction | float:
        if ordering == "boschloo":
            return -conditional_tail(n1, n0, x + y, x, side)
        z = squared_z(x, n1, y, n0, ordering == "z_pooled")
        return abs(z) if side == 0 else side * z

    region = [(x, y) for x in range(n1 + 1) for y in range(n0 + 1) if extreme(x, y) >= extreme(x1, x0)]
    return max(chance_of(region, n1, n0, p, p) for p in np.linspace(0, 1, risks))


def chance_of(region: Sequence[tuple[int, int]], n1: int, n0: int, p1: float, p0: float) -> float:
    """The chance of a set of tables."""
    return sum(
        comb(n1, x) * p1**x * (1 - p1) ** (n1 - x) * comb(n0, y) * p0**y * (1 - p0) ** (n0 - y) for x, y in region
    )


def separated(y: np.ndarray, X: np.ndarray) -> bool:
    """Whether a linear programme finds a direction along which no patient's fit gets worse and some gets better."""
    signed = (2 * y - 1)[:, None] * np.column_stack([np.ones(len(y)), X])
    found = optimize.linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(y)), bounds=(-1, 1))
    return bool(-found.fun > 1e-7)


def closed_test(p: Sequence[float], weights_of: Callable[[tuple[int, ...]], Sequence[float]]) -> list[float]:
    """Adjusted p values by closed testing: the largest weighted Bonferroni p of all intersections with a hypothesis."""
    size = len(p)
    everything = chain.from_iterable(combinations(range(size), k) for k in range(1, size + 1))
    adjusted = [0.0] * size
    for together in everything:
        weights = weights_of(together)
        worst = min([1.0, *(p[i] / w for i, w in zip(together, weights, strict=True) if w > 0)])
        for i in together:
            adjusted[i] = max(adjusted[i], worst)
    return adjusted


def graph_weights(
    shares: Sequence[Fraction], passes: Sequence[Sequence[Fraction]], kept: tuple[int, ...]
) -> list[Fraction]:
    """The weights of an intersection: every other hypothesis leaves the graph, one after another."""
    w, g = list(shares), [list(row) for row in passes]
    size = len(w)
    for gone in set(range(size)) - set(kept):
        left = [i for i in range(size) if i != gone]
        new = [[Fraction(0)] * size for _ in range(size)]
        for i in left:
            for j in left:
                back = g[i][gone] * g[gone][i]
                if i != j and back < 1:
                    new[i][j] = (g[i][j] + g[i][gone] * g[gone][j]) / (1 - back)
        w = [w[i] + w[gone] * g[gone][i] if i != gone else Fraction(0) for i in range(size)]
        for i in range(size):
            new[gone][i] = new[i][gone] = Fraction(0)
        g = new
    return [w[i] for i in kept]


def slopes(function: Callable[[np.ndarray], float], at: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """The gradient by central differences."""
    return np.array([(function(at + d) - function(at - d)) / (2 * step) for d in step * np.eye(len(at))])
