"""What leaves the depots, as the supply manager sees it: packs, shipments and how they came, and kits taken by mistake.

Counts and numbers over all arms; nothing of what is in a kit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from equipoise.conduct import kit_acts as k
from equipoise.conduct.acts import Recorded
from equipoise.conduct.kits import Kit
from equipoise.conduct.resupply import packs_to_ship
from equipoise.protocol.supply import Kits
from equipoise.web.room import Room

_SHOWN: Final = 30  # shipments, the newest


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack at a depot. `place` is in which order it is to be shipped, 0 where it expires too soon."""

    number: str
    lot: str
    expiry: date
    kits: int
    place: int


@dataclass(frozen=True, slots=True)
class Consignment:
    """A shipment from its depot to its receipt; `received` is empty while it is on the way."""

    number: str
    site: str
    packs: tuple[str, ...]
    shipped: date
    received: date | None = None
    excursion: bool = False
    damaged: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Mistake:
    """A kit that somebody took and that was not assigned to them."""

    subject: str
    visit: str
    taken: str
    assigned: str
    on: date
    by: str


def depot_stock(kits: Iterable[Kit], depot: str, day: date, plan: Kits) -> list[Pack]:
    """The packs at a depot, in the order in which they are to be shipped; last those that expire too soon."""
    there: dict[str, list[Kit]] = {}
    for kit in kits:
        if (kit.depot, kit.status) == (depot, "packed"):
            there.setdefault(kit.pack, []).append(kit)
    order = packs_to_ship((kit for group in there.values() for kit in group), depot, day, plan)
    place = {pack: number for number, pack in enumerate(order, 1)}
    packs = [Pack(pack, of[0].lot, of[0].expiry, len(of), place.get(pack, 0)) for pack, of in there.items()]
    return sorted(packs, key=lambda pack: (not pack.place, pack.place, pack.expiry, pack.number))


def shipments(room: Room) -> list[Consignment]:
    """The last shipments to all sites, the newest first."""
    sent: dict[str, Consignment] = {}
    for each in room.desk.ledger.acts(kinds=("KitsShipped", "KitsReceived")):
        if isinstance(each.act, k.KitsShipped):
            on = _day(each, room, each.act.site)
            sent[each.act.shipment] = Consignment(each.act.shipment, each.act.site, each.act.packs, on)
        elif isinstance(each.act, k.KitsReceived):
            sent[each.act.shipment] = _received(sent[each.act.shipment], each.act, _day(each, room, each.act.site))
    return [*sent.values()][: -_SHOWN - 1 : -1]


def mistakes(room: Room) -> list[Mistake]:
    """The kits that were taken by mistake, the newest first."""
    found = []
    for each in room.desk.ledger.acts(kinds=("KitMisallocated",)):
        assert isinstance(each.act, k.KitMisallocated)  # noqa: S101 - its kind
        act, by = each.act, room.snapshot.name_of(each.by.id)
        site = room.snapshot.subjects[act.subject].site
        visit = room.protocol.visit_by_id[act.visit].label.in_(room.language)
        found.append(Mistake(act.subject, visit, act.kit, act.assigned, _day(each, room, site), by))
    return found[::-1]


def _received(sent: Consignment, act: k.KitsReceived, on: date) -> Consignment:
    damaged, missing = len(act.damaged), len(act.missing)
    return replace(sent, received=on, excursion=act.excursion, damaged=damaged, missing=missing)


def _day(recorded: Recorded, room: Room, site: str) -> date:
    return recorded.at.astimezone(ZoneInfo(room.zone_of(site))).date()
