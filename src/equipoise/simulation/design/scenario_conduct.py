"""What a design scenario may add to a trial's conduct: looks at the data before the end, and what follows from them."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from equipoise.protocol.monitoring import Boundary, Error
from equipoise.simulation.scenario import Part


class Interim(Part):
    """Looks at efficacy, each at a share of the boundary's information; what is not said is the protocol's."""

    looks: Annotated[tuple[Error, ...], Field(max_length=20)] = ()
    boundary: Boundary | None = None

    @model_validator(mode="after")
    def _rising(self) -> "Interim":
        if list(self.looks) != sorted(set(self.looks)):
            raise ValueError("each of the looks comes after the one before")
        return self


class ReEstimation(Part):
    """The number of participants, reconsidered once: when a share of those planned have an outcome.

    `blinded` asks the pooled risk how many the `difference` needs (Gould 1992); `promising_zone` asks conditional
    power, and adds participants where it lies between `from_power` and `power` (Mehta & Pocock 2011). There are never
    fewer than planned.
    """

    rule: Literal["blinded", "promising_zone"]
    estimand: str
    at: Error
    at_most: int = Field(ge=2, le=10_000)
    power: Error = Decimal("0.8")
    difference: Error | None = None
    from_power: Error | None = None

    @model_validator(mode="after")
    def _of_its_rule(self) -> "ReEstimation":
        if (self.difference is not None, self.from_power is not None) != (self.blinded, not self.blinded):
            raise ValueError("'blinded' needs a 'difference', 'promising_zone' a 'from_power', and neither the other's")
        if self.from_power is not None and self.from_power >= self.power:
            raise ValueError("the promising zone begins below the 'power' wanted")
        return self

    @property
    def blinded(self) -> bool:
        """Whether nobody looks at the arms."""
        return self.rule == "blinded"


class Rerandomisation(Part):
    """A randomisation test of the time to an event: its log-rank scores under so many lists drawn anew."""

    estimand: str
    lists: int = Field(default=999, ge=19, le=100_000)


class Delivery(Part):
    """Vials that reach the depot at the beginning of a week of the trial."""

    week: float = Field(ge=0, le=1040)
    vials: int = Field(ge=1, le=1_000_000)


class Weight(Part):
    """Body weight in kilograms: normal, kept within a range. It matters where a dose is given by weight."""

    mean: float = Field(gt=0, le=300)
    deviation: float = Field(ge=0, le=100)
    within: tuple[float, float] = (30, 200)


class Supply(Part):
    """Trial drug at the sites: each has `initial` vials when recruitment begins, and orders as it uses them.

    Where a site has no more than `reorder_at` on the shelf and on the way, it orders up to `order_up_to`; a shipment
    takes `shipping_days`, and a vial may be used for `shelf_days` at the site. The depot is without end, or has what
    `depot` delivers to it; orders then wait for their turn.
    """

    initial: int = Field(ge=0, le=10_000)
    reorder_at: int = Field(ge=0, le=10_000)
    order_up_to: int = Field(ge=1, le=10_000)
    shipping_days: float = Field(ge=0, le=365)
    shelf_days: float = Field(default=3650.0, gt=0, le=10_000)
    depot: tuple[Delivery, ...] = ()
    weight: Weight | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "Supply":
        if self.order_up_to <= self.reorder_at:
            raise ValueError("a site orders up to more than what makes it order")
        if [each.week for each in self.depot] != sorted(each.week for each in self.depot):
            raise ValueError("the deliveries to the depot are in the order of their weeks")
        return self
