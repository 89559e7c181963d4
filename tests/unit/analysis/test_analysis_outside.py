"""Visits outside the schedule in the analysis: what counts where the protocol says so, and what never does."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from analysis_trials import DAYS, MISSED, SMALL, START, made, person
from hypothesis import given
from hypothesis import strategies as st
from safety_trials import PROTOCOL, patient

from equipoise.analysis.components import components
from equipoise.analysis.episodes import episodes
from equipoise.analysis.events import endpoint_of, event, measured, outside, time_to_event
from equipoise.analysis.intercurrent import Intercurrent, outcome_under
from equipoise.analysis.laboratory import laboratory
from equipoise.analysis.liver import liver_peaks
from equipoise.analysis.rows import adtte
from equipoise.analysis.safety_rows import adlb
from equipoise.conduct.snapshot import VisitState
from equipoise.protocol.schema import Label, OutsideSchedule

BETTER = endpoint_of(SMALL, "better")  # itching two points or more below week 0, through week 8 (window: 3 days late)
ITCH = endpoint_of(SMALL, "itch")


def with_outside(protocol=SMALL, *, counts):
    unscheduled = OutsideSchedule(label=Label(en="Unscheduled visit {number}"), forms=("assessment",), counts=counts)
    leaving = OutsideSchedule(label=Label(en="Early termination"), forms=("assessment",), counts=counts)
    schedule = protocol.schedule.model_copy(update={"unscheduled": unscheduled, "early_termination": leaving})
    return protocol.model_copy(update={"schedule": schedule})


COUNTED, NOT_COUNTED = (with_outside(counts=counts) for counts in (True, False))


def seen(planned, *outside_, leaving=None, **more):
    """A participant with visits outside the schedule: pairs of a day from randomisation and an itching or None."""
    subject = person("01-001", planned, **more)
    named = {f"unscheduled_{number}": each for number, each in enumerate(outside_, start=1)}
    named |= {"early_termination": leaving} if leaving else {}
    days = {visit: VisitState("held", START + timedelta(days=day), "site", "", 9) for visit, (day, _) in named.items()}
    values = {(visit, "assessment", 1): {"itching": itching} for visit, (_, itching) in named.items()}
    return replace(subject, visits={**subject.visits, **days}, values={**subject.values, **values})


def alone(subject, protocol=COUNTED):
    everybody = made({"active": [subject]}, protocol=protocol)
    return everybody.randomised[0], everybody


def timed(subject, protocol=COUNTED):
    one, everybody = alone(subject, protocol)
    found = time_to_event(one, BETTER, everybody)
    return event(one, BETTER, everybody).state, (found.days, found.event, found.visit)


NOT_BETTER = {"week_4": 6, "week_8": 5}


@pytest.mark.parametrize(
    ("planned", "outside_", "expected"),
    [
        (NOT_BETTER, [(40, 2)], (True, (40, True, "unscheduled_1"))),
        (NOT_BETTER, [(40, 6)], (False, (56, False, "week_8"))),
        (NOT_BETTER, [(40, None)], (False, (56, False, "week_8"))),  # nothing was expected there, so nothing is missing
        ({"week_4": 6, "week_8": 2}, [(40, 2), (30, 5)], (True, (40, True, "unscheduled_1"))),
        (NOT_BETTER, [(56, 2)], (False, (56, False, "week_8"))),  # on its day it follows the planned one
        (NOT_BETTER, [(57, 2)], (False, (56, False, "week_8"))),
        ({"week_4": 6, "week_8": MISSED}, [(40, 6)], (None, (40, False, "unscheduled_1"))),  # no is never said by it
        ({"week_4": 6, "week_8": MISSED}, [(59, 2)], (True, (59, True, "unscheduled_1"))),  # the last day of the window
        ({"week_4": 6, "week_8": MISSED}, [(60, 2)], (None, (28, False, "week_4"))),
        (NOT_BETTER, [(0, 2)], (True, (0, True, "unscheduled_1"))),  # after baseline, on the same day
        (NOT_BETTER, [(-1, 2)], (False, (56, False, "week_8"))),
    ],
)
def test_where_it_counts_it_shows_an_event_and_never_says_that_there_was_none(planned, outside_, expected):
    assert timed(seen(planned, *outside_)) == expected


def test_where_it_does_not_count_everything_is_as_if_it_had_not_been():
    for planned in (NOT_BETTER, {"week_4": 6, "week_8": MISSED}, {"week_4": 3, "week_8": 2}):
        assert timed(seen(planned, (20, 1), (40, 1)), NOT_COUNTED) == timed(seen(planned), NOT_COUNTED)


def test_an_event_at_the_early_termination_visit_counts_and_a_number_there_is_no_number_of_week_8():
    left = {"ended": START + timedelta(days=41), "how_ended": "withdrew"}
    one, everybody = alone(seen({"week_4": 6}, leaving=(40, 2), **left))
    assert (event(one, BETTER, everybody).visit, event(one, BETTER, everybody).state) == ("early_termination", True)
    assert measured(one, ITCH, everybody).final is None
    assert timed(seen({"week_4": 6}, leaving=(40, 6), **left)) == (None, (40, False, "early_termination"))


def test_leaving_is_an_intercurrent_event_and_what_was_seen_on_its_day_was_before_it():
    on, states = START + timedelta(days=41), []
    for day in (40, 41, 42):
        one, everybody = alone(seen({"week_4": 6}, leaving=(day, 2), ended=on, how_ended="withdrew"))
        found = Intercurrent("withdrawn", "hypothetical", on)
        states.append(outcome_under(found, one, BETTER, everybody, event(one, BETTER, everybody)).state)
    assert states == [True, True, None]


def test_episodes_count_what_was_seen_between_and_end_at_what_was_free():
    def began(*outside_, **planned):
        one, everybody = alone(seen(planned, *outside_))
        return episodes(one, BETTER, everybody).began

    assert began((40, 2), week_4=6, week_8=5) == (40,)
    assert began((40, 2), week_4=6, week_8=2) == (40,), "one that goes on"
    assert began((40, 6), week_4=2, week_8=2) == (28, 56), "free of it in between"
    assert began((40, None), week_4=2, week_8=2) == (28,)


def test_a_component_that_was_seen_between_two_visits_is_counted():
    part = {"id": "parts", "endpoint": "better", "label": {"en": "Parts", "zh": "组成"},
            "counted": [{"id": "low", "label": {"en": "Low", "zh": "低"}, "rule": "itching <= 2"}]}  # fmt: skip
    analysis = type(SMALL.analysis).model_validate({**SMALL.analysis.model_dump(), "components": [part]})
    for protocol, number in ((COUNTED, 1), (NOT_COUNTED, 0)):
        _, everybody = alone(seen(NOT_BETTER, (40, 2)), protocol.model_copy(update={"analysis": analysis}))
        assert [row.n for row in components(everybody) if row.arm == "active"] == [number, number]


def test_the_rows_of_a_time_to_event_name_the_visit():
    timed_ = SMALL.endpoints[0].model_copy(update={"measure": "time_to_event"})
    _, everybody = alone(seen(NOT_BETTER, (40, 2)), COUNTED.model_copy(update={"endpoints": (timed_,)}))
    row = adtte(everybody).row(0, named=True)
    assert (row["ADT"], "unscheduled_1" in row["EVNTDESC"]) == ("2024-06-15", True)


@given(
    st.lists(st.tuples(st.integers(-20, 70), st.none() | st.integers(0, 9)), max_size=4),
    st.tuples(*[st.none() | st.integers(0, 9)] * 2), st.booleans(),
)  # fmt: skip
def test_the_first_event_is_the_first_day_in_time_on_which_it_shows(outside_, planned, counts):
    """The slow road: every day from randomisation on, whatever was known on it; week 8 closes the count."""
    courses = dict(zip(("week_4", "week_8"), planned, strict=True))
    days = [(DAYS[visit], itching) for visit, itching in courses.items()]
    days += [(day, itching) for day, itching in outside_ if counts and 0 <= day < 56]
    shown = [day for day, itching in days if itching is not None and 6 - itching >= 2]
    protocol = COUNTED if counts else NOT_COUNTED
    one, everybody = alone(seen(courses, *outside_), protocol)
    found = event(one, BETTER, everybody)
    if shown:
        assert (found.state, one.day(found.on)) == (True, min(shown))
    elif None not in planned:
        assert (found.state, one.day(found.on)) == (False, DAYS["week_8"])
    else:
        assert (found.state, found.on) == (None, None)
    assert all(each.counts for each in outside(one, BETTER, everybody))


# --- The laboratory reads every result -------------------------------------------------------------------------------


def measured_at(*samples):
    """A participant with liver results beside those of the plan: (visit, day, ALT, bilirubin)."""
    subject = patient("01-001", laboratory={"screening": {"alt": 30}, "week_4": {"alt": 20, "bilirubin": 10}})
    days = {visit: VisitState("held", START + timedelta(days=day), "site", "", 9) for visit, day, *_ in samples}
    values = {
        (visit, "laboratory", 1): {"alt": Decimal(alt), "bilirubin": Decimal(bilirubin)}
        for visit, _, alt, bilirubin in samples
    }
    return replace(subject, visits={**subject.visits, **days}, values={**subject.values, **values})


@pytest.mark.parametrize("counts", [True, False])
def test_a_peak_outside_the_schedule_is_a_peak_whether_or_not_endpoints_read_it(counts):
    plan = PROTOCOL.schedule.unscheduled.model_copy(update={"counts": counts})
    schedule = PROTOCOL.schedule.model_copy(update={"unscheduled": plan})
    protocol = PROTOCOL.model_copy(update={"schedule": schedule})
    found = made({"belimumab": [measured_at(("unscheduled_1", 40, 130, 45))], "placebo": []}, protocol=protocol)
    rows = laboratory(found)
    alt = [(row.visit, row.week, row.day, row.after, row.change) for row in rows if row.analyte == "alt"]
    assert alt == [
        ("screening", -2, -14, False, None), ("week_4", 4, 28, True, -10), ("unscheduled_1", None, 40, True, 100),
    ]  # fmt: skip
    assert adlb(found, rows).filter(PARAMCD="ALT")["AVISITN"].to_list() == [-2, 4, None]
    peak = liver_peaks(found, rows, found.randomised)[0]
    assert (peak.quadrant, peak.signal_visits) == ("hys_law", ("unscheduled_1",))


def test_a_sample_taken_again_before_baseline_is_the_baseline():
    found = made({"belimumab": [measured_at(("unscheduled_1", -5, 60, 10))], "placebo": []}, protocol=PROTOCOL)
    alt = [row for row in laboratory(found) if row.analyte == "alt"]
    assert [(row.visit, row.baseline, row.after) for row in alt] == [
        ("screening", False, False), ("unscheduled_1", True, False), ("week_4", False, True),
    ]  # fmt: skip
    assert alt[-1].change == -40
