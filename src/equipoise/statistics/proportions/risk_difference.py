"""The difference of two risks in closed form: Wald's interval and Newcombe's."""

from math import hypot, sqrt

from equipoise.statistics.numerics.distributions import normal_p, normal_quantile
from equipoise.statistics.proportions.one_proportion import wilson_limits, wilson_limits_with_continuity
from equipoise.statistics.proportions.two_by_two import TwoByTwo
from equipoise.statistics.result import Estimate, NotEstimable


def risk_difference_wald(table: TwoByTwo, *, level: float = 0.95) -> Estimate | NotEstimable:
    """The risk difference with the simple asymptotic interval, its variance not pooled; not cut at −1 and 1."""
    z = normal_quantile(level)
    if (problem := table.empty) is not None:
        return problem
    treated, reference = table.risks
    difference = treated - reference
    error = sqrt(treated * (1 - treated) / table.treatment_total + reference * (1 - reference) / table.reference_total)
    if error == 0.0:
        return _without_interval("rd/wald", difference, table, level)
    return Estimate(
        method="rd/wald",
        estimate=difference,
        standard_error=error,
        lower=difference - z * error,
        upper=difference + z * error,
        level=level,
        statistic=difference / error,
        p_value=normal_p(difference / error),
        denominators=table.denominators,
    )


def risk_difference_newcombe(
    table: TwoByTwo, *, continuity: bool = False, level: float = 0.95
) -> Estimate | NotEstimable:
    """The risk difference with the hybrid score interval (Newcombe 1998, method 10; with continuity, method 11).

    It is made of the two Wilson intervals and stays within −1 and 1. It has no test of its own.
    """
    z = normal_quantile(level)
    if (problem := table.empty) is not None:
        return problem
    limits = wilson_limits_with_continuity if continuity else wilson_limits
    treated, reference = table.risks
    low1, high1 = limits(table.treatment_events, table.treatment_total, z)
    low0, high0 = limits(table.reference_events, table.reference_total, z)
    difference = treated - reference
    return Estimate(
        method="rd/newcombe_cc" if continuity else "rd/newcombe",
        estimate=difference,
        lower=difference - hypot(treated - low1, high0 - reference),
        upper=difference + hypot(high1 - treated, reference - low0),
        level=level,
        denominators=table.denominators,
    )


def _without_interval(method: str, estimate: float, table: TwoByTwo, level: float) -> Estimate:
    return Estimate(
        method=method,
        estimate=estimate,
        level=level,
        denominators=table.denominators,
        why=NotEstimable("zero_variance"),
    )
