"""A registry record once it is understood: every value with the words it was read from and their place."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from equipoise.drafting.criteria.entries import Entry
from equipoise.drafting.reading.ages import Age
from equipoise.drafting.reading.dose import AmountGiven
from equipoise.drafting.reading.regimen import Regimen
from equipoise.items.problem import Problem

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A value that was read, the words it was read from, and where they stand."""

    value: T
    quote: str
    where: str


@dataclass(frozen=True, slots=True)
class ArmRead:
    """One arm; `type` is "" where the record gives none that a protocol knows."""

    label: Read[str]
    type: str
    description: Read[str] | None
    interventions: tuple[str, ...]
    dose: Read[AmountGiven] | None
    regimen: Read[Regimen] | None
    route: Read[str] | None


@dataclass(frozen=True, slots=True)
class OutcomeRead:
    """One outcome, what kind of measure its words say it is, and the week its time frame ends ("" and None: unsaid)."""

    tier: str
    measure: Read[str]
    kind: str
    time_frame: str
    week: int | None


@dataclass(frozen=True, slots=True)
class PlaceRead:
    """A facility and its country."""

    facility: Read[str]
    country: str


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that could be read. `None`, or an empty tuple, is what the record does not tell or what is not clear.

    `todos` says of each of these why, and what a person has to do about it.
    """

    name: str
    title: Read[str] | None
    official_title: Read[str] | None
    acronym: Read[str] | None
    registration: Read[str] | None
    sponsor: Read[str] | None
    investigators: tuple[Read[str], ...]
    contact: Read[str] | None
    status: Read[str] | None
    phase: Read[str] | None
    conditions: tuple[Read[str], ...]
    keywords: tuple[Read[str], ...]
    interventions: tuple[Read[str], ...]
    summary: Read[str] | None
    start: Read[str] | None
    enrolment: Read[int] | None
    sex: Read[str] | None
    minimum_age: Read[Age] | None
    maximum_age: Read[Age] | None
    purpose: Read[str] | None
    allocation: Read[str] | None
    model: Read[str] | None
    masking: Read[tuple[str, ...]] | None
    ratio: Read[tuple[int, ...]] | None
    procedure: Read[str] | None
    arms: tuple[ArmRead, ...]
    outcomes: tuple[OutcomeRead, ...]
    inclusion: tuple[Entry, ...]
    exclusion: tuple[Entry, ...]
    places: tuple[PlaceRead, ...]
    countries: tuple[Read[str], ...]
    todos: tuple[Problem, ...]
