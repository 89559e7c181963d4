"""A form: shown, saved, signed. Nothing that was typed is ever lost when a save is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from equipoise.conduct.acts import FormSaved, Recorded
from equipoise.conduct.checks import read_answers
from equipoise.conduct.messages import MESSAGES as CONDUCT
from equipoise.desk import Done, Outcome, Refused
from equipoise.desk.permission import may_fill
from equipoise.items import Problem
from equipoise.web import entry
from equipoise.web import language as say
from equipoise.web.entry import Place, Theirs, Typed
from equipoise.web.meanwhile import Change, changes_since, merged
from equipoise.web.messages import problem
from equipoise.web.reauthentication import again
from equipoise.web.room import Room, in_study
from equipoise.web.trail import seen_acts
from equipoise.web.vault import vault_of
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, recorded, said


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a person tried to save, and what came of it."""

    typed: Typed
    problems: tuple[Problem, ...] = ()
    reason: str = ""
    key: str = ""
    saved: Recorded | None = None
    fresh: bool = False  # what is typed is what is saved
    drafted: frozenset[str] = frozenset()  # typed earlier and not saved
    both: Mapping[str, Change] = field(default_factory=dict)  # what others saved meanwhile, differently
    after: int | None = None  # the act up to which the person has seen the answers; None is the last


def place_of(room: Room, code: str, visit: str, form: str, repeat: int) -> Place:
    """A form of a participant; one that is not seen is not there."""
    subject = room.subject(code)
    spec = room.form(visit, form)
    rows = [row for visit_id, form_id, row in subject.values if (visit_id, form_id) == (visit, form)]
    if not 1 <= repeat <= (max(rows, default=0) + 1 if spec.repeats else 1):
        raise Http404
    return Place(room.protocol, subject, visit, spec, repeat, room.seen)


@require_http_methods(["GET", "HEAD", "POST"])
@in_study("view")
def form(request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int) -> HttpResponse:
    """One form of one participant, to look at or to fill in."""
    place = place_of(room, code, visit, form, repeat)
    if request.method != "POST":
        return _page(request, room, place, _as_left(room, place))
    attempt = _try(request, room, place)
    if attempt.problems or request.headers.get("HX-Request"):
        now = room_again(room)
        return _page(request, now, place_of(now, code, visit, form, repeat), attempt)
    return HttpResponseRedirect(f"{request.path}?saved={attempt.saved.sequence if attempt.saved else 0}")


def _as_left(room: Room, place: Place) -> Attempt:
    """The form as its visitor left it, with what others saved since where it differs."""
    typed, drafted = entry.typed_as_left(place, room.language)
    if not drafted or place.draft is None:
        return Attempt(typed, fresh=True)
    after = place.draft.after
    since = {item: change for item, change in changes_since(room, place, after).items() if item in drafted}
    return Attempt(typed, drafted=drafted, both=merged(place, typed, since, room.language)[1], after=after)


def room_again(room: Room) -> Room:
    """The same room, with what was recorded since it was entered."""
    return Room(room.study, room.desk, room.person, room.seen, room.desk.ledger.snapshot(), room.language)


def _try(request: HttpRequest, room: Room, place: Place) -> Attempt:
    typed = entry.typed_from(request.POST, place)
    reason, key = request.POST.get("reason", "").strip()[:500], key_of(request)
    since = changes_since(room, place, _seen_up_to(request, place), but=key)
    typed, both = merged(place, typed, since, room.language)
    wrong = (*typed.contradictions(), *(problem("web.E002", item) for item in both))
    if wrong:
        return Attempt(typed, wrong, reason, key, both=both)
    shows = entry.asked_now(place, typed)
    answers = {item: text if shows[item] else "" for item, text in typed.answers().items()}
    outcome = room.desk.save_form(
        place.subject.code, place.visit, place.form.id, answers,
        by=room.person, key=key, repeat=place.repeat, reason=reason,
    )  # fmt: skip
    if isinstance(outcome, Refused):
        named = tuple(_named(found, place, room.language) for found in outcome.problems)
        return Attempt(typed, named, reason, key)
    return _after(room, place, typed, outcome, answers)


def _seen_up_to(request: HttpRequest, place: Place) -> int:
    """The act up to which the person has seen the answers; the last one, where the page did not say."""
    number = request.POST.get("after", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else place.subject.last_sequence


def _named(found: Problem, place: Place, language: str) -> Problem:
    """A problem that lists questions by their ids, with the questions by their names."""
    if found.id != "conduct.E053":
        return found
    ids = found.params.get("items", "").split(", ")
    labels = ", ".join(item.label.in_(language) for item in place.items if item.id in ids)
    return replace(found, message=CONDUCT[found.id].en.format(items=labels), params={"items": labels})


def _after(room: Room, place: Place, typed: Typed, outcome: Done, answers: dict[str, str]) -> Attempt:
    """What to say once something was recorded, or nothing had changed, or it had been recorded before."""
    now = room_again(room)
    fresh = place_of(now, place.subject.code, place.visit, place.form.id, place.repeat)
    if outcome.again:
        meant, _ = read_answers(place.protocol, place.form, answers)
        if any(fresh.saved[item] != answer for item, answer in meant.items()):
            return Attempt(typed, (problem("web.E003", place.form.id),), key=new_key())
    saved = outcome.acts[0] if outcome.acts else None
    return Attempt(entry.typed_as_saved(fresh, room.language), saved=saved, key=new_key(), fresh=True)


def _page(request: HttpRequest, room: Room, place: Place, attempt: Attempt) -> HttpResponse:
    fills = room.may("enter") and not may_fill(room.protocol, room.person, place.form)
    held = place.visit == "log" or place.subject.visits.get(place.visit) is not None
    fields = entry.fields_of(
        place, attempt.typed, room.language, attempt.problems,
        fresh=attempt.fresh, drafted=attempt.drafted, theirs=_theirs(room, place, attempt.both),
    )  # fmt: skip
    last = _last_saved(room, place)
    template = "form_part.html" if request.headers.get("HX-Request") else "form.html"
    there = {field.item.id for field in fields}
    return page(
        request, template, room, status=REFUSED if attempt.problems else 200,
        subject=place.subject, place=place, fields=fields, attempt=attempt,
        visit_label=_visit_label(room, place),
        problems=said([p for p in attempt.problems if p.where not in there], room.language),
        slips=[field for field in fields if field.problems],
        needs_reason=any(p.id == "conduct.E053" for p in attempt.problems),
        may_save=fills and held, held=held, has_saved=any(answer is not None for answer in place.saved.values()),
        last=last, signature=_signature(room, place),
        may_sign=room.may("sign") and place.form.signed_by == room.role.id,
        may_answer=room.may("answer"), may_query=room.may("query"),
        next_place=_next(room, place), key=attempt.key or new_key(), second_key=new_key(),
        after=(last[2] if last else 0) if attempt.after is None else attempt.after,
        left_at=_left_at(room, place) if attempt.drafted else "", vault=vault_of(room),
        saved_at=say.clock_time(attempt.saved.at, room.zone_of(place.subject.site)) if attempt.saved else "",
    )  # fmt: skip


def _theirs(room: Room, place: Place, both: Mapping[str, Change]) -> dict[str, Theirs]:
    """What others saved meanwhile, as the page shows it beside what was typed."""
    saved, zone = entry.typed_as_saved(place, room.language), room.zone_of(place.subject.site)
    return {
        item: Theirs(
            say.words(place.saved[item], room.language, place.form.item_by_id[item], room.protocol)
            or say.text("draft.nothing", room.language),
            saved.texts[item], saved.missing[item], change.by, say.moment(change.at, zone, room.language),
        )
        for item, change in both.items()
    }  # fmt: skip


def _left_at(room: Room, place: Place) -> str:
    return say.moment(place.draft.at, room.zone_of(place.subject.site), room.language) if place.draft else ""


def _visit_label(room: Room, place: Place) -> str:
    visit = room.protocol.visit_by_id.get(place.visit)
    return visit.label.in_(room.language) if visit else say.text("log.row", room.language, number=place.repeat)


def _last_saved(room: Room, place: Place) -> tuple[str, str, int] | None:
    """When, by whom and in which act the form was last saved."""
    found = None
    for each in seen_acts(room, place.subject, ("FormSaved",)):
        act = each.act
        if isinstance(act, FormSaved) and (act.visit, act.form, act.repeat) == place.key:
            found = each
    if found is None:
        return None
    at = say.moment(found.at, room.zone_of(place.subject.site), room.language)
    return at, room.snapshot.name_of(found.by.id), found.sequence


def _signature(room: Room, place: Place) -> tuple[str, str, bool] | None:
    """Who signed, when, and whether the values are still those that were signed."""
    found = place.subject.signatures.get(place.key)
    if found is None:
        return None
    stands = place.key not in room.view.progress.void(place.subject)
    at = say.moment(found.at, room.zone_of(place.subject.site), room.language)
    return room.snapshot.name_of(found.by), at, stands


def _next(room: Room, place: Place) -> tuple[str, str] | None:
    """The form after this one at the same visit: its path and label."""
    visit = room.protocol.visit_by_id.get(place.visit)
    forms: Sequence[str] = [form for form in visit.forms if room.seen.form(form)] if visit else ()
    if place.form.id not in forms[:-1]:
        return None
    following = room.protocol.form_by_id[forms[forms.index(place.form.id) + 1]]
    args = [room.study, place.subject.code, place.visit, following.id, 1]
    return reverse("form", args=args), following.label.in_(room.language)


@require_POST
@in_study("view")
def asked(request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int) -> HttpResponse:
    """Which questions are asked, given what is typed so far. Nothing is recorded; no address holds an answer."""
    place = place_of(room, code, visit, form, repeat)
    shows = entry.asked_now(place, entry.typed_from(request.POST, place))
    return JsonResponse({"asked": [item for item, show in shows.items() if show]})


@require_POST
@in_study("sign")
def sign(request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int) -> HttpResponse:
    """Sign a form over the values as they stand."""
    place = place_of(room, code, visit, form, repeat)
    if place.form.signed_by != room.role.id:
        raise Http404
    key, meaning = key_of(request), say.text("sign.meaning", "en")
    outcome: Outcome | Problem = again(request, room) or room.desk.sign_form(
        code, visit, form, meaning=meaning, by=room.person, key=key, repeat=repeat
    )
    if problems := problems_of(outcome):
        typed = entry.typed_as_saved(place, room.language)
        return _page(request, room, place, Attempt(typed, problems, fresh=True))
    assert not isinstance(outcome, Problem)  # noqa: S101 - it would have been among the problems
    return recorded(request, room, outcome, reverse("form", args=[room.study, code, visit, form, repeat]))
