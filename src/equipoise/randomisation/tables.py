"""A procedure as arrays, to simulate many lists at once: the chances in each state, and the state after each arm.

For simulation only: chances are floats here and the stream is a counter-based generator, one stream for each trial, so
that trial 123,456 is the same whether it is drawn alone or among a million. A real list is drawn by `Walk.draw`.
"""

from dataclasses import dataclass
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from equipoise.randomisation.rules import Prepared, Shares, State, walk
from equipoise.randomisation.specification import Specification
from equipoise.randomisation.walk_kernels import lists

Arms: TypeAlias = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The states that can be reached within some slots, the first being the start; states × branches each.

    `ends` are the cumulated chances of the branches, `arms` their arms, `after` the row of the state that follows.
    """

    ends: NDArray[np.float64]
    arms: Arms
    after: NDArray[np.int32]


def table(specification: Specification, shares: Shares, slots: int) -> Table:
    """Every state that the first `slots` slots can reach; raises ValueError if the procedure's list ends before."""
    procedure = walk(specification, shares)
    rows: dict[State, int] = {procedure.start: 0}
    branches: list[list[tuple[float, int, int]]] = []
    frontier: list[State] = [procedure.start]
    for _ in range(slots):
        reached: list[State] = []
        for state in frontier:
            prepared = procedure.prepared(state)
            if not prepared.arms:
                raise ValueError(f"the list ends before slot {slots}")
            for next_state in prepared.after:
                if next_state not in rows:
                    rows[next_state] = len(rows)
                    reached.append(next_state)
            whole = prepared.ends[-1]
            branches.append([(e / whole, a, rows[n]) for e, a, n in zip(*_parts(prepared), strict=True)])
        frontier = reached
    branches += [[(1.0, 0, 0)]] * (len(rows) - len(branches))  # reached by the last slot alone
    width = max(map(len, branches))
    filled = [[*row, *[(1.0, 0, 0)] * (width - len(row))] for row in branches]
    ends, arms, after = (np.array([[cell[part] for cell in row] for row in filled]) for part in range(3))
    return Table(ends, arms.astype(np.uint8), after.astype(np.int32))


def _parts(prepared: Prepared) -> tuple[tuple[int, ...], tuple[int, ...], tuple[State, ...]]:
    return prepared.ends, prepared.arms, prepared.after


def simulated(table: Table, slots: int, trials: int, seed: int, *, first: int = 0) -> Arms:
    """The arms of many lists, trials × slots; trial number `first` + i is the same in every call."""
    return cast(Arms, lists(table.ends, table.arms, table.after, slots, trials, np.uint64(seed), first))
