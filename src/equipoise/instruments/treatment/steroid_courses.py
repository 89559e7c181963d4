"""A patient's log of glucocorticoid courses, as a mean prednisone equivalent per day over a window of days.

A dose on the day of a visit says little: a pulse three days earlier is missed, and alternate days depend on the day
asked. The mean over a window spreads a pulse over the window. Dosing on alternate days, twice a week or weekly is
spread evenly over the days of its course, so that a window of 7 days does not swing with the day it ends on.

The first and the last day of a course belong to it. A date known in part gives a lower and an upper bound; each course
is bounded by itself, so that dose steps whose dates hang together can have wider bounds than the truth. The log is
taken as complete: what is not in it was not taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from equipoise.instruments.logic import all_of, any_of, negated
from equipoise.instruments.treatment.prednisone_equivalent import DRUGS, FREQUENCIES, ROUTES, factor
from equipoise.items.dates import PartialDate
from equipoise.items.problem import unknown

SYSTEMIC: Final = ("oral", "intravenous")


@dataclass(frozen=True, slots=True)
class Course:
    """One dose of one drug taken regularly from a first to a last day; `None` is not known.

    Drug, route and frequency are codes of `prednisone_equivalent`, the dose is one intake in mg. `reason` is a code of
    the protocol, such as "premedication" or "stress_dose", by which a protocol leaves courses out. Without `stop` an
    `ongoing` course has not ended, any other ended on a day nobody knows.
    Raises ValueError for a code that does not exist and for a course that ends before it begins.
    """

    drug: str | None
    dose: Decimal | None
    frequency: str | None
    start: PartialDate
    stop: PartialDate | None = None
    ongoing: bool = False
    route: str | None = "oral"
    reason: str | None = ""

    def __post_init__(self) -> None:
        for what, code, known in (
            ("glucocorticoid", self.drug, DRUGS),
            ("route", self.route, ROUTES),
            ("frequency", self.frequency, FREQUENCIES),
        ):
            if code is not None and code not in known:
                raise ValueError(unknown(what, code, known))
        if self.stop is not None and (self.ongoing or self.stop.latest < self.start.earliest):
            raise ValueError(f"A course from {self.start} cannot have ended on {self.stop}, or be ongoing with an end.")

    @property
    def nothing_taken(self) -> bool:
        """Whether the course says that no glucocorticoid was taken."""
        return self.drug == "none" or self.dose == 0

    def per_day(self, table: str) -> Fraction | None:
        """Prednisone equivalent on each day of the course, in mg, by this table; unknown with an open part."""
        if self.nothing_taken:
            return Fraction(0)
        if self.drug is None or self.dose is None or self.frequency is None:
            return None
        return Fraction(self.dose) * factor(self.drug, self.frequency, table)

    def counts(self, routes: Iterable[str], excluded_reasons: Iterable[str]) -> bool | None:
        """Whether the route is one that counts and the reason none that is left out."""
        routes, excluded = set(routes), set(excluded_reasons)
        systemic = None if self.route is None else self.route in routes
        left_out = (None if excluded else False) if self.reason is None else self.reason in excluded
        return all_of((systemic, negated(left_out)))


class MeanDose(NamedTuple):
    """A mean in mg per day: at least `lower`, at most `upper`; without `upper` where a dose is not known."""

    lower: Decimal
    upper: Decimal | None

    @property
    def value(self) -> Decimal | None:
        """The mean itself, unknown unless its bounds agree."""
        return self.lower if self.lower == self.upper else None


def mean_daily_dose(
    courses: Iterable[Course],
    on: date,
    window_days: int = 7,
    *,
    table: str = "table_1",
    routes: Iterable[str] = SYSTEMIC,
    excluded_reasons: Iterable[str] = (),
) -> MeanDose:
    """The mean prednisone equivalent over the `window_days` days that end with `on`, in mg per day, divided once."""
    routes, excluded_reasons = tuple(routes), tuple(excluded_reasons)
    lower, upper = Fraction(0), Fraction(0)
    unbounded = False
    for course in courses:
        counts, per_day = course.counts(routes, excluded_reasons), course.per_day(table)
        fewest, most = days_in_window(course, on, window_days)
        if counts is False or most == 0:
            continue
        if per_day is None:
            unbounded = True
            continue
        lower += per_day * fewest if counts else 0
        upper += per_day * most
    return MeanDose(_decimal(lower / window_days), None if unbounded else _decimal(upper / window_days))


def prednisone_free(
    courses: Iterable[Course],
    on: date,
    days: int,
    *,
    routes: Iterable[str] = SYSTEMIC,
    excluded_reasons: Iterable[str] = (),
) -> bool | None:
    """Whether none was taken on any of the `days` days that end with `on`; a course of unknown dose was taken."""
    routes, excluded_reasons = tuple(routes), tuple(excluded_reasons)
    return negated(
        any_of(
            all_of((course.counts(routes, excluded_reasons), _touches(course, on, days)))
            for course in courses
            if not course.nothing_taken
        )
    )


def days_in_window(course: Course, on: date, window_days: int) -> tuple[int, int]:
    """On how many of the days that end with `on` the course ran: at least, and at most."""
    first = on - timedelta(days=window_days - 1)
    ends = course.stop
    earliest_end = date.max if course.ongoing else max(ends.earliest if ends else date.min, course.start.earliest)
    latest_end = ends.latest if ends else date.max
    most = _common_days(course.start.earliest, latest_end, first, on)
    if course.start.latest <= earliest_end:
        return _common_days(course.start.latest, earliest_end, first, on), most
    # The shortest course is one day, any from the earliest end to the latest beginning.
    latest_single = min(course.start.latest, latest_end)
    return int(first <= earliest_end and latest_single <= on), most


def _touches(course: Course, on: date, window_days: int) -> bool | None:
    fewest, most = days_in_window(course, on, window_days)
    return True if fewest else None if most else False


def _common_days(start: date, stop: date, first: date, last: date) -> int:
    return max((min(stop, last) - max(start, first)).days + 1, 0)


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)
