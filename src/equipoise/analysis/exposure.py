"""What participants received: doses given, left out and cut short, how long treatment went on, and why it stopped."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.description import described
from equipoise.analysis.dosing import doses_due, given
from equipoise.analysis.incidence import DAYS_A_YEAR
from equipoise.analysis.period import period
from equipoise.analysis.sets import ENOUGH_DOSES

EXPOSURE = "exposure"


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose that was due: whether it was given, and how. None is not known, never "no"."""

    subject: str
    arm: str
    visit: str
    on: date | None  # the day of the visit, if it took place
    given: bool | None
    expected: bool  # treatment and participation still went on, so that it should have been given
    because: str  # why not: the code of the form, "missed" for a visit left out, "" if nobody said
    whole: bool | None
    interrupted: bool | None
    days_late: int | None  # after the day it was planned for; negative before it
    outside_window: bool | None


@dataclass(frozen=True, eq=False)
class Course:
    """The doses of one participant in the order of the visits."""

    one: Participant
    doses: tuple[Dose, ...]

    @cached_property
    def given(self) -> tuple[Dose, ...]:
        """Those recorded as given."""
        return tuple(dose for dose in self.doses if dose.given is True)

    @property
    def duration(self) -> int | None:
        """Days from the first to the last dose, both counted; None without a dose."""
        days = [dose.on for dose in self.given if dose.on is not None]
        return (days[-1] - days[0]).days + 1 if days else None

    @property
    def compliance(self) -> float | None:
        """Per cent given of the doses expected while treatment went on; None where none was expected."""
        expected = [dose for dose in self.doses if dose.expected]
        return 100.0 * sum(dose.given is True for dose in expected) / len(expected) if expected else None


def course_of(one: Participant, cohort: Cohort) -> Course:
    """The course of a randomised participant."""
    return Course(one, tuple(_dose(one, visit, cohort) for visit in doses_due(cohort.protocol)))


def _dose(one: Participant, visit: str, cohort: Cohort) -> Dose:
    protocol, asked = cohort.protocol, cohort.protocol.treatment.administration
    was, on, planned = given(one, visit, protocol), one.held(visit), protocol.visit_by_id[visit]
    late = one.day(on) - planned.day if on is not None and was is True else None
    return Dose(
        subject=one.code, arm=one.arm, visit=visit, on=on, given=was,
        expected=was is True or _expected(one, visit, cohort),
        because="" if was is not False else _because(one, visit, cohort),
        whole=_truth(one, asked.whole if asked else None, visit) if was else None,
        interrupted=_truth(one, asked.interrupted if asked else None, visit) if was else None,
        days_late=late,
        outside_window=None if late is None else not planned.earliest <= planned.day + late <= planned.latest,
    )  # fmt: skip


def _truth(one: Participant, item: str | None, visit: str) -> bool | None:
    value = one.value(item, visit) if item else None
    return value if isinstance(value, bool) else None


def _expected(one: Participant, visit: str, cohort: Cohort) -> bool:
    """Whether the planned day had come before treatment or participation ended, and the trial had got there."""
    subject, planned = one.subject, cohort.protocol.visit_by_id[visit]
    if subject.randomised is None:
        return False
    last = min(subject.treatment_stopped or date.max, subject.ended or date.max)
    reached = visit in subject.visits or cohort.snapshot.locked or subject.ended is not None
    return reached and subject.randomised + timedelta(days=planned.day) < last


def _because(one: Participant, visit: str, cohort: Cohort) -> str:
    asked = cohort.protocol.treatment.administration
    said = one.value(asked.because, visit) if asked is not None and asked.because else None
    state = one.subject.visits.get(visit)
    if said is not None:
        return str(said)
    return "missed" if state is not None and state.status == "missed" else ""


def exposure(cohort: Cohort, people: Sequence[Participant]) -> Iterator[Statistic]:
    """Doses per participant and how they were given, duration, amounts, compliance, and why treatment stopped."""
    yield Statistic(analysis=EXPOSURE, statistic="doses_due", n=len(doses_due(cohort.protocol)))
    for arm in cohort.arms:
        courses = [course_of(one, cohort) for one in people if one.arm == arm]
        yield from _numbers(cohort, arm, courses)
        yield from _years(cohort, arm, courses)
        yield from _distribution(cohort, arm, courses)
        yield from _how(arm, courses)
        yield from _left_out(arm, courses)
        yield from _stopped(arm, courses)


def _numbers(cohort: Cohort, arm: str, courses: Sequence[Course]) -> Iterator[Statistic]:
    total, amount = len(courses), amount_of(cohort, arm)
    values: dict[str, list[float | None]] = {
        "doses": [float(len(course.given)) for course in courses],
        "duration_days": [_float(course.duration) for course in courses if course.duration is not None],
        "compliance": [course.compliance for course in courses if course.compliance is not None],
    }
    if amount is not None:
        values["amount"] = [len(course.given) * amount for course in courses]
    for variable, found in values.items():
        yield from described(found, analysis=EXPOSURE, variable=variable, arm=arm, total=total)


def _years(cohort: Cohort, arm: str, courses: Sequence[Course]) -> Iterator[Statistic]:
    """Patient-years on treatment (first to last dose) and under observation (first dose to the last contact)."""
    observed = (period(course.one, cohort) for course in courses)
    days = {
        "treatment_years": sum(course.duration or 0 for course in courses),
        "observation_years": sum(
            (when.observed_until - when.first).days + 1 for when in observed if when.first and when.observed_until
        ),
    }
    for statistic, total in days.items():
        yield Statistic(analysis=EXPOSURE, statistic=statistic, arm=arm, estimate=total / DAYS_A_YEAR, N=len(courses))


def amount_of(cohort: Cohort, arm: str) -> float | None:
    """The fixed amount of one dose of an arm; None where it has none, or where a record is not one dose."""
    dose = cohort.protocol.arm_by_id[arm].dose
    if dose is None or cohort.dummy or cohort.protocol.treatment.administration is None or dose.unit == "mg/kg":
        return None
    return float(dose.amount)


def _float(value: int | None) -> float | None:
    return None if value is None else float(value)


def _distribution(cohort: Cohort, arm: str, courses: Sequence[Course]) -> Iterator[Statistic]:
    """How many participants were given each number of doses, from none to all."""
    due, counts = len(doses_due(cohort.protocol)), Counter(len(course.given) for course in courses)
    for number in range(due + 1):
        yield _people("number", arm, counts[number], len(courses), level=str(number))
    enough = sum(n for number, n in counts.items() if number >= ENOUGH_DOSES * due)
    yield _people("enough_doses", arm, enough, len(courses))
    yield _people("all_doses", arm, counts[due], len(courses))
    yield Statistic(analysis=EXPOSURE, statistic="doses_in_all", arm=arm, n=sum(len(c.given) for c in courses))
    for visit in doses_due(cohort.protocol):
        at = sum(dose.visit == visit for course in courses for dose in course.given)
        yield _people("given", arm, at, len(courses), level=visit)


def _how(arm: str, courses: Sequence[Course]) -> Iterator[Statistic]:
    """Of the doses given: interrupted, not whole, and outside the window of their visit."""
    doses = [dose for course in courses for dose in course.given]
    marked = {
        "interrupted": [dose for dose in doses if dose.interrupted is True],
        "not_whole": [dose for dose in doses if dose.whole is False],
        "outside_window": [dose for dose in doses if dose.outside_window is True],
    }
    for level, found in marked.items():
        yield _people("people_with", arm, len({dose.subject for dose in found}), len(courses), level=level)
        yield Statistic(analysis=EXPOSURE, statistic="doses_with", level=level, arm=arm, n=len(found), N=len(doses))


def _left_out(arm: str, courses: Sequence[Course]) -> Iterator[Statistic]:
    """Of the doses expected while treatment went on: those not given by reason, and those of which nobody knows."""
    expected = [dose for course in courses for dose in course.doses if dose.expected]
    because = Counter(dose.because for dose in expected if dose.given is False)
    yield Statistic(analysis=EXPOSURE, statistic="not_given", arm=arm, n=sum(because.values()), N=len(expected))
    for reason, n in sorted(because.items()):
        yield Statistic(analysis=EXPOSURE, statistic="not_given", level=reason or "unstated", arm=arm, n=n,
                        N=len(expected))  # fmt: skip
    unknown = sum(dose.given is None for dose in expected)
    yield Statistic(analysis=EXPOSURE, statistic="not_confirmed", arm=arm, n=unknown, N=len(expected))


def _stopped(arm: str, courses: Sequence[Course]) -> Iterator[Statistic]:
    """Those who stopped treatment early, by reason."""
    reasons = Counter(
        course.one.subject.stopped_because or "unstated"
        for course in courses
        if course.one.subject.treatment_stopped is not None
    )
    yield _people("stopped", arm, sum(reasons.values()), len(courses))
    for reason, n in sorted(reasons.items()):
        yield _people("stopped", arm, n, len(courses), level=reason)


def _people(statistic: str, arm: str, n: int, total: int, *, level: str = "") -> Statistic:
    return Statistic(analysis=EXPOSURE, statistic=statistic, level=level, arm=arm, n=n, N=total)
