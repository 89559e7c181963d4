"""Event times made ready for one pass: checked, coded, and sorted once by stratum and time."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.ordering_kernels import restore_ties
from equipoise.statistics.result import Floats, Integers, NotEstimable

Labels = Sequence[Hashable] | npt.NDArray[np.generic]
# One label for each patient, or several factors by name: every combination of their levels is a stratum.
Strata = Labels | Mapping[str, Labels]

# Up to this many distinct keys, numpy's stable sort is a counting sort.
_COUNTED = 2**16
# So many times say most often that not all are whole numbers.
_TRIED = 100


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """Patients in order of stratum and then time; `order` leads back to the rows as they were given."""

    time: Floats
    event: npt.NDArray[np.bool_]
    stratum: Integers
    order: Integers
    strata: int


def ordered(time: npt.ArrayLike, event: npt.ArrayLike, strata: Strata | None = None) -> Ordered | NotEstimable:
    """Check times and events and sort them by stratum and time.

    Times are finite and not negative; an event is true or 1, a censored time false or 0. Two times are tied when they
    are equal as numbers. A missing value is never dropped here: leaving a patient out is an analysis decision.
    """
    times, events = np.asarray(time, dtype=np.float64), np.asarray(event)
    # Bytes are compared faster than numbers, and most indicators come as truth values.
    events = events if events.dtype == np.bool_ else events.astype(np.float64)
    if times.ndim != 1 or times.shape != events.shape:
        raise ValueError("times and events are two vectors of one length")
    if (problem := _problem(times, events)) is not None:
        return problem
    happened = events if events.dtype == np.bool_ else events == 1
    ascending, order = by_number(times)
    if strata is None:
        return Ordered(ascending, happened[order], np.zeros(times.size, dtype=np.int64), order, 1)
    coded = stratified(strata, times.size)
    if isinstance(coded, NotEstimable):
        return coded
    strata_count, codes = coded
    order = order[by_code(codes[order], strata_count)]
    return Ordered(times[order], happened[order], codes[order], order, strata_count)


def stratified(strata: Strata, length: int) -> tuple[int, Integers] | NotEstimable:
    """The number of strata, and for each patient the code of theirs: the combination of all their factors' levels."""
    factors = list(strata.values()) if isinstance(strata, Mapping) else [strata]
    codes = np.zeros(length, dtype=np.int64)
    for labels in factors:
        coded = encoded(labels, length)
        if isinstance(coded, NotEstimable):
            return coded
        # Renumbered after each factor, so that many factors cannot outgrow the integers.
        _, codes = np.unique(codes * len(coded[0]) + coded[1], return_inverse=True) if codes.any() else coded
    return int(codes.max(initial=-1)) + 1, codes


def encoded(labels: Labels, length: int) -> tuple[tuple[Hashable, ...], Integers] | NotEstimable:
    """The distinct labels in ascending order, and for each patient the position of their label."""
    if len(labels) != length:
        raise ValueError(f"{len(labels)} labels for {length} patients")
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "biu" and length:
        return _encoded_whole_numbers(labels)
    listed: list[Hashable] = labels.tolist() if isinstance(labels, np.ndarray) else list(labels)
    # None and NaN are missing labels; NaN is the one value that differs from itself.
    if any(label is None or label != label for label in listed):
        return NotEstimable("missing_values")
    names = tuple(sorted(set(listed), key=lambda label: (type(label).__name__, label)))
    position = {name: code for code, name in enumerate(names)}
    return names, np.fromiter((position[label] for label in listed), dtype=np.int64, count=length)


def _encoded_whole_numbers(labels: npt.NDArray[np.generic]) -> tuple[tuple[Hashable, ...], Integers]:
    """Labels that are whole numbers or truth values, counted instead of looked up where they are small."""
    numbers = labels.astype(np.int64)
    lowest = int(numbers.min())
    if int(numbers.max()) - lowest < _COUNTED:
        codes = np.subtract(numbers, lowest, out=numbers)
        there = np.bincount(codes) > 0
        found = np.flatnonzero(there) + lowest
        codes = codes if there.all() else (np.cumsum(there) - 1)[codes]
    else:
        found, codes = np.unique(numbers, return_inverse=True)
    return tuple(found.astype(labels.dtype).tolist()), codes


def by_number(times: Floats) -> tuple[Floats, Integers]:
    """Finite times in ascending order and the rows they come from, ties in the order in which they came."""
    if times.size and times.min() >= 0 and times.max() < _COUNTED and _whole(times[:_TRIED]) and _whole(times):
        order = np.argsort(times.astype(np.uint16), kind="stable")
        return times[order], order
    order = np.argsort(times)
    ascending = times[order]
    restore_ties(ascending, order)
    return ascending, order


def _whole(times: Floats) -> bool:
    """Whether all are whole numbers."""
    return bool((np.trunc(times) == times).all())


def by_code(codes: Integers, count: int) -> Integers:
    """The stable order of codes 0 to count − 1."""
    return np.argsort(codes.astype(np.uint16) if count <= _COUNTED else codes, kind="stable")


def _problem(times: Floats, events: npt.NDArray[np.generic]) -> NotEstimable | None:
    if times.size == 0:
        return NotEstimable("no_subjects")
    # A missing value is the least and the greatest of all it is among.
    first, last = float(times.min()), float(times.max())
    truths = events.dtype == np.bool_
    if np.isnan(first) or (not truths and np.isnan(events).any()):
        return NotEstimable("missing_values")
    if np.isinf((first, last)).any():
        return NotEstimable("not_finite")
    if first < 0:
        return NotEstimable("negative_time")
    if not truths and not ((events == 0) | (events == 1)).all():
        return NotEstimable("event_not_binary")
    return None
