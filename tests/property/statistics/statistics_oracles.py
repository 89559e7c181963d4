"""Slow and obvious versions of the statistics, written from their definitions and sharing no line with the product."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from math import comb, exp, log, sqrt

import numpy as np
from scipy.optimize import brentq, minimize, minimize_scalar


def survival_by_hand(time: Sequence[float], event: Sequence[bool]) -> dict[float, Fraction]:
    """The product-limit estimate after each distinct time, as exact fractions."""
    survival, curve = Fraction(1), {}
    for moment in sorted(set(time)):
        at_risk = sum(t >= moment for t in time)
        deaths = sum(t == moment and e for t, e in zip(time, event, strict=True))
        survival *= 1 - Fraction(deaths, at_risk)
        curve[moment] = survival
    return curve


def greenwood_by_hand(time: Sequence[float], event: Sequence[bool], moment: float) -> Fraction:
    """The sum of d / n(n − d) up to a time; the curve must not have reached zero."""
    total = Fraction(0)
    for t in sorted({t for t, e in zip(time, event, strict=True) if e and t <= moment}):
        n = sum(other >= t for other in time)
        d = sum(other == t and e for other, e in zip(time, event, strict=True))
        total += Fraction(d, n * (n - d))
    return total


def logrank_by_tables(
    time: Sequence[float], event: Sequence[bool], group: Sequence[int], strata: Sequence[int], rho: float
) -> tuple[float, float, float]:
    """Observed, expected and variance for group 1 of groups 0 and 1: one fourfold table for every event time."""
    rows = list(zip(time, event, group, strata, strict=True))
    observed = expected = variance = 0.0
    for stratum in set(strata):
        inside = [row for row in rows if row[3] == stratum]
        pooled = survival_by_hand([row[0] for row in inside], [row[1] for row in inside])
        for moment in sorted({t for t, e, _, _ in inside if e}):
            weight = float(min([s for t, s in pooled.items() if t < moment], default=Fraction(1))) ** rho
            n = sum(t >= moment for t, *_ in inside)
            n1 = sum(t >= moment and g == 1 for t, _, g, _ in inside)
            d = sum(t == moment and e for t, e, *_ in inside)
            observed += weight * sum(t == moment and e and g == 1 for t, e, g, _ in inside)
            expected += weight * d * n1 / n
            if n > 1:
                variance += weight**2 * d * (n1 / n) * (1 - n1 / n) * (n - d) / (n - 1)
    return observed, expected, variance


def efron_log_likelihood(
    beta: Sequence[float], time: Sequence[float], event: Sequence[bool], X: np.ndarray, strata: Sequence[int]
) -> float:
    """Σ over tied sets: the mean over all but a share of the dying is taken out of the risk set, one after another."""
    hazard = [exp(float(np.dot(row, beta))) for row in X]
    total = 0.0
    for stratum, moment in {(s, t) for s, t, e in zip(strata, time, event, strict=True) if e}:
        inside = [i for i in range(len(time)) if strata[i] == stratum]
        dying = [i for i in inside if time[i] == moment and event[i]]
        at_risk = sum(hazard[i] for i in inside if time[i] >= moment)
        mean = sum(hazard[i] for i in dying) / len(dying)
        total += sum(log(hazard[i]) for i in dying)
        total -= sum(log(at_risk - k * mean) for k in range(len(dying)))
    return total


def breslow_log_likelihood(
    beta: Sequence[float], time: Sequence[float], event: Sequence[bool], X: np.ndarray, strata: Sequence[int]
) -> float:
    """Σ over events of the log of the hazard's share in the whole risk set."""
    hazard = [exp(float(np.dot(row, beta))) for row in X]
    total = 0.0
    for i in range(len(time)):
        if event[i]:
            risk_set = [j for j in range(len(time)) if strata[j] == strata[i] and time[j] >= time[i]]
            total += log(hazard[i]) - log(sum(hazard[j] for j in risk_set))
    return total


def maximised(function: Callable[..., float], columns: int, *arguments: object) -> tuple[np.ndarray, float]:
    """The maximum by a search that uses no derivative."""
    found = minimize(
        lambda beta: -function(beta, *arguments),
        np.zeros(columns),
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000, "maxfev": 4000},
    )
    return found.x, -float(found.fun)


def binomial_log_likelihood(x: int, n: int, p: float) -> float:
    """The kernel of a binomial log-likelihood, 0 log 0 being 0."""
    return (x * log(max(p, 1e-300)) if x else 0.0) + ((n - x) * log(max(1 - p, 1e-300)) if n > x else 0.0)


def score_by_search(counts: tuple[int, int, int, int], theta: float, scale: str, corrected: bool) -> float:
    """|z| of the score test, its nuisance parameter found by a bounded scalar search.

    Of the likelihood; of its slope for the odds ratio, whose top is too flat to be found well near a risk of one.
    """
    x1, n1, x0, n0 = counts

    def treated(p0: float) -> float:
        match scale:
            case "difference":
                return min(1.0, max(0.0, p0 + theta))
            case "ratio":
                return min(1.0, p0 * theta)
            case _:
                return p0 * theta / (1 - p0 + p0 * theta)

    low = max(0.0, -theta) if scale == "difference" else 0.0
    high = {"difference": min(1.0, 1.0 - theta), "ratio": min(1.0, 1.0 / theta) if theta else 1.0}.get(scale, 1.0)
    if scale == "odds ratio":
        p0 = float(brentq(lambda p0: n1 * treated(p0) + n0 * p0 - x1 - x0, low, high, xtol=1e-15))
    else:
        found = minimize_scalar(
            lambda p0: -binomial_log_likelihood(x1, n1, treated(p0)) - binomial_log_likelihood(x0, n0, p0),
            bounds=(low, high),
            method="bounded",
            options={"xatol": 1e-12},
        )
        p0 = float(found.x)
    p1 = treated(p0)
    v1, v0 = p1 * (1 - p1), p0 * (1 - p0)
    factor = (n1 + n0) / (n1 + n0 - 1) if corrected else 1.0
    match scale:
        case "difference":
            return abs(x1 / n1 - x0 / n0 - theta) / sqrt((v1 / n1 + v0 / n0) * factor)
        case "ratio":
            return abs(x1 / n1 - theta * x0 / n0) / sqrt((v1 / n1 + theta**2 * v0 / n0) * factor)
        case _:
            return abs(x1 - n1 * p1) * sqrt((1 / (n1 * v1) + 1 / (n0 * v0)) / factor)


def fisher_by_enumeration(x1: int, n1: int, x0: int, n0: int) -> Fraction:
    """The two-sided p by choosing, in every possible way, which patients had the events."""
    patients = [1] * n1 + [0] * n0
    counts: dict[int, int] = {}
    for chosen in combinations(patients, x1 + x0):
        counts[sum(chosen)] = counts.get(sum(chosen), 0) + 1
    extreme = sum(ways for ways in counts.values() if ways <= counts[x1])
    return Fraction(extreme, comb(n1 + n0, x1 + x0))


def runs_away(time: Sequence[float], event: Sequence[bool], x: Sequence[float]) -> bool | None:
    """Whether one covariate's likelihood climbs for ever: every event is the largest (or smallest) of its risk set.

    None when the covariate is constant in every risk set with an event.
    """
    sets = [(x[i], [x[j] for j in range(len(x)) if time[j] >= time[i]]) for i in range(len(x)) if event[i]]
    if all(min(members) == max(members) for _, members in sets):
        return None
    return all(own == max(members) for own, members in sets) or all(own == min(members) for own, members in sets)


def area_by_hand(time: Sequence[float], event: Sequence[bool], start: float, horizon: float) -> Fraction:
    """The area under the curve between two times, unit step by unit step; all times are whole numbers."""
    curve = survival_by_hand(time, event)
    return sum(
        (
            min([s for t, s in curve.items() if t <= day], default=Fraction(1))
            for day in range(int(start), int(horizon))
        ),
        Fraction(0),
    )
