"""The lock of two people, and freezing: who asked, who grants, what is closed."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.acts import Recorded
from equipoise.conduct.locks import CASEBOOK
from equipoise.conduct.snapshot import Subject
from equipoise.desk import Outcome
from equipoise.items import Problem
from equipoise.web import language as say
from equipoise.web import signing
from equipoise.web.messages import problem
from equipoise.web.reauthentication import again
from equipoise.web.room import Room, in_study
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, reason_of, recorded, said

_KINDS = ("LockRequested", "LockDeclined", "StudyLocked", "StudyUnlocked")


@require_safe
@in_study("lock", "audit")
def lock(request: HttpRequest, room: Room) -> HttpResponse:
    """Whether the study is locked, what waits for a second person, what is still open, and all that happened to it."""
    return _lock(request, room)


def _lock(request: HttpRequest, room: Room, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    asked, now, subjects = room.snapshot.lock_request, room.desk.clock(), room.subjects()
    return page(
        request,
        "lock.html",
        room,
        status=REFUSED if problems else 200,
        asked=asked,
        asked_by=room.snapshot.name_of(asked.by) if asked else "",
        expired=asked is not None and now > asked.until,
        mine=asked is not None and asked.by == room.person.id,
        may_lock="lock" in room.role.may,
        open={} if room.snapshot.locked else _still_open(room, subjects),
        frozen=[(each.code, CASEBOOK in each.frozen, len(each.frozen)) for each in subjects if each.frozen],
        unfrozen=sum(CASEBOOK not in each.frozen for each in subjects),
        history=_history(room),
        key=new_key(),
        problems=said(problems, room.language),
        typed=request.POST.get("reason", "") if problems else "",
    )


def _still_open(room: Room, subjects: Sequence[Subject]) -> dict[str, int]:
    """What a data manager looks at before the lock, as far as the visitor sees it."""
    queries = [query.status for subject in subjects for query in room.seen.queries(subject)]
    states = [state for subject in subjects for _, state in signing.waiting(room, subject)]
    return {
        "open": queries.count("open"), "answered": queries.count("answered"),
        "unsigned": states.count("unsigned"), "void": states.count("void"),
    }  # fmt: skip


def _history(room: Room) -> list[dict[str, object]]:
    """Every act of the lock, the latest first."""
    return [_line(room, each) for each in [*room.desk.ledger.acts(kinds=_KINDS)][::-1]]


def _line(room: Room, each: Recorded) -> dict[str, object]:
    what = f".{each.act.what}" if each.act.kind == "LockRequested" else ""  # type: ignore[attr-defined]
    words = say.text(f"act.{each.act.kind}{what}", room.language)
    by = room.snapshot.name_of(each.by.id)
    return {"number": each.sequence, "at": each.at, "by": by, "what": words, "why": each.reason}


def _sure(request: HttpRequest, room: Room) -> Problem | None:
    return problem("web.E005", "sure") if request.POST.get("sure") != "yes" else again(request, room)


def _done(request: HttpRequest, room: Room, outcome: Outcome | Problem) -> HttpResponse:
    if problems := problems_of(outcome):
        return _lock(request, room, problems)
    return recorded(request, room, outcome, reverse("lock", args=[room.study]))


@require_POST
@in_study("lock")
def request_lock(request: HttpRequest, room: Room) -> HttpResponse:
    """Ask that an open study be locked, or a locked one unlocked."""
    key, ask = key_of(request), room.desk.request_unlock if room.snapshot.locked else room.desk.request_lock
    return _done(request, room, _sure(request, room) or ask(by=room.person, key=key, reason=reason_of(request)))


@require_POST
@in_study("lock")
def grant_lock(request: HttpRequest, room: Room) -> HttpResponse:
    """Grant what another person asked for: the study is locked, or unlocked."""
    key, asked = key_of(request), request.POST.get("request", "")[:80]
    grant = room.desk.unlock if room.snapshot.locked else room.desk.lock
    return _done(request, room, _sure(request, room) or grant(asked, by=room.person, key=key))


@require_POST
@in_study("lock")
def decline_lock(request: HttpRequest, room: Room) -> HttpResponse:
    """Decline what somebody asked for, or take it back."""
    key, asked = key_of(request), request.POST.get("request", "")[:80]
    return _done(request, room, room.desk.decline_lock(asked, by=room.person, key=key, reason=reason_of(request)))


@require_POST
@in_study("lock")
def freeze_all(request: HttpRequest, room: Room) -> HttpResponse:
    """Let nothing more be entered for anybody."""
    key = key_of(request)
    return _done(request, room, _sure(request, room) or room.desk.freeze_every_casebook(by=room.person, key=key))


@require_POST
@in_study("lock")
def freeze(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Freeze or unfreeze a participant's casebook, or one form of it."""
    subject, key = room.subject(code), key_of(request)
    named = signing.record_of(f"{code}/{request.POST.get('place', '')}")
    visit, form, repeat = named[1] if named else CASEBOOK
    if form:
        room.form(visit, form)
    if request.POST.get("thaw") == "yes":
        outcome = room.desk.unfreeze(
            code, visit=visit, form=form, repeat=repeat, by=room.person, key=key, reason=reason_of(request)
        )
    else:
        outcome = room.desk.freeze(code, visit=visit, form=form, repeat=repeat, by=room.person, key=key)
    if problems := problems_of(outcome):
        return page(
            request, "frozen.html", room, status=REFUSED, subject=subject, back=_back(room, code, visit, form, repeat),
            problems=said(problems, room.language),
        )  # fmt: skip
    return recorded(request, room, outcome, _back(room, code, visit, form, repeat))


def _back(room: Room, code: str, visit: str, form: str, repeat: int) -> str:
    if form:
        return reverse("form", args=[room.study, code, visit, form, repeat])
    return reverse("casebook", args=[room.study, code])
