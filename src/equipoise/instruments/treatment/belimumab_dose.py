"""The dose of intravenous belimumab, fixed or by weight, and the vials that waste least.

For unmasked pharmacists only: what is prepared, and how many vials are opened, can tell the arm.
"""

from decimal import ROUND_CEILING, Decimal
from typing import Final

import numpy as np

from equipoise.instruments.columns import MILLION, UNKNOWN, Column, ColumnOutcome, Columns, rounded, safe
from equipoise.instruments.definition import data, define
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_NUMBERS: Final = {name: Decimal(text) for name, text in data(__name__)["numbers"].items()}
_UNIT: Final = MILLION * MILLION
_UNKNOWN: Final = ("dose", "volume", "vials_120", "vials_400", "waste")


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """Dose, volume at 80 mg/mL, vials of each size and the remainder; unknown without the weight it needs."""
    weight = given.number("weight")
    if variant == "fixed":
        dose = choices.number("fixed_mg")
    elif weight is not None:
        dose = choices.number("mg_per_kg") * weight
    else:
        return Outcome(dict.fromkeys(_UNKNOWN), ("weight",))
    small, large = vials(dose)
    waste = small * _NUMBERS["small_vial"] + large * _NUMBERS["large_vial"] - dose
    return Outcome(
        results={
            "dose": dose,
            "volume": dose / _NUMBERS["concentration"],
            "vials_120": small,
            "vials_400": large,
            "waste": waste,
        },
        lower=dose,
        upper=dose,
    )


def vials(dose: Decimal) -> tuple[int, int]:
    """How many small and large vials cover a dose with the least waste, and of those the fewest vials."""

    def small_for(large: int) -> int:
        rest = max(dose - large * _NUMBERS["large_vial"], Decimal(0))
        return int((rest / _NUMBERS["small_vial"]).to_integral_value(ROUND_CEILING))

    most_large = int((dose / _NUMBERS["large_vial"]).to_integral_value(ROUND_CEILING))
    choices = [(small_for(large), large) for large in range(most_large + 1)]
    return min(choices, key=lambda pair: (_content(*pair), sum(pair)))


def _content(small: int, large: int) -> Decimal:
    return small * _NUMBERS["small_vial"] + large * _NUMBERS["large_vial"]


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients, in units so small that weight times dose per kilogram is a whole number of them."""
    weight = columns["weight"] if variant == "per_kg" else np.full(len(columns["weight"]), MILLION)
    per_kg = choices.number("mg_per_kg" if variant == "per_kg" else "fixed_mg") * MILLION
    whole = int(per_kg)
    dose = safe(weight) * whole
    small, large = _vials(dose)
    waste = small * _unit("small_vial") + large * _unit("large_vial") - dose
    unknown = weight == UNKNOWN
    in_mg = {"dose": dose / _UNIT, "volume": dose / _UNIT / float(_NUMBERS["concentration"]), "waste": waste / _UNIT}
    measured = {name: rounded(np.where(unknown, np.nan, mg)) for name, mg in in_mg.items()}
    counts = {name: np.where(unknown, UNKNOWN, count) for name, count in (("vials_120", small), ("vials_400", large))}
    doubtful = np.logical_or.reduce([doubt for _, doubt in measured.values()]) | (per_kg != whole)
    return ColumnOutcome({name: column for name, (column, _) in measured.items()} | counts, doubtful)


def _vials(dose: Column) -> tuple[Column, Column]:
    """How many small and large vials: every number of large ones is tried, the best kept."""
    best_content = np.full(len(dose), np.iinfo(np.int64).max)
    best_small, best_large = np.zeros_like(dose), np.zeros_like(dose)
    for large in range(int(np.max(dose, initial=0) // _unit("large_vial")) + 2):
        rest = np.maximum(dose - large * _unit("large_vial"), 0)
        small = -(-rest // _unit("small_vial"))
        content = small * _unit("small_vial") + large * _unit("large_vial")
        fewer = (content == best_content) & (small + large < best_small + best_large)
        better = (content < best_content) | fewer
        best_content, best_small = np.where(better, content, best_content), np.where(better, small, best_small)
        best_large = np.where(better, large, best_large)
    return best_small, best_large


def _unit(vial: str) -> int:
    return int(_NUMBERS[vial]) * _UNIT


INSTRUMENT: Final = define(__name__, compute, compute_columns)
