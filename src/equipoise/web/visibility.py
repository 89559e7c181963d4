"""What a person may see. Every page asks here and nowhere else; what is hidden looks as if it did not exist.

The protocol decides: the forms and items hidden from a role, whether it looks back at earlier visits, the results that
could tell the arm (`masking.items`), and to whom a derived value is shown. A derived value without such a list is shown
to those who may see everything it is computed from, so that a score never tells what an item keeps.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Person, Recorded, SubjectAct
from equipoise.conduct.checks import unanswered
from equipoise.conduct.environment import History
from equipoise.conduct.locks import form_key
from equipoise.conduct.snapshot import FormKey, Query, Subject
from equipoise.instruments import Instrument, get
from equipoise.protocol.names import LOG, names_in, names_of, once_for_each_protocol, rules_of
from equipoise.protocol.schema import Derivation, Form, FormItem, Protocol, Role


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person may see of one trial."""

    protocol: Protocol
    role: Role
    person: str
    site: str
    hidden_forms: frozenset[str]
    hidden_items: frozenset[str]
    hidden_names: frozenset[str]  # what no rule may tell: the above, and what is derived from it

    def subject(self, subject: Subject) -> bool:
        """Whether a participant is seen: all of them, or those of one's own site."""
        return "view" in self.role.may and (self.role.scope == "study" or subject.site == self.site)

    def form(self, form: str) -> bool:
        """Whether a form is seen."""
        return form in self.protocol.form_by_id and form not in self.hidden_forms

    def items(self, form: Form) -> tuple[FormItem, ...]:
        """The questions of a form that are seen; none of a hidden form."""
        return tuple(item for item in form.items if self.item(form.id, item.id))

    def item(self, form: str, item: str) -> bool:
        """Whether the answer to a question is seen."""
        return self.form(form) and item in self.protocol.form_by_id[form].item_by_id and item not in self.hidden_items

    def whole(self, form: Form) -> bool:
        """Whether every question of a form is seen; otherwise a digest of its answers would tell what is kept."""
        return len(self.items(form)) == len(form.items)

    def visit(self, subject: Subject, visit: str) -> bool:
        """Whether a visit's answers are seen; who does not look back sees the last one at which they fill in a form."""
        return self.role.looks_back or visit in self._latest(subject)

    def _latest(self, subject: Subject) -> set[str]:
        mine = {id_: held.on for id_, held in subject.visits.items() if held.on is not None and self._fills(id_)}
        return {id_ for id_, on in mine.items() if on == max(mine.values())}

    def _fills(self, visit: str) -> bool:
        found = self.protocol.encounter(visit)
        forms = (self.protocol.form_by_id[form] for form in (found.forms if found else ()))
        return any(self.role.id in form.filled_by for form in forms)

    def entered(self, subject: Subject, key: FormKey) -> bool:
        """Whether what was entered on a form is seen: that of a visit which is, and what waits for this role."""
        if not self.form(key[1]):
            return False
        here = key not in subject.values or key[0] == LOG or self.visit(subject, key[0])
        return here or self._waits(subject, key)

    def _waits(self, subject: Subject, key: FormKey) -> bool:
        """Whether a form asks this role for an answer: to a question of it, to a query, or for its signature."""
        form = self.protocol.form_by_id[key[1]]
        if form.signed_by == self.role.id and (key not in subject.signatures or subject.void(key)):
            return True
        if self.role.id not in form.filled_by:
            return False
        if any(query.status == "open" and query.key == key and self.query(query) for query in subject.queries.values()):
            return True
        behind = History(self.protocol, subject).at(key[0])
        missing = unanswered(self.protocol, form, subject.values[key], behind)
        return any(self.item(form.id, item) for item in missing)

    def derivation(self, derivation: Derivation) -> bool:
        """Whether a derived value is seen."""
        return derivation.id not in self.hidden_names

    def rule(self, *rules: str) -> bool:
        """Whether the outcome of rules tells nothing that is hidden."""
        return not any(_parts(rule) & self.hidden_names for rule in rules)

    @property
    def treatment(self) -> bool:
        """Whether the course of treatment is seen: doses, stops and what went otherwise than planned."""
        return self.form(self.protocol.treatment.form)

    @property
    def bedside(self) -> bool:
        """Whether it is seen what was found at the bedside: by who sees the treatment and adverse events."""
        return self.treatment and self.form(self.protocol.safety.adverse_events.form)

    @property
    def pharmacy(self) -> bool:
        """Whether the pharmacy's workspace is there."""
        return bool({"dispense", "account"} & set(self.role.may))

    @property
    def emergencies(self) -> bool:
        """Whether it is seen that a code was broken or an envelope doubted; the arm is not here to be seen."""
        return bool({"break_code", "audit"} & set(self.role.may))

    def draft_of(self, person: str) -> bool:
        """Whether what somebody typed and did not save is seen: one's own, and by those who audit."""
        return person == self.person or "audit" in self.role.may

    def query(self, query: Query) -> bool:
        """Whether a query is seen: its item is, and the check that raised it read nothing hidden."""
        _, form, _ = query.key
        if not self.item(form, query.item):
            return False
        checks = [check.expect for check in self.protocol.form_by_id[form].checks if check.id == query.check]
        when = self.protocol.form_by_id[form].item_by_id[query.item].when
        return self.rule(*checks, *([when] if when and query.check == "not_asked" else []))

    def queries(self, subject: Subject) -> Iterator[Query]:
        """The queries about a participant that are seen."""
        return (query for query in subject.queries.values() if self.asked(query, subject))

    def asked(self, query: Query, subject: Subject) -> bool:
        """Whether a query is seen about this participant: it is seen, and so is what was entered where it asks."""
        return self.query(query) and self.entered(subject, query.key)

    def act(self, recorded: Recorded, subject: Subject) -> Recorded | None:
        """An act about a participant as far as it is seen: whole, without what is hidden, or not at all."""
        act = recorded.act
        if not isinstance(act, SubjectAct) or not self.subject(subject):
            return None
        if isinstance(act, a.FormDrafted | a.DraftDiscarded) and not self.draft_of(recorded.by.id):
            return None
        shown = _of_act(self, act, subject)
        return None if shown is None else recorded if shown is act else replace(recorded, act=shown)

    def kind(self, kind: type[a.Act]) -> bool:
        """Whether acts of a kind are seen at all; of one that is, much may be hidden still."""
        return kind not in _SEEN_IF or _SEEN_IF[kind](self)

    def study_act(self, recorded: Recorded) -> bool:
        """Whether an act about no participant is seen in the trail: by who audits, and none that could tell an arm."""
        here = self.role.scope == "study" or recorded.by.site in ("", self.site)
        return "audit" in self.role.may and here and isinstance(recorded.act, STUDY_ACTS)


# Lists, supplies, looks and unmaskings have registers of their own, which say who reads what of them.
STUDY_ACTS: Final = (
    a.StudyOpened, a.SiteActivated, a.RecruitmentStopped, a.RecruitmentResumed, a.LockRequested, a.LockDeclined,
    a.StudyLocked, a.StudyUnlocked, a.RoleGranted, a.RoleAccepted, a.RoleEnded,
)  # fmt: skip


def sight(protocol: Protocol, person: Person) -> Sight:
    """What a person may see of a trial. Raises KeyError for a role the protocol does not have."""
    role = protocol.role_by_id[person.role]
    return Sight(protocol, role, person.id, person.site, frozenset(role.hidden_forms), *_hidden(protocol)[role.id])


@once_for_each_protocol
def _hidden(protocol: Protocol) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Of each role, the items that are hidden from it, and the names that could tell what is."""
    items = {role.id: _hidden_items(protocol, role) for role in protocol.roles}
    return {role.id: (items[role.id], _hidden_names(protocol, role, items[role.id])) for role in protocol.roles}


def _hidden_items(protocol: Protocol, role: Role) -> frozenset[str]:
    return frozenset(role.hidden_items) | frozenset(
        masked.item
        for masked in protocol.masking.items
        if (role.masked if masked.level == "masked" else role.id in masked.hidden_from)
    )


def _hidden_names(protocol: Protocol, role: Role, items: frozenset[str]) -> frozenset[str]:
    forms = frozenset(role.hidden_forms)
    names = names_of(protocol)
    hidden = set(items) | {name for name, asked in names.items.items() if asked.form.id in forms}
    hidden |= {group for group, members in names.groups.items() if hidden & set(members)}
    listed = [d for d in protocol.derivations if d.shown_to is not None]
    hidden |= {d.id for d in listed if role.id not in (d.shown_to or ())}
    if not role.looks_back:  # a rule that reads another visit begins the name with one of these
        hidden |= {"previous", "baseline", "last", *(visit.id for visit in protocol.visits)}
    gates = {name: _parts(names.items[name].item.when or "") for name in names.unasked}
    free = {d.id: _reads(d) for d in protocol.derivations if d.shown_to is None}
    free = {id_: reads.union(*(gates[name] for name in reads & gates.keys())) for id_, reads in free.items()}
    while more := {id_ for id_, reads in free.items() if id_ not in hidden and reads & hidden}:
        hidden |= more
    return frozenset(hidden)


def _reads(derivation: Derivation) -> frozenset[str]:
    """Every name a derivation reads, at whatever visit."""
    read = frozenset(part for rule in rules_of(derivation) for part in _parts(rule))
    instrument = get(derivation.instrument) if derivation.instrument else None
    if isinstance(instrument, Instrument):
        read |= {question.id for question in instrument.inputs} - set(derivation.inputs)
    return read


def _parts(rule: str) -> frozenset[str]:
    return frozenset(part for name in names_in(rule) for part in name.split("."))


def _of_act(seen: Sight, act: SubjectAct, subject: Subject) -> SubjectAct | None:
    match act:
        case a.FormSaved() | a.FormDrafted():
            return _of_items(seen, act) if seen.entered(subject, form_key(act)) else None
        case a.FormSigned():
            return _signed(seen, act) if seen.entered(subject, form_key(act)) else None
        case a.QueryRaised() | a.QueryAnswered() | a.QueryClosed():
            query = subject.queries.get(act.query)
            return act if query is not None and seen.asked(query, subject) else None
        case a.ScreenFailed():
            return _without(act, {"reasons": tuple(seen_criteria(seen, act.reasons))})
        case a.EligibilityConfirmed() | a.Randomised():
            return _without(act, _KEPT_BACK[type(act)])
        case a.EntryFrozen() | a.EntryUnfrozen() | a.DraftDiscarded() | a.RowInError():
            return act if not act.form or seen.form(act.form) else None
    return act if seen.kind(type(act)) else None


# Acts that are seen by some and not by others whatever stands in them.
_OF_TREATMENT: Final = (
    a.DoseReleased, a.KitDispensed, a.KitReplaced, a.KitMisallocated, a.KitReturned, a.TreatmentStopped,
    a.DeviationRecorded, a.BagChecked, a.InfusionStepped,
)  # fmt: skip
_SEEN_IF: Final[dict[type[a.Act], Callable[[Sight], bool]]] = {
    **dict.fromkeys(_OF_TREATMENT, lambda seen: seen.treatment),
    **dict.fromkeys((a.VitalSignsTaken, a.ReactionSeen), lambda seen: seen.bedside),
    **dict.fromkeys((a.CodeBroken, a.EnvelopeDoubted), lambda seen: seen.emergencies),
    **dict.fromkeys(
        (a.SeriousEventKnown, a.SafetyReportSent, a.SeriousEventDowngraded),
        lambda seen: seen.form(seen.protocol.safety.adverse_events.form),
    ),
    a.StratumCorrected: lambda seen: seen.rule(*seen.protocol.randomisation.strata),
}


def _signed(seen: Sight, act: a.FormSigned) -> SubjectAct:
    return act if seen.whole(seen.protocol.form_by_id[act.form]) else _without(act, {"values": ""})


def _of_items(seen: Sight, act: a.FormSaved | a.FormDrafted) -> SubjectAct | None:
    name = "changes" if isinstance(act, a.FormSaved) else "texts"
    all_ = getattr(act, name)
    shown = {item: each for item, each in all_.items() if seen.item(act.form, item)}
    return (act if len(shown) == len(all_) else _without(act, {name: shown})) if shown else None


# Judged on everything, so never shown to anybody who sees only a part.
_KEPT_BACK: Final[Mapping[type[SubjectAct], Mapping[str, Any]]] = {
    a.EligibilityConfirmed: {"criteria": {}},
    a.Randomised: {"stratum": ""},
}


def _without(act: SubjectAct, update: Mapping[str, Any]) -> SubjectAct:
    return act.model_copy(update=dict(update))


def seen_criteria(seen: Sight, ids: Iterable[str]) -> Iterator[str]:
    """Of these criteria and coded reasons, those that tell nothing hidden."""
    eligibility = seen.protocol.eligibility
    rules = {criterion.id: criterion.rule for criterion in (*eligibility.inclusion, *eligibility.exclusion)}
    return (id_ for id_ in ids if id_ not in rules or seen.rule(rules[id_]))
