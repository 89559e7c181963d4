"""Trial drug in one simulated trial: shelves, orders and a depot, one infusion after another."""

from typing import Any, Final

import numpy as np

from equipoise.simulation.design.compiling import compiled
from equipoise.simulation.design.nature_kernels import turns, waiting
from equipoise.simulation.design.philox_kernels import WEIGHT, normal, unit, words

# What is told of the supply of a trial; the first four are counted by the kernels.
DUE: Final = 0
MISSED: Final = 1
DISPENSED: Final = 2
EXPIRED: Final = 3


@compiled
def draw_people(trial: int, key: Any, plan: Any, space: Any, rows: Any, ends: Any, weights: Any) -> None:
    """The days after randomisation on which treatment ends, and standard normal deviates for the body weights."""
    for i in range(plan.participants):
        arm = rows.arm[i]
        stop, dies, _ = turns(i, arm, trial, key, plan)
        ends[i] = min(waiting(space.drawn[2, i], plan.leaving.leaves[arm]), stop, dies)
        weights[i] = normal(unit(words(i, WEIGHT, trial, key)[0]))


@compiled
def shipped_on(day: float, vials: float, ordered: float, depot: Any) -> Any:
    """When an order leaves the depot, first come first served; `depot` are days and cumulated vials, none: at once."""
    if depot.shape[1] == 0:
        return day
    for delivery in range(depot.shape[1]):
        if depot[1, delivery] >= ordered + vials:
            return max(day, depot[0, delivery])
    return np.inf


@compiled
def discard(day: float, shelf_days: float, arrives: Any, left: Any) -> Any:
    """Throw away what a site may no longer use; how many vials."""
    gone = 0.0
    for lot in range(left.size):
        if left[lot] > 0.0 and arrives[lot] + shelf_days <= day:
            gone += left[lot]
            left[lot] = 0.0
    return gone


@compiled
def take(day: float, vials: float, arrives: Any, left: Any) -> bool:
    """Take vials from a site's shelf, the oldest first; whether there were enough."""
    there = 0.0
    for lot in range(left.size):
        there += left[lot] if arrives[lot] <= day else 0.0
    if there < vials:
        return False
    while vials > 0.0:
        oldest = -1
        for lot in range(left.size):
            if left[lot] > 0.0 and (oldest < 0 or arrives[lot] < arrives[oldest]):
                oldest = lot
        used = min(vials, left[oldest])
        left[oldest] -= used
        vials -= used
    return True


@compiled
def receive(vials: float, day: float, arrives: Any, left: Any) -> None:
    """Put a shipment where a used-up one was. Each lot has a vial at least, so there is always room."""
    lot = 0
    while left[lot] > 0.0:
        lot += 1
    arrives[lot], left[lot] = day, vials


@compiled
def supply_sites(days: Any, sites: Any, vials: Any, rule: Any, depot: Any, arrives: Any, left: Any, told: Any) -> int:
    """Infusions in the order of their days, each from its site's shelf; how many shipments were ordered.

    `rule` is initial, reorder at, order up to, days of shipping and on the shelf; `arrives` and `left` are sites ×
    lots. A site looks at its shelf when somebody comes for an infusion, before and after.
    """
    ordered, shipments = 0.0, 0
    told[:], left[:, :] = 0.0, 0.0
    for site in range(left.shape[0]):
        if rule[0] > 0.0:
            receive(rule[0], shipped_on(0.0, rule[0], ordered, depot), arrives[site], left[site])
            ordered += rule[0]
    for place in range(days.size):
        site, day = sites[place], days[place]
        told[EXPIRED] += discard(day, rule[4], arrives[site], left[site])
        told[DUE] += 1.0
        if take(day, vials[place], arrives[site], left[site]):
            told[DISPENSED] += vials[place]
        else:
            told[MISSED] += 1.0
        position = left[site].sum()
        if position <= rule[1]:
            leaves = shipped_on(day, rule[2] - position, ordered, depot)
            receive(rule[2] - position, leaves + rule[3], arrives[site], left[site])
            ordered += rule[2] - position
            shipments += 1
    return shipments
