"""The partial likelihood of Cox's model: who is at risk at which event, and how ties are counted."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.newton import Height
from equipoise.statistics.numerics.ordering import Ordered, by_code, by_number
from equipoise.statistics.result import Booleans, Floats, Integers, NotEstimable
from equipoise.statistics.survival.counting_kernels import counting_sums, event_table, exact_sums
from equipoise.statistics.survival.event_times import two_group_table
from equipoise.statistics.survival.survival_kernels import cox_sums, two_group_sums

Ties = Literal["efron", "breslow", "exact"]


@dataclass(frozen=True, slots=True, eq=False)
class EventTable:
    """Every event time in the order of its rows: the risk set there as the fitted model sees it.

    `place` is the first row of the time; `mean` the covariates its events saw; `hazard` and `own` hold the hazard added
    and the share of it that tied events are spared, followed by both times the mean covariates; `information` is
    summed over the tied events.
    """

    place: Integers
    mean: Floats
    hazard: Floats
    own: Floats
    information: Floats


@dataclass(frozen=True, slots=True, eq=False)
class PartialLikelihood:
    """The model as its data, its covariates in their order, the starts of late entries, and the rule for ties.

    `table` counts one two-valued covariate's patients at every event time, when that is all the likelihood needs.
    """

    data: Ordered
    covariates: Floats | Booleans  # centred and scaled; or who has the second of one covariate's values
    ties: Ties
    late: tuple[Floats, Integers] | None  # when each row enters, and the rows in the order of entry
    table: Floats | None
    values: tuple[float, float] = (0.0, 0.0)  # of that covariate

    @property
    def X(self) -> Floats:  # noqa: N802 - as the formulas write it
        """Covariates, centred and scaled, in the order of the data."""
        if self.covariates.dtype != np.bool_:
            return np.asarray(self.covariates, dtype=np.float64)
        return np.where(self.covariates, self.values[1], self.values[0])[:, np.newaxis]

    @property
    def start(self) -> Floats:
        """When each row comes under observation; minus infinity where nobody enters late."""
        return np.full(self.data.time.size, -np.inf) if self.late is None else self.late[0]

    @property
    def entry(self) -> Integers:
        """The rows in the order in which they come under observation; none where nobody enters late."""
        return np.zeros(0, dtype=np.int64) if self.late is None else self.late[1]

    @property
    def extremes(self) -> Floats:
        """Rows of covariates between which every patient's linear predictor lies."""
        return self.X if self.table is None else np.array(self.values)[:, np.newaxis]

    def at(self, beta: Floats) -> Height:
        """The log partial likelihood, its gradient and the information at these coefficients."""
        data = self.data
        if self.ties == "exact":
            height: Height = exact_sums(self.start, data.time, data.event, data.stratum, self.X, beta)
        elif self.late is not None:
            height = counting_sums(
                self.start, data.time, data.event, data.stratum, self.entry, self.X, beta, self.ties == "efron"
            )
        elif self.table is not None:
            loglik, gradient, info = two_group_sums(self.table, *self.values, float(beta[0]), self.ties == "efron")
            height = loglik, np.array([gradient]), np.array([[info]])
        else:
            height = cox_sums(data.time, data.event, data.stratum, self.X, beta, self.ties == "efron")
        return height

    def events(self, beta: Floats) -> EventTable:
        """The table of all event times at these coefficients, for ties after Efron or Breslow."""
        data = self.data
        happened = np.flatnonzero(data.event)
        later = (np.diff(data.time[happened]) != 0) | (np.diff(data.stratum[happened]) != 0)
        size = int(later.sum()) + 1
        efron = self.ties == "efron"
        place, mean, hazard, own, info = event_table(
            self.start, data.time, data.event, data.stratum, self.entry, self.X, beta, efron, size
        )
        order = np.argsort(place)
        return EventTable(place[order], mean[order], hazard[order], own[order], info[order])


def partial_likelihood(data: Ordered, start: Floats | None, X: Floats, ties: Ties) -> PartialLikelihood:
    """The likelihood of sorted data and their scaled covariates."""
    if start is not None:
        X = np.where(_seen(data, start)[:, np.newaxis], X, 0.0)
        _, entry = by_number(start)
        entry = entry[by_code(data.stratum[entry], data.strata)]
        return PartialLikelihood(data, X, ties, (start, entry), None)
    column = X[:, 0]
    low, high = float(column.min()), float(column.max())
    second = column == high
    if ties == "exact" or X.shape[1] > 1 or not (second | (column == low)).all():
        return PartialLikelihood(data, X, ties, None, None)
    table = two_group_table(data, second)
    return PartialLikelihood(data, X, ties, None, table, (low, high))


def two_arm_likelihood(data: Ordered, second: Booleans, table: Floats, ties: Ties) -> tuple[PartialLikelihood, Floats]:
    """The likelihood of belonging to the second arm, centred and scaled, and the deviation it was divided by."""
    share = float(second.mean())
    deviation = (share * (1.0 - share)) ** 0.5
    low, high = -share / deviation, (1.0 - share) / deviation
    counted = None if ties == "exact" else table
    return PartialLikelihood(data, second, ties, None, counted, (low, high)), np.array([deviation])


def _seen(data: Ordered, start: Floats) -> Booleans:
    """Which rows are at risk at some event: the others say nothing, whatever their covariates."""
    seen = np.zeros(data.time.size, dtype=np.bool_)
    edges = np.searchsorted(data.stratum, np.arange(data.strata + 1)).tolist()
    for first, last in pairwise(edges):
        times = data.time[first:last][data.event[first:last]]
        until, since = (np.searchsorted(times, ends[first:last], "right") for ends in (data.time, start))
        seen[first:last] = until > since
    return seen


def late_entries(start: npt.ArrayLike | None, data: Ordered) -> Floats | NotEstimable | None:
    """The starts of the intervals in the order of their ends, or what is wrong with them."""
    if start is None:
        return None
    starts = np.asarray(start, dtype=np.float64)
    if starts.shape != data.time.shape:
        raise ValueError("starts and ends are two vectors of one length")
    if np.isnan(starts).any():
        return NotEstimable("missing_values", ("start",))
    if np.isinf(starts).any():
        return NotEstimable("not_finite", ("start",))
    starts = starts[data.order]
    return starts if (starts < data.time).all() else NotEstimable("empty_interval")
