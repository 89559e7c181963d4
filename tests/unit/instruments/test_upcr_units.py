"""Urine protein over creatinine: every pair of units, there and back, and the two meanings of half a gram."""

from decimal import Decimal

import pytest

from equipoise import instruments

RATIO = instruments.get("upcr")
MEASURED = [variant for variant in RATIO.variants if not variant.startswith("ratio")]


def score(variant, **answers):
    return RATIO.score({name: Decimal(text) for name, text in answers.items()}, variant=variant)


@pytest.mark.parametrize(("variant", "protein", "creatinine", "mg_per_g"), [
    ("mg_dl", "120", "50", "2400"),  # a public calculator's worked example: 120 / 50 = 2.4 mg/mg
    ("mg_dl", "50", "100", "500"),
    ("mg_l_mmol_l", "500", "8.84", "500"),
    ("g_l_mmol_l", "0.5", "8.84", "500"),
    ("mg_l_umol_l", "500", "8840", "500"),
])  # fmt: skip
def test_one_sample_in_every_pair_of_units(variant, protein, creatinine, mg_per_g):
    """100 mg/dL of creatinine are 8.84 mmol/L, so the last four rows are one urine with half a gram per gram."""
    assert score(variant, protein=protein, creatinine=creatinine).value == Decimal(mg_per_g)


def test_the_conversion_a_public_calculator_prints():
    """150 mg/mmol are 150 x 0.00884 = 1.33 g/g, printed to two places."""
    value = score("ratio_mg_per_mmol", ratio="150").value
    assert abs(value / 1000 - Decimal("1.33")) <= Decimal("0.005")


def test_half_a_gram_per_gram_is_56_6_mg_per_mmol_and_not_50():
    assert score("ratio_mg_per_g", ratio="500").results["mg_per_mmol"].quantize(Decimal("0.1")) == Decimal("56.6")
    assert score("ratio_mg_per_mmol", ratio="50").value == 442


@pytest.mark.parametrize("ratio", ["0", "0.1", "3", "56.6", "113.12", "884", "10000"])
def test_there_and_back_is_the_same_ratio(ratio):
    per_g = score("ratio_mg_per_mmol", ratio=ratio)
    assert abs(per_g.results["mg_per_mmol"] - Decimal(ratio)) <= Decimal(ratio) * Decimal("1e-26")
    back = score("ratio_mg_per_g", ratio=str(per_g.value))
    assert abs(back.results["mg_per_mmol"] - Decimal(ratio)) <= Decimal(ratio) * Decimal("1e-26")


@pytest.mark.parametrize(("variant", "low", "high", "step"), [
    ("mg_dl", "0.5", "1000", "0.1"), ("mg_l_mmol_l", "0.05", "90", "0.01"), ("g_l_mmol_l", "0.05", "90", "0.01"),
    ("mg_l_umol_l", "100", "90000", "1"),
])  # fmt: skip
def test_a_creatinine_in_another_unit_is_refused(variant, low, high, step):
    low, high, step = Decimal(low), Decimal(high), Decimal(step)
    inside, outside = (low, low + step, high - step, high), (Decimal(0), low - step, high + step)
    for creatinine, possible in [*((c, True) for c in inside), *((c, False) for c in outside)]:
        result = score(variant, protein="100", creatinine=creatinine)
        assert (result.value is not None) is possible
        assert bool(result.problems) is not possible
        assert result.unknown == (() if possible else ("creatinine",))


@pytest.mark.parametrize("variant", MEASURED)
def test_without_protein_or_creatinine_there_is_no_ratio(variant):
    assert score(variant, protein="100").unknown == ("creatinine",)
    assert score(variant, creatinine="100").unknown[0] == "protein"
    assert set(score(variant, protein="100").results.values()) == {None}


def test_no_protein_is_a_ratio_of_zero_and_a_missing_protein_is_not():
    assert score("mg_dl", protein="0", creatinine="100").value == 0
    assert score("mg_dl", creatinine="100").value is None
