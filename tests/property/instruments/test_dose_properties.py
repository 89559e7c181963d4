"""Vials, equivalents and counts against slow and obvious oracles."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments.treatment.belimumab_dose import vials

GRADES = "ABCDE"


@settings(deadline=None)
@given(st.decimals(1, 3000, places=1))
def test_no_other_vials_cover_the_dose_with_less_waste_or_as_little_waste_in_fewer_vials(dose):
    small, large = vials(dose)
    covering = [(120 * s + 400 * n, s + n) for s, n in product(range(27), range(10)) if 120 * s + 400 * n >= dose]
    assert (120 * small + 400 * large, small + large) == min(covering)


@settings(deadline=None)
@given(st.lists(st.sampled_from([*GRADES, None]), min_size=8, max_size=8))
def test_grades_are_counted_as_one_would_on_fingers(entered):
    bilag = instruments.get("bilag_count")
    result = bilag.score(dict(zip(bilag.input_by_id, entered, strict=True)))
    known = None not in entered
    assert result.value == (9 * entered.count("A") + 3 * entered.count("B") + entered.count("C") if known else None)
    for grade in GRADES:
        assert result.results[f"count_{grade.lower()}"] == (entered.count(grade) if known else None)
    best, worst = ([grade or filled for grade in entered] for filled in "EA")
    assert result.lower == 9 * best.count("A") + 3 * best.count("B") + best.count("C")
    assert result.upper == 9 * worst.count("A") + 3 * worst.count("B") + worst.count("C")


@settings(deadline=None)
@given(st.decimals(18, 100, places=0), st.decimals(30, 150, places=1), st.decimals(20, 1500, places=0),
       st.sampled_from(["female", "male"]))  # fmt: skip
def test_clearance_is_the_exact_fraction(age, weight, creatinine, sex):
    """The formula in fractions; 28 significant digits are kept, so the relative error is below 1e-25."""
    female = Fraction(85, 100) if sex == "female" else 1
    exact = (140 - Fraction(age)) * Fraction(weight) * female / (72 * Fraction(creatinine) / Fraction("88.4"))
    answers = {"age": age, "weight": weight, "creatinine": creatinine, "sex": sex}
    value = instruments.get("cockcroft_gault").score(answers).value
    assert abs(Fraction(value) - exact) <= exact * Fraction(1, 10**25)


@settings(deadline=None)
@given(st.decimals(0, 200, places=2), st.sampled_from([5, 10, 20]))
def test_alternate_days_are_half_of_every_day(dose, times):
    prednisone = instruments.get("prednisone_equivalent")
    daily, alternate = (
        prednisone.score({"drug": "hydrocortisone", "dose": dose * times / 10, "frequency": frequency}).value
        for frequency in ("once_daily", "alternate_days")
    )
    assert daily == 2 * alternate == dose * times / 10 / Decimal(4)
