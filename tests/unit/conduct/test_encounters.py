"""The visits of one participant in the order of their dates, and what rules read at one nobody planned."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from equipoise.conduct.encounters import encounters, leaves_early, next_unscheduled, unscheduled_held
from equipoise.conduct.environment import History
from equipoise.conduct.snapshot import Subject, VisitState
from equipoise.protocol.load import load
from equipoise.protocol.schema import Protocol

ROOT = Path(__file__).parents[3]
PROTOCOL = load((ROOT / "trials" / "hypertension-tablets" / "protocol.yaml").read_bytes())[0]
LUPUS = load((ROOT / "trials" / "belimumab-sle" / "protocol.yaml").read_bytes())[0]
RANDOMISED = date(2026, 3, 16)


def subject(**days):
    """A participant with visits held on these days from randomisation, and with the day as potassium at each."""
    visits = {visit: VisitState("held", RANDOMISED + timedelta(days=day), "site", "", 1) for visit, day in days.items()}
    return Subject(
        code="11-001", site="11", screened=datetime(2026, 3, 1, tzinfo=UTC), randomised=RANDOMISED, visits=visits,
        values={(visit, "laboratory", 1): {"potassium": Decimal(day)} for visit, day in days.items()},
    )  # fmt: skip


def order(**days):
    return [each.id for each in encounters(PROTOCOL, subject(**days)) if each.id in days]


def test_without_any_the_visits_are_those_of_the_schedule():
    assert encounters(PROTOCOL, subject(screening=-10, week_0=0)) is PROTOCOL.visits


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"screening": -10, "week_0": 0, "week_4": 28, "unscheduled_1": 9}, "screening week_0 unscheduled_1 week_4"),
        ({"week_0": 0, "week_4": 28, "unscheduled_1": 28}, "week_0 week_4 unscheduled_1"),
        ({"screening": -10, "unscheduled_1": -12}, "unscheduled_1 screening"),
        ({"week_0": 0, "unscheduled_1": 9, "unscheduled_2": 4}, "week_0 unscheduled_2 unscheduled_1"),
        ({"week_4": 31, "unscheduled_1": 30}, "unscheduled_1 week_4"),
    ],
)
def test_a_visit_nobody_planned_stands_where_its_date_puts_it(days, expected):
    assert order(**days) == expected.split()


@pytest.mark.parametrize(("day", "place"), [(27, 2), (28, 3), (55, 3), (56, 4), (90, 5)])
def test_a_planned_visit_that_was_not_held_stands_on_the_day_it_was_planned_for(day, place):
    """Week 4 was missed, of weeks 8 and 12 nothing is recorded: days 28, 56 and 84."""
    known = subject(week_0=0, unscheduled_1=day)
    known = replace(known, visits={**known.visits, "week_4": VisitState("missed", None, "", "illness", 2)})
    assert [each.id for each in encounters(PROTOCOL, known)].index("unscheduled_1") == place


def test_before_there_is_a_day_0_what_was_not_held_comes_last():
    known = replace(subject(screening=-10, unscheduled_1=-8), randomised=None)
    assert [each.id for each in encounters(PROTOCOL, known)][:3] == ["screening", "unscheduled_1", "week_0"]


def left(how, **days):
    return replace(subject(week_0=0, week_4=28, **days), ended=RANDOMISED + timedelta(days=40), how_ended=how)


@pytest.mark.parametrize(
    ("how", "awaited"), [("withdrew", True), ("other", True), ("lost", False), ("died", False), ("completed", False)]
)
def test_the_early_termination_visit_is_awaited_of_who_leaves_and_can_come(how, awaited):
    assert leaves_early(left(how)) is awaited
    found = [each.id for each in encounters(PROTOCOL, left(how))]
    assert ("early_termination" in found) is awaited
    assert not awaited or found[2:5] == ["week_4", "early_termination", "week_8"], "on the day of leaving, day 40"


def test_the_early_termination_visit_that_was_held_stands_by_its_date_whatever_became_of_the_participant():
    held = [each.id for each in encounters(PROTOCOL, left("died", early_termination=20))]
    assert held == ["screening", "week_0", "early_termination", "week_4", "week_8", "week_12"]
    assert "early_termination" not in {
        each.id for each in encounters(PROTOCOL, replace(left("other"), randomised=None))
    }


def test_a_protocol_without_that_visit_awaits_none():
    plan = PROTOCOL.schedule.model_copy(update={"early_termination": None})
    without: Protocol = PROTOCOL.model_copy(update={"schedule": plan})
    assert encounters(without, left("withdrew")) is without.visits


def test_numbers_have_no_gaps():
    assert next_unscheduled(PROTOCOL, subject(week_0=0)).id == "unscheduled_1"
    assert next_unscheduled(PROTOCOL, subject(unscheduled_1=1, unscheduled_2=5)).id == "unscheduled_3"
    without = PROTOCOL.model_copy(update={"schedule": PROTOCOL.schedule.model_copy(update={"unscheduled": None})})
    assert next_unscheduled(without, subject(unscheduled_1=1)) is None
    assert unscheduled_held(subject(week_0=0, unscheduled_1=1, early_termination=5)) == 1


def test_rules_read_what_stands_there_and_what_came_before_it():
    history = History(PROTOCOL, subject(screening=-10, week_12=84, unscheduled_1=40, unscheduled_2=50))
    first, second, last = (history.at(visit) for visit in ("unscheduled_1", "unscheduled_2", "week_12"))
    assert (first.get("potassium"), first.get("previous.potassium"), first.get("visit.day")) == (40, -10, 40)
    assert (second.get("last.potassium"), second.get("previous.potassium")) == (50, -10)
    assert (last.get("potassium"), last.get("previous.potassium")) == (84, -10), "none of them counts"


def counted(**more):
    plan = PROTOCOL.schedule.unscheduled.model_copy(update={"counts": True, **more})
    return PROTOCOL.model_copy(update={"schedule": PROTOCOL.schedule.model_copy(update={"unscheduled": plan})})


def test_where_it_counts_and_is_whole_it_is_the_assessment_before():
    known = subject(screening=-10, week_12=84, unscheduled_1=40, unscheduled_2=90, early_termination=60)
    whole, part = counted(forms=("laboratory",)), counted()  # of which the blood pressure was not measured
    assert History(whole, known).at("week_12").get("previous.potassium") == 40, "not that of leaving, nor a later one"
    assert History(whole, known).at("unscheduled_2").get("previous.potassium") == 84
    assert History(part, known).at("week_12").get("previous.potassium") == -10


@pytest.mark.parametrize(("day", "week"), [(-7, -1), (0, 0), (14, 2), (10, Decimal(10) / 7), (-1, Decimal(-1) / 7)])
def test_its_week_is_counted_in_days_so_that_no_planned_week_is_taken_for_it(day, week):
    assert History(PROTOCOL, subject(unscheduled_1=day)).at("unscheduled_1").get("visit.week") == week


def test_before_there_is_a_day_0_its_week_is_not_known():
    known = replace(subject(unscheduled_1=-3), randomised=None)
    assert History(PROTOCOL, known).at("unscheduled_1").get("visit.week") is None


def test_scores_are_computed_from_what_stands_there():
    visits = {"unscheduled_1": VisitState("held", RANDOMISED, "site", "worsening", 1)}
    dose = {
        "steroid_drug": "prednisone",
        "steroid_dose": Decimal(20),
        "steroid_frequency": "once_daily",
        "steroid_pulse": False,
    }
    known = replace(subject(), visits=visits, values={("unscheduled_1", "background_treatment", 1): dose})
    env = History(LUPUS, known).at("unscheduled_1")
    assert env.get("prednisone_daily") == 20
    assert History(LUPUS, known).at("week_4").get("prednisone_daily") is None
