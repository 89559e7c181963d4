"""Minimisation inside a simulated trial: the arms of those who came, and of other lists over the same participants."""

from typing import Any

import numpy as np

from equipoise.randomisation.minimisation_kernels import best_arms
from equipoise.simulation.design.compiling import compiled, inner
from equipoise.simulation.design.philox_kernels import LISTS, unit, words
from equipoise.simulation.design.plan import BEGIN, SOURCE, WEIGHT
from equipoise.simulation.design.scheme_kernels import branch_of


@inner
def find_levels(factors: Any, site: Any, covariates: Any, places: Any) -> None:
    """The places of everybody's levels among the levels of all factors, participants × factors."""
    for factor in range(places.shape[1]):
        source = factors[SOURCE, factor]
        for i in range(places.shape[0]):
            level = site[i] if source < 0 else np.int64(covariates[source, i])
            places[i, factor] = factors[BEGIN, factor] + level


@inner
def next_arm(point: float, allocation: Any, totals: Any, places: Any, score: Any) -> tuple[int, int]:
    """The arm of the participant with these levels, who is added to the totals, and the set of best arms."""
    how = allocation.minimising
    best = best_arms(totals, places, how.step, how.factors[WEIGHT], how.measure, how.scale, score)
    arm = branch_of(point, best, allocation)
    for factor in range(places.size):
        totals[places[factor], arm] += how.step[arm]
    return arm, best


@inner
def minimise(plan: Any, space: Any, rows: Any) -> Any:
    """The arms of everybody; the share of them that betting on the best arm, or on any of several, would guess."""
    right = 0.0
    space.taken[:, :] = 0
    find_levels(plan.allocation.minimising.factors, rows.site, rows.covariates, space.places)
    for i in range(plan.participants):
        point = unit(space.drawn[3, i])
        arm, best = next_arm(point, plan.allocation, space.taken, space.places[i], space.score)
        bets = 0
        for other in range(space.score.size):
            bets += best >> other & 1
        right += (best >> arm & 1) / bets
        rows.arm[i], space.met[i] = arm, best
    return right / plan.participants


@compiled
def count_extreme_minimised(
    scores: Any, extreme: float, lists: int, trial: int, key: Any, allocation: Any, places: Any,
    totals: Any, score: Any, sums: Any,
) -> int:  # fmt: skip
    """In how many of so many lists the sum of the treated scores is as far from 0, as `count_extreme` counts them.

    Who comes, in which order and with which levels (`places`, as `minimise` left them) stays as it was. `totals` (4 ×
    levels × arms), `score` (arms) and `sums` (4) are room to work in.
    """
    found = 0
    for block in range((lists + 3) // 4):
        totals[:, :, :] = 0
        sums[:] = 0.0
        for i in range(scores.size):
            drawn = words(i, LISTS + block, trial, key)
            for k in range(4):
                arm, _ = next_arm(unit(drawn[k]), allocation, totals[k], places[i], score)
                sums[k] += scores[i] * (arm == allocation.treated)
        for k in range(min(4, lists - 4 * block)):
            found += abs(sums[k]) >= extreme
    return found
