"""A look: the second locks of those randomised by its cut, once, under one act, and never unrecorded."""

from datetime import UTC, datetime

import pytest
from django.db import connections

from equipoise.allocator import door
from equipoise.envelopes import new_key, open_slot, seal
from equipoise.randomisation import seeded

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

NOON = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
KEY = new_key("statistician", seeded(b"key"), demo=True)
PLAN = {"PUMCH": ("a", "b", "b"), "RJH": ("b", "a", "a")}
LIST, LOCKS = seal("trial", PLAN, [KEY.public], seeded(b"list"), demo=True)
ASKED = {
    "study": "trial", "look": "interim_1", "subjects": ["A-001", "B-001"], "by": "dr-wang", "role": "statistician",
    "reason": "look interim_1", "at": NOON, "entitled": {"statistician"}, "released_by": "act-7",
}  # fmt: skip


@pytest.fixture(autouse=True)
def loaded():
    assert isinstance(door.load("trial", LOCKS), door.Loaded)
    for stratum, subject in (("PUMCH", "A-001"), ("PUMCH", "A-002"), ("RJH", "B-001")):
        door.assign(study="trial", stratum=stratum, subject=subject, at=NOON)


def rows(query):
    with connections["allocator"].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_the_locks_of_these_participants_and_of_nobody_else():
    given = door.shares_for_look(**ASKED)
    opened = {each.subject: open_slot(LIST.context, LIST.slot(each.label), each.share, KEY) for each in given}
    assert opened == {"A-001": "a", "B-001": "b"}
    assert [each.label for each in given] == sorted(each.label for each in given)  # the order of random labels


def test_it_is_recorded_and_can_be_asked_again_under_the_same_act():
    assert door.shares_for_look(**ASKED) == door.shares_for_look(**ASKED)
    recorded = rows("SELECT label, by, role, look, released_by, code_break FROM allocator_release")
    assert recorded == [("", "dr-wang", "statistician", "interim_1", "act-7", False)] * 2


def test_another_look_has_an_act_of_its_own():
    first = door.shares_for_look(**ASKED)
    assert door.shares_for_look(**ASKED | {"look": "interim_2", "released_by": "act-9"}) == first


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "sponsor"}, {"reason": " "}, {"look": ""}, {"released_by": ""}, {"subjects": []},
        {"subjects": ["A-001", "C-001"]}, {"study": "another"},
    ],
    ids=lambda each: next(iter(each)),
)  # fmt: skip
def test_the_door_stays_shut_in_the_same_words(changes):
    refused = door.shares_for_look(**ASKED | changes)
    assert isinstance(refused, door.Refused)
    assert refused.problem.id == "allocator.E002"
    assert rows("SELECT COUNT(*) FROM allocator_release") == [(0,)]


def test_a_second_act_for_one_look_is_refused():
    door.shares_for_look(**ASKED)
    assert isinstance(door.shares_for_look(**ASKED | {"released_by": "act-8"}), door.Refused)
