"""Adverse events as rows, and how many participants and events there were of each kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from equipoise.analysis.cohort import Cohort, Participant, known_value
from equipoise.conduct.environment import RowEnvironment, rule
from equipoise.items import Answer, PartialDate, Value
from equipoise.protocol.names import LOG


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """One row of the adverse-event log. None is not known, never "no"."""

    subject: str
    arm: str
    repeat: int
    term: str
    category: str
    severity: str
    serious: bool | None
    related: bool | None
    onset: date | PartialDate | None
    after_randomisation: bool  # false only if it certainly began before
    special_interest: tuple[str, ...]


def adverse_events(cohort: Cohort) -> tuple[AdverseEvent, ...]:
    """Every adverse event of everybody who was screened, in the order of participants and rows."""
    return tuple(found for one in cohort.everybody for found in _of(one, cohort))


def _of(one: Participant, cohort: Cohort) -> Iterator[AdverseEvent]:
    names = cohort.protocol.safety.adverse_events
    rows = sorted(key for key in one.subject.values if key[:2] == (LOG, names.form))
    for key in rows:
        answers = one.subject.values[key]
        row = {item: known_value(answer) for item, answer in answers.items()}
        if all(value is None for value in row.values()):
            continue
        onset = row.get(names.onset)
        yield AdverseEvent(
            subject=one.code,
            arm=one.arm,
            repeat=key[2],
            term=_text(row.get(names.term)),
            category=_text(row.get(names.category)),
            severity=_text(row.get(names.severity)),
            serious=_truth(row.get(names.serious)),
            related=_truth(row.get(names.related)),
            onset=onset if isinstance(onset, date | PartialDate) else None,
            after_randomisation=not _before(onset, one.subject.randomised),
            special_interest=tuple(_special(one, answers, cohort)),
        )


def _special(one: Participant, answers: Mapping[str, Answer], cohort: Cohort) -> Iterator[str]:
    env = RowEnvironment(answers, one.history.at(LOG))  # what conduct reads for the rows of a log
    for interest in cohort.protocol.safety.special_interest:
        if rule(interest.rule).evaluate(env) is True:
            yield interest.id


def _text(value: Value | None) -> str:
    return str(value) if value is not None else ""


def _truth(value: Value | None) -> bool | None:
    return value if isinstance(value, bool) else None


def _before(onset: Value | None, randomised: date | None) -> bool:
    """Whether an event certainly began before randomisation: every day it can have begun lies before."""
    if randomised is None:
        return True
    latest = onset.latest if isinstance(onset, PartialDate) else onset
    return isinstance(latest, date) and latest < randomised
