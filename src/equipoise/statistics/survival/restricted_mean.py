"""Restricted mean survival time: the mean time free of the event up to a horizon, and its contrasts."""

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.distributions import normal_p, normal_quantile
from equipoise.statistics.result import Denominator, Estimate, NotEstimable
from equipoise.statistics.survival.survival_curve import SurvivalCurve, kaplan_meier


def restricted_mean(
    time: npt.ArrayLike, event: npt.ArrayLike, *, horizon: float, level: float = 0.95
) -> Estimate | NotEstimable:
    """The area under the Kaplan–Meier curve from 0 to the horizon (Irwin 1949; Klein & Moeschberger 2003, section 4.5).

    The variance is Σ A(t)² d / n(n − d) over the events up to the horizon, A(t) being the area still to come. The
    horizon may not lie beyond the last follow-up unless the curve has reached zero.
    """
    curve = kaplan_meier(time, event, level=level)
    if isinstance(curve, NotEstimable):
        return curve
    if not horizon > 0:
        raise ValueError(f"a horizon is positive, not {horizon}")
    if horizon > curve.times[-1] and curve.survival[-1] > 0:
        return NotEstimable("beyond_follow_up")
    mean, error = _area(curve, horizon)
    width = normal_quantile(level) * error
    return Estimate(
        method="rmst",
        estimate=mean,
        standard_error=error,
        lower=mean - width if error else None,
        upper=mean + width if error else None,
        level=level,
        denominators=(curve.denominator,),
        why=None if error else NotEstimable("zero_variance"),
    )


def restricted_mean_difference(treatment: Estimate, reference: Estimate) -> Estimate:
    """The difference of two restricted means, treatment minus reference, with its normal interval and test."""
    mean, other = _means(treatment, reference)
    error = float(np.hypot(mean[1], other[1]))
    return _contrast("rmst/difference", mean[0] - other[0], error, "identity", treatment, reference)


def restricted_mean_ratio(treatment: Estimate, reference: Estimate) -> Estimate | NotEstimable:
    """The ratio of two restricted means, treatment over reference, on the log scale (delta method)."""
    mean, other = _means(treatment, reference)
    if mean[0] <= 0 or other[0] <= 0:
        return NotEstimable("only_events")
    error = float(np.hypot(mean[1] / mean[0], other[1] / other[0]))
    return _contrast("rmst/ratio", mean[0] / other[0], error, "log", treatment, reference)


def _area(curve: SurvivalCurve, horizon: float) -> tuple[float, float]:
    inside = curve.times < horizon
    edges = np.concatenate(([0.0], curve.times[inside], [horizon]))
    heights = np.concatenate(([1.0], curve.survival[inside]))
    areas = heights * np.diff(edges)
    to_come = np.cumsum(areas[::-1])[::-1][1:]
    at_risk, events = curve.at_risk[inside], curve.events[inside]
    # Where the curve reaches zero no area is to come: that event adds nothing.
    left = at_risk - events
    terms = np.where(left > 0, events / (at_risk * np.maximum(left, 1.0)), 0.0)
    return float(areas.sum()), float(np.sqrt((to_come**2 * terms).sum()))


def _means(treatment: Estimate, reference: Estimate) -> tuple[tuple[float, float], tuple[float, float]]:
    pairs = [(one.estimate, one.standard_error) for one in (treatment, reference)]
    (mean, error), (other, other_error) = pairs
    if mean is None or error is None or other is None or other_error is None:
        raise ValueError("both restricted means must have been estimated")
    return (mean, error), (other, other_error)


def _contrast(
    method: str, estimate: float, error: float, scale: str, treatment: Estimate, reference: Estimate
) -> Estimate:
    counts = tuple(
        Denominator(name, one.denominators[0].total, one.denominators[0].events)
        for name, one in (("treatment", treatment), ("reference", reference))
    )
    if error == 0.0:
        return Estimate(
            method=method,
            estimate=estimate,
            level=treatment.level,
            denominators=counts,
            why=NotEstimable("zero_variance"),
        )
    width = normal_quantile(treatment.level) * error
    log = scale == "log"
    z = float(np.log(estimate)) / error if log else estimate / error
    lower, upper = (
        (estimate * np.exp(-width), estimate * np.exp(width)) if log else (estimate - width, estimate + width)
    )
    return Estimate(
        method=method,
        estimate=estimate,
        standard_error=error,
        standard_error_scale=scale,
        lower=float(lower),
        upper=float(upper),
        level=treatment.level,
        statistic=z,
        p_value=normal_p(z),
        denominators=counts,
    )
