"""A number as a laboratory reports it where that is more than a number: with a sign before it, or in another unit."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, TypeAlias

Operator: TypeAlias = Literal["", "<", "<=", ">", ">="]
# How a result beyond what the laboratory can measure counts: as half of the limit, as the limit, or not at all.
BelowLimit: TypeAlias = Literal["half", "limit", "missing"]
AboveLimit: TypeAlias = Literal["limit", "missing"]

BELOW: Final = ("<", "<=")
ABOVE: Final = (">", ">=")


@dataclass(frozen=True, slots=True)
class Reported:
    """What stands on the report, digit by digit: `<0.1`, `1.20 mg/dL`, `>1000 U/mL`.

    `unit` is "" for the item's own. A number in that unit and without a sign is a plain Decimal and never one of these.
    """

    number: Decimal
    operator: Operator = ""
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.operator}{self.number:f}" + (f" {self.unit}" if self.unit else "")


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """Another unit an item may be reported in: one of it is `factor` of the item's own, exactly."""

    unit: str
    factor: Fraction
    places: int | None = None
