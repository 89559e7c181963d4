"""Serious adverse events on the pages: how each duty stands for the reader, and what waits on whom."""

from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.conduct.serious_events import Duty, duties, unannounced
from equipoise.conduct.snapshot import FormKey, Subject
from equipoise.desk.serious_events import has_duty
from equipoise.web import language as say
from equipoise.web.room import Room

UNANNOUNCED = "unannounced"  # the row says serious, and nobody has said since when the site knows
STATES = ("overdue", UNANNOUNCED, "pressing", "running", "late", "in_time")  # the most pressing first


@dataclass(frozen=True, slots=True)
class Standing:
    """One duty as a page shows it."""

    duty: Duty
    state: str
    mine: bool  # the visitor sends the report, or may send a follow-up


def standings(room: Room, subject: Subject, key: FormKey) -> list[Standing]:
    """The duties of an event as they stand now."""
    now = room.desk.clock()
    found = duties(room.protocol, subject, key)
    open_ = not room.snapshot.locked
    return [Standing(duty, duty.state(now), open_ and _is_mine(room, duty, found)) for duty in found]


def _is_mine(room: Room, duty: Duty, found: tuple[Duty, ...]) -> bool:
    """Whether the visitor may send a report here: on the last line of its clock, so that each has one button."""
    last = next(each for each in reversed(found) if each.clock is duty.clock)
    return duty is last and has_duty(room.protocol, room.person, duty.clock)


def marks(room: Room, subject: Subject) -> dict[int, str]:
    """Of each adverse event that is serious, by its row: the most pressing state of its duties."""
    waiting = set(unannounced(room.protocol, subject))
    found = {}
    for key in subject.rows(room.protocol.safety.adverse_events.form):
        states = [UNANNOUNCED] if key in waiting else [each.state for each in standings(room, subject, key)]
        if states:
            found[key[2]] = min(states, key=STATES.index)
    return found


def waiting(room: Room, subject: Subject) -> Iterator[tuple[FormKey, Duty | None, str]]:
    """The reports that wait for the visitor, and the events nobody said more about; `Duty` is None of those."""
    if not room.may("report_safety") or not room.seen.form(room.protocol.safety.adverse_events.form):
        return
    if room.role.scope == "site":
        yield from ((key, None, UNANNOUNCED) for key in unannounced(room.protocol, subject))
    for key in subject.serious:
        for each in standings(room, subject, key):
            if each.mine and each.duty.sent is None:
                yield key, each.duty, each.state


def what(room: Room, duty: Duty) -> str:
    """A duty in words."""
    words = duty.clock.label.in_(room.language)
    return say.text("serious.follow_up_of", room.language, duty=words) if duty.follow_up else words
