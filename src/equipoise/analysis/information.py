"""How much of the planned information a trial has reached. It is counted over all arms, and needs none."""

from math import ceil

from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.question import Question, question
from equipoise.analysis.sets import members
from equipoise.protocol.monitoring import Due
from equipoise.protocol.schema import Estimand, Protocol


def question_of(estimand: Estimand, cohort: Cohort) -> Question:
    """The question of an estimand, put to those whose endpoint can be judged by now.

    Of somebody who has not reached the visit of the endpoint nothing is missing yet: taken as a failure, a rule for
    missing outcomes would make of every interim look a comparison of recruitment. A time to event is censored where
    observation ends, so everybody counts; so does everybody once the trial is locked.
    """
    population = next(wanted for wanted in cohort.protocol.analysis.sets if wanted.id == estimand.population)
    asked = question(estimand, cohort, {population.id: members(cohort, population)})
    if asked.endpoint.measure == "time_to_event" or cohort.snapshot.locked:
        return asked
    return asked.among(tuple(one for one in asked.people if _judged_by_now(one, asked.endpoint.through)))


def _judged_by_now(one: Participant, visit: str) -> bool:
    return visit in one.subject.visits or one.subject.ended is not None


def information(asked: Question) -> int:
    """Events for a time to event; else participants who count: those with a known outcome, or all where the method
    takes an unknown one for an event or for none."""
    people = [one.code for one in asked.people]
    match asked.endpoint.measure:
        case "time_to_event":
            return sum(asked.times[code].event for code in people)
        case "event":
            filled = asked.estimand.method.missing in ("event", "no_event")
            return sum(filled or asked.outcomes[code].state is not None for code in people)
        case _:
            return sum(asked.numbers[code].change is not None for code in people)


def reached(due: Due, cohort: Cohort) -> tuple[int, int] | None:
    """How far a look's own measure has got, and what it waits for; None for a look on a date."""
    plan = cohort.protocol.monitoring
    if due.information is not None and plan is not None and plan.boundary is not None:
        wanted = ceil(due.information * plan.boundary.information)
        return information(question_of(boundary_estimand(cohort.protocol), cohort)), wanted
    if due.participants is not None and due.visit is not None:
        return sum(one.held(due.visit) is not None for one in cohort.randomised), due.participants
    return None


def boundary_estimand(protocol: Protocol) -> Estimand:
    """The estimand that the efficacy looks test. Raises LookupError for a trial without such looks."""
    boundary = protocol.monitoring.boundary if protocol.monitoring is not None else None
    for estimand in protocol.estimands:
        if boundary is not None and estimand.id == boundary.estimand:
            return estimand
    raise LookupError(f"{protocol.id} tests nothing at its looks")
