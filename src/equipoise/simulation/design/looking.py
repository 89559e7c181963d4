"""One simulated trial under its looks: when each is due, what it sees, and whether the trial stops there."""

from dataclasses import dataclass
from math import ceil, copysign, inf, nan, sqrt

import numpy as np

from equipoise.simulation.design.analysis_kernels import RESULTS
from equipoise.simulation.design.conduct import Looks, Tested
from equipoise.simulation.design.look_kernels import MOMENT
from equipoise.simulation.design.plan import Floats
from equipoise.simulation.design.room import Room

_ESTIMATE, _STATISTIC, _REJECTED = (RESULTS.index(name) for name in ("estimate", "statistic", "rejected"))
_WEEK = 7.0


@dataclass(frozen=True, slots=True)
class Resized:
    """A number of participants reconsidered when `at` outcomes were in: from `planned` to `number`.

    `first` is the statistic seen then, NaN where nobody looked. `zone`: the arms were looked at, so the test keeps the
    weights planned (Cui, Hung & Wang 1999), and looks after it move as the number does.
    """

    number: int
    planned: int
    at: int
    first: float
    zone: bool

    @property
    def kept(self) -> bool:
        """Whether everything goes on as planned."""
        return not self.zone or self.number == self.planned

    def due(self, planned: int) -> int:
        """At how many outcomes a look is held that was planned at so many."""
        if self.kept or planned <= self.at:
            return planned
        return self.at + ceil((planned - self.at) * (self.number - self.at) / (self.planned - self.at))

    def weighted(self, z: float, count: int, planned: int) -> float:
        """The statistic of so many outcomes with the weights of the number planned for them."""
        if self.kept or planned <= self.at:
            return z
        early, share = self.at / count, self.at / planned
        increment = (z - sqrt(early) * self.first) / sqrt(1.0 - early)
        return sqrt(share) * self.first + sqrt(1.0 - share) * increment


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


def monitor(room: Room, looks: Looks, results: Floats, resized: Resized | None) -> list[float]:
    """What is told of the trial in the room; `results`, those at the end, become those at an earlier stop.

    Told are a stop for efficacy at each look, a stop below at each look, participants, information and weeks. A look
    after which no information would come is the end and is not held.
    """
    rows, number = room.rows, len(looks.due)
    participants = rows.arm.size if resized is None else resized.number
    days = information_days(room, looks.tested, participants)
    stops = [0.0] * (2 * number)
    for place, planned in enumerate(looks.due):
        due = planned if resized is None else resized.due(planned)
        if due >= days.size:
            break
        day = float(days[due - 1])
        found = look(room, looks.tested, day, participants)
        z = statistic(found, looks.tested.benefit)
        z = z if resized is None else resized.weighted(z, due, planned)
        above, below = z >= looks.upper[place], z <= looks.lower[place]
        if above or below:
            results[:] = found
            results[_REJECTED] = above or looks.last_lower[days.size] > -inf
            stops[place if above else number + place] = 1.0
            recruited = int(np.searchsorted(rows.entered[:participants], day + MOMENT, side="right"))
            return [*stops, recruited, due, day / _WEEK]
    z, last = statistic(results, looks.tested.benefit), days.size
    if resized is not None and not resized.kept:
        z, last = resized.weighted(z, days.size, resized.planned), resized.planned
    results[_REJECTED] = z >= looks.last_upper[last] or z <= looks.last_lower[last]
    return [*stops, participants, days.size, (float(rows.entered[participants - 1]) + room.plan.horizon) / _WEEK]
