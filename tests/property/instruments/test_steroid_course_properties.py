"""The mean dose of a log of steroid courses, against one that walks through the days, for every date it could be."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.instruments.treatment.steroid_courses import Course, mean_daily_dose, prednisone_free
from equipoise.items.dates import PartialDate

FIRST = date(2024, 2, 20)

# Milligrams that equal prednisone 5 mg, and doses a day, written out a second time.
EQUAL_TO_FIVE = {"prednisone": 5, "methylprednisolone": 4, "hydrocortisone": 20, "dexamethasone": Fraction(3, 4)}
A_DAY = {"once_daily": 1, "twice_daily": 2, "alternate_days": Fraction(1, 2), "once_weekly": Fraction(1, 7)}
COUNTED = {"oral", "intravenous"}


def exact_date(day):
    return PartialDate(day.year, day.month, day.day)


def a_month(day):
    return PartialDate(day.year, day.month)


@st.composite
def courses(draw, shapes=(exact_date, a_month)):
    """A course that begins within 40 days and lasts up to 20, with dates as people know them."""
    start = FIRST + timedelta(draw(st.integers(0, 40)))
    stop = start + timedelta(draw(st.integers(0, 20)))
    ending = draw(st.sampled_from(["known", "ongoing"]))
    return Course(
        drug=draw(st.sampled_from(sorted(EQUAL_TO_FIVE))),
        dose=draw(st.decimals(0, 100, places=1)),
        frequency=draw(st.sampled_from(sorted(A_DAY))),
        start=draw(st.sampled_from(shapes))(start),
        stop=draw(st.sampled_from(shapes))(stop) if ending == "known" else None,
        ongoing=ending == "ongoing",
        route=draw(st.sampled_from(["oral", "intravenous", "topical"])),
        reason=draw(st.sampled_from(["", "premedication"])),
    )


def days_it_can_be(partial):
    day = partial.earliest
    while day <= partial.latest:
        yield day
        day += timedelta(1)


def every_reading(course, last):
    """Every first and last day the course can have had."""
    stops = [last] if course.ongoing else list(days_it_can_be(course.stop))
    for start in days_it_can_be(course.start):
        for stop in stops:
            if start <= stop or course.ongoing:
                yield start, stop


def sum_by_day(course, reading, window):
    """Walk through the window and add what was taken each day."""
    start, stop = reading
    per_day = Fraction(course.dose) * A_DAY[course.frequency] * 5 / EQUAL_TO_FIVE[course.drug]
    return sum((per_day for day in window if start <= day <= stop), Fraction(0))


def bounds_by_day(log, on, days, excluded):
    window = [on - timedelta(back) for back in range(days)]
    lower = upper = Fraction(0)
    for course in log:
        if course.route in COUNTED and course.reason not in excluded:
            sums = [sum_by_day(course, reading, window) for reading in every_reading(course, on)]
            lower, upper = lower + min(sums), upper + max(sums)
    return lower / days, upper / days


windows = st.integers(1, 14)
ends = st.integers(0, 60).map(lambda days: FIRST + timedelta(days))
reasons = st.sampled_from([(), ("premedication",)])


def near(value, exact):
    """28 significant digits are kept."""
    return abs(Fraction(value) - exact) <= exact * Fraction(1, 10**26)


@settings(deadline=None, max_examples=150)
@given(st.lists(courses((exact_date,)), max_size=4), ends, windows, reasons)
def test_with_exact_dates_the_mean_is_the_sum_of_the_days(log, on, days, excluded):
    mean = mean_daily_dose(log, on, days, excluded_reasons=excluded)
    lower, upper = bounds_by_day(log, on, days, excluded)
    assert lower == upper
    assert near(mean.value, lower)


@settings(deadline=None, max_examples=60)
@given(st.lists(courses(), max_size=2), ends, windows, reasons)
def test_with_partial_dates_the_bounds_are_the_least_and_the_most_of_all_readings(log, on, days, excluded):
    mean = mean_daily_dose(log, on, days, excluded_reasons=excluded)
    lower, upper = bounds_by_day(log, on, days, excluded)
    assert near(mean.lower, lower)
    assert near(mean.upper, upper)
    assert (mean.value is None) == (lower != upper)


@settings(deadline=None, max_examples=60)
@given(st.lists(courses(), max_size=2), ends, windows, reasons)
def test_free_of_prednisone_is_no_day_with_any(log, on, days, excluded):
    taken = [course for course in log if course.dose > 0]
    lower, upper = bounds_by_day(taken, on, days, excluded)
    expected = True if upper == 0 else None if lower == 0 else False
    assert prednisone_free(log, on, days, excluded_reasons=excluded) is expected


@settings(deadline=None, max_examples=100)
@given(courses(), ends, windows, st.sampled_from(["drug", "dose", "frequency", "route", "reason"]))
def test_a_part_that_is_not_known_never_excludes_what_it_could_be(course, on, days, hidden):
    known = mean_daily_dose([course], on, days, excluded_reasons=["premedication"])
    fields = {name: getattr(course, name) for name in course.__slots__}
    part = mean_daily_dose([Course(**fields | {hidden: None})], on, days, excluded_reasons=["premedication"])
    assert part.lower <= known.lower
    assert part.upper is None or part.upper >= known.upper


@settings(deadline=None, max_examples=60)
@given(st.lists(courses((exact_date,)), max_size=3), ends)
def test_two_half_windows_make_one(log, on):
    both = mean_daily_dose(log, on, 14).value
    halves = [mean_daily_dose(log, end, 7).value for end in (on, on - timedelta(7))]
    assert abs(both - sum(halves) / 2) <= Decimal("1e-20")
