"""The visits of one participant: those of the schedule, and those outside it that took place or are awaited."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from equipoise.conduct.snapshot import Subject
from equipoise.protocol.schedule import EARLY_TERMINATION, Encounter, Visit, unscheduled_id, unscheduled_number
from equipoise.protocol.schema import Protocol

# Who died cannot come, and who is lost is not awaited.
_COMES_ONCE_MORE: Final = frozenset({"withdrew", "other"})


def encounters(protocol: Protocol, subject: Subject) -> tuple[Encounter, ...]:
    """Every planned visit in the order of weeks, and every visit outside the schedule where its date puts it.

    It follows the last planned visit that was held on its day or before or, where that was not held, was planned for
    then. The day of an early-termination visit that was not held is that on which participation ended.
    """
    outside = tuple(_outside(protocol, subject))
    if not outside:
        return protocol.visits
    planned = {visit.id: (place, _day(subject, visit)) for place, visit in enumerate(protocol.visits)}

    def order(one: Encounter) -> tuple[int, date]:
        if one.id in planned:
            return planned[one.id][0], date.min
        on = _day(subject, one)
        return max((place for place, day in planned.values() if day <= on), default=-1), on

    return tuple(sorted((*protocol.visits, *outside), key=order))


def _day(subject: Subject, visit: Encounter) -> date:
    """When a visit was held; else when it was planned, or when the participant left."""
    state = subject.visits.get(visit.id)
    if state is not None and state.on is not None:
        return state.on
    if isinstance(visit, Visit):
        return subject.randomised + timedelta(days=visit.day) if subject.randomised else date.max
    return subject.ended or date.max


def _outside(protocol: Protocol, subject: Subject) -> Iterator[Encounter]:
    awaited = (EARLY_TERMINATION,) if leaves_early(subject) else ()
    for visit in dict.fromkeys((*subject.visits, *awaited)):
        found = protocol.encounter(visit) if visit not in protocol.visit_by_id else None
        if found is not None:
            yield found


def is_assessment(subject: Subject, visit: Encounter) -> bool:
    """Whether later visits compare themselves with this one: it was planned, or it counts and is whole.

    Whole: every one of its forms was filled in. An extra sample alone moves no reference, or what it showed first would
    be new at no assessment.
    """
    return isinstance(visit, Visit) or (
        visit.counts and all((visit.id, form, 1) in subject.values for form in visit.forms)
    )


def leaves_early(subject: Subject) -> bool:
    """Whether somebody who was randomised left before the end, and could come to an early-termination visit."""
    return subject.randomised is not None and subject.how_ended in _COMES_ONCE_MORE


def unscheduled_held(subject: Subject) -> int:
    """How many visits that nobody planned took place."""
    return sum(unscheduled_number(visit) is not None for visit in subject.visits)


def next_unscheduled(protocol: Protocol, subject: Subject) -> Encounter | None:
    """The next visit that nobody planned; None where the protocol has none."""
    return protocol.encounter(unscheduled_id(1 + unscheduled_held(subject)))
