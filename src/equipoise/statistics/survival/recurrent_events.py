"""Regression of events that come again: all events alike (Andersen & Gill), or in their order (Prentice et al.)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.ordering import Labels, Strata, encoded, ordered, stratified
from equipoise.statistics.result import Floats, Integers, NotEstimable
from equipoise.statistics.survival.partial_likelihood import Ties
from equipoise.statistics.survival.proportional_hazards import CoxFit, cox

Clock = Literal["total", "gap"]


def andersen_gill(
    start: npt.ArrayLike,
    stop: npt.ArrayLike,
    event: npt.ArrayLike,
    X: npt.ArrayLike,
    subject: Labels,
    *,
    names: Sequence[str] | None = None,
    ties: Ties = "efron",
    strata: Strata | None = None,
    level: float = 0.95,
) -> CoxFit | NotEstimable:
    """Proportional rates of recurrent events with the robust variance (Andersen & Gill 1982; Lin et al. 2000).

    Rows are a patient's intervals (start, stop], each ending with an event or not; X has a row for each. The rate ratio
    is averaged over everything that makes events of one patient depend on each other, and the variance, clustered by
    patient, allows for it. Not for events that death prevents, if death depends on the arm.
    """
    history = _history(start, stop, event, subject)
    if isinstance(history, NotEstimable):
        return history
    fit = cox(stop, event, X, start=start, names=names, ties=ties, strata=strata, cluster=subject, level=level)
    return fit if isinstance(fit, NotEstimable) else replace(fit, method=f"andersen_gill/{ties}")


def prentice_williams_peterson(
    start: npt.ArrayLike,
    stop: npt.ArrayLike,
    event: npt.ArrayLike,
    X: npt.ArrayLike,
    subject: Labels,
    *,
    clock: Clock = "total",
    last_stratum: int | None = None,
    names: Sequence[str] | None = None,
    ties: Ties = "efron",
    strata: Strata | None = None,
    level: float = 0.95,
) -> CoxFit | NotEstimable:
    """Recurrent events in their order: the nth one has its own baseline (Prentice, Williams & Peterson 1981).

    Only who has had n − 1 events is at risk of the nth. `clock` counts time from the beginning ("total") or afresh from
    the last event ("gap"). Few patients reach high orders: `last_stratum` pools that order and all later ones. Robust
    variance clustered by patient. Orders after the first compare patients whom their earlier events have selected, so
    the estimate is not protected by randomisation.
    """
    if clock not in get_args(Clock):
        raise ValueError(f"clock is one of {', '.join(get_args(Clock))}, not {clock!r}")
    if last_stratum is not None and last_stratum < 1:
        raise ValueError("the last stratum is the first event's or a later one's")
    history = _history(start, stop, event, subject)
    if isinstance(history, NotEstimable):
        return history
    order, origin = history
    order = order if last_stratum is None else np.minimum(order, last_stratum)
    combined = _within(strata, order)
    if isinstance(combined, NotEstimable):
        return combined
    begin, end = np.asarray(start, dtype=np.float64), np.asarray(stop, dtype=np.float64)
    if clock == "gap":
        begin, end = begin - origin, end - origin
    fit = cox(end, event, X, start=begin, names=names, ties=ties, strata=combined, cluster=subject, level=level)
    return fit if isinstance(fit, NotEstimable) else replace(fit, method=f"pwp_{clock}/{ties}")


def _within(strata: Strata | None, order: Integers) -> Integers | NotEstimable:
    """The order of the event within the strata given."""
    if strata is None:
        return order
    coded = stratified(strata, order.size)
    return coded if isinstance(coded, NotEstimable) else coded[1] * (int(order.max()) + 1) + order


def subjects_of(
    start: npt.ArrayLike, stop: npt.ArrayLike, subject: Labels
) -> tuple[Floats, Integers, Integers] | NotEstimable:
    """The starts, the code of each row's patient, and the rows by patient and start, if no intervals overlap."""
    begin, end = np.asarray(start, dtype=np.float64), np.asarray(stop, dtype=np.float64)
    if begin.shape != end.shape:
        raise ValueError("starts and ends are two vectors of one length")
    if not np.isfinite(begin).all():
        return NotEstimable("missing_values" if np.isnan(begin).any() else "not_finite", ("start",))
    if not (begin < end).all():
        return NotEstimable("empty_interval")
    coded = encoded(subject, begin.size)
    if isinstance(coded, NotEstimable):
        return NotEstimable(coded.reason, ("subject",))
    codes = coded[1]
    rows = np.lexsort((begin, codes))
    same = np.diff(codes[rows]) == 0
    if (same & (begin[rows][1:] < end[rows][:-1])).any():
        return NotEstimable("overlapping_intervals")
    return begin, codes, rows


def _history(
    start: npt.ArrayLike, stop: npt.ArrayLike, event: npt.ArrayLike, subject: Labels
) -> tuple[Integers, Floats] | NotEstimable:
    """For every row the order of the event it waits for, and when that waiting began."""
    checked = ordered(stop, event)
    if isinstance(checked, NotEstimable):
        return checked
    found = subjects_of(start, stop, subject)
    if isinstance(found, NotEstimable):
        return found
    begin, codes, rows = found
    events, end = np.asarray(event, dtype=np.float64)[rows], np.asarray(stop, dtype=np.float64)[rows]
    first = np.concatenate(([True], np.diff(codes[rows]) != 0))
    afresh = first | np.concatenate(([False], events[:-1] == 1))
    before = np.cumsum(events) - events
    place = np.arange(rows.size)
    opening = np.maximum.accumulate(np.where(first, place, 0))
    since = np.maximum.accumulate(np.where(afresh, place, 0))
    previous = np.concatenate(([0.0], end[:-1]))
    order, origin = np.empty(rows.size, dtype=np.int64), np.empty(rows.size)
    order[rows] = (before - before[opening]).astype(np.int64) + 1
    origin[rows] = np.where(first[since], begin[rows][since], previous[since])
    return order, origin
