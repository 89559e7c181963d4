"""Who is looking at the pages: a person in a role at a site, kept in the session, and the language they read.

In a demonstration anybody is whom they say they are, in every study. Elsewhere the session belongs to an account, and
the role is one of those the account was given in one study.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from equipoise.accounts import sessions
from equipoise.accounts.models import Account
from equipoise.conduct.acts import Person
from equipoise.web.language import wanted

Respond = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A reader of the pages; `person` is None before signing in, and until somebody with an account chose a role.

    `study` is the one the role was given in; a demonstration has no accounts and asks for none.
    """

    person: Person | None
    language: str
    account: Account | None = None
    study: str = ""


def visitor_middleware(respond: Respond) -> Respond:
    """Every request knows its visitor."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.visitor = _visitor(request)  # type: ignore[attr-defined]
        response = respond(request)
        response.headers["Content-Language"] = "zh-CN" if visitor_of(request).language == "zh" else "en"
        return response

    return answer


def visitor_of(request: HttpRequest) -> Visitor:
    """The visitor of a request; a stranger where the middleware did not run."""
    found = getattr(request, "visitor", None)
    return found if isinstance(found, Visitor) else Visitor(None, "en")


def sign_in(request: HttpRequest, person: Person) -> None:
    """Begin a new session of a demonstration for a person; the language stays."""
    language = visitor_of(request).language
    request.session.flush()
    request.session.update({"person": person.id, "role": person.role, "site": person.site, "language": language})


def let_in(request: HttpRequest, account: Account) -> None:
    """Begin a new session for somebody who proved who they are; the language stays."""
    language = visitor_of(request).language
    sessions.begin(request, account)
    request.session["language"] = language
    request.visitor = Visitor(None, language, account)  # type: ignore[attr-defined]


def take_role(request: HttpRequest, study: str, role: str, site: str) -> None:
    """See a study through one role from now on."""
    request.session.update({"study": study, "role": role, "site": site})


def sign_out(request: HttpRequest) -> None:
    """End the session; the language stays."""
    language = visitor_of(request).language
    request.session.flush()
    request.session["language"] = language


def choose_language(request: HttpRequest, language: str) -> None:
    """Remember the language a visitor chose."""
    request.session["language"] = language


def address_of(request: HttpRequest) -> str:
    """Where a request came from: as the proxy in front saw it, where there is one."""
    seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.TLS else ""
    return seen or str(request.META.get("REMOTE_ADDR", ""))


def _visitor(request: HttpRequest) -> Visitor:
    language = wanted(request)
    if settings.DEMO:
        return Visitor(_person(request, str(request.session.get("person", ""))), language)
    account = sessions.account_of(request, touch=request.path != reverse("session"))  # a page asks that, and nobody
    if account is None:
        return Visitor(None, language)
    return Visitor(_person(request, account.person), language, account, str(request.session.get("study", "")))


def _person(request: HttpRequest, person: str) -> Person | None:
    role, site = (request.session.get(name) for name in ("role", "site"))
    return Person(person, str(role), str(site)) if person and role else None
