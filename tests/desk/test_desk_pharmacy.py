"""The pharmacy's desk: orders, envelopes that are opened elsewhere, sealed records, and the release of a bag."""

from datetime import timedelta

import pytest

from equipoise.allocator import door
from equipoise.allocator.models import Order, Record, Release, Relock
from equipoise.conduct.acts import Person
from equipoise.desk import Refused, pharmacy
from equipoise.envelopes import broken_record, open_entry, open_slot, read_register, write_register
from tests.desk.at_work import done, ids
from tests.web.web_pharmacy import DAY_0, KEYS, make_pharmacy, opened, recorded
from tests.web.web_world import DATA_MANAGER, UNMASKED, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
PHARMACIST = person("pharmacist")
FIRST, SECOND = "01-001", "01-002"
LINE = {"product": "belimumab_vial", "lot": "A", "units": 1}
PREPARATION = {"kind": "preparation", "day": "2021-04-15", "lines": [LINE]}


@pytest.fixture
def world():
    return make_pharmacy("pharmacy")


def orders(world, by=PHARMACIST, today=DAY_0):
    return [(each.subject.code, each.visit.id) for each in pharmacy.orders(world.desk, today=today, by=by)]


def opening(world, code=FIRST, visit="week_0", by=PHARMACIST, today=DAY_0):
    return pharmacy.open_order(world.desk, code, visit, today=today, by=by)


def release(world, code=FIRST, key="release"):
    return world.desk.release_dose(code, "week_0", by=PHARMACIST, key=key)


def test_where_the_protocol_says_nothing_of_a_preparation_a_bag_needs_none(world):
    treatment = world.protocol.treatment.model_copy(update={"preparation": None})
    world.desk.protocol = world.protocol.model_copy(update={"treatment": treatment})
    (act,) = done(release(world)).acts
    assert (act.act.visit, act.act.quantity) == ("week_0", "")


# --- Orders ---------------------------------------------------------------------------------------------------------


def test_the_queue_has_the_doses_due_at_the_own_site(world):
    assert orders(world) == [(FIRST, "week_0"), (SECOND, "week_0")]
    assert orders(world, person("pharmacist", "02")) == []
    assert orders(world, DATA_MANAGER) == orders(world, UNMASKED) == []


def test_an_envelope_is_handed_out_sealed_and_opens_with_the_pharmacists_key(world):
    for code, arm in ((FIRST, "belimumab"), (SECOND, "placebo")):
        handed = opened(world, code)
        assert open_slot(handed.context, handed.slot, handed.share, KEYS["pharmacist"]) == arm
        assert handed.keys["pharmacist"] == KEYS["pharmacist"].public.public
        assert str(handed.weight) == "56.5"


def test_the_first_opening_fixes_bag_and_time(world):
    first = opened(world, FIRST)
    world.now += timedelta(minutes=20)
    again = opened(world, FIRST)
    assert again.order == first.order
    assert again.ready_at == first.ready_at == world.now + timedelta(minutes=40)
    assert Release.objects.filter(study="pharmacy", reason="dose week_0").count() == 2
    assert Order.objects.count() == 1


def test_after_the_locks_were_replaced_the_newer_share_is_handed_out(world):
    label = world.ledger.subject(FIRST).slot
    Relock.objects.create(study="pharmacy", label=label, share=b"newer", release=b"r")
    assert opened(world, FIRST).share == b"newer"


def test_two_bags_never_have_one_number(world, monkeypatch):
    drawn = iter(["ONE", "ONE", "TWO"])
    monkeypatch.setattr(world.desk, "label", lambda: next(drawn))
    assert [opened(world, code).order.bag for code in (FIRST, SECOND)] == ["ONE", "TWO"]


@pytest.mark.parametrize(
    ("code", "visit", "by", "problem"),
    [
        (FIRST, "week_0", person("coordinator"), "desk.E001"),
        (FIRST, "week_0", UNMASKED, "desk.E001"),
        (FIRST, "week_0", person("pharmacist", "02"), "conduct.E002"),
        ("01-009", "week_0", PHARMACIST, "conduct.E002"),
        (FIRST, "week_1", PHARMACIST, "conduct.E060"),
        (FIRST, "week_48", PHARMACIST, "desk.E030"),
    ],
)
def test_who_may_not_or_too_early_is_refused(world, code, visit, by, problem):
    assert ids(opening(world, code, visit, by))[0] == problem
    assert not Order.objects.exists()


def test_a_slot_that_is_not_in_the_list_is_not_handed_out(world, monkeypatch):
    monkeypatch.setattr("equipoise.envelopes.SealedList.slot", lambda self, label: None)
    assert ids(opening(world)) == ["desk.E030"]


def test_a_study_whose_list_is_not_here_hands_out_nothing(world, monkeypatch):
    def nothing(study):
        raise LookupError(study)

    monkeypatch.setattr("equipoise.desk.dispensing.sealed_list", nothing)
    assert ids(opening(world)) == ["desk.E034"]
    assert ids(pharmacy.register_keys(world.desk)) == ["desk.E034"]
    assert ids(pharmacy.add_record(world.desk, {}, record="r", by=PHARMACIST)) == ["desk.E034"]


# --- Release --------------------------------------------------------------------------------------------------------


def test_a_bag_leaves_after_opening_record_and_time_and_not_before(world):
    assert ids(release(world, key="a")) == ["desk.E031"]
    bag = opened(world, FIRST).order.bag
    assert ids(release(world, key="b")) == ["desk.E032"]
    recorded(world, PREPARATION, bag)
    world.now += timedelta(minutes=59, seconds=59)
    assert ids(release(world, key="c")) == ["desk.E033"]
    world.now += timedelta(seconds=1)
    act = done(release(world, key="d")).acts[0].act
    assert (act.bag, act.quantity) == (bag, "250 mL")
    assert done(release(world, key="d")).acts[0].act == act
    assert orders(world) == [(SECOND, "week_0")]
    assert ids(release(world, key="e")) == ["conduct.E062"]


def test_a_second_opening_does_not_bring_the_time_forward(world):
    bag = opened(world, FIRST).order.bag
    recorded(world, PREPARATION, bag)
    world.now += timedelta(minutes=60)
    opened(world, FIRST)
    assert done(release(world))


# --- The register ---------------------------------------------------------------------------------------------------


def test_a_record_is_read_by_pharmacist_monitor_and_escrow_and_nobody_else(world):
    row = recorded(world, PREPARATION, opened(world, FIRST).order.bag)
    assert set(row.sealed.wraps) == {"pharmacist", "unmasked_monitor", "escrow"}
    for reader in row.sealed.wraps:
        assert open_entry(row.sealed, row.place, KEYS[reader]) == PREPARATION
    assert open_entry(row.sealed, row.place, KEYS["dsmb_statistician"]).id == "envelopes.E121"


def test_rows_follow_each_other_by_their_hashes_and_a_file_of_them_too(world):
    recorded(world, PREPARATION, opened(world, FIRST).order.bag)
    recorded(world, {"kind": "count", "day": "2021-04-15"})
    rows = pharmacy.register_of(world.desk, "01", by=PHARMACIST)
    assert [row.sequence for row in rows] == [1, 2]
    assert broken_record(rows) is None
    assert read_register(write_register("pharmacy", "01", rows)) == rows
    assert rows == pharmacy.register_of(world.desk, "01", by=UNMASKED)


def test_one_preparation_for_one_bag_and_none_for_another_sites(world):
    bag = opened(world, FIRST).order.bag
    second = opened(world, SECOND).order.bag
    row = recorded(world, PREPARATION, bag)
    assert recorded(world, PREPARATION, bag) == row
    for sent, record, number, by, problem in (
        (row, "b" * 32, bag, PHARMACIST, "allocator.E020"),
        (row, row.place.record, "", PHARMACIST, "allocator.E020"),
        (row, "c" * 32, "NO-BAG", PHARMACIST, "allocator.E020"),
        (row, "c" * 32, second, person("pharmacist", "02"), "allocator.E020"),
        (row, "c" * 32, "", UNMASKED, "desk.E001"),
        (None, "c" * 32, "", PHARMACIST, "envelopes.E123"),
    ):
        given = sent.sealed.json() if sent else {"box": "", "wraps": {}}
        assert ids(pharmacy.add_record(world.desk, given, record=record, bag=number, by=by)) == [problem]
    assert Record.objects.count() == 1


def test_the_register_is_not_there_for_others(world):
    for by in (person("pharmacist", "02"), person("nurse"), DATA_MANAGER):
        assert isinstance(pharmacy.register_of(world.desk, "01", by=by), Refused)


def test_size_and_number_of_rows_say_nothing(world):
    """What is recorded of a drug and of saline has the same size, wraps and number."""
    long = {**PREPARATION, "remark": "x" * 500}
    rows = [
        recorded(world, content, opened(world, code).order.bag)
        for code, content in ((FIRST, long), (SECOND, {"kind": "preparation", "day": "2021-04-15"}))
    ]
    shapes = {(len(row.sealed.box), *(len(each) for each in row.sealed.wraps.values())) for row in rows}
    assert shapes == {(24 + 4096 + 16, 80, 80, 80)}


# --- Alarm and supply -----------------------------------------------------------------------------------------------


def test_an_envelope_that_does_not_open_is_recorded(world):
    done(world.desk.doubt_envelope(FIRST, "week_0", by=PHARMACIST, key="doubt"))
    assert world.ledger.subject(FIRST).envelope_doubted == 1


def test_supply_is_said_for_a_site_by_pharmacist_or_unmasked_monitor(world):
    done(world.desk.declare_supply("01", enough=True, by=PHARMACIST, key="a"))
    done(world.desk.declare_supply("02", enough=False, by=UNMASKED, key="b"))
    assert world.ledger.snapshot().supply == {"01": True, "02": False}
    done(world.desk.declare_supply("01", enough=False, by=UNMASKED, key="c"))
    assert world.ledger.snapshot().supply["01"] is False
    assert ids(world.desk.declare_supply("02", enough=True, by=PHARMACIST, key="d")) == ["desk.E002"]
    assert ids(world.desk.declare_supply("99", enough=True, by=UNMASKED, key="e")) == ["conduct.E003"]
    assert ids(world.desk.declare_supply("01", enough=True, by=DATA_MANAGER, key="f")) == ["desk.E001"]
    assert ids(world.desk.declare_supply("01", enough=True, by=Person("x", "nobody"), key="g")) == ["desk.E001"]


def test_the_allocators_door_refuses_who_is_not_entitled(world):
    from equipoise.allocator import register
    from equipoise.envelopes import Place, SealedRecord

    shut = [
        register.open_order(
            study="pharmacy", subject=FIRST, visit="week_0", bag=lambda: "B", by="p", role="nurse", at=world.now,
            entitled={"pharmacist"},
        ),
        register.open_order(
            study="pharmacy", subject="01-009", visit="week_0", bag=lambda: "B", by="p", role="pharmacist",
            at=world.now, entitled={"pharmacist"},
        ),
        register.add_record(
            place=Place("pharmacy", "01", "r"), sealed=SealedRecord(b"", {}), by="p", role="nurse", at=world.now,
            entitled={"pharmacist"}, may_see=bool,
        ),
        register.records(study="pharmacy", site="01", role="nurse", entitled={"pharmacist"}),
    ]  # fmt: skip
    assert [each.problem.id for each in shut] == ["allocator.E002"] * 4
    assert all(isinstance(each, door.Refused) for each in shut)
