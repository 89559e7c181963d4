"""What a randomisation scheme costs and gives in simulated trials: predictability, balance, and its own test."""

from typing import Final

import numpy as np

from equipoise.simulation.design.analysis_kernels import RESULTS
from equipoise.simulation.design.conduct import Rerandomised
from equipoise.simulation.design.minimising_kernels import count_extreme_minimised
from equipoise.simulation.design.plan import Allocation, Floats
from equipoise.simulation.design.room import Room
from equipoise.simulation.design.scheme_kernels import count_extreme

# What is told of a scheme, beside the share of right guesses that is told of every trial.
OF_SCHEME: Final = ("deterministic", "entropy_bits", "forcing_index", "largest_imbalance", "largest_site_imbalance")
_ROUNDING: Final = 1e-9  # sums that differ by less are equal
_REJECTED: Final = RESULTS.index("rejected")


def known_of(allocation: Allocation) -> Floats:
    """Of each state of the scheme: whether the next arm is certain, its entropy in bits, and 4 × |φ − ½| (states × 3).

    φ is the chance of the first arm; the forcing index is that of `randomisation.metrics`.
    """
    chances = np.diff(allocation.ends, axis=1, prepend=0.0)
    of_arms = np.stack([np.where(allocation.arms == arm, chances, 0.0).sum(axis=1)
                        for arm in range(allocation.shares.size)], axis=1)  # fmt: skip
    logs = np.log2(of_arms, out=np.zeros_like(of_arms), where=of_arms > 0.0)
    certain = (of_arms > 1.0 - _ROUNDING).any(axis=1)
    return np.stack([certain, -(of_arms * logs).sum(axis=1), 4.0 * np.abs(of_arms[:, 0] - 0.5)], axis=1)


def describe_scheme(room: Room, known: Floats) -> list[float]:
    """What the lists of the trial in the room were worth to one who guesses, and how far they strayed from balance."""
    rows, allocation = room.rows, room.plan.allocation
    step = (rows.arm == allocation.treated).astype(np.int64) - (rows.arm == allocation.reference)
    by_site = np.bincount(rows.site, weights=step)
    certain, entropy, forced = known[room.space.met].sum(axis=0).tolist()
    size = rows.arm.size
    return [
        certain / size, entropy, forced / size, float(np.abs(np.cumsum(step)).max()), float(np.abs(by_site).max()),
    ]  # fmt: skip


def rerandomise(room: Room, rule: Rerandomised, results: Floats) -> None:
    """Whether the randomisation test rejects, in the place of the analysis's own test.

    p = (1 + lists as extreme) / (1 + lists), so its level is never exceeded (Rosenberger & Lachin 2016, chapter 6).
    """
    rows, allocation = room.rows, room.plan.allocation
    scores = log_rank_scores(rows.time, rows.event)
    observed = abs(float(scores[rows.arm == allocation.treated].sum()))
    extreme = observed - _ROUNDING * (1.0 + float(np.abs(scores).max()))
    found = _count_extreme(room, rule.lists, scores, extreme)
    results[_REJECTED] = (1 + found) / (1 + rule.lists) <= rule.alpha


def _count_extreme(room: Room, lists: int, scores: Floats, extreme: float) -> int:
    """In how many of so many lists, drawn anew by the trial's own scheme, the treated scores are as extreme."""
    space, allocation, sums = room.space, room.plan.allocation, np.zeros(4)
    asked = (scores, extreme, lists, room.trial, room.key, allocation)
    if allocation.minimising.levels:
        totals = np.zeros((4, *space.taken.shape), np.int64)
        return int(count_extreme_minimised(*asked, space.places, totals, space.score, sums))
    return int(count_extreme(*asked, room.rows.stratum, np.zeros((allocation.strata, 4), np.int64), sums))


def log_rank_scores(time: Floats, event: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
    """An event less the cumulative hazard of all arms together by its time (Peto & Peto 1972); they add up to 0."""
    _, place, number = np.unique(time, return_inverse=True, return_counts=True)
    at_risk = time.size - np.cumsum(number) + number
    hazard = np.cumsum(np.bincount(place, weights=event) / at_risk)
    return np.asarray(event - hazard[place])
