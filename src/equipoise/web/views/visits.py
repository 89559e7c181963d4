"""A visit: when it took place, and the forms due at it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.encounters import encounters
from equipoise.conduct.environment import History
from equipoise.conduct.kits import Kit
from equipoise.conduct.locks import is_frozen
from equipoise.conduct.snapshot import Subject
from equipoise.desk import Outcome
from equipoise.items import Problem
from equipoise.protocol.schedule import Encounter, Visit
from equipoise.reports.units import unit_beside
from equipoise.web import language as say
from equipoise.web.kit_stock import MARKS
from equipoise.web.messages import problem
from equipoise.web.room import Room, in_study
from equipoise.web.status import form_state, visit_state, window
from equipoise.web.views.rendering import REFUSED, day_of, key_of, new_key, page, problems_of, reason_of, recorded, said

MODES = ("site", "remote", "home")
# Why a visit did not take place as planned: the analysis reads codes. The protocol may name more for a pandemic.
BECAUSE = ("participant", "illness", "pandemic", "site", "other")
# Why a participant was seen outside the schedule.
UNSCHEDULED = ("worsening", "adverse_event", "repeat", "participant", "other")
REPLACED = ("lost", "damaged", "not_dispensed")
MISTAKEN = ("misallocated", "lost", "damaged")


@require_safe
@in_study("view")
def visit(request: HttpRequest, room: Room, code: str, visit: str) -> HttpResponse:
    """One visit of one participant."""
    return visit_page(request, room, room.subject(code), room.visit(visit))


def visit_page(
    request: HttpRequest,
    room: Room,
    subject: Subject,
    visit: Encounter,
    problems: tuple[Problem, ...] = (),
    tried: str = "",
) -> HttpResponse:
    """One visit, with what kept an act from being recorded."""
    held = subject.visits.get(visit.id)
    return page(
        request,
        "visit.html",
        room,
        status=REFUSED if problems else 200,
        subject=subject,
        visit=visit,
        held=held,
        state=visit_state(room.view, subject, visit),
        days=window(subject, visit),
        planned=isinstance(visit, Visit),
        forms=_forms(room, subject, visit),
        scores=_scores(room, subject, visit) if held and room.seen.visit(subject, visit.id) else [],
        may_enter=room.may("enter") and subject.consent is not None and not subject.screen_failure,
        modes=MODES,
        reasons=_because(room, visit),
        today=room.today(subject.site),
        kit=_kit(room, subject, visit),
        infusion=room.protocol.treatment.infusion is not None and room.seen.bedside and visit.id in subject.doses,
        neighbours=_neighbours(room, subject, visit),
        key=new_key(),
        second_key=new_key(),
        problems=said(problems, room.language),
        tried=tried,
        typed=request.POST if problems else {},
    )


def _because(room: Room, visit: Encounter) -> tuple[str, ...]:
    if visit.unscheduled:
        return UNSCHEDULED
    pandemic = room.protocol.analysis.intercurrent.pandemic
    return tuple(dict.fromkeys((*BECAUSE, *(pandemic.reasons if pandemic is not None else ()))))


def _kit(room: Room, subject: Subject, visit: Encounter) -> dict[str, object] | None:
    """The kit of a visit, and those the participant has from visits before; None where there are none to speak of."""
    if room.protocol.kits is None or not room.seen.treatment or subject.randomised is None:
        return None
    now = [room.snapshot.kits[number] for number in subject.doses.get(visit.id, ())]
    mine = [kit for kit in room.snapshot.kits.values() if kit.subject == subject.code]
    out = [kit for kit in mine if kit.status == "misallocated" or (kit.status == "dispensed" and kit not in now)]
    due = room.protocol.treatment.form in visit.forms
    may = room.may("handle_kits") and subject.ended is None
    if not now and not due and not (out and may):
        return None
    return {
        "now": [(kit, MARKS[kit.status], _replaceable(kit, subject.code)) for kit in now], "may": may, "key": new_key(),
        "out": out if may else [], "unit": room.protocol.kits.unit.in_(room.language),
        "count": room.protocol.kits.handout(visit.id).kits, "due": due and subject.treatment_stopped is None,
    }  # fmt: skip


def _replaceable(kit: Kit, code: str) -> tuple[str, ...]:
    """Why a kit of a visit may be replaced: a wrong one, and one that somebody else took, for another cause."""
    if kit.status == "misallocated":
        return MISTAKEN if kit.subject == code else MISTAKEN[:1]
    return REPLACED if kit.status == "dispensed" else ()


def _forms(room: Room, subject: Subject, visit: Encounter) -> list[dict[str, object]]:
    found = []
    for id_ in visit.forms:
        if room.seen.form(id_):
            form = room.protocol.form_by_id[id_]
            key = (visit.id, id_, 1)
            found.append(
                {
                    "form": form,
                    "label": form.label.in_(room.language),
                    "state": form_state(room.view, subject, key),
                    "fills": room.role.id in form.filled_by,
                    "by": [room.protocol.role_by_id[r].label.in_(room.language) for r in form.filled_by],
                    "signed": key in subject.signatures,
                    "signer": room.snapshot.name_of(subject.signatures[key].by) if key in subject.signatures else "",
                    "void": subject.void(key),
                    "frozen": is_frozen(subject.frozen, key),
                    "entered": room.seen.entered(subject, key),
                    "drafted": (key, room.person.id) in subject.drafts,
                }
            )
    return found


def _scores(room: Room, subject: Subject, visit: Encounter) -> list[tuple[str, str, str]]:
    env = History(room.protocol, subject).at(visit.id)
    seen = [derivation for derivation in room.protocol.derivations if room.seen.derivation(derivation)]
    named = ((each.label.in_(room.language), each) for each in seen)
    values = (
        (label, say.derived(env.get(each.id), room.language), unit_beside(label, room.language, each.unit))
        for label, each in named
    )
    return [value for value in values if value[1]]


def _neighbours(room: Room, subject: Subject, visit: Encounter) -> tuple[Encounter | None, Encounter | None]:
    visits = encounters(room.protocol, subject)
    place = visits.index(visit) if visit in visits else len(visits)
    return (visits[place - 1] if place else None, visits[place + 1] if place + 1 < len(visits) else None)


def _done(
    request: HttpRequest, room: Room, subject: Subject, visit: Encounter, outcome: Outcome | Problem, tried: str
) -> HttpResponse:
    if problems := problems_of(outcome):
        return visit_page(request, room, subject, visit, problems, tried)
    return recorded(request, room, outcome, reverse("visit", args=[room.study, subject.code, visit.id]))


@require_POST
@in_study("enter")
def hold(request: HttpRequest, room: Room, code: str, visit: str) -> HttpResponse:
    """Record that a visit took place."""
    subject, planned, on = room.subject(code), room.visit(visit), day_of(request)
    mode = request.POST.get("mode", "site")
    if mode not in MODES:
        on = problem("web.E006", "mode", field=say.text("act.mode", room.language))
    because = request.POST.get("because", "")
    if because and because not in _because(room, planned):
        on = problem("web.E006", "because", field=say.text("act.because", room.language))
    outcome = on if isinstance(on, Problem) else room.desk.hold_visit(
        code, visit, on=on, mode=mode, because=because, reason=reason_of(request),
        by=room.person, key=key_of(request),
    )  # fmt: skip
    return _done(request, room, subject, planned, outcome, "hold")


@require_POST
@in_study("enter")
def miss(request: HttpRequest, room: Room, code: str, visit: str) -> HttpResponse:
    """Record that a visit did not take place."""
    subject, planned = room.subject(code), room.visit(visit)
    because = request.POST.get("because", "")
    outcome: Outcome | Problem = problem("web.E006", "because", field=say.text("act.because", room.language))
    if because in _because(room, planned):
        outcome = room.desk.miss_visit(code, visit, because=because, by=room.person, key=key_of(request))
    return _done(request, room, subject, planned, outcome, "miss")
