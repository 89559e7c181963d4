"""The door: one slot each, in order, and a second lock for those who may have it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connections

from equipoise.allocator import checks, door
from equipoise.allocator.router import AllocatorRouter
from equipoise.envelopes import SecondLock, new_key, open_list, open_slot, seal
from equipoise.randomisation import seeded

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 1, 6, 8, 0, tzinfo=UTC)
KEY = new_key("pharmacist", seeded(b"key"), demo=True)
PLAN = {"PUMCH": ("a", "b", "b"), "RJH": ("b", "a", "a")}
LIST, LOCKS = seal("trial", PLAN, [KEY.public], seeded(b"list"), demo=True)
PLACE = {lock.label: (lock.stratum, lock.position) for lock in LOCKS}


@pytest.fixture
def loaded():
    assert door.load("trial", LOCKS) == door.Loaded(slots=6, strata=2)


def assign(subject, stratum="PUMCH", at=NOW, study="trial"):
    return door.assign(study=study, stratum=stratum, subject=subject, at=at)


def release(label, **changes):
    asked = {"by": "p1", "role": "pharmacist", "reason": "to prepare week 0", "entitled": {"pharmacist"}, **changes}
    return door.release_share(study="trial", label=label, at=NOW, **asked)


def all_shares(**changes):
    asked = {"by": "s1", "role": "statistician", "reason": "final analysis", "locked_by": "trial:812", **changes}
    return door.shares_after_lock(study="trial", at=NOW, entitled={"statistician"}, **asked)


def rows(query):
    with connections["allocator"].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


# --- Giving slots ---------------------------------------------------------------------------------------


def test_slots_are_given_in_the_order_of_their_stratum(loaded):
    given = [assign("A-001"), assign("A-002"), assign("B-001", "RJH"), assign("A-003")]
    assert [PLACE[slot.label] for slot in given] == [("PUMCH", 1), ("PUMCH", 2), ("RJH", 1), ("PUMCH", 3)]


def test_asking_again_gives_the_same_slot_at_the_same_time(loaded):
    first = assign("A-001")
    assert assign("A-001", at=LATER) == first
    assert assign("A-001", "RJH", at=LATER) == first
    assert assign("A-001", "NOWHERE", at=LATER) == first
    assert PLACE[assign("A-002").label] == ("PUMCH", 2)


def test_a_slot_once_given_is_still_answered_when_the_stratum_is_used_up(loaded):
    first = assign("A-001")
    assign("A-002"), assign("A-003")
    assert isinstance(assign("A-004"), door.Refused)
    assert assign("A-001") == first


def test_every_refusal_is_in_the_same_words(loaded):
    for subject in ("A-001", "A-002", "A-003"):
        assign(subject)
    refused = [assign("X-001"), assign("X-001", "NOWHERE"), assign("X-001", study="unknown"), assign("X-001", "")]
    assert {answer.problem.id for answer in refused} == {"allocator.E001"}
    assert len(set(refused)) == 1
    for word in ("stratum", "list", "exhausted", "slot", "left", "PUMCH"):
        assert word not in str(refused[0].problem)


def test_a_refusal_keeps_nothing(loaded):
    before = rows("SELECT * FROM allocator_slot"), rows("SELECT * FROM allocator_counter")
    assign("X-001", "NOWHERE")
    assert (rows("SELECT * FROM allocator_slot"), rows("SELECT * FROM allocator_counter")) == before


def test_studies_do_not_touch_each_other(loaded):
    _, others = seal("second", PLAN, [KEY.public], seeded(b"second"), demo=True)
    door.load("second", others)
    assert assign("A-001").label != assign("A-001", study="second").label
    assert [slot.subject for slot in door.assignments(study="second")] == ["A-001"]


def test_a_participant_who_wins_the_race_in_another_stratum_keeps_that_slot(loaded, monkeypatch):
    """The second of two requests in two strata finds the slot only when the database refuses a second one."""
    first = assign("A-001")
    found, asked = door._assigned, []

    def not_seen_at_first(*which):
        asked.append(which)
        return None if len(asked) == 1 else found(*which)

    monkeypatch.setattr(door, "_assigned", not_seen_at_first)
    assert assign("A-001", "RJH") == first
    assert len(asked) == 2
    assert PLACE[assign("B-001", "RJH").label] == ("RJH", 1)


def test_the_assignments_are_listed_for_reconciliation(loaded):
    given = [assign("A-002"), assign("A-001")]
    assert door.assignments(study="trial") == (given[1], given[0])


def running_out(study="trial", role="unmasked_monitor", entitled=("unmasked_monitor",)):
    return door.running_out(study=study, role=role, entitled=entitled)


def test_only_who_is_not_masked_learns_that_a_stratum_has_ended(loaded):
    assert running_out() == ()
    for subject in ("A-001", "A-002", "A-003"):
        assign(subject)
    assert running_out() == (door.RunningOut("PUMCH", ended=True),)
    assert running_out(study="unknown") == ()
    for refused in (running_out(role="coordinator"), running_out(entitled=())):
        assert refused.problem.id == "allocator.E002"


def test_the_alarm_comes_before_the_end_and_tells_no_number():
    locks = [SecondLock(f"LONG{place:04d}", "long", place, bytes(32), bytes(16)) for place in range(1, 21)]
    door.load("long", locks)
    said = []
    for number in range(20):
        assign(f"A-{number:03d}", "long", study="long")
        said.append(running_out("long"))
    few, ended = door.RunningOut("long", ended=False), door.RunningOut("long", ended=True)
    assert said == [()] * 18 + [(few,), (ended,)]


# --- Loading --------------------------------------------------------------------------------------------


def test_loading_the_same_locks_again_changes_nothing(loaded):
    first = assign("A-001")
    assert door.load("trial", reversed(LOCKS)) == door.Loaded(slots=6, strata=2, new=False)
    assert assign("A-001") == first
    assert len(rows("SELECT id FROM allocator_slot")) == 6


def test_another_list_of_the_same_study_is_refused(loaded):
    _, others = seal("trial", PLAN, [KEY.public], seeded(b"another"), demo=True)
    assert door.load("trial", others).problem.id == "allocator.E007"


@pytest.mark.parametrize(
    ("locks", "identity"),
    [
        ([], "E003"),
        ([LOCKS[0], *LOCKS], "E004"),
        (LOCKS[1:], "E005"),
        ([replace(LOCKS[0], position=0), *LOCKS[1:]], "E005"),
        ([SecondLock("0000AAAA", "S" * 121, 1, bytes(32), bytes(16))], "E006"),
    ],
    ids=["none", "twice", "one missing", "wrong position", "long stratum"],
)
def test_what_is_not_a_list_is_not_loaded(locks, identity):
    assert door.load("trial", locks).problem.id == f"allocator.{identity}"
    assert rows("SELECT id FROM allocator_slot") == []


def at(stratum, position):
    """The label of a place."""
    return next(label for label, place in PLACE.items() if place == (stratum, position))


def test_what_the_ledger_says_was_given_is_given_again_in_the_same_places():
    known = [door.Assigned("A-002", "PUMCH", at("PUMCH", 3), NOW), door.Assigned("B-001", "RJH", at("RJH", 1), LATER)]
    assert door.load("trial", LOCKS, known) == door.Loaded(slots=6, strata=2, restored=2)
    first, second = at("PUMCH", 1), at("PUMCH", 2)
    nobody = {door.Assigned(f"lost {label}", "PUMCH", label, LATER) for label in (first, second)}
    assert set(door.assignments(study="trial")) == {*known, *nobody}
    assert isinstance(assign("A-003"), door.Refused)
    assert PLACE[assign("B-002", "RJH").label] == ("RJH", 2)
    assert door.load("trial", LOCKS, known) == door.Loaded(slots=6, strata=2, new=False)


@pytest.mark.parametrize(
    "known",
    [
        door.Assigned("A-002", "PUMCH", "NOTTHERE", NOW),
        door.Assigned("A-002", "RJH", at("PUMCH", 2), NOW),
        door.Assigned("A-002", "PUMCH", at("PUMCH", 1), NOW),
        door.Assigned("A-001", "PUMCH", at("PUMCH", 2), NOW),
    ],
    ids=["no such slot", "another stratum", "somebody else's", "has another"],
)
def test_a_ledger_and_a_store_that_contradict_each_other_change_nothing(loaded, known):
    mine, other = assign("A-001"), door.Assigned("B-001", "RJH", at("RJH", 2), NOW)
    assert door.load("trial", LOCKS, [other, known]).problem.id == "allocator.E008"
    assert door.assignments(study="trial") == (mine,)


def test_rows_are_written_in_the_order_of_labels(loaded):
    labels = [label for (label,) in rows("SELECT label FROM allocator_slot ORDER BY id")]
    assert labels == sorted(labels)


def test_the_allocator_holds_no_arm_and_no_envelope(loaded):
    columns = {column for _, column, *_ in rows("PRAGMA table_info(allocator_slot)")}
    assert columns == {"id", "study", "stratum", "position", "label", "share", "release", "subject", "assigned_at"}
    kept = repr(rows("SELECT * FROM allocator_slot"))
    assert not any(repr(slot.ciphertext)[2:20] in kept for slot in LIST.slots)


# --- The second lock --------------------------------------------------------------------------------------


def test_an_assigned_slot_opens_with_its_released_share(loaded):
    given = assign("A-001")
    released = release(given.label)
    assert (released.label, released.subject) == (given.label, "A-001")
    assert open_slot(LIST.context, LIST.slot(given.label), released.share, KEY) == "a"
    assert repr(released.share) not in repr(released)
    assert rows("SELECT label, by, role, reason FROM allocator_release") == [
        (given.label, "p1", "pharmacist", "to prepare week 0")
    ]


def test_each_release_is_recorded(loaded):
    label = assign("A-001").label
    assert release(label) == release(label, by="p2")
    assert [by for (by,) in rows("SELECT by FROM allocator_release ORDER BY id")] == ["p1", "p2"]


def test_the_door_stays_shut_in_the_same_words_and_records_nothing(loaded):
    label = assign("A-001").label
    future = next(lock.label for lock in LOCKS if lock.label != label)
    refused = [
        release(future),
        release("ZZZZZZZZ"),
        release(label, role="coordinator"),
        release(label, entitled=()),
        release(label, reason="  "),
    ]
    assert {answer.problem.id for answer in refused} == {"allocator.E002"}
    assert len({(answer.problem.message, answer.problem.hint) for answer in refused}) == 1
    assert rows("SELECT * FROM allocator_release") == []


def test_after_the_lock_the_whole_list_opens(loaded):
    assign("A-001")
    shares = all_shares()
    assert shares == LOCKS
    expected = {label: PLAN[stratum][position - 1] for label, (stratum, position) in PLACE.items()}
    assert open_list(LIST, shares, KEY) == expected
    assert rows("SELECT label, by, locked_by FROM allocator_release") == [("", "s1", "trial:812")]


@pytest.mark.parametrize("change", [{"role": "coordinator"}, {"reason": ""}, {"locked_by": ""}], ids=str)
def test_before_the_lock_or_for_another_role_it_does_not(loaded, change):
    assert all_shares(**change).problem.id == "allocator.E002"
    assert rows("SELECT * FROM allocator_release") == []


def test_there_is_nothing_to_open_where_no_list_is():
    assert all_shares().problem.id == "allocator.E002"


def test_a_row_printed_in_a_log_names_a_slot_and_nothing_of_it(loaded):
    from django.apps import apps

    release(assign("A-001").label)
    slot, counter, released = (apps.get_model("allocator", name) for name in ("Slot", "Counter", "Release"))
    given = slot.objects.get(subject="A-001")
    assert str(given) == f"trial {given.label}"
    assert {str(each) for each in counter.objects.all()} == {"trial PUMCH", "trial RJH"}
    assert str(released.objects.get()) == f"trial {given.label} 2026-01-05"


# --- Its own database -------------------------------------------------------------------------------------


def test_the_main_database_has_no_table_of_the_allocator():
    with connections["default"].cursor() as cursor:
        names = connections["default"].introspection.table_names(cursor)
    assert not [name for name in names if name.startswith("allocator")]
    assert "allocator_slot" in connections["allocator"].introspection.table_names()


def test_the_allocator_has_no_table_of_anybody_else():
    names = set(connections["allocator"].introspection.table_names())
    ours = {
        f"allocator_{name}"
        for name in ("slot", "counter", "release", "relock", "sealedseed", "draw", "order", "record", "kit")
    }
    assert names == {*ours, "django_migrations"}


def test_no_relation_leads_from_one_database_to_the_other():
    from django.apps import apps

    slot, counter = (apps.get_model("allocator", name) for name in ("Slot", "Counter"))
    other = next(model for model in apps.get_models() if model._meta.app_label != "allocator")
    router = AllocatorRouter()
    assert router.allow_relation(slot, other) is False
    assert router.allow_relation(slot, counter) is None
    assert router.db_for_read(other) is None
    assert router.db_for_write(other) is None
    assert router.db_for_read(slot) == router.db_for_write(slot) == "allocator"


def test_the_migration_says_what_the_models_say():
    call_command("makemigrations", "allocator", check=True, dry_run=True, verbosity=0)


SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "a", "OPTIONS": {"transaction_mode": "IMMEDIATE"}}


@pytest.mark.parametrize(
    ("databases", "found"),
    [
        ({"default": SQLITE, "allocator": {**SQLITE, "NAME": "b"}}, []),
        ({"default": SQLITE}, ["allocator.E101"]),
        ({"default": SQLITE, "allocator": SQLITE}, ["allocator.E102"]),
        ({"default": SQLITE, "allocator": {**SQLITE, "NAME": "b", "OPTIONS": {}}}, ["allocator.E103"]),
        ({"default": SQLITE, "allocator": {"ENGINE": "django.db.backends.postgresql", "NAME": "b"}}, []),
    ],
)
def test_settings_that_would_make_two_locks_one_are_found(settings_of, databases, found):
    settings_of(databases)
    assert [error.id for error in checks.separate_and_immediate()] == found


@pytest.fixture
def settings_of(monkeypatch):
    from types import SimpleNamespace

    return lambda databases: monkeypatch.setattr(checks, "settings", SimpleNamespace(DATABASES=databases))
