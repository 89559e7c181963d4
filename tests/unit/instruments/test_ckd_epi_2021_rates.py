"""CKD-EPI 2021: published rates, the joint of its two slopes, and the exponent that is often copied wrong."""

from decimal import Decimal

import pytest

from equipoise import instruments

FILTRATION = instruments.get("ckd_epi_2021")


def rate(age, sex, creatinine, variant="mg_per_dl"):
    return FILTRATION.score({"age": Decimal(age), "sex": sex, "creatinine": Decimal(creatinine)}, variant=variant).value


@pytest.mark.parametrize(
    ("age", "sex", "creatinine", "variant", "expected", "tolerance"),
    [
        # pharmaverse/admiral, compute_egfr: values of the NKF calculator, printed as whole numbers.
        ("55", "male", "1.09", "mg_per_dl", "80", "0.5"),
        ("65", "female", "85", "umol_per_l", "66", "0.5"),
        # A public document quoting the NKF calculator, printed as a whole number.
        ("55", "male", "1.2", "mg_per_dl", "71", "0.5"),
        # tabletools (R), documented examples of calculate_egfr_ckdepi, printed to one place.
        ("70", "male", "0.8", "mg_per_dl", "95.2", "0.05"),
        ("70", "female", "0.8", "mg_per_dl", "79.2", "0.05"),
    ],
)
def test_published_rates(age, sex, creatinine, variant, expected, tolerance):
    assert abs(rate(age, sex, creatinine, variant) - Decimal(expected)) <= Decimal(tolerance)


@pytest.mark.parametrize(("sex", "kappa", "factor"), [("female", "0.7", "1.012"), ("male", "0.9", "1")])
def test_at_kappa_both_slopes_meet_and_only_age_and_sex_count(sex, kappa, factor):
    step = Decimal("0.01")
    below, at, above = (rate("50", sex, Decimal(kappa) + step * k) for k in (-1, 0, 1))
    assert abs(at - 142 * Decimal("0.9938") ** 50 * Decimal(factor)) < Decimal("1e-20")
    assert below > at > above
    assert below - at < at - above  # the slope is gentler below kappa


def test_the_exponent_above_kappa_is_1_200_and_not_the_1_209_of_2009():
    """Twice the creatinine divides the rate by 2 to the power 1.2, which is 2.29740 (1.209 would give 2.31178)."""
    ratio = rate("50", "male", "1.8") / rate("50", "male", "3.6")
    assert abs(ratio - Decimal("2.29740")) < Decimal("0.00001")


def test_both_units_agree():
    assert rate("40", "female", "88.4", "umol_per_l") == rate("40", "female", "1")


def test_every_digit_kept_is_right():
    """At 4 x kappa (142 x 0.9938^50 / rate)^5 is exactly 4^6; the error of 28 digits stays below 1e-26."""
    found = (142 * Decimal("0.9938") ** 50 / rate("50", "male", "3.6")) ** 5
    assert abs(found / 4**6 - 1) < Decimal("1e-26")


@pytest.mark.parametrize(("lacking", "answers"), [
    ("sex", {"age": Decimal(54), "creatinine": Decimal(68)}), ("age", {"sex": "male", "creatinine": Decimal(68)}),
    ("creatinine", {"sex": "male", "age": Decimal(54)}),
])  # fmt: skip
def test_an_answer_that_is_lacking_leaves_the_rate_unknown(lacking, answers):
    """Sex unknown is also a documented case of pharmaverse/admiral: no rate is given."""
    result = FILTRATION.score(answers)
    assert (result.value, result.unknown, result.problems) == (None, (lacking,), ())


@pytest.mark.parametrize(("age", "possible"), [("17.9", False), ("18", True), ("18.1", True), ("130", True)])
def test_it_is_an_equation_of_adults(age, possible):
    assert (rate(age, "male", "1") is not None) is possible


@pytest.mark.parametrize(("variant", "creatinine", "possible"), [
    ("umol_per_l", "9.9", False), ("umol_per_l", "10", True), ("umol_per_l", "10.1", True),
    ("umol_per_l", "3499", True), ("umol_per_l", "3500", True),
    ("mg_per_dl", "0.09", False), ("mg_per_dl", "0.1", True), ("mg_per_dl", "0.11", True),
    ("mg_per_dl", "39.9", True), ("mg_per_dl", "40", True), ("mg_per_dl", "40.1", False), ("mg_per_dl", "85", False),
])  # fmt: skip
def test_a_creatinine_in_the_other_unit_is_refused(variant, creatinine, possible):
    result = FILTRATION.score(
        {"age": Decimal(50), "sex": "female", "creatinine": Decimal(creatinine)}, variant=variant
    )  # fmt: skip
    assert (result.value is not None) is possible
    assert result.unknown == (() if possible else ("creatinine",))
    assert bool(result.problems) is not possible
