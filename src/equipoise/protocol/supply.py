"""Supply: how the product comes to the sites, prepared by a pharmacist or in kits that were packed and numbered before.

Everything here is the same for every arm and may be known to everybody. A kit lasts from one visit to the next.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from equipoise.protocol.parts import Identifier, Label, Part, later

Days = Annotated[int, Field(ge=0, le=3650)]
_A_MONDAY: Final = date(2024, 1, 1)


class Depot(Part):
    """A place from which kits are shipped to the sites."""

    id: Identifier
    label: Label


class Storage(Part):
    """The temperatures in °C between which a kit is kept; outside them it is not dispensed until somebody decides."""

    lowest: Decimal = Field(ge=-200, le=60)
    highest: Decimal = Field(ge=-200, le=60)


class Threshold(Part):
    """When a site is supplied again: an order is made while its stock is below `minimum` and would not pass `maximum`.

    Stock is counted over all arms, above the reserve of each pack, and with what is under way; nobody ever orders
    because one arm runs out.
    """

    minimum: int = Field(ge=1, le=100_000)
    maximum: int = Field(ge=1, le=100_000)


class Handout(Part):
    """What a visit hands out where it is not one kit: how many, and for how many days they last together."""

    kits: int = Field(ge=1, le=20)
    lasts: int = Field(ge=1, le=3650)


class Kits(Part):
    """The plan of the kits: how they are packed, how long they last, and when and how many are shipped.

    A pack holds `pack` kits in the ratio of the arms and is shipped whole; an order is always `order` packs. Its last
    `reserve` kits are dispensed only when no other pack has more: which arm a pack runs out of would tell. The three
    limits of expiry are in days before the expiry date: from then on a kit is not shipped, not counted as stock, or not
    to be in use any more; it is dispensed only if it is used up by then. Kits leave a depot on the days of the
    timetable alone: every `review` days, of which `review_from` is one. `handouts` says what visits hand out otherwise.
    """

    unit: Label
    units: int = Field(ge=1, le=10_000)
    lasts: int = Field(ge=1, le=3650)
    pack: int = Field(ge=2, le=1000)
    reserve: int = Field(ge=0, le=999)
    order: int = Field(ge=1, le=1000)
    review: int = Field(ge=1, le=365)
    review_from: date = later(_A_MONDAY)
    transport: Days
    do_not_ship: Days
    do_not_count: Days
    do_not_dispense: Days
    storage: Storage
    depots: tuple[Depot, ...]
    threshold: Threshold
    threshold_by_site: dict[str, Threshold] = Field(default_factory=dict)
    handouts: dict[str, Handout] = Field(default_factory=dict, exclude_if=lambda visits: not visits)

    def threshold_of(self, site: str) -> Threshold:
        """When a site is supplied again."""
        return self.threshold_by_site.get(site, self.threshold)

    def handout(self, visit: str) -> Handout:
        """How many kits a visit hands out, and for how many days."""
        return self.handouts.get(visit) or Handout(kits=1, lasts=self.lasts)

    def next_review(self, day: date) -> date:
        """The day of the timetable on which kits may next leave a depot: this one, or the first after it."""
        return day + timedelta(days=(self.review_from - day).days % self.review)

    @property
    def ordered(self) -> int:
        """How many kits an order adds to the stock: those above the reserve of its packs."""
        return self.order * (self.pack - self.reserve)


class Supply(Part):
    """The supply model: `prepared` by a pharmacist who knows the arm, or in masked `kits`."""

    model: Literal["prepared", "kits"]
    kits: Kits | None = None
