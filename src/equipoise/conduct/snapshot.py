"""What is known at a moment: every act so far, folded into one frozen value. It has no field for an arm.

`OpenedSnapshot` is another type, which only opening the list makes: a function says in its signature which it takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from equipoise.conduct.delegation import Grant
from equipoise.conduct.infusions import Infusion
from equipoise.conduct.kits import Kit
from equipoise.conduct.locks import FormKey as FormKey
from equipoise.conduct.locks import LockRequest
from equipoise.conduct.unmasking import Unmasking
from equipoise.items.item import Answer
from equipoise.protocol.names import LOG


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
    act: int  # the number of the act


@dataclass(frozen=True, slots=True)
class Draft:
    """What one person has typed on a form and not saved: item → text and missing code; when, and after which act."""

    texts: Mapping[str, tuple[str, str]]
    at: datetime
    after: int  # the act before the draft began: what was saved later, its writer may not have seen


class Deviation(NamedTuple):
    """Something that was not as the protocol says, by visit and category; on a form where there is one to name."""

    visit: str
    category: str
    text: str
    form: str = ""


@dataclass(frozen=True, slots=True)
class SafetyReport:
    """A report on a serious event that went out: which clock asked for it, when, and over which values."""

    clock: str
    sent: datetime
    values: str


@dataclass(frozen=True, slots=True)
class SeriousEvent:
    """A serious adverse event: since when the site knows, what went out, and when its row was changed since."""

    aware: datetime
    reports: tuple[SafetyReport, ...] = ()
    changes: tuple[datetime, ...] = ()
    downgraded: bool = False


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
    saved: Mapping[FormKey, int] = field(default_factory=dict)  # form → the last act that set a value of it
    in_error: Mapping[FormKey, Mapping[str, Answer]] = field(default_factory=dict)  # rows of logs that count no more
    drafts: Mapping[tuple[FormKey, str], Draft] = field(default_factory=dict)  # by form and person
    signatures: Mapping[FormKey, Signature] = field(default_factory=dict)
    frozen: frozenset[FormKey] = frozenset()  # forms on which nothing is entered; see `locks.CASEBOOK`
    doses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # visit → its bag, or the kits taken for it
    treatment_stopped: date | None = None
    stopped_because: str = ""
    ended: date | None = None
    how_ended: str = ""
    ended_because: str = ""
    queries: Mapping[str, Query] = field(default_factory=dict)
    deviations: tuple[Deviation, ...] = ()
    serious: Mapping[FormKey, SeriousEvent] = field(default_factory=dict)
    infusions: Mapping[str, Infusion] = field(default_factory=dict)  # by visit
    code_broken: int = 0
    envelope_doubted: int = 0
    last_sequence: int = 0

    def void(self, key: FormKey) -> bool:
        """Whether a form was signed and a value of it was set after that: the signature holds no more."""
        signature = self.signatures.get(key)
        return signature is not None and self.saved[key] > signature.act

    def held(self, visit: str) -> bool:
        """Whether a visit took place."""
        return visit in self.visits and self.visits[visit].status == "held"

    def bag(self, visit: str) -> str:
        """The bag that was released for a visit; "" where none was."""
        return next(iter(self.doses.get(visit, ())), "")

    def infusion(self, visit: str) -> Infusion:
        """What was recorded of the infusion of a visit."""
        return self.infusions.get(visit, Infusion())

    def answers(self, key: FormKey) -> Mapping[str, Answer]:
        """What is on a form, or was on the row that was entered in error."""
        return self.values.get(key) or self.in_error.get(key, {})

    def rows(self, form: str) -> list[FormKey]:
        """The rows of a log that stand, in order."""
        return sorted(key for key in self.values if key[:2] == (LOG, form))

    def rows_in_error(self, form: str) -> list[FormKey]:
        """The rows of a log that were entered in error, in order."""
        return sorted(key for key in self.in_error if key[1] == form)

    def next_row(self, form: str) -> int:
        """The number of the next row of a log; a row that was entered in error keeps its own."""
        taken = (row for _, _, row in (*self.rows(form), *self.rows_in_error(form)))
        return max(taken, default=0) + 1


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
    lock_request: LockRequest | None = None  # what waits for a second person, or waited until it expired
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
