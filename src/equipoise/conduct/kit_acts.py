"""The acts about kits. They name kits by their numbers, which are random, and never say what is in them.

Where a kit is one of several in an act, the act is about all of them or none.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from equipoise.conduct.act import Act, Name, SubjectAct

KitNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{9}$")]
PackNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{8}$")]
ShipmentNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z-]{4,16}$")]
Some = Annotated[tuple[KitNumber, ...], Field(min_length=1)]


class KitsPacked(Act):
    """A packed lot is at a depot, its sealed kit list on the web host and the one that was published.

    Lot and expiry are those of the packing, the same for every arm; the commitment does not stand here.
    """

    lot: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{1,20}$")]
    expiry: date
    depot: Name
    packs: dict[PackNumber, tuple[KitNumber, ...]]


class KitLocksLoaded(Act):
    """The second locks of the kits of a lot are in the allocator and are those that were published."""

    lot: str
    kits: int


class KitsShipped(Act):
    """A shipment left a depot for a site: whole packs."""

    shipment: ShipmentNumber
    depot: Name
    site: str
    packs: Annotated[tuple[PackNumber, ...], Field(min_length=1)]


class KitsReceived(Act):
    """A shipment came to a site, and every kit of it is accounted for. After an `excursion` of the temperature on the
    way those that came are quarantined until the supply manager decides."""

    shipment: ShipmentNumber
    site: str
    received: tuple[KitNumber, ...]
    damaged: tuple[KitNumber, ...] = ()
    missing: tuple[KitNumber, ...] = ()
    excursion: bool = False


class KitsQuarantined(Act):
    """A site put kits aside, for a reason, until the supply manager decides."""

    site: str
    kits: Some


class KitsDecided(Act):
    """The supply manager decided about kits in quarantine: they may be dispensed again, or never."""

    site: str
    kits: Some
    usable: bool


class KitsWithdrawn(Act):
    """Kits at a site are damaged or missing and not dispensed any more."""

    site: str
    kits: Some
    because: Literal["damaged", "missing"]


class KitDispensed(SubjectAct):
    """A participant was given the kit with this number at a visit."""

    visit: Name
    kit: KitNumber


class KitReplaced(SubjectAct):
    """A participant was given another kit for a visit, and what became of the one before."""

    visit: Name
    kit: KitNumber
    replaces: KitNumber
    because: Literal["lost", "damaged", "not_dispensed", "misallocated"]


class KitMisallocated(SubjectAct):
    """A participant took a kit that was not assigned to them, at a visit: in the place of the `assigned` one, or, with
    none, where no kit was assigned. The kit may have been nobody's, or another participant's."""

    visit: Name
    kit: KitNumber
    assigned: KitNumber | Literal[""] = ""


class KitReturned(SubjectAct):
    """A participant brought a kit back, with so many units left in it."""

    kit: KitNumber
    units: Annotated[int, Field(ge=0, le=10_000)]


class KitsDestroyed(Act):
    """Kits at a site that nobody will take were destroyed."""

    site: str
    kits: Some


KIT_ACTS = (
    KitsPacked, KitLocksLoaded, KitsShipped, KitsReceived, KitsQuarantined, KitsDecided, KitsWithdrawn,
    KitDispensed, KitReplaced, KitMisallocated, KitReturned, KitsDestroyed,
)  # fmt: skip
