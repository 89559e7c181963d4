"""Intercurrent events: when they happened, and what a participant contributes under the strategy chosen for each.

ICH E9(R1), 2019, A.3.2. The first event of a participant that has another strategy than treatment policy decides; what
happened later is moot. What was seen on the day of an event still counts as seen before it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.events import Outcome, Reading, TimeToEvent, latest_known, readings, scheduled
from equipoise.conduct.environment import rule
from equipoise.protocol.schema import Endpoint, Pandemic

# On one and the same day a failure counts before values are set aside: leaving the trial also stops the treatment.
_ON_ONE_DAY: Final = ("composite", "while_on_treatment", "hypothetical")


@dataclass(frozen=True, slots=True)
class Intercurrent:
    """The intercurrent event that decides what a participant contributes."""

    event: str
    strategy: str
    on: date


def decisive(
    one: Participant, endpoint: Endpoint, cohort: Cohort, strategies: Mapping[str, str]
) -> Intercurrent | None:
    """The first event within the endpoint's time whose strategy is not treatment policy; None if there was none."""
    found = [
        Intercurrent(event, strategy, on)
        for event, strategy in strategies.items()
        if strategy != "treatment_policy" and (on := happened(event, one, endpoint, cohort)) is not None
    ]
    return min(found, key=lambda each: (each.on, _ON_ONE_DAY.index(each.strategy)), default=None)


def happened(event: str, one: Participant, endpoint: Endpoint, cohort: Cohort) -> date | None:
    """The day of an intercurrent event, if it was before the endpoint's last assessment, or before that was overdue."""
    planned = scheduled(endpoint, cohort)
    on = _DAYS[event](one, endpoint, cohort)
    if on is None or not planned or one.subject.randomised is None:
        return None
    last = one.held(planned[-1].id)
    before = on < last if last is not None else on <= one.subject.randomised + timedelta(days=planned[-1].latest)
    return on if before else None


def _stopped(one: Participant, endpoint: Endpoint, cohort: Cohort) -> date | None:
    return one.subject.treatment_stopped


def _ended(*how: str) -> Callable[[Participant, Endpoint, Cohort], date | None]:
    def on(one: Participant, endpoint: Endpoint, cohort: Cohort) -> date | None:
        return one.subject.ended if one.subject.how_ended in how else None

    return on


def _missed(one: Participant, endpoint: Endpoint, cohort: Cohort) -> date | None:
    """The target day of the endpoint's last assessment, if it was missed by somebody who still took part.

    An assessment missed before the last one is bridged by those after it.
    """
    subject, planned = one.subject, scheduled(endpoint, cohort)
    if not planned or subject.randomised is None or one.held(planned[-1].id) is not None:
        return None
    if subject.how_ended not in ("", "completed"):
        return None
    over = planned[-1].id in subject.visits or subject.ended is not None
    return subject.randomised + timedelta(days=planned[-1].day) if over else None


def _prohibited(one: Participant, endpoint: Endpoint, cohort: Cohort) -> date | None:
    wanted = cohort.protocol.analysis.intercurrent.prohibited_medication
    if wanted is None:
        return None
    expression = rule(wanted)
    held = ((one.held(visit.id), visit.id) for visit in cohort.after_baseline)
    return next((on for on, visit in held if on and expression.evaluate(one.history.at(visit)) is True), None)


def _pandemic(one: Participant, endpoint: Endpoint, cohort: Cohort) -> date | None:
    wanted = cohort.protocol.analysis.intercurrent.pandemic
    return None if wanted is None else min(_disrupted(one, wanted, cohort), default=None)


def _disrupted(one: Participant, wanted: Pandemic, cohort: Cohort) -> Iterator[date]:
    """The days on which a participant's visits were disrupted, and the first day of the window they were in."""
    subject = one.subject
    if subject.randomised is None:
        return
    for visit in cohort.after_baseline:
        state = subject.visits.get(visit.id)
        if state is not None and state.because in wanted.reasons and (state.status == "missed" or state.mode != "site"):
            yield state.on or subject.randomised + timedelta(days=visit.day)
    if wanted.first_day is not None:
        on = max(wanted.first_day, subject.randomised)
        if on <= min(wanted.last_day or date.max, subject.ended or date.max):
            yield on


_DAYS: Final[dict[str, Callable[[Participant, Endpoint, Cohort], date | None]]] = {
    "treatment_stopped": _stopped,
    "withdrawn": _ended("withdrew", "other"),
    "lost": _ended("lost"),
    "died": _ended("died"),
    "missed_assessment": _missed,
    "prohibited_medication": _prohibited,
    "pandemic": _pandemic,
}


# --- What is contributed ----------------------------------------------------------------------------------------------


def outcome_under(
    found: Intercurrent | None, one: Participant, endpoint: Endpoint, cohort: Cohort, observed: Outcome
) -> Outcome:
    """Yes, no or unknown under the strategy; `reason` is the event where that alone made the outcome.

    An event of the endpoint that came first stands. Else composite: a failure, which is a yes where lower is better.
    Hypothetical: unknown. While on treatment: no, if it certainly did not happen at any assessment until then.
    """
    if found is None:
        return observed
    seen = _until(found, readings(one, endpoint, cohort))
    if observed.state is True and any(reading.state is True for reading in seen):
        return observed
    if found.strategy == "composite":
        return Outcome(endpoint.better == "lower", on=found.on, reason=found.event)
    if found.strategy == "while_on_treatment" and seen and all(reading.state is False for reading in seen):
        return Outcome(False, seen[-1].visit.id, seen[-1].on, reason=found.event)
    return observed if observed.state is None else Outcome(None, reason="set_aside")


def time_under(
    found: Intercurrent | None, one: Participant, endpoint: Endpoint, cohort: Cohort, observed: TimeToEvent
) -> TimeToEvent:
    """The time under the strategy. An event of the endpoint that came first stands.

    Composite: an event on the day of the intercurrent event where lower is better, else never one: censored at the end
    of the endpoint's time. Hypothetical and while on treatment: censored at the last known assessment until then.
    """
    if found is None or (observed.event and observed.on <= found.on):
        return observed
    if found.strategy == "composite":
        if endpoint.better == "lower":
            return TimeToEvent(max(one.day(found.on), 0), True, found.on, "")
        end = cohort.protocol.visit_by_id[endpoint.through].day
        return TimeToEvent(end, False, found.on + timedelta(days=end - one.day(found.on)), "")
    return latest_known(one, _until(found, readings(one, endpoint, cohort)))


def course_under(
    found: Intercurrent | None, one: Participant, endpoint: Endpoint, known: Mapping[str, float]
) -> Mapping[str, float]:
    """The numbers by visit under the strategy: those after the event are set aside.

    While on treatment the last number until then is also that of the endpoint's visit. A number has no failure that a
    composite strategy could count: ValueError, which the check of the protocol prevents.
    """
    if found is None:
        return known
    if found.strategy == "composite":
        raise ValueError(f"{endpoint.id} is a number: {found.event} cannot be a failure of it")
    kept = {visit: value for visit, value in known.items() if (on := one.held(visit)) and on <= found.on}
    if found.strategy == "while_on_treatment" and kept:
        kept[endpoint.through] = list(kept.values())[-1]
    return kept


def _until(found: Intercurrent, seen: tuple[Reading, ...]) -> tuple[Reading, ...]:
    return tuple(reading for reading in seen if reading.on <= found.on)
