"""Acts become a Snapshot: the same fold for the live ledger, its replay and a simulated trial."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Recorded, SubjectAct
from equipoise.conduct.delegation import Delegation, Grant, after
from equipoise.conduct.kits import Kit
from equipoise.conduct.kits import after as kits_after
from equipoise.conduct.snapshot import Draft, LookState, Query, Recruitment, Signature, Snapshot, Subject, VisitState
from equipoise.conduct.unmasking import Unmasking, registered
from equipoise.items import Answer, ItemType, parse
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
            case a.StudyLocked() | a.StudyUnlocked():
                self.locked = isinstance(act, a.StudyLocked)
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
    key = (act.visit, act.form, act.repeat)
    new: dict[str, Answer] = {i: parse(types[act.form, i], written) for i, (_, written) in act.changes.items()}
    values = {**subject.values, key: {**subject.values.get(key, {}), **new}}
    return {"values": values, **_undrafted(subject, act, recorded, types)}


def _drafted(subject: Subject, act: Any, recorded: Recorded, _: Types) -> Change:
    place = ((act.visit, act.form, act.repeat), recorded.by.id)
    before = subject.drafts.get(place)
    texts = {**(before.texts if before else {}), **act.texts}
    draft = Draft(texts, recorded.at, before.after if before else recorded.sequence - 1)
    return {"drafts": {**subject.drafts, place: draft}}


def _undrafted(subject: Subject, act: Any, recorded: Recorded, _: Types) -> Change:
    place = ((act.visit, act.form, act.repeat), recorded.by.id)
    return {"drafts": {at: draft for at, draft in subject.drafts.items() if at != place}} if subject.drafts else {}


def _held(subject: Subject, act: Any, recorded: Recorded, _: Types) -> Change:
    state = VisitState("held", act.on, act.mode, act.because, recorded.sequence)
    return {"visits": {**subject.visits, act.visit: state}}


def _missed(subject: Subject, act: Any, recorded: Recorded, _: Types) -> Change:
    state = VisitState("missed", None, "", act.because, recorded.sequence)
    return {"visits": {**subject.visits, act.visit: state}}


def _signed(subject: Subject, act: Any, recorded: Recorded, _: Types) -> Change:
    signature = Signature(recorded.by.id, recorded.by.role, recorded.at, act.meaning, act.values)
    return {"signatures": {**subject.signatures, (act.visit, act.form, act.repeat): signature}}


def _raised(subject: Subject, act: Any, _: Recorded, __: Types) -> Change:
    query = Query(act.query, (act.visit, act.form, act.repeat), act.item, act.check, act.text, "open")
    return {"queries": {**subject.queries, act.query: query}}


def _answered(subject: Subject, act: Any, _: Recorded, __: Types) -> Change:
    query = subject.queries[act.query]
    answered = replace(query, status="answered", answers=(*query.answers, act.text))
    return {"queries": {**subject.queries, act.query: answered}}


def _closed(subject: Subject, act: Any, _: Recorded, __: Types) -> Change:
    return {"queries": {**subject.queries, act.query: replace(subject.queries[act.query], status="closed")}}


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
    a.FormSigned: _signed,
    a.DoseReleased: lambda s, act, r, t: {"doses": {**s.doses, act.visit: act.bag}},
    a.EnvelopeDoubted: lambda s, act, r, t: {"envelope_doubted": s.envelope_doubted + 1},
    a.KitDispensed: lambda s, act, r, t: {"doses": {**s.doses, act.visit: act.kit}},
    a.KitReplaced: lambda s, act, r, t: {"doses": {**s.doses, act.visit: act.kit}},
    a.KitReturned: lambda s, act, r, t: {},
    a.TreatmentStopped: lambda s, act, r, t: {"treatment_stopped": act.on, "stopped_because": act.because},
    a.ParticipationEnded: lambda s, act, r, t: {"ended": act.on, "how_ended": act.how, "ended_because": act.because},
    a.QueryRaised: _raised,
    a.QueryAnswered: _answered,
    a.QueryClosed: _closed,
    a.DeviationRecorded: lambda s, act, r, t: {"deviations": (*s.deviations, (act.visit, act.category, act.text))},
    a.CodeBroken: lambda s, act, r, t: {"code_broken": s.code_broken + 1},
}
