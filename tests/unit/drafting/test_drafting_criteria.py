"""Criteria: which become rules, which stay text, and how lists of them are cut into entries."""

import pytest

from equipoise.drafting.criteria.entries import read_entries, sort_criteria
from equipoise.drafting.criteria.question import slug
from equipoise.drafting.criteria.understand import understand
from equipoise.drafting.told import Words
from equipoise.items.expression import compile_rule

INCLUSIONS = {
    "Age 18-70 years": "age >= 18 and age <= 70",
    "Age ≥ 18 years": "age >= 18",
    "Aged 18 years or older": "age >= 18",
    "Participants must be at least 50 years old": "age >= 50",
    "Male or female, aged 18 to 75 years, inclusive, at screening": "age >= 18 and age <= 75",
    "Patients aged 6 months to 5 years": "age_months >= 6 and age <= 5",
    "Patients with low disease activity (score≤ 6 at screening on SLEDAI)": "sledai_total <= 6",
    "SLEDAI-2K ≤ 6": "sledai_total <= 6",
    "No BILAG A and no more than one B": "bilag_a_count == 0 and bilag_b_count <= 1",
    "no BILAG A or B": "bilag_a_count == 0 and bilag_b_count == 0",
    "DAS28 > 3.2": "das28 > 3.2",
    "HbA1c between 7.0 and 10.0 %": "hba1c >= 7.0 and hba1c <= 10.0",
    "HbA1c ≥ 7.0% and ≤ 10.0%": "hba1c >= 7.0 and hba1c <= 10.0",
    "BMI &lt; 35 kg/m2".replace("&lt;", "<"): "bmi < 35",
    "Body mass index (BMI) between 18 and 35 kg/m²": "bmi >= 18 and bmi <= 35",
    "eGFR greater than or equal to 60 mL/min/1.73 m2": "egfr >= 60",
    "AST and ALT ≤ 2.5 × ULN": "ast <= 2.5 * ast_upper_limit and alt <= 2.5 * alt_upper_limit",
    "Platelets ≥ 100 x 10⁹/L": "platelets >= 100",
    "Absolute neutrophil count ≥ 1,500/mm3": "neutrophils >= 1500",
    "ECOG performance status 0-1": "ecog >= 0 and ecog <= 1",
    "Prednisone =< 20 mg/day": "prednisone_daily_dose <= 20",
    "Life expectancy of at least 3 months": "life_expectancy_months >= 3",
    "Fugl-Meyer score ≥ 20": "fugl_meyer_score >= 20",
    "Weight over 40 kg": "weight > 40",
    "Signed informed consent": "informed_consent_signed",
    "Diagnosis of type 2 diabetes": "diagnosis_of_type_2_diabetes",
    "Stable dose of metformin for at least 12 weeks": "stable_regimen_12_weeks",
    "A stable treatment regimen with fixed doses of prednisone (≤ 20mg/day), antimalarial, or immunosuppressive drugs "
    "(azathioprine/methotrexate) for at least 30 days.": "stable_regimen_30_days and prednisone_daily_dose <= 20",
    "Age ≥ 18 years; ECOG performance status ≤ 1": "age >= 18 and ecog <= 1",
}
EXCLUSIONS = {
    "Alanine aminotransferase (ALT)/ aspartate aminotransferase (AST) > 2 times upper normal limits": (
        "alt > 2 * alt_upper_limit or ast > 2 * ast_upper_limit"
    ),
    "ALT or AST greater than 3 times the upper limit of normal (ULN)": (
        "alt > 3 * alt_upper_limit or ast > 3 * ast_upper_limit"
    ),
    "Total bilirubin > ULN": "bilirubin > bilirubin_upper_limit",
    "Creatinine clearance rate < 60ml/min": "creatinine_clearance < 60",
    "Under 18 years of age": "age < 18",
    "Age < 18 or > 75 years": "age < 18 or age > 75",
    "Systolic blood pressure > 160 mmHg or diastolic blood pressure > 100 mmHg": (
        "systolic_pressure > 160 or diastolic_pressure > 100"
    ),
    "Exposure to cyclophosphamide within past 6 months before screening": "cyclophosphamide_within_6_months",
    "Use of rituximab within 1 year": "rituximab_within_1_year",
    "History of herpes zoster with past 3 months before screening": "herpes_zoster_within_3_months",
    "Received a live vaccine within four weeks prior to randomization": "live_vaccine_within_4_weeks",
    "Cranial irradiation less than 3 weeks prior to first dose": "cranial_irradiation_within_3_weeks",
    "Antibiotics in the past 7 days": "antibiotics_within_7_days",
    "History of Malignancy": "history_of_malignancy",
    "Chronic HBV/HCV hepatitis": "chronic_hbv_hcv_hepatitis",
    "Pregnant or breastfeeding women": "pregnant_or_breastfeeding",
    "Known hypersensitivity to zephyrol": "hypersensitivity_to_zephyrol",
    "ECOG ≥ 3; BMI > 40 kg/m2": "ecog >= 3 or bmi > 40",
}
TO_A_PERSON = [
    (True, "No history of malignancy"),
    (True, "Has not received rituximab within 6 months"),
    (True, "ALT or AST ≤ 2.5 × ULN"),
    (True, "Total bilirubin ≤ 1.5 x ULN unless Gilbert syndrome"),
    (True, "AST and ALT ≤ 2.5 x ULN (≤ 5 x ULN if liver metastases are present)"),
    (True, "Women of childbearing potential must have a negative pregnancy test"),
    (True, "SLEDAI-2K ≥ 6 despite standard therapy"),
    (True, "Type 2 diabetes for at least 6 months"),
    (True, "At least 2 exacerbations in the past year"),
    (True, "Patients must be between the ages of birth and 18 years"),
    (True, "One of the following: ECOG ≤ 1; Karnofsky ≥ 70"),
    (True, "HbA1c < 7% or > 10%"),
    (True, "Cohort A: age ≥ 18 years"),
    (True, "DAS28 > 3.2 (or > 2.6 in part B)"),
    (True, "Acute diarrhoea of less than 72 hours"),
    (True, "Migraine with 12 months of records"),
    (True, "Low back pain for more than 3 months"),
    (True, "BMI ≥ 27 kg/m2 with at least one comorbidity, or BMI ≥ 30 kg/m2"),
    (False, "ALT and AST > 3 x ULN"),
    (False, "Patients must not have an uncontrolled infection"),
    (False, "History of malignancy other than basal cell carcinoma"),
    (False, "Blood pressure > 160/100 mmHg"),
    (False, "QTc > 450 ms in men or > 470 ms in women"),
    (False, "Unable to give informed consent"),
    (False, "Creatinine > 1,5 mg/dL"),
    (False, "Hemoglobin < 8 g/dL and platelets < 50 x 10^9/L"),
    (False, "Age 18-70 years"),
    (False, "Prednisone > 20 mg/day within 30 days"),
    (False, "Smoking history of more than 10 pack-years"),
    (False, ""),
    (False, "≥ 3"),
]


@pytest.mark.parametrize(("text", "rule"), INCLUSIONS.items())
def test_inclusion_criteria_that_become_rules(text, rule):
    understood = understand(text, inclusion=True)
    assert understood is not None
    assert understood.rule == rule


@pytest.mark.parametrize(("text", "rule"), EXCLUSIONS.items())
def test_exclusion_criteria_that_become_rules(text, rule):
    understood = understand(text, inclusion=False)
    assert understood is not None
    assert understood.rule == rule


@pytest.mark.parametrize(("inclusion", "text"), TO_A_PERSON)
def test_criteria_that_are_left_to_a_person(inclusion, text):
    assert understand(text, inclusion=inclusion) is None


@pytest.mark.parametrize("text", [*INCLUSIONS, *EXCLUSIONS])
def test_a_rule_asks_exactly_what_it_reads(text):
    for inclusion in (True, False):
        understood = understand(text, inclusion=inclusion)
        if understood:
            assert compile_rule(understood.rule).names == {question.id for question in understood.questions}


@pytest.mark.parametrize("text", [*INCLUSIONS, *EXCLUSIONS])
@pytest.mark.parametrize(
    "turned",
    [
        "Patients must not have: {}",
        "{}, unless the sponsor agrees",
        "{} except in part B",
        "{} (not applicable to children)",
        "Without {}",
        "If male, {}",
    ],
)
def test_a_turning_word_sends_a_criterion_back_to_a_person(text, turned):
    """Whatever is understood is no longer understood once a word turns it round or hangs a condition on it."""
    assert understand(turned.format(text), inclusion=text in INCLUSIONS) is None


def test_a_strict_age_is_confirmed():
    understood = understand("Age > 18 years", inclusion=True)
    assert understood is not None
    assert understood.doubts == ("whether somebody who is exactly 18 years old is meant",)


@pytest.mark.parametrize(("text", "rule"), [("Age ≥ 18", "age >= 18"), ("Age: 18-70", "age >= 18 and age <= 70")])
def test_an_age_without_a_unit_is_confirmed(text, rule):
    understood = understand(text, inclusion=True)
    assert understood is not None
    assert (understood.rule, understood.doubts) == (rule, ("that the age is meant in years",))


def test_a_known_chinese_label_is_used_only_where_it_says_the_same():
    both = understand("Pregnant or breastfeeding women", inclusion=False)
    more = understand("Women who are pregnant, lactating or planning pregnancy", inclusion=False)
    assert both is not None
    assert more is not None
    assert (both.questions[0].zh, more.questions[0].zh) == ("妊娠或哺乳", "")


def test_a_result_without_a_unit_is_confirmed():
    understood = understand("Creatinine > 2.0", inclusion=False)
    assert understood is not None
    assert understood.doubts == ("in which unit the number is",)


def entries(*lines):
    return [entry.text for entry in read_entries([Words(line, f"r:{n}") for n, line in enumerate(lines, 1)])]


@pytest.mark.parametrize(
    "lines",
    [
        ("  1. Adults;", "  2. Asthma of grade 1.5;", "  3. Consent."),
        ("1) Adults", "2) Asthma of grade 1.5", "3) Consent."),
        ("- Adults", "- Asthma of grade 1.5", "- Consent."),
        ("• Adults", "", "• Asthma", "  of grade 1.5", "• Consent."),
        ("Adults", "Asthma of grade 1.5", "Consent."),
        ("Adults; Asthma of grade 1.5; Consent.",),
        ("1. Adults 2. Asthma of grade 1.5 3. Consent.",),
        ("Patients must meet all of the following criteria:", "* Adults", "* Asthma of grade 1.5", "* Consent."),
    ],
)
def test_however_a_list_is_written_it_has_the_same_entries(lines):
    assert entries(*lines) == ["Adults", "Asthma of grade 1.5", "Consent."]


def test_nested_entries_belong_to_the_one_above():
    found = entries("* One of the following:", "  * sickle cell disease", "  * thalassaemia", "* Adults")
    assert found == ["One of the following: sickle cell disease; thalassaemia", "Adults"]
    assert entries("1. Either:", "- a", "- b", "2. Adults") == ["Either: a; b", "Adults"]


def test_a_heading_of_a_cohort_stays_with_its_entries():
    assert entries("Cohort A:", "- ECOG ≤ 1", "Cohort B:", "- ECOG ≤ 2") == ["Cohort A: ECOG ≤ 1", "Cohort B: ECOG ≤ 2"]


def test_a_heading_with_nothing_below_it_is_no_entry():
    assert entries("- a", "Part B:") == ["a"]


def test_semicolons_in_brackets_do_not_cut():
    assert entries("Infection (HIV; tuberculosis); cancer") == ["Infection (HIV; tuberculosis)", "cancer"]


def test_an_entry_knows_its_line():
    found = read_entries([Words("- a", "r:7"), Words("- b", "r:9")])
    assert [entry.where for entry in found] == ["r:7", "r:9"]


@pytest.mark.parametrize(
    "text",
    [
        "Inclusion Criteria:\n\n* a\n\nExclusion Criteria:\n\n* b",
        "INCLUSION CRITERIA\na\nEXCLUSION CRITERIA\nb",
        "Key Inclusion Criteria: a\nKey Exclusion Criteria: b",
        "Inclusion:\n1. a\nExclusion:\n1. b",
    ],
)
def test_criteria_are_sorted_by_their_headings(text):
    found = sort_criteria([Words(line, "r") for line in text.split("\n") if line])
    assert [[entry.text for entry in read_entries(found[key])] for key in ("inclusion", "exclusion", "")] == [
        ["a"],
        ["b"],
        [],
    ]


def test_without_headings_nothing_is_sorted():
    found = sort_criteria([Words("Adults who sleep badly", "r")])
    assert (found["inclusion"], found["exclusion"]) == ([], [])


def test_names_of_questions_are_identifiers():
    assert slug("The 131-I of  Any-Thing") == "item_131_i_of_thing"
    assert slug("不良事件") == ""
    assert slug("or") == "item_or"
    assert len(slug("word " * 30, words=30)) <= 48
