"""A log of steroid courses: pulses, alternate days, partial dates, what is left out, and free of prednisone."""

from datetime import date
from decimal import Decimal

import pytest

from equipoise.instruments.treatment.steroid_courses import Course, days_in_window, mean_daily_dose, prednisone_free
from equipoise.items.dates import read_partial_date

ON = date(2024, 3, 14)


def course(drug="prednisone", dose="10", frequency="once_daily", start="2024-01-01", stop=None, **more):
    return Course(
        drug=drug,
        dose=None if dose is None else Decimal(dose),
        frequency=frequency,
        start=read_partial_date(start),
        stop=stop and read_partial_date(stop),
        ongoing=more.pop("ongoing", stop is None),
        **more,
    )


def mean(*log, days=7, **settings):
    return mean_daily_dose(log, ON, days, **settings)


def test_no_course_is_no_steroid():
    assert mean().value == 0
    assert prednisone_free([], ON, 90) is True


def test_a_steady_dose_is_its_own_mean():
    assert mean(course()).value == 10
    assert mean(course(), days=28).value == 10


def test_a_pulse_is_spread_over_the_window():
    """Methylprednisolone 500 mg on three days is 1875 mg of prednisone, in 7 days 267.86 a day."""
    pulse = course("methylprednisolone", "500", start="2024-03-09", stop="2024-03-11", route="intravenous")
    assert mean(pulse).value == Decimal(1875) / 7
    assert mean(pulse, days=28).value == Decimal(1875) / 28
    assert mean(pulse, course(dose="20")).value == Decimal(1875 + 140) / 7


def test_the_first_and_the_last_day_belong_to_a_course_and_to_the_window():
    assert mean(course(dose="7", start="2024-03-14")).value == 1
    assert mean(course(dose="7", stop="2024-03-08")).value == 1
    assert mean(course(dose="7", stop="2024-03-07")).value == 0
    assert mean(course(dose="7", start="2024-03-15")).value == 0


@pytest.mark.parametrize(("frequency", "daily"), [
    ("twice_daily", "20"), ("alternate_days", "5"), ("once_weekly", "10/7"), ("twice_weekly", "20/7"),
])  # fmt: skip
def test_days_between_doses_are_spread_evenly_whatever_day_the_window_ends_on(frequency, daily):
    dose, _, divisor = daily.partition("/")
    expected = Decimal(dose) / Decimal(divisor or 1)
    log = [course(frequency=frequency)]
    assert {mean_daily_dose(log, date(2024, 3, day)).value for day in range(1, 29)} == {expected}


def test_a_step_of_the_dose_within_the_window_is_weighed_by_its_days():
    steps = (course(dose="20", stop="2024-03-10"), course(dose="15", start="2024-03-11"))
    assert mean(*steps).value == Decimal(3 * 20 + 4 * 15) / 7


def test_creams_and_injections_into_joints_do_not_count_unless_the_protocol_counts_them():
    joint = course("triamcinolone", "40", start="2024-03-12", stop="2024-03-12", route="intra_articular")
    assert mean(joint).value == 0
    assert prednisone_free([joint], ON, 7) is True
    assert mean(joint, routes=["intra_articular"]).value == Decimal(50) / 7


def test_premedication_and_stress_doses_are_left_out_by_their_reason():
    log = [course("hydrocortisone", "100", start="2024-03-13", stop="2024-03-13", reason="stress_dose"), course()]
    assert mean(*log).value == 10 + Decimal(25) / 7
    assert mean(*log, excluded_reasons=["stress_dose", "premedication"]).value == 10


def test_the_table_of_equivalents_is_the_protocols():
    betamethasone = course("betamethasone", "0.6")
    assert mean(betamethasone).value == 4
    assert mean(betamethasone, table="table_1_betamethasone_0_6").value == 5


# --- Dates known in part, parts not known ---------------------------------------------------------------------------


def test_a_partial_date_far_from_the_window_does_no_harm():
    assert mean(course(start="2023")).value == 10
    assert mean(course(start="2023", stop="2024-02")).value == 0


def test_a_partial_date_at_the_window_gives_bounds():
    """Begun some day in March: on one day of the window at least, on all seven at most."""
    begun = mean(course(dose="7", start="2024-03"))
    assert (begun.lower, begun.upper, begun.value) == (0, 7, None)
    ended = mean(course(dose="7", start="2024-03-10", stop="2024-03"))
    assert (ended.lower, ended.upper) == (1, 5)


def test_a_short_course_within_one_month_has_one_day_at_least():
    short = course(start="2024-02", stop="2024-02")
    assert days_in_window(short, date(2024, 2, 29), 29) == (1, 29)
    assert days_in_window(short, date(2024, 2, 29), 28) == (0, 28)


def test_a_course_that_ended_on_a_day_nobody_knows():
    over = mean(course(dose="7", start="2024-03-14", ongoing=False))
    assert over.value == 1
    assert mean(course(dose="7", start="2024-03-10", ongoing=False)) == (1, 5)
    assert mean(course(dose="7", start="2024-01-01", ongoing=False)) == (0, 7)


@pytest.mark.parametrize("hidden", ["drug", "dose", "frequency"])
def test_an_unknown_dose_has_no_upper_bound_and_is_still_a_steroid(hidden):
    log = [course(**{hidden: None}), course(dose="5")]
    assert (mean(*log).lower, mean(*log).upper, mean(*log).value) == (5, None, None)
    assert prednisone_free(log[:1], ON, 7) is False


def test_an_unknown_dose_outside_the_window_does_no_harm():
    assert mean(course(dose=None, stop="2024-02-01")).value == 0
    assert mean(course(dose=None, route="topical")).value == 0


def test_an_unknown_route_or_reason_may_count():
    assert mean(course(route=None)) == (0, 10)
    assert mean(course(reason=None), excluded_reasons=["premedication"]) == (0, 10)
    assert mean(course(reason=None)).value == 10
    assert prednisone_free([course(route=None)], ON, 7) is None


def test_no_drug_and_no_dose_are_nothing_taken():
    nothing = [course("none", None, None), course(dose="0")]
    assert mean(*nothing).value == 0
    assert prednisone_free(nothing, ON, 30) is True


@pytest.mark.parametrize(("stop", "days", "free"), [
    ("2024-02-13", 30, True), ("2024-02-14", 30, False), ("2024-02-14", 29, True), ("2024-02-15", 29, False),
    ("2024-02", 14, True), ("2024-02", 15, None), ("2024-02", 42, None), ("2024-02", 43, False),
])  # fmt: skip
def test_free_of_prednisone_for_at_least_so_many_days(stop, days, free):
    """30 days that end on 14 March begin on 14 February; 43 on 1 February."""
    assert prednisone_free([course(start="2023", stop=stop)], ON, days) is free


# --- What cannot be ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wrong", "message"), [
    ({"drug": "prednison"}, "Did you mean 'prednisone'"),
    ({"route": "by_mouth"}, "no route"),
    ({"frequency": "daily"}, "no frequency"),
    ({"start": "2024-03", "stop": "2024-02-29"}, "cannot have ended"),
    ({"stop": "2024-02-29", "ongoing": True}, "cannot have ended"),
])  # fmt: skip
def test_a_course_that_cannot_be_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        course(**wrong)
