"""One simulated trial under its looks: when each is due, what it sees, and whether the trial stops there."""

from math import copysign, inf, nan, sqrt

import numpy as np

from equipoise.simulation.design.analysis_kernels import RESULTS
from equipoise.simulation.design.conduct import Looks, Tested
from equipoise.simulation.design.look_kernels import MOMENT
from equipoise.simulation.design.plan import Floats
from equipoise.simulation.design.room import Room

_ESTIMATE, _STATISTIC, _REJECTED = (RESULTS.index(name) for name in ("estimate", "statistic", "rejected"))
_WEEK = 7.0


def information_days(room: Room, tested: Tested, participants: int) -> Floats:
    """The calendar days on which information of so many participants comes in, in order. All arms count."""
    if tested.by_event:
        rows = room.read(tested.place, room.rows)
        counted, days = rows.event == 1, rows.entered + rows.time
    else:
        room.look(inf, participants)
        rows = room.read(tested.place, room.rows)
        known = rows.state >= 0 if tested.measure is None else ~np.isnan(rows.base + rows.final)[tested.measure]
        counted, days = known | (not tested.known_only), rows.entered + room.judged
    return np.sort(days[:participants][counted[:participants]])


def statistic(results: Floats, benefit: float) -> float:
    """The normal statistic of an analysis, positive under benefit; NaN where there is no estimate."""
    estimate = float(results[_ESTIMATE])
    return nan if estimate != estimate else copysign(sqrt(results[_STATISTIC]), benefit * estimate)


def look(room: Room, tested: Tested, day: float, participants: int) -> Floats:
    """The results of the analysis on what is known of so many participants on a calendar day."""
    if tested.by_event:
        room.look(day, participants)
    else:
        room.look_at_outcomes(day, participants)
    return room.analysed(tested.place)


def monitor(room: Room, looks: Looks, results: Floats) -> list[float]:
    """What is told of the trial in the room; `results`, those at the end, become those at an earlier stop.

    Told are a stop for efficacy at each look, a stop below at each look, participants, information and weeks. A look
    after which no information would come is the end and is not held.
    """
    rows, number = room.rows, len(looks.due)
    days = information_days(room, looks.tested, rows.arm.size)
    stops = [0.0] * (2 * number)
    for place, due in enumerate(looks.due):
        if due >= days.size:
            break
        day = float(days[due - 1])
        found = look(room, looks.tested, day, rows.arm.size)
        z = statistic(found, looks.tested.benefit)
        above, below = z >= looks.upper[place], z <= looks.lower[place]
        if above or below:
            results[:] = found
            results[_REJECTED] = above or looks.last_lower[days.size] > -inf
            stops[place if above else number + place] = 1.0
            recruited = int(np.searchsorted(rows.entered, day + MOMENT, side="right"))
            return [*stops, recruited, due, day / _WEEK]
    z = statistic(results, looks.tested.benefit)
    results[_REJECTED] = z >= looks.last_upper[days.size] or z <= looks.last_lower[days.size]
    return [*stops, rows.arm.size, days.size, (float(rows.entered[-1]) + room.plan.horizon) / _WEEK]
