"""The content of a file that is an answer, for those who see the answer; a browser stores it and never shows it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from equipoise.items import Problem
from equipoise.ledger.files import content_of
from equipoise.web.messages import problem
from equipoise.web.room import Room, in_study
from equipoise.web.security import FILE_POLICY
from equipoise.web.trail import files_of, of_field
from equipoise.web.views.forms import place_of
from equipoise.web.views.trails import field_page


@require_safe
@in_study("view")
def file(
    request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int, item: str, digest: str
) -> HttpResponse:
    """A file that is or was the answer to a question. One of another question, or that is not seen, is not there."""
    place = place_of(room, code, visit, form, repeat)
    acts = of_field(room, place.subject, visit, form, repeat, item)
    found = next((each for each in files_of(room, acts, item) if each.digest == digest), None)
    if found is None:
        raise Http404
    content = content_of(found, item)
    if isinstance(content, Problem):
        wrong = problem("web.E009", item, name=found.name)
        return field_page(request, room, code, visit, form, repeat, item, (wrong,))
    response = HttpResponse(content, content_type=found.media)
    response.headers["Content-Disposition"] = content_disposition_header(True, found.name)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response
