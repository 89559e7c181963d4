"""What makes one dose: the trials as they stand, the registry's dose by weight, and the instrument's own numbers."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.instruments import get
from equipoise.protocol.dose import OneDose, one_dose
from equipoise.protocol.load import load
from equipoise.protocol.schema import Dose

TRIALS = Path(__file__).parents[3] / "trials"
SLE, TABLETS = (
    load((TRIALS / name / "protocol.yaml").read_bytes())[0] for name in ("belimumab-sle", "hypertension-tablets")
)
DRUG, PLACEBO = SLE.arms
BY_WEIGHT = DRUG.model_copy(update={"dose": Dose(amount=Decimal(2), unit="mg/kg")})


def with_product(product):
    """The trial with another drug product; what the copy remembers of the first is forgotten."""
    changed = SLE.model_copy(update={"products": (product, SLE.products[1])})
    changed.__dict__.pop("product_by_id", None)
    return changed


def test_the_fixed_dose_is_one_vial_and_a_volume_by_its_concentration():
    assert one_dose(SLE, DRUG) == OneDose("belimumab_vial", 1, Decimal(120), "mg", Decimal("1.50"))
    assert one_dose(SLE, PLACEBO) == OneDose("saline", 1)


@pytest.mark.parametrize(("weight", "units", "amount", "draw"), [
    ("58.4", 1, "116.8", "1.46"), ("60.0", 1, "120.0", "1.50"), ("60.1", 2, "120.2", "1.50"), ("80", 2, "160", "2.00"),
])  # fmt: skip
def test_a_dose_by_weight_takes_the_vials_that_hold_it(weight, units, amount, draw):
    found = one_dose(SLE, BY_WEIGHT, Decimal(weight))
    assert (found.units, found.amount, found.draw) == (units, Decimal(amount), Decimal(draw))


def test_a_dose_by_weight_waits_for_the_weight():
    assert one_dose(SLE, BY_WEIGHT) is None


def test_tablets_are_counted_in_bottles():
    assert [one_dose(TABLETS, arm).units for arm in TABLETS.arms] == [1, 1, 1]
    assert one_dose(TABLETS, TABLETS.arms[0]).amount == 20


def test_a_product_without_a_unit_is_one_of_itself():
    product = SLE.products[0].model_copy(update={"unit": None})
    bare = with_product(product)
    assert one_dose(bare, DRUG) == OneDose("belimumab_vial", 1, Decimal(120), "mg")


def test_a_dissolved_product_needs_no_concentration():
    unit = SLE.products[0].unit.model_copy(update={"concentration": None})
    product = SLE.products[0].model_copy(update={"unit": unit})
    bare = with_product(product)
    assert one_dose(bare, DRUG).draw is None


@given(st.decimals(30, 150, places=1))
def test_the_units_are_those_of_the_instrument(weight):
    """The instrument `belimumab_dose` counts vials of 120 mg by a formula of its own."""
    counted = get("belimumab_dose").score({"weight": weight}, variant="per_kg").results
    found = one_dose(SLE, BY_WEIGHT, weight)
    assert found.units == counted["vials_120"]
    assert (found.amount, found.draw) == (counted["dose"], counted["volume"].quantize(found.draw, "ROUND_HALF_UP"))
