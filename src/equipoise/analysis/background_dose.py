"""A drug taken beside the study treatment in a changing dose, such as prednisone: how much of it over the whole trial.

The dose is known at assessments only. Between two of them it is taken to change in a straight line (the trapezoidal
rule), over an assessment that is missing as well; nothing is carried beyond the last known one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort, Participant, baseline_value, number
from equipoise.analysis.description import described

BACKGROUND = "background_dose"


@dataclass(frozen=True, slots=True)
class DoseCourse:
    """The known daily doses of one participant from baseline on, by day since randomisation, in order of the days."""

    subject: str
    arm: str
    days: tuple[int, ...]
    doses: tuple[float, ...]

    @property
    def covered(self) -> int:
        """The days between the first and the last known dose."""
        return self.days[-1] - self.days[0] if self.days else 0

    @property
    def cumulative(self) -> float | None:
        """The dose in all, over the days covered; None with fewer than two known doses."""
        known = tuple(zip(self.days, self.doses, strict=True))
        parts = [(later - day) * (dose + next_) / 2 for (day, dose), (later, next_) in pairwise(known)]
        return sum(parts) if parts else None

    @property
    def mean(self) -> float | None:
        """The mean daily dose over the days covered; None where they are none."""
        return None if self.cumulative is None or not self.covered else self.cumulative / self.covered

    @property
    def highest(self) -> float | None:
        """The highest dose known after baseline."""
        return max(self.doses[1:], default=None)


def dose_course(one: Participant, variable: str, cohort: Cohort) -> DoseCourse:
    """The course of a randomised participant; it is empty where the dose at baseline is not known."""
    known = {0: number(baseline_value(one, variable, cohort.protocol))}
    for visit in cohort.after_baseline:
        if (on := one.held(visit.id)) is not None:
            known[one.day(on)] = number(one.value(variable, visit.id))
    points = sorted((day, dose) for day, dose in known.items() if dose is not None) if known[0] is not None else []
    return DoseCourse(one.code, one.arm, tuple(day for day, _ in points), tuple(dose for _, dose in points))


def background_dose(cohort: Cohort, people: Sequence[Participant]) -> Iterator[Statistic]:
    """Mean daily dose, dose in all, days covered, and how many were ever above the level that the protocol names."""
    asked = cohort.protocol.safety.background_dose
    if asked is None:
        return
    courses = [dose_course(one, asked.variable, cohort) for one in people]
    for arm in cohort.arms:
        mine = [course for course in courses if course.arm == arm]
        measures: dict[str, list[float | None]] = {
            "mean": [course.mean for course in mine], "cumulative": [course.cumulative for course in mine],
            "days": [float(course.covered) for course in mine if course.cumulative is not None],
        }  # fmt: skip
        for name, values in measures.items():
            known = [float(value) for value in values if value is not None]
            yield from described(known, analysis=BACKGROUND, variable=name, arm=arm, total=len(mine))
        highest = [course.highest for course in mine if course.highest is not None]
        if asked.high is not None:
            n = sum(value > float(asked.high) for value in highest)
            yield Statistic(analysis=BACKGROUND, statistic="above", arm=arm, n=n, N=len(highest))
