"""The way in: who am I today, which language, which study."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.acts import Person
from equipoise.protocol.schema import Protocol, Role, Site
from equipoise.web import deployment
from equipoise.web.language import LANGUAGES
from equipoise.web.room import Room, room_for
from equipoise.web.views.accounts import chooser, door
from equipoise.web.views.rendering import page
from equipoise.web.visitors import Visitor, choose_language, sign_in, sign_out, visitor_of


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """The roles or the studies of a person who is signed in; otherwise the door."""
    visitor = visitor_of(request)
    if visitor.account is not None:
        return chooser(request, visitor.account)
    if visitor.person is not None:
        rooms = _rooms(visitor)
        return page(request, "studies.html", rooms=rooms, simulated=any(room.snapshot.simulated for room in rooms))
    if not settings.DEMO:
        return door(request)
    roles, sites = _staff()
    return page(request, "sign_in.html", roles=roles, sites=sites, simulated=True)


def _rooms(visitor: Visitor) -> list[Room]:
    found: list[Room] = []
    for study in deployment.studies():
        try:
            found.append(room_for(study, visitor))
        except Http404:  # the study has no such role or site
            continue
    return found


def _staff() -> tuple[list[Role], list[Site]]:
    """Every role and every site of the studies here, each once."""
    protocols: list[Protocol] = [deployment.ledger(study).protocol for study in deployment.studies()]
    roles = {role.id: role for protocol in reversed(protocols) for role in protocol.roles}
    sites = {site.id: site for protocol in reversed(protocols) for site in protocol.sites}
    return list(roles.values()), sorted(sites.values(), key=lambda site: site.id)


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as an invented member of staff; only in a demonstration."""
    if not settings.DEMO:
        raise Http404
    roles, sites = _staff()
    role = next((role for role in roles if role.id == request.POST.get("role")), None)
    site = request.POST.get("site", "") if role is not None and role.scope == "site" else ""
    if role is None or (role.scope == "site" and site not in {place.id for place in sites}):
        raise Http404
    sign_in(request, Person(f"{role.id}-{site}" if site else role.id, role.id, site))
    return redirect("welcome")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out, and have the browser forget what it kept; what could not be sent stays, sealed for who typed it."""
    sign_out(request)
    response = HttpResponseRedirect(reverse("welcome"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language and come back to the same page."""
    chosen = request.POST.get("language", "")
    if chosen in LANGUAGES:
        choose_language(request, chosen)
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return HttpResponseRedirect(back if safe else reverse("welcome"))
