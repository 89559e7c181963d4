"""A randomisation scheme walked again: other lists that it could have given."""

from typing import Any

from equipoise.simulation.design.compiling import compiled, inner
from equipoise.simulation.design.philox_kernels import LISTS, unit, words


@inner
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
