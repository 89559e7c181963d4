"""The code break: one participant's arm for the investigator, at any hour, once, and on record.

The server never learns the arm. It records the act, hands over the release and the envelope, and the investigator's
browser opens that with the card. What went out is not given again: leaving, reloading or going back shows the record.
"""

import base64
import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.snapshot import Subject
from equipoise.conduct.unmasking import alarming
from equipoise.desk import Refused
from equipoise.envelopes import Code, write_code
from equipoise.items import Problem
from equipoise.ledger.sealed import sealed_list
from equipoise.protocol.schema import Arm, Protocol
from equipoise.web import language as say
from equipoise.web.messages import problem
from equipoise.web.reauthentication import again
from equipoise.web.room import Room, in_study
from equipoise.web.security import WORKSPACE_POLICY
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, reason_of, said

WHY: Final = ("life_threatening", "serious_event", "overdose", "pregnancy", "surgery", "other")
_LONGEST: Final = 500


@require_safe
@in_study("break_code")
def code_break(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Before a code break, and after it: what it needs, and when it was done."""
    return _before(request, room, room.subject(code))


def _before(request: HttpRequest, room: Room, subject: Subject, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    earlier = [each for each in room.snapshot.unmaskings.values() if each.subject == subject.code]
    return page(
        request,
        "code_break.html",
        room,
        status=REFUSED if problems else 200,
        subject=subject,
        earlier=[(each, room.snapshot.name_of(each.by)) for each in earlier],
        broken=any(each.kind == "code_break" for each in earlier),
        zone=room.zone_of(subject.site),
        **_event_form(room, subject),
        why=WHY,
        key=new_key(),
        problems=said(problems, room.language),
        repeated=any(each.id == "conduct.E118" for each in problems) or request.POST.get("confirm") == "yes",
        typed=request.POST if problems else {},
    )


@require_POST
@in_study("break_code")
def break_code(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Record the code break; the answer has what opens the envelope together with the card, and is given once."""
    subject, key, typed, reason = room.subject(code), key_of(request), request.POST, reason_of(request)
    if problems := tuple(_missing(room, typed, reason)):  # first, so that a code is not used up for nothing
        return _before(request, room, subject, problems)
    confirmed = typed.get("confirm") == "yes"
    alarm = room.protocol.masking.code_break_alarm
    many = tuple(alarming(room.snapshot.unmaskings, alarm, site=subject.site, by=room.person.id, now=room.desk.clock()))
    if many and not confirmed:  # as early, for the same cause
        return _before(request, room, subject, many)
    if who := again(request, room):
        return _before(request, room, subject, (who,))
    released = room.desk.break_code(
        code, why=typed["why"], adverse_event=typed["event"] == "yes", told=typed["told"].strip()[:_LONGEST],
        by=room.person, key=key, reason=reason, confirmed=confirmed,
    )  # fmt: skip
    if isinstance(released, Refused):
        return _before(request, room, subject, released.problems)
    response = page(
        request,
        "code_break_open.html",
        room,
        subject=subject,
        label=released.label,
        release=write_code(Code.RELEASE, released.release),
        envelope=_envelope(room.study, released.label),
        arms=json.dumps({arm.id: _named(arm, room) for arm in room.protocol.arms}, ensure_ascii=False, sort_keys=True),
        record=reverse("code_break", args=[room.study, code]),
        **_event_form(room, subject),
    )
    response.headers["Content-Security-Policy"] = WORKSPACE_POLICY
    return response


def _event_form(room: Room, subject: Subject) -> dict[str, Any]:
    """Where the adverse event is entered that goes with the emergency; nowhere for who does not see the form."""
    form = room.protocol.safety.adverse_events.form
    return {"events": form if room.seen.form(form) else "", "next_event": subject.next_row(form)}


def _missing(room: Room, typed: Any, reason: str) -> list[Problem]:
    """What was left open, named as on the page."""
    wanted = {
        "why": typed.get("why") in WHY,
        "reason": bool(reason),
        "event": typed.get("event") in ("yes", "no"),
        "told": bool(typed.get("told", "").strip()),
    }
    return [
        problem("web.E006", name, field=say.text(f"break.{name}", room.language)) for name, is_there in wanted.items()
        if not is_there
    ]  # fmt: skip


def _envelope(study: str, label: str) -> dict[str, str]:
    """What the browser needs of one envelope; empty where the list is not on this server, or has no such slot."""
    try:
        sealed = sealed_list(study)
    except LookupError:
        return {}
    slot = sealed.slot(label)
    if slot is None:
        return {}
    return {
        "envelope": base64.b64encode(slot.ciphertext).decode(),
        "break": base64.b64encode(slot.code_break).decode(),
        "context": sealed.context.of(label).decode(),
        "break_context": sealed.context.of_break(label).decode(),
    }


def _named(arm: Arm, room: Room) -> list[str]:
    return [arm.label.in_(room.language), _product(arm, room.protocol, room.language)]


def _product(arm: Arm, protocol: Protocol, language: str) -> str:
    return next((each.label.in_(language) for each in protocol.products if each.id == arm.product), "")
