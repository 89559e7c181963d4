"""What became of each form, visit and participant, in one word; the word has a glyph and a colour everywhere alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, cast

from equipoise.conduct.checks import asked
from equipoise.conduct.environment import History, RowEnvironment
from equipoise.conduct.snapshot import FormKey, Query, Subject
from equipoise.items import Answer, Json, digest, write
from equipoise.protocol.schedule import Visit
from equipoise.protocol.schema import Protocol
from equipoise.web.visibility import Sight

# The style sheet draws the glyph; the word is in the page.
VISIT_STATES: Final = (
    "not_due", "due", "overdue", "in_progress", "complete", "query", "missed", "locked", "not_expected",
)  # fmt: skip
FORM_STATES: Final = ("empty", "in_progress", "complete", "query")
SUBJECT_STATES: Final = ("screening", "eligible", "failed", "randomised", "stopped", "completed", "left")


@dataclass(frozen=True, slots=True)
class Filled:
    """How far a form is: which questions have an answer, and which needed ones have none."""

    answered: frozenset[str]
    missing: frozenset[str]


class Progress:
    """How far every form of a trial is. What was worked out for a participant is kept until an act changes them."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self._known: dict[str, tuple[Subject, dict[FormKey, Filled]]] = {}
        self._void: dict[str, tuple[Subject, frozenset[FormKey]]] = {}

    def of(self, subject: Subject) -> dict[FormKey, Filled]:
        """Every form of a participant that was ever saved."""
        known = self._known.get(subject.code)
        if known is None or known[0] is not subject:
            known = (subject, dict(self._read(subject)))
            self._known[subject.code] = known
        return known[1]

    def void(self, subject: Subject) -> frozenset[FormKey]:
        """The forms whose values are no longer those that were signed."""
        known = self._void.get(subject.code)
        if known is None or known[0] is not subject:
            signed = subject.signatures.items()
            void = frozenset(key for key, each in signed if each.values != seal_of(subject.values.get(key, {})))
            known = self._void[subject.code] = (subject, void)
        return known[1]

    def _read(self, subject: Subject) -> Iterator[tuple[FormKey, Filled]]:
        history = History(self.protocol, subject)
        for key, answers in subject.values.items():
            visit, form, _ = key
            env = RowEnvironment(answers, history.at(visit))
            answered = frozenset(item for item, answer in answers.items() if answer is not None)
            open_ = (i for i in self.protocol.form_by_id[form].items if i.required and i.id not in answered)
            yield key, Filled(answered, frozenset(i.id for i in open_ if asked(i, env)))


def seal_of(values: Mapping[str, Answer]) -> str:
    """The digest of answers, as a signature binds them."""
    return digest({item: cast("Json", write(answer)) for item, answer in values.items()})


def subject_state(subject: Subject, seen: Sight) -> str:
    """How far a participant has got."""
    if subject.screen_failure:
        return "failed"
    if subject.ended is not None:
        return "completed" if subject.how_ended == "completed" else "left"
    if subject.randomised is None:
        return "screening" if subject.eligible is None else "eligible"
    return "stopped" if subject.treatment_stopped is not None and seen.treatment else "randomised"


@dataclass(frozen=True, slots=True)
class View:
    """From where a state is judged: by whom, on which day, and whether the study is locked."""

    seen: Sight
    today: date
    locked: bool
    progress: Progress


def form_state(view: View, subject: Subject, key: FormKey) -> str:
    """How far one form is, as far as the reader sees it."""
    if any(query.key == key and query.status == "open" for query in view.seen.queries(subject)):
        return "query"
    filled = view.progress.of(subject).get(key)
    return _filled(view.seen, key[1], filled)


def _filled(seen: Sight, form: str, filled: Filled | None) -> str:
    if filled is None or not any(seen.item(form, item) for item in filled.answered):
        return "empty"
    items = seen.protocol.form_by_id[form].item_by_id
    missing = (item for item in filled.missing if seen.item(form, item))
    return "in_progress" if any(seen.rule(items[item].when or "true") for item in missing) else "complete"


def visit_state(view: View, subject: Subject, visit: Visit, queried: frozenset[str]) -> str:
    """What became of a visit; `queried` are the visits with an open query."""
    held = subject.visits.get(visit.id)
    if held is None:
        return _not_held(view, subject, visit)
    if held.status == "missed":
        return "missed"
    if visit.id in queried:
        return "query"
    filled = view.progress.of(subject)
    states = {_filled(view.seen, form, filled.get((visit.id, form, 1))) for form in _expected(view, subject, visit)}
    if states & {"in_progress", "empty"}:
        return "in_progress"
    return "locked" if view.locked else "complete"


def _expected(view: View, subject: Subject, visit: Visit) -> Iterator[str]:
    """The forms the reader expects at a visit that was held: the treatment's no more once treatment was stopped."""
    on, stopped = subject.visits[visit.id].on, subject.treatment_stopped
    without = stopped is not None and on is not None and stopped <= on
    treatment = view.seen.protocol.treatment.form
    return (form for form in visit.forms if view.seen.form(form) and not (without and form == treatment))


def queried_visits(queries: Iterator[Query]) -> frozenset[str]:
    """The visits at which a query is open."""
    return frozenset(query.key[0] for query in queries if query.status == "open")


def window(subject: Subject, visit: Visit) -> tuple[date, date, date] | None:
    """The first, the planned and the last day of a visit; None before there is a day 0."""
    if subject.randomised is None:
        return None
    first, target, last = (subject.randomised + timedelta(days=n) for n in (visit.earliest, visit.day, visit.latest))
    return first, target, last


def _not_held(view: View, subject: Subject, visit: Visit) -> str:
    days = window(subject, visit)
    if subject.screen_failure or view.locked:
        return "not_expected"
    if days is None:
        screening = visit.id == view.seen.protocol.eligibility.visit
        return "not_expected" if subject.ended else "due" if screening and subject.consent else "not_due"
    first, _, last = days
    if subject.ended is not None and subject.ended < first:
        return "not_expected"
    return "not_due" if view.today < first else "due" if view.today <= last else "overdue"
