"""An infusion at the bedside: one page for a nurse's tablet, which keeps what is recorded while the network is away."""

from collections.abc import Mapping
from datetime import UTC, datetime
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.acts import BagChecked
from equipoise.conduct.infusions import STEPS, plain, whole
from equipoise.conduct.snapshot import Subject
from equipoise.desk import Done, Outcome
from equipoise.items import Problem
from equipoise.protocol.names import names_of
from equipoise.protocol.schedule import Encounter
from equipoise.web import infusions
from equipoise.web import language as say
from equipoise.web.bedside import grades
from equipoise.web.clock_time import moment_typed
from equipoise.web.numbers import whole_number
from equipoise.web.room import Room, in_study
from equipoise.web.vault import vault_of
from equipoise.web.views.forms import room_again
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, recorded, said

WHAT: Final = ("start", "rate", "stop", "restart", "end", "signs", "reaction")


def _place(room: Room, code: str, visit: str) -> tuple[Subject, Encounter]:
    """An infusion of a participant; where none is recorded step by step, or is not seen, there is no page."""
    subject, planned = room.subject(code), room.visit(visit)
    due = room.protocol.treatment.infusion is not None and room.protocol.treatment.form in planned.forms
    if not due or not room.seen.bedside:
        raise Http404
    return subject, planned


@require_safe
@in_study("view")
def infusion(request: HttpRequest, room: Room, code: str, visit: str) -> HttpResponse:
    """The infusion of one visit."""
    return _page(request, room, code, visit)


def _page(
    request: HttpRequest, room: Room, code: str, visit: str, problems: tuple[Problem, ...] = (), tried: str = ""
) -> HttpResponse:
    subject, planned = _place(room, code, visit)
    found, zone = subject.infusion(visit), room.zone_of(subject.site)
    held, form = subject.held(visit), room.protocol.form_by_id[room.protocol.treatment.form]
    fills = room.fills(form)
    now = room.desk.clock()
    return page(
        request, "infusion.html", room, status=REFUSED if problems else 200,
        subject=subject, visit=planned, form=form, infusion=found, state=found.state, steps=_machine(),
        bag=subject.bag(visit), held=held,
        may_record=fills and visit in subject.doses and held,
        refused=found.checks[-1].found if found.checks and found.state == "waiting" else "",
        lines=infusions.lines(room, subject, visit), signs=infusions.signs(room), grades=grades(room),
        whole=whole(room.protocol), rate=infusions.last_rate(found), zone=say.zone_words(now, zone),
        now=int(now.timestamp() * 1000), last=ceil(found.last.timestamp() * 1000) if found.last else 0,
        vault=vault_of(room), key=new_key(),
        problems=said(problems, room.language), tried=tried, typed=request.POST if problems else {},
    )  # fmt: skip


def _machine() -> dict[str, str]:
    """Of each step the states in which it is possible, as the page keeps them for the time without a network."""
    return {step: " ".join(state for state, steps in STEPS.items() if step in steps) for step in WHAT[:5]}


@require_POST
@in_study("enter")
def check(request: HttpRequest, room: Room, code: str, visit: str) -> HttpResponse:
    """Compare wristband and bag with what was released. A refusal is recorded, and said in plain words."""
    _place(room, code, visit)
    typed = request.POST
    outcome = room.desk.check_bag(
        code, visit, wristband=typed.get("wristband", "")[:64], bag=typed.get("bag", "")[:64],
        cover_intact=typed.get("cover") == "yes", by=room.person, key=key_of(request),
    )  # fmt: skip
    if problems := problems_of(outcome):
        return _page(request, room, code, visit, problems, "check")
    act = outcome.acts[0].act if isinstance(outcome, Done) else None
    if isinstance(act, BagChecked) and act.found != "matches":
        return _page(request, room_again(room), code, visit)
    return recorded(request, room, outcome, reverse("infusion", args=[room.study, code, visit]))


@require_POST
@in_study("enter")
def record(request: HttpRequest, room: Room, code: str, visit: str) -> HttpResponse:
    """Record a step, vital signs or a reaction. The page's own queue is answered in JSON."""
    subject, _ = _place(room, code, visit)
    typed, key = request.POST, key_of(request)
    at = _moment(room, subject, typed)
    outcome: Outcome | Problem = at if isinstance(at, Problem) else _recorded(room, code, visit, typed, at, key)
    problems = problems_of(outcome)
    if request.headers.get("HX-Request"):
        return JsonResponse({"problems": said(problems, room.language)}, status=REFUSED if problems else 200)
    if problems:
        return _page(request, room, code, visit, problems, typed.get("what", ""))
    return recorded(request, room, outcome, reverse("infusion", args=[room.study, code, visit]))


def _recorded(room: Room, code: str, visit: str, typed: Mapping[str, str], at: datetime, key: str) -> Outcome:
    desk, common, what = room.desk, {"at": at, "by": room.person, "key": key}, typed.get("what", "")
    if what == "signs":
        texts = {sign: typed.get(sign, "") for sign in names_of(room.protocol).items}
        return desk.take_vital_signs(code, visit, texts, **common)  # type: ignore[arg-type]
    if what == "reaction":
        said_, grade = typed.get("sign", "").strip()[:500], typed.get("grade", "")
        return desk.see_reaction(code, visit, grade=grade, sign=said_, **common)  # type: ignore[arg-type]
    rate, volume = (plain(typed.get(name, "")) for name in ("rate", "volume"))
    return desk.step_infusion(code, visit, what, rate=rate, volume=volume, **common)  # type: ignore[arg-type]


def _moment(room: Room, subject: Subject, typed: Mapping[str, str]) -> datetime | Problem:
    """When it was: the time of day typed, else when the button was pressed by the page's clock, else now."""
    now, pressed = room.desk.clock(), whole_number(typed.get("at", ""), 14)
    if typed.get("time", "").strip():
        zone = room.zone_of(subject.site)
        return moment_typed(now.astimezone(ZoneInfo(zone)).date(), typed["time"], zone)
    return now if pressed is None else datetime.fromtimestamp(pressed / 1000, UTC)
