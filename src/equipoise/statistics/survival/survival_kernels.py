"""The compiled passes of the survival methods. Every kernel reads patients sorted by stratum and time, once."""

import numpy as np

from equipoise.statistics.numerics.compiled import compiled
from equipoise.statistics.result import Booleans, Floats, Integers

# Between these a product of two numbers is as exact as the numbers.
_SMALL, _LARGE = 1e-250, 1e250


@compiled
def rows_of(time: Floats, event: Booleans) -> tuple[int, int]:
    """How many distinct times there are, and at how many of them somebody has the event."""
    rows, steps, last = 0, 0, -1
    for i in range(time.size):
        if i == 0 or time[i] != time[i - 1]:
            rows += 1
        if event[i] and last != rows:
            steps += 1
            last = rows
    return rows, steps


@compiled
def fill_curve(time: Floats, event: Booleans, curve: Floats, steps: Floats) -> None:
    """The product-limit estimate, written into rows of `curve`, one place for each distinct time, and of `steps`.

    The rows are the times; at risk just before; events; censored; survival; its standard error. The rows of `steps` are
    survival and its relative error, the root of Greenwood's Σ d / n(n − d), infinite once nobody is left: first at the
    beginning, then after each time with events.
    """
    survival, total, i, row, step = 1.0, 0.0, 0, 0, 0
    steps[0, 0], steps[1, 0] = 1.0, 0.0
    while i < time.size:
        j, happened = i, 0
        while j < time.size and time[j] == time[i]:
            happened += event[j]
            j += 1
        n, d = float(time.size - i), float(happened)
        if happened > 0:
            survival *= 1.0 - d / n
            total += d / (n * (n - d))
            step += 1
            steps[0, step], steps[1, step] = survival, np.sqrt(total)
        curve[0, row], curve[1, row], curve[2, row], curve[3, row] = time[i], n, d, j - i - d
        # 0 × ∞ once the curve is at zero: not defined.
        curve[4, row], curve[5, row] = survival, survival * steps[1, step]
        i, row = j, row + 1


@compiled
def fill_between_steps(events: Floats, lower: Floats, upper: Floats, limits: Floats) -> None:
    """What two curves are at each distinct time, from what they are after each time with events."""
    step = 0
    for row in range(events.size):
        if events[row] > 0.0:
            step += 1
        limits[0, row], limits[1, row] = lower[step], upper[step]


@compiled
def part_arms(time: Floats, event: Booleans, second: Booleans, size: int, times: Floats, events: Booleans) -> None:
    """The sorted times and events of the second arm, which has `size` patients, and behind them those of the first."""
    place = np.array([size, 0])
    for i in range(time.size):
        arm = 1 if second[i] else 0
        times[place[arm]], events[place[arm]] = time[i], event[i]
        place[arm] += 1


@compiled
def count_by_group(group: Integers, start: int, stop: int, counts: Floats) -> None:
    """Count the patients of each group between two rows into `counts`."""
    counts[:] = 0.0
    for i in range(start, stop):
        counts[group[i]] += 1.0


@compiled
def add_table(at_risk: Floats, deaths: Floats, weight: float, expected: Floats, variance: Floats) -> None:
    """Add one event time's weighted expectation and hypergeometric covariance (Mantel 1966)."""
    n, d = at_risk.sum(), deaths.sum()
    scale = weight * weight * d * (n - d) / (n - 1.0) if n > 1.0 else 0.0
    for g in range(at_risk.size):
        share = at_risk[g] / n
        expected[g] += weight * d * share
        variance[g, g] += scale * share
        for h in range(at_risk.size):
            variance[g, h] -= scale * share * (at_risk[h] / n)


@compiled
def logrank_sums(
    time: Floats, event: Booleans, group: Integers, stratum: Integers, groups: int, rho: float, gamma: float
) -> tuple[Floats, Floats, Floats]:
    """Observed, expected and covariance, weighted by S(t−)^rho (1 − S(t−))^gamma, S pooled within the stratum."""
    observed, expected = np.zeros(groups), np.zeros(groups)
    variance = np.zeros((groups, groups))
    at_risk, deaths = np.zeros(groups), np.zeros(groups)
    n, start = time.size, 0
    while start < n:
        stop = start
        while stop < n and stratum[stop] == stratum[start]:
            stop += 1
        count_by_group(group, start, stop, at_risk)
        survival, i = 1.0, start
        while i < stop:
            j = i
            deaths[:] = 0.0
            while j < stop and time[j] == time[i]:
                if event[j]:
                    deaths[group[j]] += 1.0
                j += 1
            d = deaths.sum()
            if d > 0.0:
                weight = survival**rho * (1.0 - survival) ** gamma
                observed += weight * deaths
                add_table(at_risk, deaths, weight, expected, variance)
                survival *= 1.0 - d / at_risk.sum()
            for row in range(i, j):
                at_risk[group[row]] -= 1.0
            i = j
        start = stop
    return observed, expected, variance


@compiled
def add_patient(X: Floats, row: int, weight: float, s1: Floats, s2: Floats) -> None:
    """Add one patient's weighted covariates and their products to the risk-set sums."""
    for a in range(X.shape[1]):
        weighted = weight * X[row, a]
        s1[a] += weighted
        for b in range(a + 1):
            s2[a, b] += weighted * X[row, b]


@compiled
def add_event(
    s0: float, s1: Floats, s2: Floats, d0: float, d1: Floats, d2: Floats, share: float, gradient: Floats, info: Floats
) -> float:
    """Take one event out of its risk set, less the given share of the tied events; return the log of its weight."""
    total = s0 - share * d0
    part = 1.0 / total
    for a in range(s1.size):
        mean = (s1[a] - share * d1[a]) * part
        gradient[a] -= mean
        for b in range(a + 1):
            info[a, b] += part * ((s2[a, b] - share * d2[a, b]) - mean * (s1[b] - share * d1[b]))
    return float(np.log(total))


@compiled
def events_at(time: Floats, event: Booleans, stratum: Integers, last: int) -> tuple[int, int]:
    """The row before the first one of the time of row `last`, and how many events lie at that time."""
    events, row = 0, last
    while row >= 0 and stratum[row] == stratum[last] and time[row] == time[last]:
        events += event[row]
        row -= 1
    return row, events


@compiled
def cox_sums(
    time: Floats, event: Booleans, stratum: Integers, X: Floats, beta: Floats, efron: bool
) -> tuple[float, Floats, Floats]:
    """Log partial likelihood, its gradient and the information at `beta`, from the latest time to the earliest."""
    n, p = X.shape
    predictor = X @ beta
    # A common factor leaves the partial likelihood as it is and keeps exp() from overflowing.
    predictor -= predictor.max()
    weights = np.exp(predictor)
    loglik, gradient, info = 0.0, np.zeros(p), np.zeros((p, p))
    s1, s2, d1, d2 = np.zeros(p), np.zeros((p, p)), np.zeros(p), np.zeros((p, p))
    s0, i = 0.0, n - 1
    while i >= 0:
        if i == n - 1 or stratum[i] != stratum[i + 1]:
            s0 = 0.0
            s1[:] = 0.0
            s2[:] = 0.0
        first, deaths = events_at(time, event, stratum, i)
        # What the dying weigh matters only where several share the time and leave one after another.
        together = efron and deaths > 1
        d0 = 0.0
        if together:
            d1[:] = 0.0
            d2[:] = 0.0
        for j in range(i, first, -1):
            s0 += weights[j]
            add_patient(X, j, weights[j], s1, s2)
            if event[j]:
                loglik += predictor[j]
                gradient += X[j]
                if together:
                    d0 += weights[j]
                    add_patient(X, j, weights[j], d1, d2)
        for k in range(deaths):
            share = k / deaths if efron else 0.0
            loglik -= add_event(s0, s1, s2, d0, d1, d2, share, gradient, info)
        i = first
    return loglik, gradient, symmetric(info)


@compiled
def symmetric(lower: Floats) -> Floats:
    """The whole of a matrix of which only the lower triangle was filled."""
    for a in range(lower.shape[0]):
        for b in range(a):
            lower[b, a] = lower[a, b]
    return lower


@compiled
def fill_two_group_table(time: Floats, event: Booleans, second: Booleans, stratum: Integers, table: Floats) -> int:
    """Write a row for every event time, up to the last of `table`, and return the first row written.

    The columns are: at risk, of them in the second group, events, of them in it, and the stratum.
    """
    n, rows = time.size, table.shape[0]
    at_risk, at_risk_second, row, i = 0.0, 0.0, rows, n - 1
    while i >= 0:
        if i == n - 1 or stratum[i] != stratum[i + 1]:
            at_risk, at_risk_second = 0.0, 0.0
        events, events_second, j = 0.0, 0.0, i
        while j >= 0 and time[j] == time[i] and stratum[j] == stratum[i]:
            at_risk += 1.0
            at_risk_second += second[j]
            events += event[j]
            events_second += event[j] & second[j]
            j -= 1
        if events > 0.0:
            row -= 1
            table[row, 0], table[row, 1], table[row, 2] = at_risk, at_risk_second, events
            table[row, 3], table[row, 4] = events_second, stratum[i]
        i = j
    return int(row)


@compiled
def two_group_sums(table: Floats, low: float, high: float, beta: float, efron: bool) -> tuple[float, float, float]:
    """Log partial likelihood, slope and information of a covariate that is `low` or, in the second group, `high`."""
    loglik, slope, info, span = 0.0, 0.0, 0.0, high - low
    ratio = np.exp(-abs(beta * span))
    # The larger weight is one, so that nothing overflows.
    first, second = (ratio, 1.0) if beta * span > 0.0 else (1.0, ratio)
    larger = max(beta * low, beta * high)
    product = 1.0
    for row in range(table.shape[0]):
        n, n2, d, d2 = table[row, 0], table[row, 1], table[row, 2], table[row, 3]
        loglik += beta * (d * low + d2 * span) - d * larger
        slope += d2
        for tied in range(int(d)):
            share = tied / d if efron else 0.0
            s2 = second * (n2 - share * d2)
            s1 = first * (n - n2 - share * (d - d2))
            total = s1 + s2
            part = 1.0 / total
            slope -= s2 * part
            info += (s1 * part) * (s2 * part)
            # One logarithm for many factors, taken before their product leaves the range of the numbers.
            if _SMALL < product * total < _LARGE:
                product *= total
            else:
                loglik -= np.log(product) + np.log(total)
                product = 1.0
    loglik -= np.log(product)
    return loglik, slope * span, info * span * span


@compiled
def two_group_logrank(table: Floats, rho: float, gamma: float) -> tuple[Floats, Floats, Floats]:
    """What `logrank_sums` gives for two groups, from their table of event times."""
    observed, expected, covariance = np.zeros(2), np.zeros(2), np.ones((2, 2))
    survival, weight, variance = 1.0, 1.0, 0.0
    weighted = rho != 0.0 or gamma != 0.0
    for row in range(table.shape[0]):
        n, n2, d, d2 = table[row, 0], table[row, 1], table[row, 2], table[row, 3]
        if weighted:
            if row == 0 or table[row, 4] != table[row - 1, 4]:
                survival = 1.0
            weight = survival**rho * (1.0 - survival) ** gamma
            survival *= 1.0 - d / n
        share = n2 / n
        observed[0] += weight * (d - d2)
        observed[1] += weight * d2
        expected[0] += weight * d * (1.0 - share)
        expected[1] += weight * d * share
        if n > 1.0:
            variance += weight * weight * d * share * (1.0 - share) * (n - d) / (n - 1.0)
    covariance[0, 1] = covariance[1, 0] = -1.0
    return observed, expected, variance * covariance
