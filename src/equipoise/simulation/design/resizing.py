"""One simulated trial whose number of participants is reconsidered: its rows afterwards, and what is told of it."""

from math import ceil, nan, sqrt

import numpy as np

from equipoise.simulation.design.analysis_kernels import FACTS, RESULTS
from equipoise.simulation.design.conduct import ReEstimated
from equipoise.simulation.design.look_kernels import NOBODY
from equipoise.simulation.design.looking import Resized, information_days, look, statistic
from equipoise.simulation.design.plan import Floats
from equipoise.simulation.design.room import Room


def re_estimate(room: Room, rule: ReEstimated, line: Floats) -> tuple[Resized, list[float]]:
    """Reconsider the trial in the room and analyse it again; its number of participants, and what is told of it.

    A look is held only where something is still to come of those planned.
    """
    number, first = rule.planned, nan
    days = information_days(room, rule.tested, rule.planned)
    if rule.due < days.size:
        day = float(days[rule.due - 1])
        first = statistic(look(room, rule.tested, day, rule.planned), rule.tested.benefit)
        wanted = int(rule.needed[_pooled_events(room, rule)]) if rule.needed.size else promised(first, rule)
        number = min(max(wanted, rule.planned), room.plan.participants)
        _go_on(room, rule.planned, number, day)
    room.rows.arm[number:] = NOBODY
    room.rows.base[:, number:] = np.nan
    room.analyse(line)
    line[FACTS.index("weeks")] = (room.rows.entered[number - 1] + room.plan.horizon) / 7.0
    place = len(FACTS) + rule.tested.place * len(RESULTS)
    last = statistic(line[place : place + len(RESULTS)], rule.tested.benefit)
    resized = Resized(number, rule.planned, rule.due, first, zone=not rule.needed.size)
    told = [float(number), float(number > rule.planned), *(float(number <= step) for step in rule.steps)]
    if not resized.zone:
        return resized, told
    return resized, [*told, float(abs(resized.weighted(last, number, rule.planned)) > rule.critical)]


def promised(z: float, rule: ReEstimated) -> int:
    """How many give the power wanted to who goes on from a statistic (Mehta & Pocock 2011, Stat Med 30:3267)."""
    if not rule.zone[0] <= z < rule.zone[1]:
        return rule.planned
    rest = rule.planned - rule.due
    reach = (rule.critical * sqrt(rule.planned) - z * sqrt(rule.due)) / sqrt(rest) + rule.wanted
    return ceil(rule.due * (1.0 + (reach / z) ** 2))


def _pooled_events(room: Room, rule: ReEstimated) -> int:
    """How many of those whom the look saw have an event, whatever their arm."""
    seen = room.seen
    events = (seen.state == 1) | ((seen.state < 0) & rule.unknown_counts)
    return int((events & (seen.arm != NOBODY)).sum())


def _go_on(room: Room, planned: int, number: int, day: float) -> None:
    """Recruitment that had ended by the look begins again on its day, for those who are added."""
    pause = day - float(room.rows.entered[planned - 1])
    if pause > 0.0 and number > planned:
        room.rows.entered[planned:number] += pause
        room.observe_again(planned, number)
