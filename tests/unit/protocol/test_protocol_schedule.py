"""Weeks become visits."""

import pytest
from protocol_cases import SMALL, with_slip

from equipoise.protocol.load import load
from equipoise.protocol.schedule import default_id, forms_due, read_weeks, visits_of
from equipoise.protocol.schema import Label, VisitPattern


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("0", (0,)),
        ("screening, 0, 2, 4, 8 to 20 by 4", ("screening", 0, 2, 4, 8, 12, 16, 20)),
        ("-4 to 0 by 2", (-4, -2, 0)),
        ("5 to 5 by 1", (5,)),
    ],
)
def test_weeks_are_listed(text, weeks):
    assert read_weeks(text) == weeks


@pytest.mark.parametrize(
    "text",
    ["", "0,", "0 to 9 by 4", "9 to 0 by 3", "0 to 4 by 0", "1.5", "Screening", "0 to 9000 by 1", "0 to 999 by 1, 0"],
)
def test_what_is_no_list_of_weeks_is_refused(text):
    with pytest.raises(ValueError, match=r"is neither|does not step|lists more"):
        read_weeks(text)


def test_visits_before_the_anchor_have_ids_that_rules_can_read():
    assert (default_id(-4), default_id(0), default_id(12)) == ("week_minus_4", "week_0", "week_12")


def test_the_name_of_a_visit_is_not_its_week():
    with pytest.raises(ValueError, match="not a week"):
        list(visits_of(VisitPattern(weeks="screening", label=Label(en="x"))))


def test_visits_stand_in_the_order_of_weeks_with_their_windows():
    protocol = load(with_slip('weeks: "0, 4, 8"', 'weeks: "8, 0, 4"')[0])[0]
    assert [(visit.id, visit.day, visit.earliest, visit.latest) for visit in protocol.visits] == [
        ("screening", -14, -21, -8), ("week_0", 0, 0, 3), ("week_4", 28, 28, 31), ("week_8", 56, 56, 59),
    ]  # fmt: skip
    assert [visit.label.zh for visit in protocol.visits][-1] == "第8周"


def test_the_forms_of_a_visit_are_those_of_its_activities():
    protocol = load(SMALL)[0]
    for visit in protocol.visits:
        assert forms_due(visit, protocol.schedule.activities) == visit.forms
    assert protocol.visit_by_id["week_0"].forms == ("assessment", "central", "dosing")


def test_parts_are_found_by_their_ids():
    protocol = load(SMALL)[0]
    assert protocol.arm_by_id["active"].product == "drops"
    assert str(protocol.role_by_id["pharmacist"].label) == "Pharmacist"
