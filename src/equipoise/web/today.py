"""What waits for one person today: serious events, visits, forms half done or not saved, queries, signatures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.urls import reverse

from equipoise.conduct.eligibility import judge
from equipoise.conduct.encounters import encounters
from equipoise.conduct.snapshot import Subject
from equipoise.protocol.names import LOG
from equipoise.protocol.schedule import EARLY_TERMINATION, Encounter
from equipoise.web import casebook, infusions, serious, signing
from equipoise.web import language as say
from equipoise.web.room import Room
from equipoise.web.status import expected, form_state, visit_state, window

GROUPS: Final = (
    "alarms", "safety", "unsaved", "decisions", "infusions", "visits", "forms", "queries", "signatures", "soon",
)  # fmt: skip
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_SOON: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: about whom, what, where, how it stands, by which day, and how many more of its kind follow."""

    subject: str
    what: str
    path: str
    state: str = ""
    by: date | None = None
    more: int = 0
    due: datetime | None = None  # where it is due to the minute


def tag(group: str, state: str) -> tuple[str, str]:
    """How a task stands: its class in the style sheet and the id of its word; neither where the task itself says it."""
    match group:
        case "alarms" | "decisions":
            return "", ""
        case "unsaved" | "signatures":
            return "due", f"today.state.{state}"
        case "safety":
            return f"clock-{state}", f"serious.state.{state}"
        case "infusions":
            return f"infusion-{state}", f"infusion.state.{state}"
        case "queries":
            return state, f"query.{state}"
    return state, f"visit.{state}"


def tasks(room: Room) -> dict[str, list[Task]]:
    """What waits for the visitor, by kind, the most pressing first; a kind of which nothing waits is empty."""
    found: dict[str, list[Task]] = {group: [] for group in GROUPS}
    found["alarms"] = list(_alarms(room))
    for subject in room.subjects():
        for group, task in _of(room, subject):
            found[group].append(task)
    for each in found.values():
        each.sort(key=lambda task: (task.by or date.max, task.due or _NEVER, task.subject))
    return found


def _of(room: Room, subject: Subject) -> Iterator[tuple[str, Task]]:
    yield from (("unsaved", task) for task in _unsaved(room, subject))
    if room.snapshot.locked:
        return
    yield from (("safety", task) for task in _serious(room, subject))
    yield from (("decisions", task) for task in _decisions(room, subject))
    yield from (("infusions", task) for task in _infusions(room, subject))
    kind = ("tasks", room.role.id, room.language)
    yield from room.view.progress.kept(kind, subject, room.view.today, lambda: tuple(_on_record(room, subject)))


def _on_record(room: Room, subject: Subject) -> Iterator[tuple[str, Task]]:
    """What waits by the day and by what was recorded about a participant, and by nothing else."""
    yield from _visits(room, subject)
    yield from (("forms", task) for task in _forms(room, subject))
    yield from (("queries", task) for task in _queries(room, subject))
    yield from (("signatures", task) for task in _signatures(room, subject))


def _alarms(room: Room) -> Iterator[Task]:
    """Code breaks after several others that nobody has assessed yet, for the role that the protocol says is told."""
    alarm = room.protocol.masking.code_break_alarm
    for each in room.snapshot.unmaskings.values():
        if alarm is not None and alarm.tells == room.role.id and each.confirmed and each.assessment is None:
            words = say.text("today.code_break", room.language, name=room.snapshot.name_of(each.by))
            yield Task(each.subject, words, reverse("casebook", args=[room.study, each.subject]), by=each.on)


def _form_path(room: Room, subject: Subject, visit: str, form: str, repeat: int) -> str:
    return reverse("form", args=[room.study, subject.code, visit, form, repeat])


def _unsaved(room: Room, subject: Subject) -> Iterator[Task]:
    for key, person in subject.drafts:
        if person == room.person.id and room.seen.entered(subject, key):
            yield Task(subject.code, signing.place_of(room, key), _form_path(room, subject, *key), "unsaved")


def _serious(room: Room, subject: Subject) -> Iterator[Task]:
    """Reports on serious events that are the visitor's to send; first those of which nobody said since when."""
    term = room.protocol.safety.adverse_events.term
    for key, duty, state in serious.waiting(room, subject):
        duty_words = serious.what(room, duty) if duty else say.text("serious.say", room.language)
        event = say.words(subject.values[key].get(term), room.language)
        words = f"{event} · {duty_words}"
        path = reverse("serious", args=[room.study, subject.code, key[2]])
        by = duty.due if duty else room.desk.clock()
        yield Task(subject.code, words, path, state, by.date(), due=duty.due if duty else None)


def _decisions(room: Room, subject: Subject) -> Iterator[Task]:
    """Somebody who can be found eligible or not, or who can be randomised."""
    step = ""
    possible = casebook.steps(room, subject)
    if "randomise" in possible:
        step = "before_randomising"
    elif "eligibility" in possible and "fail" in possible and subject.eligible is None and _judged(room, subject):
        step = "eligibility"
    if step:
        words = say.text(f"today.{step}", room.language)
        yield Task(subject.code, words, reverse(step, args=[room.study, subject.code]))


def _judged(room: Room, subject: Subject) -> bool:
    """Whether every criterion is known by what is entered."""
    screened = subject.visits.get(room.protocol.eligibility.visit)
    return screened is not None and all(judged.state != "unknown" for judged in judge(room.protocol, subject))


def _infusions(room: Room, subject: Subject) -> Iterator[Task]:
    """Bags that were released and are not given yet."""
    for visit in infusions.waiting(room, subject):
        label, bag = room.protocol.visit_by_id[visit].label.in_(room.language), subject.bag(visit)
        words = say.text("today.infusion", room.language, visit=label, bag=bag)
        path = reverse("infusion", args=[room.study, subject.code, visit])
        yield Task(subject.code, words, path, subject.infusion(visit).state)


def _visits(room: Room, subject: Subject) -> Iterator[tuple[str, Task]]:
    """The visit that should come next, with how many more wait behind it; else one whose window opens soon.

    The early-termination visit waits beside them: who left does not come to the others.
    """
    leaving = room.protocol.encounter(EARLY_TERMINATION)
    if leaving is not None and (state := visit_state(room.view, subject, leaving)) == "due":
        yield "visits", _visit_task(room, subject, leaving, state, 0)
    states = [(visit, visit_state(room.view, subject, visit)) for visit in room.protocol.visits]
    waiting = [(visit, state) for visit, state in states if state in ("due", "overdue")]
    if waiting:
        visit, state = waiting[0]
        yield "visits", _visit_task(room, subject, visit, state, len(waiting) - 1)
        return
    for visit, state in states:
        days = window(subject, visit)
        if state == "not_due" and days is not None:
            if days[0] <= room.view.today + _SOON:
                yield "soon", _visit_task(room, subject, visit, state, 0)
            return


def _visit_task(room: Room, subject: Subject, visit: Encounter, state: str, more: int) -> Task:
    days, path = window(subject, visit), reverse("visit", args=[room.study, subject.code, visit.id])
    return Task(subject.code, visit.label.in_(room.language), path, state, days[2] if days else None, more)


def _forms(room: Room, subject: Subject) -> Iterator[Task]:
    """Visits that were held, with how many forms the visitor has still to fill in, and rows of logs left unfinished."""
    if not room.may("enter"):
        return
    for key in subject.values:
        fills = room.role.id in room.protocol.form_by_id[key[1]].filled_by
        if key[0] == LOG and fills and form_state(room.view, subject, key) == "in_progress":
            yield Task(subject.code, signing.place_of(room, key), _form_path(room, subject, *key), "in_progress")
    for visit in encounters(room.protocol, subject):
        held, due = subject.visits.get(visit.id), expected(room.seen, subject, visit)
        mine = [form for form in due if room.role.id in room.protocol.form_by_id[form].filled_by]
        open_ = [form for form in mine if form_state(room.view, subject, (visit.id, form, 1)) in _UNFINISHED]
        if open_:
            words = say.text("today.to_fill", room.language, visit=visit.label.in_(room.language), number=len(open_))
            path = reverse("visit", args=[room.study, subject.code, visit.id])
            yield Task(subject.code, words, path, "in_progress", held.on if held else None)


_UNFINISHED: Final = ("empty", "in_progress")


def _queries(room: Room, subject: Subject) -> Iterator[Task]:
    """Queries whose next step is the visitor's: open ones to answer, answered ones to settle."""
    wanted = [status for status, may in (("open", "answer"), ("answered", "query")) if room.may(may)]  # type: ignore[arg-type]
    for each in casebook.questions(room, subject, *wanted):
        path = f"{reverse('casebook', args=[room.study, subject.code])}{each.path}#item-{each.query.item}"
        yield Task(subject.code, f"{each.item}: {each.text}", path, each.query.status)


def _signatures(room: Room, subject: Subject) -> Iterator[Task]:
    """Forms that wait for the visitor's signature, or whose signature no longer holds because values changed."""
    if room.may("sign"):
        for key, state in signing.waiting(room, subject, room.role.id):
            yield Task(subject.code, signing.place_of(room, key), _form_path(room, subject, *key), state)
