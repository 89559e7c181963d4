"""An infusion's record: what matches, and the form that follows, against a slow reading minute by minute."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.conduct import acts as a
from equipoise.conduct.dosing import open_infusions
from equipoise.conduct.infusions import (
    STEPS,
    Infusion,
    answers_of,
    found_at,
    infusion_after,
    plain,
    row_of,
    whole,
)
from equipoise.conduct.snapshot import Subject
from equipoise.protocol.load import load

PROTOCOL = load((Path(__file__).parents[3] / "trials" / "belimumab-sle" / "protocol.yaml").read_bytes())[0]
TABLETS = load((Path(__file__).parents[3] / "trials" / "hypertension-tablets" / "protocol.yaml").read_bytes())[0]
NOON = datetime(2021, 9, 1, 4, 0, tzinfo=UTC)  # in Shanghai
WHERE = {"subject": "01-001", "visit": "week_2"}


def step(what, minute, rate=None, volume=None):
    at = NOON + timedelta(minutes=minute)
    return a.InfusionStepped(**WHERE, step=what, at=at, rate=rate, volume=volume)


def reaction(grade):
    return a.ReactionSeen(**WHERE, at=NOON, grade=grade, sign="itching", event=1)


def recorded(*acts):
    found = Infusion()
    for act in acts:
        found = infusion_after(found, act)
    return found


@pytest.mark.parametrize(
    ("wristband", "label", "intact", "found"),
    [
        ("01-001", "K7M2", True, "matches"), (" 01-００1", "k7 m2", True, "matches"),
        ("01-002", "K7M2", True, "wrong_person"), ("", "", True, "wrong_person"),
        ("01-001", "K7M3", True, "wrong_bag"), ("01-001", "", False, "wrong_bag"),
        ("01-001", "K7M2", False, "cover_damaged"),
    ],
)  # fmt: skip
def test_only_the_right_bag_at_the_right_person_with_its_cover_matches(wristband, label, intact, found):
    assert found_at("01-001", "K7M2", wristband=wristband, label=label, cover_intact=intact) == found


@given(st.text(max_size=12))
def test_reading_plainly_twice_is_reading_plainly(text):
    assert plain(plain(text)) == plain(text)


def test_no_bag_matches_where_only_nothing_was_scanned():
    assert found_at("01-001", "K7M2", wristband="01-001", label=" ", cover_intact=True) == "wrong_bag"


def test_the_form_follows_from_the_record():
    ended = recorded(
        step("start", 0, 250), step("rate", 20, 120), reaction("grade_3"), reaction("grade_1"), step("stop", 25),
        step("restart", 40, 100), step("end", 83.4, volume=250),
    )  # fmt: skip
    assert answers_of(PROTOCOL, ended, "K7M2", "Asia/Shanghai") == {
        "bag_number": "K7M2", "infusion_start": "12:00", "infusion_minutes": "83", "infusion_rate": "250",
        "infusion_volume": "250", "reaction": "severe", "infusion_given": "yes", "infusion_completed": "yes",
        "infusion_interrupted": "yes",
    }  # fmt: skip


def test_faster_is_not_slowed_and_a_part_is_not_the_whole():
    ended = recorded(step("start", 0, 100), step("rate", 20, 250), step("end", 70, volume=249))
    said = answers_of(PROTOCOL, ended, "K7M2", "UTC")
    assert (said["infusion_interrupted"], said["infusion_completed"], said["reaction"]) == ("no", "no", "none")
    slowed = recorded(step("start", 0, 250), step("rate", 20, 249), step("end", 70, volume=250))
    assert answers_of(PROTOCOL, slowed, "K7M2", "UTC")["infusion_interrupted"] == "yes"


def test_without_questions_about_the_dose_none_is_answered():
    bare = PROTOCOL.model_copy(update={"treatment": PROTOCOL.treatment.model_copy(update={"administration": None})})
    ended = recorded(step("start", 0, 100), step("end", 70, volume=250))
    assert "infusion_given" not in answers_of(bare, ended, "K7M2", "UTC")


def test_the_whole_bag_is_what_the_protocol_hands_over():
    assert (whole(PROTOCOL), whole(TABLETS)) == (250, None)


def test_a_reaction_begins_an_adverse_event_on_its_day_at_the_site():
    late = a.ReactionSeen(
        **WHERE, at=datetime(2021, 9, 1, 16, 30, tzinfo=UTC), grade="grade_2", sign="itching", event=1
    )
    assert row_of(PROTOCOL, late, "Asia/Shanghai") == {
        "ae_term": "itching", "ae_category": "infusion_reaction", "ae_onset": "2021-09-02", "ae_severity": "grade_2",
    }  # fmt: skip


def test_a_bag_waits_until_its_infusion_is_ended():
    doses = {"week_0": ("A",), "week_2": ("B",), "week_4": ("C",)}
    ended = recorded(step("start", 0, 100), step("end", 70, volume=250))
    done = {"week_0": ended, "week_2": recorded(step("start", 0, 100))}
    subject = Subject("01-001", "01", NOON, doses=doses, infusions=done)
    assert list(open_infusions(PROTOCOL, subject)) == ["week_2", "week_4"]
    assert list(open_infusions(TABLETS, subject)) == []


@given(st.lists(st.sampled_from(["rate", "stop", "restart", "end"]), max_size=8))
def test_any_course_of_possible_steps_leaves_a_state_that_knows_what_comes_next(wanted):
    """An oracle with two switches: whether anything runs, and whether it is over."""
    found, runs, over = recorded(step("start", 0, 100)), True, False
    for minute, what in enumerate(wanted, start=1):
        possible = not over and {"rate": runs, "stop": runs, "restart": not runs, "end": True}[what]
        assert (what in STEPS[found.state]) == possible
        if possible:
            found = infusion_after(found, step(what, minute, 100 if what in ("rate", "restart") else None, 1))
            runs, over = what in ("rate", "restart") or (runs and what not in ("stop", "end")), what == "end"
    assert found.state == ("ended" if over else "running" if runs else "stopped")
