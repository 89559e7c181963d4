"""The prednisone equivalent, in mg per day, of one glucocorticoid taken at one dose and frequency.

A patient on two of them has the sum of two results. `none` is zero and is known; no answer is unknown. A log of courses
is averaged over a window by `steroid_courses`.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Final

import numpy as np

from equipoise.instruments.columns import UNKNOWN, Column, ColumnOutcome, Columns, floats, rounded
from equipoise.instruments.definition import data, define
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_DATA: Final = data(__name__)
_REFERENCE: Final = Decimal(_DATA["reference_mg"])
_ZERO: Final = Decimal(0)
_CODES: Final[dict[str, tuple[str, ...]]] = {part["id"]: tuple(part.get("codes", ())) for part in _DATA["inputs"]}
DRUGS: Final = _CODES["drug"]
ROUTES: Final = _CODES["route"]
TABLES: Final = {name: {drug: Decimal(text) for drug, text in table.items()} for name, table in _DATA["tables"].items()}
FREQUENCIES: Final = {
    name: (Decimal(doses), Decimal(days)) for name, (doses, days) in _DATA["frequencies"].items()
}  # fmt: skip


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """Dose × doses per day × 5 mg over the drug's equivalent dose; alternate-day dosing is halved.

    Nothing taken, or by a route that does not count, is zero whatever else is open.
    """
    drug, dose, frequency = given.word("drug"), given.number("dose"), given.word("frequency")
    route = given.word("route") if variant == "by_route" else "oral"
    counts = variant != "by_route" or route in choices.words("routes")
    if drug == "none" or (route is not None and not counts):
        return Outcome({"prednisone": _ZERO}, (), _ZERO, _ZERO)
    if drug is None or dose is None or frequency is None or route is None:
        asked = ("drug", "dose", "frequency", *(("route",) if variant == "by_route" else ()))
        return Outcome({"prednisone": None}, given.missing(*asked))
    doses, days = FREQUENCIES[frequency]
    daily = dose * doses * _REFERENCE / (days * TABLES[choices.word("table")][drug])
    return Outcome({"prednisone": daily}, (), daily, daily, {drug: daily})


def factor(drug: str, frequency: str, table: str) -> Fraction:
    """By what a single dose is multiplied to give prednisone per day; exact."""
    doses, days = FREQUENCIES[frequency]
    return Fraction(doses) * Fraction(_REFERENCE) / (Fraction(days) * Fraction(TABLES[table][drug]))


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients."""
    drug, route, frequency = columns["drug"], columns["route"], columns["frequency"]
    counted = [ROUTES.index(name) for name in choices.words("routes")]
    counts = np.isin(route, counted) if variant == "by_route" else np.ones(len(drug), dtype=np.bool_)
    route_open = (variant == "by_route") & (route == UNKNOWN)
    nothing = (drug == DRUGS.index("none")) | (~counts & ~route_open)
    known = (drug != UNKNOWN) & (frequency != UNKNOWN) & ~route_open
    daily, doubtful = rounded(np.where(known, floats(columns["dose"]) * _factors(drug, frequency, choices), np.nan))
    return ColumnOutcome({"prednisone": np.where(nothing, 0, daily)}, doubtful & ~nothing)


def _factors(drug: Column, frequency: Column, choices: Choices) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """By what each single dose is multiplied; of no meaning where the drug or the frequency is unknown."""
    table = np.array(
        [[float(factor(one, often, choices.word("table"))) for often in _CODES["frequency"]] for one in DRUGS]
    )
    return table[np.maximum(drug, 0), np.maximum(frequency, 0)]


INSTRUMENT: Final = define(__name__, compute, compute_columns)
