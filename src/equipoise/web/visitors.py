"""Who is looking at the pages: a person in a role at a site, kept in the signed session, and the language they read."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from equipoise.conduct.acts import Person
from equipoise.web.language import wanted

Respond = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A reader of the pages; `person` is None before signing in."""

    person: Person | None
    language: str


def visitor_middleware(respond: Respond) -> Respond:
    """Every request knows its visitor."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.visitor = Visitor(_person(request), wanted(request))  # type: ignore[attr-defined]
        response = respond(request)
        response.headers["Content-Language"] = "zh-CN" if visitor_of(request).language == "zh" else "en"
        return response

    return answer


def visitor_of(request: HttpRequest) -> Visitor:
    """The visitor of a request; a stranger where the middleware did not run."""
    found = getattr(request, "visitor", None)
    return found if isinstance(found, Visitor) else Visitor(None, "en")


def sign_in(request: HttpRequest, person: Person) -> None:
    """Begin a new session for a person; the language stays."""
    language = visitor_of(request).language
    request.session.flush()
    request.session.update({"person": person.id, "role": person.role, "site": person.site, "language": language})


def sign_out(request: HttpRequest) -> None:
    """End the session; the language stays."""
    language = visitor_of(request).language
    request.session.flush()
    request.session["language"] = language


def choose_language(request: HttpRequest, language: str) -> None:
    """Remember the language a visitor chose."""
    request.session["language"] = language


def _person(request: HttpRequest) -> Person | None:
    known = [request.session.get(name) for name in ("person", "role", "site")]
    if not all(isinstance(part, str) for part in known) or not known[0]:
        return None
    return Person(*map(str, known))
