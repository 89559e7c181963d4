"""The subject matrix, and screening a new participant."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.desk import Done
from equipoise.items import Problem
from equipoise.web import matrix as grid
from equipoise.web.room import Room, in_study
from equipoise.web.status import VISIT_STATES
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, recorded, said


@require_safe
@in_study("view")
def matrix(request: HttpRequest, room: Room) -> HttpResponse:
    """Every participant the visitor sees, by every visit."""
    return _page(request, room)


def _page(request: HttpRequest, room: Room, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    rows = [grid.row(room.view, subject) for subject in room.subjects()]
    wanted = {name: request.GET.get(name, "") for name in ("find", "site", "state")}
    chosen, visits = grid.chosen(rows, **wanted), grid.columns(room.protocol)
    here = room.sites()
    return page(
        request,
        "matrix.html",
        room,
        status=REFUSED if problems else 200,
        rows=[(row, grid.cells_html(room.view, room.subject(row.code), room.language)) for row in chosen],
        headings=[(grid.heading(visit, room.language), visit.label.in_(room.language)) for visit in visits],
        unscheduled=room.protocol.schedule.unscheduled is not None,
        counts=grid.counts(rows),
        total=len(rows),
        queries=sum(row.queries for row in rows),
        wanted=wanted,
        sites=here,
        active=[site for site in here if site.id in room.snapshot.sites],
        states=VISIT_STATES,
        marks=grid.MARKS,
        may_screen=room.may("screen"),
        key=new_key(),
        problems=said(problems, room.language),
    )


@require_POST
@in_study("screen")
def screen(request: HttpRequest, room: Room) -> HttpResponse:
    """Give a person the next code of a site."""
    site = request.POST.get("site", room.person.site)
    outcome = room.desk.screen(site=site, by=room.person, key=key_of(request))
    if not isinstance(outcome, Done):
        return _page(request, room, problems_of(outcome))
    code = getattr(outcome.acts[0].act, "subject", "")
    return recorded(request, room, outcome, reverse("casebook", args=[room.study, code]))
