"""What somebody types is kept before it is saved, and can be let go of."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_POST

from equipoise.desk import Refused
from equipoise.web import entry
from equipoise.web import language as say
from equipoise.web.room import Room, in_study
from equipoise.web.views.forms import back_to, place_of, room_again
from equipoise.web.views.rendering import REFUSED, key_of, said


@require_POST
@in_study("enter")
def draft(request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int) -> HttpResponse:
    """Keep the questions that were sent as they were typed. The answer says when, in the visitor's language."""
    place = place_of(room, code, visit, form, repeat)
    typed = entry.typed_from(request.POST, place)
    names = {name.removeprefix(entry.MISSING_PREFIX) for name in request.POST}  # a file comes only when it is saved
    sent = {item: (text, typed.missing[item]) for item, text in typed.texts.items() if item in names}
    outcome = room.desk.draft_form(code, visit, form, sent, by=room.person, key=key_of(request), repeat=repeat)
    if isinstance(outcome, Refused):
        return JsonResponse({"problems": said(outcome.problems, room.language)}, status=REFUSED)
    at = say.clock_time(room.desk.clock(), room.zone_of(place.subject.site))
    return JsonResponse({"words": say.text("draft.kept", room.language, at=at)})


@require_POST
@in_study("enter")
def discard(request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int) -> HttpResponse:
    """Let go of what was typed and not saved; the form is as it was saved."""
    place, key = place_of(room, code, visit, form, repeat), key_of(request)
    if place.draft is not None:
        room.desk.discard_draft(code, visit, form, by=room.person, key=key, repeat=repeat)
    return HttpResponseRedirect(back_to(room_again(room), code, place.key))
