"""A randomisation scheme walked again: other lists it could have given, and what the one it gave was worth guessing."""

from typing import Any

from equipoise.simulation.design.compiling import compiled
from equipoise.simulation.design.philox_kernels import LISTS, unit, words


@compiled
def branch_of(point: float, row: int, allocation: Any) -> int:
    """The branch that a point takes from a state of the scheme."""
    branch = 0
    while point >= allocation.ends[row, branch]:
        branch += 1
    return branch


@compiled
def count_extreme(
    scores: Any, extreme: float, lists: int, trial: int, key: Any, allocation: Any, strata: Any, state: Any, sums: Any
) -> int:
    """In how many of so many lists the sum of the treated scores is as far from 0; four lists come from one draw.

    Each stratum's list is drawn anew in the order in which participants came. `state` (strata × 4) and `sums` (4) are
    room to work in.
    """
    found = 0
    for block in range((lists + 3) // 4):
        state[:, :] = 0
        sums[:] = 0.0
        for i in range(scores.size):
            stratum, drawn = strata[i], words(i, LISTS + block, trial, key)
            for k in range(4):
                row = state[stratum, k]
                branch = branch_of(unit(drawn[k]), row, allocation)
                sums[k] += scores[i] * (allocation.arms[row, branch] == allocation.treated)
                state[stratum, k] = allocation.after[row, branch]
        for k in range(min(4, lists - 4 * block)):
            found += abs(sums[k]) >= extreme
    return found


@compiled
def walk_again(
    arm: Any, site: Any, strata: Any, drawn: Any, allocation: Any, known: Any, state: Any, ahead: Any, facts: Any
) -> int:
    """Add what is known of each state along the lists of a trial into `facts`; the largest imbalance at any time.

    `known` is states × facts; `ahead` becomes by how many the treated arm is ahead in each site at the end.
    """
    whole, worst = 0, 0
    state[:, :] = 0
    ahead[:], facts[:] = 0, 0.0
    for i in range(arm.size):
        row = state[strata[i], 0]
        for fact in range(facts.size):
            facts[fact] += known[row, fact]
        step = int(arm[i] == allocation.treated) - int(arm[i] == allocation.reference)
        whole += step
        ahead[site[i]] += step
        worst = max(worst, abs(whole))
        state[strata[i], 0] = allocation.after[row, branch_of(unit(drawn[i]), row, allocation)]
    return worst
