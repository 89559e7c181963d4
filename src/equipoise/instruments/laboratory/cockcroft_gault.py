"""Creatinine clearance by Cockcroft and Gault (1976), in mL/min, on the weight the protocol names, without rounding."""

from decimal import Decimal
from typing import Final

import numpy as np

from equipoise.instruments.columns import Column, ColumnOutcome, Columns, Flags, Floats, floats, near, rounded
from equipoise.instruments.definition import data, define, thresholds
from equipoise.instruments.laboratory.possible import possible_only, why_impossible
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_NUMBERS: Final = {name: Decimal(text) for name, text in data(__name__)["numbers"].items()}
_FLOATS: Final = {name: float(number) for name, number in _NUMBERS.items()}
_LIMITS: Final = thresholds(__name__)
_ASKED: Final = {
    "actual": ("age", "sex", "weight", "creatinine"),
    "ideal": ("age", "sex", "height", "creatinine"),
    "adjusted_by_bmi": ("age", "sex", "weight", "height", "creatinine"),
}


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """(140 − age) × kg × (0.85 if female) / (72 × mg/dL); µmol/L are converted with 88.4, not with 1.04 and 1.23."""
    age, sex, creatinine = given.number("age"), given.word("sex"), given.number("creatinine")
    why = why_impossible(creatinine, variant, _LIMITS)
    weight = _weight(given, choices)
    if age is None or sex is None or weight is None or creatinine is None or why:
        asked = _ASKED[choices.word("weight_basis")]
        unknown = tuple(name for name in asked if given.known[name] is None or (why and name == "creatinine"))
        return Outcome({"clearance": None}, unknown, refused=(("creatinine", why),) if why else ())
    factor = _NUMBERS["female"] if sex == "female" else Decimal(1)
    unit = _NUMBERS["umol_per_mg_dl"] if variant == "umol_per_l" else Decimal(1)
    clearance = (_NUMBERS["age"] - age) * weight * factor * unit / (_NUMBERS["divisor"] * creatinine)
    return Outcome({"clearance": clearance}, (), clearance, clearance)


def _weight(given: Given, choices: Choices) -> Decimal | None:
    """The weight that enters the formula; unknown while an answer it needs is lacking."""
    basis = choices.word("weight_basis")
    weight = given.number("weight")
    if basis == "actual":
        return weight
    ideal = _ideal(given, choices)
    if basis == "ideal":
        return ideal
    height = given.number("height")
    if weight is None or ideal is None or height is None:
        return None
    index = weight * 10_000 / height**2
    if _LIMITS["bmi_underweight"].met(index):
        return weight
    if _LIMITS["bmi_overweight"].met(index):
        return ideal + _NUMBERS["of_excess"] * (weight - ideal)
    return min(ideal, weight)


def _ideal(given: Given, choices: Choices) -> Decimal | None:
    """Devine's ideal weight: a base at 60 inches, and 2.3 kg for each inch above it."""
    sex, height = given.word("sex"), given.number("height")
    if sex is None or height is None:
        return None
    inches = height / _NUMBERS["cm_per_inch"] - _NUMBERS["inches"]
    if choices.word("below_60_inches") == "base":
        inches = max(inches, Decimal(0))
    return _NUMBERS[f"base_{sex}"] + _NUMBERS["kg_per_inch"] * inches


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients; a clearance or a BMI too near to an edge for a float is left to the exact rule."""
    female, male = columns["sex"] == 0, columns["sex"] == 1
    factor = np.select([female, male], [_FLOATS["female"], 1.0], np.nan)
    unit = _FLOATS["umol_per_mg_dl"] if variant == "umol_per_l" else 1.0
    creatinine = floats(possible_only(columns["creatinine"], variant, _LIMITS))
    weight, near_a_limit = _weights(columns, choices)
    clearance = (_FLOATS["age"] - floats(columns["age"])) * weight * factor * unit / (_FLOATS["divisor"] * creatinine)
    results, near_a_tie = rounded(clearance)
    return ColumnOutcome({"clearance": results}, near_a_limit | near_a_tie)


def _weights(columns: Columns, choices: Choices) -> tuple[Floats, Flags]:
    """The weight that enters the formula, and the rows whose BMI is too near to a limit."""
    basis = choices.word("weight_basis")
    weight, height = floats(columns["weight"]), floats(columns["height"])
    clear = np.zeros(len(weight), dtype=np.bool_)
    if basis == "actual":
        return weight, clear
    ideal = _ideals(columns["sex"], height, choices)
    if basis == "ideal":
        return ideal, clear
    index = weight * 10_000 / height**2
    under, over = _LIMITS["bmi_underweight"].value, _LIMITS["bmi_overweight"].value
    adjusted = ideal + _FLOATS["of_excess"] * (weight - ideal)
    entering = np.select([index < float(under), index > float(over)], [weight, adjusted], np.minimum(ideal, weight))
    return np.where(np.isnan(ideal), np.nan, entering), near(index, under) | near(index, over)


def _ideals(sex: Column, height: Floats, choices: Choices) -> Floats:
    inches = height / _FLOATS["cm_per_inch"] - _FLOATS["inches"]
    if choices.word("below_60_inches") == "base":
        inches = np.maximum(inches, 0.0)
    base = np.select([sex == 0, sex == 1], [_FLOATS["base_female"], _FLOATS["base_male"]], np.nan)
    return np.asarray(base + _FLOATS["kg_per_inch"] * inches)


INSTRUMENT: Final = define(__name__, compute, compute_columns)
