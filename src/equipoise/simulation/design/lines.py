"""The lines of simulated trials: facts, the results of every analysis, and what else a design tells."""

import numpy as np

from equipoise.simulation.design.analysis_kernels import FACTS, RESULTS
from equipoise.simulation.design.looking import Resized, monitor
from equipoise.simulation.design.plan import Floats
from equipoise.simulation.design.planning import Design
from equipoise.simulation.design.resizing import re_estimate
from equipoise.simulation.design.room import Room
from equipoise.simulation.design.scheme import describe_scheme, rerandomise
from equipoise.simulation.design.supplying import supply


def lines_of(design: Design, room: Room, first: int, number: int) -> Floats:
    """The lines of so many trials of a design, in a room of its plan and a seed."""
    lines = np.empty((number, len(FACTS) + len(RESULTS) * len(design.analyses) + len(design.told)))
    if design.conduct.plain:
        room.fill(first, lines)
        return lines
    for place in range(number):
        room.fill(first + place, lines[place : place + 1])
        _conduct(design, room, lines[place])
    return lines


def _conduct(design: Design, room: Room, line: Floats) -> None:
    """What the trial in the room does beside its analyses; the order is that of `conducting.conduct_of`."""
    conduct, told = design.conduct, []
    last = line.size - len(design.told)
    results = line[len(FACTS) : last].reshape(len(design.analyses), len(RESULTS))
    repeated = results[len(results) - len(design.again) :]
    resized: Resized | None = None
    of_size: list[float] = []
    if conduct.re_estimated is not None:
        resized, of_size = re_estimate(room, conduct.re_estimated, line)
    repeated[:] = results[list(design.again)]
    if conduct.looks is not None:
        told += monitor(room, conduct.looks, repeated[0], resized)
    told += of_size
    if conduct.rerandomised is not None:
        rerandomise(room, conduct.rerandomised, repeated[-1])
    if conduct.known is not None:
        told += describe_scheme(room, conduct.known)
    if conduct.supplied is not None:
        told += supply(room, conduct.supplied)
    line[last:] = told
