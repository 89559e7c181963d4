"""The clearance against exact fractions, and many patients against one."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments.columns import encode_result

CLEARANCE = instruments.get("cockcroft_gault")

ANSWERS = st.fixed_dictionaries({
    "age": st.decimals(18, 100, places=0), "sex": st.sampled_from(["female", "male"]),
    "weight": st.decimals(30, 150, places=1), "height": st.decimals(120, 210, places=1),
    "creatinine": st.decimals(20, 1500, places=0),
})  # fmt: skip
SETTINGS = st.fixed_dictionaries({
    "weight_basis": st.sampled_from(["actual", "ideal", "adjusted_by_bmi"]),
    "below_60_inches": st.sampled_from(["extended", "base"]),
})  # fmt: skip


def weight_by_hand(answers, chosen):
    kg, cm = Fraction(answers["weight"]), Fraction(answers["height"])
    inches = cm / Fraction("2.54") - 60
    if chosen["below_60_inches"] == "base" and inches < 0:
        inches = Fraction(0)
    ideal = {"female": Fraction("45.5"), "male": Fraction(50)}[answers["sex"]] + Fraction("2.3") * inches
    bmi = kg / (cm / 100) ** 2
    if chosen["weight_basis"] == "actual" or (chosen["weight_basis"] == "adjusted_by_bmi" and bmi < Fraction("18.5")):
        return kg
    if chosen["weight_basis"] == "ideal":
        return ideal
    return ideal + Fraction("0.4") * (kg - ideal) if bmi > Fraction("24.9") else min(ideal, kg)


@settings(deadline=None)
@given(ANSWERS, SETTINGS)
def test_clearance_is_the_exact_fraction(answers, chosen):
    """The formula in fractions; 28 significant digits are kept, so the relative error is below 1e-25."""
    female = Fraction(85, 100) if answers["sex"] == "female" else 1
    mg_per_dl = Fraction(answers["creatinine"]) / Fraction("88.4")
    exact = (140 - Fraction(answers["age"])) * weight_by_hand(answers, chosen) * female / (72 * mg_per_dl)
    value = CLEARANCE.score(answers, settings=chosen).value
    assert abs(Fraction(value) - exact) <= exact * Fraction(1, 10**25)


@settings(deadline=None)
@given(st.lists(ANSWERS, min_size=1, max_size=8), SETTINGS, st.sampled_from(CLEARANCE.variants), st.data())
def test_many_patients_are_each_what_one_is(people, chosen, variant, data):
    """Weights of 18.5 and 24.9 times the square of the height stand exactly on a limit of the BMI."""
    for person in people:
        limit = data.draw(st.sampled_from([None, Decimal("18.5"), Decimal("24.9")]))
        if limit is not None:
            person["height"] = Decimal(data.draw(st.sampled_from([130, 150, 160, 200])))
            person["weight"] = limit * person["height"] ** 2 / 10_000
        hidden = data.draw(st.sampled_from([None, None, *sorted(person)]))
        person.update({hidden: None} if hidden else {})
    columns = {name: CLEARANCE.column(name, [p[name] for p in people]) for name in CLEARANCE.input_by_id}
    together = CLEARANCE.score_columns(columns, variant=variant, settings=chosen)["clearance"].tolist()
    alone = [CLEARANCE.score(person, variant=variant, settings=chosen).value for person in people]
    assert together == [encode_result(CLEARANCE.outputs[0], value) for value in alone]
