"""The time on treatment of a participant, and where a date lies against it when only part of the date is known."""

from dataclasses import dataclass
from datetime import date, timedelta

from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.dosing import days_of_doses
from equipoise.items import PartialDate, Value

Day = date | PartialDate


@dataclass(frozen=True, slots=True)
class Period:
    """When treatment began and ended, and how long the participant was under observation. None is not known yet.

    Where no dose is recorded as given, `first` is the day of randomisation: nothing that happened afterwards is lost.
    """

    first: date | None
    last_dose: date | None
    ended: date | None  # the day of the last dose, once no other will follow
    observed_until: date | None

    def day(self, on: date) -> int | None:
        """The study day: 1 on the first day, −1 on the day before; there is no day 0 (SDTM)."""
        if self.first is None:
            return None
        days = (on - self.first).days
        return days + 1 if days >= 0 else days


def period(one: Participant, cohort: Cohort) -> Period:
    """The period of a participant; without any day for somebody who was not randomised."""
    return cohort.once((period, one.code), lambda: _period(one, cohort))


def _period(one: Participant, cohort: Cohort) -> Period:
    subject = one.subject
    if subject.randomised is None:
        return Period(None, None, None, None)
    doses = days_of_doses(one, cohort.protocol)
    over = subject.treatment_stopped is not None or subject.ended is not None or cohort.snapshot.locked
    seen = [state.on for state in subject.visits.values() if state.status == "held" and state.on is not None]
    return Period(
        first=doses[0] if doses else subject.randomised,
        last_dose=doses[-1] if doses else None,
        ended=doses[-1] if doses and over else None,
        observed_until=subject.ended or max([subject.randomised, *seen, *doses]),
    )


def as_day(value: Value | None) -> Day | None:
    """A value as a date, whole or partial."""
    return value if isinstance(value, date | PartialDate) else None


def earliest(day: Day) -> date:
    """The first day it can be."""
    return day.earliest if isinstance(day, PartialDate) else day


def latest(day: Day) -> date:
    """The last day it can be."""
    return day.latest if isinstance(day, PartialDate) else day


def exact(day: Day | None) -> date | None:
    """The day itself, if it is wholly known."""
    return day.exact if isinstance(day, PartialDate) else day


def certainly_before(day: Day | None, limit: date | None) -> bool:
    """Whether every day it can be lies before the limit; never for what is not known."""
    return day is not None and limit is not None and latest(day) < limit


def certainly_after(day: Day | None, limit: date | None) -> bool:
    """Whether every day it can be lies after the limit; never for what is not known."""
    return day is not None and limit is not None and earliest(day) > limit


def emergent(onset: Day | None, one: Participant, when: Period, cohort: Cohort) -> bool:
    """Whether an adverse event is treatment-emergent by the protocol's definition, in doubt yes.

    An event of the first day counts; one of the day after the last that counts does not.
    """
    wanted = cohort.protocol.safety.emergent
    first = one.subject.randomised if wanted.since == "randomisation" else when.first
    if first is None or certainly_before(onset, first):
        return False
    if wanted.days_after_last_dose is None or when.ended is None:
        return True
    return not certainly_after(onset, when.ended + timedelta(days=wanted.days_after_last_dose))
