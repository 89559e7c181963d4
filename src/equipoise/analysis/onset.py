"""The time to the first adverse event of special interest: its cumulative incidence by Kaplan and Meier."""

from collections.abc import Iterator, Sequence

from equipoise.analysis.adverse_events import AdverseEvent
from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.incidence import days_at_risk
from equipoise.statistics import NotEstimable, SurvivalCurve, kaplan_meier

ONSET = "time_to_special_interest"
ANY = ""  # an event of any kind of special interest


def first_times(
    cohort: Cohort, events: Sequence[AdverseEvent], people: Sequence[Participant], interest: str
) -> list[tuple[str, int, bool]]:
    """The arm of each participant, the study day of the first event or of the end of observation, and which it is."""
    onsets: dict[str, list[AdverseEvent]] = {}
    for event in events:
        if event.emergent and (interest in event.special_interest or (interest == ANY and event.special_interest)):
            onsets.setdefault(event.subject, []).append(event)
    return [
        (one.arm, days_at_risk(one, [event.onset for event in onsets.get(one.code, ())], cohort), one.code in onsets)
        for one in people
    ]


def onset_curve(times: Sequence[tuple[str, int, bool]], arm: str, level: float) -> SurvivalCurve | NotEstimable:
    """The proportion of an arm still free of the event, by study day."""
    mine = [(day, event) for name, day, event in times if name == arm]
    return kaplan_meier([day for day, _ in mine], [event for _, event in mine], level=level)


def onset_statistics(
    cohort: Cohort, events: Sequence[AdverseEvent], people: Sequence[Participant]
) -> Iterator[Statistic]:
    """Of each kind that occurred: who had it, the first day it was seen, and its risk by the last planned visit.

    A risk beyond the last day under observation is not estimable; death ends observation like any other leaving.
    """
    interests = [interest.id for interest in cohort.protocol.safety.special_interest]
    for interest in (ANY, *interests) if interests else ():
        times = first_times(cohort, events, people, interest)
        if any(event for _, _, event in times):
            for arm in cohort.arms:
                yield from _of_arm(cohort, interest, arm, times)


def _of_arm(cohort: Cohort, interest: str, arm: str, times: Sequence[tuple[str, int, bool]]) -> Iterator[Statistic]:
    mine = [(day, event) for name, day, event in times if name == arm]
    days = sorted(day for day, event in mine if event)
    yield Statistic(
        analysis=ONSET, statistic="first_day", variable=interest, arm=arm, estimate=float(days[0]) if days else None,
        n=len(days), N=len(mine),
    )  # fmt: skip
    end = cohort.protocol.visits[-1].day
    found = onset_curve(times, arm, 1.0 - float(cohort.protocol.analysis.alpha))
    if isinstance(found, NotEstimable):
        yield Statistic(analysis=ONSET, statistic="risk", variable=interest, arm=arm, N=len(mine), why=found)
        return
    point = found.at([float(end)])[0]
    beyond = point.survival is None
    yield Statistic(
        analysis=ONSET, statistic="risk", variable=interest, arm=arm, level=str(end), n=len(days), N=len(mine),
        estimate=None if point.survival is None else 1.0 - point.survival,
        lower=None if point.upper is None else 1.0 - point.upper,
        upper=None if point.lower is None else 1.0 - point.lower,
        method=found.method, why=NotEstimable("beyond_follow_up") if beyond else None,
    )  # fmt: skip
