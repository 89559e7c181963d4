"""Event times made ready for one pass: checked, coded, and sorted once by stratum and time."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from equipoise.statistics.result import Floats, Integers, NotEstimable

Labels = Sequence[Hashable] | npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """Patients in order of stratum and then time; `order` leads back to the rows as they were given."""

    time: Floats
    event: npt.NDArray[np.bool_]
    stratum: Integers
    order: Integers
    strata: int


def ordered(time: npt.ArrayLike, event: npt.ArrayLike, strata: Labels | None = None) -> Ordered | NotEstimable:
    """Check times and events and sort them by stratum and time.

    Times are finite and not negative; an event is true or 1, a censored time false or 0. Two times are tied when they
    are equal as numbers. A missing value is never dropped here: leaving a patient out is an analysis decision.
    """
    times, events = np.asarray(time, dtype=np.float64), np.asarray(event, dtype=np.float64)
    if times.ndim != 1 or times.shape != events.shape:
        raise ValueError("times and events are two vectors of one length")
    if (problem := _problem(times, events)) is not None:
        return problem
    if strata is None:
        order, codes = np.argsort(times, kind="stable"), np.zeros(times.size, dtype=np.int64)
        return Ordered(times[order], events[order] == 1, codes, order, 1)
    coded = encoded(strata, times.size)
    if isinstance(coded, NotEstimable):
        return coded
    names, codes = coded
    order = np.lexsort((times, codes))
    return Ordered(times[order], events[order] == 1, codes[order], order, len(names))


def encoded(labels: Labels, length: int) -> tuple[tuple[Hashable, ...], Integers] | NotEstimable:
    """The distinct labels in ascending order, and for each patient the position of their label."""
    if len(labels) != length:
        raise ValueError(f"{len(labels)} labels for {length} patients")
    listed: list[Hashable] = labels.tolist() if isinstance(labels, np.ndarray) else list(labels)
    # None and NaN are missing labels; NaN is the one value that differs from itself.
    if any(label is None or label != label for label in listed):
        return NotEstimable("missing_values")
    names = tuple(sorted(set(listed), key=lambda label: (type(label).__name__, label)))
    position = {name: code for code, name in enumerate(names)}
    return names, np.fromiter((position[label] for label in listed), dtype=np.int64, count=length)


def _problem(times: Floats, events: Floats) -> NotEstimable | None:
    if times.size == 0:
        return NotEstimable("no_subjects")
    if np.isnan(times).any() or np.isnan(events).any():
        return NotEstimable("missing_values")
    if np.isinf(times).any():
        return NotEstimable("not_finite")
    if (times < 0).any():
        return NotEstimable("negative_time")
    if not ((events == 0) | (events == 1)).all():
        return NotEstimable("event_not_binary")
    return None
