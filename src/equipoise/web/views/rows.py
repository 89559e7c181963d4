"""A row of a log that was entered in error: marked so with a reason, and never removed."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from equipoise.web.room import Room, in_study
from equipoise.web.views.forms import form_with, place_of
from equipoise.web.views.rendering import key_of, problems_of, recorded


@require_POST
@in_study("enter")
def in_error(request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int) -> HttpResponse:
    """Mark a row as entered in error."""
    place = place_of(room, code, visit, form, repeat)
    reason = request.POST.get("because", "").strip()[:500]
    outcome = room.desk.mark_row_in_error(code, form, repeat, by=room.person, key=key_of(request), reason=reason)
    if problems := problems_of(outcome):
        return form_with(request, room, place, problems)
    return recorded(request, room, outcome, reverse("casebook", args=[room.study, code]) + f"#log-{form}")
