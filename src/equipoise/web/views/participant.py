"""A participant's casebook, and what is done with a participant: consent, eligibility, randomisation, the end."""

from collections.abc import Callable
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.locks import CASEBOOK
from equipoise.conduct.snapshot import Subject
from equipoise.desk import Outcome
from equipoise.items import Problem
from equipoise.web import casebook as book
from equipoise.web import language as say
from equipoise.web import medication as drugs
from equipoise.web.messages import problem
from equipoise.web.reauthentication import again
from equipoise.web.room import Room, in_study
from equipoise.web.serious import marks
from equipoise.web.status import subject_state
from equipoise.web.views.rendering import REFUSED, day_of, key_of, new_key, page, problems_of, reason_of, recorded, said
from equipoise.web.visibility import seen_criteria

ERRORS = ("not_eligible", "no_consent", "wrong_participant", "randomised_twice", "other")
HOW_ENDED = ("completed", "withdrew", "lost", "died", "other")
FAILURES = ("consent_withdrawn", "other")


@require_safe
@in_study("view")
def casebook(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Everything about one participant on a page."""
    return _casebook(request, room, room.subject(code))


def _casebook(
    request: HttpRequest, room: Room, subject: Subject, problems: tuple[Problem, ...] = (), tried: str = ""
) -> HttpResponse:
    timeline = book.timeline(room, subject)
    held = [contact.visit for contact in timeline if contact.held and contact.held.status == "held"]
    return page(
        request,
        "casebook.html",
        room,
        status=REFUSED if problems else 200,
        subject=subject,
        state=subject_state(subject, room.seen),
        timeline=timeline,
        scores=book.scores(room, subject, held),
        held=[visit.label.in_(room.language) for visit in held],
        questions=list(book.questions(room, subject, "open", "answered")),
        logs=book.logs(room, subject),
        medication=room.protocol.safety.medication.form if room.protocol.safety.medication else "",
        events=room.protocol.safety.adverse_events.form,
        serious=marks(room, subject) if room.seen.form(room.protocol.safety.adverse_events.form) else {},
        deviations=[
            (room.protocol.encounter(visit), category, words) for visit, category, words, _ in subject.deviations
        ]
        if room.seen.treatment
        else [],
        unscheduled=book.visit_outside(room, subject),
        leaving=book.visit_of_leaving(room, subject),
        steps=book.steps(room, subject),
        frozen=CASEBOOK in subject.frozen,
        may_deviate=room.may("enter") and room.role.masked and subject.consent is not None,
        registered=any(each.subject == subject.code for each in room.snapshot.unmaskings.values()),
        may_break="break_code" in room.role.may and subject.randomised is not None,
        how_ended=HOW_ENDED,
        errors=ERRORS,
        today=room.today(subject.site),
        key=new_key(),
        problems=said(problems, room.language),
        tried=tried,
        typed=request.POST if problems else {},
    )


@require_safe
@in_study("view")
def medication(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """What a participant took beside the study treatment, as time lines and as tables."""
    subject, names = room.subject(code), room.protocol.safety.medication
    if names is None or not room.seen.form(names.form):
        raise Http404
    rows, line, asked = drugs.courses(room, subject), drugs.doses(room, subject), drugs.followed(room)
    drawn = drugs.figure(room, subject, rows, line)
    return page(
        request, "medication.html", room, subject=subject, rows=rows, line=line, headings=drugs.headings(room),
        figure=mark_safe(drawn.svg().decode()),  # noqa: S308 - drawn here, its words escaped
        form=room.protocol.form_by_id[names.form], drug=room.protocol.form_by_id[names.form].item_by_id[names.drug],
        dose=drugs.dose_name(room, asked) if asked else None, high=asked.high if asked else None,
        sources=drugs.sources(room, asked) if asked else [],
    )  # fmt: skip


Step = Callable[[HttpRequest, Room, Subject, str], Outcome | Problem]


def _done(request: HttpRequest, room: Room, subject: Subject, outcome: Outcome | Problem, tried: str) -> HttpResponse:
    if problems := problems_of(outcome):
        return _casebook(request, room, subject, problems, tried)
    return recorded(request, room, outcome, reverse("casebook", args=[room.study, subject.code]))


@require_POST
@in_study("consent")
def consent(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Record consent."""
    subject, on, document = room.subject(code), day_of(request), request.POST.get("document", "").strip()[:80]
    if isinstance(on, Problem):
        return _done(request, room, subject, on, "consent")
    if not document:
        words = say.text("consent.document", room.language)
        return _done(request, room, subject, problem("web.E006", "document", field=words), "consent")
    language = "zh" if request.POST.get("language") == "zh" else "en"
    outcome = room.desk.consent(
        code, document=document, language=language, on=on, by=room.person, key=key_of(request)
    )  # fmt: skip
    return _done(request, room, subject, outcome, "consent")


@require_POST
@in_study("stop_treatment")
def stop(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Stop trial treatment; the visits go on."""
    subject, on, because = room.subject(code), day_of(request), request.POST.get("because", "").strip()[:500]
    if not because:
        on = problem("web.E006", "because", field=say.text("act.because", room.language))
    outcome = on if isinstance(on, Problem) else room.desk.stop_treatment(
        code, on=on, because=because, by=room.person, key=key_of(request)
    )  # fmt: skip
    return _done(request, room, subject, outcome, "stop")


@require_POST
@in_study("end_participation")
def end(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Record that a participant completed the trial or left it."""
    subject, on, how = room.subject(code), day_of(request), request.POST.get("how", "")
    if how not in HOW_ENDED:
        on = problem("web.E006", "how", field=say.text("act.how", room.language))
    outcome = on if isinstance(on, Problem) else room.desk.end_participation(
        code, on=on, how=how, because=request.POST.get("because", "").strip()[:500], by=room.person, key=key_of(request)
    )  # fmt: skip
    return _done(request, room, subject, outcome, "end")


@require_safe
@in_study("view")
def eligibility(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Each criterion, its state, and the values it was judged by."""
    return _eligibility(request, room, room.subject(code))


def _eligibility(
    request: HttpRequest, room: Room, subject: Subject, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    standing = book.standing(room, subject)
    states = [criterion.state for criterion in standing]
    steps = book.steps(room, subject)
    criteria = [criterion.id for criterion in standing]
    return page(
        request,
        "eligibility.html",
        room,
        status=REFUSED if problems else 200,
        subject=subject,
        standing=standing,
        counts={state: states.count(state) for state in ("met", "not_met", "unknown", "hidden")},
        may_confirm=room.may("confirm_eligibility") and "eligibility" in steps and subject.eligible is None,
        may_fail="fail" in steps,
        may_randomise="randomise" in steps,
        failures=[*seen_criteria(room.seen, criteria), *FAILURES],
        failed_for=list(seen_criteria(room.seen, subject.screen_failure)),
        today=room.today(subject.site),
        key=new_key(),
        problems=said(problems, room.language),
        typed=request.POST if problems else {},
    )


@require_POST
@in_study("confirm_eligibility")
def confirm(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Confirm eligibility on what is entered."""
    subject, key = room.subject(code), key_of(request)
    outcome: Outcome | Problem = again(request, room) or room.desk.confirm_eligibility(code, by=room.person, key=key)
    if problems := problems_of(outcome):
        return _eligibility(request, room, subject, problems)
    return recorded(request, room, outcome, reverse("eligibility", args=[room.study, code]))


@require_POST
@in_study("confirm_eligibility")
def fail(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Record that a participant does not enter, and why."""
    subject, on, reasons = room.subject(code), day_of(request), request.POST.getlist("reasons")
    outcome: Outcome | Problem = on if isinstance(on, Problem) else room.desk.fail_screening(
        code, reasons=reasons, on=on, by=room.person, key=key_of(request)
    )  # fmt: skip
    if problems := problems_of(outcome):
        return _eligibility(request, room, subject, problems)
    return recorded(request, room, outcome, reverse("casebook", args=[room.study, code]))


@require_safe
@in_study("randomise")
def before_randomising(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """The last look before randomisation, which is done once and never undone."""
    return _before_randomising(request, room, room.subject(code))


def _before_randomising(
    request: HttpRequest, room: Room, subject: Subject, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    return page(
        request,
        "randomise.html",
        room,
        status=REFUSED if problems else 200,
        subject=subject,
        possible="randomise" in book.steps(room, subject),
        today=room.today(subject.site),
        key=new_key(),
        problems=said(problems, room.language),
    )


@require_POST
@in_study("randomise")
def randomise(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Assign the next slot. What is in it is not known here."""
    subject = room.subject(code)
    on: date = room.today(subject.site)
    if request.POST.get("sure") != "yes":
        return _before_randomising(request, room, subject, (problem("web.E005", "sure"),))
    outcome = room.desk.randomise(code, on=on, by=room.person, key=key_of(request))
    if problems := problems_of(outcome):
        return _before_randomising(request, room, subject, problems)
    return recorded(request, room, outcome, reverse("casebook", args=[room.study, code]))


@require_POST
@in_study("confirm_eligibility")
def in_error(request: HttpRequest, room: Room, code: str) -> HttpResponse:
    """Record that a participant should not have been randomised, and why."""
    subject, because = room.subject(code), request.POST.get("because", "")
    outcome: Outcome | Problem = problem("web.E006", "because", field=say.text("act.because", room.language))
    if because in ERRORS:
        outcome = room.desk.mark_randomised_in_error(
            code, because=because, by=room.person, key=key_of(request), reason=reason_of(request)
        )
    return _done(request, room, subject, outcome, "error")
