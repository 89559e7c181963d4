"""Drug supply of simulated trials: what an infusion takes by the protocol's doses, and what is told of the shelves."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from equipoise.protocol.schedule import read_weeks
from equipoise.protocol.schema import Arm, Protocol
from equipoise.simulation.design.conduct import Supplied
from equipoise.simulation.design.plan import Floats
from equipoise.simulation.design.room import Room
from equipoise.simulation.design.scenario import DesignScenario
from equipoise.simulation.design.scenario_conduct import Weight
from equipoise.simulation.design.supply_kernels import draw_people, supply_sites

OF_SUPPLY: Final = (
    "infusions_due", "infusions_missed", "vials_dispensed", "vials_expired", "vials_left", "vials_on_the_way",
    "shipments", "out_of_stock",
)  # fmt: skip
_WEEK: Final = 7.0
_ROUNDING: Final = 1e-9


def supplied_of(scenario: DesignScenario, protocol: Protocol, arms: tuple[str, ...]) -> Supplied | None:
    """The supply of a scenario. An arm whose product is given in no strength needs no vials."""
    told = scenario.supply
    if told is None:
        return None
    given = {arm.id: arm for arm in protocol.arms}
    doses = [_vials(given[arm], protocol) or (0.0, False) for arm in arms]
    weight = told.weight or Weight(mean=1, deviation=0)
    return Supplied(
        days=np.array(sorted(_days(protocol))),
        vials=np.array([vials for vials, _ in doses]), by_weight=np.array([by_weight for _, by_weight in doses]),
        weight=(weight.mean, weight.deviation, *weight.within),
        rule=np.array([told.initial, told.reorder_at, told.order_up_to, told.shipping_days, told.shelf_days], float),
        depot=np.array([[_WEEK * each.week for each in told.depot], np.cumsum([each.vials for each in told.depot])]),
    )  # fmt: skip


def _days(protocol: Protocol) -> set[float]:
    """The days of the infusions; a time is a week, or a visit by its id."""
    times = read_weeks(protocol.treatment.at)
    return {_WEEK * time if isinstance(time, int) else float(protocol.visit_by_id[time].day) for time in times}


def doses_by_weight(protocol: Protocol) -> bool:
    """Whether an arm's dose follows body weight."""
    return any(found is not None and found[1] for found in _all_vials(protocol))


def needs_vials(protocol: Protocol) -> bool:
    """Whether an arm is given something whose strength and dose are in one unit."""
    return any(_all_vials(protocol))


def _all_vials(protocol: Protocol) -> Iterator[tuple[float, bool] | None]:
    return (_vials(arm, protocol) for arm in protocol.arms)


def _vials(arm: Arm, protocol: Protocol) -> tuple[float, bool] | None:
    """How many vials a dose is, and whether for each kilogram; None where dose or strength is not in one unit."""
    product = next(each for each in protocol.products if each.id == arm.product)
    amount, _, unit = product.unit_strength.partition(" ")
    if arm.dose is None or arm.dose.unit.partition("/")[0] != unit.strip():
        return None
    return float(arm.dose.amount) / float(amount), arm.dose.unit.endswith("/kg")


def supply(room: Room, supplied: Supplied) -> list[float]:
    """What is told of the supply of the trial in the room. What is missing on a shelf changes nothing else."""
    rows, plan = room.rows, room.plan
    ends, deviates = np.zeros((2, plan.participants))
    draw_people(room.trial, room.key, plan, room.space, rows, ends, deviates)
    vials = _of_people(supplied, rows.arm, deviates)
    given = (supplied.days < ends[:, None]) & (vials > 0.0)[:, None] & (rows.arm >= 0)[:, None]
    days = (rows.entered[:, None] + supplied.days)[given]
    order = np.argsort(days, kind="stable")
    who = np.nonzero(given)[0][order]
    lots = int(max(supplied.rule[0], supplied.rule[2])) + 1
    arrives, left = np.zeros((2, plan.entry.shares.size, lots))
    counted = np.zeros(4)
    shipments = supply_sites(
        days[order], rows.site[who], vials[who], supplied.rule, supplied.depot, arrives, left, counted
    )
    end = float(rows.entered[rows.arm >= 0][-1]) + plan.horizon
    old = arrives + supplied.rule[4] <= end
    due, missed, dispensed, expired = counted.tolist()
    return [
        due, missed, dispensed, expired + float(left[old].sum()), float(left[~old & (arrives <= end)].sum()),
        float(left[arrives > end].sum()), float(shipments), float(missed > 0.0),
    ]  # fmt: skip


def _of_people(supplied: Supplied, arm: np.ndarray[tuple[int], np.dtype[np.int64]], deviates: Floats) -> Floats:
    """Whole vials of an infusion of each participant."""
    mean, deviation, low, high = supplied.weight
    weights = np.where(supplied.by_weight[arm], np.clip(mean + deviation * deviates, low, high), 1.0)
    return np.asarray(np.ceil(supplied.vials[arm] * weights - _ROUNDING))
