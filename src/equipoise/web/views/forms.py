"""A form: shown, saved, signed. Nothing that was typed is ever lost when a save is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from equipoise.conduct.acts import Recorded
from equipoise.conduct.checks import read_answers
from equipoise.conduct.locks import form_key, is_frozen
from equipoise.conduct.messages import MESSAGES as CONDUCT
from equipoise.conduct.snapshot import FormKey
from equipoise.desk import Done, Outcome, Refused
from equipoise.items import Problem
from equipoise.web import entry
from equipoise.web import language as say
from equipoise.web.entry import Place, Theirs, Typed
from equipoise.web.meanwhile import Change, changes_since, merged
from equipoise.web.messages import problem
from equipoise.web.numbers import whole_number
from equipoise.web.reauthentication import again
from equipoise.web.room import Room, in_study
from equipoise.web.rows import answer_words
from equipoise.web.trail import seen_acts
from equipoise.web.units import converted
from equipoise.web.uploads import chosen
from equipoise.web.vault import vault_of
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, reason_of, recorded, said


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a person tried to save, and what came of it."""

    typed: Typed
    problems: tuple[Problem, ...] = ()
    reason: str = ""
    key: str = ""
    saved: Recorded | None = None
    fresh: bool = False  # what is typed is what is saved
    copied: bool = False  # what is typed is from another row
    drafted: frozenset[str] = frozenset()  # typed earlier and not saved
    both: Mapping[str, Change] = field(default_factory=dict)  # what others saved meanwhile, differently
    after: int | None = None  # the act up to which the person has seen the answers; None is the last


def place_of(room: Room, code: str, visit: str, form: str, repeat: int) -> Place:
    """A form of a participant; one that is not seen is not there."""
    subject = room.subject(code)
    spec = room.form(visit, form)
    if not 1 <= repeat <= (subject.next_row(form) if spec.repeats else 1):
        raise Http404
    if not room.seen.entered(subject, (visit, form, repeat)):
        raise Http404
    return Place(room.protocol, subject, visit, spec, repeat, room.seen)


@require_http_methods(["GET", "HEAD", "POST"])
@in_study("view")
def form(request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int) -> HttpResponse:
    """One form of one participant, to look at or to fill in."""
    place = place_of(room, code, visit, form, repeat)
    if request.method != "POST":
        return _page(request, room, place, _copied(room, place, request.GET.get("from", "")) or _as_left(room, place))
    attempt = _try(request, room, place)
    now = room_again(room)
    closed = not now.seen.entered(now.subject(code), place.key)
    if request.headers.get("HX-Request") and closed:
        return HttpResponse(headers={"HX-Redirect": back_to(now, code, place.key)})
    if attempt.problems or request.headers.get("HX-Request"):
        return _page(request, now, place_of(now, code, visit, form, repeat), attempt)
    saved = attempt.saved.sequence if attempt.saved else 0
    return HttpResponseRedirect(f"{back_to(now, code, place.key)}?saved={saved}")


def _as_left(room: Room, place: Place) -> Attempt:
    """The form as its visitor left it, with what others saved since where it differs."""
    typed, drafted = entry.typed_as_left(place, room.language)
    if not drafted or place.draft is None:
        return Attempt(typed, fresh=True)
    after = place.draft.after
    since = {item: change for item, change in changes_since(room, place, after).items() if item in drafted}
    return Attempt(typed, drafted=drafted, both=merged(place, typed, since, room.language)[1], after=after)


def _copied(room: Room, place: Place, row: str) -> Attempt | None:
    """A new row of a log with the answers of another one, to be changed and saved; nothing for any other wish."""
    number = whole_number(row, 5)
    origin = place if number is None else replace(place, repeat=number)
    if origin.key not in place.subject.values or place.key in place.subject.values or place.draft is not None:
        return None
    return Attempt(entry.typed_as_saved(origin, room.language), copied=True)


def room_again(room: Room) -> Room:
    """The same room, with what was recorded since it was entered."""
    return Room(room.study, room.desk, room.person, room.seen, room.desk.ledger.snapshot(), room.language)


def back_to(room: Room, code: str, key: FormKey) -> str:
    """Where one goes on after something was recorded on a form: to it, or to its visit once it is seen no more."""
    if room.seen.entered(room.subject(code), key):
        return reverse("form", args=[room.study, code, *key])
    return reverse("visit", args=[room.study, code, key[0]])


def _try(request: HttpRequest, room: Room, place: Place) -> Attempt:
    files = chosen(request.FILES, place)
    typed = entry.typed_from(request.POST, place, {item: each.reference for item, each in files.items()})
    reason, key = _reason(request), key_of(request)
    since = changes_since(room, place, _seen_up_to(request, place), but=key)
    typed, both = merged(place, typed, since, room.language)
    wrong = (*typed.contradictions(), *(problem("web.E002", item) for item in both))
    if wrong:
        return Attempt(typed, wrong, reason, key, both=both)
    shows = entry.asked_now(place, typed)
    if (code := request.POST.get("rest", "")) in place.missing:
        typed = typed.rest(code, (item.id for item in place.items if item.required and shows[item.id]))
    answers = {item: text if shows[item] else "" for item, text in typed.answers().items()}
    outcome = room.desk.save_form(
        place.subject.code, place.visit, place.form.id, answers,
        by=room.person, key=key, repeat=place.repeat, reason=reason,
        files=[each.content for each in files.values()],
    )  # fmt: skip
    if isinstance(outcome, Refused):
        named = tuple(_named(found, place, room.language) for found in outcome.problems)
        return Attempt(typed, named, reason, key)
    return _after(room, place, typed, outcome, answers)


def _reason(request: HttpRequest) -> str:
    """Why something is changed, or was not done."""
    return reason_of(request) or request.POST.get("rest_reason", "").strip()[:500]


def _seen_up_to(request: HttpRequest, place: Place) -> int:
    """The act up to which the person has seen the answers; the last one, where the page did not say."""
    number = whole_number(request.POST.get("after", ""), 15)
    return place.subject.last_sequence if number is None else number


def _named(found: Problem, place: Place, language: str) -> Problem:
    """A problem that lists questions by their ids, with the questions by their names."""
    if found.id != "conduct.E053":
        return found
    ids = found.params.get("items", "").split(", ")
    labels = ", ".join(item.label.in_(language) for item in place.items if item.id in ids)
    return replace(found, message=CONDUCT[found.id].en.format(items=labels), params={"items": labels})


def _after(room: Room, place: Place, typed: Typed, outcome: Done, answers: dict[str, str]) -> Attempt:
    """What to say once something was recorded, or nothing had changed, or it had been recorded before."""
    fresh = replace(place, subject=room_again(room).subject(place.subject.code))
    if outcome.again:
        meant, _ = read_answers(place.protocol, place.form, answers)
        saved_now = fresh.saved
        if any(saved_now[item] != answer for item, answer in meant.items()):
            return Attempt(typed, (problem("web.E003", place.form.id),), key=new_key())
    saved = outcome.acts[0] if outcome.acts else None
    return Attempt(entry.typed_as_saved(fresh, room.language), saved=saved, key=new_key(), fresh=True)


def _page(request: HttpRequest, room: Room, place: Place, attempt: Attempt) -> HttpResponse:
    fills = room.fills(place.form)
    held = place.visit == "log" or place.subject.visits.get(place.visit) is not None
    frozen = is_frozen(place.subject.frozen, place.key)
    fields = entry.fields_of(
        place, attempt.typed, room.language, attempt.problems,
        fresh=attempt.fresh, drafted=attempt.drafted, theirs=_theirs(room, place, attempt.both),
    )  # fmt: skip
    erred = _in_error(room, place)
    act = room.desk.ledger.last_set(place.subject.code, place.key, list(place.saved))
    last, may_save = _last_saved(room, place, act), fills and held and not erred and not frozen
    saved = attempt.saved or (act if act and request.GET.get("saved") == str(act.sequence) else None)
    template = "form_part.html" if request.headers.get("HX-Request") else "form.html"
    there = {field.item.id for field in fields}
    return page(
        request, template, room, status=REFUSED if attempt.problems else 200,
        subject=place.subject, place=place, fields=fields, attempt=attempt,
        visit_label=visit_label(room, place),
        problems=said([p for p in attempt.problems if p.where not in there], room.language),
        slips=[field for field in fields if field.problems],
        rest=entry.reasons_of(place, room.language) if may_save and not place.form.repeats and _is_open(fields) else (),
        needs_reason=any(p.id == "conduct.E053" for p in attempt.problems),
        may_save=may_save, held=held, frozen=frozen,
        frozen_alone=place.key in place.subject.frozen, form_place="/".join(map(str, place.key)),
        has_saved=any(answer is not None for answer in place.saved.values()),
        erred=erred, rowed=fills and place.key in place.subject.values and place.form.repeats,
        next_row=place.subject.next_row(place.form.id) if place.form.repeats else 0,
        last=last, signature=_signature(room, place),
        may_sign=room.may("sign") and place.form.signed_by == room.role.id,
        may_answer=room.may("answer"), may_query=room.may("query"),
        next_place=_next(room, place), key=attempt.key or new_key(), second_key=new_key(),
        after=(last[2] if last else 0) if attempt.after is None else attempt.after,
        left_at=_left_at(room, place) if attempt.drafted else "", vault=vault_of(room),
        saved=saved, saved_at=say.clock_time(saved.at, room.zone_of(place.subject.site)) if saved else "",
    )  # fmt: skip


def _is_open(fields: Sequence[entry.Field]) -> bool:
    """Whether a question that wants an answer has neither one nor a reason why there is none."""
    return any(each.asked and each.item.required and not each.typed and not each.missing for each in fields)


def _theirs(room: Room, place: Place, both: Mapping[str, Change]) -> dict[str, Theirs]:
    """What others saved meanwhile, as the page shows it beside what was typed."""
    saved, zone = entry.typed_as_saved(place, room.language), room.zone_of(place.subject.site)
    values = place.saved
    return {
        item: Theirs(
            answer_words(place.seen, place.subject, place.form.item_by_id[item], values[item], room.language)
            or say.text("draft.nothing", room.language),
            saved.texts[item], saved.missing[item], change.by, say.moment(change.at, zone, room.language),
        )
        for item, change in both.items()
    }  # fmt: skip


def _left_at(room: Room, place: Place) -> str:
    return say.moment(place.draft.at, room.zone_of(place.subject.site), room.language) if place.draft else ""


def visit_label(room: Room, place: Place) -> str:
    """The visit of a form in words, or the row of a log."""
    visit = room.protocol.encounter(place.visit)
    return visit.label.in_(room.language) if visit else say.text("log.row", room.language, number=place.repeat)


def _last_saved(room: Room, place: Place, found: Recorded | None) -> tuple[str, str, int] | None:
    """When, by whom and in which act the form was last saved, in words."""
    if found is None:
        return None
    at = say.moment(found.at, room.zone_of(place.subject.site), room.language)
    return at, room.snapshot.name_of(found.by.id), found.sequence


def _in_error(room: Room, place: Place) -> tuple[str, str, str] | None:
    """When and by whom a row was marked as entered in error, and why."""
    if place.key not in place.subject.in_error:
        return None
    acts = seen_acts(room, place.subject, ("RowInError",))
    found = next(each for each in acts if form_key(each.act) == place.key)
    at = say.moment(found.at, room.zone_of(place.subject.site), room.language)
    return at, room.snapshot.name_of(found.by.id), found.reason


def form_with(request: HttpRequest, room: Room, place: Place, problems: tuple[Problem, ...]) -> HttpResponse:
    """A form as it is saved by now, with what stood in the way of something else that was asked for."""
    now = room_again(room)
    place = place_of(now, place.subject.code, place.visit, place.form.id, place.repeat)
    return _page(request, now, place, Attempt(entry.typed_as_saved(place, room.language), problems, fresh=True))


def _signature(room: Room, place: Place) -> dict[str, object] | None:
    """The printed name of who signed, when, what it means, and whether no value was set since."""
    found = place.subject.signatures.get(place.key)
    if found is None:
        return None
    return {
        "name": room.snapshot.name_of(found.by),
        "at": say.moment(found.at, room.zone_of(place.subject.site), room.language),
        "meaning": say.meaning(found.meaning, room.language),
        "stands": not place.subject.void(place.key),
    }


def _next(room: Room, place: Place) -> tuple[str, str] | None:
    """The form after this one at the same visit: its path and label."""
    visit = room.protocol.encounter(place.visit)
    forms: Sequence[str] = [form for form in visit.forms if room.seen.form(form)] if visit else ()
    if place.form.id not in forms[:-1]:
        return None
    following = room.protocol.form_by_id[forms[forms.index(place.form.id) + 1]]
    args = [room.study, place.subject.code, place.visit, following.id, 1]
    return reverse("form", args=args), following.label.in_(room.language)


@require_POST
@in_study("view")
def asked(request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int) -> HttpResponse:
    """Which questions are asked, given what is typed so far, and what numbers are in their own units.

    Nothing is recorded; no address holds an answer.
    """
    place = place_of(room, code, visit, form, repeat)
    typed = entry.typed_from(request.POST, place)
    shows = entry.asked_now(place, typed)
    own = {
        item.id: converted(room.protocol, item, typed.texts[item.id], room.language)
        for item in place.items
        if item.units
    }
    return JsonResponse({"asked": [item for item, show in shows.items() if show], "converted": own})


@require_POST
@in_study("sign")
def sign(request: HttpRequest, room: Room, code: str, visit: str, form: str, repeat: int) -> HttpResponse:
    """Sign a form as the person saw it; not once somebody set a value after that."""
    place = place_of(room, code, visit, form, repeat)
    if place.form.signed_by != room.role.id:
        raise Http404
    key, after = key_of(request), _seen_up_to(request, place)
    outcome: Outcome | Problem = again(request, room) or room.desk.sign_forms(
        [(code, place.key)], after=after, meaning=say.text("sign.meaning", "en"), by=room.person, key=key
    )
    if isinstance(outcome, Done) and not outcome.acts:
        outcome = problem("web.E031", form)
    if problems := problems_of(outcome):
        return form_with(request, room, place, problems)
    return recorded(request, room, outcome, back_to(room_again(room), code, place.key))
