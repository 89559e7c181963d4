"""The clocks of serious events: a worked example by the calendar, and what never moves them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.conduct import acts as a
from equipoise.conduct.fold import Fold
from equipoise.conduct.serious_events import CLOCK_STATES, duties, unannounced
from equipoise.conduct.signatures import digest_of
from equipoise.conduct.snapshot import SafetyReport, SeriousEvent, Subject
from equipoise.protocol.load import load

PROTOCOL = load((Path(__file__).parents[3] / "trials" / "belimumab-sle" / "protocol.yaml").read_bytes())[0]
SHANGHAI = timezone(timedelta(hours=8))
FRIDAY = datetime(2021, 9, 30, 16, 50, tzinfo=SHANGHAI)  # the day before the national holiday
ROW, OTHER = ("log", "adverse_events", 1), ("log", "adverse_events", 2)
ANAPHYLAXIS = {
    "ae_term": "anaphylaxis", "ae_serious": True, "ae_serious_because": "life_threatening", "ae_related": True,
    "ae_expected": False, "ae_severity": "grade_4",
}  # fmt: skip


def subject(event=None, **answers):
    values = {ROW: {**ANAPHYLAXIS, **answers}, OTHER: {"ae_term": "headache", "ae_serious": False}}
    return Subject("01-001", "01", FRIDAY, values=values, serious={ROW: event} if event else {})


def told(event, at, clock="sae_to_sponsor"):
    return replace(event, reports=(*event.reports, SafetyReport(clock, at, "d")))


def due(event, now=FRIDAY, **answers):
    found = duties(PROTOCOL, subject(event, **answers), ROW)
    return {(each.clock.id, each.follow_up): (each.due, each.state(now)) for each in found}


def test_the_site_has_24_hours_from_its_awareness_whatever_the_calendar_says():
    assert due(SeriousEvent(FRIDAY)) == {
        ("sae_to_sponsor", False): (datetime(2021, 10, 1, 16, 50, tzinfo=SHANGHAI), "running")
    }


def test_the_authority_hears_within_7_and_15_days_of_the_first_report():
    """Day 0 is the sponsor's: 2 October, 09:00. Seven calendar days, holidays among them."""
    event = told(SeriousEvent(FRIDAY), datetime(2021, 10, 2, 9, 0, tzinfo=SHANGHAI))
    found = due(event)
    assert found["sae_to_sponsor", False][1] == "late"
    assert found["susar_fatal", False] == (datetime(2021, 10, 9, 9, 0, tzinfo=SHANGHAI), "running")
    assert found["susar_fatal_follow_up", False][0] == datetime(2021, 10, 17, 9, 0, tzinfo=SHANGHAI)
    assert ("susar", False) not in found
    milder = due(event, ae_serious_because="hospitalisation", ae_severity="grade_3")
    assert milder["susar", False][0] == datetime(2021, 10, 17, 9, 0, tzinfo=SHANGHAI)


def test_a_clock_whose_rule_is_unknown_or_false_does_not_run():
    event = told(SeriousEvent(FRIDAY), FRIDAY)
    assert [clock for clock, _ in due(event, ae_related=None)] == ["sae_to_sponsor"]
    assert [clock for clock, _ in due(event, ae_expected=True)] == ["sae_to_sponsor"]


@pytest.mark.parametrize(
    ("hours", "state"), [(0, "running"), (19.2, "running"), (19.3, "pressing"), (24, "pressing"), (24.01, "overdue")]
)
def test_a_duty_becomes_pressing_after_four_fifths_of_its_time(hours, state):
    (found,) = duties(PROTOCOL, subject(SeriousEvent(FRIDAY)), ROW)
    assert found.state(FRIDAY + timedelta(hours=hours)) == state


@pytest.mark.parametrize(("hours", "state"), [(24, "in_time"), (25, "late")])
def test_a_report_is_judged_by_when_it_went_out(hours, state):
    event = told(SeriousEvent(FRIDAY), FRIDAY + timedelta(hours=hours))
    assert due(event, FRIDAY + timedelta(days=99))["sae_to_sponsor", False][1] == state


def test_what_is_learnt_after_a_report_asks_for_another_within_24_hours():
    hour = timedelta(hours=1)
    event = replace(told(SeriousEvent(FRIDAY), FRIDAY + hour), changes=(FRIDAY, FRIDAY + 5 * hour, FRIDAY + 9 * hour))
    assert due(event)["sae_to_sponsor", True] == (FRIDAY + 29 * hour, "running")
    assert ("sae_to_sponsor", True) not in due(told(event, FRIDAY + 9 * hour))
    assert ("susar_fatal", True) not in due(told(event, FRIDAY + 2 * hour, "susar_fatal")), "no time is declared"


def test_a_downgrade_ends_what_was_not_reported_and_asks_for_a_follow_up_of_what_was():
    downgraded = SeriousEvent(FRIDAY, changes=(FRIDAY + timedelta(hours=3),), downgraded=True)
    assert due(downgraded, ae_serious=False) == {}
    reported = told(downgraded, FRIDAY + timedelta(hours=1))
    assert list(due(reported, ae_serious=False)) == [("sae_to_sponsor", False), ("sae_to_sponsor", True)]


def test_a_row_that_says_serious_without_a_moment_is_named():
    assert list(unannounced(PROTOCOL, subject())) == [ROW]
    assert list(unannounced(PROTOCOL, subject(SeriousEvent(FRIDAY)))) == []
    assert list(unannounced(PROTOCOL, subject(SeriousEvent(FRIDAY, downgraded=True)))) == [ROW]
    assert subject().rows("adverse_events") == [ROW, OTHER]
    assert duties(PROTOCOL, subject(), ROW) == ()


def test_a_change_of_the_row_is_noted_with_its_moment():
    folding, event = Fold("btrial", PROTOCOL), SeriousEvent(FRIDAY)
    act = a.FormSaved(subject="01-001", visit="log", form="adverse_events", changes={"ae_severity": ("grade_4", None)})
    by = a.Person("p", "investigator", "01")
    at = FRIDAY + timedelta(hours=1)
    kept = a.Recorded("btrial", 7, "k", at, by, "", "digest", act, "before", "hash")
    assert folding.subject_after(subject(event), kept).serious == {ROW: replace(event, changes=(at,))}
    assert folding.subject_after(subject(), kept).serious == {}


def test_a_seal_depends_on_every_answer_and_not_on_their_order():
    assert digest_of({"a": True, "b": None}) == digest_of({"b": None, "a": True})
    assert len({digest_of({"a": True}), digest_of({"a": False}), digest_of({"a": None}), digest_of({})}) == 4


MOMENTS = st.integers(0, 72).map(lambda hours: FRIDAY + timedelta(hours=hours))


@given(st.lists(MOMENTS, max_size=4), st.lists(MOMENTS, max_size=3), MOMENTS, st.integers(-12, 14))
def test_no_entry_report_or_time_zone_moves_the_first_deadline(changes, reports, now, zone):
    event = SeriousEvent(
        FRIDAY.astimezone(timezone(timedelta(hours=zone))),
        tuple(SafetyReport("sae_to_sponsor", at, "d") for at in sorted(reports)),
        tuple(sorted(changes)),
    )
    first, *more = [each for each in duties(PROTOCOL, subject(event), ROW) if each.clock.id == "sae_to_sponsor"]
    assert first.due == datetime(2021, 10, 1, 8, 50, tzinfo=UTC)
    assert first.state(now) in CLOCK_STATES
    late = [at for at in changes if reports and at > max(reports)]
    assert [each.since for each in more] == sorted(late)[:1]
