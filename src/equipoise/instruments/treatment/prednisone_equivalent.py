"""The prednisone equivalent, in mg per day, of one glucocorticoid taken at one dose and frequency.

A patient on two of them has the sum of two results. `none` is zero and is known; no answer is unknown.
"""

from decimal import Decimal
from typing import Final

from equipoise.instruments.definition import data, define
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_DATA: Final = data(__name__)
_REFERENCE: Final = Decimal(_DATA["reference_mg"])
_ZERO: Final = Decimal(0)
TABLES: Final = {name: {drug: Decimal(text) for drug, text in table.items()} for name, table in _DATA["tables"].items()}
FREQUENCIES: Final = {
    name: (Decimal(doses), Decimal(days)) for name, (doses, days) in _DATA["frequencies"].items()
}  # fmt: skip


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """Dose × doses per day × 5 mg over the drug's equivalent dose; alternate-day dosing is halved."""
    drug, dose, frequency = given.word("drug"), given.number("dose"), given.word("frequency")
    if drug == "none":
        return Outcome({"prednisone": _ZERO}, (), _ZERO, _ZERO)
    if drug is None or dose is None or frequency is None:
        return Outcome({"prednisone": None}, given.missing("drug", "dose", "frequency"))
    doses, days = FREQUENCIES[frequency]
    daily = dose * doses * _REFERENCE / (days * TABLES[choices.word("table")][drug])
    return Outcome({"prednisone": daily}, (), daily, daily, {drug: daily})


INSTRUMENT: Final = define(__name__, compute)
