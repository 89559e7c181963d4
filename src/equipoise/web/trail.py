"""The audit trail in words: who did what, when, why, old and new. It is the ledger itself, seen through a role."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, cast

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Act, Recorded
from equipoise.conduct.locks import form_key
from equipoise.conduct.snapshot import Subject
from equipoise.items import FileReference, Written, parse
from equipoise.ledger.files import named_by
from equipoise.protocol.schema import Protocol
from equipoise.web import bedside
from equipoise.web import language as say
from equipoise.web.room import Room
from equipoise.web.rows import answer_words, with_unit
from equipoise.web.texts import TEXTS


@dataclass(frozen=True, slots=True)
class Line:
    """One act as the trail shows it."""

    sequence: int
    subject: str
    at: str
    zone: str
    by: str
    role: str
    what: str
    place: str
    details: tuple[tuple[str, str, str], ...]  # label, old, new
    reason: str
    hash: str


def seen_acts(room: Room, subject: Subject, kinds: tuple[str, ...] = (), *, after: int = 0) -> Iterator[Recorded]:
    """The acts about a participant that a visitor sees, in order."""
    return _seen(room, subject, room.desk.ledger.acts(subject=subject.code, kinds=kinds, after=after))


def _seen(room: Room, subject: Subject, acts: Iterable[Recorded]) -> Iterator[Recorded]:
    return (shown for act in acts if (shown := room.seen.act(act, subject)) is not None)


def of_field(room: Room, subject: Subject, visit: str, form: str, repeat: int, item: str) -> Iterator[Recorded]:
    """The acts that set the answer to one question or asked about it."""
    key = (visit, form, repeat)
    asked = {q.id for q in subject.queries.values() if (q.key, q.item) == (key, item)}

    def concerned(recorded: Recorded) -> bool:
        act = recorded.act
        if isinstance(act, a.FormSaved):
            return form_key(act) == key and item in act.changes
        return getattr(act, "query", None) in asked

    kinds = ("FormSaved", "QueryRaised", "QueryAnswered", "QueryClosed")
    acts = filter(concerned, room.desk.ledger.acts(subject=subject.code, kinds=kinds))
    # What is left of an act may no longer have the question.
    return filter(concerned, _seen(room, subject, acts))


def files_of(room: Room, acts: Iterable[Recorded], item: str) -> tuple[FileReference, ...]:
    """The files that acts say were saved as the answer to a question, the first first, each once."""
    named = (each for recorded in acts for each in named_by(recorded.act, room.protocol))
    return tuple(dict.fromkeys(file for name, file in named if name == item))


def lines(room: Room, acts: Iterable[Recorded], *, item: str = "") -> list[Line]:
    """Acts in words; of a saved form only one question, if one is named."""
    return [_line(room, recorded, item) for recorded in acts]


def _line(room: Room, recorded: Recorded, item: str) -> Line:
    role = room.protocol.role_by_id.get(recorded.by.role)
    act, zone = recorded.act, zone_of(room, recorded)
    return Line(
        sequence=recorded.sequence,
        subject=getattr(act, "subject", ""),
        at=say.local_time(recorded.at, zone, room.language),
        zone=say.zone_words(recorded.at, zone),
        by=room.snapshot.name_of(recorded.by.id),
        role=role.label.in_(room.language) if role else say.text("person.system", room.language),
        what=say.text(f"act.{act.kind}", room.language),
        place=_place(room.protocol, act, room.language),
        details=tuple(_details(room, act, item, zone)),
        reason=recorded.reason,
        hash=recorded.hash,
    )


def zone_of(room: Room, recorded: Recorded) -> str:
    """The time zone of the participant's site, or of the reader for an act about nobody."""
    known = room.snapshot.subjects.get(getattr(recorded.act, "subject", ""))
    return room.zone_of(known.site) if known else room.zone


def _place(protocol: Protocol, act: Act, language: str) -> str:
    visit = protocol.encounter(getattr(act, "visit", ""))
    form = protocol.form_by_id.get(getattr(act, "form", ""))
    words = [part.label.in_(language) for part in (visit, form) if part is not None]
    if form is not None and form.repeats:
        words.append(say.text("log.row", language, number=getattr(act, "repeat", 1)))
    return " · ".join(words)


def _details(room: Room, act: Act, item: str, zone: str) -> Iterator[tuple[str, str, str]]:
    language = room.language
    match act:
        case a.FormSaved() | a.FormDrafted():
            yield from _changes(room, act, item) if isinstance(act, a.FormSaved) else _typed(room, act)
        case a.QueryRaised():
            yield (_label(room, act.form, act.item), "", own_half(act.text, act.check, language))
        case a.QueryAnswered() | a.DeviationRecorded():
            label = "query.answer" if isinstance(act, a.QueryAnswered) else "trail.text"
            yield (say.text(label, language), "", act.text)
        case a.Consented():
            yield (say.text("consent.document", language), "", act.document)
            yield (say.text("common.date", language), "", say.day(act.on, language))
        case a.VisitHeld() | a.TreatmentStopped() | a.ParticipationEnded() | a.Randomised() | a.ScreenFailed():
            yield (say.text("common.date", language), "", say.day(act.on, language))
        case a.StratumCorrected():
            yield (say.text("act.stratum", language), act.given, act.corrected)
    yield from _of_people(room, act)
    yield from _of_serious(room, act, zone)
    yield from _of_bedside(room, act, zone)
    for name in ("because", "how", "mode", "slot", "bag", "quantity", "kit", "replaces", "assigned", "units"):
        if (value := str(getattr(act, name, ""))) != "":
            yield (say.text(f"act.{name}", language), "", coded(name, value, language))
    if isinstance(act, a.ScreenFailed):
        yield (say.text("act.because", language), "", ", ".join(reason_words(r, language) for r in act.reasons))


def _of_people(room: Room, act: Act) -> Iterator[tuple[str, str, str]]:
    """Who was given which role, what was asked for, and what a signature means."""
    language = room.language
    match act:
        case a.FormSigned():
            yield (say.text("act.meaning", language), "", say.meaning(act.meaning, language))
        case a.RoleGranted() | a.RoleAccepted() | a.RoleEnded():
            place = f" · {act.site}" if act.site else ""
            role = room.protocol.role_by_id[act.role].label.in_(language)
            yield (room.snapshot.name_of(act.person), "", f"{role}{place}")
        case a.LockRequested():
            yield (say.text("trail.asked", language), "", say.text(f"lock.ask.{act.what}", language))


def _of_serious(room: Room, act: Act, zone: str) -> Iterator[tuple[str, str, str]]:
    """What the acts about a serious event say of moments and duties."""
    if isinstance(act, a.SeriousEventKnown):
        yield (say.text("serious.aware", room.language), "", say.moment(act.aware, zone, room.language))
    if not isinstance(act, a.SafetyReportSent):
        return
    clock = next(each for each in room.protocol.safety.clocks if each.id == act.clock)
    yield (say.text("serious.duty", room.language), "", clock.label.in_(room.language))
    yield (say.text("serious.sent", room.language), "", say.moment(act.sent, zone, room.language))


def _of_bedside(room: Room, act: Act, zone: str) -> Iterator[tuple[str, str, str]]:
    """What the acts at an infusion say, and of which moment."""
    what, words = bedside.said(room, act)
    if what:
        yield (what, "", words)
    if isinstance(act, a.InfusionStepped | a.VitalSignsTaken | a.ReactionSeen):
        yield (say.text("serious.time", room.language), "", say.moment(act.at, zone, room.language))


def _changes(room: Room, act: a.FormSaved, item: str) -> Iterator[tuple[str, str, str]]:
    order = list(room.protocol.form_by_id[act.form].item_by_id)
    for name, (old, new) in sorted(act.changes.items(), key=lambda change: order.index(change[0])):
        if not item or name == item:
            yield (
                _label(room, act.form, name),
                _written(room, act, name, old),
                _written(room, act, name, new),
            )


def _typed(room: Room, act: a.FormDrafted) -> Iterator[tuple[str, str, str]]:
    return ((_label(room, act.form, item), "", text or missing) for item, (text, missing) in act.texts.items())


def _label(room: Room, form: str, item: str) -> str:
    """The question; with its section before it where another question of the form has the same words."""
    spec = room.protocol.form_by_id[form]
    asked = spec.item_by_id[item]
    section = f"{asked.section.in_(room.language)} · " if item in spec.ambiguous and asked.section else ""
    return section + asked.label.in_(room.language)


def _written(room: Room, act: a.FormSaved, item: str, written: str | dict[Literal["missing"], str] | None) -> str:
    spec, subject = room.protocol.form_by_id[act.form].item_by_id[item], room.snapshot.subjects[act.subject]
    answer = parse(spec.type, cast(Written, written))
    return with_unit(answer_words(room.seen, subject, spec, answer, room.language), answer, spec.unit, room.language)


def own_half(words: str, check: str, language: str) -> str:
    """What is asked in the reader's language: edit checks ask in both at once, "English / 中文"."""
    if check == "person":
        return words
    english, mark, chinese = words.rpartition(" / ")
    return words if not mark else chinese if language == "zh" else english


def coded(name: str, value: str, language: str) -> str:
    """A coded word of an act in a language, or the word itself."""
    identifier = f"{name}.{value}"
    return say.text(identifier, language) if identifier in TEXTS else value


def reason_words(reason: str, language: str) -> str:
    """A coded reason of a screen failure: a criterion by its id, or a word."""
    return coded("failure", reason, language)
