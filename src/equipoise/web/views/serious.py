"""A serious adverse event: said in one click from its row, with its clocks, its reports and a downgrade.

The event's data are those of the row, shown here and never copied.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.snapshot import FormKey, Subject
from equipoise.desk import Outcome
from equipoise.items import Problem
from equipoise.protocol.names import LOG
from equipoise.web import language as say
from equipoise.web import serious as events
from equipoise.web.clock_time import moment_typed
from equipoise.web.messages import problem
from equipoise.web.reauthentication import again
from equipoise.web.room import Room, in_study
from equipoise.web.rows import answer_words
from equipoise.web.views.rendering import REFUSED, day_of, key_of, new_key, page, problems_of, reason_of, recorded, said


def _row(room: Room, code: str, repeat: int) -> tuple[Subject, FormKey]:
    """An adverse event that is entered; one that is not seen is not there."""
    subject, form = room.subject(code), room.protocol.safety.adverse_events.form
    key = (LOG, form, repeat)
    if not room.seen.form(form) or key not in subject.values:
        raise Http404
    return subject, key


@require_safe
@in_study("view")
def serious(request: HttpRequest, room: Room, code: str, repeat: int) -> HttpResponse:
    """One adverse event as a serious one."""
    return _page(request, room, code, repeat)


def _page(
    request: HttpRequest, room: Room, code: str, repeat: int, problems: tuple[Problem, ...] = (), tried: str = ""
) -> HttpResponse:
    subject, key = _row(room, code, repeat)
    known, zone, form = subject.serious.get(key), room.zone_of(subject.site), room.protocol.form_by_id[key[1]]
    standing = None if known is None or known.downgraded else known
    now = room.desk.clock()
    may_say = room.fills(form)
    return page(
        request, "serious.html", room, status=REFUSED if problems else 200,
        subject=subject, key_of_row=key, form=form, facts=_facts(room, subject, key), known=standing,
        downgraded=known is not None and known.downgraded,
        aware=say.moment(standing.aware, zone, room.language) if standing else "",
        lines=_lines(room, subject, key), why=_why(room, subject, key),
        may_say=may_say, may_downgrade=may_say and room.may("report_safety"),
        today=now.astimezone(ZoneInfo(zone)).date(), at=say.clock_time(now, zone)[:5], zone=say.zone_words(now, zone),
        key=new_key(), second_key=new_key(), problems=said(problems, room.language), tried=tried,
        typed=request.POST if problems else {},
    )  # fmt: skip


def _facts(room: Room, subject: Subject, key: FormKey) -> list[tuple[str, str]]:
    """The event as it stands in its row: each question that has an answer."""
    values = subject.values[key]
    words = (
        (item.label.in_(room.language), answer_words(room.seen, subject, item, values.get(item.id), room.language))
        for item in room.seen.items(room.protocol.form_by_id[key[1]])
    )
    return [(label, said_) for label, said_ in words if said_]


def _lines(room: Room, subject: Subject, key: FormKey) -> list[dict[str, object]]:
    zone = room.zone_of(subject.site)
    return [
        {
            "what": events.what(room, each.duty),
            "source": each.duty.clock.source,
            "clock": each.duty.clock.id,
            "since": say.minute(each.duty.since, zone, room.language),
            "due": say.minute(each.duty.due, zone, room.language),
            "sent": say.minute(each.duty.sent, zone, room.language) if each.duty.sent else "",
            "state": each.state,
            "mine": each.mine,
            "awareness": each.duty.clock.awareness,
        }
        for each in events.standings(room, subject, key)
    ]


def _why(room: Room, subject: Subject, key: FormKey) -> list[tuple[str, str, bool]]:
    """Why an event is serious, to choose from: code, words, and whether the row says so already."""
    item = room.protocol.safety.adverse_events.seriousness
    if item is None:
        return []
    codes = room.protocol.code_lists[room.protocol.form_by_id[key[1]].item_by_id[item].codes]
    chosen = subject.values[key].get(item)
    return [(each.code, each.label.in_(room.language), each.code == chosen) for each in codes]


def _done(
    request: HttpRequest, room: Room, code: str, repeat: int, outcome: Outcome | Problem, tried: str
) -> HttpResponse:
    if problems := problems_of(outcome):
        return _page(request, room, code, repeat, problems, tried)
    return recorded(request, room, outcome, reverse("serious", args=[room.study, code, repeat]))


def _moment(request: HttpRequest, zone: str) -> datetime | Problem:
    """The moment somebody typed: a day, and a time of day at the site."""
    on = day_of(request)
    if isinstance(on, Problem):
        return on
    return moment_typed(on, request.POST.get("time", ""), zone)


@require_POST
@in_study("enter")
def known(request: HttpRequest, room: Room, code: str, repeat: int) -> HttpResponse:
    """Record that an event is serious, and since when the site knows; or an earlier moment than was recorded."""
    subject, key = _row(room, code, repeat)
    aware, why = _moment(request, room.zone_of(subject.site)), request.POST.get("seriousness", "")
    choices = [each for each, _, _ in _why(room, subject, key)]
    if choices and why not in choices:
        aware = problem("web.E006", "seriousness", field=say.text("serious.why", room.language))
    if isinstance(aware, Problem):
        return _done(request, room, code, repeat, aware, "known")
    on: date = aware.date()
    outcome = room.desk.know_serious(
        code, repeat, aware=aware, on=on, seriousness=why, by=room.person, key=key_of(request),
        reason=reason_of(request),
    )  # fmt: skip
    return _done(request, room, code, repeat, outcome, "known")


@require_POST
@in_study("report_safety")
def report(request: HttpRequest, room: Room, code: str, repeat: int) -> HttpResponse:
    """Record that a report went out: a site's at this moment and to the sponsor, the sponsor's when it says."""
    subject, _ = _row(room, code, repeat)
    sent = room.desk.clock() if room.role.scope == "site" else _moment(request, room.zone_of(subject.site))
    if isinstance(sent, Problem):
        return _done(request, room, code, repeat, sent, "report")
    outcome = room.desk.send_safety_report(
        code, repeat, clock=request.POST.get("clock", ""), sent=sent, by=room.person, key=key_of(request)
    )
    return _done(request, room, code, repeat, outcome, "report")


@require_POST
@in_study("report_safety")
def downgrade(request: HttpRequest, room: Room, code: str, repeat: int) -> HttpResponse:
    """Record that an event is not serious after all: an act of a physician, with a reason and signed anew."""
    _row(room, code, repeat)
    reason, key = reason_of(request), key_of(request)
    outcome = again(request, room) or room.desk.downgrade_serious(code, repeat, by=room.person, key=key, reason=reason)
    return _done(request, room, code, repeat, outcome, "downgrade")
