"""How the trial went: recruitment, attendance, deviations, and the course of the variables followed over time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from equipoise.analysis.ard import Statistic, filled
from equipoise.analysis.assessments import forms_of
from equipoise.analysis.cohort import Cohort, Participant, number
from equipoise.analysis.description import mean_with_limits
from equipoise.items import Value
from equipoise.protocol.names import names_of
from equipoise.protocol.schedule import Visit
from equipoise.statistics import Estimate, NotEstimable, proportion

TRAJECTORY, DEVIATIONS, ATTENDANCE = "trajectory", "deviations", "attendance"


def trajectories(cohort: Cohort) -> Iterator[Statistic]:
    """Each followed variable by arm and visit, with its interval and how many stand behind it.

    A number by its mean (`n` of the arm's `N` are known), yes or no by its proportion (`n` yes of `N` known). Yes or no
    is followed after baseline: what rests on a change since the visit before could at baseline only be known as a no.
    """
    confidence = 1.0 - float(cohort.protocol.analysis.alpha)
    for name in cohort.protocol.analysis.trajectories:
        courses = {one.code: _course(one, name, cohort) for one in cohort.randomised}
        yes_or_no = any(isinstance(value, bool) for course in courses.values() for value in course.values())
        visits = [visit for visit in followed(name, cohort) if not yes_or_no or visit in cohort.after_baseline]
        for visit in visits:
            for arm in cohort.arms:
                people = cohort.in_arm(arm)
                found = [number(courses[one.code].get(visit.id)) for one in people]
                values = [value for value in found if value is not None]
                if yes_or_no:
                    risk = proportion(int(sum(values)), len(values), level=confidence)
                    yield _share(risk, name, visit, arm, int(sum(values)), len(values))
                else:
                    yield mean_with_limits(
                        values, analysis=TRAJECTORY, variable=name, arm=arm, level=visit.id, total=len(people),
                        confidence=confidence,
                    )  # fmt: skip


def _share(found: Estimate | NotEstimable, name: str, visit: Visit, arm: str, yes: int, known: int) -> Statistic:
    place = Statistic(
        analysis=TRAJECTORY, statistic="proportion", variable=name, level=visit.id, arm=arm, n=yes, N=known
    )
    return filled(place, found)


def _course(one: Participant, name: str, cohort: Cohort) -> dict[str, Value | None]:
    visits = (visit.id for visit in followed(name, cohort))
    return {visit: one.value(name, visit) for visit in visits if one.held(visit) is not None}


def followed(name: str, cohort: Cohort) -> tuple[Visit, ...]:
    """The visits from baseline on at which something a variable rests on is due."""
    protocol = cohort.protocol
    visits = (cohort.to_baseline[-1], *cohort.after_baseline)
    needs = forms_of(name, protocol) - names_of(protocol).once_forms or forms_of(name, protocol)
    return tuple(visit for visit in visits if needs.intersection(visit.forms))


def deviations(cohort: Cohort) -> Iterator[Statistic]:
    """Deviations in all, the important ones (ICH E3), by category and by site: participants with any, and how many."""
    important = cohort.protocol.analysis.important_deviations
    found = [(one, category) for one in cohort.randomised for _, category, *_ in one.subject.deviations]
    everybody = [*cohort.randomised]
    yield from _deviated("", "", found, everybody, cohort)
    yield from _deviated("important", "", [pair for pair in found if pair[1] in important], everybody, cohort)
    for category in sorted({category for _, category in found}):
        yield from _deviated("", category, [pair for pair in found if pair[1] == category], everybody, cohort)
    for site in cohort.protocol.sites:
        people = [one for one in everybody if one.subject.site == site.id]
        yield from _deviated(
            "site", site.id, [pair for pair in found if pair[0].subject.site == site.id], people, cohort
        )


def _deviated(
    variable: str, level: str, found: list[tuple[Participant, str]], people: list[Participant], cohort: Cohort
) -> Iterator[Statistic]:
    for arm in cohort.arms:
        here = [one.code for one, _ in found if one.arm == arm]
        total = sum(one.arm == arm for one in people)
        for statistic, n in (("participants", len(set(here))), ("events", len(here))):
            yield Statistic(
                analysis=DEVIATIONS, statistic=statistic, variable=variable, level=level, arm=arm, n=n, N=total
            )


@dataclass(frozen=True, slots=True)
class Attended:
    """What became of one visit that was due: when it was due or held, at which site, and how."""

    site: str
    arm: str
    visit: str
    on: date
    how: str  # "site", "home", "remote", "missed", or "unrecorded"
    because: str


def attended(cohort: Cohort) -> tuple[Attended, ...]:
    """Every visit after baseline that was due while a randomised participant took part.

    A missed visit is put on its target day. A visit whose window had not closed when participation ended, or of which
    nothing is recorded in a trial that still runs, is left out; in a locked trial it is unrecorded.
    """
    return tuple(
        found for one in cohort.randomised for visit in cohort.after_baseline for found in _due(one, visit, cohort)
    )


def _due(one: Participant, visit: Visit, cohort: Cohort) -> Iterator[Attended]:
    subject = one.subject
    if subject.randomised is None:
        return
    target = subject.randomised + timedelta(days=visit.day)
    state = subject.visits.get(visit.id)
    if state is not None:
        how = "missed" if state.status == "missed" else state.mode or "site"
        yield Attended(subject.site, one.arm, visit.id, state.on or target, how, state.because)
    elif cohort.snapshot.locked and subject.randomised + timedelta(days=visit.latest) < (subject.ended or date.max):
        yield Attended(subject.site, one.arm, visit.id, target, "unrecorded", "")


def attendance(cohort: Cohort) -> Iterator[Statistic]:
    """Visits due after baseline by arm and by how they went."""
    found = attended(cohort)
    for arm in cohort.arms:
        here = [each for each in found if each.arm == arm]
        how = Counter(each.how for each in here)
        for name in ("site", "home", "remote", "missed", "unrecorded"):
            yield Statistic(analysis=ATTENDANCE, statistic="visits", level=name, arm=arm, n=how[name], N=len(here))
