"""The physician global assessment on 0 to 3, from a mark on a line of known length or from a value on a named scale."""

from decimal import Decimal
from typing import Final

from equipoise.instruments.definition import define, thresholds
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_LIMITS: Final = thresholds(__name__)
_FULL_SCALE: Final = Decimal(3)


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
    return next((name for name in ("severe", "moderate", "mild") if _LIMITS[name].met(value)), "inactive")


INSTRUMENT: Final = define(__name__, compute)
