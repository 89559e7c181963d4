"""Days as a listing prints them: counted from the first dose, so that no date tells who somebody is."""

from equipoise.analysis import Cohort, LabResult
from equipoise.analysis.period import Day, earliest, exact, period
from equipoise.reports.blocks import Teller
from equipoise.reports.numbers import DASH, plain


def study_day(cohort: Cohort, subject: str, day: Day | None) -> str:
    """A day counted from the first dose, which is day 1; in doubt the first it can be, marked; a dash for no day."""
    when = period(cohort.by_code[subject], cohort)
    if day is None or when.first is None:
        return DASH
    known = exact(day)
    number = plain(when.day(known or earliest(day)), 0)
    return number if known is not None else f"≥ {number}"


def begin_to_end(cohort: Cohort, subject: str, begin: Day | None, end: Day | None) -> str:
    """The days from begin to end, once where they are one day or none; open where no end is known."""
    first = study_day(cohort, subject, begin)
    if end is None:
        return first if first == DASH else f"{first} –"
    last = study_day(cohort, subject, end)
    return first if first == last else f"{first} – {last}"


def multiple_on(tell: Teller, row: LabResult | None) -> str:
    """A result as a multiple of its upper limit, and its day; a dash where there is none."""
    if row is None or row.of_upper is None:
        return DASH
    day = study_day(tell.analysis.cohort, row.subject, row.on)
    return tell.words.bracketed(plain(float(row.of_upper)), day)
