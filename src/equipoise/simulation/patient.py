"""A virtual participant: what nature does, drawn from the scenario and never written anywhere but through answers.

The stream of random numbers belongs to the participant alone, so that adding one changes no other.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from equipoise.items import STATES, Answer, Item, Missing
from equipoise.simulation.scenario import Draw, Latent, Leaving, Level, Scenario

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Episode:
    """A spell of a latent event: from its first day to its last, counted from randomisation."""

    event: str
    first: float
    last: float
    severe: bool
    kinds: tuple[str, ...]

    def names(self) -> tuple[str, ...]:
        """What draws call it: by its kinds, as severe when it is, and by its name."""
        severe = (f"severe_{self.event}",) if self.severe else ()
        return (*(f"{self.event}_{kind}" for kind in self.kinds), *severe, self.event)


@dataclass(frozen=True, slots=True)
class Moment:
    """When a form is filled in: the date, the days since randomisation, what goes on and what began, and the bag."""

    on: date
    day: float
    going: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
    bag: str = ""


@dataclass(slots=True)
class Patient:
    """A virtual participant."""

    scenario: Scenario
    random: Random
    overrides: dict[str, str] = field(default_factory=dict)
    arm: str = ""
    episodes: tuple[Episode, ...] = ()
    centres: dict[str, float] = field(default_factory=dict)
    levels: dict[str, float] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    last_day: float = -1e9

    def learn_arm(self, arm: str, days: int) -> None:
        """From randomisation on, nature knows the arm: the episodes of the coming days are drawn."""
        self.arm = arm
        self.episodes = tuple(self._episodes(days))

    def _episodes(self, days: int) -> Iterator[Episode]:
        for name, latent in self.scenario.latent.items():
            day, rate = 0.0, latent.per_year.get(self.arm, 0.0)
            while rate > 0 and (day := day + self.random.expovariate(rate / DAYS_PER_YEAR)) < days:
                last = day + 7 * self.random.uniform(*latent.weeks)
                severe = self.random.random() < latent.severe
                yield Episode(name, day, last, severe, self._kinds(latent))
                day, rate = last, rate * latent.waning

    def _kinds(self, latent: Latent) -> tuple[str, ...]:
        """The forms an event takes; at least one, where there are any."""
        kinds = tuple(kind for kind, chance in latent.kinds.items() if self.random.random() < chance)
        return kinds or ((weighted(latent.kinds, self.random),) if latent.kinds else ())

    def day_of(self, leaving: Leaving | None) -> tuple[float, str]:
        """The day on which something of a rate happens, counted from randomisation, and why."""
        rate = leaving.per_year.get(self.arm, 0.0) if leaving else 0.0
        if leaving is None or rate <= 0:
            return math.inf, ""
        return self.random.expovariate(rate / DAYS_PER_YEAR), weighted(leaving.reasons, self.random)

    # --- Answers --------------------------------------------------------------------------------------------------

    def moment(self, on: date, day: float, bag: str = "") -> Moment:
        """A date, with the events going on and those that began since the visit before."""
        going = {name for e in self.episodes if e.first <= day <= e.last for name in e.names()}
        begun = {name for e in self.episodes if self.last_day < e.first <= day for name in e.names()}
        return Moment(on, day, frozenset(going), frozenset(begun), bag)

    def answer(self, item: Item, moment: Moment, before: Mapping[str, Answer], own: Draw | None = None) -> Answer:
        """The answer to an item, after those `before` it on the form; `own` replaces the scenario's draw."""
        if item.id in self.overrides:
            return typed(item, self.overrides[item.id])
        draw = own or self.scenario.items.get(item.id)
        if draw is None:
            return plausible(item, moment.on, self.random)
        return self._drawn(item, _now(draw, moment, before), moment)

    def _drawn(self, item: Item, draw: Draw, moment: Moment) -> Answer:
        if draw.missing and self.random.random() < draw.missing:
            return Missing("ND")
        if draw.bag:
            return moment.bag
        if draw.fixed is not None:
            return typed(item, draw.fixed)
        if draw.choose is not None:
            return typed(item, self._chosen(item, draw, draw.choose))
        if draw.days_before is not None:
            return moment.on - timedelta(days=self.random.randint(*draw.days_before))
        if draw.minutes is not None:
            return typed(item, str(self.random.randint(*draw.minutes)))
        if draw.level is not None:
            return _number(item, self._level(item.id, draw.level, moment))
        return _number(item, self._amount(item, draw, moment))

    def _lasting(self, item: Item, draw: Draw) -> bool:
        """Whether a draw is the item's own, which stays with the participant, not one that replaces it for a time."""
        return self.scenario.items.get(item.id) is draw

    def _chosen(self, item: Item, draw: Draw, shares: Mapping[str, float]) -> str:
        """A choice that stays with the participant, unless `noise` says how often it is made anew."""
        if not self._lasting(item, draw):
            return weighted(shares, self.random)
        if item.id not in self.chosen or self.random.random() < draw.noise:
            self.chosen[item.id] = weighted(shares, self.random)
        return self.chosen[item.id]

    def _amount(self, item: Item, draw: Draw, moment: Moment) -> float:
        name, lasting = draw.centre or item.id, self._lasting(item, draw)
        if lasting and name not in self.centres:
            self.centres[name] = self._centre(draw)
        centre = self.centres[name] if lasting else self._centre(draw)
        amount = centre + self.random.gauss(0, draw.noise) if draw.noise else centre
        amount += sum(by for event, by in draw.shift.items() if event in moment.going)
        amount += draw.drift_per_week.get(self.arm, 0.0) * max(moment.day, 0.0) / 7
        low, high = draw.within or (-math.inf, math.inf)
        return min(max(amount, low), high)

    def _centre(self, draw: Draw) -> float:
        if draw.lognormal is not None:
            median, spread = draw.lognormal
            return median * math.exp(self.random.gauss(0, spread))
        mean, deviation = draw.normal or (0.0, 0.0)
        low, high = draw.within or (-math.inf, math.inf)
        return min(max(self.random.gauss(mean, deviation), low), high)

    def _level(self, name: str, level: Level, moment: Moment) -> float:
        if name not in self.levels:
            self.levels[name] = float(weighted(level.start, self.random))
            return self.levels[name]
        rise = max((by for event, by in level.rise.items() if event in moment.begun), default=0.0)
        weeks = max(moment.day - max(self.last_day, 0.0), 0.0) / 7
        tapered = (
            level.taper > 0 and self.levels[name] > level.least and self.random.random() < weeks / level.every_weeks
        )
        change = rise or (-level.taper if tapered else 0.0)
        floor = min(level.least, self.levels[name])
        self.levels[name] = min(max(self.levels[name] + change, floor), level.most)
        return self.levels[name]


def weighted(shares: Mapping[str, float], random: Random) -> str:
    """One of the names, in proportion to its share."""
    return random.choices(list(shares), list(shares.values()))[0]


def _now(draw: Draw, moment: Moment, before: Mapping[str, Answer]) -> Draw:
    """The draw that holds at this moment."""
    if draw.by:
        return draw.each.get(str(before.get(draw.by)), Draw())
    for name, other in draw.onset.items():
        if name in moment.begun:
            return other
    for name, other in draw.during.items():
        if name in moment.going:
            return other
    return draw


def _number(item: Item, amount: float) -> Answer:
    places = 0 if item.type == "integer" else item.places or 0
    number = Decimal(repr(round(amount, places))).quantize(Decimal(1).scaleb(-places))
    number = min(
        max(number, item.low if item.low is not None else number), item.high if item.high is not None else number
    )
    return int(number) if item.type == "integer" else number


def typed(item: Item, text: str) -> Answer:
    """The answer a scenario writes as text; dates stay as they were written."""
    match item.type:
        case "integer":
            return int(text)
        case "decimal":
            return Decimal(text)
        case "yes_no":
            return text == "yes"
    return text


def plausible(item: Item, on: date, random: Random) -> Answer:
    """An answer to an item the scenario says nothing of: nothing wrong, nothing special."""
    match item.type:
        case "yes_no":
            return False
        case "state":
            return STATES[1]
        case "choice":
            return item.codes[0]
        case "date" | "partial_date":
            return on
        case "text":
            return "—"
        case "link":
            return None
    low, high = _usual(item)
    return _number(item, random.triangular(low, high, (low + high) / 2))


def _usual(item: Item) -> tuple[float, float]:
    low = item.expected_low if item.expected_low is not None else item.low
    high = item.expected_high if item.expected_high is not None else item.high
    return float(low if low is not None else 0), float(high if high is not None else 10)
