"""Signing: what waits, looking at each record, one proof of who one is, done."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.locks import form_key
from equipoise.desk import Done, Outcome
from equipoise.desk.signing import Record
from equipoise.items import Problem
from equipoise.web import language as say
from equipoise.web import signing
from equipoise.web.messages import problem
from equipoise.web.numbers import whole_number
from equipoise.web.reauthentication import again
from equipoise.web.room import Room, in_study
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, said

_AT_ONCE = 100  # records on a page: as many as somebody can look at before signing


@require_safe
@in_study("sign")
def signatures(request: HttpRequest, room: Room) -> HttpResponse:
    """What waits for the visitor's signature, by participant."""
    rows = []
    for subject in room.subjects():
        states = [state for _, state in signing.waiting(room, subject, room.role.id)]
        if states:
            rows.append((subject.code, states.count("unsigned"), states.count("void")))
    return page(request, "signatures.html", room, rows=rows, total=sum(fresh + void for _, fresh, void in rows))


@require_safe
@in_study("sign")
def look(request: HttpRequest, room: Room) -> HttpResponse:
    """The records of the chosen participants that wait, each in full."""
    return _look(request, room, request.GET.getlist("code"))


def _look(request: HttpRequest, room: Room, codes: list[str], problems: tuple[Problem, ...] = ()) -> HttpResponse:
    subjects = [room.subject(code) for code in codes]
    found = [(subject, *waits) for subject in subjects for waits in signing.in_order(room, subject)]
    return page(
        request, "signing.html", room, status=REFUSED if problems else 200,
        sheets=[signing.sheet(room, *each) for each in found[:_AT_ONCE]], more=max(0, len(found) - _AT_ONCE),
        codes=codes, after=room.snapshot.acts, locked=room.snapshot.locked, key=new_key(),
        problems=said(problems, room.language),
    )  # fmt: skip


@require_POST
@in_study("sign")
def sign(request: HttpRequest, room: Room) -> HttpResponse:
    """Sign the chosen records as they were looked at; those changed since are left out and named."""
    key, after, records = key_of(request), _after(request), _records(request, room)
    codes = list(dict.fromkeys(request.POST.getlist("code")))
    if not records:
        return _look(request, room, codes, (problem("web.E030", "record"),))
    outcome: Outcome | Problem = again(request, room) or room.desk.sign_forms(
        records, after=after, meaning=say.text("sign.meaning", "en"), by=room.person, key=key
    )
    if problems := problems_of(outcome):
        return _look(request, room, codes, problems)
    assert isinstance(outcome, Done)  # noqa: S101 - otherwise there were problems
    _say(request, room, records, outcome)
    return HttpResponseRedirect(reverse("signatures", args=[room.study]))


def _after(request: HttpRequest) -> int:
    """The act up to which the records were looked at."""
    number = whole_number(request.POST.get("after", ""), 15)
    if number is None:
        raise BadRequest("a form without the act it was read at")
    return number


def _records(request: HttpRequest, room: Room) -> list[Record]:
    """The records that were ticked, of participants the visitor sees; what cannot be one is not there."""
    named = (signing.record_of(name) for name in request.POST.getlist("record"))
    records = [record for record in named if record is not None]
    for code, (visit, form, _) in records:
        room.subject(code)
        room.form(visit, form)
    return records


def _say(request: HttpRequest, room: Room, records: list[Record], done: Done) -> None:
    """How many were signed, and by name those that were not."""
    signed = {(each.act.subject, form_key(each.act)) for each in done.acts}  # type: ignore[attr-defined]
    messages.success(request, say.text("signing.done", room.language, number=len(signed)))
    for code, key in records:
        if (code, key) not in signed:
            place = signing.place_of(room, key)
            messages.warning(request, say.text("signing.left_out", room.language, subject=code, place=place))
