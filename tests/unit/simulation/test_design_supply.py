"""Drug supply against queueing theory, and against a shelf kept by hand."""

import numpy as np
import pytest

from equipoise.protocol.schema import Dose
from equipoise.simulation.design.outcome import outcome_of
from equipoise.simulation.design.replay import replay
from equipoise.simulation.design.running import Order, simulate
from tests.unit.simulation.designs import SIMPLE, near, protocol, read, study

PLENTY = {"initial": "50", "reorder_at": "20", "order_up_to": "60", "shipping_days": "5"}
ONE_SITE = {"01": {"share": "1"}, "02": {"share": "0.000001"}, "03": {"share": "0.000001"}}


def supplied(supply=None, trial=None, **changes):
    return study(trial, **{"accrual": {"per_week": "4"}, "supply": {**PLENTY, **(supply or {})}, **changes})


def once():
    """The reference trial with one infusion, at randomisation."""
    return protocol().model_copy(update={"treatment": protocol().treatment.model_copy(update={"at": "0"})})


def erlang(servers, load):
    """Erlang's loss formula by its recursion."""
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


@pytest.mark.parametrize(("stock", "shipping"), [(2, 14), (4, 21), (3, 3)])
def test_a_base_stock_is_empty_as_often_as_erlang_says(stock, shipping):
    """Orders one for one, nobody waits: the orders on their way are the busy servers of M/D/s/s (Erlang 1917)."""
    told = {"initial": str(stock), "reorder_at": str(stock - 1), "order_up_to": str(stock),
            "shipping_days": str(shipping)}  # fmt: skip
    one = supplied(told, once(), participants="2000", leaves=None, sites=ONE_SITE,
                   randomisation={"procedure": "complete", "strata": "none"})  # fmt: skip
    *_, sums = simulate(one.design, Order(60, 1))
    outcome = outcome_of(one, 1, sums)
    missed, due = outcome.of("infusions_missed"), outcome.of("infusions_due")
    # Complete randomisation: half of the participants who come at 4 a week need a vial.
    expected = erlang(stock, 2 * shipping / 7)
    assert near(missed.value / due.value, expected, missed.error / due.value + 0.001)
    assert outcome.value("out_of_stock") == 1.0


def by_hand(one, trial):
    """The shelves of a trial, kept as lists of (day of arrival) vial by vial."""
    told, rows = one.scenario.supply, trial.rows
    depot = [[7 * each.week, each.vials] for each in told.depot]
    shelves = {site: [] for site in range(3)}
    counts = dict.fromkeys(("infusions_due", "infusions_missed", "vials_dispensed", "vials_expired", "shipments"), 0.0)
    waiting = []  # orders by their turn: site, vials, day ordered

    def order(site, vials, day, days):
        waiting.append((site, vials, day))
        ready = day
        if told.depot:
            wanted = sum(vials for _, vials, _ in waiting)
            there = [when for k, (when, _) in enumerate(depot) if sum(n for _, n in depot[: k + 1]) >= wanted]
            ready = max(day, there[0]) if there else np.inf
        shelves[site] += [ready + days] * vials

    for site in shelves:
        order(site, told.initial, 0.0, 0.0)
    weeks = [0, 2, 4, *range(8, 49, 4)]
    infusions = [(rows.entered[who] + 7.0 * week, who) for who in range(rows.arm.size) if rows.arm[who] == 0
                 for week in weeks if 7.0 * week < trial.leaves[who]]  # fmt: skip
    for day, who in sorted(infusions):
        site, need = int(rows.site[who]), 1
        old = [vial for vial in shelves[site] if vial + told.shelf_days <= day]
        shelves[site] = [vial for vial in shelves[site] if vial + told.shelf_days > day]
        counts["vials_expired"] += len(old)
        counts["infusions_due"] += 1
        if sum(vial <= day for vial in shelves[site]) >= need:
            shelves[site] = sorted(shelves[site])[need:]
            counts["vials_dispensed"] += need
        else:
            counts["infusions_missed"] += 1
        if len(shelves[site]) <= told.reorder_at:
            order(site, told.order_up_to - len(shelves[site]), day, told.shipping_days)
            counts["shipments"] += 1
    end = rows.entered[-1] + one.design.plan.horizon
    rest = [vial for shelf in shelves.values() for vial in shelf]
    counts["vials_expired"] += sum(vial + told.shelf_days <= end for vial in rest)
    counts["vials_left"] = sum(vial <= end < vial + told.shelf_days for vial in rest)
    counts["vials_on_the_way"] = sum(vial > end for vial in rest)
    return {**counts, "out_of_stock": float(counts["infusions_missed"] > 0)}


RULES = [
    {}, {"initial": "0", "reorder_at": "3", "order_up_to": "8", "shipping_days": "20"},
    {"initial": "12", "shelf_days": "30", "order_up_to": "40"},
    {"initial": "5", "reorder_at": "4", "order_up_to": "9", "depot": [{"week": "0", "vials": "60"},
                                                                      {"week": "30", "vials": "90"}]},
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=["plenty", "late", "short shelf", "depot"])
def test_shelves_are_those_kept_by_hand(rule):
    one = supplied(rule, participants="40", leaves={"per_year": {"belimumab": "0.7"}})
    missed = 0
    for number in range(12):
        trial = replay(one.design, 1, number)
        expected = by_hand(one, trial)
        assert trial.told == expected
        missed += expected["infusions_missed"]
    assert bool(missed) == (rule is not RULES[0])


def test_a_time_of_treatment_may_be_a_visit():
    trial = protocol().model_copy(update={"treatment": protocol().treatment.model_copy(update={"at": "0, week_24"})})
    assert supplied(None, trial).design.conduct.supplied.days.tolist() == [0.0, 168.0]


def test_treatment_that_stops_needs_no_drug_any_more():
    often, never = (
        supplied(stops_treatment=stops).design for stops in ({"per_year": {"belimumab": "3"}}, None)
    )  # fmt: skip
    assert replay(often, 1, 1).told["infusions_due"] < 0.6 * replay(never, 1, 1).told["infusions_due"]


def by_weight(amount):
    """The reference trial dosed by body weight, as its registry entry says."""
    trial = protocol()
    arms = tuple(arm.model_copy(update={"dose": Dose(amount=amount, unit="mg/kg")}) if arm.dose else arm
                 for arm in trial.arms)  # fmt: skip
    return trial.model_copy(update={"arms": arms})


def test_a_dose_by_weight_takes_whole_vials():
    """2 mg/kg with vials of 120 mg: a second one above 60 kg."""
    heavy, exact, mixed = (
        supplied({"weight": {"mean": str(mean), "deviation": deviation}}, by_weight("2"), participants="400")
        for mean, deviation in ((61, "0"), (60, "0"), (60, "9"))
    )  # fmt: skip
    per = [told["vials_dispensed"] / (told["infusions_due"] - told["infusions_missed"])
           for told in (replay(one.design, 1, 1).told for one in (heavy, exact, mixed))]  # fmt: skip
    assert per[:2] == [2.0, 1.0]
    assert per[2] == pytest.approx(1.5, abs=0.12)


def test_the_supply_shifts_nothing_else():
    plain, one = study(accrual={"per_week": "4"}), supplied()
    for number in range(5):
        assert replay(plain.design, 1, number).line.tobytes() == replay(one.design, 1, number).line[:-8].tobytes()


@pytest.mark.parametrize(("id_", "changes", "trial"), [
    ("protocol.E027", {"supply": {**PLENTY, "order_up_to": "20"}}, None),
    ("protocol.E027", {"supply": {**PLENTY, "depot": [
        {"week": "4", "vials": "9"}, {"week": "1", "vials": "9"}]}}, None),
    ("scenario.E017", {"supply": PLENTY, "accrual": None}, None),
    ("scenario.E023", {"supply": PLENTY}, "weight"),
    ("scenario.E023", {"supply": PLENTY}, "no strength"),
])  # fmt: skip
def test_what_is_wrong_with_a_supply_is_said_with_its_line(id_, changes, trial):
    found = by_weight("2") if trial == "weight" else protocol()
    if trial == "no strength":
        products = tuple(each.model_copy(update={"unit_strength": ""}) for each in found.products)
        found = found.model_copy(update={"products": products})
    told = {**SIMPLE, "accrual": {"per_week": "4"}, **changes}
    _, problems = read({key: part for key, part in told.items() if part is not None}, trial=found)
    assert [problem.id for problem in problems] == [id_]
    assert problems[0].where.startswith("1.yaml:")
