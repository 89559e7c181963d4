"""Virtual staff with kits: they order by the timetable, receive what comes, dispense it and take it back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from equipoise.conduct.acts import Person
from equipoise.conduct.kit_acts import KitDispensed, KitsShipped
from equipoise.conduct.outcome import Done, Outcome
from equipoise.protocol.supply import Kits
from equipoise.simulation.workplace import Stockroom

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
    held: dict[str, tuple[str, date]] = field(default_factory=dict)  # participant → kit, and since when

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
            self.on(later, 7, lambda: self.review(later))

    def _arrival(self, shipped: KitsShipped) -> Callable[[], None]:
        def receive() -> None:
            kits = self.kits.kits_of(shipped.shipment)
            by = self.able("handle_kits", shipped.site)
            self.done(self.kits.receive(shipped.shipment, site=shipped.site, received=kits, by=by, key=self.key()))

        return receive

    def take_back(self, subject: str, site: str, day: date) -> None:
        """The participant brings back the kit of the visit before, with a unit for each day it was not needed."""
        if subject in self.held:
            kit, since = self.held.pop(subject)
            units = min(max(self.plan.units - (day - since).days, 0), self.plan.units)
            by = self.able("handle_kits", site)
            self.done(self.kits.return_kit(subject, kit, units=units, by=by, key=self.key()))

    def dispense(self, subject: str, site: str, visit: str, day: date) -> str:
        """The number of the kit the participant is given."""
        by = self.able("handle_kits", site)
        given = self.done(self.kits.dispense_kit(subject, visit, by=by, key=self.key()))
        act = given.acts[0].act
        assert isinstance(act, KitDispensed)  # noqa: S101 - what `dispense_kit` records
        self.held[subject] = (act.kit, day)
        return act.kit
