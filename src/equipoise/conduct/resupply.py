"""Resupply: when a site is sent kits, and which packs, decided from counts over all arms and nothing else.

On every day of the timetable a site whose stock is below its minimum is sent orders of a constant number of whole packs
until it is not. What is under way counts. No order is ever made because one arm runs out, so orders tell nothing of it.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from equipoise.conduct.kits import Kit
from equipoise.protocol.supply import Kits


def stock_of(kits: Iterable[Kit], site: str, day: date, plan: Kits) -> int:
    """How many kits count as stock of a site on a day: above the reserve of each pack that is there or on the way, and
    not too near their expiry."""
    last = day + timedelta(days=plan.do_not_count)
    packs = Counter(kit.pack for kit in kits if kit.site == site and kit.counts and kit.expiry >= last)
    return sum(max(count - plan.reserve, 0) for count in packs.values())


def orders_due(stock: int, site: str, plan: Kits) -> int:
    """How many orders bring a site to its minimum without passing its maximum."""
    threshold, due = plan.threshold_of(site), 0
    while stock + due * plan.ordered < threshold.minimum and stock + (due + 1) * plan.ordered <= threshold.maximum:
        due += 1
    return due


def packs_to_ship(kits: Iterable[Kit], depot: str, day: date, plan: Kits) -> list[str]:
    """The whole packs at a depot that may be shipped, the earliest expiry first, then in the order of their numbers."""
    first = day + timedelta(days=plan.do_not_ship)
    there = {(kit.expiry, kit.pack) for kit in kits if (kit.depot, kit.status) == (depot, "packed")}
    return [pack for expiry, pack in sorted(there) if expiry >= first]
