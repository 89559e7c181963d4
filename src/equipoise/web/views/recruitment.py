"""Stopping recruitment, and letting it go on: at one site, or at all of them."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from equipoise.web.room import Room, in_study
from equipoise.web.views.rendering import key_of, problems_of, reason_of, recorded
from equipoise.web.views.study import study_page


@require_POST
@in_study("lock")
def recruitment(request: HttpRequest, room: Room) -> HttpResponse:
    """Let nobody more be randomised, or let it go on, for a reason."""
    change = room.desk.resume_recruitment if request.POST.get("resume") == "yes" else room.desk.stop_recruitment
    site = request.POST.get("site", "")
    outcome = change(by=room.person, key=key_of(request), reason=reason_of(request), site=site)
    if problems := problems_of(outcome):
        return study_page(request, room, problems)
    return recorded(request, room, outcome, reverse("study", args=[room.study]))
