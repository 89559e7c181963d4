"""Who is this, once more: asked before what cannot be taken back. A demonstration, without accounts, asks the name."""

from django.conf import settings
from django.http import HttpRequest

from equipoise.items import Problem
from equipoise.web.messages import problem
from equipoise.web.room import Room


def again(request: HttpRequest, room: Room) -> Problem | None:
    """What keeps the person from being taken for who is signed in, by what was typed; None when nothing does."""
    typed = request.POST.get("again", "").strip().casefold()
    if not settings.DEMO or typed != room.person.id.casefold():
        return problem("web.E007", "again")
    return None
