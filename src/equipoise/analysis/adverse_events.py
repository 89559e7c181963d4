"""Adverse events as rows: what is recorded of each, and whether it is treatment-emergent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from equipoise.analysis.cohort import Cohort, Participant, known_value
from equipoise.analysis.period import Day, Period, as_day, emergent, exact, period
from equipoise.conduct.environment import row_of, rule
from equipoise.items import Answer, Value, counted
from equipoise.protocol.names import LOG
from equipoise.protocol.schema import Protocol


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """One row of the adverse-event log. None is not known, never "no"."""

    subject: str
    arm: str
    repeat: int
    verbatim: str
    term: str  # the dictionary's, else the words of the site
    category: str
    severity: str
    severe: bool | None
    serious: bool | None
    related: bool | None
    stopped: bool | None  # led to the end of treatment
    fatal: bool | None
    action: str
    outcome: str
    onset: Day | None
    end: Day | None
    onset_day: int | None  # the study day, where the date is wholly known
    emergent: bool
    special_interest: tuple[str, ...]


class LogRow(NamedTuple):
    """One row of a log: its number, its answers, and their values as analyses read them, None where one is missing."""

    repeat: int
    answers: Mapping[str, Answer]
    known: Mapping[str, Value | None]


def adverse_events(cohort: Cohort) -> tuple[AdverseEvent, ...]:
    """Every adverse event of everybody who was screened, in the order of participants and rows."""
    return tuple(found for one in cohort.everybody for found in _of(one, cohort))


def log_rows(one: Participant, form: str) -> Iterator[LogRow]:
    """The rows of a log in their order; rows in which nothing is known are left out."""
    items = one.history.names.on_forms[form]
    for key in one.subject.rows(form):
        answers = one.subject.values[key]
        known = {item: known_value(counted(items[item], answer)) for item, answer in answers.items()}
        if any(value is not None for value in known.values()):
            yield LogRow(key[2], answers, known)


def _of(one: Participant, cohort: Cohort) -> Iterator[AdverseEvent]:
    when = period(one, cohort)
    for row in log_rows(one, cohort.protocol.safety.adverse_events.form):
        yield _event(one, row, when, cohort)


def _event(one: Participant, row: LogRow, when: Period, cohort: Cohort) -> AdverseEvent:
    names, known = cohort.protocol.safety.adverse_events, row.known
    said = {key: text_of(known, item) for key, item in names if key not in _NOT_ITEMS}
    onset = as_day(known.get(names.onset))
    begun = exact(onset)
    return AdverseEvent(
        subject=one.code, arm=one.arm, repeat=row.repeat, verbatim=said["term"],
        term=said["coded"] or said["term"], category=said["category"], severity=said["severity"],
        severe=_severe(said["severity"], cohort.protocol),
        serious=truth_of(known.get(names.serious)), related=truth_of(known.get(names.related)),
        stopped=_among(said["action"], names.stopping), fatal=_among(said["outcome"], names.fatal),
        action=said["action"], outcome=said["outcome"],
        onset=onset, end=as_day(known.get(names.end)) if names.end else None,
        onset_day=when.day(begun) if begun else None,
        emergent=emergent(onset, one, when, cohort),
        special_interest=tuple(_special(one, row.answers, cohort)),
    )  # fmt: skip


_NOT_ITEMS = frozenset({"form", "severe", "stopping", "fatal"})


def _special(one: Participant, answers: Mapping[str, Answer], cohort: Cohort) -> Iterator[str]:
    protocol = cohort.protocol
    form = protocol.form_by_id[protocol.safety.adverse_events.form]
    env = row_of(protocol, form, answers, one.history.at(LOG))  # what conduct reads for the rows of a log
    for interest in protocol.safety.special_interest:
        if rule(interest.rule).evaluate(env) is True:
            yield interest.id


def worst_grades(events: Sequence[AdverseEvent], order: Sequence[str]) -> dict[str, str]:
    """Of each participant with events, the worst severity that is known; nothing where none is known."""
    worst: dict[str, str] = {}
    for event in events:
        grade = event.severity if event.severity in order else ""
        before = worst.setdefault(event.subject, "")
        if grade and (not before or order.index(grade) > order.index(before)):
            worst[event.subject] = grade
    return worst


def text_of(row: Mapping[str, Value | None], item: str | None) -> str:
    """What a row says under an item, as text; nothing where it says nothing."""
    value = row.get(item) if item else None
    return str(value) if value is not None else ""


def truth_of(value: Value | None) -> bool | None:
    """A truth value, or None for anything else."""
    return value if isinstance(value, bool) else None


def _among(code: str, codes: tuple[str, ...]) -> bool | None:
    """Whether a code is one of those that mean it; not known where there is no code, or none that means it."""
    return code in codes if code and codes else None


def _severe(severity: str, protocol: Protocol) -> bool | None:
    order, least = severity_codes(protocol), protocol.safety.adverse_events.severe
    return order.index(severity) >= order.index(least) if severity in order and least in order else None


def severity_codes(protocol: Protocol) -> tuple[str, ...]:
    """The codes of severity, the mildest first."""
    return _codes(protocol, protocol.safety.adverse_events.severity)


def category_codes(protocol: Protocol) -> tuple[str, ...]:
    """The codes of the categories of adverse events in the order of the protocol; none where they are free text."""
    return _codes(protocol, protocol.safety.adverse_events.category)


def _codes(protocol: Protocol, item: str) -> tuple[str, ...]:
    form = protocol.form_by_id[protocol.safety.adverse_events.form]
    return tuple(entry.code for entry in protocol.code_lists.get(form.item_by_id[item].codes, ()))
