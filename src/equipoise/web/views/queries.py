"""Queries: the list, and raising, answering and closing one without leaving the form."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.snapshot import Query
from equipoise.items import Problem
from equipoise.web import casebook as book
from equipoise.web import language as say
from equipoise.web.messages import problem
from equipoise.web.numbers import whole_number
from equipoise.web.room import Room, in_study
from equipoise.web.views.forms import back_to, room_again
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, recorded, said

STATUSES = ("open", "answered", "closed")
_A_PAGE = 100


@require_safe
@in_study("view")
def queries(request: HttpRequest, room: Room) -> HttpResponse:
    """Every query the visitor sees, those in one state at a time."""
    wanted = request.GET.get("status", "open")
    return _list(request, room, wanted if wanted in STATUSES else "open")


def _list(request: HttpRequest, room: Room, wanted: str, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    subjects = room.subjects()
    found = [q for subject in subjects for q in book.questions(room, subject, wanted)]
    number = _page_number(request)
    return page(
        request,
        "queries.html",
        room,
        status=REFUSED if problems else 200,
        problems=said(problems, room.language),
        may_close=room.may("query") and wanted == "answered",
        key=new_key(),
        questions=found[(number - 1) * _A_PAGE : number * _A_PAGE],
        wanted=wanted,
        counts=[(s, sum(1 for subject in subjects for _ in book.questions(room, subject, s))) for s in STATUSES],
        number=number,
        more=len(found) > number * _A_PAGE,
    )


def _page_number(request: HttpRequest) -> int:
    return max(1, whole_number(request.GET.get("page", ""), 5) or 1)


def _seen(room: Room, code: str, identifier: str) -> Query:
    found = (query for query in room.seen.queries(room.subject(code)) if query.id == identifier)
    if (query := next(found, None)) is None:
        raise Http404
    return query


def _thread(
    request: HttpRequest, room: Room, code: str, query: Query, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    """One query with its answers, as it stands on the form; the visit, where the answer closed the form."""
    now = room_again(room)
    if not now.seen.entered(now.subject(code), query.key):
        return HttpResponse(headers={"HX-Redirect": _form_of(now, code, query)})
    return page(
        request, "query.html", now, status=REFUSED if problems else 200,
        subject=now.subject(code), query=_seen(now, code, query.id),
        may_answer=room.may("answer"), may_query=room.may("query"), may_edit=True,
        query_problems=said(problems, room.language), typed=request.POST.get("text", "") if problems else "",
    )  # fmt: skip


@require_POST
@in_study("answer")
def answer(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Answer a query."""
    query = _seen(room, code, request.POST.get("query", ""))
    words = request.POST.get("text", "").strip()[:2000]
    if not words:
        missing = problem("web.E006", query.id, field=say.text("query.answer", room.language))
        return _thread(request, room, code, query, (missing,))
    outcome = room.desk.answer_query(code, query.id, text=words, by=room.person, key=key_of(request))
    if (problems := problems_of(outcome)) or request.headers.get("HX-Request"):
        return _thread(request, room, code, query, problems)
    return recorded(request, room, outcome, _form_of(room_again(room), code, query))


@require_POST
@in_study("query")
def close(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Settle a query."""
    query = _seen(room, code, request.POST.get("query", ""))
    outcome = room.desk.close_query(code, query.id, by=room.person, key=key_of(request))
    if (problems := problems_of(outcome)) or request.headers.get("HX-Request"):
        return _thread(request, room, code, query, problems)
    return recorded(request, room, outcome, _form_of(room_again(room), code, query))


@require_POST
@in_study("query")
def close_together(request: HttpRequest, room: Room) -> HttpResponse:
    """Settle the queries that were ticked: all of them, or none."""
    ticked = [name.partition("/")[::2] for name in request.POST.getlist("query")[:_A_PAGE]]
    for code, identifier in ticked:
        _seen(room, code, identifier)
    outcome = room.desk.close_queries(ticked, by=room.person, key=key_of(request))
    if problems := problems_of(outcome):
        return _list(request, room, "answered", problems)
    return recorded(request, room, outcome, reverse("queries", args=[room.study]) + "?status=answered")


def _form_of(room: Room, code: str, query: Query) -> str:
    return f"{back_to(room, code, query.key)}#item-{query.item}"
