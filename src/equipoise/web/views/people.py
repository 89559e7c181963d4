"""The delegation log: who has which role where, since when, until when, by whom; and taking a role away."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.accounts.models import Account
from equipoise.conduct.acts import Recorded
from equipoise.conduct.delegation import Grant
from equipoise.desk import delegation
from equipoise.items import Problem
from equipoise.web import csv_file
from equipoise.web import language as say
from equipoise.web.reauthentication import again
from equipoise.web.room import Room, in_study
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, reason_of, recorded, said


@require_safe
@in_study()
def people(request: HttpRequest, room: Room) -> HttpResponse:
    """Everybody who was ever given a role: at one's own site, or anywhere for those who work for the whole study."""
    return _people(request, room)


def _people(request: HttpRequest, room: Room, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    acts = _acts(room)
    return page(
        request,
        "people.html",
        room,
        status=REFUSED if problems else 200,
        log=[_line(room, grant, acts) for grant in _listed(room)],
        may_review=bool({"administer", "audit"} & set(room.role.may)),
        may_end="administer" in room.role.may,
        key=new_key(),
        problems=said(problems, room.language),
    )


def _listed(room: Room) -> list[Grant]:
    """The grants a visitor sees: all, or those at their own site."""
    return [grant for grant in room.snapshot.grants if room.near(grant.site)]


def _acts(room: Room) -> dict[int, Recorded]:
    """Every act of the delegation log, by its number."""
    return {each.sequence: each for each in room.desk.ledger.acts(kinds=("RoleGranted", "RoleAccepted", "RoleEnded"))}


REVIEW: Final = (
    "person", "name", "role", "role_in_words", "masked", "site", "from", "to", "state", "given_by", "given_at_utc",
    "taken_up_at_utc", "ended_by", "ended_at_utc", "reason", "last_signed_in_utc",
)  # fmt: skip


@require_safe
@in_study("administer", "audit")
def review(request: HttpRequest, room: Room) -> HttpResponse:
    """The user review as a file: who was given which role when, and whether and until when they had it."""
    acts, seen = _acts(room), dict(Account.objects.values_list("person", "last_login"))
    lines = b"".join(csv_file.line(_review(room, grant, acts, seen)) for grant in _listed(room))
    response = HttpResponse(csv_file.first_line(REVIEW) + lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{room.study}-user-review.csv"'
    return response


def _review(room: Room, grant: Grant, acts: dict[int, Recorded], seen: Mapping[str, datetime | None]) -> Iterator[str]:
    role, line = room.protocol.role_by_id[grant.role], _line(room, grant, acts)
    given, accepted, ended = (acts.get(number) for number in (grant.given, grant.accepted, grant.ended))
    yield from (grant.person, grant.name, role.id, role.label.in_(room.language), "yes" if role.masked else "no")
    yield from (
        grant.site,
        str(grant.start),
        str(grant.end or ""),
        say.text(f"people.state.{line['state']}", room.language),
    )
    yield from (
        grant.by,
        _at(given),
        _at(accepted),
        ended.by.id if ended else "",
        _at(ended),
        ended.reason if ended else "",
    )
    last = seen.get(grant.person)
    yield f"{last:%Y-%m-%dT%H:%M:%SZ}" if last else ""


def _at(each: Recorded | None) -> str:
    return f"{each.at:%Y-%m-%dT%H:%M:%SZ}" if each else ""


def _line(room: Room, grant: Grant, acts: dict[int, Recorded]) -> dict[str, object]:
    ended = acts.get(grant.ended)
    return {
        "grant": grant,
        "role": room.protocol.role_by_id[grant.role],
        "by": room.snapshot.name_of(grant.by),
        "accepted": acts[grant.accepted].at if grant.accepted else None,
        "ended": ended.at if ended else None,
        "reason": ended.reason if ended else "",
        "state": "ended" if ended else "waits" if not grant.accepted else "holds" if _today(room, grant) else "over",
    }


def _today(room: Room, grant: Grant) -> bool:
    return grant.holds(room.today(grant.site))


@require_POST
@in_study("administer")
def end_role(request: HttpRequest, room: Room) -> HttpResponse:
    """Take a role from a person; it counts from their next page on."""
    key, reason = key_of(request), reason_of(request)
    person, role, site = (request.POST.get(name, "")[:80] for name in ("person", "role", "site"))
    if wrong := again(request, room):
        return _people(request, room, (wrong,))
    outcome = delegation.end_role(room.desk, person, role, site, by=room.person, key=key, reason=reason)
    if problems := problems_of(outcome):
        return _people(request, room, problems)
    return recorded(request, room, outcome, reverse("people", args=[room.study]))
