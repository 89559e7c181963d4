"""What is known at a moment: every act so far, folded into one frozen value. It has no field for an arm.

`OpenedSnapshot` is another type, which only opening the list makes: a function says in its signature which it takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from equipoise.conduct.delegation import Grant
from equipoise.conduct.kits import Kit
from equipoise.conduct.unmasking import Unmasking
from equipoise.items.item import Answer

FormKey = tuple[str, str, int]  # visit, form, repeat


@dataclass(frozen=True, slots=True)
class VisitState:
    """What became of a planned visit."""

    status: str  # "held" | "missed"
    on: date | None
    mode: str
    because: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Query:
    """A question about a value and how far it has got."""

    id: str
    key: FormKey
    item: str
    check: str
    text: str
    status: str  # "open" | "answered" | "closed"
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a form, when, and over which values."""

    by: str
    role: str
    at: datetime
    meaning: str
    values: str  # digest of the values signed


@dataclass(frozen=True, slots=True)
class Draft:
    """What one person has typed on a form and not saved: item → text and missing code; when, and after which act."""

    texts: Mapping[str, tuple[str, str]]
    at: datetime
    after: int  # the act before the draft began: what was saved later, its writer may not have seen


@dataclass(frozen=True, slots=True)
class Subject:
    """One participant, as far as is known."""

    code: str
    site: str
    screened: datetime
    consent: date | None = None
    consent_document: str = ""
    criteria: Mapping[str, str] = field(default_factory=dict)
    eligible: date | None = None
    screen_failure: tuple[str, ...] = ()
    stratum: str = ""
    slot: str = ""
    randomised: date | None = None
    stratum_corrected: str = ""  # by the factors as corrected since; the slot was given in `stratum`
    randomised_in_error: str = ""  # why, coded
    visits: Mapping[str, VisitState] = field(default_factory=dict)
    values: Mapping[FormKey, Mapping[str, Answer]] = field(default_factory=dict)
    drafts: Mapping[tuple[FormKey, str], Draft] = field(default_factory=dict)  # by form and person
    signatures: Mapping[FormKey, Signature] = field(default_factory=dict)
    doses: Mapping[str, str] = field(default_factory=dict)  # visit → bag or kit
    treatment_stopped: date | None = None
    stopped_because: str = ""
    ended: date | None = None
    how_ended: str = ""
    ended_because: str = ""
    queries: Mapping[str, Query] = field(default_factory=dict)
    deviations: tuple[tuple[str, str, str], ...] = ()  # visit, category, text
    code_broken: int = 0
    envelope_doubted: int = 0
    last_sequence: int = 0


@dataclass(frozen=True, slots=True)
class LookState:
    """How far a planned look at the data has got: who asked for it, where it was cut, what was recommended."""

    requested_by: str
    cut: int = 0  # the last act it sees; 0 until it is released
    released: int = 0  # the act that released it
    information: int = 0  # reached at the cut, over all arms
    recommendation: str = ""


@dataclass(frozen=True, slots=True)
class Recruitment:
    """How far recruitment has got: how many were randomised at each site, and where it was stopped ("" is all)."""

    randomised: Mapping[str, int] = field(default_factory=dict)
    stopped: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        """How many were randomised at all sites."""
        return sum(self.randomised.values())


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole trial at a moment, without arms."""

    study: str
    protocol: str  # digest
    simulated: bool
    subjects: Mapping[str, Subject]
    sites: tuple[str, ...] = ()
    locked: bool = False
    head: str = ""  # hash of the last act
    acts: int = 0
    looks: Mapping[str, LookState] = field(default_factory=dict)
    recruitment: Recruitment = field(default_factory=Recruitment)
    grants: tuple[Grant, ...] = ()
    supply: Mapping[str, bool] = field(default_factory=dict)  # site → whether it has what it needs
    unmaskings: Mapping[str, Unmasking] = field(default_factory=dict)  # the register, oldest first
    burned: frozenset[str] = frozenset()  # codes of participants the ledger lost; never given again
    kits: Mapping[str, Kit] = field(default_factory=dict)

    def name_of(self, person: str) -> str:
        """The name printed for a person: the one last given with a role, or the id of somebody who was given none."""
        return next((grant.name for grant in reversed(self.grants) if grant.person == person), person)


@dataclass(frozen=True, slots=True)
class OpenedSnapshot:
    """A snapshot with the arm of each randomised participant. `dummy` arms are invented and watermarked."""

    snapshot: Snapshot
    arms: Mapping[str, str]  # subject code → arm id
    dummy: bool
