"""The stock of kits as a page shows it: numbers and statuses, and nothing of what is in them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, get_args

from equipoise.conduct.kit_accountability import Day, daily
from equipoise.conduct.kits import Kit, Status
from equipoise.conduct.resupply import orders_due, stock_of
from equipoise.envelopes import read_kit_number
from equipoise.items import Problem
from equipoise.protocol.supply import Kits
from equipoise.web.messages import problem
from equipoise.web.room import Room

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
# Which glyph and colour of the style sheet goes with a status; the word stands beside it.
MARKS: Final[dict[Status, str]] = {
    "packed": "not_due", "in_transit": "due", "available": "complete", "pre_quarantined": "query",
    "quarantined": "locked", "damaged": "missed", "missing": "missed", "dispensed": "in_progress",
    "misallocated": "query", "returned": "complete", "lost": "missed", "damaged_after_dispensing": "missed",
    "not_dispensed": "missed", "destroyed": "not_expected",
}  # fmt: skip
_DAYS: Final = 14  # of the accountability that a page shows


@dataclass(frozen=True, slots=True)
class Shipment:
    """A shipment on its way to a site: its kits, and in which packs they are."""

    number: str
    site: str
    kits: tuple[str, ...]
    packs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteStock:
    """A site as the supply manager sees it: counts over all arms."""

    site: str
    stock: int
    minimum: int
    orders: int  # that the timetable would make now
    statuses: tuple[tuple[Status, str, int], ...]
    aside: tuple[Kit, ...]  # in quarantine, waiting or for good


def kits_at(room: Room, site: str) -> tuple[Kit, ...]:
    """The kits of a site in the order of their numbers, those on the way among them."""
    return tuple(kit for _, kit in sorted(room.snapshot.kits.items()) if kit.site == site)


def on_the_way(kits: Iterable[Kit]) -> tuple[Shipment, ...]:
    """The shipments of which nothing was received yet."""
    found: dict[tuple[str, str], list[Kit]] = {}
    for kit in kits:
        if kit.status == "in_transit":
            found.setdefault((kit.shipment, kit.site), []).append(kit)
    return tuple(
        Shipment(number, site, tuple(sorted(k.number for k in group)), tuple(sorted({k.pack for k in group})))
        for (number, site), group in sorted(found.items())
    )


def counted(kits: Iterable[Kit]) -> tuple[tuple[Status, str, int], ...]:
    """How many kits have each status, with its mark; none left out that there is."""
    found = Counter(kit.status for kit in kits)
    return tuple((status, MARKS[status], found[status]) for status in STATUSES if found[status])


def site_stock(room: Room, site: str, plan: Kits) -> SiteStock:
    """What the supply manager sees of a site."""
    kits = kits_at(room, site)
    stock = stock_of(kits, site, room.today(site), plan)
    aside = tuple(kit for kit in kits if kit.status == "pre_quarantined")
    return SiteStock(site, stock, plan.threshold_of(site).minimum, orders_due(stock, site, plan), counted(kits), aside)


def accountability(room: Room, site: str) -> list[Day]:
    """The balance of a site on the last days on which something moved."""
    return daily(room.desk.ledger.acts(kinds=_KINDS), site, room.zone_of(site))[: -_DAYS - 1 : -1]


_KINDS: Final = (
    "KitsPacked", "KitsShipped", "KitsReceived", "KitsQuarantined", "KitsDecided", "KitsWithdrawn", "KitDispensed",
    "KitReplaced", "KitMisallocated", "KitReturned", "KitsDestroyed",
)  # fmt: skip


def numbers_in(typed: str) -> list[str] | Problem:
    """The kit numbers that were scanned or typed, apart by spaces, commas or lines; or the first that is none."""
    words = typed.replace(",", " ").replace("，", " ").replace(";", " ").split()
    read = [(word, read_kit_number(word)) for word in words]
    wrong = next((word for word, number in read if number is None), None)
    return [number for _, number in read if number] if wrong is None else problem("web.E020", "kits", kit=wrong[:20])
