"""What was recorded at the bedside, in words."""

from equipoise.conduct import acts as a
from equipoise.items import parse
from equipoise.protocol.names import names_of
from equipoise.web import language as say
from equipoise.web.room import Room
from equipoise.web.rows import with_unit


def said(room: Room, act: a.Act) -> tuple[str, str]:
    """An act at the bedside in words: what it is, and what it says."""
    language = room.language
    match act:
        case a.BagChecked():
            return say.text(f"infusion.found.{act.found}", language), f"{act.wristband} · {act.bag}"
        case a.InfusionStepped():
            rate = f"{act.rate} mL/h" if act.rate is not None else ""
            return say.text(f"infusion.step.{act.step}", language), f"{act.volume} mL" if act.step == "end" else rate
        case a.VitalSignsTaken():
            return say.text("infusion.signs", language), " · ".join(_sign(room, *sign) for sign in act.signs.items())
        case a.ReactionSeen():
            return say.text("infusion.reaction", language), f"{act.sign} · {_grade(room, act.grade)}"
    return "", ""


def _sign(room: Room, name: str, written: str) -> str:
    item = names_of(room.protocol).items[name].item
    answer = parse(item.type, written)
    words = say.words(answer, room.language, item, room.protocol)
    return f"{item.label.in_(room.language)} {with_unit(words, answer, item.unit, room.language)}"


def grades(room: Room) -> list[tuple[str, str]]:
    """The grades of a reaction, with their words."""
    record = room.protocol.treatment.infusion
    return [(grade, _grade(room, grade)) for grade in (record.grades if record else ())]


def _grade(room: Room, code: str) -> str:
    events = room.protocol.safety.adverse_events
    return say.words(
        code, room.language, room.protocol.form_by_id[events.form].item_by_id[events.severity], room.protocol
    )
