"""The appendix: listings, one line for each event, deviation or result, for the reader who asks who it was.

Participants stand by code and days are counted from the first dose. Before the list is opened no arm stands in them.
"""

from collections.abc import Callable, Iterator, Sequence

from equipoise.analysis import Participant
from equipoise.analysis.adverse_events import AdverseEvent
from equipoise.analysis.period import period
from equipoise.protocol.names import LOG
from equipoise.reports.blocks import Block, Heading, Paragraph, Teller
from equipoise.reports.codes import coded, yes_or_no
from equipoise.reports.laboratory_displays import analytes
from equipoise.reports.numbers import DASH
from equipoise.reports.study_days import begin_to_end, study_day
from equipoise.reports.table import Row, Table
from equipoise.reports.unmasking_listing import unmasking_listing

_GRADE = 3  # from this grade on a laboratory result is listed (CTCAE: severe)
Column = tuple[str, float]  # the key of its words, its share of the width


def listings(tell: Teller) -> Iterator[Block]:
    """Deaths, serious events, what ended treatment, every event, deviations, unmaskings, laboratory, who left."""
    words = tell.words
    yield Heading("listings", words("listings"), turned=True)
    yield Paragraph(words("listings_text"))
    yield deaths(tell)
    yield event_listing(tell, "list_serious", lambda event: event.serious is True)
    if tell.analysis.protocol.safety.adverse_events.stopping:
        yield event_listing(tell, "list_stopping", lambda event: event.stopped is True)
    yield event_listing(tell, "list_events", lambda event: True)
    yield deviation_listing(tell)
    yield unmasking_listing(tell)
    if tell.analysis.laboratory:
        yield laboratory_listing(tell)
    yield discontinued(tell)
    yield screen_failures(tell)


def _listing(tell: Teller, id_: str, columns: list[Column], rows: Sequence[tuple[str, ...]]) -> Table:
    """A listing; its rows have the arm in the second place, which is left out while the arms are dummies."""
    hidden = {place for place, (key, _) in enumerate(columns) if key == "arm" and tell.analysis.cohort.dummy}
    kept = [place for place in range(len(columns)) if place not in hidden]
    lines = tuple(Row(tuple(row[place] for place in kept)) for row in rows)
    return Table(
        id_, tell.words(id_), tuple(tell.words(columns[place][0]) for place in kept), lines,
        () if rows else (tell.words("nobody"),), frozenset(range(len(kept))),
        tuple(columns[place][1] for place in kept), folded=True,
    )  # fmt: skip


def _arm(tell: Teller, arm: str) -> str:
    return tell.arm(arm) if arm else DASH


# --- Adverse events ---------------------------------------------------------------------------------------------------


def event_listing(tell: Teller, id_: str, wanted: Callable[[AdverseEvent], bool]) -> Table:
    """The adverse events that are wanted, of everybody who was screened."""
    names = tell.analysis.protocol.safety.adverse_events
    columns = [("subject", 1.1), ("arm", 1.1), ("event", 2.4), ("kind", 2.0), ("severity", 1.5),
               ("begin_end" if names.end else "day", 1.0),
               ("is_serious", 0.7), ("is_related", 0.7)]  # fmt: skip
    columns += [("action", 2.2)] if names.action else []
    columns += [("outcome", 1.2)] if names.outcome else []
    rows = [_event(tell, event) for event in tell.analysis.events if wanted(event)]
    return _listing(tell, id_, columns, rows)


def _event(tell: Teller, event: AdverseEvent) -> tuple[str, ...]:
    names, cohort = tell.analysis.protocol.safety.adverse_events, tell.analysis.cohort
    term = event.term or tell.words("not_known")
    days = study_day(cohort, event.subject, event.onset)
    if names.end:
        days = begin_to_end(cohort, event.subject, event.onset, event.end)
    return (
        event.subject, _arm(tell, event.arm),
        term if event.emergent else tell.words.bracketed(term, tell.words("not_emergent")),
        coded(tell, names.form, names.category, event.category),
        coded(tell, names.form, names.severity, event.severity), days,
        yes_or_no(tell, event.serious), yes_or_no(tell, event.related),
        *([coded(tell, names.form, names.action, event.action)] if names.action else []),
        *([coded(tell, names.form, names.outcome, event.outcome)] if names.outcome else []),
    )  # fmt: skip


def deaths(tell: Teller) -> Table:
    """Who died, when, how long after the last dose, and where it is recorded."""
    fatal: dict[str, list[AdverseEvent]] = {}
    for event in tell.analysis.events:
        if event.fatal is True:
            fatal.setdefault(event.subject, []).append(event)
    cohort = tell.analysis.cohort
    rows = [
        _death(tell, one, fatal.get(one.code, []))
        for one in cohort.everybody
        if one.subject.how_ended == "died" or one.code in fatal
    ]
    columns = [("subject", 1.0), ("arm", 1.4), ("died_on", 0.8), ("last_dose_day", 1.2), ("died_as", 4.0)]
    return _listing(tell, "list_deaths", columns, rows)


def _death(tell: Teller, one: Participant, events: list[AdverseEvent]) -> tuple[str, ...]:
    cohort, words = tell.analysis.cohort, tell.words
    died = one.subject.ended if one.subject.how_ended == "died" else None
    day = died or next((event.end for event in events if event.end is not None), None)
    said = [words("fatal_event", term=event.term or words("not_known")) for event in events]
    said += [words("ended_by_death")] if died is not None else []
    last = period(one, cohort).last_dose
    return (
        one.code, _arm(tell, one.arm), study_day(cohort, one.code, day), study_day(cohort, one.code, last),
        words.apart(said),
    )  # fmt: skip


# --- Deviations and laboratory ----------------------------------------------------------------------------------------


def deviation_listing(tell: Teller) -> Table:
    """Every deviation of those randomised, the important ones marked."""
    words, important = tell.words, tell.analysis.protocol.analysis.important_deviations
    rows = [
        (one.code, _arm(tell, one.arm), tell.visit(visit) if visit != LOG else DASH, words.reason(category), text,
         words("yes" if category in important else "no"))
        for one in tell.analysis.cohort.randomised
        for visit, category, text, *_ in one.subject.deviations
    ]  # fmt: skip
    columns = [("subject", 1.0), ("arm", 1.3), ("visit", 1.3), ("kind", 1.6), ("deviation", 4.0), ("important", 0.9)]
    return _listing(tell, "list_deviations", columns, rows)


def laboratory_listing(tell: Teller) -> Table:
    """Every laboratory result of grade 3 or worse after baseline."""
    names = analytes(tell)
    rows = [
        (row.subject, _arm(tell, row.arm), names[row.analyte], tell.visit(row.visit),
         study_day(tell.analysis.cohort, row.subject, row.on), f"{row.value}", range_of(row.lower, row.upper),
         f"{row.base}" if row.base is not None else tell.words("not_known"), str(row.grade))
        for row in tell.analysis.laboratory
        if row.after and row.grade is not None and row.grade >= _GRADE
    ]  # fmt: skip
    columns = [("subject", 1.0), ("arm", 1.2), ("analyte", 2.2), ("visit", 1.3), ("day", 0.6), ("result", 0.8),
               ("limits_of_normal", 1.1), ("before", 0.9), ("ctcae", 0.6)]  # fmt: skip
    return _listing(tell, "list_laboratory", columns, rows)


def range_of(lower: object, upper: object) -> str:
    """Limits of normal as they are written, with one end or both; a dash for none."""
    if lower is None or upper is None:
        return f"≤ {upper}" if upper is not None else f"≥ {lower}" if lower is not None else DASH
    return f"{lower}–{upper}"


# --- Who left ---------------------------------------------------------------------------------------------------------


def discontinued(tell: Teller) -> Table:
    """Who stopped treatment or left the trial, when and why."""
    rows = [row for one in tell.analysis.cohort.randomised for row in _left(tell, one)]
    columns = [("subject", 1.0), ("arm", 1.4), ("what", 2.2), ("day", 0.6), ("reason", 2.4)]
    return _listing(tell, "discontinued", columns, rows)


def _left(tell: Teller, one: Participant) -> Iterator[tuple[str, ...]]:
    words, subject, cohort = tell.words, one.subject, tell.analysis.cohort
    if subject.treatment_stopped is not None:
        reason = words.reason(subject.stopped_because or "unstated")
        day = study_day(cohort, one.code, subject.treatment_stopped)
        yield one.code, _arm(tell, one.arm), words("treatment_stopped"), day, reason
    if subject.ended is not None and subject.how_ended != "completed":
        reason = words.reason(subject.ended_because or "unstated")
        day = study_day(cohort, one.code, subject.ended)
        yield one.code, _arm(tell, one.arm), words.reason(subject.how_ended), day, reason


def screen_failures(tell: Teller) -> Table:
    """Who was not randomised, and why; only the month of consent is said."""
    words, eligibility = tell.words, tell.analysis.protocol.eligibility
    criteria = {c.id: c for c in (*eligibility.inclusion, *eligibility.exclusion)}

    def said(reason: str) -> str:
        return words.named(reason, words.of(criteria[reason].text)) if reason in criteria else words.reason(reason)

    rows = [
        (one.code, one.subject.site, f"{one.subject.consent:%Y-%m}" if one.subject.consent is not None else DASH,
         words.apart([*map(said, one.subject.screen_failure)]))
        for one in tell.analysis.cohort.everybody
        if one.subject.screen_failure
    ]  # fmt: skip
    columns = [("subject", 1.0), ("site_factor", 0.7), ("screened_month", 1.1), ("reason", 6.0)]
    return _listing(tell, "screen_failures", columns, rows)
