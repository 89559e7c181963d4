"""Sample sizes by the normal approximation: two proportions, two means, event times, and rates of recurrent events.

All sizes are left unrounded, because they are inflated (looks, drop-out, clusters) before anybody rounds them;
`SampleSize.whole` rounds each arm up. The ratio is treatment patients per reference patient, tests are two-sided, and
effects are treatment against reference.
"""

from dataclasses import dataclass
from math import asin, ceil, exp, expm1, inf, log, log1p, sqrt

from scipy import special

from equipoise.statistics.numerics.roots import quantile_above, root

# Sizes this close above a whole number are that number: rounding of the last digits must not recruit a patient.
_WHOLE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSize:
    """The patients, and for event times the events, that a trial needs."""

    method: str  # a key of METHODS
    treatment: float
    reference: float
    level: float  # of the two-sided test
    power: float
    events: float | None = None

    @property
    def total(self) -> float:
        """The patients of both arms, unrounded."""
        return self.treatment + self.reference

    @property
    def whole(self) -> tuple[int, int]:
        """Each arm rounded up, treatment first."""
        return ceil(self.treatment - _WHOLE * self.treatment), ceil(self.reference - _WHOLE * self.reference)


def two_proportions_sample_size(
    treatment_risk: float,
    reference_risk: float,
    *,
    method: str = "pooled",
    ratio: float = 1.0,
    alpha: float = 0.05,
    power: float = 0.8,
) -> SampleSize:
    """The patients for a comparison of two risks.

    "pooled" and "unpooled" by the variance under equality (Fleiss, Levin & Paik 2003); "continuity" adds the correction
    of Fleiss, Tytun & Ury 1980 to the pooled size; "arcsine" compares the transformed risks (Cohen 1988).
    """
    deviates = _check(alpha, power, ratio)
    p1, p0 = _check_risk(treatment_risk), _check_risk(reference_risk)
    if p1 == p0:
        raise ValueError("equal risks cannot be told apart by any number of patients")
    reference = _reference_size(method, p1, p0, ratio, deviates)
    return _sizes(f"samplesize/two_proportions/{method}", reference, ratio, alpha, power)


def events_sample_size(
    hazard_ratio: float, *, method: str = "schoenfeld", ratio: float = 1.0, alpha: float = 0.05, power: float = 0.8
) -> float:
    """The events a log-rank test needs, unrounded.

    "schoenfeld": (z + z)² (1 + r)² / (r log² HR) (Schoenfeld 1981); "freedman": (z + z)² (1 + r HR)² / (r (1 − HR)²)
    (Freedman 1982, with an allocation ratio). They differ most where the hazard ratio is far from 1.
    """
    deviates = _check(alpha, power, ratio)
    if not 0.0 < hazard_ratio < inf or hazard_ratio == 1.0:
        raise ValueError(f"a hazard ratio to detect is positive and not 1, not {hazard_ratio}")
    if method == "schoenfeld":
        return (sum(deviates) * (1.0 + ratio) / log(hazard_ratio)) ** 2 / ratio
    if method == "freedman":
        return (sum(deviates) * (1.0 + ratio * hazard_ratio) / (1.0 - hazard_ratio)) ** 2 / ratio
    raise ValueError(f"{method!r} is neither schoenfeld nor freedman")


def hazard_from_risk(risk: float, time: float) -> float:
    """The constant hazard under which this share has had the event by this time."""
    if not 0.0 <= risk < 1.0 or not 0.0 < time < inf:
        raise ValueError("a risk lies in [0, 1) and a time is positive")
    return -log1p(-risk) / time


def event_probability(hazard: float, *, accrual: float, follow_up: float, dropout: float = 0.0) -> float:
    """The chance that a patient's event is seen by the end: entry uniform over `accrual`, then `follow_up` at least.

    Events and drop-out have constant hazards in the same unit of time; an accrual of zero is one common entry
    (Lachin & Foulkes 1986).
    """
    if min(hazard, accrual, follow_up, dropout) < 0.0 or accrual + follow_up <= 0.0:
        raise ValueError("hazards and times are not negative, and somebody is followed up")
    leaving = hazard + dropout
    if leaving == 0.0:
        return 0.0
    spread = -expm1(-leaving * accrual) / (leaving * accrual) if leaving * accrual > 0.0 else 1.0
    return hazard / leaving * (1.0 - exp(-leaving * follow_up) * spread)


def survival_sample_size(
    treatment_hazard: float,
    reference_hazard: float,
    *,
    accrual: float,
    follow_up: float,
    dropout: float = 0.0,
    method: str = "schoenfeld",
    ratio: float = 1.0,
    alpha: float = 0.05,
    power: float = 0.8,
) -> SampleSize:
    """The patients who give the events of `events_sample_size`, with uniform entry, constant hazards and drop-out.

    Times and hazards are in one unit; everybody is followed for `follow_up` after the last one has entered. The
    average chance of an event is weighed by the allocation. `dropout` is a hazard, the same in both arms.
    """
    if not min(treatment_hazard, reference_hazard) > 0.0:
        raise ValueError("hazards are positive")
    events = events_sample_size(
        treatment_hazard / reference_hazard, method=method, ratio=ratio, alpha=alpha, power=power
    )
    treated, untreated = (
        event_probability(hazard, accrual=accrual, follow_up=follow_up, dropout=dropout)
        for hazard in (treatment_hazard, reference_hazard)
    )
    reference = events / (untreated + ratio * treated)
    return _sizes(f"samplesize/survival/{method}", reference, ratio, alpha, power, events)


def two_means_sample_size(
    difference: float,
    deviation: float,
    *,
    method: str = "normal",
    ratio: float = 1.0,
    alpha: float = 0.05,
    power: float = 0.8,
) -> SampleSize:
    """The patients for a comparison of two means with a common standard deviation.

    "normal" takes the deviation as known: (z + z)² σ² (1 + 1/r) / δ² (Julious 2004). "t" finds the size at which the t
    test with a pooled deviation rejects in the direction of the difference with this power, by the noncentral t
    distribution; `two_means_power` counts both directions.
    """
    deviates = _check(alpha, power, ratio)
    if difference == 0.0 or not 0.0 < deviation < inf:
        raise ValueError("a difference to detect is not zero, and a standard deviation is positive")
    if method not in ("normal", "t"):
        raise ValueError(f"{method!r} is not one of normal, t")
    effect = abs(difference) / deviation
    known = (sum(deviates) / effect) ** 2 * (1.0 + 1.0 / ratio)
    if method == "normal":
        return _sizes("samplesize/two_means", known, ratio, alpha, power)
    return _sizes("samplesize/two_means/t", _t_test_size(effect, known, ratio, alpha, power), ratio, alpha, power)


def _t_test_size(effect: float, known: float, ratio: float, alpha: float, power: float) -> float:
    """The reference arm of a t test: more than with a known deviation, and enough for a degree of freedom."""

    def lacking(reference: float) -> float:
        freedom = reference * (1.0 + ratio) - 2.0
        shift = effect / sqrt((1.0 + 1.0 / ratio) / reference)
        return power - float(special.nctdtr(freedom, -shift, special.stdtrit(freedom, alpha / 2.0)))

    low = max(known, 3.0 / (1.0 + ratio))
    high = low
    while lacking(high) > 0.0:
        high *= 2.0
    return root(lacking, low, high) if high > low else low


def two_means_power(
    difference: float, deviation: float, treatment_total: int, reference_total: int, *, alpha: float = 0.05
) -> float:
    """The power of the two-sided t test with a pooled deviation, by the noncentral t distribution."""
    freedom = treatment_total + reference_total - 2
    if min(treatment_total, reference_total) < 1 or freedom < 1 or not 0.0 < deviation < inf or not 0.0 < alpha < 1.0:
        raise ValueError("a t test has two arms, a degree of freedom, a positive deviation and a level below 1")
    shift = abs(difference) / (deviation * sqrt(1.0 / treatment_total + 1.0 / reference_total))
    critical = -float(special.stdtrit(freedom, alpha / 2.0))
    return float(special.nctdtr(freedom, -shift, -critical) + special.nctdtr(freedom, shift, -critical))


def negative_binomial_sample_size(
    reference_rate: float,
    rate_ratio: float,
    *,
    dispersion: float,
    follow_up: float,
    method: str = "true_mean",
    ratio: float = 1.0,
    alpha: float = 0.05,
    power: float = 0.8,
) -> SampleSize:
    """The patients for a ratio of two negative binomial rates, all followed up equally long (Zhu & Lakkis 2014).

    The variance under equality takes both rates at the reference's ("reference_rate", their method 1), at their mean
    weighed by the allocation ("true_mean", method 2), or is that of the alternative ("alternative", a Wald test).
    The variance of a count of mean μ is μ + dispersion × μ².
    """
    z_alpha, z_beta = _check(alpha, power, ratio)
    if min(reference_rate, rate_ratio, follow_up) <= 0.0 or dispersion < 0.0 or rate_ratio == 1.0:
        raise ValueError("rates, follow-up and a ratio other than 1 are positive, and dispersion is not negative")
    rate = rate_ratio * reference_rate
    scatter = (1.0 + ratio) * dispersion / ratio
    alternative = (1.0 / reference_rate + 1.0 / (ratio * rate)) / follow_up + scatter
    null = {
        "reference_rate": (1.0 + ratio) / (ratio * follow_up * reference_rate) + scatter,
        "true_mean": (1.0 + ratio) ** 2 / (ratio * follow_up * (reference_rate + ratio * rate)) + scatter,
        "alternative": alternative,
    }
    if method not in null:
        raise ValueError(f"{method!r} is not one of {', '.join(null)}")
    reference = ((z_alpha * sqrt(null[method]) + z_beta * sqrt(alternative)) / log(rate_ratio)) ** 2
    return _sizes(f"samplesize/negative_binomial/{method}", reference, ratio, alpha, power)


def _reference_size(method: str, p1: float, p0: float, ratio: float, deviates: tuple[float, float]) -> float:
    z_alpha, z_beta = deviates
    difference, mean = abs(p1 - p0), (p0 + ratio * p1) / (1.0 + ratio)
    spread = p1 * (1.0 - p1) / ratio + p0 * (1.0 - p0)
    if method == "unpooled":
        return (z_alpha + z_beta) ** 2 * spread / difference**2
    if method == "arcsine":
        apart = 2.0 * (asin(sqrt(p1)) - asin(sqrt(p0)))
        return ((z_alpha + z_beta) / apart) ** 2 * (1.0 + 1.0 / ratio)
    pooled = (z_alpha * sqrt(mean * (1.0 - mean) * (1.0 + 1.0 / ratio)) + z_beta * sqrt(spread)) ** 2 / difference**2
    if method == "pooled":
        return pooled
    if method == "continuity":
        return 0.25 * pooled * (1.0 + sqrt(1.0 + 2.0 * (1.0 + ratio) / (ratio * pooled * difference))) ** 2
    raise ValueError(f"{method!r} is not one of pooled, unpooled, continuity, arcsine")


def _sizes(
    method: str, reference: float, ratio: float, alpha: float, power: float, events: float | None = None
) -> SampleSize:
    return SampleSize(
        method=method,
        treatment=ratio * reference,
        reference=reference,
        level=alpha,
        power=power,
        events=events,
    )


def _check(alpha: float, power: float, ratio: float) -> tuple[float, float]:
    """The two normal deviates of a two-sided level and a power, once everything is in its range."""
    if not 0.0 < alpha < 1.0 or not alpha / 2.0 < power < 1.0:
        raise ValueError("a level lies between 0 and 1, and power between half of it and 1")
    if not 0.0 < ratio < inf:
        raise ValueError(f"an allocation ratio is positive, not {ratio}")
    return quantile_above(alpha / 2.0), quantile_above(1.0 - power)


def _check_risk(risk: float) -> float:
    if not 0.0 < risk < 1.0:
        raise ValueError(f"a risk to plan with lies between 0 and 1, not {risk}")
    return risk
