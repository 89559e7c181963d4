"""The rate of a count of events over person-time, with its exact interval."""

from math import inf, isinf, isnan, sqrt

from equipoise.statistics.numerics.distributions import check_level, gamma_quantile
from equipoise.statistics.result import Denominator, Estimate, NotEstimable


def poisson_rate(
    events: int, person_time: float, *, subjects: int | None = None, per: float = 1.0, level: float = 0.95
) -> Estimate | NotEstimable:
    """Events per unit of person-time with Garwood's exact interval (Garwood 1936).

    `per` rescales: person-time in years and `per=100` give a rate per 100 patient-years. Not for recurrent events of
    which some patients have many: there the counts vary more than Poisson and the interval is too short.
    """
    check_level(level)
    if events < 0 or events != int(events):
        raise ValueError(f"{events} is not a count of events")
    if person_time < 0 or not 0 < per < inf:
        raise ValueError("person-time is not negative and its unit is positive and finite")
    if isnan(person_time) or isinf(person_time):
        return NotEstimable("missing_values" if isnan(person_time) else "not_finite")
    if person_time == 0:
        return NotEstimable("no_person_time")
    tail, unit = (1.0 - level) / 2.0, per / person_time
    return Estimate(
        method="rate/garwood",
        estimate=events * unit,
        standard_error=sqrt(events) * unit,
        lower=gamma_quantile(tail, events) * unit if events else 0.0,
        upper=gamma_quantile(1.0 - tail, events + 1) * unit,
        level=level,
        denominators=(Denominator("all", subjects, events),) if subjects is not None else (),
    )
