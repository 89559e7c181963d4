"""What became of each form, visit and participant, in one word; the word has a glyph and a colour everywhere alike."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeVar, cast

from equipoise.conduct.checks import unanswered
from equipoise.conduct.encounters import encounters, leaves_early
from equipoise.conduct.environment import History, reads_alike
from equipoise.conduct.snapshot import FormKey, Subject
from equipoise.items import Answer
from equipoise.protocol.schedule import EARLY_TERMINATION, Encounter, Visit
from equipoise.protocol.schema import Protocol
from equipoise.web.visibility import Sight

# The style sheet draws the glyph; the word is in the page.
VISIT_STATES: Final = (
    "not_due", "due", "overdue", "in_progress", "complete", "query", "missed", "locked", "not_expected",
)  # fmt: skip
FORM_STATES: Final = ("empty", "in_progress", "complete", "query")
_NONE: Final[frozenset[str]] = frozenset()
SUBJECT_STATES: Final = ("screening", "eligible", "failed", "randomised", "stopped", "completed", "left")


@dataclass(frozen=True, slots=True)
class Standing:
    """A participant's forms as one role sees them; what was saved and is in neither of the first two is complete."""

    queried: frozenset[FormKey]
    queries: int  # how many are open
    unfinished: Mapping[FormKey, str]  # "empty", where nothing is seen, or "in_progress"
    incomplete: frozenset[str]  # the visits that were held and lack something


T = TypeVar("T")


class Progress:
    """How far every form of a trial is. What was worked out for a participant is kept until an act changes them."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self._known: dict[str, tuple[Subject, dict[FormKey, frozenset[str]]]] = {}
        self._kept: dict[tuple[Hashable, str], tuple[Subject, Hashable, Any]] = {}

    def of(self, subject: Subject) -> dict[FormKey, frozenset[str]]:
        """The needed questions without an answer, of every form of a participant that was saved and has any."""
        known = self._known.get(subject.code)
        if known is None or not reads_alike(known[0], subject):
            known = self._known[subject.code] = (subject, dict(self._read(subject)))
        return known[1]

    def kept(self, what: Hashable, subject: Subject, under: Hashable, make: Callable[[], T]) -> T:
        """What was made of a participant, made anew once an act changed them or `under`, a day perhaps, is another.

        `what` names it with all that it depends on beside: a role, a language.
        """
        known = self._kept.get((what, subject.code))
        if known is None or known[0] is not subject or known[1] != under:
            known = self._kept[what, subject.code] = (subject, under, make())
        return cast("T", known[2])

    def standing(self, subject: Subject, seen: Sight) -> Standing:
        """How far a participant's forms are for a role."""
        return self.kept(("standing", seen.role.id), subject, None, lambda: self._seen(subject, seen))

    def _seen(self, subject: Subject, seen: Sight) -> Standing:
        missing = self.of(subject)
        states = {key: _filled(seen, key[1], all_, missing.get(key, _NONE)) for key, all_ in subject.values.items()}
        complete = {key for key, state in states.items() if state == "complete"}
        open_ = [query.key for query in seen.queries(subject) if query.status == "open"]
        return Standing(
            queried=frozenset(open_),
            queries=len(open_),
            unfinished={key: state for key, state in states.items() if state != "complete"},
            incomplete=frozenset(
                visit.id
                for visit in encounters(self.protocol, subject)
                if any((visit.id, form, 1) not in complete for form in expected(seen, subject, visit))
            ),
        )

    def _read(self, subject: Subject) -> Iterator[tuple[FormKey, frozenset[str]]]:
        history = History(self.protocol, subject)
        for key, answers in subject.values.items():
            form = self.protocol.form_by_id[key[1]]
            if missing := unanswered(self.protocol, form, answers, history.at(key[0])):
                yield key, missing


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
    standing = view.progress.standing(subject, view.seen)
    if key in standing.queried:
        return "query"
    return standing.unfinished.get(key, "complete") if key in subject.values else "empty"


def _filled(seen: Sight, form: str, answers: Mapping[str, Answer], missing: frozenset[str]) -> str:
    if not any(answer is not None and seen.item(form, item) for item, answer in answers.items()):
        return "empty"
    items = seen.protocol.form_by_id[form].item_by_id
    known = (item for item in missing if seen.item(form, item))
    return "in_progress" if any(seen.rule(items[item].when or "true") for item in known) else "complete"


def visit_state(view: View, subject: Subject, visit: Encounter) -> str:
    """What became of a visit."""
    held = subject.visits.get(visit.id)
    if held is None:
        return _not_held(view, subject, visit)
    if held.status == "missed":
        return "missed"
    standing = view.progress.standing(subject, view.seen)
    if any(where == visit.id for where, _, _ in standing.queried):
        return "query"
    if visit.id in standing.incomplete:
        return "in_progress"
    return "locked" if view.locked else "complete"


def expected(seen: Sight, subject: Subject, visit: Encounter) -> Iterator[str]:
    """The forms the reader expects at a visit, if it was held: the treatment's no more once treatment was stopped.

    At an unscheduled visit none is due: what was begun is to be finished, and while nothing was, any can be.
    """
    held, stopped = subject.visits.get(visit.id), subject.treatment_stopped
    if held is None or held.status != "held":
        return iter(())
    on = held.on
    without = stopped is not None and on is not None and stopped <= on
    treatment = seen.protocol.treatment.form
    begun = tuple(form for form in visit.forms if (visit.id, form, 1) in subject.values) if visit.unscheduled else ()
    return (form for form in begun or visit.forms if seen.form(form) and not (without and form == treatment))


def window(subject: Subject, visit: Encounter) -> tuple[date, date, date] | None:
    """The first, the planned and the last day of a visit; None before there is a day 0, and outside the schedule."""
    if subject.randomised is None or not isinstance(visit, Visit):
        return None
    first, target, last = (subject.randomised + timedelta(days=n) for n in (visit.earliest, visit.day, visit.latest))
    return first, target, last


def _not_held(view: View, subject: Subject, visit: Encounter) -> str:
    days = window(subject, visit)
    if subject.screen_failure or view.locked:
        return "not_expected"
    if visit.id == EARLY_TERMINATION:
        return "due" if leaves_early(subject) else "not_expected"
    if days is None:
        screening = visit.id == view.seen.protocol.eligibility.visit
        return "not_expected" if subject.ended else "due" if screening and subject.consent else "not_due"
    first, _, last = days
    if subject.ended is not None and subject.ended < first:
        return "not_expected"
    return "not_due" if view.today < first else "due" if view.today <= last else "overdue"
