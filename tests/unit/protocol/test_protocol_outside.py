"""Visits outside the schedule: known by their numbers, and a slip of the pen is found in its line."""

from pathlib import Path

import pytest

from equipoise.protocol.check import read_protocol
from equipoise.protocol.load import load
from equipoise.protocol.schedule import Visit, unscheduled_id, unscheduled_number

TEXT = (Path(__file__).parents[3] / "trials" / "hypertension-tablets" / "protocol.yaml").read_text("utf-8")
FORMS = "    forms: [blood_pressure, laboratory]\n"
LEAVING = "    forms: [blood_pressure, laboratory, pill_count]\n"
PLAN = TEXT[TEXT.index("  unscheduled:\n") : TEXT.index(LEAVING) + len(LEAVING)]
PROTOCOL = load(TEXT.encode())[0]
LUPUS = load((Path(__file__).parents[3] / "trials" / "belimumab-sle" / "protocol.yaml").read_bytes())[0]


def test_a_number_makes_a_visit_and_a_visit_of_the_schedule_stays_what_it_is():
    third = PROTOCOL.encounter("unscheduled_3")
    assert (third.id, third.label.en, third.label.zh) == ("unscheduled_3", "Unscheduled visit U03", "计划外访视U03")
    assert third.forms == ("blood_pressure", "laboratory")
    assert not isinstance(third, Visit)
    assert PROTOCOL.encounter("week_4") is PROTOCOL.visit_by_id["week_4"]
    assert third.id not in {visit.id for visit in PROTOCOL.visits}
    assert (third.unscheduled, third.counts) == (True, False)
    assert {(visit.unscheduled, visit.counts) for visit in PROTOCOL.visits} == {(False, True)}


def test_the_visit_of_a_participant_who_leaves_early_is_one_and_has_its_own_forms():
    visit = PROTOCOL.encounter("early_termination")
    assert (visit.label.en, visit.forms) == ("Early-termination visit", ("blood_pressure", "laboratory", "pill_count"))
    assert not visit.unscheduled
    assert [each.id for each in PROTOCOL.outside] == ["unscheduled_1", "early_termination"]


def test_in_the_reference_trial_both_count():
    assert [each.counts for each in LUPUS.outside] == [True, True]


@pytest.mark.parametrize("id_", ["unscheduled", "unscheduled_0", "unscheduled_01", "unscheduled_1000", "week_5", "log"])
def test_any_other_id_is_no_visit(id_):
    assert PROTOCOL.encounter(id_) is None
    assert unscheduled_number(id_) is None


def test_an_id_and_a_number_are_the_same_thing():
    assert [unscheduled_number(unscheduled_id(number)) for number in (1, 9, 10, 999)] == [1, 9, 10, 999]


def test_a_protocol_that_plans_for_none_has_none_and_is_as_it_was():
    protocol, problems = read_protocol(TEXT.replace(PLAN, ""))
    assert problems == ()
    assert protocol.outside == ()
    assert protocol.encounter("unscheduled_1") is protocol.encounter("early_termination") is None
    assert protocol.model_dump()["schedule"].keys() == {"anchor", "baseline", "visits", "activities"}


SLIPS = [
    ("protocol.E120", FORMS, "    forms: [blood_pressure, labratory]\n"),
    ("protocol.E167", FORMS, "    forms: [laboratory, laboratory]\n"),
    ("protocol.E250", FORMS, "    forms: [adverse_events]\n"),
    ("protocol.E250", FORMS, "    forms: [dispensing]\n"),
    ("protocol.E250", FORMS, "    forms: [history]\n"),
    ("protocol.E120", LEAVING, "    forms: [blood_presure]\n"),
    ("protocol.E250", LEAVING, "    forms: [laboratory, history]\n"),
    ("protocol.E251", '    label: {en: "Unscheduled visit U{number}"', '    label: {en: "Unscheduled visit"'),
    ("protocol.E252", "    - {id: screening, weeks", "    - {id: unscheduled_1, weeks"),
    ("protocol.E252", "    - {id: screening, weeks", "    - {id: early_termination, weeks"),
]


@pytest.mark.parametrize(("identity", "old", "new"), SLIPS)
def test_a_slip_is_found_in_its_line(identity, old, new):
    assert TEXT.count(old) == 1
    line = TEXT[: TEXT.index(old)].count("\n") + 1
    _, problems = read_protocol(TEXT.replace(old, new))
    assert (identity, f"protocol.yaml:{line}") in {(problem.id, problem.where) for problem in problems}


def test_a_form_may_be_due_outside_the_schedule_alone():
    planned = '    - {form: pill_count, at: "4, 8, 12"}\n'
    assert planned in TEXT
    nowhere = {problem.id for problem in read_protocol(TEXT.replace(planned, "").replace(LEAVING, FORMS))[1]}
    beside = TEXT.replace(planned, "")
    assert "protocol.E168" in nowhere
    assert "protocol.E168" not in {problem.id for problem in read_protocol(beside)[1]}
