"""The opened trial made ready for analysis: its participants by code, each with a history that is computed once."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from equipoise.analysis.assessments import forms_of
from equipoise.conduct.encounters import encounters
from equipoise.conduct.environment import History, known
from equipoise.conduct.snapshot import OpenedSnapshot, Snapshot, Subject
from equipoise.items import Answer, Value
from equipoise.protocol.names import names_of
from equipoise.protocol.schedule import Encounter, Visit
from equipoise.protocol.schema import Protocol

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, eq=False)
class Participant:
    """A person who was screened, with the arm they were allocated to ("" for those who were not randomised)."""

    subject: Subject
    arm: str
    history: History

    @property
    def code(self) -> str:
        """The participant's code."""
        return self.subject.code

    def value(self, name: str, visit: str) -> Value | None:
        """What is known of an item or derivation at a visit; None where it is missing or was not asked."""
        return known_value(self.history.at(visit).get(name))

    def held(self, visit: str) -> date | None:
        """The date of a visit that took place."""
        state = self.subject.visits.get(visit)
        return state.on if state is not None and state.status == "held" else None

    def day(self, on: date) -> int:
        """Days from randomisation to a date. Raises ValueError for somebody who was not randomised."""
        if self.subject.randomised is None:
            raise ValueError(f"{self.code} was not randomised")
        return (on - self.subject.randomised).days


@dataclass(frozen=True, slots=True)
class Contact:
    """A visit that took place: when, and whether it came after the baseline visit."""

    visit: Encounter
    on: date
    after: bool


@dataclass(frozen=True, eq=False)
class Cohort:
    """Everybody who was screened, with the protocol they were treated under."""

    protocol: Protocol
    snapshot: Snapshot
    dummy: bool
    everybody: tuple[Participant, ...]
    _remembered: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def once(self, asked: Hashable, work: Callable[[], Found]) -> Found:
        """What `work` finds, found once however many analyses ask for it: nothing in a cohort ever changes."""
        if asked not in self._remembered:
            self._remembered[asked] = work()
        found: Found = self._remembered[asked]
        return found

    @cached_property
    def randomised(self) -> tuple[Participant, ...]:
        """Those who were randomised."""
        return tuple(one for one in self.everybody if one.subject.randomised is not None)

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """The arms in the order of the protocol."""
        return tuple(arm.id for arm in self.protocol.arms)

    @cached_property
    def by_code(self) -> Mapping[str, Participant]:
        """The participants by their code."""
        return {one.code: one for one in self.everybody}

    @cached_property
    def after_baseline(self) -> tuple[Visit, ...]:
        """The planned visits after the baseline visit."""
        return self.protocol.visits[self._baseline + 1 :]

    @cached_property
    def to_baseline(self) -> tuple[Visit, ...]:
        """The planned visits up to and with the baseline visit."""
        return self.protocol.visits[: self._baseline + 1]

    @cached_property
    def _baseline(self) -> int:
        return [visit.id for visit in self.protocol.visits].index(self.protocol.schedule.baseline)

    def through(self, visit: str) -> tuple[Visit, ...]:
        """The visits after baseline up to and with this one."""
        last = self.protocol.visit_by_id[visit].week
        return tuple(planned for planned in self.after_baseline if planned.week <= last)

    def took_place(self, one: Participant) -> tuple[Contact, ...]:
        """The visits of a participant that took place, planned or not, in order."""
        return self.once((Cohort.took_place, one.code), lambda: tuple(self._took_place(one)))

    def _took_place(self, one: Participant) -> Iterator[Contact]:
        order = encounters(self.protocol, one.subject)
        baseline = order.index(self.to_baseline[-1])
        for place, visit in enumerate(order):
            if (on := one.held(visit.id)) is not None:
                yield Contact(visit, on, place > baseline)

    def in_arm(self, arm: str) -> tuple[Participant, ...]:
        """Those randomised to an arm."""
        return tuple(one for one in self.randomised if one.arm == arm)


def cohort(opened: OpenedSnapshot, protocol: Protocol) -> Cohort:
    """The cohort of an opened trial. Raises ValueError where the arms do not cover exactly those randomised."""
    subjects = sorted(opened.snapshot.subjects.values(), key=lambda subject: subject.code)
    randomised = {subject.code for subject in subjects if subject.randomised is not None}
    if randomised != set(opened.arms):
        raise ValueError(f"arms and randomised participants differ: {sorted(randomised ^ set(opened.arms))[:5]}")
    if strange := set(opened.arms.values()) - set(protocol.arm_by_id):
        raise ValueError(f"the protocol has no arm {sorted(strange)}")
    return Cohort(
        protocol=protocol,
        snapshot=opened.snapshot,
        dummy=opened.dummy,
        everybody=tuple(Participant(s, opened.arms.get(s.code, ""), History(protocol, s)) for s in subjects),
    )


def known_value(answer: Answer) -> Value | None:
    """The value of an answer, or None where it is missing."""
    return answer if known(answer) else None


def number(value: object) -> float | None:
    """A value as a number for statistics: truth values as 0 and 1; None for what is not a number."""
    return float(value) if isinstance(value, bool | int | float | Decimal) else None


def baseline_value(one: Participant, name: str, protocol: Protocol) -> Value | None:
    """The value at the baseline visit; where nothing it needs is due there, the last known before it."""
    if name == "site":
        return one.subject.site
    baseline = protocol.schedule.baseline
    found = one.value(name, baseline)
    if found is not None or _due(name, baseline, protocol):
        return found
    return one.value(f"previous.{name}", baseline)


def _due(name: str, visit: str, protocol: Protocol) -> bool:
    return bool(forms_of(name, protocol) & set(names_of(protocol).visits[visit].forms))
