"""The risk by one day in each of two arms from their Kaplan–Meier curves, as a difference and as a ratio."""

from math import exp, hypot, log

from equipoise.statistics.numerics.distributions import normal_p, normal_quantile
from equipoise.statistics.result import Denominator, Estimate, NotEstimable
from equipoise.statistics.survival.survival_curve import SurvivalCurve


def risk_difference_at(treatment: SurvivalCurve, reference: SurvivalCurve, *, time: float) -> Estimate | NotEstimable:
    """The difference of the risks 1 − S(t), treatment minus reference, with its normal interval and test.

    Greenwood's variances add up (Klein & Moeschberger 2003, section 7.8). A curve that ends before `time` without
    having reached zero is `beyond_follow_up`.
    """
    pair = _pair(treatment, reference, time)
    if isinstance(pair, NotEstimable):
        return pair
    (risk, error), (other, other_error) = pair
    both = hypot(error, other_error)
    return _contrast("km_risk/difference", risk - other, both, treatment, reference)


def risk_ratio_at(treatment: SurvivalCurve, reference: SurvivalCurve, *, time: float) -> Estimate | NotEstimable:
    """The ratio of the risks 1 − S(t), treatment over reference; interval and test on the log scale (delta method)."""
    pair = _pair(treatment, reference, time)
    if isinstance(pair, NotEstimable):
        return pair
    (risk, error), (other, other_error) = pair
    if other == 0.0:
        return NotEstimable("no_reference_events")
    if risk == 0.0:
        return NotEstimable("no_events")
    both = hypot(error / risk, other_error / other)
    return _contrast("km_risk/ratio", risk / other, both, treatment, reference)


def _pair(
    treatment: SurvivalCurve, reference: SurvivalCurve, time: float
) -> tuple[tuple[float, float], tuple[float, float]] | NotEstimable:
    one, other = _risk(treatment, time), _risk(reference, time)
    if isinstance(one, NotEstimable):
        return one
    return other if isinstance(other, NotEstimable) else (one, other)


def _risk(curve: SurvivalCurve, time: float) -> tuple[float, float] | NotEstimable:
    """The risk and Greenwood's error, which is zero before the first event and, as Wald's is, at a risk of one."""
    point = curve.at([time])[0]
    if point.survival is None:
        return NotEstimable("beyond_follow_up")
    return 1.0 - point.survival, point.standard_error or 0.0


def _contrast(
    method: str, estimate: float, error: float, treatment: SurvivalCurve, reference: SurvivalCurve
) -> Estimate:
    counts = tuple(
        Denominator(name, curve.subjects, int(curve.events.sum()))
        for name, curve in (("treatment", treatment), ("reference", reference))
    )
    if error == 0.0:
        why = NotEstimable("zero_variance")
        return Estimate(method=method, estimate=estimate, level=treatment.level, denominators=counts, why=why)
    logs = method == "km_risk/ratio"
    centre, width = log(estimate) if logs else estimate, normal_quantile(treatment.level) * error
    lower, upper = (exp(end) if logs else end for end in (centre - width, centre + width))
    return Estimate(
        method=method, estimate=estimate, standard_error=error, standard_error_scale="log" if logs else "identity",
        lower=lower, upper=upper, level=treatment.level, statistic=centre / error, p_value=normal_p(centre / error),
        denominators=counts,
    )  # fmt: skip
