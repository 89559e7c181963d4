"""Which doses the pharmacy may prepare, for whom and for which visit, on a day; and which wait at the bedside."""

from collections.abc import Iterator
from datetime import date, timedelta

from equipoise.conduct.snapshot import Subject
from equipoise.protocol.schedule import Visit
from equipoise.protocol.schema import Protocol


def doses_due(protocol: Protocol, subject: Subject, today: date) -> Iterator[Visit]:
    """The visits of a participant whose dose may be prepared on a day, in their order.

    A visit counts from the first to the last day of its window, and after it was held until the form of the treatment
    says what became of the dose. A dose that was released is not due again.
    """
    if subject.randomised is None or subject.treatment_stopped is not None or subject.ended is not None:
        return
    form = protocol.treatment.form
    for visit in protocol.visits:
        if form not in visit.forms or visit.id in subject.doses or (visit.id, form, 1) in subject.values:
            continue
        held = subject.visits.get(visit.id)
        first, last = (subject.randomised + timedelta(days=day) for day in (visit.earliest, visit.latest))
        if held.status == "held" if held is not None else first <= today <= last:
            yield visit


def open_infusions(protocol: Protocol, subject: Subject) -> Iterator[str]:
    """The visits whose bag was released and whose infusion is not ended."""
    if protocol.treatment.infusion is not None:
        yield from (visit for visit in subject.doses if subject.infusion(visit).state != "ended")
