"""For whom and which visit a dose may be prepared."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from equipoise.conduct.dosing import doses_due
from equipoise.conduct.snapshot import Subject, VisitState
from tests.desk.at_work import PROTOCOL

DAY_0 = date(2026, 3, 16)
SUBJECT = Subject("11-001", "11", datetime(2026, 3, 2, tzinfo=UTC), randomised=DAY_0)
HELD = VisitState("held", DAY_0, "site", "", 9)
MISSED = replace(HELD, status="missed")


@pytest.mark.parametrize(
    ("change", "day", "due"),
    [
        ({}, 0, ["week_0"]),
        ({"randomised": None}, 0, []),
        ({"treatment_stopped": DAY_0}, 0, []),
        ({"ended": DAY_0}, 0, []),
        ({"doses": {"week_0": ("B",)}}, 0, []),
        ({}, 28, ["week_4"]),
        ({}, 42, []),
        ({"visits": {"week_0": HELD}}, 28, ["week_0", "week_4"]),
        ({"visits": {"week_0": HELD}, "values": {("week_0", "dispensing", 1): {}}}, 28, ["week_4"]),
        ({"visits": {"week_4": MISSED}}, 28, []),
    ],
)
def test_a_dose_is_due_in_its_window_and_after_its_visit_until_the_form_says_more(change, day, due):
    found = doses_due(PROTOCOL, replace(SUBJECT, **change), DAY_0 + timedelta(days=day))
    assert [visit.id for visit in found] == due
