"""The delegation log: who has which role where, since when, until when, by whom; and taking a role away."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.acts import Recorded
from equipoise.conduct.delegation import Grant
from equipoise.desk import delegation
from equipoise.items import Problem
from equipoise.web.reauthentication import again
from equipoise.web.room import Room, in_study
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, recorded, said


@require_safe
@in_study()
def people(request: HttpRequest, room: Room) -> HttpResponse:
    """Everybody who was ever given a role: at one's own site, or anywhere for those who work for the whole study."""
    return _people(request, room)


def _people(request: HttpRequest, room: Room, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    acts = {each.sequence: each for each in room.desk.ledger.acts(kinds=("RoleGranted", "RoleAccepted", "RoleEnded"))}
    listed = [grant for grant in room.snapshot.grants if room.role.scope == "study" or grant.site == room.person.site]
    return page(
        request,
        "people.html",
        room,
        status=REFUSED if problems else 200,
        log=[_line(room, grant, acts) for grant in listed],
        may_end="administer" in room.role.may,
        key=new_key(),
        problems=said(problems, room.language),
    )


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
    key, reason = key_of(request), request.POST.get("reason", "").strip()[:500]
    person, role, site = (request.POST.get(name, "")[:80] for name in ("person", "role", "site"))
    if wrong := again(request, room):
        return _people(request, room, (wrong,))
    outcome = delegation.end_role(room.desk, person, role, site, by=room.person, key=key, reason=reason)
    if problems := problems_of(outcome):
        return _people(request, room, problems)
    return recorded(request, room, outcome, reverse("people", args=[room.study]))
