"""Creatinine clearance by Cockcroft and Gault (1976), in mL/min, with actual weight and without rounding."""

from decimal import Decimal
from typing import Final

from equipoise.instruments.definition import data, define, thresholds
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_NUMBERS: Final = {name: Decimal(text) for name, text in data(__name__)["numbers"].items()}
_LIMITS: Final = thresholds(__name__)
_INPUTS: Final = ("age", "sex", "weight", "creatinine")


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """(140 − age) × kg × (0.85 if female) / (72 × mg/dL); µmol/L are converted with 88.4, not with 1.04 and 1.23."""
    age, sex = given.number("age"), given.word("sex")
    weight, creatinine = given.number("weight"), given.number("creatinine")
    if creatinine is not None and not _possible(creatinine, variant):
        why = f"A creatinine of {creatinine} cannot be in {_LIMITS[f'{variant}_low'].unit}."
        return Outcome({"clearance": None}, ("creatinine",), refused=(("creatinine", why),))
    if age is None or sex is None or weight is None or creatinine is None:
        return Outcome({"clearance": None}, given.missing(*_INPUTS))
    factor = _NUMBERS["female"] if sex == "female" else Decimal(1)
    unit = _NUMBERS["umol_per_mg_dl"] if variant == "umol_per_l" else Decimal(1)
    clearance = (_NUMBERS["age"] - age) * weight * factor * unit / (_NUMBERS["divisor"] * creatinine)
    return Outcome({"clearance": clearance}, (), clearance, clearance)


def _possible(creatinine: Decimal, variant: str) -> bool:
    return bool(_LIMITS[f"{variant}_low"].met(creatinine) and _LIMITS[f"{variant}_high"].met(creatinine))


INSTRUMENT: Final = define(__name__, compute)
