"""The page a day begins with."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from equipoise.web import today as work
from equipoise.web.room import Room, in_study
from equipoise.web.views.rendering import page


@require_safe
@in_study("view")
def today(request: HttpRequest, room: Room) -> HttpResponse:
    """What waits for the visitor."""
    found = work.tasks(room)
    groups = [
        (group, [(task, *work.tag(group, task.state)) for task in found[group]])
        for group in work.GROUPS
        if found[group]
    ]
    return page(request, "today.html", room, groups=groups, day=room.today(room.person.site))
