"""Exposure, adverse events by category and arm, and the rate that is still possible where nothing happened."""

from collections.abc import Callable, Iterator, Sequence

from equipoise.analysis.adverse_events import AdverseEvent
from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.description import described
from equipoise.analysis.dosing import days_of_doses, doses_due, given
from equipoise.analysis.sets import Members
from equipoise.protocol.schema import AnalysisSet
from equipoise.statistics import Estimate, proportion

EXPOSURE, EVENTS = "exposure", "adverse_events"


def safety_set(cohort: Cohort) -> AnalysisSet:
    """The set in which safety is described: the one as treated, else the first of those dosed, else the first."""
    sets = cohort.protocol.analysis.sets
    as_treated = [each for each in sets if each.arm == "as_treated"]
    by_dose = [each for each in sets if each.who == "dosed"]
    return (as_treated or by_dose or list(sets))[0]


def exposure(cohort: Cohort, people: Sequence[Participant]) -> Iterator[Statistic]:
    """Doses per participant, how long treatment went on, and how many were given at each visit."""
    protocol, due = cohort.protocol, doses_due(cohort.protocol)
    yield Statistic(analysis=EXPOSURE, statistic="doses_due", n=len(due))
    for arm in cohort.arms:
        treated = [one for one in people if one.arm == arm]
        days = [days_of_doses(one, protocol) for one in treated]
        numbers = [float(sum(given(one, v, protocol) is True for v in due)) for one in treated]
        yield from described(numbers, analysis=EXPOSURE, variable="doses", arm=arm, total=len(treated))
        lasted = [float((d[-1] - d[0]).days) for d in days if d]
        yield from described(lasted, analysis=EXPOSURE, variable="duration_days", arm=arm, total=len(treated))
        full = sum(n == len(due) for n in numbers)
        yield Statistic(analysis=EXPOSURE, statistic="all_doses", arm=arm, n=full, N=len(treated))
        yield Statistic(analysis=EXPOSURE, statistic="doses_in_all", arm=arm, n=int(sum(numbers)))
        for visit in due:
            at = sum(given(one, visit, protocol) is True for one in treated)
            yield Statistic(analysis=EXPOSURE, statistic="given", level=visit, arm=arm, n=at, N=len(treated))


Wanted = Callable[[AdverseEvent], bool]


def counted(cohort: Cohort, events: Sequence[AdverseEvent], safety: Members) -> Iterator[Statistic]:
    """Participants and events of each kind by arm, among those of the safety set and after randomisation.

    A participant counts once in each line however many events they had; in the lines of severity only by the worst.
    """
    inside = set(safety.members)
    after = [found for found in events if found.subject in inside and found.after_randomisation]
    for arm in cohort.arms:
        here = [found for found in after if found.arm == arm]
        total = sum(one.arm == arm for one in safety.of(cohort))
        for (variable, level), wanted in kinds(cohort).items():
            yield from _kind(variable, level, arm, [found for found in here if wanted(found)], total, cohort)
        yield from _worst(cohort, arm, here, total)


def kinds(cohort: Cohort) -> dict[tuple[str, str], Wanted]:
    """The lines of the table of adverse events: (variable, level) → what belongs to it."""
    found: dict[tuple[str, str], Wanted] = {
        ("any", ""): lambda event: True,
        ("related", ""): lambda event: event.related is True,
        ("serious", ""): lambda event: event.serious is True,
        ("serious_related", ""): lambda event: event.serious is True and event.related is True,
    }
    for interest in cohort.protocol.safety.special_interest:
        found["special_interest", interest.id] = lambda event, id_=interest.id: id_ in event.special_interest  # type: ignore[misc]
    for category in categories(cohort):
        found["category", category] = lambda event, code=category: event.category == code  # type: ignore[misc]
    return found


def categories(cohort: Cohort) -> tuple[str, ...]:
    """The codes of the categories of adverse events in the order of the protocol; none where they are free text."""
    return _codes(cohort, cohort.protocol.safety.adverse_events.category)


def severities(cohort: Cohort) -> tuple[str, ...]:
    """The codes of severity, the mildest first."""
    return _codes(cohort, cohort.protocol.safety.adverse_events.severity)


def _codes(cohort: Cohort, item: str) -> tuple[str, ...]:
    form = cohort.protocol.form_by_id[cohort.protocol.safety.adverse_events.form]
    return tuple(entry.code for entry in cohort.protocol.code_lists.get(form.item_by_id[item].codes, ()))


def _kind(
    variable: str, level: str, arm: str, found: list[AdverseEvent], total: int, cohort: Cohort
) -> Iterator[Statistic]:
    people = len({event.subject for event in found})
    confidence = 1.0 - float(cohort.protocol.analysis.alpha)
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


def _worst(cohort: Cohort, arm: str, found: list[AdverseEvent], total: int) -> Iterator[Statistic]:
    order = severities(cohort)
    worst: dict[str, int] = {}
    for event in found:
        if event.severity in order:
            worst[event.subject] = max(worst.get(event.subject, -1), order.index(event.severity))
    for place, severity in enumerate(order):
        people = sum(grade == place for grade in worst.values())
        events = sum(event.severity == severity for event in found)
        yield Statistic(
            analysis=EVENTS, statistic="participants", variable="worst", level=severity, arm=arm, n=people, N=total,
            estimate=people / total if total else None,
        )  # fmt: skip
        yield Statistic(
            analysis=EVENTS, statistic="events", variable="worst", level=severity, arm=arm, n=events, N=total
        )
    ungraded = {event.subject for event in found} - set(worst)
    yield Statistic(
        analysis=EVENTS, statistic="participants", variable="worst", level="", arm=arm, n=len(ungraded), N=total
    )
