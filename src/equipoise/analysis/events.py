"""Endpoints read from histories: whether an event happened, when, and why it is not known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from equipoise.analysis.assessments import assessments
from equipoise.analysis.cohort import Cohort, Participant, baseline_value, number
from equipoise.conduct.environment import rule
from equipoise.protocol.schedule import Encounter, Visit
from equipoise.protocol.schema import Endpoint, Protocol


@dataclass(frozen=True, slots=True)
class Reading:
    """What an endpoint's rule says at one assessment that took place; None is unknown."""

    visit: Encounter
    on: date
    state: bool | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a participant had the event. `state` None is unknown, and `reason` is the code of why.

    Where a state was made by an intercurrent event and its strategy, `reason` is that event.
    """

    state: bool | None
    visit: str = ""
    on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TimeToEvent:
    """Days from randomisation to the event or, if `event` is false, to the last assessment that showed none."""

    days: int
    event: bool
    on: date
    visit: str  # "" where no assessment was ever known: censored at randomisation


def scheduled(endpoint: Endpoint, cohort: Cohort) -> tuple[Visit, ...]:
    """The assessments of an endpoint after baseline up to the visit it is measured through."""
    wanted, through = endpoint.rule or endpoint.variable or "", endpoint.through
    return cohort.once(
        (scheduled, wanted, through), lambda: assessments(wanted, cohort.through(through), cohort.protocol)
    )


def outside(one: Participant, endpoint: Endpoint, cohort: Cohort) -> tuple[Encounter, ...]:
    """The visits after baseline that stand outside the schedule and count: before the endpoint's last one and in time.

    In time is up to the last day of that visit's window. Nothing is expected at them: what is not known is not missing.
    """
    through = cohort.protocol.visit_by_id[endpoint.through]
    last = one.held(through.id)
    return tuple(
        each.visit
        for each in cohort.took_place(one)
        if each.after and each.visit.counts and not isinstance(each.visit, Visit)
        and one.day(each.on) <= through.latest and (last is None or each.on < last)
    )  # fmt: skip


def readings(one: Participant, endpoint: Endpoint, cohort: Cohort) -> tuple[Reading, ...]:
    """What the endpoint's rule says at every assessment that took place, in order of time.

    Of a visit outside the schedule only what is known is read.
    """
    asked = (readings, one.code, endpoint.rule, endpoint.variable, endpoint.through)
    return cohort.once(asked, lambda: _read(one, endpoint, cohort))


def _read(one: Participant, endpoint: Endpoint, cohort: Cohort) -> tuple[Reading, ...]:
    planned = tuple(_said(one, endpoint, scheduled(endpoint, cohort)))
    beside = (each for each in _said(one, endpoint, outside(one, endpoint, cohort)) if each.state is not None)
    return tuple(sorted((*planned, *beside), key=lambda reading: reading.on))


def _said(one: Participant, endpoint: Endpoint, visits: tuple[Encounter, ...]) -> Iterator[Reading]:
    expression = rule(endpoint.rule or "False")
    for visit in visits:
        if (on := one.held(visit.id)) is not None:
            state = expression.evaluate(one.history.at(visit.id))
            yield Reading(visit, on, state if isinstance(state, bool) else None)


def event(one: Participant, endpoint: Endpoint, cohort: Cohort) -> Outcome:
    """Whether the event happened by the end of the endpoint's time.

    Yes: at any assessment. No: certainly not at every assessment attended, the last scheduled one among them. Else
    unknown, with the reason: a person of whom we do not know is never taken for one without the event.
    """
    found = readings(one, endpoint, cohort)
    first = next((reading for reading in found if reading.state is True), None)
    if first is not None:
        return Outcome(True, first.visit.id, first.on)
    planned = scheduled(endpoint, cohort)
    last = planned[-1].id if planned else ""
    if found and found[-1].visit.id == last and all(reading.state is False for reading in found):
        return Outcome(False, last, found[-1].on)
    return Outcome(None, reason=_why_unknown(one, found, last))


def _why_unknown(one: Participant, found: tuple[Reading, ...], last: str) -> str:
    if not found or found[-1].visit.id != last:
        if one.subject.ended is not None and one.subject.how_ended != "completed":
            return f"ended_{one.subject.how_ended}"
        return "last_assessment_missed" if last in one.subject.visits or one.subject.ended else "not_reached"
    return "answer_not_known"


def time_to_event(one: Participant, endpoint: Endpoint, cohort: Cohort) -> TimeToEvent:
    """Days from randomisation to the first assessment that shows the event.

    Without one, censored at the last assessment with a known answer; without any, at randomisation (day 0). The day
    of randomisation is day 0, so that week 52 is day 364.
    """
    return latest_known(one, readings(one, endpoint, cohort))


def latest_known(one: Participant, found: tuple[Reading, ...]) -> TimeToEvent:
    """Days to the first of these readings that shows the event, or to the last whose answer is known."""
    first = next((reading for reading in found if reading.state is True), None)
    last = first or next((reading for reading in reversed(found) if reading.state is False), None)
    if last is not None:
        return TimeToEvent(max(one.day(last.on), 0), first is not None, last.on, last.visit.id)
    if one.subject.randomised is None:
        raise ValueError(f"{one.code} was not randomised")
    return TimeToEvent(0, False, one.subject.randomised, "")


@dataclass(frozen=True, slots=True)
class Measured:
    """A number at baseline and at the end; None where it is not known. `complete`: known at every visit between."""

    baseline: float | None
    final: float | None
    complete: bool

    @property
    def change(self) -> float | None:
        """The final number less the one at baseline."""
        return None if self.baseline is None or self.final is None else self.final - self.baseline


def measured(one: Participant, endpoint: Endpoint, cohort: Cohort) -> Measured:
    """The endpoint's variable at the baseline visit and at the visit it is measured through."""
    variable, protocol = endpoint.variable or "", cohort.protocol
    planned = scheduled(endpoint, cohort)
    values = [_number(one, variable, visit.id) for visit in planned]
    baseline = number(baseline_value(one, variable, protocol))
    return Measured(
        baseline=baseline,
        final=_number(one, variable, endpoint.through),
        complete=baseline is not None and None not in values,
    )


def course(one: Participant, endpoint: Endpoint, cohort: Cohort) -> dict[str, float]:
    """The endpoint's variable at every visit after baseline at which it is scheduled and known."""
    found = {v.id: _number(one, endpoint.variable or "", v.id) for v in scheduled(endpoint, cohort)}
    return {visit: value for visit, value in found.items() if value is not None}


def _number(one: Participant, variable: str, visit: str) -> float | None:
    return number(one.value(variable, visit)) if one.held(visit) is not None else None


def endpoint_of(protocol: Protocol, wanted: str) -> Endpoint:
    """The endpoint of an id."""
    return next(endpoint for endpoint in protocol.endpoints if endpoint.id == wanted)
