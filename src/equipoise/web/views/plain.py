"""Pages that belong to no study: the style guide, the sign of life, and what is said when something fails."""

import sys

from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from equipoise.items import STATES
from equipoise.web.security import error_id, record_failure
from equipoise.web.status import FORM_STATES, SUBJECT_STATES, VISIT_STATES
from equipoise.web.views.rendering import page


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Every part the pages are made of, once."""
    return page(
        request, "style.html", visit_states=VISIT_STATES, form_states=FORM_STATES, subject_states=SUBJECT_STATES,
        item_states=STATES, simulated=True,
    )  # fmt: skip


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether the server and both databases answer; 503 when one does not."""
    answers = {alias: _answers(alias) for alias in connections}
    well = all(answers.values())
    return JsonResponse({"status": "ok" if well else "failing", "databases": answers}, status=200 if well else 503)


def _answers(alias: str) -> bool:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is nothing here, or nothing for this person; the page does not say which."""
    return _failed(request, 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """This role may not do this."""
    return _failed(request, 403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent makes no sense."""
    return _failed(request, 400)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What was sent did not come from a page of ours."""
    return _failed(request, 403)


def broken(request: HttpRequest) -> HttpResponse:
    """Something failed here."""
    return _failed(request, 500)


def _failed(request: HttpRequest, status: int) -> HttpResponse:
    identifier = error_id()
    if status != 404:
        record_failure(request, identifier, sys.exc_info()[1])
    room = getattr(request, "room", None)
    return page(request, "failure.html", room, status=status, code=status, identifier=identifier)
