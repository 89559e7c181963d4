"""How a dose is prepared: what is handed over is the same in every arm; what is in one unit, each product says.

Quantity and least time stand with the treatment and not with the arm, so that no protocol can make them differ.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from equipoise.protocol.parts import Identifier, Label, Part


class Measure(Part):
    """An amount and its unit."""

    amount: Decimal = Field(gt=0, max_digits=9, decimal_places=3)
    unit: Annotated[str, Field(min_length=1, max_length=20)]


class Unit(Part):
    """One unit of a product: what is counted on the shelf and opened for a dose.

    `strength` is how much is in it, in the unit of the arm's dose; `concentration` what drawing up goes by, once it is
    dissolved. `number` is how many units make a dose where no strength says so.
    """

    label: Label
    strength: Measure | None = None
    concentration: Measure | None = None
    number: int = Field(default=1, ge=1, le=100)
    steps: Label | None = None


class Preparation(Part):
    """What leaves the pharmacy for a dose, whatever the arm.

    `quantity` is what is handed over in all: the volume of the bag, the number of tablets. `least_minutes` pass between
    the opening of the order and the release, so that the time tells nothing. `weight` is the item that holds the body
    weight, for a dose per kilogram.
    """

    quantity: Measure
    least_minutes: int = Field(ge=0, le=24 * 60)
    weight: Identifier | None = None
