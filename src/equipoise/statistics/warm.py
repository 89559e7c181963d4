"""Compiled kernels made ready before they are wanted.

A kernel is compiled when it is first called and then kept on disk. On a fresh machine the first analysis would wait for
seconds; a process of its own compiles meanwhile, and nobody waits.
"""

from multiprocessing import get_context
from multiprocessing.context import SpawnProcess

import numpy as np

from equipoise.statistics import (
    NotEstimable,
    TwoByTwo,
    andersen_gill,
    conditional_power,
    cox,
    futility_design,
    gray_test,
    group_sequential_design,
    logrank,
    mean_cumulative_function,
    odds_ratio_profile,
    odds_ratio_score,
    odds_ratio_score_stratified,
    proportional_hazards_test,
    risk_difference_score,
    risk_ratio_score,
    two_arm_survival,
    two_proportions_power,
    unconditional_exact,
)
from equipoise.statistics.design.spending import StoppingRule


def warm_in_background() -> SpawnProcess:
    """Begin to compile every kernel in another process; it ends by itself, or with this one."""
    process = get_context("spawn").Process(target=warm, daemon=True)
    process.start()
    return process


def warm() -> None:
    """Call the methods that stand on kernels once each, on a dozen invented patients."""
    _times()
    _recurrences()
    _tables()
    _designs()


def _times() -> None:
    time = np.array([0.5, 2.0, 2.0, 3.0, 4.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 9.0])
    event, row = np.array([1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1], dtype=bool), np.arange(12)
    X = np.column_stack([row % 2, np.cos(row)])
    two_arm_survival(time, event, row % 2, reference=0, strata=row // 6)
    logrank(time, event, row % 3)
    gray_test(time, event * (1 + row // 6), row % 2)
    cox(time, event, X, ties="exact")
    fit = cox(time, event, X, robust=True)
    assert not isinstance(fit, NotEstimable)  # noqa: S101 - these twelve patients have an estimate
    proportional_hazards_test(fit)


def _recurrences() -> None:
    start, subject = np.tile([0.0, 1.0], 6), np.repeat(np.arange(6), 2)
    event = np.array([1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1, 0], dtype=bool)
    andersen_gill(start, start + 1.0, event, np.cos(subject), subject)
    mean_cumulative_function(start, start + 1.0, event, subject)


def _tables() -> None:
    table = TwoByTwo(
        treatment="a", treatment_events=3, treatment_total=9, reference="b", reference_events=5, reference_total=8
    )
    for interval in (risk_difference_score, risk_ratio_score, odds_ratio_score, odds_ratio_profile):
        interval(table)
    odds_ratio_score_stratified([table, table])
    for ordering in ("boschloo", "z_pooled"):
        unconditional_exact(table, ordering=ordering)
    two_proportions_power(0.6, 9, 0.3, 8)


def _designs() -> None:
    looks, rule = (0.5, 1.0), StoppingRule("lan_demets_of")
    for shape in (rule, StoppingRule("obrien_fleming")):
        group_sequential_design(looks, shape)
    design = futility_design(looks, rule, rule, binding=True)
    conditional_power(design, 0.5, 1.0)
