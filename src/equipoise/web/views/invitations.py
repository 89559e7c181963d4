"""An invitation: a person sets up a passkey, or a password and an app, and is given recovery codes."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from equipoise.accounts import factors, invitations
from equipoise.accounts.messages import problem
from equipoise.accounts.models import Account, Invitation
from equipoise.items import Problem
from equipoise.web.views.accounts import seats
from equipoise.web.views.rendering import REFUSED, page, said
from equipoise.web.visitors import let_in, visitor_of

_SECRET = "app_secret"  # noqa: S105 - where in the session the secret of the app stands while it is set up


@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the invitation is to, and the two ways of setting up. Looking at it does not use it up."""
    return _page(request, token, _good(token))


def _page(request: HttpRequest, token: str, found: Invitation | None, wrong: Problem | None = None) -> HttpResponse:
    language = visitor_of(request).language
    if found is None:
        told = said([problem("accounts.E003", "invitation")], language)
        return page(request, "invitation_gone.html", status=410, problems=told)
    secret = request.session.setdefault(_SECRET, factors.new_secret())
    return page(
        request, "invitation.html", status=REFUSED if wrong else 200, token=token, invited=found.account,
        renewal=not found.replaces, seats=list(seats(found.account)), secret=secret,
        picture=SafeString(factors.picture(found.account, secret)), expires=found.expires_at,
        problems=said([wrong] if wrong else [], language),
    )  # fmt: skip


def _good(token: str) -> Invitation | None:
    return invitations.found(token)


@require_POST
def options(request: HttpRequest, token: str) -> HttpResponse:
    """What the browser needs to make a passkey."""
    found = _good(token)
    if found is None:
        raise Http404
    return JsonResponse(factors.new_passkey(found.account))


@require_POST
def with_passkey(request: HttpRequest, token: str) -> HttpResponse:
    """Set up with a passkey."""
    found, named = _good(token), request.POST.get("name", "").strip()[:60]
    if found is None:
        return _page(request, token, None)
    if not invitations.use_with_passkey(found, request.POST.get("passkey", ""), named or "passkey"):
        return _page(request, token, _good(token), problem("accounts.E007", "passkey"))
    return _ready(request, found.account)


@require_POST
def with_app(request: HttpRequest, token: str) -> HttpResponse:
    """Set up with a password and an app that shows codes."""
    found = _good(token)
    if found is None:
        return _page(request, token, None)
    password, secret = request.POST.get("password", "")[:1000], str(request.session.get(_SECRET, ""))
    wrong = _wrong(request, found.account, password, secret)
    if wrong is not None:
        return _page(request, token, found, wrong)
    if not invitations.use_with_app(found, password, secret):
        return _page(request, token, None)
    return _ready(request, found.account)


def _wrong(request: HttpRequest, account: Account, password: str, secret: str) -> Problem | None:
    try:
        validate_password(password, account)
    except ValidationError:
        return problem("accounts.E004", "password")
    if password != request.POST.get("again", "")[:1000]:
        return problem("accounts.E005", "again")
    return None if secret and factors.agrees(secret, request.POST.get("code", "")) else problem("accounts.E006", "code")


def _ready(request: HttpRequest, account: Account) -> HttpResponse:
    """Signed in, with the recovery codes on the page, once."""
    account.refresh_from_db()
    let_in(request, account)
    return page(request, "recovery.html", account=account, codes=factors.recovery_codes(account))
