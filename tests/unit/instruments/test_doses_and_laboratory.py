"""BILAG counts, PGA, creatinine clearance, ULN multiples, prednisone equivalents and belimumab doses."""

from decimal import Decimal

import pytest

from equipoise import instruments
from equipoise.instruments.activity import bilag_count, pga
from equipoise.instruments.treatment import prednisone_equivalent
from equipoise.items.missing import Missing


def score(name, variant="", settings=None, **answers):
    typed = {key: Decimal(a) if isinstance(a, str) and a[0].isdigit() else a for key, a in answers.items()}
    return instruments.get(name).score(typed, variant=variant, settings=settings or {})


# --- BILAG -----------------------------------------------------------------------------------------------------------


def grades(text):
    return dict(zip(bilag_count.SYSTEMS, text, strict=True))


def test_a_b_b_c_and_the_rest_d_are_16_in_the_classic_score():
    """9 + 3 + 3 + 1; BILAG-2004 would be 29 with its 12, 8, 1."""
    result = score("bilag_count", **grades("ABBCDDDD"))
    assert dict(result.results) == {"score": 16, "count_a": 1, "count_b": 2, "count_c": 1, "count_d": 4, "count_e": 0}


def test_eight_times_a_is_72():
    assert score("bilag_count", **grades("AAAAAAAA")).value == 72


def test_one_a_and_all_other_systems_e():
    """Public oracle test file, `bilag-2004-index` tally, here with the eight classic systems."""
    result = score("bilag_count", **grades("EEEEEEAE"))
    assert [result.results[f"count_{grade}"] for grade in "abcde"] == [1, 0, 0, 0, 7]


def test_a_system_without_grade_leaves_score_and_counts_unknown_with_bounds():
    result = score("bilag_count", **grades("BDDDDDDD") | {"renal": Missing("ND")})
    assert set(result.results.values()) == {None}
    assert (result.unknown, result.lower, result.upper) == (("renal",), 3, 12)


# --- PGA -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mm", "line", "value"), [
    ("38", "100", "1.14"), ("38", "80", "1.425"), ("0", "100", "0"), ("100", "100", "3"), ("30", "90", "1"),
])  # fmt: skip
def test_a_mark_on_a_line_of_known_length(mm, line, value):
    assert score("pga", "line", mm=mm, line=line).value == Decimal(value)


@pytest.mark.parametrize(("scale", "read", "value"), [("3", "1.2", "1.2"), ("10", "5", "1.5"), ("100", "38", "1.14")])
def test_a_value_read_on_a_named_scale(scale, read, value):
    assert score("pga", "value", {"scale": scale}, value=read).value == Decimal(value)


@pytest.mark.parametrize(("variant", "answers", "where"), [
    ("line", {"mm": "90", "line": "80"}, "mm"), ("value", {"value": "3.1"}, "value"),
])  # fmt: skip
def test_beyond_the_end_of_the_scale_is_refused(variant, answers, where):
    result = score("pga", variant, **answers)
    assert result.value is None
    assert [problem.where for problem in result.problems] == [f"pga / {where}"]
    assert where in result.unknown


def test_a_mark_without_the_length_of_its_line_is_unknown():
    assert score("pga", "line", mm="38").unknown == ("line",)


@pytest.mark.parametrize(("value", "band"), [
    ("0.49", "inactive"), ("0.5", "mild"), ("0.51", "mild"), ("0.99", "mild"), ("1", "mild"), ("1.01", "moderate"),
    ("1.99", "moderate"), ("2", "moderate"), ("2.01", "severe"), ("3", "severe"),
])  # fmt: skip
def test_the_bands_of_piscos(value, band):
    assert pga.band(Decimal(value)) == band
    assert score("pga", "value", value=value).results["band"] == band


# --- Creatinine clearance --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variant", "answers", "expected", "tolerance"),
    [
        # Worked by hand: 95 × 55 × 0.85 × 88.4 / (72 × 70); tolerance is half of the last digit printed.
        ("umol_per_l", {"age": "45", "sex": "female", "weight": "55", "creatinine": "70"}, "77.90", "0.005"),
        # pharmaverse/admiral, test-compute_kidney.R, value of the NKF calculator, printed as a whole number.
        ("umol_per_l", {"age": "65", "sex": "female", "weight": "60", "creatinine": "85"}, "55", "0.5"),
        # Public test files of clinical calculators, printed with tolerance 0.05.
        ("mg_per_dl", {"age": "76", "sex": "female", "weight": "63", "creatinine": "1.2"}, "39.7", "0.05"),
    ],
)
def test_published_clearances(variant, answers, expected, tolerance):
    assert abs(score("cockcroft_gault", variant, **answers).value - Decimal(expected)) <= Decimal(tolerance)


def test_the_clearance_is_not_rounded_before_it_meets_a_limit():
    """A man of 44 years and 72 kg has (140 - 44) × 72 / (72 × c) = 96 / c: exactly 60 mL/min at 1.6 mg/dL."""
    person = {"age": "44", "sex": "male", "weight": "72"}
    values = [score("cockcroft_gault", "mg_per_dl", **person, creatinine=c).value for c in ("1.601", "1.6", "1.599")]
    assert [value < 60 for value in values] == [True, False, False]
    assert values[1] == 60


def test_both_units_agree():
    person = {"age": "50", "sex": "male", "weight": "70"}
    molar = score("cockcroft_gault", "umol_per_l", **person, creatinine="88.4").value
    assert molar == score("cockcroft_gault", "mg_per_dl", **person, creatinine="1").value


@pytest.mark.parametrize(("variant", "creatinine", "possible"), [
    ("umol_per_l", "0", False), ("umol_per_l", "9.9", False), ("umol_per_l", "10", True), ("umol_per_l", "10.1", True),
    ("umol_per_l", "3499", True), ("umol_per_l", "3500", True), ("umol_per_l", "3501", False),
    ("mg_per_dl", "0", False), ("mg_per_dl", "0.09", False), ("mg_per_dl", "0.1", True), ("mg_per_dl", "0.11", True),
    ("mg_per_dl", "39.9", True), ("mg_per_dl", "40", True), ("mg_per_dl", "40.1", False), ("mg_per_dl", "70", False),
])  # fmt: skip
def test_a_creatinine_in_the_other_unit_is_refused(variant, creatinine, possible):
    result = score("cockcroft_gault", variant, age="45", sex="female", weight="55", creatinine=creatinine)
    assert (result.value is not None) is possible
    assert bool(result.problems) is not possible


@pytest.mark.parametrize(("age", "possible"), [("129", True), ("130", True), ("131", False), ("140", False)])
def test_an_age_nobody_has_is_refused(age, possible):
    result = score("cockcroft_gault", age=age, sex="male", weight="55", creatinine="70")
    assert (result.value is not None) is possible


def test_without_sex_the_clearance_is_unknown():
    result = score("cockcroft_gault", age="54", weight="60", creatinine="68")
    assert (result.value, result.unknown) == (None, ("sex",))


# --- Multiples of the upper limit ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "uln", "multiple"), [("80", "40", "2"), ("300", "40", "7.5"), ("0", "40", "0")])
def test_multiples_of_the_upper_limit(value, uln, multiple):
    assert score("uln_multiple", value=value, uln=uln).value == Decimal(multiple)


def test_exactly_twice_the_limit_is_not_above_twice_the_limit():
    """Eligibility asks for at most 2 × ULN: 80.0 of 40.0 passes, 80.1 does not."""
    assert [score("uln_multiple", value=v, uln="40.0").value > 2 for v in ("79.9", "80.0", "80.1")] == [
        False, False, True]  # fmt: skip


def test_without_a_limit_there_is_no_multiple():
    assert score("uln_multiple", value="80").unknown == ("uln",)
    refused = score("uln_multiple", value="80", uln="0")
    assert (refused.value, refused.problems[0].where) == (None, "uln_multiple / uln")


# --- Prednisone equivalents ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drug", "dose", "frequency", "expected"),
    [
        ("methylprednisolone", "16", "once_daily", "20"),  # public test file of steroid equivalences
        ("dexamethasone", "9", "once_daily", "60"),  # droracle.ai article 358919
        ("methylprednisolone", "6", "once_daily", "7.5"),
        ("prednisone", "10", "alternate_days", "5"),
        ("prednisolone", "5", "twice_daily", "10"),
        ("hydrocortisone", "20", "once_daily", "5"),
        ("cortisone", "25", "once_daily", "5"),
        ("triamcinolone", "4", "three_times_daily", "15"),
        ("betamethasone", "0.75", "once_daily", "5"),
        ("deflazacort", "6", "four_times_daily", "20"),
        ("prednisone", "35", "twice_weekly", "10"),
        ("prednisone", "35", "once_weekly", "5"),
        ("prednisone", "0", "once_daily", "0"),
    ],
)
def test_equivalents_per_day(drug, dose, frequency, expected):
    result = score("prednisone_equivalent", drug=drug, dose=dose, frequency=frequency)
    assert result.value == Decimal(expected)


def test_betamethasone_in_the_other_table():
    answers = {"drug": "betamethasone", "dose": "0.6", "frequency": "once_daily"}
    assert score("prednisone_equivalent", settings={"table": "table_1_betamethasone_0_6"}, **answers).value == 5
    assert score("prednisone_equivalent", **answers).value == 4


def test_no_glucocorticoid_is_zero_and_no_answer_is_unknown():
    assert score("prednisone_equivalent", drug="none").value == 0
    assert score("prednisone_equivalent", dose="5", frequency="once_daily").value is None
    assert score("prednisone_equivalent", drug="prednisone", dose="5").unknown == ("frequency",)


def test_every_table_and_every_frequency_knows_every_code():
    question = instruments.get("prednisone_equivalent").input_by_id
    assert all(set(table) == set(question["drug"].codes) for table in prednisone_equivalent.TABLES.values())
    assert set(prednisone_equivalent.FREQUENCIES) == set(question["frequency"].codes)


# --- Belimumab -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kg", "mg_per_kg", "dose", "volume", "small", "large", "waste"),
    [
        ("52", "2", "104", "1.30", 1, 0, "16"),
        ("65", "2", "130", "1.625", 2, 0, "110"),
        ("78", "2", "156", "1.95", 2, 0, "84"),
        ("43", "10", "430", "5.375", 4, 0, "50"),
        ("64", "10", "640", "8.00", 2, 1, "0"),
    ],
)
def test_dose_volume_vials_and_waste_by_weight(kg, mg_per_kg, dose, volume, small, large, waste):
    """Computed from the label's vials (120 and 400 mg, 80 mg/mL): least waste, then fewest vials."""
    result = score("belimumab_dose", "per_kg", {"mg_per_kg": mg_per_kg}, weight=kg)
    assert dict(result.results) == {
        "dose": Decimal(dose),
        "volume": Decimal(volume),
        "vials_120": small,
        "vials_400": large,
        "waste": Decimal(waste),
    }


def test_the_fixed_dose_is_one_vial_whatever_the_weight():
    result = score("belimumab_dose", "fixed")
    assert dict(result.results) == {
        "dose": 120, "volume": Decimal("1.5"), "vials_120": 1, "vials_400": 0, "waste": 0
    }  # fmt: skip


def test_equal_waste_takes_the_fewest_vials():
    """1200 mg are ten small vials or three large ones, without waste."""
    result = score("belimumab_dose", "fixed", {"fixed_mg": "1200"})
    assert (result.results["vials_120"], result.results["vials_400"]) == (0, 3)


@pytest.mark.parametrize("dose", ["0", "3001", "many", "NaN"])
def test_a_dose_beyond_reason_is_refused(dose):
    with pytest.raises(instruments.InstrumentError) as refused:
        score("belimumab_dose", "fixed", {"fixed_mg": dose})
    assert refused.value.problem.id == "instrument.E004"
