"""The study itself: its sites, its lock, its protocol and its report."""

import mimetypes
from collections import Counter
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.acts import Person
from equipoise.desk.allocation import allocator_locked
from equipoise.items import Problem
from equipoise.protocol.schema import Role
from equipoise.web import deployment
from equipoise.web.matrix import heading
from equipoise.web.room import Room, in_study
from equipoise.web.security import REPORT_POLICY
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, recorded, said
from equipoise.web.visibility import Sight, sight


@require_safe
@in_study()
def study(request: HttpRequest, room: Room) -> HttpResponse:
    """What the study is and how far it has got."""
    return study_page(request, room)


def study_page(request: HttpRequest, room: Room, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    """The page of the study, with what kept an act from being recorded."""
    subjects = room.subjects()
    screened = Counter(subject.site for subject in subjects)
    randomised = Counter(subject.site for subject in subjects if subject.randomised)
    sites = [(site, site.id in room.snapshot.sites, screened[site.id], randomised[site.id]) for site in room.sites()]
    return page(
        request,
        "study.html",
        room,
        status=REFUSED if problems else 200,
        sites=sites,
        sees_subjects="view" in room.role.may,
        may_activate="administer" in room.role.may,
        may_lock="lock" in room.role.may,
        sees_lock=bool({"lock", "audit"} & set(room.role.may)),
        running_out=room.desk.running_out(by=room.person),
        allocator_locked=allocator_locked(room.desk.ledger, by=room.person),
        supply=room.snapshot.supply,
        stopped=sorted(room.snapshot.recruitment.stopped),
        opened=_opened(room),
        key=new_key(),
        problems=said(problems, room.language),
    )


@require_POST
@in_study("administer")
def activate(request: HttpRequest, room: Room, site: str) -> HttpResponse:
    """Open a site for screening."""
    outcome = room.desk.activate_site(site, by=room.person, key=key_of(request))
    if problems := problems_of(outcome):
        return study_page(request, room, problems)
    return recorded(request, room, outcome, reverse("study", args=[room.study]))


# --- The protocol ---------------------------------------------------------------------------------------------------


@require_safe
@in_study()
def protocol(request: HttpRequest, room: Room) -> HttpResponse:
    """When what is done, and who sees what."""
    trial, language = room.protocol, room.language
    visits = (*trial.visits, *trial.outside)
    due = [form for form in trial.forms if not form.repeats]
    roles = list(trial.roles)
    sights = {role.id: sight(trial, Person("", role.id, "")) for role in roles}
    return page(
        request,
        "protocol.html",
        room,
        visits=[(heading(visit, language), visit.label.in_(language)) for visit in visits],
        schedule=[(f.label.in_(language), [f.id in visit.forms for visit in visits]) for f in due],
        roles=roles,
        forms=[(form.label.in_(language), [_sees(sights[r.id], r, form.id) for r in roles]) for form in trial.forms],
        scores=[
            (d.label.in_(language), ["yes" if sights[r.id].derivation(d) and "view" in r.may else "no" for r in roles])
            for d in trial.derivations
            if room.seen.derivation(d)
        ],
        identity=room.snapshot.protocol,
    )


def _sees(seen: Sight, role: Role, form: str) -> str:
    """Whether a role fills in a form, sees it, sees part of it, or does not know of it."""
    spec = seen.protocol.form_by_id[form]
    items = seen.items(spec)
    if "view" not in role.may or not items:
        return "no"
    if role.id in spec.filled_by and "enter" in role.may:
        return "fills"
    return "yes" if len(items) == len(spec.items) else "partly"


# --- The report -----------------------------------------------------------------------------------------------------


def _opened(room: Room) -> bool:
    """Whether the allocation list was opened; before that there is no result to show anybody."""
    return any(True for _ in room.desk.ledger.rows(kinds=("ListOpened",)))


@require_safe
@in_study("view")
def report(request: HttpRequest, room: Room) -> HttpResponse:
    """The files of the report, or why there are none yet."""
    opened = _opened(room)
    folder = Path(deployment.report_folder(room.study))
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if opened and folder.is_dir() else []
    listed = [(path.relative_to(folder).as_posix(), path.stat().st_size) for path in files]
    listed.sort(key=lambda file: (file[0].count("/"), file[0]))
    names, own = {name for name, _ in listed}, ".zh" if room.language == "zh" else ""
    first = [(id_, f"report{own}.{id_}") for id_ in ("html", "pdf") if f"report{own}.{id_}" in names]
    return page(request, "report.html", room, opened=opened, files=listed, first=first, locked=room.snapshot.locked)


@require_safe
@in_study("view")
def report_file(request: HttpRequest, room: Room, path: str) -> HttpResponseBase:
    """One file of the report."""
    folder = Path(deployment.report_folder(room.study)).resolve()
    wanted = (folder / path).resolve()
    if not _opened(room) or not wanted.is_relative_to(folder) or not wanted.is_file():
        raise Http404
    kind = mimetypes.guess_type(wanted.name)[0] or "application/octet-stream"
    response = FileResponse(wanted.open("rb"), content_type=kind)
    response.headers["Content-Security-Policy"] = REPORT_POLICY
    return response
