"""What becomes of kits: each act and status once, the balance of a site by hand, and when a site is supplied again."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from equipoise.conduct import acts as a
from equipoise.conduct.fold import Fold
from equipoise.conduct.kit_accountability import daily
from equipoise.conduct.kits import COUNTED, DISPENSABLE, TRANSITIONS, Kit, after, lasts_from, steps
from equipoise.conduct.resupply import orders_due, packs_to_ship, stock_of
from equipoise.protocol.load import load
from equipoise.protocol.supply import Handout

PROTOCOL = load((Path(__file__).parents[3] / "trials" / "hypertension-tablets" / "protocol.yaml").read_bytes())[0]
PLAN = PROTOCOL.kits
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
EXPIRY = date(2028, 1, 31)
PACKS = {"PACK0001": ("A00000001", "A00000002", "A00000003", "A00000004"), "PACK0002": ("B00000001", "B00000002")}


def act(kind, **what):
    return a.ACTS[kind](**what)


def some(kind, *kits, **more):
    return act(kind, site="11", kits=kits, **more)


WHO = {"subject": "11-001", "visit": "week_0"}
# Each act, the hour after the first at which it was recorded, and the statuses that it leads to.
COURSE = [
    (0, act("KitsPacked", lot="L1", expiry=EXPIRY, depot="central", packs=PACKS),
     {k: "packed" for p in PACKS.values() for k in p}),
    (0, act("KitLocksLoaded", lot="L1", kits=6), {}),
    (0, act("KitsShipped", shipment="SHIP", depot="central", site="11", packs=("PACK0001",)),
     dict.fromkeys(PACKS["PACK0001"], "in_transit")),
    (24, act("KitsReceived", shipment="SHIP", site="11", received=PACKS["PACK0001"][:2], damaged=("A00000003",),
             missing=("A00000004",)),
     {"A00000001": "available", "A00000002": "available", "A00000003": "damaged", "A00000004": "missing"}),
    (25, some("KitsQuarantined", "A00000001"), {"A00000001": "pre_quarantined"}),
    (48, some("KitsDecided", "A00000001", usable=True), {"A00000001": "available"}),
    (49, act("KitDispensed", **WHO, kit="A00000001"), {"A00000001": "dispensed"}),
    (72, act("KitReplaced", **WHO, kit="A00000002", replaces="A00000001", because="lost"),
     {"A00000001": "lost", "A00000002": "dispensed"}),
    (96, act("KitReturned", subject="11-001", kit="A00000002", units=3), {"A00000002": "returned"}),
    (97, some("KitsDestroyed", "A00000002", "A00000003"), {"A00000002": "destroyed", "A00000003": "destroyed"}),
]  # fmt: skip


def recorded(act_, hour, sequence):
    by = a.Person("p", "coordinator", "11")
    at = AT + timedelta(hours=hour)
    return a.Recorded("tablets", sequence, f"id{sequence}", at, by, "", "d", act_, "", f"hash{sequence}")


ACTS = [
    recorded(a.SubjectScreened(subject="11-001", site="11"), 0, 1),
    *(recorded(each, hour, number) for number, (hour, each, _) in enumerate(COURSE, 2)),
]


def test_each_act_leads_to_these_statuses_and_no_others():
    fold, expected = Fold("tablets", PROTOCOL), {}
    for each, change in zip(ACTS, [{}, *(change for _, _, change in COURSE)], strict=True):
        fold.add(each)
        expected |= change
        assert {number: kit.status for number, kit in fold.snapshot().kits.items()} == expected
    kit = fold.snapshot().kits["A00000002"]
    assert (kit.subject, kit.visit, kit.site, kit.shipment, kit.units_back) == ("11-001", "week_0", "11", "SHIP", 3)
    assert fold.snapshot().subjects["11-001"].doses == {"week_0": ("A00000002",)}


def test_acts_about_kits_are_read_from_what_they_write():
    for each in ACTS:
        assert a.read_act(each.act.kind, each.act.body()) == each.act


@pytest.mark.parametrize(
    ("made", "step"),
    [
        (act("KitsReceived", shipment="SHIP", site="11", received=("A00000001",), excursion=True),
         "receive_after_excursion"),
        (some("KitsDecided", "A00000001", usable=False), "uphold"),
        (some("KitsWithdrawn", "A00000001", because="damaged"), "withdraw_damaged"),
        (some("KitsWithdrawn", "A00000001", because="missing"), "withdraw_missing"),
        (act("KitReplaced", **WHO, kit="A00000002", replaces="A00000001", because="damaged"), "replace_damaged"),
        (act("KitReplaced", **WHO, kit="A00000002", replaces="A00000001", because="not_dispensed"),
         "replace_not_dispensed"),
    ],
)  # fmt: skip
def test_an_act_takes_this_step(made, step):
    found = {number: name for number, name, _ in steps(made, {})}
    assert found["A00000001"] == step
    assert step in TRANSITIONS


def test_a_kit_taken_by_mistake_goes_to_who_took_it_and_the_assigned_one_was_not_handed_over():
    """Two participants take each other's kits: both are with somebody, and both stand against who took them."""
    fold = Fold("tablets", PROTOCOL)
    other = {"subject": "11-002", "visit": "week_0"}
    course = [
        a.SubjectScreened(subject="11-001", site="11"), a.SubjectScreened(subject="11-002", site="11"),
        act("KitsPacked", lot="L1", expiry=EXPIRY, depot="central", packs=PACKS),
        act("KitsShipped", shipment="SHIP", depot="central", site="11", packs=("PACK0001",)),
        act("KitsReceived", shipment="SHIP", site="11", received=PACKS["PACK0001"]),
        act("KitDispensed", **WHO, kit="A00000001"), act("KitDispensed", **other, kit="A00000002"),
        act("KitMisallocated", **WHO, kit="A00000002", assigned="A00000001"),
        act("KitMisallocated", **other, kit="A00000001", assigned="A00000002"),
        act("KitMisallocated", **other, kit="A00000003", assigned="A00000001"),
        act("KitReturned", subject="11-001", kit="A00000002", units=1),
    ]  # fmt: skip
    acts = [recorded(each, 0, number) for number, each in enumerate(course, 1)]
    seen = []
    for each in acts:
        fold.add(each)
        kits = fold.snapshot().kits
        seen.append([(kits[n].status, kits[n].subject) for n in PACKS["PACK0001"][:3] if n in kits])
    assert seen[7][:2] == [("not_dispensed", "11-001"), ("misallocated", "11-001")]
    assert seen[8][:2] == [("misallocated", "11-002"), ("misallocated", "11-001")]
    assert seen[9] == [("misallocated", "11-002"), ("misallocated", "11-001"), ("misallocated", "11-002")]
    assert [daily(acts[:n], "11", "UTC")[0].with_participants for n in (7, 8, 9, 10, 11)] == [2, 1, 2, 3, 2]
    assert all(daily(acts[:n], "11", "UTC")[0].balances for n in range(5, 12))
    assert fold.snapshot().subjects["11-002"].doses == {"week_0": ("A00000003",)}


def test_four_statuses_count_and_one_can_be_dispensed():
    assert len(COUNTED) == 4
    assert {TRANSITIONS["dispense"][0]} == {frozenset({DISPENSABLE})}
    assert not steps_of_others()


def steps_of_others():
    return list(steps(a.StudyLocked(), {})) + list(after(a.StudyLocked(), {}))


def test_the_balance_of_a_site_day_by_day():
    """By hand: 3 came (1 damaged) on the 2nd; 1 given on the 3rd; replaced on the 4th; back, destroyed on the 5th."""
    days = daily(ACTS, "11", "Asia/Shanghai")
    seen = [(d.day.day, d.received, d.with_participants, d.lost, d.destroyed, d.on_hand, d.balances) for d in days]
    assert seen == [
        (2, 3, 0, 0, 0, 3, True), (3, 3, 1, 0, 0, 2, True), (4, 3, 1, 1, 0, 1, True), (5, 3, 0, 1, 2, 0, True),
    ]  # fmt: skip
    assert days[1].moved == {"release": 1, "dispense": 1}
    assert daily(ACTS, "12", "Asia/Shanghai") == []


def test_a_day_at_the_site_is_its_own_day():
    assert daily(ACTS[:6], "11", "Pacific/Auckland")[0].day == date(2026, 6, 2)
    late = [*ACTS[:4], recorded(COURSE[3][1], 8, 5)]  # 17:00 in universal time is the next day in Auckland
    assert [day.day for day in daily(late, "11", "Pacific/Auckland")] == [date(2026, 6, 2)]
    assert [day.day for day in daily(late, "11", "UTC")] == [date(2026, 6, 1)]


def test_a_kit_lasts_to_its_limit_and_not_beyond():
    last = EXPIRY - timedelta(days=PLAN.lasts + PLAN.do_not_dispense)
    assert lasts_from(EXPIRY, last, PLAN)
    assert not lasts_from(EXPIRY, last + timedelta(days=1), PLAN)


def test_a_visit_may_hand_out_more_kits_that_last_longer_together():
    plan = PLAN.model_copy(update={"handouts": {"week_8": Handout(kits=3, lasts=84)}})
    assert [plan.handout(visit).kits for visit in ("week_4", "week_8")] == [1, 3]
    last = EXPIRY - timedelta(days=84 + PLAN.do_not_dispense)
    kit = Kit("K", "P", "L1", EXPIRY, "central", "available", "11")
    assert [kit.usable_on(last + timedelta(days=late), plan, "week_8") for late in (0, 1)] == [True, False]
    assert kit.usable_on(last + timedelta(days=1), plan, "week_4")


@pytest.mark.parametrize(("day", "due"), [(1, 1), (2, 8), (7, 8), (8, 8)])
def test_the_timetable_goes_on_from_its_day_in_both_directions(day, due):
    """The first of June 2026 was a Monday."""
    assert PLAN.next_review(date(2026, 6, day)) == date(2026, 6, due)
    later = PLAN.model_copy(update={"review_from": date(2026, 6, 29)})
    assert later.next_review(date(2026, 6, day)) == date(2026, 6, due)


# --- Resupply ---------------------------------------------------------------------------------------------------------


def kits(pack, count, status="available", expiry=EXPIRY, site="11"):
    return [Kit(f"{pack}{number}", pack, "L1", expiry, "central", status, site) for number in range(count)]


def test_the_stock_is_what_counts_above_the_reserve_of_each_pack():
    plan = PLAN.model_copy(update={"reserve": 4, "do_not_count": 60})
    day = EXPIRY - timedelta(days=60)
    held = [
        *kits("P", 10), *kits("Q", 3), *kits("R", 6, "in_transit"), *kits("S", 9, "dispensed"),
        *kits("T", 9, site="12"), *kits("U", 5, "pre_quarantined"), *kits("V", 9, expiry=EXPIRY - timedelta(days=1)),
    ]  # fmt: skip
    assert stock_of(held, "11", day, plan) == 6 + 0 + 2 + 1


@pytest.mark.parametrize(("stock", "orders"), [(40, 0), (39, 1), (4, 1), (3, 2), (0, 2)])
def test_orders_are_of_one_size_and_bring_the_site_above_its_minimum(stock, orders):
    assert PLAN.ordered == 36
    assert orders_due(stock, "11", PLAN) == orders
    assert stock + orders * PLAN.ordered >= PLAN.threshold.minimum


def test_a_site_may_have_a_threshold_of_its_own_and_its_maximum_holds():
    own = PLAN.threshold.model_copy(update={"minimum": 100, "maximum": 130})
    plan = PLAN.model_copy(update={"threshold_by_site": {"11": own}})
    assert [orders_due(stock, "11", plan) for stock in (99, 90, 60, 0)] == [0, 1, 1, 3]  # 99 + 36 would pass 130
    assert orders_due(0, "12", plan) == 2


def test_the_earliest_expiry_is_shipped_first_and_nothing_too_near_it():
    day = EXPIRY - timedelta(days=PLAN.do_not_ship)
    later, earlier = EXPIRY + timedelta(days=30), EXPIRY - timedelta(days=1)
    held = [
        *kits("B", 2, "packed", later, ""), *kits("D", 2, "packed", site=""), *kits("A", 2, "packed", site=""),
        *kits("N", 2, "packed", earlier, ""), *kits("C", 2),
    ]  # fmt: skip
    assert packs_to_ship(held, "central", day, PLAN) == ["A", "D", "B"]
    assert packs_to_ship(held, "elsewhere", day, PLAN) == []
