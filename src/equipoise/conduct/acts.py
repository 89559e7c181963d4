"""The acts: everything people do in a trial, one frozen type each. The ledger holds nothing else.

An act says *what* was done. Who did it, when, in which role, why and under which protocol is its envelope
(`Recorded`). Values are written as text, exactly as the protocol's items write them; `None` is no answer, and
`{"missing": "ND"}` an answer declared missing.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, StringConstraints

from equipoise.conduct.act import Act as Act
from equipoise.conduct.act import Name as Name
from equipoise.conduct.act import SubjectAct as SubjectAct
from equipoise.conduct.act import SubjectCode as SubjectCode
from equipoise.conduct.infusion_acts import INFUSION_ACTS
from equipoise.conduct.infusion_acts import BagChecked as BagChecked
from equipoise.conduct.infusion_acts import InfusionStepped as InfusionStepped
from equipoise.conduct.infusion_acts import ReactionSeen as ReactionSeen
from equipoise.conduct.infusion_acts import VitalSignsTaken as VitalSignsTaken
from equipoise.conduct.kit_acts import KIT_ACTS
from equipoise.conduct.kit_acts import KitDispensed as KitDispensed
from equipoise.conduct.kit_acts import KitMisallocated as KitMisallocated
from equipoise.conduct.kit_acts import KitReplaced as KitReplaced
from equipoise.conduct.kit_acts import KitReturned as KitReturned
from equipoise.conduct.lock_acts import LOCK_ACTS
from equipoise.conduct.lock_acts import EntryFrozen as EntryFrozen
from equipoise.conduct.lock_acts import EntryUnfrozen as EntryUnfrozen
from equipoise.conduct.lock_acts import LockDeclined as LockDeclined
from equipoise.conduct.lock_acts import LockRequested as LockRequested
from equipoise.conduct.lock_acts import StudyLocked as StudyLocked
from equipoise.conduct.lock_acts import StudyUnlocked as StudyUnlocked
from equipoise.conduct.serious_acts import SERIOUS_ACTS
from equipoise.conduct.serious_acts import SafetyReportSent as SafetyReportSent
from equipoise.conduct.serious_acts import SeriousEventDowngraded as SeriousEventDowngraded
from equipoise.conduct.serious_acts import SeriousEventKnown as SeriousEventKnown

PersonId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Typed = Annotated[str, StringConstraints(max_length=10_000)]  # as typed, before anybody reads it
Written = str | dict[Literal["missing"], str] | None


# --- The study and its sites --------------------------------------------------------------------------------------


class StudyOpened(Act):
    """The study begins under a protocol; `simulated` marks every page and file made from it."""

    protocol: str
    protocol_version: str
    simulated: bool


class SiteActivated(Act):
    """A site may screen participants."""

    site: str


class ListLoaded(Act):
    """The sealed list is on the web host and is the one that was published. Its commitment does not stand here: it
    depends on the arms."""

    sealing: str
    slots: int


class SecondLocksLoaded(Act):
    """The second locks are in the allocator and are those that were published. `restored` participants, of whose slots
    its store knew nothing, have theirs again."""

    slots: int
    strata: int
    restored: int


class ListReplaced(Act):
    """One half of the list was replaced by a newer one of the same slots, for a reason: wrapped for other keys, or
    sealed again after a suspected theft. Every label keeps its participant, and the published commitment stands."""

    part: Literal["list", "second_locks"]
    sealing: str
    slots: int


class Reconciled(Act):
    """The ledger was compared with the allocator after a restore. Slots given to participants whom the ledger lost are
    burned: neither the slot nor the code is given again."""

    burned: dict[SubjectCode, str]  # the lost code → the label of its slot


class RecruitmentStopped(Act):
    """Nobody more is randomised, at a site or (with no site) anywhere, for a reason."""

    site: str = ""


class RecruitmentResumed(Act):
    """Participants may be randomised again, at a site or (with no site) in the study, for a reason."""

    site: str = ""


class SupplyDeclared(Act):
    """A site has, or has not, what it needs to treat everybody, whatever the arm. For all products at once."""

    site: str
    enough: bool


class ListOpened(Act):
    """The allocation list was opened and agrees with its public commitment. The arms are not in the ledger."""

    commitment: str
    slots: int


# --- Who may do what: the delegation log -----------------------------------------------------------------------------


class RoleGranted(Act):
    """A person was given a role, at a site or (with no site) for the whole study, from a day and perhaps until one.

    `person` is the stable id under which that person acts; `name` is printed beside their signatures.
    """

    person: PersonId
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    role: Name
    site: str = ""
    start: date
    end: date | None = None


class RoleAccepted(Act):
    """A person took up a role they had been given: they signed their line of the delegation log."""

    person: PersonId
    role: Name
    site: str = ""


class RoleEnded(Act):
    """A person no longer has a role, for a reason."""

    person: PersonId
    role: Name
    site: str = ""


# --- Looks of the data monitoring committee ------------------------------------------------------------------------


class LookRequested(Act):
    """The committee asked for a planned look at the data."""

    look: Name


class LookReleased(Act):
    """What opens the envelopes of those randomised by the cut went to one key. How many, never which arm.

    `cut` is the last act the look sees; `information` is what the boundary counts and had been reached there, over all
    arms, and 0 at a look that tests nothing. `fingerprint` is that of the recipient's public key.
    """

    look: Name
    cut: int
    information: int
    slots: int
    recipient: str
    fingerprint: str


Recommendation = Literal["continue", "modify", "stop_efficacy", "stop_futility", "stop_safety"]


class RecommendationSigned(Act):
    """The committee's chair signed what it recommends after a look. No reason stands with it."""

    look: Name
    recommendation: Recommendation


# --- The way in ---------------------------------------------------------------------------------------------------


class SubjectScreened(SubjectAct):
    """A person was given a code at a site. Nothing that identifies the person is in the ledger."""

    site: str


class Consented(SubjectAct):
    """Consent was given on a version of the information, in a language."""

    document: str
    language: Literal["en", "zh"]
    on: date


class EligibilityConfirmed(SubjectAct):
    """An investigator confirmed eligibility, seeing each criterion's state."""

    criteria: dict[str, Literal["met", "not_met", "unknown"]]


class ScreenFailed(SubjectAct):
    """The participant does not enter, for coded reasons (ids of criteria, or `consent_withdrawn`, `other`)."""

    reasons: tuple[str, ...]
    on: date


class Randomised(SubjectAct):
    """A slot of the sealed list was assigned. The label is random and says nothing about the arm."""

    stratum: str
    slot: str
    on: date


class StratumCorrected(SubjectAct):
    """A factor was corrected after randomisation. The allocation stands, and both strata are kept."""

    given: str
    corrected: str


class RandomisedInError(SubjectAct):
    """The participant should not have been randomised. The slot is spent, and the participant stays in the flow."""

    because: Literal["not_eligible", "no_consent", "wrong_participant", "randomised_twice", "other"]


# --- Visits, values, doses -----------------------------------------------------------------------------------------


class VisitHeld(SubjectAct):
    """A visit took place, at the site, remotely or at home."""

    visit: Name
    on: date
    mode: Literal["site", "remote", "home"] = "site"
    because: str = ""


class VisitMissed(SubjectAct):
    """A visit did not take place, for a coded reason."""

    visit: Name
    because: str


class FormSaved(SubjectAct):
    """What a person entered: item → [old, new]. The only way a value comes into being or changes."""

    visit: Name
    form: Name
    repeat: int = 1
    changes: dict[Name, tuple[Written, Written]]


class FormDrafted(SubjectAct):
    """What a person has typed on a form and not saved yet: item → text and missing code as typed. It is no value; its
    writer's next save of the form ends it."""

    visit: Name
    form: Name
    repeat: int = 1
    texts: dict[Name, tuple[Typed, Typed]]


class DraftDiscarded(SubjectAct):
    """A person let go of what they had typed on a form and not saved."""

    visit: Name
    form: Name
    repeat: int = 1


class RowInError(SubjectAct):
    """A row of a log was entered in error, for a reason. It keeps its number and its trail, and counts no more."""

    form: Name
    repeat: int


class FormSigned(SubjectAct):
    """A person signed a form, bound to the digest of its values as signed."""

    visit: Name
    form: Name
    repeat: int = 1
    meaning: str
    values: str


class DoseReleased(SubjectAct):
    """The pharmacy handed over what was prepared for a visit, under a random identifier. The same for every arm.

    `quantity` is what the protocol says is handed over, such as `250 mL`; "" where it says nothing.
    """

    visit: Name
    bag: str
    quantity: str = ""


class EnvelopeDoubted(SubjectAct):
    """A participant's envelope did not open as it was sealed: it was altered, or another stands in its place."""

    visit: Name


class TreatmentStopped(SubjectAct):
    """The participant takes no more trial treatment; follow-up goes on."""

    on: date
    because: str


class ParticipationEnded(SubjectAct):
    """The participant completed the trial or left it."""

    on: date
    how: Literal["completed", "withdrew", "lost", "died", "other"]
    because: str = ""


# --- Questions, deviations, emergencies ------------------------------------------------------------------------------


class QueryRaised(SubjectAct):
    """A question about a value, by a person or by an edit check."""

    query: str
    visit: Name
    form: Name
    repeat: int = 1
    item: Name
    check: str
    text: str


class QueryAnswered(SubjectAct):
    """An answer to a query."""

    query: str
    text: str


class QueryClosed(SubjectAct):
    """A query was settled."""

    query: str


class DeviationRecorded(SubjectAct):
    """Something was not as the protocol says: at a visit, or at none (`log`), and on a form where there is one."""

    visit: Name
    category: str
    text: str
    form: Name | Literal[""] = ""


class CodeBroken(SubjectAct):
    """An arm was released to one person in an emergency. The fact, never the arm. The reason stands with the act."""

    why: Literal["life_threatening", "serious_event", "overdose", "pregnancy", "surgery", "other"]
    adverse_event: bool = False
    told: str = ""  # who is told of the arm besides the one who asked, as entered
    confirmed: bool = False  # although several codes were broken lately; somebody unmasked is told


class UnmaskingReported(Act):
    """Somebody learnt an arm, or may have, otherwise than by a code break here; of one participant, or at large.

    `happened`: the moment, where it is known; `on` is its day at the site.
    `withheld`: the text has a word that could tell an arm, or is of somebody unmasked; masked readers do not get it.
    """

    subject: SubjectCode | Literal[""] = ""
    site: str = ""
    how: Literal["suspected", "accidental", "by_telephone"]
    whom: Literal["participant", "investigator", "assessor", "site_staff", "sponsor_staff", "other"]
    on: date
    happened: AwareDatetime | None = None
    text: str = ""
    withheld: bool = False


Impact = Literal["none", "possible", "certain"]


class UnmaskingAssessed(Act):
    """What an unmasking means for the data, the participant and the others, and what is done about it."""

    report: str  # the key of the act that is assessed: a report, or a code break
    data: Impact
    participant: Impact
    others: Impact
    measures: str
    withheld: bool = False


ACTS: dict[str, type[Act]] = {
    kind.__name__: kind
    for kind in (
        StudyOpened, SiteActivated, ListLoaded, SecondLocksLoaded, ListReplaced, Reconciled,
        RecruitmentStopped, RecruitmentResumed, SupplyDeclared,
        ListOpened,
        RoleGranted, RoleAccepted, RoleEnded,
        LookRequested, LookReleased, RecommendationSigned,
        SubjectScreened, Consented, EligibilityConfirmed, ScreenFailed, Randomised,
        StratumCorrected, RandomisedInError,
        VisitHeld, VisitMissed, FormSaved, FormDrafted, DraftDiscarded, RowInError, FormSigned,
        DoseReleased, EnvelopeDoubted, TreatmentStopped, ParticipationEnded,
        QueryRaised, QueryAnswered, QueryClosed, DeviationRecorded,
        CodeBroken, UnmaskingReported, UnmaskingAssessed,
        *LOCK_ACTS, *KIT_ACTS, *SERIOUS_ACTS, *INFUSION_ACTS,
    )
}  # fmt: skip


def read_act(kind: str, body: dict[str, Any]) -> Act:
    """The act of a stored kind and body. Raises KeyError for an unknown kind, ValidationError for a wrong body."""
    return ACTS[kind].model_validate(body)


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts, in which role, at which site (`""` for those who work for the whole study)."""

    id: str
    role: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An act with its envelope, as it stands in the ledger."""

    study: str
    sequence: int
    id: str
    at: datetime
    by: Person
    reason: str
    protocol: str
    act: Act
    previous: str
    hash: str
