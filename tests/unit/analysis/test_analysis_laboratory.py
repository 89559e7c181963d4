"""The laboratory by hand: limits, baseline, shifts, grades, the liver signal, and what masking leaves out.

Limits of the protocol for a woman: ALT 7–40 U/L, AST 13–35 U/L, bilirubin up to 21 µmol/L, neutrophils 1.8–6.3 ×10⁹/L.
"""

from decimal import Decimal

import pytest
from analysis_trials import SMALL, made, opened, person
from safety_trials import PROTOCOL, patient, treated, trial

from equipoise.analysis import cohort
from equipoise.analysis.ard import results
from equipoise.analysis.laboratory import HIGH, LOW, NORMAL, UNKNOWN, indicator, laboratory
from equipoise.analysis.laboratory_tables import (
    BOTH,
    CHANGE,
    GRADES,
    SHIFT,
    VALUE,
    laboratory_statistics,
    worst_grade,
    worst_state,
)
from equipoise.analysis.liver import LIVER, liver_peaks, liver_statistics

TRIAL = trial()
ROWS = laboratory(TRIAL)
FOUND = results(laboratory_statistics(TRIAL, ROWS, treated(TRIAL)))
PEAKS = {peak.subject: peak for peak in liver_peaks(TRIAL, ROWS, treated(TRIAL))}


def of(subject, analyte):
    return {row.visit: row for row in ROWS if (row.subject, row.analyte) == (subject, analyte)}


def cell(analysis, analyte, before, after, arm="belimumab"):
    row = FOUND.get(analysis, f"to {after}", variable=analyte, level=before, arm=arm)
    return row.n, row.N


@pytest.mark.parametrize(
    ("value", "lower", "upper", "expected"),
    [(6, 7, 40, LOW), (7, 7, 40, NORMAL), (40, 7, 40, NORMAL), (41, 7, 40, HIGH), (3, None, 40, NORMAL),
     (3, 7, None, LOW), (41, None, 40, HIGH), (3, None, None, UNKNOWN)],
)  # fmt: skip
def test_a_result_at_a_limit_is_normal(value, lower, upper, expected):
    assert indicator(*(None if each is None else Decimal(each) for each in (value, lower, upper))) == expected


def test_the_baseline_is_the_last_result_up_to_its_visit():
    alt = of("01-001", "alt")
    assert [(visit, row.baseline, row.after) for visit, row in alt.items()] == [
        ("screening", True, False), ("week_4", False, True), ("week_8", False, True),
    ]  # fmt: skip
    assert (alt["week_4"].base, alt["week_4"].change, alt["screening"].change) == (30, 100, None)
    assert (alt["week_4"].indicator, alt["week_4"].base_indicator, alt["week_4"].day) == (HIGH, NORMAL, 28)
    # Neutrophils were measured twice: week 0 is the baseline.
    assert [row.visit for row in of("01-001", "neutrophils").values() if row.baseline] == ["week_0"]


def test_grades_are_those_of_ctcae_5():
    # ALT: >3–5 × ULN is grade 2 where the baseline was normal. Neutrophils: <1.0–0.5 ×10⁹/L is grade 3.
    assert [row.grade for row in of("01-001", "alt").values()] == [0, 2, 0]
    assert of("01-001", "neutrophils")["week_4"].grade == 3
    # At baseline 2.5 × ULN is grade 1; afterwards unchanged from an abnormal baseline is grade 0.
    assert [(row.grade, row.base_grade) for row in of("01-002", "alt").values()] == [(1, 1), (0, 1)]


def test_an_impossible_result_has_no_grade_and_no_limits_no_indicator():
    nobody = patient("01-001", laboratory={"week_0": {"alt": 30}})
    values = {key: answers for key, answers in nobody.values.items() if key[1] != "demographics"}
    without_sex = patient("01-002", values=values)
    negative = patient("01-003", laboratory={"week_0": {"alt": 30}, "week_4": {"alt": -5}})
    found = cohort_of(without_sex, negative)
    by_place = {(row.subject, row.visit): row for row in laboratory(found)}
    assert by_place["01-002", "week_0"].indicator == UNKNOWN
    assert by_place["01-002", "week_0"].of_upper is None
    assert by_place["01-003", "week_4"].grade is None


def cohort_of(*people):
    return cohort(opened({"belimumab": people, "placebo": []}), PROTOCOL)


def test_the_worst_state_after_baseline():
    assert cell(SHIFT, "alt", NORMAL, HIGH) == (1, 1)
    assert cell(SHIFT, "alt", HIGH, HIGH) == (1, 1)
    assert cell(SHIFT, "alt", LOW, BOTH, "placebo") == (1, 1)  # 50 at week 4 and 6 at week 8
    assert cell(SHIFT, "alt", NORMAL, UNKNOWN, "placebo") == (1, 1)  # never measured again, which is not normal
    assert cell(SHIFT, "alt", UNKNOWN, UNKNOWN) == (0, 0)
    assert worst_state([]) == UNKNOWN
    assert worst_grade([]) is None


def test_the_highest_grade_after_baseline():
    assert cell(GRADES, "alt", "0", "2") == (1, 1)
    assert cell(GRADES, "alt", "1", "0") == (1, 1)
    assert cell(GRADES, "alt", "0", "1", "placebo") == (1, 2)
    assert cell(GRADES, "alt", "0", "", "placebo") == (1, 2)
    assert cell(GRADES, "neutrophils", "", "") == (1, 1)


def test_every_participant_stands_in_one_cell():
    for analysis in (SHIFT, GRADES):
        for arm, people in (("belimumab", 2), ("placebo", 2)):
            for analyte in {row.variable for row in FOUND.of(analysis)}:
                cells = [row for row in FOUND.of(analysis) if (row.variable, row.arm) == (analyte, arm)]
                assert sum(row.n for row in cells) == people


def test_results_and_changes_by_visit():
    week_4 = FOUND.get(VALUE, "mean", variable="alt", level="week_4", arm="belimumab")
    assert (week_4.estimate, week_4.n, week_4.N) == (115.0, 2, 2)
    # The screening result stands for the baseline: 30 and 100.
    assert FOUND.get(VALUE, "mean", variable="alt", level="week_0", arm="belimumab").estimate == 65.0
    assert FOUND.get(CHANGE, "mean", variable="alt", level="week_4", arm="belimumab").estimate == 50.0
    assert FOUND.get(VALUE, "mean", variable="alt", level="week_12", arm="belimumab") is None


def test_soft_results_are_left_out_while_the_arms_are_dummies():
    values = {"week_0": {"lymphocytes": 2, "alt": 20}}
    for dummy, expected in ((False, {"lymphocytes", "alt"}), (True, {"alt"})):
        found = cohort(
            opened({"belimumab": [patient("01-001", laboratory=values)], "placebo": []}, dummy=dummy), PROTOCOL
        )
        assert {row.analyte for row in laboratory(found)} == expected


def test_an_analyte_without_a_term_has_no_grade():
    one = person("01-001", {})
    values = {**one.values, ("week_4", "assessment", 1): {"creatinine": Decimal(90)}}
    visits = {**one.visits, "week_4": one.visits["week_0"]}
    found = made({"active": [person("01-001", {}, values=values, visits=visits)], "control": []})
    assert [(row.value, row.grade, row.indicator, row.base) for row in laboratory(found)] == [(90, None, HIGH, None)]
    assert SMALL.laboratory.grades == {}


# --- The liver --------------------------------------------------------------------------------------------------------


def test_the_quadrant_is_that_of_both_peaks():
    # 130/40 = 3.25 and 45/21 = 2.14; 100/40 = 2.5 and 10/21 = 0.48.
    assert {code: peak.quadrant for code, peak in PEAKS.items()} == {
        "01-001": "hys_law", "01-002": "normal", "01-501": "", "01-502": "",
    }  # fmt: skip
    assert PEAKS["01-001"].signal_visits == ("week_4",)
    assert PEAKS["01-002"].signal_visits == ()
    assert PEAKS["01-002"].aminotransferase.analyte == "alt"
    assert PEAKS["01-501"].aminotransferase is None


def test_peaks_on_different_days_are_a_quadrant_and_no_signal():
    apart = {"week_0": {"alt": 20}, "week_4": {"ast": 140, "bilirubin": 10}, "week_8": {"alt": 20, "bilirubin": 60}}
    found = cohort_of(patient("01-001", laboratory=apart))
    peak = liver_peaks(found, laboratory(found), found.randomised)[0]
    assert (peak.quadrant, peak.signal_visits, peak.aminotransferase.analyte) == ("hys_law", (), "ast")


def test_without_ast_the_axis_is_alt():
    lab = PROTOCOL.laboratory
    alone = lab.model_copy(update={"liver": lab.liver.model_copy(update={"ast": None, "alp": "albumin"})})
    protocol = PROTOCOL.model_copy(update={"laboratory": alone})
    results_ = {"week_4": {"alt": 130, "bilirubin": 45, "albumin": 40}}
    found = cohort(opened({"belimumab": [patient("01-001", laboratory=results_)], "placebo": []}), protocol)
    peak = liver_peaks(found, laboratory(found), found.randomised)[0]
    # Albumin stands in for alkaline phosphatase below twice its limit, so the signal is free of cholestasis.
    assert (peak.quadrant, peak.signal_visits) == ("hys_law", ("week_4",))


def test_the_liver_is_counted_by_arm_and_only_where_it_is_named():
    found = results(liver_statistics(TRIAL, tuple(PEAKS.values())))
    assert [found.count(LIVER, "quadrant", level=level, arm="belimumab") for level in ("hys_law", "normal", "")] == [
        1,
        1,
        0,
    ]
    assert found.count(LIVER, "quadrant", level="", arm="placebo") == 2
    assert found.count(LIVER, "signal", arm="belimumab") == 1
    small = made({"active": [], "control": []})
    assert liver_peaks(small, (), ()) == ()
    assert list(liver_statistics(small, ())) == []
