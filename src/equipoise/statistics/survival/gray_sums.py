"""The score and the variance of Gray's test, stratum by stratum (Gray 1988, Annals of Statistics 16:1141-1154)."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.ordering import Ordered
from equipoise.statistics.result import Floats, Integers

_ROUNDING: Final = 1e-12  # of a pooled incidence that has reached one


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Of one stratum, one row for every distinct time and one column for every group."""

    at_risk: Floats
    events: Floats
    competing: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """Free of any event just before and after each time, by group, and the pooled incidence before and after it."""

    free_before: Floats
    free: Floats
    pooled_before: Floats
    pooled: Floats
    weight: Floats  # at risk over free of any event: h in the paper
    total: Floats  # its sum over the groups


def gray_sums(
    data: Ordered, ours: npt.NDArray[np.bool_], group: Integers, groups: int
) -> tuple[Floats, Floats, Floats]:
    """Observed and expected events of each group, and the covariance of their difference, summed over the strata."""
    observed, expected, variance = np.zeros(groups), np.zeros(groups), np.zeros((groups, groups))
    edges = np.searchsorted(data.stratum, np.arange(data.strata + 1))
    for first, last in pairwise(edges.tolist()):
        inside = slice(first, last)
        counts = _counted(data.time[inside], data.event[inside], ours[inside], group[inside], groups)
        curves, subdistribution = _curves(counts)
        observed += counts.events.sum(axis=0)
        all_events = counts.events.sum(axis=1)
        expected += (all_events / subdistribution.sum(axis=1)) @ subdistribution
        variance += _variance(counts, curves)
    return observed, expected, variance


def _counted(
    time: Floats, event: npt.NDArray[np.bool_], ours: npt.NDArray[np.bool_], group: Integers, groups: int
) -> _Counts:
    row = np.cumsum(np.concatenate(([0], np.diff(time) != 0)))
    place, size = row * groups + group, (int(row[-1]) + 1) * groups

    def count(chosen: npt.NDArray[np.bool_]) -> Floats:
        return np.bincount(place[chosen], minlength=size).reshape(-1, groups).astype(np.float64)

    leaving = count(np.ones(time.size, dtype=np.bool_))
    happened = count(event).any(axis=1)
    at_risk = leaving[::-1].cumsum(axis=0)[::-1]
    return _Counts(at_risk[happened], count(ours)[happened], count(event & ~ours)[happened])


def _before(after: Floats, origin: float) -> Floats:
    return np.concatenate((np.full_like(after[:1], origin), after[:-1]))


def _curves(counts: _Counts) -> tuple[_Curves, Floats]:
    """The curves, and each group's patients at risk as if competing events left them there (R in the paper)."""
    met = np.maximum(counts.at_risk, 1.0)
    free = np.cumprod(1.0 - (counts.events + counts.competing) / met, axis=0, dtype=np.float64)
    free_before = _before(free, 1.0)
    incidence: Floats = np.cumsum(free_before * counts.events / met, axis=0)
    # Nobody is at risk where nobody is free of events: the weight is zero there.
    weight = np.divide(counts.at_risk, free_before, out=np.zeros_like(free), where=counts.at_risk > 0)
    total = weight.sum(axis=1)
    pooled: Floats = np.cumsum(counts.events.sum(axis=1) / total)
    curves = _Curves(free_before, free, _before(pooled, 0.0), pooled, weight, total)
    return curves, weight * (1.0 - _before(incidence, 0.0))


def _variance(counts: _Counts, curves: _Curves) -> Floats:
    """The covariance of the scores as a sum over independent increments: events of the cause and competing ones.

    A group's events also move the scores of later times, through its curves; `later` is how strongly.
    """
    all_events, groups = counts.events.sum(axis=1), counts.at_risk.shape[1]
    share = curves.weight / curves.total[:, np.newaxis]
    now = curves.weight[:, :, np.newaxis] * (np.eye(groups) - share[:, np.newaxis, :])
    rest = np.where(np.abs(1.0 - curves.pooled_before) < _ROUNDING, 0.0, 1.0 - curves.pooled_before)
    still = (curves.total * rest)[:, np.newaxis, np.newaxis]
    # A group that is alone at risk moves no later score, also where the pooled incidence has reached one.
    with np.errstate(divide="ignore"):
        growth = np.divide(now * all_events[:, np.newaxis, np.newaxis], still, out=np.zeros_like(now), where=now != 0)
    later = growth.sum(axis=0) - np.cumsum(growth, axis=0)
    left = np.divide(1.0 - curves.pooled[:, np.newaxis], curves.free, out=np.ones_like(share), where=curves.free > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = curves.free_before * all_events[:, np.newaxis] / (curves.total[:, np.newaxis] * counts.at_risk)
        alone = curves.total[:, np.newaxis] * curves.free_before - 1.0
        tied = np.where(all_events[:, np.newaxis] > 1, 1.0 - (all_events[:, np.newaxis] - 1.0) / alone, 1.0)
        other = curves.free_before**2 * counts.competing / counts.at_risk**2
        other_tied = np.where(counts.competing > 1, 1.0 - (counts.competing - 1.0) / (counts.at_risk - 1.0), 1.0)
        own_rate = np.where(counts.at_risk > 0, rate * tied, 0.0)
        other_rate = np.where((counts.competing > 0) & (curves.free > 0), other * other_tied, 0.0)
    moved = now + (1.0 - left)[:, np.newaxis, :] * later
    return _summed(moved, own_rate) + _summed(left[:, np.newaxis, :] * later, other_rate)


def _summed(vectors: Floats, variances: Floats) -> Floats:
    """Σ over times and groups k of variance × (column k)(column k)′."""
    return np.asarray(np.einsum("tik,tjk,tk->ij", vectors, vectors, variances))
