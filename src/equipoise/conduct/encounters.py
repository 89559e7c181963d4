"""The visits of one participant: those of the schedule, and those outside it that took place."""

from collections.abc import Iterator
from datetime import date

from equipoise.conduct.snapshot import Subject
from equipoise.protocol.schedule import Encounter, unscheduled_id
from equipoise.protocol.schema import Protocol


def encounters(protocol: Protocol, subject: Subject) -> tuple[Encounter, ...]:
    """Every planned visit in the order of weeks, and every visit outside the schedule where its date puts it.

    It follows the last planned visit that was held on its day or before; before any such visit, it comes first.
    """
    outside = list(unscheduled(protocol, subject))
    if not outside:
        return protocol.visits
    planned = {visit.id: place for place, visit in enumerate(protocol.visits)}
    held = [(place, on) for id_, place in planned.items() if (on := _day(subject, id_)) < date.max]

    def order(one: Encounter) -> tuple[int, date]:
        if one.id in planned:
            return planned[one.id], date.min
        on = _day(subject, one.id)
        return max((place for place, day in held if day <= on), default=-1), on

    return tuple(sorted((*protocol.visits, *outside), key=order))


def _day(subject: Subject, visit: str) -> date:
    state = subject.visits.get(visit)
    return (state.on if state is not None else None) or date.max


def unscheduled(protocol: Protocol, subject: Subject) -> Iterator[Encounter]:
    """The visits outside the schedule that took place, by their numbers."""
    found = ((visit, protocol.encounter(visit)) for visit in subject.visits if visit not in protocol.visit_by_id)
    return (encounter for _, encounter in found if encounter is not None)


def next_unscheduled(protocol: Protocol, subject: Subject) -> Encounter | None:
    """The next visit outside the schedule; None where the protocol plans for none."""
    return protocol.encounter(unscheduled_id(1 + len(tuple(unscheduled(protocol, subject)))))
