"""Belimumab: dose, volume, vials and waste, as the label's vials give them."""

from decimal import Decimal

import pytest

from equipoise import instruments

INSTRUMENT = instruments.get("belimumab_dose")


def score(variant="", settings=None, **answers):
    typed = {key: Decimal(a) if isinstance(a, str) and a[0].isdigit() else a for key, a in answers.items()}
    return INSTRUMENT.score(typed, variant=variant, settings=settings or {})


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
    result = score("per_kg", {"mg_per_kg": mg_per_kg}, weight=kg)
    assert dict(result.results) == {
        "dose": Decimal(dose),
        "volume": Decimal(volume),
        "vials_120": small,
        "vials_400": large,
        "waste": Decimal(waste),
    }


def test_the_fixed_dose_is_one_vial_whatever_the_weight():
    result = score("fixed")
    assert dict(result.results) == {
        "dose": 120, "volume": Decimal("1.5"), "vials_120": 1, "vials_400": 0, "waste": 0
    }  # fmt: skip


def test_equal_waste_takes_the_fewest_vials():
    """1200 mg are ten small vials or three large ones, without waste."""
    result = score("fixed", {"fixed_mg": "1200"})
    assert (result.results["vials_120"], result.results["vials_400"]) == (0, 3)


@pytest.mark.parametrize("dose", ["0", "3001", "many", "NaN"])
def test_a_dose_beyond_reason_is_refused(dose):
    with pytest.raises(instruments.InstrumentError) as refused:
        score("fixed", {"fixed_mg": dose})
    assert refused.value.problem.id == "instrument.E004"


def test_2_mg_per_kg_and_the_flat_dose_agree_at_60_kg_only():
    """The registry has 2 mg/kg, the protocol paper 120 mg; above 60 kg the first opens a second vial."""
    by_weight = [score("per_kg", weight=kg).results for kg in ("59.9", "60", "60.1")]
    assert [results["dose"] for results in by_weight] == [Decimal("119.8"), 120, Decimal("120.2")]
    assert [results["vials_120"] for results in by_weight] == [1, 1, 2]


def test_a_dose_per_kilogram_finer_than_a_millionth_is_the_same_in_columns():
    settings = {"mg_per_kg": "2.00000004"}
    result = score("per_kg", settings, weight="50")
    columns = INSTRUMENT.score_columns(
        {"weight": INSTRUMENT.column("weight", [Decimal(50)])}, variant="per_kg", settings=settings
    )
    assert result.results["dose"] == Decimal("100.000002")
    assert columns["dose"].tolist() == [100_000_002]
