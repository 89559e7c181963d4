"""The audit trail of one answer, and of one participant."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from equipoise.items import Problem
from equipoise.web import language as say
from equipoise.web import trail as acts
from equipoise.web.messages import problem
from equipoise.web.room import Room, in_study
from equipoise.web.views.forms import place_of
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, recorded, said

_A_PAGE = 50


@require_safe
@in_study("view")
def field(request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int, item: str) -> HttpResponse:
    """Who set one answer, when, from what to what, and why."""
    return _field(request, room, code, visit, form, repeat, item)


def _field(
    request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int, item: str,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:  # fmt: skip
    place = place_of(room, code, visit, form, repeat)
    if not room.seen.item(form, item):
        raise Http404
    spec = place.form.item_by_id[item]
    found = acts.of_field(room, place.subject, visit, form, repeat, item)
    planned = room.protocol.visit_by_id.get(visit)
    return page(
        request,
        "trail_field.html",
        room,
        status=REFUSED if problems else 200,
        subject=place.subject,
        place=place,
        item=spec,
        label=spec.label.in_(room.language),
        visit_label=planned.label.in_(room.language) if planned else say.text("log.row", room.language, number=repeat),
        now=say.words(place.saved[item], room.language, spec, room.protocol),
        lines=acts.lines(room, place.subject, found, item=item),
        may_query=room.may("query"),
        key=new_key(),
        problems=said(problems, room.language),
        typed=request.POST.get("text", "") if problems else "",
    )


@require_POST
@in_study("query")
def ask(request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int, item: str) -> HttpResponse:
    """Raise a query about an answer."""
    place_of(room, code, visit, form, repeat)
    if not room.seen.item(form, item):
        raise Http404
    words = request.POST.get("text", "").strip()[:2000]
    if not words:
        missing = problem("web.E006", "text", field=say.text("query.text", room.language))
        return _field(request, room, code, visit, form, repeat, item, (missing,))
    outcome = room.desk.raise_query(
        code, visit, form, item, text=words, by=room.person, key=key_of(request), repeat=repeat
    )  # fmt: skip
    if problems := problems_of(outcome):
        return _field(request, room, code, visit, form, repeat, item, problems)
    return recorded(request, room, outcome, request.path.removesuffix("query/") + "trail/")


@require_safe
@in_study("view")
def participant(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Every act about a participant that the visitor sees, the latest first."""
    subject = room.subject(code)
    found = list(acts.seen_acts(room, subject))[::-1]
    typed = request.GET.get("page", "1")
    number = max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    shown = found[(number - 1) * _A_PAGE : number * _A_PAGE]
    return page(
        request,
        "trail_subject.html",
        room,
        subject=subject,
        lines=acts.lines(room, subject, shown),
        total=len(found),
        number=number,
        pages=max(1, -(-len(found) // _A_PAGE)),
        more=len(found) > number * _A_PAGE,
    )
