"""Analysis of covariance of one simulated trial: the change, adjusted for the value at baseline and for the site."""

from typing import Any

import numpy as np

from equipoise.simulation.design.compiling import compiled, inner

_REDUNDANT = 1e-11  # of a column that is left after those before it
_PERFECT_FIT = 1e-13  # of the sum of squares; a sweep leaves that much by rounding alone


@inner
def fill_design(base: Any, final: Any, arm: Any, site: Any, plan: Any, design: Any) -> int:
    """The rows of those with both values: intercept, arms, centred baseline, sites, and the change; how many rows."""
    arms, sites, reference = plan.allocation.shares.size, plan.entry.shares.size, plan.allocation.reference
    size, mean = 0, 0.0
    for i in range(arm.size):
        if np.isnan(base[i]) or np.isnan(final[i]):
            continue
        for column in range(design.shape[1]):
            design[size, column] = 0.0
        design[size, 0] = 1.0
        if arm[i] != reference:
            design[size, 1 + arm[i] - int(arm[i] > reference)] = 1.0
        design[size, arms] = base[i]
        if plan.analyses.by_site and site[i] < sites - 1:
            design[size, arms + 1 + site[i]] = 1.0
        design[size, design.shape[1] - 1] = final[i] - base[i]
        mean += base[i]
        size += 1
    for i in range(size):
        design[i, arms] -= mean / size
    return size


@compiled
def sweep(squares: Any, pivot: int) -> None:
    """Sweep a matrix of sums of squares on a pivot (Goodnight 1979)."""
    d = squares[pivot, pivot]
    n = squares.shape[0]
    for j in range(n):
        squares[pivot, j] /= d
    for i in range(n):
        if i != pivot:
            factor = squares[i, pivot]
            for j in range(n):
                squares[i, j] -= factor * squares[pivot, j]
            squares[i, pivot] = -factor / d
    squares[pivot, pivot] = 1.0 / d


@inner
def columns_wanted(base: Any, final: Any, arm: Any, site: Any, plan: Any) -> int:
    """How many columns must be free of each other: intercept, baseline, the other arms and sites there are.

    None are wanted where nobody of the reference arm is there to compare with.
    """
    arms, sites, reference = 0, 0, False
    for code in range(plan.allocation.shares.size):
        there = False
        for i in range(arm.size):
            there |= arm[i] == code and not (np.isnan(base[i]) or np.isnan(final[i]))
        arms += there
        reference |= there and code == plan.allocation.reference
    for code in range(plan.entry.shares.size if plan.analyses.by_site else 0):
        there = False
        for i in range(site.size):
            there |= site[i] == code and not (np.isnan(base[i]) or np.isnan(final[i]))
        sites += there
    return 1 + arms + max(sites - 1, 0) if reference else 0


@inner
def sums_of_squares(design: Any, size: int, squares: Any) -> None:
    """The products of the columns of a design, the outcome last."""
    columns = squares.shape[0]
    for a in range(columns):
        for b in range(a, columns):
            total = 0.0
            for i in range(size):
                total += design[i, a] * design[i, b]
            squares[a, b] = squares[b, a] = total


@inner
def ancova(
    base: Any, final: Any, arm: Any, site: Any, plan: Any, design: Any, squares: Any
) -> tuple[float, float, int]:
    """Adjusted difference of the treated arm from the reference, its standard error and the degrees of freedom.

    NaN where columns cannot be told from each other, no freedom is left, or nothing varies about the fit.
    """
    size = fill_design(base, final, arm, site, plan, design)
    sums_of_squares(design, size, squares)
    treated, reference, last = plan.allocation.treated, plan.allocation.reference, squares.shape[0] - 1
    rank, place, found, whole = 0, 1 + treated - int(treated > reference), False, squares[last, last]
    for pivot in range(last):
        alone = 0.0
        for i in range(size):
            alone += design[i, pivot] * design[i, pivot]
        if alone > 0.0 and squares[pivot, pivot] > _REDUNDANT * alone:
            sweep(squares, pivot)
            rank += 1
            found = found or pivot == place
    freedom = size - rank
    if not found or freedom < 1 or rank != columns_wanted(base, final, arm, site, plan):
        return np.nan, np.nan, freedom
    if squares[last, last] <= _PERFECT_FIT * whole:
        return np.nan, np.nan, freedom
    variance = squares[last, last] / freedom
    return squares[place, last], np.sqrt(variance * squares[place, place]), freedom
