"""Proving again who one is, for one act: a signature, a lock, a code break. An open session alone signs nothing.

The first time in a session it takes a passkey, or password and code; after that any one of them (21 CFR 11.200(a)(1)).
Who has passkeys only, and signed in with one, may give a recovery code in its place.
The answer of a passkey belongs to the key of the form it was asked for, and is good once. A demonstration has no
accounts: there one types the id that stands at the top of the page. Nothing here is ever shut for too many attempts by
others; wrong six-digit codes are slowed as at the entrance, and a recovery code is taken in their place.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from equipoise.accounts import entrance, factors
from equipoise.accounts.messages import problem
from equipoise.accounts.models import Account
from equipoise.items import Problem
from equipoise.web.room import Room
from equipoise.web.visitors import address_of, visitor_of

_PROVED: Final = "proved"  # in the session, once somebody proved it with everything: for which act they did last
_KEY: Final = "proving"  # in the session: the key of the form a passkey was asked for


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page asks for: an id in a demonstration, otherwise a passkey or what somebody knows and has."""

    demo: bool
    person: str
    passkey: bool
    password: bool
    first: bool


def asked(request: HttpRequest) -> Asked:
    """What this visitor is asked for before an act."""
    visitor = visitor_of(request)
    account, person = visitor.account, visitor.person
    return Asked(
        demo=settings.DEMO,
        person=person.id if person else "",
        passkey=account is not None and bool(factors.passkeys(account)),
        password=account is not None and account.has_usable_password(),
        first=_PROVED not in request.session,
    )


def challenge(request: HttpRequest, account: Account, key: str) -> dict[str, Any]:
    """What the browser needs to prove the possession of a passkey, for the act with this key."""
    request.session[_KEY] = key
    return factors.challenge(account)


def again(request: HttpRequest, room: Room | None) -> Problem | None:
    """Why it is not proved that the visitor is who they are; None when it is. Reads the fields of `again.html`."""
    visitor, post = visitor_of(request), request.POST
    if settings.DEMO:
        person = room.person.id if room is not None else ""
        meant = bool(person) and post.get("again", "").strip().casefold() == person.casefold()
        return None if meant else problem("accounts.E009", "again", person=person)
    if visitor.account is None:
        return problem("accounts.E008", "again")
    act = [request.path, post.get("key", "")]
    if request.session.get(_PROVED) == act:
        return None  # the same request once more, which records nothing new
    prove = _by_passkey if post.get("again_passkey") else _by_words
    found = prove(request, visitor.account)
    if found is None:
        request.session[_PROVED] = act
    return found


def _by_passkey(request: HttpRequest, account: Account) -> Problem | None:
    meant = request.session.pop(_KEY, None) == request.POST.get("key", "")
    proved = factors.answered(request.POST["again_passkey"], account) == account and meant
    _note(request, account, "passkey", believed=proved)
    return None if proved else problem("accounts.E007", "again_passkey")


def _by_words(request: HttpRequest, account: Account) -> Problem | None:
    password, code = request.POST.get("again_password", ""), request.POST.get("again_code", "").strip()
    both = account.has_usable_password() and _PROVED not in request.session
    if both and not (password and code):
        return problem("accounts.E010", "again_code")
    road = entrance.road_of(code)
    if road == "code" and entrance.shut(entrance.typed(account.email), address_of(request)):
        return problem("accounts.E002", "again_code")
    known = not password or account.check_password(password)
    proved = bool(password or code) and known and (not code or factors.code_is_right(account, code))
    _note(request, account, road, believed=proved)
    return None if proved else problem("accounts.E008", "again_code")


def _note(request: HttpRequest, account: Account, by: str, *, believed: bool) -> None:
    entrance.note(account, entrance.typed(account.email), address_of(request), by, believed=believed)
