"""How often something happened in the time at risk, and how risks differ between two arms."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from equipoise.analysis.adverse_events import AdverseEvent
from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.period import Day, earliest, period
from equipoise.statistics import Estimate, TwoByTwo, poisson_rate, risk_difference_score

DAYS_A_YEAR = 365.25
PER = 100.0  # patient-years


def rate(
    analysis: str, variable: str, level: str, arm: str, people: Sequence[Participant],
    events: Sequence[AdverseEvent], cohort: Cohort,
) -> Iterator[Statistic]:  # fmt: skip
    """Participants with an event per 100 patient-years at risk, with exact Poisson limits (Garwood 1936).

    Each is at risk from the first day to the first event of this kind, else to the end of what counts as emergent.
    """
    onsets: dict[str, list[Day | None]] = {}
    for event in events:
        onsets.setdefault(event.subject, []).append(event.onset)
    days = sum(days_at_risk(one, onsets.get(one.code, ()), cohort) for one in people)
    found = poisson_rate(
        len(onsets),
        days / DAYS_A_YEAR,
        subjects=len(people),
        per=PER,
        level=1.0 - float(cohort.protocol.analysis.alpha),
    )
    known = found if isinstance(found, Estimate) else None
    yield Statistic(
        analysis=analysis, statistic="rate", variable=variable, level=level, arm=arm, n=len(onsets), N=len(people),
        estimate=known.estimate if known else None, lower=known.lower if known else None,
        upper=known.upper if known else None, method="rate/garwood",
        why=None if isinstance(found, Estimate) else found,
    )  # fmt: skip
    yield Statistic(
        analysis=analysis, statistic="patient_years", variable=variable, level=level, arm=arm, N=len(people),
        estimate=days / DAYS_A_YEAR,
    )  # fmt: skip


def days_at_risk(one: Participant, onsets: Sequence[Day | None], cohort: Cohort) -> int:
    """The days from the first to the first event, both counted; an event without a day is taken for the first one.

    Of a date of which only part is known the earliest possible day is taken, which makes the rate higher, never lower.
    """
    first, until = window(one, cohort)
    if first is None or until is None:
        return 0
    begun = [first if onset is None else max(earliest(onset), first) for onset in onsets]
    return max((min([until, *begun]) - first).days + 1, 1)


def window(one: Participant, cohort: Cohort) -> tuple[date | None, date | None]:
    """The first and the last day on which an event of this participant would count as treatment-emergent."""
    when, wanted = period(one, cohort), cohort.protocol.safety.emergent
    first = one.subject.randomised if wanted.since == "randomisation" else when.first
    until = when.observed_until
    if wanted.days_after_last_dose is not None and when.ended is not None and until is not None:
        until = min(until, when.ended + timedelta(days=wanted.days_after_last_dose))
    return first, until


def risk_difference(
    analysis: str, variable: str, level: str, arm: tuple[str, int, int], reference: tuple[str, int, int],
    confidence: float,
) -> Statistic:  # fmt: skip
    """The difference of two risks, arm minus reference, with the score interval of Miettinen and Nurminen (1985).

    `arm` and `reference` are the name, the participants with the event, and all of them. There is no p value.
    """
    table = TwoByTwo(
        treatment_events=arm[1], treatment_total=arm[2], reference_events=reference[1], reference_total=reference[2],
        treatment=arm[0], reference=reference[0],
    )  # fmt: skip
    found = risk_difference_score(table, level=confidence)
    known = found if isinstance(found, Estimate) else None
    return Statistic(
        analysis=analysis, statistic="risk_difference", variable=variable, level=level, arm=arm[0],
        reference=reference[0], estimate=known.estimate if known else None, lower=known.lower if known else None,
        upper=known.upper if known else None, method=known.method if known else "", n=arm[1], N=arm[2],
        why=None if isinstance(found, Estimate) else found,
    )  # fmt: skip
