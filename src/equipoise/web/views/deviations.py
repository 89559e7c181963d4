"""Deviations from the protocol: the list of a site or the study, and recording one by hand."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.encounters import encounters
from equipoise.conduct.snapshot import Deviation, Subject
from equipoise.items import Problem
from equipoise.protocol.names import LOG
from equipoise.web import language as say
from equipoise.web.messages import problem
from equipoise.web.room import Room, in_study
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, recorded, said

# Those of ICH E3, 10.2, and two for what is none of them; which are important the protocol says.
CATEGORIES: Final = (
    "eligibility", "consent", "treatment", "prohibited_medication", "visit_window", "assessment", "major", "minor",
)  # fmt: skip
_LONGEST: Final = 2000


@require_safe
@in_study("view")
def deviations(request: HttpRequest, room: Room) -> HttpResponse:
    """Every deviation the visitor sees, those of one site or the important ones alone when asked."""
    if not room.seen.treatment:
        raise Http404
    site, only = request.GET.get("site", ""), request.GET.get("important") == "yes"
    important = set(room.protocol.analysis.important_deviations)
    found = [
        (subject, _words(room, each), each.category in important)
        for subject in room.subjects()
        for each in subject.deviations
        if (not site or subject.site == site) and (not only or each.category in important)
    ]
    return page(request, "deviations.html", room, found=found, site=site, only=only, sites=room.sites())


def _words(room: Room, each: Deviation) -> dict[str, str]:
    visit, form = room.protocol.encounter(each.visit), room.protocol.form_by_id.get(each.form)
    return {
        "visit": visit.label.in_(room.language) if visit else "",
        "form": form.label.in_(room.language) if form and room.seen.form(each.form) else "",
        "category": each.category,
        "text": each.text,
    }


@require_safe
@in_study("enter")
def before(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """The page to record a deviation."""
    return _page(request, room, _subject(room, code))


def _subject(room: Room, code: str) -> Subject:
    subject = room.subject(code)
    if not room.seen.treatment or not room.role.masked:
        raise Http404
    return subject


def _page(request: HttpRequest, room: Room, subject: Subject, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    forms = [(form.id, form.label.in_(room.language)) for form in room.protocol.forms if room.seen.form(form.id)]
    visits = [(visit.id, visit.label.in_(room.language)) for visit in encounters(room.protocol, subject)]
    return page(
        request, "deviation.html", room, status=REFUSED if problems else 200,
        subject=subject, visits=visits, forms=forms, categories=CATEGORIES, key=new_key(),
        problems=said(problems, room.language), typed=request.POST if problems else request.GET,
    )  # fmt: skip


@require_POST
@in_study("enter")
def record(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Record a deviation by hand."""
    subject, typed, key = _subject(room, code), request.POST, key_of(request)
    visit, form = typed.get("visit", "") or LOG, typed.get("form", "")
    if typed.get("category") not in CATEGORIES:
        words = say.text("deviations.category", room.language)
        return _page(request, room, subject, (problem("web.E006", "category", field=words),))
    if visit != LOG:
        room.visit(visit)
    if form and not room.seen.form(form):
        raise Http404
    outcome = room.desk.record_deviation(
        code, visit, category=typed["category"], text=typed.get("text", "").strip()[:_LONGEST], form=form,
        by=room.person, key=key,
    )  # fmt: skip
    if problems := problems_of(outcome):
        return _page(request, room, subject, problems)
    return recorded(request, room, outcome, reverse("casebook", args=[room.study, code]))
