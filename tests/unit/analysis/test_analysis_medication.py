"""Medication by hand: prior, concomitant or after, in doubt concomitant; each participant once in a line."""

from datetime import timedelta

import pytest
from analysis_trials import SMALL, START, made
from safety_trials import treated, trial

from equipoise.analysis.ard import results
from equipoise.analysis.medication import MEDICATION, medications, taken, when_taken
from equipoise.analysis.period import Period
from equipoise.items import PartialDate

TRIAL = trial()
RECORDS = medications(TRIAL)
TREATED = Period(START, START + timedelta(days=28), START + timedelta(days=28), START + timedelta(days=60))


def test_each_record_against_the_time_on_treatment():
    assert [(r.subject, r.drug, r.when) for r in RECORDS] == [
        ("01-001", "Prednisone", "concomitant"), ("01-001", "Influenza vaccine", "prior"),
        ("01-002", "Ibuprofen", "after"), ("01-501", "prednisone ", "concomitant"),
    ]  # fmt: skip
    assert (RECORDS[0].ongoing, RECORDS[1].ongoing, RECORDS[0].start) == (True, None, PartialDate(2020))


@pytest.mark.parametrize(
    ("start", "stop", "when"),
    [
        (-10, -1, "prior"), (-10, 0, "concomitant"), (-10, None, "concomitant"), (None, None, "concomitant"),
        (28, None, "concomitant"), (29, None, "after"), (PartialDate(2024, 6), None, "concomitant"),
        (PartialDate(2024, 7), None, "after"), (None, PartialDate(2024, 4), "prior"),
        (None, PartialDate(2024), "concomitant"),
    ],
)  # fmt: skip
def test_in_doubt_a_drug_was_taken_under_treatment(start, stop, when):
    dates = [START + timedelta(days=day) if isinstance(day, int) else day for day in (start, stop)]
    assert when_taken(*dates, TREATED) == when
    assert when_taken(*dates, Period(None, None, None, None)) == ""


def test_people_are_counted_once_by_class_and_drug():
    found = results(taken(TRIAL, RECORDS, treated(TRIAL)))

    def n(variable, level, arm):
        return found.count(MEDICATION, "participants", variable=variable, level=level, arm=arm)

    assert [n("any", "", arm) for arm in TRIAL.arms] == [1, 1]
    assert [n("drug/steroid", "Prednisone", arm) for arm in TRIAL.arms] == [1, 1]  # case and spaces are no other drug
    assert [n("class", "nsaid", arm) for arm in TRIAL.arms] == [0, 0]
    assert found.get(MEDICATION, "participants", variable="any", arm="placebo").N == 2


def test_a_protocol_without_a_log_has_no_medication():
    assert medications(made({"active": [], "control": []})) == ()
    assert SMALL.safety.medication is None
