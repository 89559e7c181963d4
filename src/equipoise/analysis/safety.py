"""Adverse events by kind and arm: participants, events, rates, differences of risk, and what no event still allows.

Nothing is tested: a trial of this size is not made to compare safety, and a p value of an adverse event misleads.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from equipoise.analysis.adverse_events import AdverseEvent, category_codes, severity_codes, worst_grades
from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.incidence import rate, risk_difference
from equipoise.analysis.sets import Members
from equipoise.protocol.schema import AnalysisSet, Protocol
from equipoise.statistics import Estimate, proportion

EVENTS = "adverse_events"
Wanted = Callable[[AdverseEvent], bool]
Kind = tuple[str, str]  # variable, level

# The lines of the overview, in their order: whether an event certainly belongs to each.
OVERVIEW: Mapping[str, Wanted] = {
    "any": lambda event: True,
    "related": lambda event: event.related is True,
    "serious": lambda event: event.serious is True,
    "serious_related": lambda event: event.serious is True and event.related is True,
    "severe": lambda event: event.severe is True,
    "stopping": lambda event: event.stopped is True,
    "fatal": lambda event: event.fatal is True,
    "any_special": lambda event: bool(event.special_interest),
}

# Where a line asks what the site may not have stated: whether it did not. Unstated is neither yes nor no.
NOT_STATED: Mapping[str, Wanted] = {
    "related": lambda event: event.related is None,
    "serious": lambda event: event.serious is None,
    "severe": lambda event: event.severe is None,
    "stopping": lambda event: event.stopped is None,
    "fatal": lambda event: event.fatal is None,
}


def safety_set(cohort: Cohort) -> AnalysisSet:
    """The set in which safety is described: the one as treated, else the first of those dosed, else the first."""
    sets = cohort.protocol.analysis.sets
    as_treated = [each for each in sets if each.arm == "as_treated"]
    by_dose = [each for each in sets if each.who == "dosed"]
    return (as_treated or by_dose or list(sets))[0]


def reference_of(protocol: Protocol) -> str:
    """The arm the others are compared with: that of the first estimand, else the last arm."""
    named = [estimand.reference_arm for estimand in protocol.estimands]
    return (named or [protocol.arms[-1].id])[0]


def overview(protocol: Protocol) -> tuple[str, ...]:
    """The lines of the overview for which the protocol says how they are recognised."""
    events, safety = protocol.safety.adverse_events, protocol.safety
    told = {
        "severe": bool(events.severe), "stopping": bool(events.stopping), "fatal": bool(events.fatal),
        "any_special": bool(safety.special_interest),
    }  # fmt: skip
    return tuple(line for line in OVERVIEW if told.get(line, True))


def kinds(cohort: Cohort) -> dict[Kind, Wanted]:
    """The lines of the tables of adverse events: (variable, level) → what belongs to it."""
    protocol = cohort.protocol
    found: dict[Kind, Wanted] = {(line, ""): OVERVIEW[line] for line in overview(protocol)}
    found |= {("not_stated", line): NOT_STATED[line] for line in overview(protocol) if line in NOT_STATED}
    for interest in protocol.safety.special_interest:
        found["special_interest", interest.id] = partial(_of_interest, interest.id)
    known = category_codes(protocol)
    for category in (*known, "") if known else ():
        found["category", category] = partial(_of_category, category, known)
        found["serious_category", category] = partial(_serious_of_category, category, known)
    return found


def _of_interest(interest: str, event: AdverseEvent) -> bool:
    return interest in event.special_interest


def _of_category(category: str, known: tuple[str, ...], event: AdverseEvent) -> bool:
    """Whether an event is of a category; of none ("") where the site stated none that is known."""
    return event.category == category if category else event.category not in known


def _serious_of_category(category: str, known: tuple[str, ...], event: AdverseEvent) -> bool:
    return event.serious is True and _of_category(category, known, event)


def counted(cohort: Cohort, events: Sequence[AdverseEvent], safety: Members) -> Iterator[Statistic]:
    """Participants and events of each kind by arm, of the treatment-emergent events in the safety set.

    A participant counts once in each line however many events they had; in the lines of severity only by the worst.
    """
    table = Table(cohort, safety.of(cohort), tuple(_inside(events, safety)))
    for (variable, level), wanted in kinds(cohort).items():
        for arm in cohort.arms:
            yield from _kind(table, variable, level, arm, wanted)
            yield from rate(EVENTS, variable, level, arm, table.people(arm), table.of(arm, wanted), cohort)
        people = {arm: len({event.subject for event in table.of(arm, wanted)}) for arm in cohort.arms}
        yield from _differences(table, variable, level, people)
        if variable in ("any", "category"):
            yield from _worst(table, "worst" if variable == "any" else f"worst/{level}", wanted)
    yield from _terms(table)
    yield from _died(table, {event.subject for event in events if event.fatal is True})


@dataclass(frozen=True, eq=False)
class Table:
    """The people of the safety set and their treatment-emergent events."""

    cohort: Cohort
    members: tuple[Participant, ...]
    events: tuple[AdverseEvent, ...]

    def people(self, arm: str) -> tuple[Participant, ...]:
        """The people of an arm."""
        return tuple(one for one in self.members if one.arm == arm)

    def of(self, arm: str, wanted: Wanted) -> list[AdverseEvent]:
        """The events of an arm that belong to a line."""
        return [event for event in self.events if event.arm == arm and wanted(event)]


def _inside(events: Sequence[AdverseEvent], safety: Members) -> Iterator[AdverseEvent]:
    inside = set(safety.members)
    return (event for event in events if event.subject in inside and event.emergent)


def _kind(table: Table, variable: str, level: str, arm: str, wanted: Wanted) -> Iterator[Statistic]:
    found, total = table.of(arm, wanted), len(table.people(arm))
    people = len({event.subject for event in found})
    confidence = 1.0 - float(table.cohort.protocol.analysis.alpha)
    risk = proportion(people, total, method="clopper_pearson", level=confidence)
    limits = (risk.lower, risk.upper) if isinstance(risk, Estimate) else (None, None)
    yield Statistic(
        analysis=EVENTS, statistic="participants", variable=variable, level=level, arm=arm, n=people, N=total,
        estimate=people / total if total else None, lower=limits[0], upper=limits[1],
        method="proportion/clopper_pearson",
    )  # fmt: skip
    yield Statistic(analysis=EVENTS, statistic="events", variable=variable, level=level, arm=arm, n=len(found), N=total)
    if people == 0 and total:
        yield _still_possible(variable, level, arm, total)


def _still_possible(variable: str, level: str, arm: str, total: int) -> Statistic:
    """With no event in `total` people, the highest rate that is still compatible (one-sided 95 %): 1 − 0.05^(1/N)."""
    exact = proportion(0, total, method="clopper_pearson", level=0.90)
    upper = exact.upper if isinstance(exact, Estimate) else None
    return Statistic(
        analysis=EVENTS, statistic="still_possible", variable=variable, level=level, arm=arm, upper=upper, n=0, N=total,
        method="proportion/clopper_pearson",
    )  # fmt: skip


def _died(table: Table, fatal: set[str]) -> Iterator[Statistic]:
    """Who died at any time, by whichever record says so: an event with a fatal outcome, or how participation ended."""
    died: dict[str, int] = {}
    for arm in table.cohort.arms:
        people = table.people(arm)
        died[arm] = sum(one.code in fatal or one.subject.how_ended == "died" for one in people)
        yield Statistic(
            analysis=EVENTS, statistic="participants", variable="died", arm=arm, n=died[arm], N=len(people),
            estimate=died[arm] / len(people) if people else None,
        )  # fmt: skip
    yield from _differences(table, "died", "", died)


def _differences(table: Table, variable: str, level: str, people: Mapping[str, int]) -> Iterator[Statistic]:
    """The difference of each arm from the reference, from how many of each had an event; none in one pooled group."""
    reference = reference_of(table.cohort.protocol)
    if reference not in table.cohort.arms:
        return
    confidence = 1.0 - float(table.cohort.protocol.analysis.alpha)
    counts = {arm: (arm, people[arm], len(table.people(arm))) for arm in table.cohort.arms}
    for arm in table.cohort.arms:
        if arm != reference:
            yield risk_difference(EVENTS, variable, level, counts[arm], counts[reference], confidence)


def _worst(table: Table, variable: str, wanted: Wanted) -> Iterator[Statistic]:
    for arm in table.cohort.arms:
        found, total = table.of(arm, wanted), len(table.people(arm))
        grades = worst_grades(found, severity_codes(table.cohort.protocol))
        for severity in (*severity_codes(table.cohort.protocol), ""):
            people = sum(grade == severity for grade in grades.values())
            events = sum(event.severity == severity for event in found)
            share = people / total if total else None
            for statistic, n, estimate in (("participants", people, share), ("events", events, None)):
                yield Statistic(
                    analysis=EVENTS, statistic=statistic, variable=variable, level=severity, arm=arm, n=n, N=total,
                    estimate=estimate,
                )  # fmt: skip


def _terms(table: Table) -> Iterator[Statistic]:
    """The terms within each category; words that differ in case or spaces only are one term, as first written."""
    named: dict[tuple[str, str], tuple[str, list[AdverseEvent]]] = {}
    known = category_codes(table.cohort.protocol)
    for event in table.events:
        category = event.category if event.category in known else ""
        if event.term:
            named.setdefault((category, same(event.term)), (event.term, []))[1].append(event)
    for (category, _), (term, events) in named.items():
        for arm in table.cohort.arms:
            yield from _term(table, category, term, arm, [event for event in events if event.arm == arm])


def _term(table: Table, category: str, term: str, arm: str, found: list[AdverseEvent]) -> Iterator[Statistic]:
    total, people = len(table.people(arm)), len({event.subject for event in found})
    for statistic, n in (("participants", people), ("events", len(found))):
        yield Statistic(
            analysis=EVENTS, statistic=statistic, variable=f"term/{category}", level=term, arm=arm, n=n, N=total
        )


def same(words: str) -> str:
    """Words without what does not matter: case, and spaces more than one."""
    return " ".join(words.casefold().split())
