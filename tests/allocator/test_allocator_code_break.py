"""The emergency: half a key for one participant, at any hour, of no use without the card, and never unrecorded."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connections, transaction

from equipoise.allocator import door
from equipoise.envelopes import SealError, new_key, open_broken, seal_with_cards
from equipoise.randomisation import seeded

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

NIGHT = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)
KEY = new_key("pharmacist", seeded(b"key"), demo=True)
PLAN = {"PUMCH": ("a", "b", "b"), "RJH": ("b", "a", "a")}
LIST, LOCKS, CARDS = seal_with_cards("trial", PLAN, [KEY.public], seeded(b"list"), demo=True)
CARD = {card.label: card.secret for card in CARDS}


@pytest.fixture(autouse=True)
def loaded():
    assert door.load("trial", LOCKS) == door.Loaded(slots=6, strata=2)
    for subject in ("A-001", "A-002"):
        door.assign(study="trial", stratum="PUMCH", subject=subject, at=NIGHT)


def release(subject="A-002", **changes):
    asked = {"by": "dr-wang", "role": "investigator", "reason": "anaphylaxis", "entitled": {"investigator"}, **changes}
    return door.release_code_break(study="trial", subject=subject, at=NIGHT, **asked)


def rows(query):
    with connections["allocator"].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_the_release_and_the_named_card_open_that_participant_s_envelope():
    released = release()
    payload = open_broken(LIST, CARD[released.label], released.release)
    assert (released.subject, payload.slot, payload.arm) == ("A-002", released.label, "b")
    assert repr(released.release) not in repr(released)


def test_any_other_card_opens_nothing():
    released = release()
    for label in CARD.keys() - {released.label}:
        with pytest.raises(SealError):
            open_broken(LIST, CARD[label], released.release)


def test_each_release_is_recorded_as_a_code_break():
    released = release()
    assert release() == released
    recorded = rows("SELECT label, by, role, reason, code_break FROM allocator_release")
    assert recorded == [(released.label, "dr-wang", "investigator", "anaphylaxis", True)] * 2


@pytest.mark.parametrize(
    "change",
    [{"subject": "A-003"}, {"subject": ""}, {"role": "nurse"}, {"entitled": ()}, {"reason": " "}],
    ids=str,
)
def test_the_door_stays_shut_in_the_same_words_and_records_nothing(change):
    refused = release(**change)
    assert refused.problem.id == "allocator.E002"
    assert rows("SELECT * FROM allocator_release") == []


def test_a_release_for_preparing_is_told_from_one_for_a_code_break():
    label = release().label
    door.release_share(
        study="trial", label=label, by="p", role="pharmacist", reason="week 0", at=NIGHT, entitled={"pharmacist"}
    )
    assert rows("SELECT role, code_break FROM allocator_release ORDER BY id") == [
        ("investigator", True),
        ("pharmacist", False),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE allocator_slot SET release = x'00' WHERE subject IS NULL",
        "UPDATE allocator_slot SET share = x'00' WHERE subject IS NULL",
        "UPDATE allocator_slot SET subject = NULL, assigned_at = NULL WHERE subject = 'A-001'",
        "UPDATE allocator_release SET reason = 'none'",
        "DELETE FROM allocator_release",
        "DELETE FROM allocator_slot",
    ],
)
def test_the_database_itself_keeps_what_is_there(statement):
    """The columns were added by making the tables anew: the guards must be there again."""
    release()
    with pytest.raises(IntegrityError), transaction.atomic(using="allocator"), connections["allocator"].cursor() as c:
        c.execute(statement)


def test_after_a_lost_store_the_same_list_gives_everybody_the_same_slot_again():
    """Threat model, loss of the allocator's store: load the second locks anew and assign in the recorded order."""
    known = sorted(door.assignments(study="trial"), key=lambda each: each.subject)
    door.load("restored", LOCKS)
    again = [door.assign(study="restored", stratum=each.stratum, subject=each.subject, at=each.at) for each in known]
    assert again == known
