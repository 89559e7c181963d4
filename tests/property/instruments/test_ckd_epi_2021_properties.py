"""The filtration rate against powers of whole numbers, and many patients against one."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments.columns import encode_result

FILTRATION = instruments.get("ckd_epi_2021")
ANSWERS = st.fixed_dictionaries({
    "age": st.decimals(18, 100, places=0), "sex": st.sampled_from(["female", "male"]),
    "creatinine": st.decimals(10, 2000, places=1),
})  # fmt: skip


@settings(deadline=None)
@given(ANSWERS)
def test_the_rate_solves_the_equation_without_a_root(answers):
    """The powers are whole thousandths, so rate^1000 = (all else)^1000 x ratio^n holds in whole fractions."""
    kappa, alpha, factor = (
        ("0.7", -241, "1.012") if answers["sex"] == "female" else ("0.9", -302, "1")
    )  # fmt: skip
    ratio = Fraction(answers["creatinine"]) / Fraction("88.4") / Fraction(kappa)
    rate = Fraction(FILTRATION.score(answers).value)
    rest = 142 * Fraction("0.9938") ** int(answers["age"]) * Fraction(factor)
    error = _power(rate / rest, 1000) / _power(ratio, alpha if ratio < 1 else -1200) - 1
    assert abs(error) < Fraction(1, 10**23)  # a thousand times the error of the 28th digit


def _power(base, exponent):
    """A power with 60 digits, by squaring: enough to judge 28."""
    result, square, left = Fraction(1), base if exponent > 0 else 1 / base, abs(exponent)
    while left:
        result = _short(result * square) if left % 2 else result
        square, left = _short(square * square), left // 2
    return result


def _short(number):
    scale = 10 ** (60 + max(0, len(str(number.denominator)) - len(str(number.numerator))))
    return Fraction(round(number * scale), scale)


@settings(deadline=None)
@given(st.lists(ANSWERS, min_size=1, max_size=8), st.sampled_from(FILTRATION.variants), st.data())
def test_many_patients_are_each_what_one_is(people, variant, data):
    for person in people:
        if data.draw(st.booleans()):
            person["creatinine"] = data.draw(
                st.sampled_from([Decimal(text) for text in ("0.7", "0.9", "0.05", "61.88")])
            )
        hidden = data.draw(st.sampled_from([None, *sorted(person)]))
        person.update({hidden: None} if hidden else {})
    columns = {name: FILTRATION.column(name, [p[name] for p in people]) for name in FILTRATION.input_by_id}
    together = FILTRATION.score_columns(columns, variant=variant)["egfr"].tolist()
    alone = [FILTRATION.score(person, variant=variant).value for person in people]
    assert together == [encode_result(FILTRATION.outputs[0], value) for value in alone]
