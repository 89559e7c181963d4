"""The physician global assessment on 0 to 3, from a mark on a line of known length or from a value on a named scale."""

from decimal import Decimal
from typing import Final

import numpy as np

from equipoise.instruments.columns import (
    UNKNOWN,
    Column,
    ColumnOutcome,
    Columns,
    floats,
    millionths,
    rounded,
    safe,
)
from equipoise.instruments.definition import define, thresholds
from equipoise.instruments.parts import COMPARISONS
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_LIMITS: Final = thresholds(__name__)
_FULL_SCALE: Final = Decimal(3)
_BANDS: Final = ("inactive", "mild", "moderate", "severe")


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """3 × position / length, not rounded; a mark beyond the end of its line is refused."""
    wanted = ("mm", "line") if variant == "line" else ("value",)
    position = given.number(wanted[0])
    length = given.number("line") if variant == "line" else choices.number("scale")
    if position is None or length is None:
        return Outcome({"value": None, "band": None}, given.missing(*wanted), Decimal(0), _FULL_SCALE)
    if position > length:
        why = f"{position} is beyond {length}, the end of the scale."
        return Outcome({"value": None, "band": None}, wanted, Decimal(0), _FULL_SCALE, refused=((wanted[0], why),))
    value = _FULL_SCALE * position / length
    return Outcome({"value": value, "band": band(value)}, (), value, value)


def band(value: Decimal) -> str:
    """Inactive below 0.5, mild to 1, moderate to 2, severe above (PISCOS 2022)."""
    return next((name for name in reversed(_BANDS[1:]) if _LIMITS[name].met(value)), _BANDS[0])


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients; the band is found without dividing, so that no float decides it."""
    position = columns["mm" if variant == "line" else "value"]
    scale = millionths(choices.number("scale")) if variant == "value" else 0
    length = columns["line"] if variant == "line" else np.full(len(position), scale, dtype=np.int64)
    possible = (position != UNKNOWN) & (length != UNKNOWN) & (position <= length)
    reached = np.where(possible, position, UNKNOWN)
    value, doubtful = rounded(float(_FULL_SCALE) * floats(reached) / floats(length))
    return ColumnOutcome({"value": value, "band": _bands(reached, length)}, doubtful)


def _bands(position: Column, length: Column) -> Column:
    """The band of 3 × position / length, each limit compared as a product."""
    scaled = safe(position) * millionths(_FULL_SCALE)
    reached = [
        COMPARISONS[_LIMITS[name].comparison](scaled, millionths(_LIMITS[name].value) * safe(length))
        for name in _BANDS[1:]
    ]
    return np.where(position == UNKNOWN, UNKNOWN, np.sum(reached, axis=0, dtype=np.int64))


INSTRUMENT: Final = define(__name__, compute, compute_columns)
