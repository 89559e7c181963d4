"""How every page is rendered, and how what was posted is read."""

import re
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from equipoise.desk import Done, Outcome, Refused
from equipoise.items import Item, Problem, read
from equipoise.web import language as say
from equipoise.web.messages import problem
from equipoise.web.reauthentication import asked
from equipoise.web.room import Room
from equipoise.web.visitors import visitor_of

_KEY: Final = re.compile(r"[0-9a-f]{32}\Z")
REFUSED: Final = 422
_WARN: Final = 120  # seconds before a session ends: WCAG 2.2.1 asks for 20 at least
_DAY: Final = Item("on", "date")
_LONGEST: Final = 500  # letters of a reason
# Which part of the navigation a page belongs to; pages about participants belong to the subjects.
_HERE: Final = {
    "today.html": "today", "queries.html": "queries", "deviations.html": "deviations",
    "protocol.html": "protocol", "report.html": "report",
    "people.html": "people",
    "signatures.html": "signatures", "signing.html": "signatures", "lock.html": "", "give_role.html": "people",
    "kit_stock.html": "stock", "kit_supply.html": "supply",
    "design.html": "design", "pharmacy.html": "pharmacy",
    "study.html": "", "failure.html": "", "unmaskings.html": "",
}  # fmt: skip


def page(
    request: HttpRequest, template: str, room: Room | None = None, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page in the visitor's language."""
    visitor = visitor_of(request)
    common = {
        "visitor": visitor,
        "language": visitor.language,
        "tag": say.TAGS[visitor.language],
        "room": room,
        "again": SimpleLazyObject(lambda: asked(request)),
        "here": _HERE.get(template, "subjects"),
        "warn": min(_WARN, settings.IDLE // 2),
        "simulated": room.snapshot.simulated if room else context.pop("simulated", False),
    }
    return render(request, f"web/{template}", {**common, **context}, status=status)


def new_key() -> str:
    """A key for one act, made when its form is rendered, so that sending it twice records it once."""
    return secrets.token_hex(16)


def key_of(request: HttpRequest) -> str:
    """The key a form was rendered with."""
    key = request.POST.get("key", "")
    if not _KEY.match(key):
        raise BadRequest("a form without its key")
    return key


def day_of(request: HttpRequest, name: str = "on") -> date | Problem:
    """The date a person typed."""
    answer = read(_DAY, request.POST.get(name, ""))
    if isinstance(answer, Problem):
        return answer
    return answer if isinstance(answer, date) else problem("web.E004", name)


def reason_of(request: HttpRequest) -> str:
    """Why something is done, in the person's own words."""
    return request.POST.get("reason", "").strip()[:_LONGEST]


def said(problems: Sequence[Problem], language: str) -> list[tuple[str, str, str, str]]:
    """Problems in words: id, place, what is wrong, what to do."""
    return [(p.id, p.where, *say.said(p, language)) for p in problems]


def problems_of(outcome: Outcome | Problem) -> tuple[Problem, ...]:
    """Why nothing was recorded; empty when something was."""
    match outcome:
        case Refused():
            return outcome.problems
        case Problem():
            return (outcome,)
    return ()


def recorded(request: HttpRequest, room: Room, outcome: Outcome | Problem, back: str) -> HttpResponse:
    """Say what was recorded and go on."""
    acts = outcome.acts if isinstance(outcome, Done) else ()
    if acts:
        words = say.text(f"act.{acts[0].act.kind}", room.language)
        messages.success(request, say.text("common.recorded", room.language, what=words, number=acts[0].sequence))
    return HttpResponseRedirect(back)
