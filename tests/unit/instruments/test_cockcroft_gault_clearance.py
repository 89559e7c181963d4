"""Cockcroft–Gault: published clearances, both units, what is refused, and the weight the protocol names."""

from decimal import Decimal

import pytest

from equipoise import instruments

CLEARANCE = instruments.get("cockcroft_gault")


def score(variant="umol_per_l", settings=None, **answers):
    typed = {name: text if name == "sex" else Decimal(text) for name, text in answers.items()}
    return CLEARANCE.score(typed, variant=variant, settings=settings or {})


def entering(weight=None, height=None, sex="male", **settings):
    """The weight in the formula: a man of 68 years with 1 mg/dL has (140 - 68) x kg / 72, which is his kg."""
    known = {name: text for name, text in {"weight": weight, "height": height}.items() if text}
    value = score("mg_per_dl", settings, age="68", sex=sex, creatinine="1", **known).value
    return value / (Decimal("0.85") if sex == "female" else 1)


@pytest.mark.parametrize(
    ("variant", "answers", "expected", "tolerance"),
    [
        # Worked by hand: 95 × 55 × 0.85 × 88.4 / (72 × 70); tolerance is half of the last digit printed.
        ("umol_per_l", {"age": "45", "sex": "female", "weight": "55", "creatinine": "70"}, "77.90", "0.005"),
        # pharmaverse/admiral, compute_egfr: values of the NKF calculator, printed as whole numbers.
        ("umol_per_l", {"age": "65", "sex": "female", "weight": "60", "creatinine": "85"}, "55", "0.5"),
        ("mg_per_dl", {"age": "55", "sex": "male", "weight": "90", "creatinine": "1.09"}, "97", "0.5"),
        # Public test files of clinical calculators, printed with tolerance 0.05.
        ("mg_per_dl", {"age": "76", "sex": "female", "weight": "63", "creatinine": "1.2"}, "39.7", "0.05"),
    ],
)
def test_published_clearances(variant, answers, expected, tolerance):
    assert abs(score(variant, **answers).value - Decimal(expected)) <= Decimal(tolerance)


def test_the_worked_example_of_medcalc_bench():
    """BMI 20.8: the smaller of ideal and actual weight. MedCalc-Bench rounds the ideal weight up to 54.918 kg first,
    which moves its printed 141.042 by at most 0.002."""
    girl = {"age": "16", "sex": "female", "weight": "55", "height": "162.8", "creatinine": "0.57"}
    value = score("mg_per_dl", {"weight_basis": "adjusted_by_bmi"}, **girl).value
    assert abs(value - Decimal("141.042")) <= Decimal("0.002")


def test_the_clearance_is_not_rounded_before_it_meets_a_limit():
    """A man of 44 years and 72 kg has (140 - 44) × 72 / (72 × c) = 96 / c: exactly 60 mL/min at 1.6 mg/dL."""
    person = {"age": "44", "sex": "male", "weight": "72"}
    values = [score("mg_per_dl", **person, creatinine=c).value for c in ("1.601", "1.6", "1.599")]
    assert [value < 60 for value in values] == [True, False, False]
    assert values[1] == 60


def test_both_units_agree():
    person = {"age": "50", "sex": "male", "weight": "70"}
    assert score(**person, creatinine="88.4").value == score("mg_per_dl", **person, creatinine="1").value


@pytest.mark.parametrize(("variant", "creatinine", "possible"), [
    ("umol_per_l", "0", False), ("umol_per_l", "9.9", False), ("umol_per_l", "10", True), ("umol_per_l", "10.1", True),
    ("umol_per_l", "3499", True), ("umol_per_l", "3500", True), ("umol_per_l", "3501", False),
    ("mg_per_dl", "0", False), ("mg_per_dl", "0.09", False), ("mg_per_dl", "0.1", True), ("mg_per_dl", "0.11", True),
    ("mg_per_dl", "39.9", True), ("mg_per_dl", "40", True), ("mg_per_dl", "40.1", False), ("mg_per_dl", "70", False),
])  # fmt: skip
def test_a_creatinine_in_the_other_unit_is_refused(variant, creatinine, possible):
    result = score(variant, age="45", sex="female", weight="55", creatinine=creatinine)
    assert (result.value is not None) is possible
    assert bool(result.problems) is not possible


def test_a_refused_creatinine_is_named_with_the_other_answers_that_are_lacking():
    result = score("mg_per_dl", age="45", sex="female", creatinine="70")
    assert result.unknown == ("weight", "creatinine")
    assert [problem.where for problem in result.problems] == ["cockcroft_gault / creatinine"]


@pytest.mark.parametrize(("age", "possible"), [("129", True), ("130", True), ("131", False), ("140", False)])
def test_an_age_nobody_has_is_refused(age, possible):
    result = score(age=age, sex="male", weight="55", creatinine="70")
    assert (result.value is not None) is possible


def test_without_sex_the_clearance_is_unknown():
    result = score(age="54", weight="60", creatinine="68")
    assert (result.value, result.unknown) == (None, ("sex",))


# --- The weight -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sex", "height", "ideal"), [
    ("male", "152.4", "50"), ("male", "177.8", "73"), ("female", "152.4", "45.5"), ("female", "165.1", "57"),
])  # fmt: skip
def test_the_ideal_weight_is_devines(sex, height, ideal):
    """60 inches are 152.4 cm: 50 kg for a man and 45.5 kg for a woman; each inch of 2.54 cm adds 2.3 kg."""
    assert entering(height=height, sex=sex, weight_basis="ideal") == Decimal(ideal)


@pytest.mark.parametrize(("height", "extended", "base"), [
    ("154.94", "47.8", "47.8"), ("152.4", "45.5", "45.5"), ("149.86", "43.2", "45.5"), ("139.7", "34", "45.5"),
])  # fmt: skip
def test_below_60_inches_the_line_goes_on_or_stays_at_its_base(height, extended, base):
    short = {"height": height, "sex": "female", "weight_basis": "ideal"}
    assert entering(**short) == Decimal(extended)
    assert entering(**short, below_60_inches="base") == Decimal(base)


@pytest.mark.parametrize(("weight", "enters"), [("36.25", "36.25"), ("36.26", "34"), ("36.27", "34")])
def test_a_bmi_below_18_5_takes_the_actual_weight_and_from_18_5_the_smaller(weight, enters):
    """A woman of 140 cm has BMI 18.5 at 36.26 kg and an ideal weight of about 34.3 kg."""
    found = entering(weight, "140", "female", weight_basis="adjusted_by_bmi")
    assert found.quantize(Decimal("0.01") if enters == weight else Decimal(1)) == Decimal(enters)


@pytest.mark.parametrize(("weight", "enters"), [
    ("99.5", "93.10"), ("99.6", "93.10"), ("99.7", "95.74"), ("80", "80.00"), ("73.9", "73.90"), ("150", "115.86"),
])  # fmt: skip
def test_a_bmi_above_24_9_adds_four_tenths_of_the_excess(weight, enters):
    """A man of 200 cm has a BMI of kg / 4 and an ideal weight of 50 + 2.3 x (200 / 2.54 - 60) = 93.10 kg."""
    found = entering(weight, "200", weight_basis="adjusted_by_bmi")
    assert found.quantize(Decimal("0.01")) == Decimal(enters)


@pytest.mark.parametrize(("basis", "needed"), [
    ("actual", ("age", "sex", "weight", "creatinine")), ("ideal", ("age", "sex", "height", "creatinine")),
    ("adjusted_by_bmi", ("age", "sex", "weight", "height", "creatinine")),
])  # fmt: skip
def test_only_the_answers_a_basis_needs_are_asked(basis, needed):
    everything = {"age": "50", "sex": "male", "weight": "80", "height": "180", "creatinine": "90"}
    setting = {"weight_basis": basis}
    assert score(settings=setting).unknown == needed
    assert score(settings=setting, **{name: everything[name] for name in needed}).value is not None
    for name in needed:
        result = score(settings=setting, **{other: text for other, text in everything.items() if other != name})
        assert (result.value, result.unknown) == (None, (name,))
