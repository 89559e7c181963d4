"""BILAG-2004: every laboratory limit from below, at and above; the open points of the renal rule; attribution."""

from decimal import Decimal

import pytest

from tests.unit.instruments.bilag2004_patient import BILAG, SLE, grade, score

RENAL = {"bilag_renal_sle": True}
ANY = {"laboratory_attribution": "assumed", "proteinuria_by": "any_given", "renal_function_by": "any_given"}
NO_URINE = {"urine_protein": None, "urine_pcr": None, "urine_acr": None, "urine_dipstick": None}


def haematological(**values):
    return grade("haematological", SLE | values)


def renal(settings=None, **values):
    return grade("renal", RENAL | values, settings)


# --- Haematological -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "grades"),
    [
        ("haemoglobin", {"79.9": "B", "80": "C", "80.1": "C", "109.9": "C", "110": "E", "110.1": "E"}),
        ("white_cells", {"0.99": "B", "1.0": "C", "1.01": "C", "3.99": "C", "4.0": "E", "4.01": "E"}),
        ("neutrophils", {"0.49": "B", "0.5": "C", "0.51": "C", "1.99": "C", "2.0": "E", "2.01": "E"}),
        ("lymphocytes", {"0.99": "C", "1.0": "E", "1.01": "E"}),
        ("platelets", {"24.9": "A", "25": "B", "25.1": "B", "49.6": "B", "50": "C", "50.1": "C"}),
        ("platelets", {"149.9": "C", "150": "E", "150.1": "E"}),
    ],
)
def test_a_count_is_graded_below_its_limits_and_no_gap_lies_between_ranges(value, grades):
    assert {number: haematological(**{value: number}) for number in grades} == grades


def test_haemolysis_raises_anaemia_by_one_grade_and_needs_no_other_attribution():
    grades = {"79.9": "A", "80": "B", "80.1": "B", "99.9": "B", "100": "C", "100.1": "C", "140": "C"}
    found = {
        hb: grade("haematological", {"haemoglobin": hb, "bilag_active_haemolysis": True, "bilag_anaemia_sle": None})
        for hb in grades
    }
    assert found == grades


def test_purpura_is_a_unless_it_improves_and_an_isolated_coombs_test_is_c():
    scale = ("not_present", "improving", "same", "worse", "new")
    assert [haematological(bilag_ttp=code) for code in scale] == ["E", "B", "A", "A", "A"]
    assert haematological(bilag_coombs_isolated=True) == "C"


def test_a_low_count_of_another_cause_does_not_count():
    assert grade("haematological", {"platelets": 20, "bilag_thrombocytopenia_sle": False}) == "E"
    assert grade("haematological", {"white_cells": "2.5", "bilag_leukopenia_sle": False}) == "E"


def test_a_low_count_without_attribution_is_open_unless_it_cannot_matter_or_the_protocol_assumes_it():
    low = {"platelets": 40, "bilag_thrombocytopenia_sle": None}
    result = score(low)
    assert result.results["grade_haematological"] is None
    assert result.unknown == ("bilag_thrombocytopenia_sle",)
    assert (result.lower, result.upper) == (0, 8)
    assert grade("haematological", low | {"bilag_ttp": "same"}) == "A"
    assert grade("haematological", low | {"platelets": 150}) == "E"
    assert grade("haematological", low, {"laboratory_attribution": "assumed"}) == "B"


def test_a_clinician_says_whether_a_count_is_new_and_purpura_says_it_itself():
    low = SLE | {"platelets": 40}
    told = [score(low | {"bilag_haematological_new": new}).results["new_haematological"] for new in (True, False, None)]
    assert told == [True, False, None]
    worse = score({"bilag_ttp": "worse", "bilag_haematological_new": False})
    assert worse.results["new_haematological"] is True
    assert score({"bilag_haematological_new": None}).results["new_haematological"] is False


# --- Renal: published and worked ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"bilag_active_nephritis_histology": True, "bilag_active_sediment": True}, "A"),
        ({"creatinine": 180, "previous_creatinine": 130, "bilag_active_sediment": True}, "A"),
        (NO_URINE | {"urine_dipstick": "plus_3", "previous_urine_dipstick": "plus_1"}, "B"),
    ],
)
def test_renal_grades_are_those_of_the_public_program(values, expected):
    """Renal functions of JSLE-REDCap (UK JSLE Cohort Study), run on the same values."""
    assert renal(ANY, **values) == expected


def test_two_features_are_a_only_if_one_is_proteinuria_sediment_or_histology():
    others = {"bilag_accelerated_hypertension": True, "bilag_nephrotic_syndrome": True}
    assert renal(**others) == "B"
    for leading in ("bilag_active_sediment", "bilag_active_nephritis_histology"):
        assert renal(bilag_nephrotic_syndrome=True, **{leading: True}) == "A"
    assert renal(bilag_nephrotic_syndrome=True, urine_protein=2) == "A"
    assert renal(creatinine=180, gfr=40) == "B"


def test_worked_examples_of_proteinuria():
    by_pcr = {"proteinuria_by": "urine_pcr"}
    assert renal(by_pcr, urine_pcr=130, previous_urine_pcr=120) == "B"
    assert renal(by_pcr, urine_pcr=130, previous_urine_pcr=120, bilag_active_sediment=True) == "A"
    assert renal(by_pcr, urine_pcr=110, previous_urine_pcr=160) == "C"


# --- Renal: limits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "mild", "moderate", "severe", "step"),
    [("urine_protein", "0.25", "0.5", "1", "0.01"), ("urine_pcr", 25, 50, 100, 1), ("urine_acr", 25, 50, 100, 1)],
)
def test_proteinuria_is_graded_at_its_limits(measure, mild, moderate, severe, step):
    def graded(limit, steps, **other):
        value = Decimal(limit) + steps * Decimal(step)
        return renal({"proteinuria_by": measure}, **{measure: value, f"previous_{measure}": value}, **other)

    assert [graded(mild, steps) for steps in (-1, 0, 1)] == ["E", "E", "C"]
    assert [graded(moderate, steps) for steps in (-1, 0, 1)] == ["C", "B", "B"]
    # Severe proteinuria is a feature: beside another one it makes an A.
    assert [graded(severe, steps, bilag_nephrotic_syndrome=True) for steps in (-1, 0, 1)] == ["B", "B", "A"]


def test_proteinuria_that_fell_by_a_quarter_is_mild_at_most():
    fell = {now: renal(urine_protein=now, previous_urine_protein=4) for now in ("2.99", "3", "3.01")}
    assert fell == {"2.99": "C", "3": "C", "3.01": "B"}
    exactly = {"fall_of_exactly_25_counts": "no"}
    assert renal(exactly, urine_protein=3, previous_urine_protein=4) == "B"
    assert renal(exactly, urine_protein="2.99", previous_urine_protein=4) == "C"


def test_mild_proteinuria_after_a_fall_is_a_decision_of_the_protocol():
    never = {"mild_proteinuria_after_fall": "no"}
    before = {"previous_urine_protein": "0.4"}
    assert [renal(urine_protein=now, **before) for now in ("0.39", "0.4", "0.41")] == ["C", "C", "C"]
    assert [renal(never, urine_protein=now, **before) for now in ("0.39", "0.4", "0.41")] == ["E", "C", "C"]


def test_a_ratio_in_mg_per_g_is_read_as_such():
    per_g = {"proteinuria_by": "urine_pcr", "ratio_unit": "mg_per_g"}
    grades = {"221": "E", "221.1": "C", "441.9": "C", "442": "B", "442.1": "B"}
    assert {now: renal(per_g, urine_pcr=now, previous_urine_pcr=now) for now in grades} == grades


@pytest.mark.parametrize(
    ("before", "grades"),
    [
        ("negative", {"trace": "E", "plus_1": "C", "plus_2": "A"}),
        ("plus_1", {"plus_1": "C", "plus_2": "B", "plus_3": "A"}),
        ("plus_2", {"plus_1": "C", "plus_2": "C", "plus_3": "B", "plus_4": "A"}),
    ],
)
def test_the_dipstick_is_graded_by_its_pluses_and_its_rise(before, grades):
    """Beside a nephrotic syndrome a severe rise makes an A; without it, what is left is B, C or nothing."""
    by = {"proteinuria_by": "urine_dipstick"}
    for now, expected in grades.items():
        values = {"urine_dipstick": now, "previous_urine_dipstick": before}
        assert renal(by, **values) == ("B" if expected == "A" else expected)
        assert (renal(by, **values, bilag_nephrotic_syndrome=True) == "A") is (expected == "A")


def test_creatinine_is_graded_by_its_value_and_its_percentage_of_the_last():
    def stands(now, before, settings=None):
        both = renal(settings, creatinine=now, previous_creatinine=before, bilag_active_sediment=True)
        alone = renal(settings, creatinine=now, previous_creatinine=before)
        return both, alone

    assert stands(131, 100) == ("A", "B")
    assert stands(130, 99) == ("B", "E")
    assert [stands(now, 200) for now in ("259.9", "260", "260.1")] == [("B", "B"), ("B", "B"), ("A", "B")]
    assert stands(260, 200, {"exactly_130_is_severe": "yes"}) == ("A", "B")
    assert [stands(now, 200)[1] for now in ("229.9", "230", "230.1")] == ["E", "B", "B"]
    assert stands(230, 200, {"exactly_115_is_moderate": "no"})[1] == "E"


def test_a_fallen_gfr_is_a_feature():
    assert [renal(gfr=now, previous_gfr=120) for now in ("79.9", "80", "80.1")] == ["B", "E", "E"]
    assert [renal(gfr=now, previous_gfr=100) for now in ("66.9", "67", "67.1")] == ["B", "E", "E"]
    assert [renal(gfr=now, previous_gfr=60) for now in ("49.9", "50", "50.1")] == ["B", "E", "E"]
    assert [renal(gfr=45, previous_gfr=before) for before in ("49.9", "50", "50.1")] == ["E", "E", "B"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "C"),
        ({"systolic": 140, "previous_systolic": 100}, "E"),
        ({"diastolic": 90, "previous_diastolic": 70}, "E"),
        ({"previous_systolic": 112}, "E"),
        ({"previous_systolic": 111}, "C"),
        ({"previous_diastolic": 77}, "E"),
        ({"previous_diastolic": 76}, "C"),
    ],
)
def test_a_blood_pressure_rising_above_140_over_90_is_c(changed, expected):
    rise = {"systolic": 141, "diastolic": 91, "previous_systolic": 110, "previous_diastolic": 75}
    assert renal(**(rise | changed)) == expected


def test_whether_one_pressure_above_its_limit_is_enough_is_a_setting():
    rise = {"systolic": 150, "diastolic": 88, "previous_systolic": 110, "previous_diastolic": 70}
    assert renal(**rise) == "E"
    assert renal({"blood_pressure_above": "either"}, **rise) == "C"


# --- Renal: the first assessment and what is not done ---------------------------------------------------------------

FIRST = {name: None for name in BILAG.input_by_id if name.startswith("previous_")}
NONE_EXISTS = {"previous_missing": "none_exists"}


def test_a_previous_value_that_is_not_given_is_unknown_and_never_none():
    result = score(RENAL | {"urine_protein": 2, "previous_urine_protein": None})
    assert result.results["grade_renal"] is None
    assert result.unknown == ("previous_urine_protein",)
    assert result.contributions["renal"] == "C"


def test_at_a_first_assessment_proteinuria_counts_as_not_fallen_and_nothing_has_risen():
    assert renal(NONE_EXISTS, **FIRST, urine_protein=2) == "B"
    assert renal(NONE_EXISTS | {"first_proteinuria_counts": "no"}, **FIRST, urine_protein=2) == "C"
    assert renal(NONE_EXISTS, **FIRST, creatinine=300) == "E"
    assert renal(NONE_EXISTS, **FIRST, systolic=180, diastolic=110) == "E"
    by_stick = {"proteinuria_by": "urine_dipstick"} | NONE_EXISTS
    assert renal(by_stick, **FIRST, urine_dipstick="plus_4") == "C"


def test_where_none_exists_the_previous_value_is_not_asked_for():
    open_urine = score(RENAL | FIRST | {"urine_protein": None}, NONE_EXISTS)
    assert open_urine.unknown == ("urine_protein",)
    after_fall = {"mild_proteinuria_after_fall": "no"}
    first = {"urine_protein": "0.3", "previous_urine_protein": None}
    assert renal(after_fall, **first) is None
    assert renal(after_fall | NONE_EXISTS, **first) == "C"


def test_at_a_first_assessment_a_gfr_below_80_is_a_decline_only_if_the_protocol_says_so():
    assert renal(NONE_EXISTS, **FIRST, gfr=70) == "E"
    assert renal(NONE_EXISTS | {"first_gfr_below_80_counts": "yes"}, **FIRST, gfr=70) == "B"
    assert renal(NONE_EXISTS, **FIRST, gfr=45) == "B"


def test_the_measurement_the_protocol_names_is_the_one_that_counts():
    assert renal(urine_pcr=300, urine_acr=300) == "E"
    assert renal({"renal_function_by": "creatinine"}, gfr=30) == "E"
    assert renal({"renal_function_by": "gfr"}, creatinine=300) == "E"


def test_with_any_given_what_is_not_there_was_not_done_but_one_must_be_there():
    stick = {"urine_dipstick": "plus_2", "previous_urine_dipstick": "negative"}
    assert renal(ANY, **(NO_URINE | stick)) == "B"
    assert renal(ANY, **(NO_URINE | stick | {"urine_pcr": 10})) == "E"
    assert renal(ANY, **(NO_URINE | {"urine_acr": 60, "previous_urine_acr": 60})) == "B"
    assert renal(ANY, creatinine=None) == "E"
    nothing = score(RENAL | NO_URINE | {"creatinine": None, "gfr": None}, ANY)
    assert nothing.results["grade_renal"] is None
    assert set(nothing.unknown) == {*NO_URINE, "creatinine", "gfr"}


def test_a_dipstick_that_cannot_have_risen_so_far_is_not_open():
    by = {"proteinuria_by": "urine_dipstick"}
    low = {"urine_dipstick": "plus_1", "previous_urine_dipstick": None}
    high = {"urine_dipstick": None, "previous_urine_dipstick": "plus_3"}
    assert renal(by, **low) == "C"
    assert renal(by, **high, bilag_nephrotic_syndrome=True) == "B"


def test_renal_values_of_another_cause_do_not_count_and_an_open_cause_leaves_the_grade_open():
    severe = {"urine_protein": 3, "previous_urine_protein": 3}
    assert grade("renal", severe | {"bilag_renal_sle": False}) == "E"
    assert grade("renal", severe | {"bilag_renal_sle": None}) is None
    assert grade("renal", severe | {"bilag_renal_sle": None}, {"laboratory_attribution": "assumed"}) == "B"
    assert grade("renal", {"bilag_renal_sle": None}) == "E"


@pytest.mark.parametrize(
    ("changed", "told", "new"),
    [
        ({"gfr": 40}, False, True),
        ({"creatinine": 140, "previous_creatinine": 120}, False, True),
        ({"systolic": 150, "diastolic": 95}, False, True),
        ({"urine_protein": 2, "previous_urine_protein": 2}, False, False),
        ({"urine_protein": 2, "previous_urine_protein": 2}, True, True),
        ({"urine_protein": 2, "previous_urine_protein": 2}, None, None),
        ({}, True, False),
    ],
)
def test_a_decline_is_worse_by_itself_and_otherwise_the_clinician_says_what_is_new(changed, told, new):
    assert score(RENAL | changed | {"bilag_renal_new": told}).results["new_renal"] is new
