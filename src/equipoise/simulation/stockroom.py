"""Virtual staff with kits: they order by the timetable, receive what comes, dispense it and take it back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from equipoise.conduct.acts import Person
from equipoise.conduct.kit_acts import KitDispensed, KitsShipped
from equipoise.conduct.outcome import Done, Outcome
from equipoise.protocol.supply import Kits
from equipoise.simulation.workplace import Stockroom

_NOON: Final = 12.0  # in universal time, when it is the same day at every site
Able = Callable[[str, str], Person]  # permission, site → somebody who may
Plan = Callable[[date, float, Callable[[], None]], None]  # day, hour, what is then done


@dataclass(slots=True)
class Stockkeepers:
    """Who handles the kits of a simulated trial. They know numbers and nothing else."""

    kits: Stockroom
    plan: Kits
    sites: tuple[str, ...]
    able: Able
    on: Plan
    done: Callable[[Outcome], Done]
    key: Callable[[], str]
    goes_on: Callable[[], bool]
    held: dict[str, tuple[list[str], date]] = field(default_factory=dict)  # participant → kits, and since when

    def begin(self, day: date) -> None:
        """Look at the stock for the first time on the first day of the timetable."""
        first = self.plan.next_review(day)
        self.on(first, _NOON, lambda: self.review(first))

    def review(self, day: date) -> None:
        """Look at the stock of every site, and again on the next day of the timetable while the trial goes on."""
        for site in self.sites:
            manager, depot = self.able("manage_supply", ""), self.plan.depots[0].id
            ordered = self.done(self.kits.resupply(site, depot=depot, by=manager, key=self.key()))
            for act in (each.act for each in ordered.acts):
                if isinstance(act, KitsShipped):
                    self.on(day + timedelta(days=self.plan.transport), 7.5, self._arrival(act))
        if self.goes_on():
            later = day + timedelta(days=self.plan.review)
            self.on(later, _NOON, lambda: self.review(later))

    def _arrival(self, shipped: KitsShipped) -> Callable[[], None]:
        def receive() -> None:
            kits = self.kits.kits_of(shipped.shipment)
            by = self.able("handle_kits", shipped.site)
            self.done(self.kits.receive(shipped.shipment, site=shipped.site, received=kits, by=by, key=self.key()))

        return receive

    def take_back(self, subject: str, site: str, day: date) -> None:
        """The participant brings back the kits of the visit before, with a unit for each day they were not needed."""
        kits, since = self.held.pop(subject, ([], day))
        left = len(kits) * self.plan.units - (day - since).days
        for kit in kits:
            units = min(max(left, 0), self.plan.units)
            left -= units
            by = self.able("handle_kits", site)
            self.done(self.kits.return_kit(subject, kit, units=units, by=by, key=self.key()))

    def dispense(self, subject: str, site: str, visit: str, day: date) -> str:
        """The numbers of the kits the participant is given, with a space between."""
        by = self.able("handle_kits", site)
        given = self.done(self.kits.dispense_kit(subject, visit, by=by, key=self.key()))
        kits = [each.act.kit for each in given.acts if isinstance(each.act, KitDispensed)]
        self.held[subject] = (kits, day)
        return " ".join(kits)
