"""Intercurrent events of a simulated trial: the rows of an analysis under its strategies, as `analysis.intercurrent`.

The first event of a participant that has another strategy than treatment policy decides. Days are whole days since
randomisation; what was seen on the day of an event was seen before it.
"""

from typing import Any, Final

import numpy as np

from equipoise.simulation.design.compiling import compiled, inlined
from equipoise.simulation.design.nature_kernels import ATTENDED, DAY, DOSE, SCORE, STATE
from equipoise.simulation.design.trial_kernels import BEGUN, DIED, LEFT, SINCE, STOPPED

# The events in their order, and the strategies: of two events on one day the smaller number decides.
EVENTS: Final = ("treatment_stopped", "withdrawn", "died", "missed_assessment", "prohibited_medication")
TREATMENT_POLICY: Final = 0
COMPOSITE: Final = 1
WHILE_ON_TREATMENT: Final = 2
HYPOTHETICAL: Final = 3


@inlined
def first_found(begun: float, course: Any) -> Any:
    """The day of the first assessment that finds medication begun on a day; infinity if none does."""
    for place in range(1, course.shape[1]):
        if course[ATTENDED, place] == 1.0 and course[DAY, place] >= begun:
            return course[DAY, place]
    return np.inf


@inlined
def day_of(event: int, i: int, course: Any, rows: Any, plan: Any) -> Any:
    """The day of an intercurrent event before the last assessment, or before that was overdue; infinity if none."""
    last, latest, on = course.shape[1] - 1, plan.visits.latest[-1], np.inf
    there = course[ATTENDED, last] == 1.0
    if event == 0:
        on = np.floor(rows.days[STOPPED, i])
    elif event == 1:
        on = np.floor(rows.days[LEFT, i])
    elif event == 2:
        on = np.floor(rows.days[DIED, i])
    elif event == 3:
        taking_part = min(rows.days[LEFT, i], rows.days[DIED, i]) > latest and rows.days[SINCE, i] > latest
        on = float(plan.visits.days[-1]) if taking_part and not there else np.inf
    else:
        on = first_found(rows.days[BEGUN, i], course)
    before = on < course[DAY, last] if there else on <= latest
    return on if before else np.inf


@inlined
def decisive(i: int, course: Any, strategies: Any, rows: Any, plan: Any) -> Any:
    """The day and the strategy of the event that decides; infinity and treatment policy where none does."""
    found, decides = np.inf, TREATMENT_POLICY
    for event in range(strategies.size):
        if strategies[event] == TREATMENT_POLICY:
            continue
        on = day_of(event, i, course, rows, plan)
        if on < found or (on == found and on < np.inf and strategies[event] < decides):
            found, decides = on, strategies[event]
    return found, decides


@inlined
def known_by(on: float, course: Any) -> Any:
    """What assessments by a day say: how many were held, on how many the event was shown, on how many it certainly
    was not, and the day of the last of those.
    """
    held, shown, not_shown, last = 0, 0, 0, 0.0
    for place in range(1, course.shape[1]):
        if course[ATTENDED, place] == 1.0 and course[DAY, place] <= on:
            held += 1
            shown += course[STATE, place] == 1.0
            not_shown += course[STATE, place] == 0.0
            last = course[DAY, place] if course[STATE, place] == 0.0 else last
    return held, shown, not_shown, last


@inlined
def set_outcome(i: int, on: float, strategy: int, fails: bool, course: Any, plan: Any, under: Any) -> None:
    """State and time of a participant with a decisive event; `fails`: a failure of the strategy is an event."""
    held, shown, not_shown, last = known_by(on, course)
    if not (under.state[i] == 1 and shown > 0):
        if strategy == COMPOSITE:
            under.state[i] = 1 if fails else 0
        elif strategy == WHILE_ON_TREATMENT and held > 0 and not_shown == held:
            under.state[i] = 0
        else:
            under.state[i] = -1
    if under.event[i] == 1 and under.time[i] <= on:
        return
    if strategy == COMPOSITE:
        under.time[i], under.event[i] = (on, 1) if fails else (plan.horizon, 0)
    else:
        under.time[i], under.event[i] = last, 0


@inlined
def set_course(i: int, on: float, strategy: int, course: Any, under: Any) -> None:
    """The values of a participant with a decisive event: those after it are set aside, or the last one carried on."""
    last, carried = course.shape[1] - 1, 0
    for place in range(1, last + 1):
        if course[ATTENDED, place] == 1.0 and course[DAY, place] <= on:
            carried = place
        else:
            under.courses[i, ATTENDED, place] = 0.0
    if strategy == WHILE_ON_TREATMENT and carried > 0:
        under.courses[i, ATTENDED, last] = 1.0
        under.courses[i, SCORE, last], under.courses[i, DOSE, last] = course[SCORE, carried], course[DOSE, carried]


@compiled
def apply_strategies(strategies: Any, fails: bool, complete: bool, plan: Any, rows: Any, under: Any) -> None:
    """The rows as an analysis reads them. `complete`: only values of those who have one at every assessment count."""
    last = rows.courses.shape[2] - 1
    for i in range(plan.participants):
        under.arm[i], under.time[i], under.event[i] = rows.arm[i], rows.time[i], rows.event[i]
        under.state[i], under.events[i] = rows.state[i], rows.events[i]
        under.base[0, i], under.base[1, i] = rows.base[0, i], rows.base[1, i]
        for row in range(rows.courses.shape[1]):
            for place in range(last + 1):
                under.courses[i, row, place] = rows.courses[i, row, place]
        on, strategy = decisive(i, rows.courses[i], strategies, rows, plan)
        if on < np.inf:
            set_outcome(i, on, strategy, fails, rows.courses[i], plan, under)
            set_course(i, on, strategy, rows.courses[i], under)
        known = under.courses[i, ATTENDED, last] == 1.0
        for place in range(1, last + 1 if complete else 1):
            known = known and under.courses[i, ATTENDED, place] == 1.0
        under.final[0, i] = under.courses[i, SCORE, last] if known else np.nan
        under.final[1, i] = under.courses[i, DOSE, last] if known else np.nan
