"""Slow and obvious versions of the time-to-event methods, written from their definitions; no line of the product."""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import exp, log

import numpy as np


def risk_sets(start: Sequence[float], stop: Sequence[float], event: Sequence[bool], strata: Sequence[int]):
    """Every event time of every stratum: who is at risk (start < t ≤ stop) and who has the event."""
    for stratum, moment in sorted({(s, t) for s, t, e in zip(strata, stop, event, strict=True) if e}):
        rows = [i for i in range(len(stop)) if strata[i] == stratum and start[i] < moment <= stop[i]]
        yield moment, rows, [i for i in rows if stop[i] == moment and event[i]]


def exact_log_likelihood(beta: Sequence[float], start, stop, event, X: np.ndarray, strata) -> float:
    """The dying against every other choice of as many patients from the risk set."""
    total = 0.0
    for _, rows, dying in risk_sets(start, stop, event, strata):
        hazard = {i: exp(float(np.dot(X[i], beta))) for i in rows}
        every_choice = sum(float(np.prod([hazard[i] for i in chosen])) for chosen in combinations(rows, len(dying)))
        total += log(float(np.prod([hazard[i] for i in dying])) / every_choice)
    return total


def efron_steps(rows: list[int], dying: list[int], weight: np.ndarray, efron: bool) -> list[np.ndarray]:
    """For each of the tied events the weights of the risk set when it happens, by row."""
    steps = []
    for k in range(len(dying)):
        now = np.zeros_like(weight)
        now[rows] = weight[rows]
        if efron:
            now[dying] *= 1 - k / len(dying)
        steps.append(now)
    return steps


def counting_log_likelihood(beta: Sequence[float], start, stop, event, X: np.ndarray, strata, efron: bool) -> float:
    """The log partial likelihood of intervals, one risk set after another."""
    weight, total = np.exp(X @ np.asarray(beta)), 0.0
    for _, rows, dying in risk_sets(start, stop, event, strata):
        total += sum(log(weight[i]) for i in dying)
        total -= sum(log(now.sum()) for now in efron_steps(rows, dying, weight, efron))
    return total


def score_by_row(beta, start, stop, event, X: np.ndarray, strata, efron: bool) -> np.ndarray:
    """Each row's covariate surprises less those its hazard had coming: the integral of (Z − mean) dM."""
    weight, score = np.exp(X @ np.asarray(beta)), np.zeros(X.shape)
    for _, rows, dying in risk_sets(start, stop, event, strata):
        for now in efron_steps(rows, dying, weight, efron):
            mean = now @ X / now.sum()
            for i in rows:
                score[i] += (i in dying) * (X[i] - mean) / len(dying) - now[i] / now.sum() * (X[i] - mean)
    return score


def information_by_hand(beta, start, stop, event, X, strata, efron: bool, g: Callable[[float], float]) -> np.ndarray:
    """Σ g(t) × the weighted covariance of the covariates in the risk set."""
    weight, total = np.exp(X @ np.asarray(beta)), np.zeros((X.shape[1], X.shape[1]))
    for moment, rows, dying in risk_sets(start, stop, event, strata):
        for now in efron_steps(rows, dying, weight, efron):
            share = now / now.sum()
            mean = share @ X
            total += g(moment) * ((X - mean).T * share) @ (X - mean)
    return total


def mean_function(start, stop, event, terminal, weight: np.ndarray, moment: float) -> float:
    """Σ S(t−) dN/Y up to a time, every row counted with its weight."""
    mean, survival = 0.0, 1.0
    for t in sorted({t for t, e, d in zip(stop, event, terminal, strict=True) if (e or d) and t <= moment}):
        at_risk = sum(w for s, u, w in zip(start, stop, weight, strict=True) if s < t <= u)
        mean += survival * sum(w * e for u, e, w in zip(stop, event, weight, strict=True) if u == t) / at_risk
        survival *= 1 - sum(w * d for u, d, w in zip(stop, terminal, weight, strict=True) if u == t) / at_risk
    return mean


def incidence(time, cause, of: int, weight: np.ndarray, moment: float) -> float:
    """Σ S(t−) d/n up to a time, every patient counted with a weight."""
    total, free = 0.0, 1.0
    for t in sorted({t for t, c in zip(time, cause, strict=True) if c and t <= moment}):
        at_risk = sum(w for u, w in zip(time, weight, strict=True) if u >= t)
        total += free * sum(w for u, c, w in zip(time, cause, weight, strict=True) if u == t and c == of) / at_risk
        free *= 1 - sum(w for u, c, w in zip(time, cause, weight, strict=True) if u == t and c) / at_risk
    return total


def jackknife_variance(estimate: Callable[[np.ndarray], float], owner: Sequence[int]) -> float:
    """The sum over patients of the squared derivative of an estimate in the weight of that patient's rows."""
    owner, total, step = np.asarray(owner), 0.0, 1e-5
    for one in set(owner.tolist()):
        up, down = (estimate(np.where(owner == one, 1.0 + sign * step, 1.0)) for sign in (1, -1))
        total += ((up - down) / (2 * step)) ** 2
    return total


class GrayStratum:
    """One stratum of Gray's test: every curve and weight of the paper, each computed afresh when asked for."""

    def __init__(self, time, cause, group, groups: int) -> None:
        rows = list(zip(time, cause, group, strict=True))
        self.moments = sorted({t for t, c, _ in rows if c})
        self.members = [[(t, c) for t, c, g in rows if g == k] for k in range(groups)]
        self.groups = range(groups)

    def n(self, k, t):
        return sum(u >= t for u, _ in self.members[k])

    def d(self, k, t, kind):
        return sum(u == t and min(c, 2) == kind for u, c in self.members[k])

    def events(self, t):
        return sum(self.d(k, t, 1) for k in self.groups)

    def free(self, k, t, before):
        product = 1.0
        for u in self.moments:
            if (u < t or (u == t and not before)) and self.n(k, u):
                product *= 1 - (self.d(k, u, 1) + self.d(k, u, 2)) / self.n(k, u)
        return product

    def incidence_before(self, k, t):
        times = [u for u in self.moments if u < t and self.n(k, u)]
        return sum(self.free(k, u, True) * self.d(k, u, 1) / self.n(k, u) for u in times)

    def h(self, k, t):
        return self.n(k, t) / self.free(k, t, True) if self.n(k, t) else 0.0

    def total(self, t):
        return sum(self.h(k, t) for k in self.groups)

    def pooled(self, t, before):
        return sum(self.events(u) / self.total(u) for u in self.moments if u < t or (u == t and not before))

    def a(self, i, k, t):
        return self.h(i, t) * ((i == k) - self.h(k, t) / self.total(t))

    def score(self, t):
        at_risk = np.array([self.h(k, t) * (1 - self.incidence_before(k, t)) for k in self.groups])
        return np.array([self.d(k, t, 1) for k in self.groups]) - self.events(t) * at_risk / at_risk.sum()

    def later(self, i, k, t):
        after = [u for u in self.moments if u > t]
        moved = [u for u in after if self.a(i, k, u)]  # a group that is alone at risk moves nothing
        return sum(self.a(i, k, u) * self.events(u) / self.total(u) / (1 - self.pooled(u, True)) for u in moved)

    def variance(self, k, t):
        """What group k adds at time t: its events of the cause and its competing ones, each moving all scores."""
        n, events, competing = self.n(k, t), self.events(t), self.d(k, t, 2)
        after, before = self.free(k, t, False), self.free(k, t, True)
        left = (1 - self.pooled(t, False)) / after if after > 0 else 1.0
        later = np.array([self.later(i, k, t) for i in self.groups])
        moved = np.array([self.a(i, k, t) for i in self.groups]) + (1 - left) * later
        found = np.zeros((len(self.groups), len(self.groups)))
        if events:
            tied = 1 - (events - 1) / (self.total(t) * before - 1) if events > 1 else 1.0
            found += np.outer(moved, moved) * tied * before * events / (self.total(t) * n)
        if after > 0 and competing:
            tied = 1 - (competing - 1) / (n - 1) if competing > 1 else 1.0
            found += left**2 * np.outer(later, later) * tied * before**2 * competing / n**2
        return found


def gray_by_definition(time, cause, group, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """Score and variance of Gray's test in one stratum, by sums over pairs of times as the paper's formulas stand."""
    one = GrayStratum(time, cause, group, groups)
    score, variance = np.zeros(groups), np.zeros((groups, groups))
    for t in one.moments:
        score += one.score(t)
        for k in one.groups:
            if one.n(k, t):
                variance += one.variance(k, t)
    return score, variance


def weighted_scores(time, event, arm, strata, pairs) -> tuple[np.ndarray, np.ndarray]:
    """Fleming–Harrington scores of arm 1 under several weights, and their covariance, table by table."""
    score, covariance = np.zeros(len(pairs)), np.zeros((len(pairs), len(pairs)))
    for stratum in set(strata):
        survival = 1.0
        inside = [i for i in range(len(time)) if strata[i] == stratum]
        for t in sorted({time[i] for i in inside if event[i]}):
            at_risk = [i for i in inside if time[i] >= t]
            dying = [i for i in at_risk if time[i] == t and event[i]]
            n, d, n1 = len(at_risk), len(dying), sum(arm[i] for i in at_risk)
            weight = np.array([survival**rho * (1 - survival) ** gamma for rho, gamma in pairs])
            score += weight * (sum(arm[i] for i in dying) - d * n1 / n)
            if n > 1:
                covariance += np.outer(weight, weight) * d * (n - d) * n1 * (n - n1) / (n * n * (n - 1))
            survival *= 1 - d / n
    return score, covariance
