"""The Kaplan–Meier estimate: the curve, its limits, its quantiles, and how many patients stand behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.distributions import normal_quantile
from equipoise.statistics.numerics.ordering import ordered
from equipoise.statistics.result import Booleans, Denominator, Estimate, Floats, NotEstimable, frozen
from equipoise.statistics.survival.survival_kernels import fill_between_steps, fill_curve, rows_of

ConfidenceType = Literal["log-log", "log", "plain"]

# Survival is a product of ratios; two levels closer than this are the same level (as in R's `quantile.survfit`).
_SAME_LEVEL = float(np.sqrt(np.finfo(np.float64).eps))


@dataclass(frozen=True, slots=True)
class SurvivalPoint:
    """The curve at one time. None: beyond the last follow-up, or a limit that is not defined there."""

    time: float
    at_risk: int
    survival: float | None
    standard_error: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True, eq=False)
class SurvivalCurve:
    """A Kaplan–Meier curve: one row for every distinct time, censored times included, in ascending order.

    NaN in `lower`, `upper` or `standard_error` marks what is not defined there: limits of type log-log before the
    first event, and the standard error and the log-type limits once the curve has reached zero.
    """

    method: str
    times: Floats
    at_risk: Floats  # just before the time
    events: Floats
    censored: Floats
    survival: Floats
    standard_error: Floats  # Greenwood
    lower: Floats
    upper: Floats
    level: float
    subjects: int

    def at(self, times: Sequence[float]) -> tuple[SurvivalPoint, ...]:
        """The curve at the given times, right-continuous; undefined beyond the last follow-up unless it is at zero."""
        return tuple(_point(self, float(time)) for time in times)

    def numbers_at_risk(self, times: Sequence[float]) -> tuple[int, ...]:
        """How many patients are under observation and free of the event just before each time."""
        return tuple(_at_risk(self, float(time)) for time in times)

    def quantile(self, probability: float = 0.5) -> Estimate:
        """The time by which this share has had the event, with Brookmeyer–Crowley limits; None is "not reached".

        The limits are where the pointwise limits of the curve cross 1 − probability (Brookmeyer & Crowley 1982, on the
        scale of the curve's own limits). On a flat stretch exactly at that level the middle of the stretch is taken.
        """
        if not 0.0 < probability < 1.0:
            raise ValueError(f"a quantile lies strictly between 0 and 1, not {probability}")
        crossings = (
            _crossing(self.times, curve, 1.0 - probability) for curve in (self.survival, self.lower, self.upper)
        )
        estimate, lower, upper = crossings
        return Estimate(
            method=self.method.replace("kaplan_meier", "km_quantile"),
            estimate=estimate,
            lower=lower,
            upper=upper,
            level=self.level,
            denominators=(self.denominator,),
            why=NotEstimable("beyond_follow_up") if None in (estimate, lower, upper) else None,
        )

    @property
    def denominator(self) -> Denominator:
        """The patients behind the curve and their events."""
        return Denominator("all", self.subjects, int(self.events.sum()))


def kaplan_meier(
    time: npt.ArrayLike, event: npt.ArrayLike, *, conf_type: ConfidenceType = "log-log", level: float = 0.95
) -> SurvivalCurve | NotEstimable:
    """The product-limit estimate of survival with pointwise limits (Kaplan & Meier 1958, Greenwood 1926).

    A patient censored at the time of an event is still at risk for it. `conf_type` names the scale of the limits:
    "log-log" (Kalbfleisch & Prentice, the default), "log" or "plain"; the last two are cut at 0 and 1.
    """
    if conf_type not in get_args(ConfidenceType):
        raise ValueError(f"conf_type is one of {', '.join(get_args(ConfidenceType))}, not {conf_type!r}")
    z, data = normal_quantile(level), ordered(time, event)
    if isinstance(data, NotEstimable):
        return data
    return product_limit(data.time, data.event, z, conf_type, level)


def product_limit(time: Floats, event: Booleans, z: float, conf_type: ConfidenceType, level: float) -> SurvivalCurve:
    """The curve of patients sorted by time."""
    rows, climbs = rows_of(time, event)
    # One block and not eight: numpy asks for large pages for it, and new small ones cost more than the curve itself.
    curve, steps = np.empty((8, rows)), np.empty((2, climbs + 1))
    fill_curve(time, event, curve, steps)
    fill_between_steps(curve[2], *_limits(steps[0], steps[1], z, conf_type), curve[6:])
    times, at_risk, events, censored, survival, error, lower, upper = frozen(curve)
    return SurvivalCurve(
        method=f"kaplan_meier/{conf_type}",
        times=times,
        at_risk=at_risk,
        events=events,
        censored=censored,
        survival=survival,
        standard_error=error,
        lower=lower,
        upper=upper,
        level=level,
        subjects=int(time.size),
    )


def _limits(survival: Floats, relative: Floats, z: float, conf_type: ConfidenceType) -> tuple[Floats, Floats]:
    """The pointwise limits on the named scale, NaN where it has no value. The arguments may be written over."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if conf_type == "plain":
            return np.maximum(survival * (1 - z * relative), 0.0), np.minimum(survival * (1 + z * relative), 1.0)
        if conf_type == "log":
            inner = np.where(survival > 0, survival, np.nan)
            return inner * np.exp(-z * relative), np.minimum(inner * np.exp(z * relative), 1.0)
        return _log_log_limits(survival, relative, z)


def _log_log_limits(survival: Floats, relative: Floats, z: float) -> tuple[Floats, Floats]:
    """Survival to the power of exp(± z × relative error / |log survival|), worked out in the room of the arguments."""
    survival[(survival <= 0) | (survival >= 1)] = np.nan
    log = np.log(survival, out=survival)
    power = np.divide(np.multiply(relative, -z, out=relative), log, out=relative)
    np.exp(power, out=power)
    lower = log * power
    upper = np.divide(log, power, out=log)
    return np.exp(lower, out=lower), np.exp(upper, out=upper)


def _at_risk(curve: SurvivalCurve, time: float) -> int:
    row = int(np.searchsorted(curve.times, time, side="left"))
    return int(curve.at_risk[row]) if row < curve.times.size else 0


def _point(curve: SurvivalCurve, time: float) -> SurvivalPoint:
    row = int(np.searchsorted(curve.times, time, side="right")) - 1
    at_risk = _at_risk(curve, time)
    if row < 0:
        limit = None if curve.method.endswith("log-log") else 1.0
        return SurvivalPoint(time, at_risk, 1.0, 0.0, limit, limit)
    if time > curve.times[-1] and curve.survival[-1] > 0:
        return SurvivalPoint(time, at_risk, None, None, None, None)
    columns = (curve.survival, curve.standard_error, curve.lower, curve.upper)
    return SurvivalPoint(time, at_risk, *(None if np.isnan(column[row]) else float(column[row]) for column in columns))


def _crossing(times: Floats, curve: Floats, level: float) -> float | None:
    """The time at which the curve comes down to the level; the middle of the stretch if it stays exactly there."""
    defined = ~np.isnan(curve)
    times, curve = times[defined], curve[defined]
    reached = np.flatnonzero(curve <= level + _SAME_LEVEL)
    if reached.size == 0:
        return None
    below = np.flatnonzero(curve < level - _SAME_LEVEL)
    flat = abs(curve[reached[0]] - level) <= _SAME_LEVEL
    end = (times[below[0]] if below.size else times[-1]) if flat else times[reached[0]]
    return float((times[reached[0]] + end) / 2.0)
