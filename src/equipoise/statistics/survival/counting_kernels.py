"""Compiled passes over intervals of observation (start, stop], sorted by stratum and stop.

`entry` lists the rows by stratum and start; it is empty where everybody is observed from the beginning. A row is at
risk at t when start < t ≤ stop: one interval may begin where the last one ended without being counted twice.
"""

import numpy as np

from equipoise.statistics.numerics.compiled import compiled
from equipoise.statistics.result import Booleans, Floats, Integers
from equipoise.statistics.survival.survival_kernels import add_event, add_patient, symmetric


@compiled
def end_of_stratum(stratum: Integers, first: int) -> int:
    """The row after the last one of the stratum that begins at `first`."""
    stop = first
    while stop < stratum.size and stratum[stop] == stratum[first]:
        stop += 1
    return stop


@compiled
def exchange(X: Floats, row: int, weight: float, sums: Floats, lost: Floats) -> None:
    """Let a row join the risk set, or with its weight negated leave it.

    `sums` holds the weight, the weighted covariates and their products; `lost` what rounding took off each. Together
    they carry twice the digits, so a heavy row that leaves does not bury the light ones that stay.
    """
    place = 0
    for a in range(-1, X.shape[1]):
        first = weight if a < 0 else weight * X[row, a]
        for b in range(-1, a + 1):
            if a < 0 <= b:
                continue
            term = first if b < 0 else first * X[row, b]
            old = sums[place]
            new = old + term
            part = new - old
            lost[place] += (old - (new - part)) + (term - part)
            sums[place] = new
            place += 1


@compiled
def read_sums(sums: Floats, lost: Floats, s1: Floats, s2: Floats) -> float:
    """The risk set's weighted covariates and their products, into s1 and s2, and its weight."""
    place = 1
    for a in range(s1.size):
        s1[a] = sums[place] + lost[place]
        place += 1
        for b in range(a + 1):
            s2[a, b] = sums[place] + lost[place]
            place += 1
    return float(sums[0] + lost[0])


@compiled
def leave(
    X: Floats, weights: Floats, start: Floats, entry: Integers, k: int, first: int, moment: float,
    sums: Floats, lost: Floats,
) -> int:  # fmt: skip
    """Take out of the risk set the rows that had not yet begun just before `moment`, latest entries first."""
    while k >= first and start[entry[k]] >= moment:
        exchange(X, entry[k], -weights[entry[k]], sums, lost)
        k -= 1
    return k


@compiled
def events_in(
    stop: Floats, event: Booleans, X: Floats, weights: Floats, i: int, first: int, d1: Floats, d2: Floats
) -> tuple[int, float]:
    """How many events lie at the time of row i, and their weight; their covariates are summed into d1 and d2."""
    deaths, d0 = 0, 0.0
    d1[:] = 0.0
    d2[:] = 0.0
    j = i
    while j >= first and stop[j] == stop[i]:
        if event[j]:
            deaths += 1
            d0 += weights[j]
            add_patient(X, j, weights[j], d1, d2)
        j -= 1
    return deaths, d0


@compiled
def counting_sums(
    start: Floats, stop: Floats, event: Booleans, stratum: Integers, entry: Integers, X: Floats, beta: Floats,
    efron: bool,
) -> tuple[float, Floats, Floats]:  # fmt: skip
    """Log partial likelihood, its gradient and the information at `beta`, each stratum from the latest stop on."""
    n, p = X.shape
    predictor = X @ beta
    predictor -= predictor.max()
    weights = np.exp(predictor)
    loglik, gradient, info = 0.0, np.zeros(p), np.zeros((p, p))
    s1, s2, d1, d2 = np.zeros(p), np.zeros((p, p)), np.zeros(p), np.zeros((p, p))
    sums, lost = np.zeros((p + 1) * (p + 2) // 2), np.zeros((p + 1) * (p + 2) // 2)
    first = 0
    while first < n:
        end = end_of_stratum(stratum, first)
        i = k = end - 1
        sums[:] = 0.0
        lost[:] = 0.0
        while i >= first:
            j = i
            deaths, d0 = events_in(stop, event, X, weights, i, first, d1, d2)
            while j >= first and stop[j] == stop[i]:
                exchange(X, j, weights[j], sums, lost)
                if event[j]:
                    loglik += predictor[j]
                    gradient += X[j]
                j -= 1
            if deaths > 0:
                k = leave(X, weights, start, entry, k, first, stop[i], sums, lost)
                s0 = read_sums(sums, lost, s1, s2)
                for tied in range(deaths):
                    share = tied / deaths if efron else 0.0
                    loglik -= add_event(s0, s1, s2, d0, d1, d2, share, gradient, info)
            i = j
        first = end
    return loglik, gradient, symmetric(info)


@compiled
def describe_events(
    row: int, deaths: int, efron: bool, s0: float, s1: Floats, s2: Floats, d0: float, d1: Floats, d2: Floats,
    mean: Floats, hazard: Floats, own: Floats, info: Floats,
) -> None:  # fmt: skip
    """Fill one row of the event table; column 0 of `hazard` and `own` is the hazard, the others hazard times mean."""
    p = s1.size
    one = np.zeros(p)
    for tied in range(deaths):
        share = tied / deaths if efron else 0.0
        one[:] = 0.0
        add_event(s0, s1, s2, d0, d1, d2, share, one, info[row])
        rate = 1.0 / (s0 - share * d0)
        hazard[row, 0] += rate
        own[row, 0] += share * rate
        for a in range(p):
            mean[row, a] -= one[a] / deaths
            hazard[row, a + 1] -= rate * one[a]
            own[row, a + 1] -= share * rate * one[a]
    symmetric(info[row])


@compiled
def event_table(
    start: Floats, stop: Floats, event: Booleans, stratum: Integers, entry: Integers, X: Floats, beta: Floats,
    efron: bool, size: int,
) -> tuple[Integers, Floats, Floats, Floats, Floats]:  # fmt: skip
    """At every event time, from the last stratum's latest one back: what the risk set looks like at `beta`.

    Gives the lowest row of that time, the mean covariates seen by its events, the hazard (and hazard times mean) added
    there, the share of it that Efron's method spares the dying themselves, and the information.
    """
    n, p = X.shape
    predictor = X @ beta
    weights = np.exp(predictor - predictor.max())
    place, mean = np.zeros(size, np.int64), np.zeros((size, p))
    hazard, own, info = np.zeros((size, p + 1)), np.zeros((size, p + 1)), np.zeros((size, p, p))
    s1, s2, d1, d2 = np.zeros(p), np.zeros((p, p)), np.zeros(p), np.zeros((p, p))
    sums, lost = np.zeros((p + 1) * (p + 2) // 2), np.zeros((p + 1) * (p + 2) // 2)
    row, first = 0, 0
    while first < n:
        end = end_of_stratum(stratum, first)
        i = k = end - 1
        sums[:] = 0.0
        lost[:] = 0.0
        while i >= first:
            j = i
            deaths, d0 = events_in(stop, event, X, weights, i, first, d1, d2)
            while j >= first and stop[j] == stop[i]:
                exchange(X, j, weights[j], sums, lost)
                j -= 1
            if deaths > 0:
                if entry.size > 0:
                    k = leave(X, weights, start, entry, k, first, stop[i], sums, lost)
                place[row] = j + 1
                s0 = read_sums(sums, lost, s1, s2)
                describe_events(row, deaths, efron, s0, s1, s2, d0, d1, d2, mean, hazard, own, info)
                row += 1
            i = j
        first = end
    return place, mean, hazard, own, info


@compiled
def chances(weights: Floats, rows: Integers, events: int) -> float:
    """The factor c for which the chances c·w / (1 + c·w) add up to the number of events, fewer than the rows."""
    low, high = -700.0, 700.0
    at = np.log(events / weights[rows].sum())
    for _ in range(200):
        expected, slope = 0.0, 0.0
        for row in rows:
            odds = weights[row] * np.exp(at)
            chance = odds / (1.0 + odds)
            expected += chance
            slope += chance * (1.0 - chance)
        if abs(expected - events) <= 1e-13 * events:
            break
        if expected > events:
            high = at
        else:
            low = at
        at += (events - expected) / slope
        if not low < at < high:
            at = (low + high) / 2.0
    return float(np.exp(at))


@compiled
def add_draw(X: Floats, row: int, centre: Floats, chance: float, m0: Floats, m1: Floats, m2: Floats) -> None:
    """Let one patient join the events with a given chance: update P(k events) and its first two moments for all k."""
    p = X.shape[1]
    for k in range(m0.size - 1, -1, -1):
        m0[k] *= 1.0 - chance
        for a in range(p):
            m1[k, a] *= 1.0 - chance
            for b in range(a + 1):
                m2[k, a, b] *= 1.0 - chance
        if k == 0:
            continue
        for a in range(p):
            x = X[row, a] - centre[a]
            for b in range(a + 1):
                y = X[row, b] - centre[b]
                m2[k, a, b] += chance * (m2[k - 1, a, b] + x * m1[k - 1, b] + y * m1[k - 1, a] + x * y * m0[k - 1])
        for a in range(p):
            m1[k, a] += chance * (m1[k - 1, a] + (X[row, a] - centre[a]) * m0[k - 1])
        m0[k] += chance * m0[k - 1]


@compiled
def exact_set(X: Floats, weights: Floats, rows: Integers, events: int, gradient: Floats, info: Floats) -> float:
    """The log of the sum, over all choices of `events` among the rows, of the product of their weights.

    The choice is seen as independent draws given their number, with chances that make that number the expected one:
    nothing overflows or cancels. Its mean and covariance go into the gradient and the information.
    """
    p = X.shape[1]
    if events == rows.size:
        for row in rows:
            gradient -= X[row]
        return float(np.log(weights[rows]).sum())
    factor = chances(weights, rows, events)
    centre = np.zeros(p)
    for row in rows:
        odds = factor * weights[row]
        centre += odds / (1.0 + odds) * X[row] / events
    m0, m1, m2 = np.zeros(events + 1), np.zeros((events + 1, p)), np.zeros((events + 1, p, p))
    m0[0] = 1.0
    log_all = 0.0
    for row in rows:
        odds = factor * weights[row]
        log_all += np.log1p(odds)
        add_draw(X, row, centre, odds / (1.0 + odds), m0, m1, m2)
    for a in range(p):
        mean = m1[events, a] / m0[events]
        gradient[a] -= mean + events * centre[a]
        for b in range(a + 1):
            info[a, b] += m2[events, a, b] / m0[events] - mean * m1[events, b] / m0[events]
    return float(np.log(m0[events]) + log_all - events * np.log(factor))


@compiled
def exact_sums(
    start: Floats, stop: Floats, event: Booleans, stratum: Integers, X: Floats, beta: Floats
) -> tuple[float, Floats, Floats]:
    """The exact partial likelihood for discrete time, its gradient and the information (Cox 1972, section 6)."""
    n, p = X.shape
    predictor = X @ beta
    predictor -= predictor.max()
    weights = np.exp(predictor)
    loglik, gradient, info = 0.0, np.zeros(p), np.zeros((p, p))
    at_risk = np.empty(n, np.int64)
    i = 0
    while i < n:
        deaths, j = 0, i
        while j < n and stratum[j] == stratum[i] and stop[j] == stop[i]:
            if event[j]:
                deaths += 1
                loglik += predictor[j]
                gradient += X[j]
            j += 1
        if deaths > 0:
            size, row = 0, i
            while row < n and stratum[row] == stratum[i]:
                if start[row] < stop[i]:
                    at_risk[size] = row
                    size += 1
                row += 1
            loglik -= exact_set(X, weights, at_risk[:size], deaths, gradient, info)
        i = j
    return loglik, gradient, symmetric(info)


@compiled
def score_residuals(
    start: Floats, stop: Floats, event: Booleans, stratum: Integers, X: Floats, weights: Floats,
    place: Integers, mean: Floats, hazard: Floats, own: Floats,
) -> Floats:  # fmt: skip
    """Each row's part of the score at the maximum; the event table runs in ascending order of rows."""
    n, p = X.shape
    total = np.zeros((place.size + 1, p + 1))
    for row in range(place.size):
        total[row + 1] = total[row] + hazard[row]
    residuals = np.zeros((n, p))
    until = 0
    for i in range(n):
        while until < place.size and place[until] <= i:
            until += 1
        # Events of this stratum up to this row's stop; then those up to its start, found by halving.
        low, high = 0, until
        while low < high:
            middle = (low + high) // 2
            at = place[middle]
            if stratum[at] < stratum[i] or (stratum[at] == stratum[i] and stop[at] <= start[i]):
                low = middle + 1
            else:
                high = middle
        for a in range(p):
            lived = X[i, a] * (total[until, 0] - total[low, 0]) - (total[until, a + 1] - total[low, a + 1])
            residuals[i, a] = -weights[i] * lived
            if event[i]:
                spared = X[i, a] * own[until - 1, 0] - own[until - 1, a + 1]
                residuals[i, a] += X[i, a] - mean[until - 1, a] + weights[i] * spared
    return residuals
