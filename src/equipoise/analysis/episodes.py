"""Events that come again: how many episodes a participant had, and while they were at risk of a new one."""

from dataclasses import dataclass
from datetime import date

from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.events import readings
from equipoise.protocol.schema import Endpoint


@dataclass(frozen=True, slots=True)
class Episodes:
    """The days on which episodes began, and the last day on which the answer was known (0: never after baseline)."""

    began: tuple[int, ...]
    followed: int


def episodes(one: Participant, endpoint: Endpoint, cohort: Cohort, until: date | None = None) -> Episodes:
    """The episodes of an event that is read at assessments, up to a day.

    An episode begins at an assessment that shows the event, unless one of the last `free_assessments` known ones
    showed it too: then it is the same episode going on. An assessment whose answer is not known says nothing.
    """
    known = [
        (max(one.day(reading.on), 0), reading.state)
        for reading in readings(one, endpoint, cohort)
        if reading.state is not None and (until is None or reading.on <= until)
    ]
    gap, began = endpoint.free_assessments, []
    for place, (day, state) in enumerate(known):
        before = known[max(place - gap, 0) : place]
        if state and not any(shown for _, shown in before):
            began.append(day)
    return Episodes(tuple(began), known[-1][0] if known else 0)
