"""Cumulative incidence where one event can prevent another, and its comparison between groups."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.distributions import chi_square_p, normal_quantile
from equipoise.statistics.numerics.ordering import Labels, Ordered, Strata, encoded, ordered
from equipoise.statistics.result import Denominator, Floats, Integers, NotEstimable, read_only
from equipoise.statistics.survival.gray_sums import gray_sums
from equipoise.statistics.survival.log_rank import quadratic
from equipoise.statistics.survival.survival_curve import ConfidenceType

# Incidence is a sum of products of ratios: this close to one, it is one.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class IncidencePoint:
    """The curve at one time. None: beyond the last follow-up, or a limit that is not defined there."""

    time: float
    at_risk: int
    incidence: float | None
    standard_error: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True, eq=False)
class CumulativeIncidence:
    """The probability of one event by each time, others competing: one row for every distinct time, in ascending order.

    NaN in `lower` and `upper` marks limits that are not defined: those on a log scale before the first event.
    """

    method: str
    times: Floats
    at_risk: Floats  # just before the time
    events: Floats
    competing: Floats  # events of any other cause
    incidence: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    level: float
    subjects: int

    def at(self, times: Sequence[float]) -> tuple[IncidencePoint, ...]:
        """The curve at the given times, right-continuous; undefined beyond the last follow-up unless nobody is left."""
        return tuple(_point(self, float(time)) for time in times)

    @property
    def denominator(self) -> Denominator:
        """The patients behind the curve and their events of this cause."""
        return Denominator("all", self.subjects, int(self.events.sum()))


@dataclass(frozen=True, slots=True, eq=False)
class GrayTest:
    """Gray's test: events of the cause less those expected if all groups had one incidence, by `groups`."""

    method: str
    groups: tuple[Hashable, ...]
    observed: Floats
    expected: Floats
    variance: Floats  # covariance of observed − expected
    statistic: float
    degrees_of_freedom: int
    p_value: float
    denominators: tuple[Denominator, ...]


def cumulative_incidence(
    time: npt.ArrayLike,
    cause: npt.ArrayLike,
    *,
    of: int = 1,
    conf_type: ConfidenceType = "log-log",
    level: float = 0.95,
) -> CumulativeIncidence | NotEstimable:
    """The Aalen–Johansen estimate of the incidence of one cause with pointwise limits (Aalen & Johansen 1978).

    `cause` is 0 for a censored time and a positive whole number for each kind of event; all but `of` compete with it.
    F(t) = Σ S(t−) d/n, S being free of any event. The variance is the delta method's (Gaynor et al. 1993), which
    equals the infinitesimal jackknife and, without censoring, F(1 − F)/n. `conf_type` names the scale of the limits.
    """
    if conf_type not in get_args(ConfidenceType):
        raise ValueError(f"conf_type is one of {', '.join(get_args(ConfidenceType))}, not {conf_type!r}")
    z = normal_quantile(level)
    checked = _causes(time, cause, of, None)
    if isinstance(checked, NotEstimable):
        return checked
    data, ours = checked
    times, first = np.unique(data.time, return_index=True)
    at_risk = data.time.size - first
    events, all_events = (np.add.reduceat(column.astype(np.float64), first) for column in (ours, data.event))
    before = np.concatenate(([1.0], np.cumprod(1.0 - all_events / at_risk)[:-1]))
    incidence = np.cumsum(before * events / at_risk)
    error = _standard_error(incidence, before, at_risk, events, all_events)
    lower, upper = _limits(incidence, error, z, conf_type)
    return CumulativeIncidence(
        method=f"cumulative_incidence/{conf_type}",
        times=read_only(times),
        at_risk=read_only(at_risk),
        events=read_only(events),
        competing=read_only(all_events - events),
        incidence=read_only(incidence),
        standard_error=read_only(error),
        lower=read_only(lower),
        upper=read_only(upper),
        level=level,
        subjects=int(data.time.size),
    )


def gray_test(
    time: npt.ArrayLike, cause: npt.ArrayLike, group: Labels, strata: Strata | None = None, *, of: int = 1
) -> GrayTest | NotEstimable:
    """Gray's test that the cumulative incidence of one cause is the same in all groups (Gray 1988, rho 0).

    Events are compared with those expected when a patient who has had a competing event stays, in effect, at risk
    for ever: n(t)(1 − F(t−))/S(t−). With strata, scores and variances are summed. The variance carries the factors for
    tied times of Gray's own program. Not for an effect on the hazard: there the log-rank test of that cause is meant.
    """
    checked = _causes(time, cause, of, strata)
    if isinstance(checked, NotEstimable):
        return checked
    data, ours = checked
    coded = encoded(group, data.time.size)
    if isinstance(coded, NotEstimable):
        return coded
    names, codes = coded
    if len(names) < 2:
        return NotEstimable("one_group")
    if not ours.any():
        return NotEstimable("no_events")
    codes = codes[data.order]
    with np.errstate(invalid="ignore"):
        observed, expected, variance = gray_sums(data, ours, codes, len(names))
    if not np.isfinite(variance).all():
        return NotEstimable("pooled_incidence_is_one")
    solved = quadratic(observed, expected, variance)
    if isinstance(solved, NotEstimable):
        return solved
    return GrayTest(
        method="gray_stratified" if strata is not None else "gray",
        groups=names,
        observed=read_only(observed),
        expected=read_only(expected),
        variance=read_only(variance),
        statistic=solved[0],
        degrees_of_freedom=solved[1],
        p_value=chi_square_p(*solved),
        denominators=_counts(names, codes, ours),
    )


def _counts(names: tuple[Hashable, ...], codes: Integers, ours: npt.NDArray[np.bool_]) -> tuple[Denominator, ...]:
    totals, events = np.bincount(codes, minlength=len(names)), np.bincount(codes[ours], minlength=len(names))
    return tuple(Denominator(str(name), int(n), int(d)) for name, n, d in zip(names, totals, events, strict=True))


def _causes(
    time: npt.ArrayLike, cause: npt.ArrayLike, of: int, strata: Strata | None
) -> tuple[Ordered, npt.NDArray[np.bool_]] | NotEstimable:
    """Times sorted with any event marked, and which rows had the event of interest."""
    if of < 1:
        raise ValueError(f"a cause is a positive whole number, not {of}")
    causes = np.asarray(cause, dtype=np.float64)
    if np.isnan(causes).any():
        return NotEstimable("missing_values", ("cause",))
    if (causes < 0).any() or (causes != np.floor(causes)).any():
        return NotEstimable("not_a_cause")
    data = ordered(time, causes > 0, strata)
    return data if isinstance(data, NotEstimable) else (data, causes[data.order] == of)


def _standard_error(incidence: Floats, before: Floats, at_risk: Integers, events: Floats, all_events: Floats) -> Floats:
    """The delta method: what every event time adds, given how much incidence is still to come after it."""
    left = at_risk - all_events
    # Where nobody is left no incidence is to come, and the first kind of term is zero.
    any_event = np.where(left > 0, all_events / (at_risk * np.maximum(left, 1.0)), 0.0)
    own = before**2 * (at_risk - events) * events / at_risk.astype(np.float64) ** 3
    both = before * events / at_risk.astype(np.float64) ** 2
    variance = (
        incidence**2 * np.cumsum(any_event)
        - 2.0 * incidence * np.cumsum(any_event * incidence + both)
        + np.cumsum(any_event * incidence**2 + own + 2.0 * both * incidence)
    )
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def _limits(incidence: Floats, error: Floats, z: float, conf_type: ConfidenceType) -> tuple[Floats, Floats]:
    """The pointwise limits on the named scale; NaN where that scale has no value."""
    if conf_type == "plain":
        return np.maximum(incidence - z * error, 0.0), np.minimum(incidence + z * error, 1.0)
    if conf_type == "log":
        inner = np.where(incidence > 0, incidence, np.nan)
        factor = np.exp(z * error / inner)
        return inner / factor, np.minimum(inner * factor, 1.0)
    inner = np.where((incidence > 0) & (incidence < 1 - _ROUNDING), incidence, np.nan)
    power = np.exp(z * error / (inner * np.abs(np.log(inner))))
    return inner**power, inner ** (1.0 / power)


def _point(curve: CumulativeIncidence, time: float) -> IncidencePoint:
    row = int(np.searchsorted(curve.times, time, side="right")) - 1
    later = int(np.searchsorted(curve.times, time, side="left"))
    at_risk = int(curve.at_risk[later]) if later < curve.times.size else 0
    if row < 0:
        limit = 0.0 if curve.method.endswith("plain") else None
        return IncidencePoint(time, at_risk, 0.0, 0.0, limit, limit)
    if time > curve.times[-1] and curve.at_risk[-1] > curve.events[-1] + curve.competing[-1]:
        return IncidencePoint(time, at_risk, None, None, None, None)
    columns = (curve.incidence, curve.standard_error, curve.lower, curve.upper)
    return IncidencePoint(time, at_risk, *(None if np.isnan(column[row]) else float(column[row]) for column in columns))
