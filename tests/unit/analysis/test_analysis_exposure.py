"""Doses by hand: due, expected, given, cut short and left out, and the dose of a drug taken beside the treatment."""

import pytest
from analysis_trials import MISSED, SAME, SMALL, made, person
from safety_trials import PROTOCOL, treated, trial

from equipoise.analysis.ard import results
from equipoise.analysis.background_dose import BACKGROUND, DoseCourse, background_dose, dose_course
from equipoise.analysis.exposure import EXPOSURE, amount_of, course_of, exposure
from equipoise.protocol.schema import BackgroundDose

TRIAL = trial()
FOUND = results(exposure(TRIAL, treated(TRIAL)))


def of(statistic, variable="", level="", arm="belimumab"):
    return FOUND.get(EXPOSURE, statistic, variable=variable, level=level, arm=arm)


def test_doses_are_counted_by_what_was_given():
    assert FOUND.count(EXPOSURE, "doses_due") == 14
    assert (of("mean", "doses").estimate, of("mean", "doses", arm="placebo").estimate) == (3.0, 2.5)
    assert [FOUND.count(EXPOSURE, "number", level=n, arm="placebo") for n in ("2", "3", "14")] == [1, 1, 0]
    assert FOUND.count(EXPOSURE, "doses_in_all", arm="placebo") == 5
    assert (of("all_doses").n, of("enough_doses").n) == (0, 0)


def test_durations_count_both_ends_and_add_up_to_patient_years():
    assert of("mean", "duration_days").estimate == 29.0  # days 0 to 28
    assert of("mean", "duration_days", arm="placebo").estimate == 22.0  # 29 and 15
    assert of("treatment_years").estimate == pytest.approx(58 / 365.25)
    # From the first dose to the end: 61 and 57 days.
    assert of("observation_years").estimate == pytest.approx(118 / 365.25)


def test_compliance_counts_the_doses_expected_while_treatment_went_on():
    # Four were expected before day 60 and three given; three before treatment stopped on day 30, all given.
    assert of("mean", "compliance").estimate == pytest.approx((75 + 100) / 2)
    assert of("mean", "compliance", arm="placebo").estimate == pytest.approx((100 + 200 / 3) / 2)
    assert (of("not_given").n, of("not_given").N) == (1, 7)
    assert of("not_given", level="infection").n == 1
    assert (of("not_confirmed", arm="placebo").n, of("not_confirmed", arm="placebo").N) == (1, 6)


def test_an_amount_is_only_known_where_an_arm_has_one():
    assert of("mean", "amount").estimate == 360.0
    assert of("mean", "amount", arm="placebo") is None
    assert amount_of(trial(dummy=True), "belimumab") is None


def test_how_doses_were_given():
    assert (of("doses_with", level="interrupted").n, of("doses_with", level="interrupted").N) == (1, 6)
    assert (of("people_with", level="not_whole").n, of("people_with", level="not_whole").N) == (1, 2)
    assert (of("stopped").n, of("stopped", level="adverse_event").n) == (1, 1)


def test_a_dose_that_nobody_confirmed_is_neither_given_nor_left_out():
    doses = {dose.visit: dose for dose in course_of(TRIAL.by_code["01-502"], TRIAL).doses}
    assert (doses["week_4"].given, doses["week_4"].because, doses["week_4"].expected) == (None, "", True)
    assert (doses["week_8"].given, doses["week_8"].expected) == (False, False)


def test_a_visit_left_out_is_why_a_dose_was():
    left_out = person("01-001", {"week_4": MISSED}, doses={})
    cohort = made({"active": [left_out], "control": []})
    assert [dose.because for dose in course_of(cohort.randomised[0], cohort).doses] == ["", "missed"]


def test_a_dose_is_late_against_the_plan_and_its_window():
    late = person("01-001", SAME, shift=4)
    dose = course_of((cohort := made({"active": [late], "control": []})).randomised[0], cohort).doses[1]
    assert (dose.days_late, dose.outside_window) == (4, True)


def test_nobody_who_was_not_randomised_is_expected_to_have_a_dose():
    assert not any(dose.expected for dose in course_of(TRIAL.by_code["02-001"], TRIAL).doses)
    assert course_of(TRIAL.by_code["02-001"], TRIAL).compliance is None


# --- Background dose --------------------------------------------------------------------------------------------------


def test_the_dose_between_assessments_lies_on_a_straight_line():
    course = DoseCourse("01-001", "active", (0, 28, 56), (10.0, 5.0, 5.0))
    assert course.cumulative == 28 * 7.5 + 28 * 5
    assert (course.mean, course.highest, course.covered) == (6.25, 5.0, 56)


def test_one_known_dose_is_no_course():
    assert DoseCourse("x", "a", (0,), (10.0,)).mean is None
    assert DoseCourse("x", "a", (), ()).cumulative is None
    assert DoseCourse("x", "a", (0, 0), (1.0, 2.0)).mean is None


def test_a_missing_dose_is_bridged_and_a_missing_baseline_leaves_nothing():
    people = [person("01-001", {"week_4": None, "week_8": 2}), person("01-002", {"week_0": None, "week_4": 2})]
    cohort = made({"active": people, "control": []})
    whole, none = (dose_course(one, "itching", cohort) for one in cohort.randomised)
    assert (whole.days, whole.mean) == ((0, 56), 4.0)
    assert none.days == ()


def test_the_dose_is_described_by_arm():
    safety = SMALL.safety.model_copy(update={"background_dose": BackgroundDose(variable="itching", high="4")})
    people = {"active": [person("01-001", {"week_4": 4, "week_8": 2}), person("01-002", {"week_8": 5})],
              "control": [person("01-003", {})]}  # fmt: skip
    cohort = made(people, protocol=SMALL.model_copy(update={"safety": safety}))
    found = results(background_dose(cohort, cohort.randomised))
    mean = found.get(BACKGROUND, "mean", variable="mean", arm="active")
    assert (mean.estimate, mean.n, mean.N) == ((4.0 + 5.5) / 2, 2, 2)
    above = found.get(BACKGROUND, "above", arm="active")
    assert (above.n, above.N) == (1, 2)
    assert found.get(BACKGROUND, "mean", variable="mean", arm="control").n == 0
    assert PROTOCOL.safety.background_dose.variable == "prednisone_daily"


def test_without_a_level_nobody_is_above_it():
    safety = SMALL.safety.model_copy(update={"background_dose": BackgroundDose(variable="itching")})
    cohort = made(
        {"active": [person("01-001", SAME)], "control": []}, protocol=SMALL.model_copy(update={"safety": safety})
    )
    assert not [row for row in background_dose(cohort, cohort.randomised) if row.statistic == "above"]
    assert list(background_dose(TRIAL, ())) != []
    assert list(background_dose(made({"active": [], "control": []}), ())) == []
