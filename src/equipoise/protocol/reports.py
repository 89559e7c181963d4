"""How a laboratory may report a number: in which other units, and beyond which limits."""

from fractions import Fraction
from typing import Annotated

from pydantic import Field, StringConstraints

from equipoise.items.reported import AboveLimit, BelowLimit
from equipoise.protocol.parts import Part

Factor = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)?(/[0-9]+(\.[0-9]+)?)?$", max_length=60)]


class ReportedUnit(Part):
    """Another unit that an item may be answered in: one of it is `factor` of the item's own, exactly."""

    unit: str = Field(min_length=1, max_length=30)
    factor: Factor
    places: int | None = Field(default=None, ge=0, le=6)

    @property
    def exact(self) -> Fraction:
        """The factor as a fraction; 0 where it divides by zero."""
        over, _, under = self.factor.partition("/")
        return Fraction(over) / Fraction(under or "1") if Fraction(under or "1") else Fraction(0)


class BeyondLimit(Part):
    """How `<0.1` and `>1000` count in rules, scores and analyses; a sign whose key is left out is not taken."""

    below: BelowLimit | None = None
    above: AboveLimit | None = None
