"""Vials, equivalents and counts against slow and obvious oracles."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments.columns import UNKNOWN
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
@given(st.decimals(0, 200, places=2), st.sampled_from([5, 10, 20]))
def test_alternate_days_are_half_of_every_day(dose, times):
    prednisone = instruments.get("prednisone_equivalent")
    daily, alternate = (
        prednisone.score({"drug": "hydrocortisone", "dose": dose * times / 10, "frequency": frequency}).value
        for frequency in ("once_daily", "alternate_days")
    )
    assert daily == 2 * alternate == dose * times / 10 / Decimal(4)


# Milligrams that equal prednisone 5 mg, and how often, written out a second time.
EQUAL_TO_FIVE = {
    "prednisone": "5", "prednisolone": "5", "methylprednisolone": "4", "hydrocortisone": "20", "cortisone": "25",
    "triamcinolone": "4", "dexamethasone": "0.75", "betamethasone": "0.75", "deflazacort": "6",
}  # fmt: skip
IN_SEVEN_DAYS = {
    "once_daily": 7, "twice_daily": 14, "three_times_daily": 21, "four_times_daily": 28, "alternate_days": "3.5",
    "twice_weekly": 2, "once_weekly": 1,
}  # fmt: skip
drugs, frequencies = st.sampled_from(sorted(EQUAL_TO_FIVE)), st.sampled_from(sorted(IN_SEVEN_DAYS))
courses = st.tuples(drugs, st.decimals(0, 1500, places=2), frequencies)


@settings(deadline=None)
@given(st.lists(courses, min_size=1, max_size=8))
def test_the_equivalent_is_the_exact_fraction_for_one_patient_and_for_many(taken):
    prednisone = instruments.get("prednisone_equivalent")
    exact = [
        Fraction(dose) * Fraction(IN_SEVEN_DAYS[times]) / 7 * 5 / Fraction(EQUAL_TO_FIVE[drug])
        for drug, dose, times in taken
    ]
    for (drug, dose, times), fraction in zip(taken, exact, strict=True):
        value = prednisone.score({"drug": drug, "dose": dose, "frequency": times}).value
        assert abs(Fraction(value) - fraction) <= fraction * Fraction(1, 10**26)
    given_columns = {
        name: prednisone.column(name, [course[i] for course in taken])
        for i, name in enumerate(("drug", "dose", "frequency"))
    }
    assert prednisone.score_columns(given_columns)["prednisone"].tolist() == [round(f * 10**6) for f in exact]


@settings(deadline=None)
@given(st.lists(st.decimals(20, 300, places=3), min_size=1, max_size=6), st.decimals("0.1", 20, places=3))
def test_dose_vials_and_waste_of_many_patients_are_those_found_by_trying_all(weights, per_kg):
    belimumab = instruments.get("belimumab_dose")
    found = belimumab.score_columns(
        {"weight": belimumab.column("weight", weights)}, variant="per_kg", settings={"mg_per_kg": str(per_kg)}
    )
    for row, weight in enumerate(weights):
        dose = Fraction(weight) * Fraction(per_kg)
        content, _, small = min(
            (120 * s + 400 * n, s + n, s) for s, n in product(range(51), range(16)) if 120 * s + 400 * n >= dose
        )
        assert found["dose"][row] == round(dose * 10**6)
        assert found["volume"][row] == round(dose / 80 * 10**6)
        assert found["waste"][row] == round((content - dose) * 10**6)
        assert (found["vials_120"][row], 120 * small + 400 * found["vials_400"][row]) == (small, content)


@settings(deadline=None)
@given(st.lists(st.tuples(st.decimals(0, 200, places=1), st.decimals(50, 200, places=1)), min_size=1, max_size=6))
def test_the_global_assessment_and_its_band_of_many_patients_are_the_exact_fraction(marks):
    pga = instruments.get("pga")
    found = pga.score_columns(
        {name: pga.column(name, [mark[i] for mark in marks]) for i, name in enumerate(("mm", "line"))}, variant="line"
    )
    for row, (mm, line) in enumerate(marks):
        value = 3 * Fraction(mm) / Fraction(line)
        if value > 3:
            assert found["value"][row] == found["band"][row] == UNKNOWN
        else:
            assert found["value"][row] == round(value * 10**6)
            assert found["band"][row] == (value >= Fraction(1, 2)) + (value > 1) + (value > 2)
