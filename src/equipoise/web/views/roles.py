"""Giving a role: who, which duties they may hold together and which not, from when until when."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.accounts.models import Account
from equipoise.conduct.acts import RoleGranted
from equipoise.conduct.delegation import Grant, contradictions
from equipoise.desk import Outcome, delegation
from equipoise.desk.recording import made
from equipoise.items import Problem
from equipoise.protocol.schema import Role
from equipoise.web.messages import problem
from equipoise.web.reauthentication import again
from equipoise.web.room import Room, in_study
from equipoise.web.views.rendering import REFUSED, day_of, key_of, new_key, page, problems_of, recorded, said


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody a role may be given to: the id under which they act, and the name printed beside signatures."""

    person: str
    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A role that may be given or not: where, and where not for which reasons."""

    role: Role
    places: tuple[str, ...]  # sites, or "" for the whole study
    reasons: tuple[tuple[str, str, str], ...]  # id, what is wrong, what to do


@require_safe
@in_study("administer")
def look(request: HttpRequest, room: Room) -> HttpResponse:
    """Whom a role is given to, and what they may be given."""
    who = request.GET.get("who", "").strip()[:200]
    found = _candidate(room, who, request.GET.get("name", "").strip()[:120]) if who else None
    wrong = (problem("web.E032", "who"),) if who and found is None else ()
    return _look(request, room, found, wrong)


def _look(
    request: HttpRequest, room: Room, found: Candidate | None, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    return page(
        request,
        "give_role.html",
        room,
        status=REFUSED if problems else 200,
        found=found,
        has=[(g, room.protocol.role_by_id[g.role]) for g in _standing(room, found)],
        choices=[_choice(room, found, role) for role in room.protocol.roles] if found else [],
        known=sorted({(grant.person, grant.name) for grant in room.snapshot.grants}, key=lambda each: each[1]),
        demo=settings.DEMO,
        who=request.GET.get("who", ""),
        today=room.today(),
        key=new_key(),
        problems=said(problems, room.language),
        typed=request.POST if problems else {},
    )


def _standing(room: Room, found: Candidate | None) -> list[Grant]:
    return [grant for grant in room.snapshot.grants if found and grant.person == found.person and not grant.ended]


def _candidate(room: Room, who: str, name: str = "") -> Candidate | None:
    """Somebody by e-mail, by the id in the log or, in a demonstration, by an invented id; None for nobody known."""
    account = Account.objects.of(who) or Account.objects.filter(person=who, is_active=True).first()
    if account is not None:
        return Candidate(account.person, account.name)
    known = any(grant.person == who for grant in room.snapshot.grants)
    return Candidate(who, name or room.snapshot.name_of(who)) if settings.DEMO or known else None


def _choice(room: Room, found: Candidate, role: Role) -> Choice:
    sites = [site.id for site in room.protocol.sites] if role.scope == "site" else [""]
    against = {site: _against(room, found, role, site) for site in sites}
    first = {each.id: each for problems in against.values() for each in problems}
    reasons = tuple((id_, message, hint) for id_, _, message, hint in said([*first.values()], room.language))
    return Choice(role, tuple(site for site, problems in against.items() if not problems), reasons)


def _against(room: Room, found: Candidate, role: Role, site: str) -> tuple[Problem, ...]:
    """Why somebody is not given a role from today, before it is asked for."""
    act = made(RoleGranted, person=found.person, name=found.name, role=role.id, site=site, start=room.today())
    if not isinstance(act, RoleGranted):
        return act.problems
    return tuple(contradictions(act, room.snapshot.grants, room.protocol, by=room.person.id))


@require_POST
@in_study("administer")
def give(request: HttpRequest, room: Room) -> HttpResponse:
    """Give somebody a role; they take it up when they enter it."""
    key, typed = key_of(request), request.POST
    found = _candidate(room, typed.get("person", "")[:80], typed.get("name", "").strip()[:120])
    if found is None:
        return _look(request, room, None, (problem("web.E032", "who"),))
    if problems := problems_of(outcome := _given(request, room, found, key)):
        return _look(request, room, found, problems)
    return recorded(request, room, outcome, reverse("people", args=[room.study]))


def _given(request: HttpRequest, room: Room, found: Candidate, key: str) -> Outcome | Problem:
    role, _, site = request.POST.get("role", "").partition("@")
    start, end = day_of(request, "start"), day_of(request, "end") if request.POST.get("end", "").strip() else None
    for on in (start, end):
        if isinstance(on, Problem):
            return on
    assert isinstance(start, date)  # noqa: S101 - it was no problem
    assert end is None or isinstance(end, date)  # noqa: S101 - nor was this
    return again(request, room) or delegation.grant_role(
        room.desk, found.person, found.name, role, site, start=start, end=end, by=room.person, key=key
    )
