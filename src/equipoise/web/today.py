"""What waits for one person today: visits, forms half done, what they typed and did not save, queries, signatures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.urls import reverse

from equipoise.conduct.eligibility import judge
from equipoise.conduct.snapshot import Subject
from equipoise.protocol.schedule import Visit
from equipoise.web import casebook
from equipoise.web import language as say
from equipoise.web.room import Room
from equipoise.web.status import form_state, visit_state, window

GROUPS: Final = ("unsaved", "decisions", "visits", "forms", "queries", "signatures", "soon")
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


def tasks(room: Room) -> dict[str, list[Task]]:
    """What waits for the visitor, by kind, the most pressing first; a kind of which nothing waits is empty."""
    found: dict[str, list[Task]] = {group: [] for group in GROUPS}
    for subject in room.subjects():
        for group, task in _of(room, subject):
            found[group].append(task)
    for each in found.values():
        each.sort(key=lambda task: (task.by or date.max, task.subject))
    return found


def _of(room: Room, subject: Subject) -> Iterator[tuple[str, Task]]:
    yield from (("unsaved", task) for task in _unsaved(room, subject))
    if room.snapshot.locked:
        return
    yield from (("decisions", task) for task in _decisions(room, subject))
    yield from _visits(room, subject)
    yield from (("forms", task) for task in _forms(room, subject))
    yield from (("queries", task) for task in _queries(room, subject))
    yield from (("signatures", task) for task in _signatures(room, subject))


def _form_path(room: Room, subject: Subject, visit: str, form: str, repeat: int) -> str:
    return reverse("form", args=[room.study, subject.code, visit, form, repeat])


def _place(room: Room, visit: str, form: str, repeat: int) -> str:
    where, spec = room.protocol.visit_by_id.get(visit), room.protocol.form_by_id[form]
    label = spec.label.in_(room.language)
    return f"{where.label.in_(room.language)} · {label}" if where else f"{label} {repeat}"


def _unsaved(room: Room, subject: Subject) -> Iterator[Task]:
    for key, person in subject.drafts:
        if person == room.person.id and room.seen.form(key[1]):
            yield Task(subject.code, _place(room, *key), _form_path(room, subject, *key), "unsaved")


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
        yield Task(subject.code, words, reverse(step, args=[room.study, subject.code]), "eligible")


def _judged(room: Room, subject: Subject) -> bool:
    """Whether every criterion is known by what is entered."""
    screened = subject.visits.get(room.protocol.eligibility.visit)
    return screened is not None and all(judged.state != "unknown" for judged in judge(room.protocol, subject))


def _visits(room: Room, subject: Subject) -> Iterator[tuple[str, Task]]:
    """The visit that should come next, with how many more wait behind it; else one whose window opens soon."""
    states = [(visit, visit_state(room.view, subject, visit, frozenset())) for visit in room.protocol.visits]
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


def _visit_task(room: Room, subject: Subject, visit: Visit, state: str, more: int) -> Task:
    days, path = window(subject, visit), reverse("visit", args=[room.study, subject.code, visit.id])
    return Task(subject.code, visit.label.in_(room.language), path, state, days[2] if days else None, more)


def _forms(room: Room, subject: Subject) -> Iterator[Task]:
    """Visits that were held, with how many forms the visitor has still to fill in."""
    if not room.may("enter"):
        return
    for visit in room.protocol.visits:
        held = subject.visits.get(visit.id)
        mine = [form for form in visit.forms if room.role.id in room.protocol.form_by_id[form].filled_by]
        if held is None or held.status != "held":
            continue
        open_ = [form for form in mine if form_state(room.view, subject, (visit.id, form, 1)) in _UNFINISHED]
        if open_:
            words = say.text("today.to_fill", room.language, visit=visit.label.in_(room.language), number=len(open_))
            path = reverse("visit", args=[room.study, subject.code, visit.id])
            yield Task(subject.code, words, path, "in_progress", held.on)


_UNFINISHED: Final = ("empty", "in_progress")


def _queries(room: Room, subject: Subject) -> Iterator[Task]:
    """Queries whose next step is the visitor's: open ones to answer, answered ones to settle."""
    wanted = [status for status, may in (("open", "answer"), ("answered", "query")) if room.may(may)]  # type: ignore[arg-type]
    for each in casebook.questions(room, subject, *wanted):
        path = f"{reverse('casebook', args=[room.study, subject.code])}{each.path}#item-{each.query.item}"
        yield Task(subject.code, f"{each.item}: {each.text}", path, each.query.status)


def _signatures(room: Room, subject: Subject) -> Iterator[Task]:
    """Forms that wait for the visitor's signature, or whose signature no longer holds because values changed."""
    if not room.may("sign"):
        return
    for key in subject.values:
        if room.protocol.form_by_id[key[1]].signed_by != room.role.id:
            continue
        state = _unsigned(room, subject, key)
        if state:
            yield Task(subject.code, _place(room, *key), _form_path(room, subject, *key), state)


def _unsigned(room: Room, subject: Subject, key: tuple[str, str, int]) -> str:
    if key in subject.signatures:
        return "void" if key in room.view.progress.void(subject) else ""
    return "unsigned" if form_state(room.view, subject, key) == "complete" else ""
