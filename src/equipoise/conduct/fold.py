"""Acts become a Snapshot: the same fold for the live ledger, its replay and a simulated trial."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from sys import intern
from typing import Any

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Recorded, SubjectAct
from equipoise.conduct.delegation import Delegation, Grant, after
from equipoise.conduct.infusions import infusion_after
from equipoise.conduct.kits import Kit
from equipoise.conduct.kits import after as kits_after
from equipoise.conduct.locks import LockRequest, form_key, frozen_after, request_after
from equipoise.conduct.snapshot import (
    Deviation,
    Draft,
    FormKey,
    LookState,
    Query,
    Recruitment,
    SafetyReport,
    SeriousEvent,
    Signature,
    Snapshot,
    Subject,
    VisitState,
)
from equipoise.conduct.unmasking import Unmasking, registered
from equipoise.items import Answer, ItemType, Written, parse
from equipoise.protocol.schema import Protocol


class Fold:
    """A trial in the making: acts go in one by one, a frozen Snapshot can be had at any time."""

    def __init__(self, study: str, protocol: Protocol) -> None:
        self.study = study
        self.types = {(form.id, item.id): item.type for form in protocol.forms for item in form.items}
        self.subjects: dict[str, Subject] = {}
        self.sites: tuple[str, ...] = ()
        self.protocol = ""
        self.simulated = False
        self.locked = False
        self.lock_request: LockRequest | None = None
        self.head = ""
        self.looks: dict[str, LookState] = {}
        self.recruitment = Recruitment()
        self.grants: tuple[Grant, ...] = ()
        self.supply: dict[str, bool] = {}
        self.unmaskings: dict[str, Unmasking] = {}
        self.burned: frozenset[str] = frozenset()
        self.kits: dict[str, Kit] = {}
        self.sequence = 0

    def add(self, recorded: Recorded) -> None:
        """Take in the next act."""
        act = recorded.act
        if isinstance(act, SubjectAct):
            before = self.subjects.get(act.subject) or _begin(recorded)
            self.subjects[act.subject] = self.subject_after(before, recorded)
            if isinstance(act, a.Randomised):
                self.recruitment = _one_more(self.recruitment, before.site)
            if isinstance(act, a.CodeBroken):
                self.unmaskings = registered(self.unmaskings, recorded)
        elif isinstance(act, Delegation):
            self.grants = after(self.grants, act, recorded)
        else:
            self._study_act(act, recorded)
        self.kits.update(kits_after(act, self.kits))
        self.sequence, self.head = recorded.sequence, recorded.hash

    def subject_after(self, subject: Subject, recorded: Recorded) -> Subject:
        """What is known of a subject once an act is recorded."""
        change = _CHANGES[type(recorded.act)](subject, recorded.act, recorded, self.types)
        return replace(subject, last_sequence=recorded.sequence, **change)

    def snapshot(self) -> Snapshot:
        """What is known now."""
        return Snapshot(
            study=self.study,
            protocol=self.protocol,
            simulated=self.simulated,
            subjects=dict(self.subjects),
            sites=self.sites,
            locked=self.locked,
            lock_request=self.lock_request,
            head=self.head,
            acts=self.sequence,
            looks=dict(self.looks),
            recruitment=self.recruitment,
            grants=self.grants,
            supply=dict(self.supply),
            unmaskings=dict(self.unmaskings),
            burned=self.burned,
            kits=dict(self.kits),
        )

    def _study_act(self, act: a.Act, recorded: Recorded) -> None:
        self._look_act(act, recorded)
        match act:
            case a.StudyOpened():
                self.protocol, self.simulated = act.protocol, act.simulated
            case a.SiteActivated():
                self.sites = (*self.sites, act.site)
            case a.LockRequested() | a.LockDeclined():
                self.lock_request = request_after(act, recorded)
            case a.StudyLocked() | a.StudyUnlocked():
                self.locked, self.lock_request = isinstance(act, a.StudyLocked), None
            case a.SupplyDeclared():
                self.supply[act.site] = act.enough
            case a.UnmaskingReported() | a.UnmaskingAssessed():
                self.unmaskings = registered(self.unmaskings, recorded)
            case a.Reconciled():
                self.burned |= act.burned.keys()
            case a.RecruitmentStopped():
                self.recruitment = replace(self.recruitment, stopped=self.recruitment.stopped | {act.site})
            case a.RecruitmentResumed():
                self.recruitment = replace(self.recruitment, stopped=self.recruitment.stopped - {act.site})

    def _look_act(self, act: a.Act, recorded: Recorded) -> None:
        match act:
            case a.LookRequested():
                self.looks[act.look] = LookState(recorded.by.id)
            case a.LookReleased():
                self.looks[act.look] = replace(
                    self.looks[act.look], cut=act.cut, released=recorded.sequence, information=act.information
                )
            case a.RecommendationSigned():
                self.looks[act.look] = replace(self.looks[act.look], recommendation=act.recommendation)


def fold(study: str, protocol: Protocol, acts: Iterable[Recorded]) -> Snapshot:
    """Every act so far as one Snapshot."""
    folding = Fold(study, protocol)
    for recorded in acts:
        folding.add(recorded)
    return folding.snapshot()


def _one_more(recruitment: Recruitment, site: str) -> Recruitment:
    counts = {**recruitment.randomised, site: recruitment.randomised.get(site, 0) + 1}
    return replace(recruitment, randomised=counts)


def _begin(recorded: Recorded) -> Subject:
    act = recorded.act
    if not isinstance(act, a.SubjectScreened):
        raise ValueError(f"act {recorded.sequence} ({act.kind}) concerns a subject who was never screened")
    return Subject(code=act.subject, site=act.site, screened=recorded.at)


Types = Mapping[tuple[str, str], ItemType]
Change = dict[str, Any]


def _values(subject: Subject, act: Any, recorded: Recorded, types: Types) -> Change:
    key = form_key(act)
    new = {intern(i): _answer(types[act.form, i], written) for i, (_, written) in act.changes.items()}
    values = {**subject.values, key: {**subject.values.get(key, {}), **new}}
    saved = {**subject.saved, key: recorded.sequence}
    changed = {"serious": _changed(subject, key, recorded)} if key in subject.serious else {}
    return {"values": values, "saved": saved, **changed, **_undrafted(subject, act, recorded, types)}


def _changed(subject: Subject, key: FormKey, recorded: Recorded) -> Mapping[FormKey, SeriousEvent]:
    """A serious event of which something is known that no report before has."""
    event = subject.serious[key]
    return {**subject.serious, key: replace(event, changes=(*event.changes, recorded.at))}


def _answer(item_type: ItemType, written: Written) -> Answer:
    """The answer that was written: one object for all that are alike, since a large trial has millions."""
    return _shared(item_type, written) if isinstance(written, str) else parse(item_type, written)


_shared = lru_cache(maxsize=1 << 16)(parse)


def _drafted(subject: Subject, act: Any, recorded: Recorded, _: Types) -> Change:
    place = (form_key(act), recorded.by.id)
    before = subject.drafts.get(place)
    texts = {**(before.texts if before else {}), **act.texts}
    draft = Draft(texts, recorded.at, before.after if before else recorded.sequence - 1)
    return {"drafts": {**subject.drafts, place: draft}}


def _undrafted(subject: Subject, act: Any, recorded: Recorded, _: Types) -> Change:
    place = (form_key(act), recorded.by.id)
    return {"drafts": {at: draft for at, draft in subject.drafts.items() if at != place}} if subject.drafts else {}


def _erred(subject: Subject, act: Any, recorded: Recorded, _: Types) -> Change:
    """The row leaves the values with what hangs on it: it is asked about no more, and its signature is of nothing."""
    key = form_key(act)
    queries = {id_: replace(q, status="closed") if q.key == key else q for id_, q in subject.queries.items()}
    return {
        "values": {at: values for at, values in subject.values.items() if at != key},
        "in_error": {**subject.in_error, key: subject.values.get(key, {})},
        "drafts": {at: draft for at, draft in subject.drafts.items() if at[0] != key},
        "signatures": {at: signature for at, signature in subject.signatures.items() if at != key},
        "queries": queries,
    }


def _held(subject: Subject, act: Any, recorded: Recorded, _: Types) -> Change:
    state = VisitState("held", act.on, act.mode, act.because, recorded.sequence)
    return {"visits": {**subject.visits, act.visit: state}}


def _missed(subject: Subject, act: Any, recorded: Recorded, _: Types) -> Change:
    state = VisitState("missed", None, "", act.because, recorded.sequence)
    return {"visits": {**subject.visits, act.visit: state}}


def _signed(subject: Subject, act: Any, recorded: Recorded, _: Types) -> Change:
    signature = Signature(recorded.by.id, recorded.by.role, recorded.at, act.meaning, act.values, recorded.sequence)
    return {"signatures": {**subject.signatures, form_key(act): signature}}


def _raised(subject: Subject, act: Any, _: Recorded, __: Types) -> Change:
    query = Query(act.query, form_key(act), act.item, act.check, act.text, "open")
    return {"queries": {**subject.queries, act.query: query}}


def _answered(subject: Subject, act: Any, _: Recorded, __: Types) -> Change:
    query = subject.queries[act.query]
    answered = replace(query, status="answered", answers=(*query.answers, act.text))
    return {"queries": {**subject.queries, act.query: answered}}


def _closed(subject: Subject, act: Any, _: Recorded, __: Types) -> Change:
    return {"queries": {**subject.queries, act.query: replace(subject.queries[act.query], status="closed")}}


def _serious(subject: Subject, act: Any, _: Recorded, __: Types) -> Change:
    """An event known to be serious. What was reported of it before stands, also where it was downgraded since."""
    key = form_key(act)
    before = subject.serious.get(key)
    event = replace(before, aware=act.aware, downgraded=False) if before else SeriousEvent(act.aware)
    return {"serious": {**subject.serious, key: event}}


def _reported(subject: Subject, act: Any, _: Recorded, __: Types) -> Change:
    key = form_key(act)
    reports = (*subject.serious[key].reports, SafetyReport(act.clock, act.sent, act.values))
    return {"serious": {**subject.serious, key: replace(subject.serious[key], reports=reports)}}


def _downgraded(subject: Subject, act: Any, _: Recorded, __: Types) -> Change:
    key = form_key(act)
    return {"serious": {**subject.serious, key: replace(subject.serious[key], downgraded=True)}}


def _infused(subject: Subject, act: Any, _: Recorded, __: Types) -> Change:
    return {"infusions": {**subject.infusions, act.visit: infusion_after(subject.infusion(act.visit), act)}}


def _taken(subject: Subject, visit: str, number: str, instead: str = "") -> Change:
    """A bag or kit more for a visit, or in the place of another."""
    kept = tuple(each for each in subject.doses.get(visit, ()) if each != instead)
    return {"doses": {**subject.doses, visit: (*kept, number)}}


# What each act changes; an act without a line here fails a test.
_CHANGES: dict[type[a.Act], Callable[[Subject, Any, Recorded, Types], Change]] = {
    a.SubjectScreened: lambda subject, act, recorded, types: {},
    a.Consented: lambda s, act, r, t: {"consent": act.on, "consent_document": act.document},
    a.EligibilityConfirmed: lambda s, act, r, t: {"criteria": act.criteria, "eligible": r.at.date()},
    a.ScreenFailed: lambda s, act, r, t: {"screen_failure": act.reasons},
    a.Randomised: lambda s, act, r, t: {"stratum": act.stratum, "slot": act.slot, "randomised": act.on},
    a.StratumCorrected: lambda s, act, r, t: {"stratum_corrected": "" if act.corrected == s.stratum else act.corrected},
    a.RandomisedInError: lambda s, act, r, t: {"randomised_in_error": act.because},
    a.VisitHeld: _held,
    a.VisitMissed: _missed,
    a.FormSaved: _values,
    a.FormDrafted: _drafted,
    a.DraftDiscarded: _undrafted,
    a.RowInError: _erred,
    a.FormSigned: _signed,
    a.DoseReleased: lambda s, act, r, t: _taken(s, act.visit, act.bag),
    a.EnvelopeDoubted: lambda s, act, r, t: {"envelope_doubted": s.envelope_doubted + 1},
    a.KitDispensed: lambda s, act, r, t: _taken(s, act.visit, act.kit),
    a.KitReplaced: lambda s, act, r, t: _taken(s, act.visit, act.kit, act.replaces),
    a.KitMisallocated: lambda s, act, r, t: _taken(s, act.visit, act.kit, act.assigned) if act.assigned else {},
    a.KitReturned: lambda s, act, r, t: {},
    a.EntryFrozen: lambda s, act, r, t: {"frozen": frozen_after(s.frozen, act)},
    a.EntryUnfrozen: lambda s, act, r, t: {"frozen": frozen_after(s.frozen, act)},
    a.TreatmentStopped: lambda s, act, r, t: {"treatment_stopped": act.on, "stopped_because": act.because},
    a.ParticipationEnded: lambda s, act, r, t: {"ended": act.on, "how_ended": act.how, "ended_because": act.because},
    a.QueryRaised: _raised,
    a.QueryAnswered: _answered,
    a.QueryClosed: _closed,
    a.DeviationRecorded: lambda s, act, r, t: {
        "deviations": (*s.deviations, Deviation(act.visit, act.category, act.text, act.form))
    },
    a.SeriousEventKnown: _serious,
    a.SafetyReportSent: _reported,
    a.SeriousEventDowngraded: _downgraded,
    a.BagChecked: _infused,
    a.InfusionStepped: _infused,
    a.VitalSignsTaken: _infused,
    a.ReactionSeen: _infused,
    a.CodeBroken: lambda s, act, r, t: {"code_broken": s.code_broken + 1},
}
