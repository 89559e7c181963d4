"""Analysis sets: who belongs, who does not, and why; and the flow of participants that must add up."""

from datetime import timedelta

import pytest
from analysis_trials import BETTER, SAME, SMALL, START, made, opened, person

from equipoise.analysis import analyse, analysis_sets, cohort
from equipoise.analysis.dosing import days_of_doses, doses_due, given
from equipoise.analysis.flow import FLOW
from equipoise.protocol.schema import AnalysisSet

SETS = tuple(
    AnalysisSet.model_validate({"id": who, "label": {"en": who}, "who": who})
    for who in ("randomised", "dosed", "per_protocol")
)
PROTOCOL = SMALL.model_copy(
    update={"analysis": SMALL.analysis.model_copy(update={"sets": (*SMALL.analysis.sets, *SETS)})}
)
DONE = {"ended": START + timedelta(days=60), "how_ended": "completed"}
LEFT = {"ended": START + timedelta(days=30), "how_ended": "withdrew"}


def reason(**more):
    """Why the one participant is not in each set."""
    everybody = made({"active": [person("01-001", SAME, **more)]}, protocol=PROTOCOL)
    return {name: dict(found.excluded).get("01-001", "") for name, found in analysis_sets(everybody).items()}


def test_everybody_randomised_counts_whatever_happened():
    assert reason(**DONE) == {"everybody": "", "randomised": "", "dosed": "", "per_protocol": ""}
    assert reason(dosed=False)["randomised"] == ""
    assert reason(randomised_in_error="not_eligible", dosed=False)["randomised"] == ""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({**DONE, "dosed": False}, "never_dosed"),
        (LEFT, "not_completed"),
        ({**DONE, "treatment_stopped": START, "stopped_because": "participant"}, "treatment_stopped"),
        ({**DONE, "deviations": (("week_4", "major", "text"),)}, "major_deviation"),
        ({**DONE, "deviations": (("week_4", "visit_window", "text"),)}, ""),
        ({}, "not_completed"),  # still in the trial
    ],
)
def test_per_protocol_names_the_first_reason(more, expected):
    assert reason(**more)["per_protocol"] == expected


def test_a_missed_dose_of_two_is_too_few():
    everybody = made({"active": [person("01-001", {"week_4": "missed", "week_8": 5}, **DONE)]}, protocol=PROTOCOL)
    assert analysis_sets(everybody)["per_protocol"].excluded == (("01-001", "too_few_doses"),)


def test_an_ineligible_participant_is_not_per_protocol():
    one = person("01-001", SAME, **DONE)
    values = {**one.values, ("screening", "assessment", 1): {"itching": 1, "weight": 60}}  # I2 wants 3 or more
    everybody = made({"active": [person("01-001", SAME, **DONE, values=values)]}, protocol=PROTOCOL)
    assert dict(analysis_sets(everybody)["per_protocol"].excluded) == {"01-001": "not_eligible"}


def test_a_dose_handed_over_and_not_recorded_is_neither_given_nor_not():
    one = person("01-001", SAME, dosed=None, doses={"week_0": "bag"})
    everybody = made({"active": [one]}, protocol=PROTOCOL)
    subject = everybody.randomised[0]
    assert (given(subject, "week_0", PROTOCOL), given(subject, "week_4", PROTOCOL)) == (None, False)
    assert dict(analysis_sets(everybody)["dosed"].excluded) == {"01-001": "dose_not_confirmed"}


def test_doses_are_those_of_the_treatment_form():
    everybody = made({"active": [person("01-001", SAME)]})
    assert doses_due(SMALL) == ("week_0", "week_4")
    assert days_of_doses(everybody.randomised[0], SMALL) == (START, START + timedelta(days=28))


def test_where_the_form_asks_nothing_what_was_handed_over_was_given():
    dosing = SMALL.form_by_id["dosing"]
    item = dosing.items[0].model_copy(update={"type": "text"})
    forms = tuple(f.model_copy(update={"items": (item,)}) if f.id == "dosing" else f for f in SMALL.forms)
    changed = SMALL.model_copy(update={"forms": forms})
    for cached in ("form_by_id", "visits", "visit_by_id"):
        changed.__dict__.pop(cached, None)
    subject = made({"active": [person("01-001", SAME)]}, protocol=changed).randomised[0]
    assert given(subject, "week_0", changed) is True


def test_the_flow_adds_up():
    arms = {
        "active": [
            person("01-001", BETTER, **DONE), person("01-002", SAME, **LEFT), person("01-003", SAME, dosed=False),
        ],
        "control": [person("02-001", SAME, treatment_stopped=START, stopped_because="adverse_event")],
    }  # fmt: skip
    failures = [
        person("01-004", randomised=None, screen_failure=("I2", "E1")),
        person("01-005", randomised=None, screen_failure=("consent_withdrawn",)),
        person("01-006", randomised=None),
    ]
    found = analyse(opened(arms, *failures), PROTOCOL).results

    def count(step, **where):
        return found.count(FLOW, step, **where)

    assert (count("assessed"), count("excluded"), count("undecided"), count("randomised")) == (7, 2, 1, 4)
    reasons = [(row.level, row.n) for row in found.of(FLOW, "excluded_because")]
    assert reasons == [("I2", 1), ("E1", 1), ("consent_withdrawn", 1)]
    for arm in arms:
        assert count("allocated", arm=arm) == len(arms[arm])
        ways = ("received", "not_received", "not_confirmed")
        assert sum(count(way, arm=arm) for way in ways) == len(arms[arm])
        ends = ("completed", "withdrew", "lost", "died", "other", "ongoing")
        assert sum(count(end, arm=arm) for end in ends) == len(arms[arm])
    assert count("treatment_stopped_because", level="adverse_event", arm="control") == 1


def test_arms_must_cover_exactly_those_randomised():
    snapshot = opened({"active": [person("01-001", SAME)]})
    with pytest.raises(ValueError, match="differ"):
        cohort(type(snapshot)(snapshot.snapshot, {}, dummy=False), SMALL)
    with pytest.raises(ValueError, match="no arm"):
        cohort(type(snapshot)(snapshot.snapshot, {"01-001": "elsewhere"}, dummy=False), SMALL)
