"""The register of unmaskings: reported by anybody in three clicks, read and assessed by who keeps watch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.unmasking import Unmasking
from equipoise.desk import telling_words
from equipoise.items import Problem
from equipoise.web import language as say
from equipoise.web.clock_time import moment_typed
from equipoise.web.messages import problem
from equipoise.web.room import Room, in_study
from equipoise.web.views.rendering import REFUSED, day_of, key_of, new_key, page, problems_of, recorded, said

HOW: Final = ("suspected", "accidental", "by_telephone")
WHOM: Final = ("participant", "investigator", "assessor", "site_staff", "sponsor_staff", "other")
KINDS: Final = ("code_break", *HOW)
IMPACT: Final = ("none", "possible", "certain")
ON: Final = ("data", "participant", "others")
_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the register as one reader gets it: without the texts that are withheld from them."""

    unmasking: Unmasking
    zone: str
    text: str
    measures: str
    told: str
    by: str
    assessed_by: str

    @property
    def moment(self) -> datetime | None:
        """When it happened, where more than the day is known."""
        return self.unmasking.at if self.unmasking.kind == "code_break" else self.unmasking.happened


@require_safe
@in_study("audit")
def register(request: HttpRequest, room: Room) -> HttpResponse:
    """Every unmasking, newest first, and what it means."""
    return _register(request, room)


def _register(request: HttpRequest, room: Room, problems: tuple[Problem, ...] = (), tried: str = "") -> HttpResponse:
    return page(
        request,
        "unmaskings.html",
        room,
        status=REFUSED if problems else 200,
        entries=[_entry(room, each) for each in reversed([*room.snapshot.unmaskings.values()])],
        may_assess="lock" in room.role.may,
        impacts=IMPACT,
        concerns=ON,
        key=new_key(),
        problems=said(problems, room.language),
        tried=tried,
        typed=request.POST if problems else {},
    )


def _entry(room: Room, unmasking: Unmasking) -> Entry:
    withheld, judged = say.text("unmasking.withheld", room.language), unmasking.assessment
    kept = unmasking.withheld and room.role.masked
    telling = room.role.masked and telling_words(unmasking.told, room.protocol)
    measures = judged.measures if judged else ""
    return Entry(
        unmasking,
        room.zone_of(unmasking.site) if unmasking.site else room.zone,
        withheld if kept and unmasking.text else unmasking.text,
        withheld if judged and judged.withheld and room.role.masked else measures,
        withheld if telling else unmasking.told,
        room.snapshot.name_of(unmasking.by),
        room.snapshot.name_of(judged.by) if judged else "",
    )


@require_POST
@in_study("lock")
def assess(request: HttpRequest, room: Room) -> HttpResponse:
    """Record what an unmasking means, and what is done."""
    typed, key, report = request.POST, key_of(request), request.POST.get("report", "")
    measures = typed.get("measures", "").strip()[:_LONGEST]
    chosen = {concern: typed.get(concern, "") for concern in ON}
    if any(choice not in IMPACT for choice in chosen.values()):
        missing = problem("web.E006", "impact", field=say.text("unmasking.impact", room.language))
        return _register(request, room, (missing,), report)
    if (words := telling_words(measures, room.protocol)) and typed.get("anyway") != "yes":
        return _register(request, room, (problem("web.E008", "measures", words=", ".join(words)),), report)
    outcome = room.desk.assess_unmasking(report, **chosen, measures=measures, by=room.person, key=key)
    if problems := problems_of(outcome):
        return _register(request, room, problems, report)
    return recorded(request, room, outcome, reverse("unmaskings", args=[room.study]))


@require_safe
@in_study("view")
def about(request: HttpRequest, room: Room, code: str = "") -> HttpResponse:
    """The page to report an unmasking, of a participant or at large."""
    if code:
        room.subject(code)
    return _report(request, room, code)


def _report(request: HttpRequest, room: Room, code: str, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    return page(
        request,
        "unmasking_report.html",
        room,
        status=REFUSED if problems else 200,
        code=code,
        hows=HOW,
        whoms=WHOM,
        today=room.today(),
        zone=say.zone_words(room.desk.clock(), _zone(room, code)),
        key=new_key(),
        problems=said(problems, room.language),
        warned=any(each.id == "web.E008" for each in problems),
        typed=request.POST if problems else {},
    )


def _zone(room: Room, code: str) -> str:
    return room.zone_of(room.subject(code).site) if code else room.zone


def _happened(room: Room, code: str, typed: Mapping[str, str], on: date) -> datetime | Problem | None:
    """The moment: needed of a code break without the server; of anything else None where no time is typed."""
    time = typed.get("time", "")
    known = bool(time.strip()) or typed["how"] == "by_telephone"
    return moment_typed(on, time, _zone(room, code)) if known else None


@require_POST
@in_study("view")
def report(request: HttpRequest, room: Room) -> HttpResponse:
    """Record a report; a text with a telling word only after a warning, and then for unmasked readers alone."""
    typed, key, on = request.POST, key_of(request), day_of(request)
    code, text = typed.get("code", ""), typed.get("text", "").strip()[:_LONGEST]
    if code:
        room.subject(code)
    if isinstance(on, Problem):
        return _report(request, room, code, (on,))
    for name, choices in (("how", HOW), ("whom", WHOM)):
        if typed.get(name) not in choices:
            words = say.text(f"unmasking.{name}", room.language)
            return _report(request, room, code, (problem("web.E006", name, field=words),))
    happened = _happened(room, code, typed, on)
    if isinstance(happened, Problem):
        return _report(request, room, code, (happened,))
    if (words := ", ".join(telling_words(text, room.protocol))) and typed.get("anyway") != "yes":
        return _report(request, room, code, (problem("web.E008", "text", words=words),))
    outcome = room.desk.report_unmasking(
        subject=code, how=typed["how"], whom=typed["whom"], on=on, happened=happened, text=text,
        by=room.person, key=key,
    )  # fmt: skip
    if problems := problems_of(outcome):
        return _report(request, room, code, problems)
    back = reverse("casebook", args=[room.study, code]) if code else reverse("study", args=[room.study])
    return recorded(request, room, outcome, back)
