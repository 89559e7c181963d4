"""The audit trail of one answer, of one participant, of one person, of the study; on a page and as a file."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.acts import ACTS
from equipoise.items import Problem
from equipoise.web import audit
from equipoise.web import language as say
from equipoise.web import trail as acts
from equipoise.web.messages import problem
from equipoise.web.numbers import whole_number
from equipoise.web.room import Room, in_study
from equipoise.web.rows import answer_words, with_unit
from equipoise.web.views.forms import place_of, visit_label
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, recorded, said
from equipoise.web.visibility import STUDY_ACTS


@require_safe
@in_study("view")
def field(request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int, item: str) -> HttpResponse:
    """Who set one answer, when, from what to what, and why."""
    return field_page(request, room, code, visit, form, repeat, item)


def field_page(
    request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int, item: str,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:  # fmt: skip
    """The trail of an answer, with what stood in the way of something that was asked for there."""
    place = place_of(room, code, visit, form, repeat)
    if not room.seen.item(form, item):
        raise Http404
    spec = place.form.item_by_id[item]
    answer = place.saved[item]
    words = answer_words(room.seen, place.subject, spec, answer, room.language)
    found = list(acts.of_field(room, place.subject, visit, form, repeat, item))
    return page(
        request,
        "trail_field.html",
        room,
        status=REFUSED if problems else 200,
        subject=place.subject,
        place=place,
        item=spec,
        label=spec.label.in_(room.language),
        visit_label=visit_label(room, place),
        now=with_unit(words, answer, spec.unit, room.language),
        lines=acts.lines(room, found, item=item),
        files=acts.files_of(room, found, item),
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
        return field_page(request, room, code, visit, form, repeat, item, (missing,))
    outcome = room.desk.raise_query(
        code, visit, form, item, text=words, by=room.person, key=key_of(request), repeat=repeat
    )  # fmt: skip
    if problems := problems_of(outcome):
        return field_page(request, room, code, visit, form, repeat, item, problems)
    return recorded(request, room, outcome, request.path.removesuffix("query/") + "trail/")


@require_safe
@in_study("view")
def participant(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Every act about a participant that the visitor sees, the latest first."""
    room.subject(code)
    return _trail(request, room, _typed(request) | {"subject": code})


@require_safe
@in_study("view", "audit")
def study(request: HttpRequest, room: Room) -> HttpResponse:
    """The acts the visitor sees, by participant, person, kind, field and time."""
    return _trail(request, room, _typed(request), here="")


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:120] for name in audit.NAMES}


def _trail(request: HttpRequest, room: Room, typed: dict[str, str], here: str = "subjects") -> HttpResponse:
    number, wrong = whole_number(request.GET.get("beyond", ""), 15), audit.slips(typed)
    found = audit.page_of(room, None if wrong else audit.asked_for(room, typed), number)
    query = urlencode({name: value for name, value in typed.items() if value})
    forms = [form for form in room.protocol.forms if room.seen.form(form.id) and "view" in room.role.may]
    chosen = next((form for form in forms if form.id == typed["form"]), None)
    return page(
        request, "trail.html", room, status=REFUSED if wrong else 200,
        typed=typed, lines=acts.lines(room, found.acts, item=typed["item"]), query=query, beyond=found.beyond,
        begun=number is not None, forms=forms, items=room.seen.items(chosen) if chosen else (),
        kinds=_kinds(room), people=sorted({grant.name for grant in room.snapshot.grants if room.near(grant.site)}),
        problems=said(wrong, room.language), here=here,
    )  # fmt: skip


def _kinds(room: Room) -> list[tuple[str, str]]:
    """The kinds of acts the visitor may come upon, in words."""
    about = [kind for kind in audit.KINDS if room.seen.kind(ACTS[kind])] if "view" in room.role.may else []
    kinds = (*about, *((act.__name__ for act in STUDY_ACTS) if "audit" in room.role.may else ()))
    return sorted(((kind, say.text(f"act.{kind}", room.language)) for kind in kinds), key=lambda each: each[1])


@require_safe
@in_study("view", "audit")
def export(request: HttpRequest, room: Room) -> HttpResponseBase:
    """The same as a file of comma-separated values, to its end."""
    typed = _typed(request)
    if audit.slips(typed):
        raise Http404
    response = StreamingHttpResponse(
        audit.as_csv(room, audit.asked_for(room, typed)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{room.study}-trail.csv"'
    return response
