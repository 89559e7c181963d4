"""The dose of intravenous belimumab, fixed or by weight, and the vials that waste least.

For unmasked pharmacists only: vial counts may tell the arm.
"""

from decimal import ROUND_CEILING, Decimal
from typing import Final

from equipoise.instruments.definition import data, define
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_NUMBERS: Final = {name: Decimal(text) for name, text in data(__name__)["numbers"].items()}
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


INSTRUMENT: Final = define(__name__, compute)
