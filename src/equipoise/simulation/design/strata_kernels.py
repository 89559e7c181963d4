"""Comparisons within sites, and exact ones: the sums of the statistics room over the strata of one simulated trial."""

from math import lgamma
from typing import Any, Final

import numpy as np

from equipoise.simulation.design.comparison_kernels import event_table, packed, sort_times
from equipoise.simulation.design.compiling import compiled, inner
from equipoise.simulation.design.philox_kernels import normal
from equipoise.statistics.proportions.score_kernels import DIFFERENCE, score_interval

_EQUALLY_LIKELY: Final = 1.0 + 1e-7  # as statistics.proportions.fisher has it
_LEAST_P: Final = 1e-10


@inner
def tabulate_within(plan: Any, rows: Any, bench: Any) -> int:
    """The tables of event times of all sites, one after another; how many rows. Their sums are the stratified ones."""
    treated, reference, filled = plan.allocation.treated, plan.allocation.reference, 0
    end = plan.visits.latest[-1] if plan.visits.days.size else plan.horizon
    bits = rows.time.view(np.int64)
    for site in range(plan.entry.shares.size):
        size, last_treated, last_reference = 0, 0.0, 0.0
        for i in range(plan.participants):
            if rows.site[i] != site or (rows.arm[i] != treated and rows.arm[i] != reference):
                continue
            if rows.event[i] == 1 or rows.time[i] < end:
                bench.keys[size] = packed(bits[i], rows.arm[i] == treated, rows.event[i])
                size += 1
            elif rows.arm[i] == treated:
                last_treated += 1.0
            else:
                last_reference += 1.0
        sort_times(bench.times, bench.keys, size, end, bench.sorted_keys, bench.ends)
        filled += event_table(bench.sorted_keys, size, last_treated, last_reference, bench.table[filled:])
    return filled


@inner
def count_within(taken: float, kept: float, plan: Any, rows: Any, bench: Any) -> int:
    """Events and people of both arms in each site that has both, as columns of the bench; how many sites.

    `taken` is what an unknown outcome counts as an event, `kept` what it counts as a person.
    """
    columns, sites = bench.columns, 0
    for site in range(plan.entry.shares.size):
        for row in range(4):
            columns[row, sites] = 0.0
        for i in range(plan.participants):
            row = 0 if rows.arm[i] == plan.allocation.treated else 2
            if rows.site[i] == site and (row == 0 or rows.arm[i] == plan.allocation.reference):
                columns[row, sites] += taken if rows.state[i] < 0 else rows.state[i]
                columns[row + 1, sites] += kept if rows.state[i] < 0 else 1.0
        sites += columns[1, sites] > 0.0 and columns[3, sites] > 0.0
    return sites


@compiled
def cochran_mantel_haenszel(columns: Any, sites: int) -> float:
    """The chi-square statistic over the sites (Mantel & Haenszel 1959); NaN where nothing varies."""
    distance, variance = 0.0, 0.0
    for k in range(sites):
        x1, n1, x0, n0 = columns[0, k], columns[1, k], columns[2, k], columns[3, k]
        n, events = n1 + n0, x1 + x0
        distance += x1 - n1 * events / n
        variance += n1 * n0 * events * (n - events) / (n * n * (n - 1.0))
    return distance * distance / variance if variance > 0.0 else np.nan


@compiled
def score_difference(columns: Any, sites: int, z: float) -> tuple[float, float, float]:
    """The difference of risks with weights n₁n₀/N over the sites, and its score limits (Miettinen & Nurminen 1985)."""
    difference, weights = 0.0, 0.0
    for k in range(sites):
        weight = columns[1, k] * columns[3, k] / (columns[1, k] + columns[3, k])
        difference += weight * (columns[0, k] / columns[1, k] - columns[2, k] / columns[3, k])
        weights += weight
    difference /= weights
    x1, n1, x0, n0 = columns[0, :sites], columns[1, :sites], columns[2, :sites], columns[3, :sites]
    lower, upper = score_interval(DIFFERENCE, z, difference, x1, n1, x0, n0, True)
    return difference, lower, upper


@compiled
def log_choose(n: float, k: float) -> float:
    """The logarithm of the number of ways to choose k of n."""
    return lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0)


@compiled
def fisher(x1: float, n1: float, x0: float, n0: float) -> float:
    """The square of the normal deviate that has the two-sided p value of Fisher's exact test; NaN with an empty margin.

    No deviate is taken beyond a p value of 1e-10: there is none at which a trial would be judged.
    """
    events = x1 + x0
    if n1 == 0.0 or n0 == 0.0 or events in (0.0, n1 + n0):
        return np.nan
    whole, p = log_choose(n1 + n0, events), 0.0
    likely = np.exp(log_choose(n1, x1) + log_choose(n0, x0) - whole) * _EQUALLY_LIKELY
    for k in range(int(max(0.0, events - n0)), int(min(n1, events)) + 1):
        chance = np.exp(log_choose(n1, float(k)) + log_choose(n0, events - k) - whole)
        p += chance if chance <= likely else 0.0
    deviate = normal(0.5 * min(max(p, _LEAST_P), 1.0))
    return deviate * deviate
