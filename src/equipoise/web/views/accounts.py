"""Accounts: signing in, one's own factors, and choosing the role through which a study is seen."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from equipoise.accounts import entrance, factors, invitations, sessions
from equipoise.accounts.models import Account
from equipoise.conduct.acts import Person
from equipoise.conduct.delegation import Grant
from equipoise.desk import Refused
from equipoise.desk.delegation import accept_role
from equipoise.items import Problem
from equipoise.protocol.schema import Protocol
from equipoise.web import deployment
from equipoise.web.reauthentication import again, challenge
from equipoise.web.room import day_at
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, said
from equipoise.web.visitors import address_of, let_in, sign_out, take_role, visitor_of


def door(request: HttpRequest, problem: Problem | None = None, email: str = "") -> HttpResponse:
    """The page on which somebody with an account signs in."""
    language = visitor_of(request).language
    return page(
        request, "entrance.html", status=REFUSED if problem else 200, email=email, next=_next(request),
        problems=said([problem] if problem else [], language),
    )  # fmt: skip


@require_POST
def by_password(request: HttpRequest) -> HttpResponse:
    """Sign in with e-mail, password and a code."""
    _only_with_accounts()
    email, password, code = (request.POST.get(name, "")[:1000] for name in ("email", "password", "code"))
    return _entered(request, entrance.by_password(email, password, code, address_of(request)), email)


@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """How many seconds are left of one's session. To ask is not to be there."""
    _only_with_accounts()
    return _left(request)


def _left(request: HttpRequest) -> HttpResponse:
    if visitor_of(request).account is None:
        return HttpResponse(status=401)
    idle, longest = sessions.left(request)
    return JsonResponse({"idle": idle, "longest": longest})


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Say that one is still there: the session begins to be idle anew."""
    _only_with_accounts()
    if visitor_of(request).account is not None:
        sessions.extend(request)
    return _left(request)


@require_POST
def passkey_challenge(request: HttpRequest) -> HttpResponse:
    """What a browser needs to answer with a passkey: anybody's to sign in, one's own to prove it again for an act."""
    _only_with_accounts()
    account = visitor_of(request).account
    return JsonResponse(factors.challenge(None) if account is None else challenge(request, account, key_of(request)))


@require_POST
def by_passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey."""
    _only_with_accounts()
    return _entered(request, entrance.by_passkey(request.POST.get("passkey", ""), address_of(request)))


def _entered(request: HttpRequest, found: Account | Problem, email: str = "") -> HttpResponse:
    if isinstance(found, Problem):
        return door(request, found, email)
    back = _next(request)
    let_in(request, found)
    offered = list(seats(found))
    if len(offered) == 1 and offered[0].grant.accepted:
        take_role(request, offered[0].study, offered[0].grant.role, offered[0].grant.site)
        return HttpResponseRedirect(back or reverse("welcome"))
    return HttpResponseRedirect(reverse("welcome") + (f"?next={back}" if back else ""))


def _next(request: HttpRequest) -> str:
    """The page to go on to; none but a page of this server."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if safe else ""


def _only_with_accounts() -> None:
    if settings.DEMO:
        raise Http404


# --- Roles ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seat:
    """A role that somebody has in a study today."""

    study: str
    protocol: Protocol
    grant: Grant
    simulated: bool
    locked: bool
    current: bool


def seats(account: Account, person: Person | None = None, study: str = "") -> Iterator[Seat]:
    """Every role an account may take today, in every study; `person` and `study` say which one it is in."""
    for id_ in deployment.studies():
        desk = deployment.desk(id_)
        snapshot = desk.ledger.snapshot()
        for grant in snapshot.grants:
            if grant.person == account.person and grant.holds(day_at(desk, grant.site)):
                mine = person is not None and (study, person.role, person.site) == (id_, grant.role, grant.site)
                yield Seat(id_, desk.protocol, grant, snapshot.simulated, snapshot.locked, mine)


def chooser(request: HttpRequest, account: Account) -> HttpResponse:
    """The roles of whoever is signed in, to choose one of."""
    visitor = visitor_of(request)
    found = list(seats(account, visitor.person, visitor.study))
    return page(
        request, "seats.html", seats=found, account=account, next=_next(request), key=new_key(),
        simulated=any(seat.simulated for seat in found),
    )  # fmt: skip


@require_POST
def enter_role(request: HttpRequest) -> HttpResponse:
    """Go into a study in one of one's roles; going there for the first time takes the role up."""
    account = visitor_of(request).account
    if account is None:
        return redirect("welcome")
    wanted = tuple(request.POST.get(name, "") for name in ("study", "role", "site"))
    seat = next((s for s in seats(account) if (s.study, s.grant.role, s.grant.site) == wanted), None)
    if seat is None:
        raise Http404
    if not seat.grant.accepted:
        by = Person(account.person, seat.grant.role, seat.grant.site)
        outcome = accept_role(deployment.desk(seat.study), by.role, by.site, by=by, key=key_of(request))
        if isinstance(outcome, Refused):
            raise Http404
    take_role(request, seat.study, seat.grant.role, seat.grant.site)
    back = _next(request)
    here = back == f"/{seat.study}/" or back.startswith(f"/{seat.study}/")
    return HttpResponseRedirect(back if here else reverse("study", args=[seat.study]))


# --- One's own account ------------------------------------------------------------------------------------------------


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, and with what one signs in."""
    return _account(request)


def _account(request: HttpRequest, problem: Problem | None = None) -> HttpResponse:
    visitor = visitor_of(request)
    if visitor.account is None:
        return redirect("welcome")
    return page(
        request, "account.html", status=REFUSED if problem else 200, account=visitor.account, key=new_key(),
        passkeys=factors.passkeys(visitor.account), app=factors.has_app(visitor.account),
        problems=said([problem] if problem else [], visitor.language),
    )  # fmt: skip


@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Set up a further passkey, another password or new recovery codes, having proved who one is."""
    account = visitor_of(request).account
    if account is None:
        return redirect("welcome")
    if wrong := again(request, None):
        return _account(request, wrong)
    link = invitations.invite(account, replaces=False, good_for=invitations.RENEWAL)
    return redirect("invitation", link.token)


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End every session of one's account, this one too: for the day a computer is lost."""
    account = visitor_of(request).account
    if account is not None:
        account.end_sessions()
        sign_out(request)
    return redirect("welcome")
