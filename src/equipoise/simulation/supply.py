"""The supply of one site in silence: who comes when, what is ordered and dispensed, and how often there is no kit.

Orders and choices are made by the rules of the real trial (`conduct.resupply`, `randomisation.kits`); another rule can
take their place, to see what it would tell. One lot is in use, which does not expire meanwhile, and everybody stays on
treatment, which asks for more kits than the trial will.
"""

from collections import Counter
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import sqrt
from random import Random

from equipoise.conduct.kits import Kit
from equipoise.conduct.resupply import orders_due, stock_of
from equipoise.protocol.schema import Protocol
from equipoise.protocol.supply import Kits
from equipoise.randomisation import RandomSource, seeded
from equipoise.randomisation.kits import choose_kit, draw_packs

Choosing = Callable[[Mapping[str, Collection[str]], Container[str], int, RandomSource], str | None]
_START = date(2025, 1, 6)
_KEEPS = _START + timedelta(days=36500)
_SITE = "1"


@dataclass(frozen=True, slots=True)
class Demand:
    """A participant who comes for a kit."""

    day: float
    subject: int
    arm: str


@dataclass(frozen=True, slots=True)
class Handed:
    """A participant who came, and the kit and its pack; "" where there was none."""

    day: float
    subject: int
    kit: str
    pack: str


@dataclass(slots=True)
class Stock:
    """The kits of a site: by pack which arm is in each, and what is on its way."""

    plan: Kits
    ratio: Mapping[str, int]
    random: RandomSource
    at_hand: dict[str, dict[str, str]] = field(default_factory=dict)  # pack → kit → arm
    coming: list[tuple[float, str]] = field(default_factory=list)  # day, pack
    packed: dict[str, dict[str, str]] = field(default_factory=dict)

    def order(self, day: float) -> None:
        """Ship one order of whole packs."""
        for arms in draw_packs(self.ratio, self.plan.pack, self.plan.order, self.random):
            pack = f"P{len(self.packed):03d}"
            self.packed[pack] = {f"{pack}-{number:04d}": arm for number, arm in enumerate(arms)}
            self.coming.append((day + self.plan.transport, pack))

    def arrive(self, day: float) -> None:
        """Take in what has come by a day."""
        for due, pack in [each for each in self.coming if each[0] <= day]:
            self.at_hand[pack] = dict(self.packed[pack])
            self.coming.remove((due, pack))

    def kits(self) -> list[Kit]:
        """The kits here and under way, as the rules of resupply see them: without arms."""
        here = [
            Kit(kit, pack, "L", _KEEPS, "d", "available", _SITE) for pack in self.at_hand for kit in self.at_hand[pack]
        ]
        return here + [
            Kit(kit, pack, "L", _KEEPS, "d", "in_transit", _SITE)
            for _, pack in self.coming
            for kit in self.packed[pack]
        ]

    def give(self, demand: Demand, choose: Choosing) -> Handed:
        """Hand over the kit that is chosen."""
        mine = {kit for kits in self.at_hand.values() for kit, arm in kits.items() if arm == demand.arm}
        kit = choose(self.at_hand, mine, self.plan.reserve, self.random)
        if kit is None:
            return Handed(demand.day, demand.subject, "", "")
        pack = kit.partition("-")[0]
        del self.at_hand[pack][kit]
        return Handed(demand.day, demand.subject, kit, pack)


Ordering = Callable[[Stock, float], int]  # what there is, day → orders


def by_timetable(stock: Stock, day: float) -> int:
    """The orders of the timetable, by the stock over all arms."""
    counted = stock_of(stock.kits(), _SITE, _START + timedelta(days=int(day)), stock.plan)
    return orders_due(counted, _SITE, stock.plan)


def handouts(protocol: Protocol) -> dict[int, int]:
    """The days of the visits of a trial with kits, and how many each hands out."""
    plan, form = protocol.kits, protocol.treatment.form
    return {visit.day: plan.handout(visit.id).kits for visit in protocol.visits if form in visit.forms} if plan else {}


def demands(
    ratio: Mapping[str, int], participants: int, per_week: float, visits: Mapping[int, int], random: Random
) -> list[Demand]:
    """When the participants of a site come for kits, a few days early or late: `visits` is day → how many kits.

    Each arm is drawn alone, in the ratio: that asks more of a stock than blocks do, and tells nothing of its own.
    """
    arms = random.choices(list(ratio), list(ratio.values()), k=participants)
    day, found = 14.0, list[Demand]()
    for subject, arm in enumerate(arms):
        day += random.expovariate(per_week / 7)
        for visit, kits in visits.items():
            found += [Demand(day + visit + (random.gauss(0, 2) if visit else 0), subject, arm)] * kits
    return sorted(found, key=lambda each: each.day)


def supplied(
    plan: Kits, ratio: Mapping[str, int], asked: Sequence[Demand], random: RandomSource, *,
    choose: Choosing = choose_kit, order: Ordering = by_timetable,
) -> tuple[list[Handed], list[tuple[float, str]]]:  # fmt: skip
    """What everybody was given, in the order of time, and when each pack came."""
    stock, review = Stock(plan, ratio, random), 0.0
    handed: list[Handed] = []
    came: list[tuple[float, str]] = []
    for demand in asked:
        while review <= demand.day:
            stock.arrive(review)
            for _ in range(order(stock, review)):
                stock.order(review)
            review += plan.review
        came += [each for each in stock.coming if each[0] <= demand.day]
        stock.arrive(demand.day)
        handed.append(stock.give(demand, choose))
    return handed, came


@dataclass(frozen=True, slots=True)
class StockOut:
    """In how many of so many simulated sites somebody found no kit, and how many kits were sent and used."""

    sites: int
    short: int
    shipped: float  # kits a site, on average
    used: float

    @property
    def upper(self) -> float:
        """The upper limit of the 95 % interval of the proportion (Wilson, J Am Stat Assoc 1927;22:209-212)."""
        z, p, n = 1.959964, self.short / self.sites, self.sites
        return (p + z * z / (2 * n) + z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n)


def stock_outs(
    plan: Kits, ratio: Mapping[str, int], *, participants: int, per_week: float, visits: Mapping[int, int], sites: int,
    seed: int,
) -> StockOut:  # fmt: skip
    """How often a site runs out of the kits of an arm under a plan, in simulated sites."""
    counts: Counter[str] = Counter()
    for number in range(sites):
        nature = Random(f"{seed}/{number}")  # noqa: S311 - a simulation, nothing is secret
        asked = demands(ratio, participants, per_week, visits, nature)
        handed, came = supplied(plan, ratio, asked, seeded(f"{seed}/{number}".encode(), "supply"))
        counts["short"] += any(not each.kit for each in handed)
        counts["shipped"] += len(came) * plan.pack
        counts["used"] += sum(bool(each.kit) for each in handed)
    return StockOut(sites, counts["short"], counts["shipped"] / sites, counts["used"] / sites)
