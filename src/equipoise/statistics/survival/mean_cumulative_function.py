"""The mean cumulative function: how many events a patient has had by a time, on average, with or without death."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.distributions import normal_quantile
from equipoise.statistics.numerics.ordering import Labels, by_number, ordered
from equipoise.statistics.result import Denominator, Floats, NotEstimable, read_only
from equipoise.statistics.survival.recurrent_events import subjects_of
from equipoise.statistics.survival.recurrent_kernels import mean_function_passes

MeanLimits = Literal["log", "plain"]


@dataclass(frozen=True, slots=True)
class MeanPoint:
    """The function at one time. None: beyond the last follow-up, or a limit that is not defined there."""

    time: float
    at_risk: int
    mean: float | None
    standard_error: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True, eq=False)
class MeanCumulativeFunction:
    """A mean cumulative function: one row for every time with an event or a terminal one, in ascending order.

    NaN in `lower` and `upper` marks log limits that are not defined, where the mean or its standard error is zero.
    """

    method: str
    times: Floats
    at_risk: Floats  # just before the time
    events: Floats
    terminal: Floats
    mean: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    level: float
    subjects: int
    starts: Floats  # of all intervals, ascending, as are the stops: who is under observation when
    stops: Floats

    def at(self, times: Sequence[float]) -> tuple[MeanPoint, ...]:
        """The function at the given times, right-continuous; undefined beyond the last follow-up."""
        return tuple(_point(self, float(time)) for time in times)

    @property
    def denominator(self) -> Denominator:
        """The patients behind the function and their events."""
        return Denominator("all", self.subjects, int(self.events.sum()))


def mean_cumulative_function(
    start: npt.ArrayLike,
    stop: npt.ArrayLike,
    event: npt.ArrayLike,
    subject: Labels,
    *,
    terminal: npt.ArrayLike | None = None,
    conf_type: MeanLimits = "log",
    level: float = 0.95,
) -> MeanCumulativeFunction | NotEstimable:
    """The mean number of events by each time, with a variance that lets events of one patient depend on each other.

    Rows are a patient's intervals (start, stop]. Without a terminal event the mean is Σ dN/Y (Nelson 1988) and its
    variance that of Lawless & Nadeau 1995 and Lin et al. 2000. `terminal` marks rows that end in death: then the mean
    is Σ S(t−) dN/Y, S being the Kaplan–Meier estimate of survival, which counts no events after death; the variance is
    that of Ghosh & Lin 2000 in the form that is exact for tied times (the sum of squared influences). Time and memory
    for the variance grow with patients times event times. Not a probability, and not for censoring by the number of
    events.
    """
    if conf_type not in get_args(MeanLimits):
        raise ValueError(f"conf_type is one of {', '.join(get_args(MeanLimits))}, not {conf_type!r}")
    z = normal_quantile(level)
    ends = np.zeros(np.shape(event)) if terminal is None else terminal
    for checked in (ordered(stop, event), ordered(stop, ends)):
        if isinstance(checked, NotEstimable):
            return checked
    found = subjects_of(start, stop, subject)
    if isinstance(found, NotEstimable):
        return found
    begin, codes, rows = found
    stops, happened, ended = (np.asarray(column, dtype=np.float64) for column in (stop, event, ends))
    if (ended[rows][:-1] * (np.diff(codes[rows]) == 0)).any():
        return NotEstimable("observed_after_terminal")
    times = np.unique(stops[(happened == 1) | (ended == 1)])
    at_risk, events, terminals, mean, variance = mean_function_passes(
        times, begin, by_number(begin)[1], stops, by_number(stops)[1], codes, happened, ended, int(codes.max()) + 1
    )
    error = np.sqrt(variance)
    lower, upper = _limits(mean, error, z, conf_type)
    return MeanCumulativeFunction(
        method=f"mean_cumulative_function/{'nelson_aalen' if terminal is None else 'ghosh_lin'}",
        times=read_only(times),
        at_risk=read_only(at_risk),
        events=read_only(events),
        terminal=read_only(terminals),
        mean=read_only(mean),
        standard_error=read_only(error),
        lower=read_only(lower),
        upper=read_only(upper),
        level=level,
        subjects=int(codes.max()) + 1,
        starts=read_only(np.sort(begin)),
        stops=read_only(np.sort(stops)),
    )


def _limits(mean: Floats, error: Floats, z: float, conf_type: MeanLimits) -> tuple[Floats, Floats]:
    """Normal limits of the mean, cut at zero, or of its logarithm."""
    if conf_type == "plain":
        return np.maximum(mean - z * error, 0.0), mean + z * error
    defined = np.where((mean > 0) & (error > 0), mean, np.nan)
    factor = np.exp(z * error / defined)
    return defined / factor, defined * factor


def _point(curve: MeanCumulativeFunction, time: float) -> MeanPoint:
    begun, gone = np.searchsorted(curve.starts, time), np.searchsorted(curve.stops, time)
    at_risk, row = int(begun - gone), int(np.searchsorted(curve.times, time, side="right")) - 1
    if time > curve.stops[-1]:
        return MeanPoint(time, at_risk, None, None, None, None)
    if row < 0:
        return MeanPoint(time, at_risk, 0.0, 0.0, None, None)
    columns = (curve.mean, curve.standard_error, curve.lower, curve.upper)
    return MeanPoint(time, at_risk, *(None if np.isnan(column[row]) else float(column[row]) for column in columns))
