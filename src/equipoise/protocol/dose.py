"""What makes one dose in an arm: the amount, the units to open, and the volume to draw from them.

The pharmacist's page computes the same in the browser (`static/web/pharmacy/dose.js`); a test compares the two.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Final

from equipoise.protocol.schema import Arm, Protocol

_PER_KILOGRAM: Final = "mg/kg"
_DRAWN_TO: Final = Decimal("0.01")  # mL


@dataclass(frozen=True, slots=True)
class OneDose:
    """One dose of an arm. `amount` is None where the protocol gives none, `draw` where nothing is drawn up."""

    product: str
    units: int
    amount: Decimal | None = None
    unit: str = ""
    draw: Decimal | None = None  # mL


def one_dose(protocol: Protocol, arm: Arm, weight: Decimal | None = None) -> OneDose | None:
    """One dose of an arm, for a body weight in kg; None where the dose goes by a weight that is not known.

    Units are rounded up, so that the whole dose is in them; the drawn volume is rounded to 0.01 mL, halves up.
    """
    unit = protocol.product_by_id[arm.product].unit
    number = unit.number if unit is not None else 1
    if arm.dose is None:
        return OneDose(arm.product, number)
    amount, named = arm.dose.amount, arm.dose.unit
    if arm.dose.unit == _PER_KILOGRAM:
        if weight is None:
            return None
        amount, named = amount * weight, "mg"
    if unit is None or unit.strength is None or unit.strength.unit != named:
        return OneDose(arm.product, number, amount, named)
    units = int((amount / unit.strength.amount).to_integral_value(ROUND_CEILING))
    strength = unit.concentration
    draw = (amount / strength.amount).quantize(_DRAWN_TO, ROUND_HALF_UP) if strength is not None else None
    return OneDose(arm.product, units, amount, named, draw)
