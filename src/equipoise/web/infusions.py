"""An infusion on its page: the record in words, and what is asked at the bedside."""

from dataclasses import dataclass
from datetime import datetime

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Recorded
from equipoise.conduct.dosing import open_infusions
from equipoise.conduct.infusions import Infusion
from equipoise.conduct.snapshot import Subject
from equipoise.protocol.names import names_of
from equipoise.protocol.schema import FormItem
from equipoise.web import language as say
from equipoise.web.bedside import said
from equipoise.web.room import Room
from equipoise.web.trail import seen_acts

KINDS = ("BagChecked", "InfusionStepped", "VitalSignsTaken", "ReactionSeen")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the record: when, what, in which words, by whom, and whether it warns."""

    at: datetime
    time: str
    what: str
    words: str
    by: str
    warns: bool = False


def lines(room: Room, subject: Subject, visit: str) -> list[Line]:
    """The record of an infusion, the latest first, in the time of the site."""
    acts = (each for each in seen_acts(room, subject, KINDS) if getattr(each.act, "visit", "") == visit)
    return sorted((_line(room, subject, each) for each in acts), key=lambda line: line.at, reverse=True)


def _line(room: Room, subject: Subject, recorded: Recorded) -> Line:
    act, zone = recorded.act, room.zone_of(subject.site)
    at = getattr(act, "at", recorded.at)
    what, words = said(room, act)
    warns = isinstance(act, a.ReactionSeen) or (isinstance(act, a.BagChecked) and act.found != "matches")
    return Line(at, say.clock_time(at, zone), what, words, room.snapshot.name_of(recorded.by.id), warns)


def signs(room: Room) -> list[FormItem]:
    """The vital signs that are asked, those that the visitor sees."""
    record = room.protocol.treatment.infusion
    asked = (names_of(room.protocol).items[name] for name in (record.vital_signs if record else ()))
    return [each.item for each in asked if room.seen.item(each.form.id, each.item.id)]


def last_rate(infusion: Infusion) -> int | None:
    """The rate set last."""
    return next((step.rate for step in reversed(infusion.steps) if step.rate is not None), None)


def waiting(room: Room, subject: Subject) -> list[str]:
    """The visits whose bag is here and whose infusion is not ended or entered, for who records it."""
    form = room.protocol.form_by_id[room.protocol.treatment.form]
    if not room.fills(form) or not room.seen.bedside:
        return []
    if subject.treatment_stopped is not None or subject.ended is not None:
        return []
    visits = open_infusions(room.protocol, subject)
    return [visit for visit in visits if (visit, form.id, 1) not in subject.values]
