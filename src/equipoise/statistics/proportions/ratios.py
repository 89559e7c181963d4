"""The ratios of two risks or odds in closed form, with their intervals on the log scale."""

from math import exp, log, sqrt

from equipoise.statistics.numerics.distributions import normal_p, normal_quantile
from equipoise.statistics.proportions.two_by_two import TwoByTwo
from equipoise.statistics.result import Estimate, NotEstimable


def risk_ratio_katz(table: TwoByTwo, *, level: float = 0.95) -> Estimate | NotEstimable:
    """The risk ratio, treatment over reference, with the log interval (Katz et al. 1978).

    An arm without events leaves no interval: use `risk_ratio_score` there.
    """
    z = normal_quantile(level)
    if (problem := table.empty) is not None:
        return problem
    if table.reference_events == 0:
        return NotEstimable("no_events" if table.treatment_events == 0 else "no_reference_events")
    treated, reference = table.risks
    if table.treatment_events == 0:
        return _without_interval("rr/katz_log", 0.0, table, level, "zero_cell")
    variance = (1 - treated) / table.treatment_events + (1 - reference) / table.reference_events
    if variance == 0.0:
        return _without_interval("rr/katz_log", 1.0, table, level, "zero_variance")
    return _on_log_scale("rr/katz_log", treated / reference, sqrt(variance), z, table, level)


def odds_ratio_woolf(table: TwoByTwo, *, level: float = 0.95) -> Estimate | NotEstimable:
    """The odds ratio, treatment over reference, with the logit interval (Woolf 1955).

    A zero cell leaves no interval: use `odds_ratio_score` or `fisher_exact` there. No ½ is added in silence.
    """
    z = normal_quantile(level)
    if (problem := table.empty or table.one_sided) is not None:
        return problem
    a, c = table.treatment_events, table.reference_events
    b, d = table.treatment_total - a, table.reference_total - c
    if b * c == 0:
        return NotEstimable("zero_cell")
    if a * d == 0:
        return _without_interval("or/woolf", 0.0, table, level, "zero_cell")
    error = sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return _on_log_scale("or/woolf", a * d / (b * c), error, z, table, level)


def _on_log_scale(method: str, ratio: float, error: float, z: float, table: TwoByTwo, level: float) -> Estimate:
    statistic = log(ratio) / error
    return Estimate(
        method=method,
        estimate=ratio,
        standard_error=error,
        standard_error_scale="log",
        lower=ratio * exp(-z * error),
        upper=ratio * exp(z * error),
        level=level,
        statistic=statistic,
        p_value=normal_p(statistic),
        denominators=table.denominators,
    )


def _without_interval(method: str, ratio: float, table: TwoByTwo, level: float, reason: str) -> Estimate:
    return Estimate(
        method=method, estimate=ratio, level=level, denominators=table.denominators, why=NotEstimable(reason)
    )
