"""How the trial went: deviations by category, importance and site, attendance, and the course of what is followed."""

import pytest
from analysis_trials import SAME, SMALL, START, arm_of, opened, person

from equipoise.analysis import analyse
from equipoise.analysis.cohort import cohort
from equipoise.analysis.course import ATTENDANCE, DEVIATIONS, TRAJECTORY, attended


def results(arms, *failures):
    return analyse(opened(arms, *failures), SMALL).results


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


def test_important_deviations_are_those_of_the_categories_named():
    late, major = ("week_4", "visit_window", "late"), ("log", "major", "another trial's drug")
    people = {"active": [person("01-001", SAME, deviations=(late, major)), person("02-001", SAME, deviations=(late,))],
              "control": [person("01-002", SAME)]}  # fmt: skip
    found = results(people)
    important = found.get(DEVIATIONS, "participants", variable="important", arm="active")
    assert (important.n, important.N) == (1, 2)
    assert found.count(DEVIATIONS, "events", variable="important", arm="active") == 1
    site = found.get(DEVIATIONS, "participants", variable="site", level="01", arm="active")
    assert (site.n, site.N) == (1, 1)
    assert found.count(DEVIATIONS, "events", variable="site", level="01", arm="active") == 2
    assert found.get(DEVIATIONS, "participants", variable="site", level="02", arm="control").N == 0
