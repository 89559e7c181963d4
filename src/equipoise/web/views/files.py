"""The content of a file that is an answer, for those who see the answer; a browser stores it and never shows it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from equipoise.ledger.files import content_of, named_by
from equipoise.web.room import Room, in_study
from equipoise.web.security import FILE_POLICY
from equipoise.web.trail import of_field
from equipoise.web.views.forms import place_of


@require_safe
@in_study("view")
def file(
    request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int, item: str, digest: str
) -> HttpResponse:
    """A file that is or was the answer to a question. One of another question, or that is not seen, is not there."""
    place = place_of(room, code, visit, form, repeat)
    if not room.seen.item(form, item):
        raise Http404
    acts = of_field(room, place.subject, visit, form, repeat, item)
    named = (found for act in acts for found in named_by(act.act, room.protocol) if found.digest == digest)
    if (found := next(named, None)) is None:
        raise Http404
    response = HttpResponse(content_of(found), content_type=found.media)
    response.headers["Content-Disposition"] = content_disposition_header(True, found.name)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response
