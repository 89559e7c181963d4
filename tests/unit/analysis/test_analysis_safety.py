"""Safety: each participant once in a line, nothing from before randomisation, and what no event still allows."""

from datetime import date

import pytest
from analysis_trials import SAME, SMALL, START, arm_of, opened, person

from equipoise.analysis import analyse
from equipoise.analysis.adverse_events import adverse_events
from equipoise.analysis.cohort import cohort
from equipoise.analysis.course import ATTENDANCE, DEVIATIONS, TRAJECTORY, attended
from equipoise.analysis.safety import EVENTS, EXPOSURE, safety_set
from equipoise.items import Missing, PartialDate

INFECTION = {"term": "Cold", "kind": "infection", "serious": False, "related": True}
SERIOUS = {"term": "Pneumonia", "kind": "infection", "serious": True, "related": False, "event_grade": "severe"}
BEFORE = {"term": "Old", "kind": "infection", "serious": True, "onset": date(2024, 4, 2)}
UNSURE = {"term": "Some day", "kind": "", "onset": PartialDate(2024), "serious": Missing("UNK"), "event_grade": None}


def results(arms, *failures):
    return analyse(opened(arms, *failures), SMALL).results


ARMS = {
    "active": [
        person("01-001", SAME, events=[INFECTION, INFECTION, SERIOUS]),
        person("01-002", SAME, events=[BEFORE]),
        person("01-003", SAME, events=[UNSURE, {"term": None, "event_grade": None, "onset": None}]),
    ],
    "control": [person("02-001", SAME)],
}


def lines(found, variable, level=""):
    return [
        (found.count(EVENTS, "participants", variable=variable, level=level, arm=arm),
         found.count(EVENTS, "events", variable=variable, level=level, arm=arm))
        for arm in ("active", "control")
    ]  # fmt: skip


def test_a_participant_counts_once_and_every_event_counts():
    found = results(ARMS)
    assert lines(found, "any") == [(2, 4), (0, 0)]
    assert lines(found, "serious") == [(1, 1), (0, 0)]
    assert lines(found, "related") == [(1, 2), (0, 0)]
    assert lines(found, "serious_related") == [(0, 0), (0, 0)]
    assert lines(found, "special_interest", "infection") == [(1, 3), (0, 0)]


def test_severity_counts_the_worst():
    found = results(ARMS)
    assert lines(found, "worst", "mild") == [(0, 2), (0, 0)]
    assert lines(found, "worst", "severe") == [(1, 1), (0, 0)]
    assert found.count(EVENTS, "participants", variable="worst", level="", arm="active") == 1  # grade not known


def test_an_event_certainly_before_randomisation_is_kept_apart():
    found = adverse_events(cohort(opened(ARMS), SMALL))
    assert [(e.term, e.after_randomisation) for e in found] == [
        ("Cold", True), ("Cold", True), ("Pneumonia", True), ("Old", False), ("Some day", True),
    ]  # fmt: skip
    assert found[-1].serious is None


def test_zero_of_115_still_allows_2_6_per_cent():
    """The dossier's number: one-sided 95 % limit for no event in 115 people is 1 − 0.05^(1/115) = 2.57 %."""
    found = results({"active": arm_of("01", [SAME] * 115), "control": arm_of("02", [SAME] * 2)})
    row = found.get(EVENTS, "still_possible", variable="special_interest", level="infection", arm="active")
    assert row.upper == pytest.approx(1 - 0.05 ** (1 / 115), rel=1e-9)
    assert f"{100 * row.upper:.1f}" == "2.6"
    assert found.get(EVENTS, "still_possible", variable="any", arm="control").upper == pytest.approx(1 - 0.05**0.5)


def test_exposure_counts_doses_given():
    found = results({"active": [person("01-001", SAME), person("01-002", {"week_4": "missed"})], "control": []})
    mean = found.get(EXPOSURE, "mean", variable="doses", arm="active")
    assert (mean.estimate, found.count(EXPOSURE, "all_doses", arm="active")) == (1.5, 1)
    assert found.get(EXPOSURE, "mean", variable="duration_days", arm="active").estimate == 14.0
    assert found.count(EXPOSURE, "given", level="week_0", arm="active") == 2


def test_safety_is_described_in_the_set_as_treated():
    assert safety_set(cohort(opened(ARMS), SMALL)).id == "everybody"  # the only one there is


def test_deviations_count_people_and_deviations():
    late = ("week_4", "visit_window", "late")
    found = results({"active": [person("01-001", SAME, deviations=(late, late))], "control": [person("02-001", SAME)]})
    assert found.count(DEVIATIONS, "participants", level="visit_window", arm="active") == 1
    assert found.count(DEVIATIONS, "events", level="", arm="active") == 2
    assert found.count(DEVIATIONS, "participants", level="visit_window", arm="control") == 0


def test_attendance_knows_missed_and_unrecorded_visits():
    everybody = cohort(opened({"active": [person("01-001", {"week_4": "missed"})]}), SMALL)
    assert [(v.visit, v.how, v.because) for v in attended(everybody)] == [
        ("week_4", "missed", "pandemic"), ("week_8", "unrecorded", ""),
    ]  # fmt: skip
    running = cohort(opened({"active": [person("01-001", {"week_4": "missed"})]}, locked=False), SMALL)
    assert [v.visit for v in attended(running)] == ["week_4"]
    gone = person("01-001", {"week_4": 5}, ended=START, how_ended="withdrew")
    assert [v.visit for v in attended(cohort(opened({"active": [gone]}), SMALL))] == ["week_4"]


def test_trajectories_carry_their_numbers():
    found = results({"active": arm_of("01", [{"week_4": 4}, {"week_4": 6}, {"week_4": None}]), "control": []})
    row = found.get(TRAJECTORY, "mean", variable="itching", level="week_4", arm="active")
    assert (row.estimate, row.n, row.N) == (5.0, 2, 3)
    # Student's t by hand: SD √2, SE 1, t(0.975, 1) = 12.7062.
    assert row.upper == pytest.approx(5 + 12.7062, abs=1e-3)
    assert found.get(TRAJECTORY, "mean", variable="itching", level="week_8", arm="control").estimate is None


def test_attendance_is_counted_by_arm():
    found = results({"active": [person("01-001", {"week_4": "missed", "week_8": 5})], "control": []})
    assert found.get(ATTENDANCE, "visits", level="missed", arm="active").n == 1
    assert found.get(ATTENDANCE, "visits", level="site", arm="active").N == 2
