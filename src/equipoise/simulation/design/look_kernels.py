"""What is known of participants on a day before the end: the rows of everything else, cut there."""

from typing import Any, Final

from equipoise.simulation.design.compiling import compiled
from equipoise.simulation.design.nature_kernels import ATTENDED, DAY
from equipoise.simulation.design.trial_kernels import fate, observe_at_visits, observe_exactly

NOBODY: Final = -1  # the arm of somebody who does not count
MOMENT: Final = 1e-6  # days: what happens at the very time of a look is seen by it


@compiled
def observe_by(
    day: float, first: int, last: int, trial: int, key: Any, plan: Any, space: Any, rows: Any, seen: Any, judged: Any
) -> None:
    """What is known on a calendar day of the participants from `first` to before `last`, of the others nothing.

    The draws are those of the whole trial, so this is what anybody would have seen who looked then. `judged` are the
    days after randomisation on which the last assessment was attended, or else on which nothing more could come.
    """
    visits = space.course.shape[1] - 1
    for i in range(first, last):
        since = day - rows.entered[i] + MOMENT
        seen.arm[i] = rows.arm[i] if since > 0.0 else NOBODY
        if since <= 0.0:
            continue
        uniform, factor, leaves = fate(i, trial, key, plan, space, rows)
        if visits == 0:
            observe_exactly(i, uniform, factor, min(leaves, since), trial, key, plan, seen)
            judged[i] = min(leaves, plan.horizon)
            continue
        observe_at_visits(i, uniform, factor, leaves, since, trial, key, plan, space, seen)
        attended = space.course[ATTENDED, visits] == 1.0
        judged[i] = space.course[DAY, visits] if attended else min(leaves, plan.visits.latest[-1])
    for i in range(last, seen.arm.size):
        seen.arm[i] = NOBODY
