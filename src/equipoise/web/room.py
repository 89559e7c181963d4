"""Where a visitor stands: one study, seen through one role. Every page of a study passes through here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from equipoise.conduct.acts import Person
from equipoise.conduct.snapshot import Snapshot, Subject
from equipoise.desk import Desk
from equipoise.desk.permission import may_fill, works_at
from equipoise.protocol.schedule import Encounter
from equipoise.protocol.schema import Form, Permission, Protocol, Role, Site
from equipoise.web import deployment
from equipoise.web.status import Progress, View
from equipoise.web.visibility import Sight, sight
from equipoise.web.visitors import Visitor, visitor_of

_progress: dict[str, Progress] = {}


@dataclass(frozen=True)
class Room:
    """A study as one person sees it at this moment."""

    study: str
    desk: Desk
    person: Person
    seen: Sight
    snapshot: Snapshot
    language: str

    @property
    def protocol(self) -> Protocol:
        """The trial."""
        return self.desk.protocol

    @property
    def role(self) -> Role:
        """The visitor's role."""
        return self.seen.role

    @cached_property
    def zone(self) -> str:
        """The time zone of the visitor's site, or of the first site."""
        return self.zone_of(self.person.site or self.protocol.sites[0].id)

    def zone_of(self, site: str) -> str:
        """The time zone of a site."""
        return self.protocol.zone_of(site)

    def today(self, site: str = "") -> date:
        """The date at a site."""
        return day_at(self.desk, site or self.person.site)

    @cached_property
    def view(self) -> View:
        """From where states are judged."""
        progress = _progress.get(self.study)
        if progress is None or progress.protocol is not self.protocol:
            progress = _progress[self.study] = Progress(self.protocol)
        return View(self.seen, self.today(), self.snapshot.locked, progress)

    def may(self, permission: Permission) -> bool:
        """Whether the role allows something and the study is open for it."""
        return permission in self.role.may and not self.snapshot.locked

    def fills(self, form: Form) -> bool:
        """Whether the visitor may fill in a form, and the study is open for it."""
        return self.may("enter") and not may_fill(self.protocol, self.person, form)

    def near(self, site: str) -> bool:
        """Whether a site concerns the visitor: their own; any, for those who work for the whole study."""
        return works_at(self.protocol, self.person, site)

    def sites(self) -> tuple[Site, ...]:
        """The sites that concern the visitor."""
        return tuple(site for site in self.protocol.sites if self.near(site.id))

    def subjects(self) -> tuple[Subject, ...]:
        """The participants the visitor sees, in the order of their codes."""
        return tuple(s for _, s in sorted(self.snapshot.subjects.items()) if self.seen.subject(s))

    def subject(self, code: str) -> Subject:
        """A participant; one who is not seen is not there."""
        found = self.snapshot.subjects.get(code)
        if found is None or not self.seen.subject(found):
            raise Http404
        return found

    def visit(self, visit: str) -> Encounter:
        """A visit of the schedule, or one outside it."""
        found = self.protocol.encounter(visit)
        if found is None:
            raise Http404
        return found

    def form(self, visit: str, form: str) -> Form:
        """A form that is due at a visit, or a log; one that is not seen is not there."""
        found = self.protocol.form_by_id.get(form)
        if found is None or not self.seen.form(form):
            raise Http404
        if found.repeats != (visit == "log") or (not found.repeats and form not in self.visit(visit).forms):
            raise Http404
        return found


P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Room, P], HttpResponseBase]


def in_study(*permissions: Permission, hidden: bool = False) -> Callable[[Page[P]], Callable[..., HttpResponseBase]]:
    """Open a page to those signed in whose role has one of the permissions, or to all where none is named.

    A study that lacks the role is not there, and neither is a `hidden` page for those who may not enter.
    """

    def around(page: Page[P]) -> Callable[..., HttpResponseBase]:
        @wraps(page)
        def enter(request: HttpRequest, study: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            visitor = visitor_of(request)
            if visitor.person is None:
                return _to_the_door(request)
            room = room_for(study, visitor)
            request.room = room  # type: ignore[attr-defined]
            if permissions and not set(permissions) & set(room.role.may):
                raise Http404 if hidden else PermissionDenied
            return page(request, room, *args, **kwargs)

        enter.permissions = permissions  # type: ignore[attr-defined]
        return enter

    return around


def day_at(desk: Desk, site: str) -> date:
    """The date at a site, or at the first one for the whole study."""
    return desk.clock().astimezone(ZoneInfo(desk.protocol.zone_of(site or desk.protocol.sites[0].id))).date()


def room_for(study: str, visitor: Visitor) -> Room:
    """The room of a visitor in a study; 404 where there is no such study for them, or no role of theirs any more."""
    if visitor.person is None:
        raise Http404
    room = room_of(study, visitor.person, visitor.language)
    if visitor.account is not None and not (study == visitor.study and _holds(room)):
        raise Http404
    return room


def room_of(study: str, person: Person, language: str) -> Room:
    """The room of a person in a study, whoever they may be; 404 where there is no such study for their role."""
    try:
        desk = deployment.desk(study)
        seen = sight(desk.protocol, person)
    except LookupError as error:
        raise Http404 from error
    if seen.role.scope == "site" and person.site not in {site.id for site in desk.protocol.sites}:
        raise Http404
    return Room(study, desk, person, seen, desk.ledger.snapshot(), language)


def _holds(room: Room) -> bool:
    """Whether the person has taken up this role here, and it has not ended."""
    mine, today = (room.person.id, room.person.role, room.person.site), room.today()
    return any(grant.place == mine and grant.accepted and grant.holds(today) for grant in room.snapshot.grants)


def _to_the_door(request: HttpRequest) -> HttpResponse:
    """Strangers are shown the door, and come back from it to the page they asked for.

    A page half filled in is not sent away, since what was typed would be lost.
    """
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    return HttpResponseRedirect(reverse("welcome") + back)
