"""Estimated glomerular filtration rate, CKD-EPI creatinine equation of 2021 (no race), in mL/min/1.73 m², not rounded.

A power is worked with more digits than the 28 kept, so that the last of them is right.
"""

from decimal import Context, Decimal, localcontext
from typing import Final

import numpy as np

from equipoise.instruments.columns import ColumnOutcome, Columns, floats, rounded
from equipoise.instruments.definition import data, define, thresholds
from equipoise.instruments.laboratory.possible import possible_only, why_impossible
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_NUMBERS: Final = {name: Decimal(text) for name, text in data(__name__)["numbers"].items()}
_FLOATS: Final = {name: float(number) for name, number in _NUMBERS.items()}
_LIMITS: Final = thresholds(__name__)
_WORKING: Final = Context(prec=40)
_SEXES: Final = ("female", "male")


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """142 × min(Scr/κ, 1)^α × max(Scr/κ, 1)^−1.200 × 0.9938^age × 1.012 if female (Inker 2021)."""
    age, sex, creatinine = given.number("age"), given.word("sex"), given.number("creatinine")
    why = why_impossible(creatinine, variant, _LIMITS)
    if age is None or sex is None or creatinine is None or why:
        unknown = given.missing("age", "sex", "creatinine") + (("creatinine",) if why else ())
        return Outcome({"egfr": None}, unknown, refused=(("creatinine", why),) if why else ())
    with localcontext(_WORKING):
        unit = _NUMBERS["umol_per_mg_dl"] if variant == "umol_per_l" else Decimal(1)
        ratio = creatinine / unit / _NUMBERS[f"kappa_{sex}"]
        power = _NUMBERS[f"alpha_{sex}"] if ratio <= 1 else _NUMBERS["above"]
        worked = _NUMBERS["factor"] * ratio**power * _NUMBERS["per_year"] ** age * _NUMBERS[f"factor_{sex}"]
    rate = +worked
    return Outcome({"egfr": rate}, (), rate, rate)


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients; a rate too near to a rounding edge for a float is left to the exact rule."""
    sexes = [columns["sex"] == place for place in range(len(_SEXES))]
    kappa, alpha, factor = (
        np.select(sexes, [_FLOATS[f"{name}_{sex}"] for sex in _SEXES], np.nan) for name in ("kappa", "alpha", "factor")
    )
    unit = _FLOATS["umol_per_mg_dl"] if variant == "umol_per_l" else 1.0
    ratio = floats(possible_only(columns["creatinine"], variant, _LIMITS)) / unit / kappa
    power = np.where(ratio <= 1, alpha, _FLOATS["above"])
    years = _FLOATS["per_year"] ** floats(columns["age"])
    results, doubtful = rounded(_FLOATS["factor"] * ratio**power * years * factor)
    return ColumnOutcome({"egfr": results}, doubtful)


INSTRUMENT: Final = define(__name__, compute, compute_columns)
