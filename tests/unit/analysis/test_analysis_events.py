"""Endpoints read from histories: yes, certainly no, or unknown with its reason."""

from datetime import date, timedelta

import pytest
from analysis_trials import BELIMUMAB, HYPERTENSION, MISSED, SMALL, START, made, person

from equipoise.analysis.assessments import assessments, forms_of
from equipoise.analysis.events import endpoint_of, event, measured, readings, scheduled, time_to_event

BETTER = endpoint_of(SMALL, "better")  # itching falls by two points or more from week 0, through week 8
ITCH = endpoint_of(SMALL, "itch")


def outcome(course, **more):
    everybody = made({"active": [person("01-001", course, **more)]})
    return event(everybody.randomised[0], BETTER, everybody)


@pytest.mark.parametrize(
    ("course", "more", "state", "reason"),
    [
        ({"week_4": 6, "week_8": 4}, {}, True, ""),
        ({"week_4": 4, "week_8": 6}, {}, True, ""),  # once is enough
        ({"week_4": 6, "week_8": 5}, {}, False, ""),
        ({"week_4": MISSED, "week_8": 5}, {}, False, ""),  # judged on the assessments attended
        ({"week_4": None, "week_8": 5}, {}, None, "answer_not_known"),  # attended and not known is no "no"
        ({"week_4": 6, "week_8": None}, {}, None, "answer_not_known"),
        ({"week_4": None, "week_8": 3}, {}, True, ""),
        ({"week_4": 6, "week_8": MISSED}, {}, None, "last_assessment_missed"),
        ({"week_4": 3}, {"ended": START + timedelta(days=40), "how_ended": "withdrew"}, True, ""),
        ({"week_4": 6}, {"ended": START + timedelta(days=40), "how_ended": "withdrew"}, None, "ended_withdrew"),
        ({"week_4": 6}, {"ended": START + timedelta(days=40), "how_ended": "died"}, None, "ended_died"),
        ({}, {"ended": START, "how_ended": "lost"}, None, "ended_lost"),
        (
            {"week_4": 6},
            {"ended": START + timedelta(days=60), "how_ended": "completed"},
            None,
            "last_assessment_missed",
        ),
        ({"week_4": 6}, {}, None, "not_reached"),  # the trial still runs
    ],
)
def test_an_event_is_yes_certainly_no_or_unknown(course, more, state, reason):
    found = outcome(course, **more)
    assert (found.state, found.reason) == (state, reason)


def test_without_a_baseline_nothing_is_known():
    assert outcome({"week_0": None, "week_4": 1, "week_8": 1}).state is None


def test_the_first_assessment_that_shows_it_is_the_date():
    found = outcome({"week_4": 4, "week_8": 2})
    assert (found.visit, found.on) == ("week_4", START + timedelta(days=28))


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ({"week_4": 4, "week_8": 2}, (28, True, "week_4")),
        ({"week_4": 6, "week_8": 5}, (56, False, "week_8")),
        ({"week_4": 6, "week_8": None}, (28, False, "week_4")),  # the last known answer
        ({"week_4": None, "week_8": MISSED}, (0, False, "")),  # nothing known: censored at randomisation
        ({"week_4": MISSED, "week_8": 2}, (56, True, "week_8")),
    ],
)
def test_time_runs_from_randomisation_to_the_event_or_the_last_known_assessment(course, expected):
    everybody = made({"active": [person("01-001", course)]})
    found = time_to_event(everybody.randomised[0], BETTER, everybody)
    assert (found.days, found.event, found.visit) == expected


def test_time_is_the_day_of_the_visit_and_not_its_target():
    everybody = made({"active": [person("01-001", {"week_4": 4}, shift=3)]})
    assert time_to_event(everybody.randomised[0], BETTER, everybody).days == 31


def test_a_change_reads_baseline_and_end():
    everybody = made(
        {"active": [person("01-001", {"week_4": None, "week_8": 2}), person("01-002", {"week_8": MISSED})]}
    )
    one, other = (measured(p, ITCH, everybody) for p in everybody.randomised)
    assert (one.baseline, one.final, one.change, one.complete) == (6.0, 2.0, -4.0, False)
    assert (other.final, other.change) == (None, None)


def test_a_measure_before_randomisation_is_no_assessment():
    everybody = made({"active": [person("01-001", {"screening": 1, "week_0": 1, "week_4": 1, "week_8": 1})]})
    assert [reading.visit.id for reading in readings(everybody.randomised[0], BETTER, everybody)] == [
        "week_4",
        "week_8",
    ]


def test_flares_are_not_assessed_where_their_forms_are_not_due():
    everybody = made({}, protocol=BELIMUMAB)
    weeks = [visit.week for visit in scheduled(endpoint_of(BELIMUMAB, "any_flare"), everybody)]
    assert weeks == [4, *range(8, 53, 4)]  # week 2 is a dose and nothing else


def test_the_forms_of_a_derivation_are_those_of_all_it_rests_on():
    assert {"assessment", "laboratory", "immunology"} <= forms_of("sledai_total", BELIMUMAB)
    assert "background_treatment" in forms_of("flare", BELIMUMAB)
    assert forms_of("itching_rise", SMALL) == {"assessment"}
    assert forms_of("eyes", SMALL) == {"assessment"}
    assert forms_of("nothing_like_it", SMALL) == frozenset()


def test_what_is_read_at_another_visit_makes_no_assessment():
    visits = HYPERTENSION.visits
    found = assessments("previous.tablets_out > 0 and known(tablets_back)", visits, HYPERTENSION)
    assert [visit.week for visit in found] == [4, 8, 12]
    assert assessments("baseline.systolic > 150", visits, HYPERTENSION) == ()


def test_somebody_who_was_not_randomised_has_no_time():
    everybody = made({}, person("01-001", randomised=None))
    with pytest.raises(ValueError, match="not randomised"):
        everybody.everybody[0].day(date(2024, 5, 6))
    with pytest.raises(ValueError, match="not randomised"):
        time_to_event(everybody.everybody[0], BETTER, everybody)
