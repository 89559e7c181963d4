"""Two arms compared in one pass over sorted times, giving the numbers of the statistics room.

A time is packed with its event and its arm into one whole number (`packed`), which sorts like the time. Who is censored
at the end of the study stays at risk throughout and is counted, not sorted.
"""

from typing import Any, Final

import numpy as np

from equipoise.simulation.design.compiling import compiled, inlined

_EVENT: Final = np.int64(1)
_TREATED: Final = np.int64(2)
_TIME: Final = ~np.int64(3)
_MOST_STEPS: Final = 60
_SETTLED: Final = 1e-7  # the error after a Newton step is of the order of its square


@compiled
def packed(bits: Any, treated: bool, event: int) -> Any:
    """A time, as its bits, with arm and event in the two lowest, which it gives up: it is rounded by 4 ulp at most."""
    return (bits & _TIME) | (_TREATED * treated) | event


@inlined
def sort_times(times: Any, keys: Any, size: int, horizon: float, sorted_keys: Any, ends: Any) -> None:
    """Sort packed keys by distribution and insertion: times spread over (0, horizon] need little more than one pass."""
    buckets = ends.size - 1
    scale = buckets / (horizon * (1.0 + 1e-9))
    for b in range(buckets + 1):
        ends[b] = 0
    for i in range(size):
        ends[min(int(times[i] * scale), buckets - 1) + 1] += 1
    for b in range(buckets):
        ends[b + 1] += ends[b]
    for i in range(size):
        b = min(int(times[i] * scale), buckets - 1)
        sorted_keys[ends[b]] = keys[i]
        ends[b] += 1
    for i in range(1, size):
        key, j = sorted_keys[i], i - 1
        while j >= 0 and sorted_keys[j] > key:
            sorted_keys[j + 1] = sorted_keys[j]
            j -= 1
        sorted_keys[j + 1] = key


@inlined
def event_table(sorted_keys: Any, size: int, treated: float, reference: float, table: Any) -> int:
    """Fill (at risk in the treated arm, in the reference, events, of them treated) of every event time; how many.

    `treated` and `reference` are those censored at the end. A censored patient is at risk at the time of censoring.
    """
    row, i = 0, size - 1
    while i >= 0:
        moment, events, events_treated = sorted_keys[i] & _TIME, 0.0, 0.0
        while i >= 0 and sorted_keys[i] & _TIME == moment:
            of_treated, happened = (sorted_keys[i] & _TREATED) >> 1, sorted_keys[i] & _EVENT
            treated += of_treated
            reference += 1 - of_treated
            events += happened
            events_treated += of_treated & happened
            i -= 1
        if events > 0.0:
            table[row, 0], table[row, 1], table[row, 2], table[row, 3] = treated, reference, events, events_treated
            row += 1
    return row


@compiled
def log_rank(table: Any, rows: int) -> tuple[float, float]:
    """The log-rank z of the treated arm, and its variance; z is NaN where the arms are never at risk together."""
    difference, variance = 0.0, 0.0
    for row in range(rows - 1, -1, -1):
        r1, r0, d, d1 = table[row, 0], table[row, 1], table[row, 2], table[row, 3]
        n = r1 + r0
        share = r1 / n
        difference += d1 - d * share
        if n > 1.0:
            variance += d * share * (1.0 - share) * (n - d) / (n - 1.0)
    return (difference / np.sqrt(variance) if variance > 0.0 else np.nan), variance


@compiled
def slope(table: Any, rows: int, ratio: float, efron: bool) -> tuple[float, float]:
    """First derivative and information of the log partial likelihood in the log hazard ratio."""
    gradient, information = 0.0, 0.0
    for row in range(rows):
        r1, r0, d, d1 = table[row, 0], table[row, 1], table[row, 2], table[row, 3]
        if d == 1.0:
            p = r1 * ratio / (r0 + r1 * ratio)
            gradient += d1 - p
            information += p * (1.0 - p)
            continue
        gradient += d1
        for tied in range(int(d)):
            share = tied / d if efron else 0.0
            s1 = ratio * (r1 - share * d1)
            p = s1 / (s1 + r0 - share * (d - d1))
            gradient -= p
            information += p * (1.0 - p)
    return gradient, information


@compiled
def has_maximum(table: Any, rows: int) -> bool:
    """Whether both arms have events while both are at risk: otherwise the log hazard ratio is infinite or unknown."""
    treated, reference = 0.0, 0.0
    for row in range(rows):
        if table[row, 0] > 0.0 and table[row, 1] > 0.0:
            treated += table[row, 3]
            reference += table[row, 2] - table[row, 3]
    return treated > 0.0 and reference > 0.0


@compiled
def cox(table: Any, rows: int, efron: bool) -> tuple[float, float]:
    """The log hazard ratio of two arms and its standard error; NaN where the likelihood has no maximum.

    Newton's method; a step that would leave the interval known to hold the maximum halves it instead.
    """
    if not has_maximum(table, rows):
        return np.nan, np.nan
    beta, low, high = 0.0, -30.0, 30.0
    for _ in range(_MOST_STEPS):
        gradient, information = slope(table, rows, np.exp(beta), efron)
        if gradient > 0.0:
            low = beta
        else:
            high = beta
        step = gradient / information
        if not low <= beta + step <= high:
            step = 0.5 * (low + high) - beta
        beta += step
        if abs(step) < _SETTLED:
            return beta, 1.0 / np.sqrt(slope(table, rows, np.exp(beta), efron)[1])
    return np.nan, np.nan


@compiled
def wilson(x: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's limits of a proportion, exactly 0 or 1 at the ends."""
    centre, width = x + z * z / 2, z * np.sqrt(x * (n - x) / n + z * z / 4)
    lower, upper = (centre - width) / (n + z * z), (centre + width) / (n + z * z)
    return (0.0 if x == 0.0 else lower), (1.0 if x == n else upper)


@compiled
def newcombe(x1: float, n1: float, x0: float, n0: float, z: float) -> tuple[float, float]:
    """Newcombe's limits (1998, method 10) of a risk difference."""
    low1, high1 = wilson(x1, n1, z)
    low0, high0 = wilson(x0, n0, z)
    p1, p0 = x1 / n1, x0 / n0
    below, above = np.hypot(p1 - low1, high0 - p0), np.hypot(high1 - p1, p0 - low0)
    return p1 - p0 - below, p1 - p0 + above


@compiled
def chi_square(x1: float, n1: float, x0: float, n0: float, continuity: bool) -> float:
    """Pearson's chi-square of a fourfold table, on request with Yates's correction; NaN when it has an empty margin."""
    events, total = x1 + x0, n1 + n0
    if n1 == 0.0 or n0 == 0.0 or events in (0.0, total):
        return np.nan
    expected = events * n1 / total
    distance = abs(x1 - expected)
    if continuity:
        distance -= min(0.5, distance)
    return distance * distance / (expected * (total - events) * n0 / (total * total))
