"""A participant's casebook: what happened, what is open, and what the visitor may do next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from equipoise.conduct.eligibility import Judged, judge
from equipoise.conduct.encounters import encounters, next_unscheduled
from equipoise.conduct.environment import History
from equipoise.conduct.locks import CASEBOOK
from equipoise.conduct.snapshot import Query, Subject, VisitState
from equipoise.instruments import Instrument, get
from equipoise.items import Answer
from equipoise.protocol.names import LIMITS, REPORT
from equipoise.protocol.schedule import EARLY_TERMINATION, Encounter, Visit
from equipoise.protocol.schema import Derivation, Form
from equipoise.reports.units import unit_beside
from equipoise.web import language as say
from equipoise.web.room import Room
from equipoise.web.rows import answer_words, with_unit
from equipoise.web.status import form_state, visit_state, window
from equipoise.web.texts import TEXTS
from equipoise.web.trail import own_half

_LOG_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Contact:
    """A visit in the time line: its window, what became of it, and how many of its forms are complete."""

    visit: Encounter
    label: str
    days: tuple[date, date, date] | None
    held: VisitState | None
    state: str
    complete: int
    forms: int

    @property
    def planned(self) -> bool:
        """Whether it is a visit of the schedule."""
        return isinstance(self.visit, Visit)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A query with the place it asks about."""

    query: Query
    place: str
    item: str
    text: str
    subject: str

    @property
    def path(self) -> str:
        """Where the form is, below the participant."""
        visit, form, repeat = self.query.key
        return f"{visit}/{form}/{repeat}/"


@dataclass(frozen=True, slots=True)
class Log:
    """A repeating form as a table: the first questions of each row."""

    form: Form
    label: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, str, tuple[str, ...]], ...]  # number, state, answers
    in_error: tuple[tuple[int, tuple[str, ...]], ...]
    next_row: int
    may_add: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A criterion as it stands, as far as the visitor sees it."""

    id: str
    text: str
    explanation: str
    state: str  # "met" | "not_met" | "unknown" | "hidden"
    inclusion: bool
    values: tuple[tuple[str, str], ...]


def timeline(room: Room, subject: Subject) -> list[Contact]:
    """Every visit of the schedule, and those outside it where their dates put them."""
    return [_contact(room, subject, visit) for visit in encounters(room.protocol, subject)]


def _contact(room: Room, subject: Subject, visit: Encounter) -> Contact:
    forms = [form for form in visit.forms if room.seen.form(form)]
    states = [form_state(room.view, subject, (visit.id, form, 1)) for form in forms]
    return Contact(
        visit=visit,
        label=visit.label.in_(room.language),
        days=window(subject, visit),
        held=subject.visits.get(visit.id),
        state=visit_state(room.view, subject, visit),
        complete=states.count("complete"),
        forms=len(forms),
    )


def scores(room: Room, subject: Subject, visits: list[Encounter]) -> list[tuple[str, str, list[str]]]:
    """The derived values a visitor sees, by visit: label, unit and a text for each visit. Nobody types them."""
    history = History(room.protocol, subject)
    shown = [visit for visit in visits if room.seen.visit(subject, visit.id)]
    table = []
    for derivation in room.protocol.derivations:
        if not room.seen.derivation(derivation):
            continue
        values = [_score(history, derivation, visit, room.language) if visit in shown else "" for visit in visits]
        if any(values):
            label = derivation.label.in_(room.language)
            table.append((label, unit_beside(label, room.language, derivation.unit), values))
    return table


def _score(history: History, derivation: Derivation, visit: Encounter, language: str) -> str:
    return say.derived(history.at(visit.id).get(derivation.id), language)


def questions(room: Room, subject: Subject, *statuses: str) -> Iterator[OpenQuestion]:
    """The queries a visitor sees, in some states."""
    for query in room.seen.queries(subject):
        if query.status in statuses:
            visit, form, repeat = query.key
            spec = room.protocol.form_by_id[form]
            where = room.protocol.encounter(visit)
            place = spec.label.in_(room.language) + (f" {repeat}" if spec.repeats else "")
            yield OpenQuestion(
                query=query,
                place=f"{where.label.in_(room.language)} · {place}" if where else place,
                item=spec.item_by_id[query.item].label.in_(room.language),
                text=own_half(query.text, query.check, room.language),
                subject=subject.code,
            )


def logs(room: Room, subject: Subject) -> list[Log]:
    """The repeating forms a visitor sees."""
    return [_log(room, subject, form) for form in room.protocol.forms if form.repeats and room.seen.form(form.id)]


def _log(room: Room, subject: Subject, form: Form) -> Log:
    items = room.seen.items(form)[:_LOG_COLUMNS]

    def cells(answers: Mapping[str, Answer]) -> tuple[str, ...]:
        return tuple(answer_words(room.seen, subject, item, answers.get(item.id), room.language) for item in items)

    return Log(
        form=form,
        label=form.label.in_(room.language),
        headings=tuple(item.label.in_(room.language) for item in items),
        rows=tuple(
            (key[2], form_state(room.view, subject, key), cells(subject.answers(key))) for key in subject.rows(form.id)
        ),
        in_error=tuple((key[2], cells(subject.answers(key))) for key in subject.rows_in_error(form.id)),
        next_row=subject.next_row(form.id),
        may_add=_may_add(room, subject, form),
    )


def _may_add(room: Room, subject: Subject, form: Form) -> bool:
    """Whether a visitor may add rows to a log."""
    goes_on = subject.consent is not None and CASEBOOK not in subject.frozen
    return goes_on and room.fills(form)


def standing(room: Room, subject: Subject) -> list[Standing]:
    """Every criterion with its state and the values it was judged by; nothing of one that tells what is hidden."""
    whole = room.seen.visit(subject, room.protocol.eligibility.visit)
    return [_standing(room, judged, whole) for judged in judge(room.protocol, subject)]


def _standing(room: Room, judged: Judged, whole: bool) -> Standing:
    criterion = judged.criterion
    seen = whole and room.seen.rule(criterion.rule)
    return Standing(
        id=criterion.id,
        text=criterion.text.in_(room.language),
        explanation=criterion.explanation.in_(room.language) if criterion.explanation else "",
        state=judged.state if seen else "hidden",
        inclusion=judged.inclusion,
        values=tuple((name_of(room, name), _value(room, name, value)) for name, value in judged.values) if seen else (),
    )


def _value(room: Room, name: str, value: Answer) -> str:
    item = next((form.item_by_id[name] for form in room.protocol.forms if name in form.item_by_id), None)
    shown = say.words(value, room.language, item, room.protocol) if item else say.derived(value, room.language)
    unit = unit_beside(name_of(room, name), room.language, item.unit if item else _unit(room, name))
    return with_unit(shown, value, unit, room.language) or say.text("answer.none", room.language)


def _unit(room: Room, name: str) -> str:
    """The unit of a derived value, or of an item whose limit a rule reads."""
    head, _, tail = name.partition(".")
    asked = [form.item_by_id.get(head) for form in room.protocol.forms] if tail in LIMITS else []
    derived = [each for each in room.protocol.derivations if each.id == name]
    return next((each.unit or "" for each in (*asked, *derived) if each is not None), "")


def name_of(room: Room, name: str) -> str:
    """The label of a name a rule reads, or the name itself."""
    head, _, tail = name.partition(".")
    for part in (name, head, tail):
        for form in room.protocol.forms:
            if not form.repeats and part in form.item_by_id:
                limit = f" ({say.text(f'rule.{tail}', room.language)})" if tail in (*LIMITS, *REPORT) else ""
                return form.item_by_id[part].label.in_(room.language) + limit
        for derivation in room.protocol.derivations:
            if derivation.id == part:
                return derivation.label.in_(room.language) + _result(derivation, tail, room.language)
    return say.text(f"rule.{name}", room.language) if f"rule.{name}" in TEXTS else name


def visit_outside(room: Room, subject: Subject) -> Encounter | None:
    """The unscheduled visit that the visitor could record next; None where there is none to record."""
    may = room.may("enter") and subject.consent is not None and not subject.screen_failure
    return next_unscheduled(room.protocol, subject) if may else None


def visit_of_leaving(room: Room, subject: Subject) -> Encounter | None:
    """The early-termination visit, for who may record it and still can; None where there is none."""
    may = room.may("enter") and subject.randomised is not None and EARLY_TERMINATION not in subject.visits
    return room.protocol.encounter(EARLY_TERMINATION) if may else None


def _result(derivation: Derivation, name: str, language: str) -> str:
    """Which of several results of an instrument a rule reads, in words."""
    instrument = get(derivation.instrument) if derivation.instrument else None
    outputs = instrument.outputs if isinstance(instrument, Instrument) else ()
    found = next((each for each in outputs if each.id == name), None)
    return f" · {found.label_zh if language == 'zh' else found.label}" if found else ""


def steps(room: Room, subject: Subject) -> list[str]:
    """What the visitor may do next with this participant. The desk judges again; this only keeps the page short."""
    if subject.screen_failure or subject.ended is not None or room.snapshot.locked:
        return []
    entered, consented = subject.randomised is not None, subject.consent is not None
    possible = {
        "consent": room.may("consent") and not consented,
        "eligibility": consented and not entered,
        "randomise": room.may("randomise") and subject.eligible is not None and not entered,
        "fail": room.may("confirm_eligibility") and consented and not entered,
        "error": room.may("confirm_eligibility") and entered and not subject.randomised_in_error,
        "stop": room.may("stop_treatment") and entered and subject.treatment_stopped is None and room.seen.treatment,
        "end": room.may("end_participation") and consented,
    }
    return [step for step, may in possible.items() if may]
