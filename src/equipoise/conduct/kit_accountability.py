"""Accountability: for each site and day what came, what went, and what is there.

Two roads meet here: what moved is added up from the acts, and what is on hand is counted from the status of every kit.
received = with participants + lost + missing + destroyed + on hand, on every day (ICH E6(R3), 3.15.3(c)).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from equipoise.conduct.acts import Recorded
from equipoise.conduct.kits import HELD, Kit, after, steps


@dataclass(frozen=True, slots=True)
class Day:
    """The kits of one site at the end of a day: all steps since the beginning and those of the day, and the stock."""

    day: date
    steps: Mapping[str, int]  # since the beginning
    moved: Mapping[str, int]  # on this day
    on_hand: int  # by the status of each kit

    @property
    def received(self) -> int:
        """Kits that came, damaged ones among them."""
        return self._sum("receive", "receive_after_excursion", "receive_damaged")

    @property
    def with_participants(self) -> int:
        """Kits that were dispensed, or taken by mistake, and neither came back nor were lost."""
        gone = self._sum("return", "replace_lost", "replace_damaged", "replace_not_dispensed")
        return self._sum("dispense", "misallocate") - gone

    @property
    def lost(self) -> int:
        """Kits that a participant or the site lost."""
        return self._sum("replace_lost", "withdraw_missing")

    @property
    def destroyed(self) -> int:
        """Kits that were destroyed."""
        return self._sum("destroy")

    @property
    def balances(self) -> bool:
        """Whether everything that came is somewhere."""
        return self.received == self.with_participants + self.lost + self.destroyed + self.on_hand

    def _sum(self, *names: str) -> int:
        return sum(self.steps.get(name, 0) for name in names)


def daily(acts: Iterable[Recorded], site: str, zone: str) -> list[Day]:
    """The balance of a site for every day on which something moved there, in the time zone of the site."""
    kits: dict[str, Kit] = {}
    total: Counter[str] = Counter()
    moved: Counter[str] = Counter()
    days: list[Day] = []
    for recorded in acts:
        here = [step for number, step, _ in steps(recorded.act, kits) if kits[number].site == site]
        kits.update(after(recorded.act, kits))
        if here:
            today = recorded.at.astimezone(ZoneInfo(zone)).date()
            moved = Counter(here) + (moved if days and days[-1].day == today else Counter())
            total.update(here)
            on_hand = sum(kit.site == site and kit.status in HELD for kit in kits.values())
            days = [*(day for day in days if day.day != today), Day(today, dict(total), dict(moved), on_hand)]
    return days
