"""What waits for a signature, and a record as its signer looks at it before signing."""

from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.conduct.acts import FormSaved
from equipoise.conduct.encounters import encounters
from equipoise.conduct.locks import form_key
from equipoise.conduct.snapshot import FormKey, Subject
from equipoise.desk.signing import Record
from equipoise.web import trail
from equipoise.web.numbers import whole_number
from equipoise.web.room import Room
from equipoise.web.rows import answer_words, with_unit
from equipoise.web.status import form_state


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as it is signed: where it stands, its answers, and what changed since an earlier signature."""

    subject: str
    key: FormKey
    place: str
    state: str  # "unsigned" | "void"
    answers: tuple[tuple[str, str, str], ...]  # section where it begins, question, answer
    unanswered: int
    changes: tuple[trail.Line, ...]

    @property
    def name(self) -> str:
        """The record in an address or a form's field."""
        return "/".join(map(str, (self.subject, *self.key)))


def place_of(room: Room, key: FormKey) -> str:
    """A form at a visit, or a row of a log, in words."""
    visit, form = room.protocol.encounter(key[0]), room.protocol.form_by_id[key[1]]
    label = form.label.in_(room.language)
    return f"{visit.label.in_(room.language)} · {label}" if visit else f"{label} {key[2]}"


def waiting(room: Room, subject: Subject, role: str = "") -> Iterator[tuple[FormKey, str]]:
    """The forms that wait for a signature of a role, or of anybody: never signed, or signed and changed since."""
    for key in subject.values:
        signer = room.protocol.form_by_id[key[1]].signed_by
        if signer and (not role or signer == role) and (state := _state(room, subject, key)):
            yield key, state


def _state(room: Room, subject: Subject, key: FormKey) -> str:
    if key in subject.signatures:
        return "void" if subject.void(key) else ""
    return "unsigned" if form_state(room.view, subject, key) == "complete" else ""


def in_order(room: Room, subject: Subject) -> list[tuple[FormKey, str]]:
    """What waits for the visitor's signature about one participant, as the visits follow each other; logs last."""
    order = {visit.id: number for number, visit in enumerate(encounters(room.protocol, subject))}
    found = waiting(room, subject, room.role.id)
    return sorted(found, key=lambda each: (order.get(each[0][0], len(order)), each[0]))


def sheet(room: Room, subject: Subject, key: FormKey, state: str) -> Sheet:
    """A form that waits, to be looked at."""
    answers, section, shown = subject.values[key], "", []
    items = room.seen.items(room.protocol.form_by_id[key[1]])
    for item in items:
        answer = answers.get(item.id)
        words = answer_words(room.seen, subject, item, answer, room.language)
        here = item.section.in_(room.language) if item.section else ""
        if words:
            said = with_unit(words, answer, item.unit, room.language)
            shown.append((here if here != section else "", item.label.in_(room.language), said))
            section = here
    changes = tuple(_since(room, subject, key)) if state == "void" else ()
    return Sheet(subject.code, key, place_of(room, key), state, tuple(shown), len(items) - len(shown), changes)


def _since(room: Room, subject: Subject, key: FormKey) -> Iterator[trail.Line]:
    """What was entered on a form since it was signed."""
    acts = trail.seen_acts(room, subject, ("FormSaved",), after=subject.signatures[key].act)
    mine = (each for each in acts if isinstance(each.act, FormSaved) and form_key(each.act) == key)
    return iter(trail.lines(room, mine))


def record_of(name: str) -> Record | None:
    """The record a field of a form names; None where it names none."""
    subject, _, rest = name.partition("/")
    visit, _, rest = rest.partition("/")
    form, _, repeat = rest.partition("/")
    number = whole_number(repeat, 5)
    return None if number is None else (subject, (visit, form, number))
