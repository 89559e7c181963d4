"""Safety by hand: each participant once in a line, only what began under treatment, and what no event still allows."""

from datetime import timedelta

import pytest
from analysis_trials import HYPERTENSION, SAME, SMALL, START, arm_of, made, opened, person
from safety_trials import PROTOCOL, on, treated, trial

from equipoise.analysis import analyse
from equipoise.analysis.adverse_events import adverse_events, worst_grades
from equipoise.analysis.ard import results
from equipoise.analysis.incidence import DAYS_A_YEAR, days_at_risk
from equipoise.analysis.onset import ANY, ONSET, onset_statistics
from equipoise.analysis.period import Period, emergent, period
from equipoise.analysis.safety import EVENTS, counted, overview, reference_of, safety_set
from equipoise.analysis.sets import Members
from equipoise.items import PartialDate

TRIAL = trial()
EVENTS_OF = adverse_events(TRIAL)
SAFETY = Members("safety", tuple(one.code for one in treated(TRIAL)), ())
COUNTED = results(counted(TRIAL, EVENTS_OF, SAFETY))


def lines(variable, level="", found=COUNTED, arms=("belimumab", "placebo")):
    """(participants, events) in each arm."""
    return [
        tuple(found.count(EVENTS, what, variable=variable, level=level, arm=arm) for what in ("participants", "events"))
        for arm in arms
    ]


def number(statistic, variable, level="", arm="belimumab"):
    return COUNTED.get(EVENTS, statistic, variable=variable, level=level, arm=arm)


def test_the_overview_counts_people_once_and_every_event():
    assert lines("any") == [(2, 4), (1, 1)]
    assert lines("related") == [(1, 1), (0, 0)]
    assert lines("serious") == [(1, 1), (1, 1)]
    assert lines("serious_related") == [(0, 0), (0, 0)]
    assert lines("severe") == [(1, 1), (1, 1)]
    assert lines("stopping") == [(1, 1), (0, 0)]
    assert lines("fatal") == [(0, 0), (1, 1)]
    assert lines("special_interest", "serious_infection") == [(1, 1), (1, 1)]
    assert lines("special_interest", "psychiatric") == [(0, 0), (0, 0)]  # the low mood began before the first dose
    assert lines("category", "infection") == [(1, 2), (1, 1)]
    assert lines("serious_category", "infection") == [(1, 1), (1, 1)]
    assert lines("serious_category", "other") == [(0, 0), (0, 0)]


def test_what_a_site_did_not_state_is_neither_yes_nor_no():
    assert lines("not_stated", "serious") == [(1, 1), (0, 0)]  # the headache
    assert lines("not_stated", "severe") == [(1, 1), (0, 0)]
    assert lines("not_stated", "fatal") == [(0, 0), (0, 0)]
    assert COUNTED.get(EVENTS, "participants", variable="not_stated", level="any", arm="placebo") is None


def test_deaths_are_counted_by_whichever_record_says_so():
    died = [COUNTED.get(EVENTS, "participants", variable="died", arm=arm) for arm in ("belimumab", "placebo")]
    assert [(row.n, row.N) for row in died] == [(0, 2), (1, 2)]
    assert number("risk_difference", "died").estimate == -0.5
    ended = person("01-001", SAME, ended=START, how_ended="died")
    found = analyse(opened({"active": [ended], "control": []}), SMALL).results
    assert found.count(EVENTS, "participants", variable="died", arm="active") == 1
    assert found.get(EVENTS, "participants", variable="died", arm="control").estimate is None


def test_the_worst_severity_is_the_worst_that_is_known():
    assert [lines("worst", grade)[0][0] for grade in ("grade_1", "grade_2", "grade_3", "grade_5", "")] == [
        0,
        1,
        1,
        0,
        0,
    ]
    assert lines("worst", "grade_5") == [(0, 0), (1, 1)]
    # Of the other events one participant has grade 2 and one a grade that nobody knows, which is no grade 1.
    assert lines("worst/other", "grade_2")[0] == (1, 1)
    assert lines("worst/other", "")[0] == (1, 1)
    assert worst_grades([], ("mild",)) == {}


def test_terms_differ_by_more_than_case_and_spaces():
    rows = [event for name in ("Cold", " cold ", "COLD  sore") for event in [{"term": name, "serious": False}]]
    found = analyse(opened({"active": [person("01-001", SAME, events=rows)], "control": []}), SMALL).results
    terms = {row.level: row.n for row in found.of(EVENTS, "events") if row.variable == "term/" and row.arm == "active"}
    assert terms == {"Cold": 2, "COLD  sore": 1}


def test_a_rate_counts_the_days_to_the_first_event():
    # Infections: the first participant is at risk to study day 10, the second to the end on study day 57.
    one = number("rate", "category", "infection")
    assert number("patient_years", "category", "infection").estimate == pytest.approx((10 + 57) / DAYS_A_YEAR)
    assert one.estimate == pytest.approx(100 * 1 / (67 / 365.25))
    # Garwood's limits for one event are 0.025318 and 5.571643 (chi-square tables).
    assert one.lower == pytest.approx(100 * 0.025318 / (67 / 365.25), rel=1e-4)
    assert one.upper == pytest.approx(100 * 5.571643 / (67 / 365.25), rel=1e-6)
    # The headache has no day: it is taken for the first one, which makes the rate higher and never lower.
    assert number("patient_years", "any").estimate == pytest.approx((1 + 31) / DAYS_A_YEAR)


def test_a_difference_is_arm_minus_reference_and_has_no_p_value():
    row = number("risk_difference", "category", "infection")
    assert (row.estimate, row.reference, row.p) == (0.0, "placebo", None)
    assert row.lower == pytest.approx(-row.upper)
    assert number("risk_difference", "stopping").estimate == 0.5
    assert number("risk_difference", "any", arm="placebo") is None
    assert reference_of(PROTOCOL) == "placebo"


def test_zero_of_115_still_allows_2_6_per_cent():
    """The one-sided 95 % limit for no event in 115 people is 1 − 0.05^(1/115) = 2.57 %."""
    found = analyse(opened({"active": arm_of("01", [SAME] * 115), "control": arm_of("02", [SAME] * 2)}), SMALL).results
    row = found.get(EVENTS, "still_possible", variable="special_interest", level="infection", arm="active")
    assert row.upper == pytest.approx(1 - 0.05 ** (1 / 115), rel=1e-9)
    assert f"{100 * row.upper:.1f}" == "2.6"
    assert found.get(EVENTS, "still_possible", variable="any", arm="control").upper == pytest.approx(1 - 0.05**0.5)


def test_the_overview_asks_only_what_the_protocol_can_tell():
    assert overview(SMALL) == ("any", "related", "serious", "serious_related", "any_special")
    assert "stopping" in overview(PROTOCOL)
    assert "stopping" not in overview(HYPERTENSION)


def test_safety_is_described_in_the_set_as_treated():
    assert safety_set(TRIAL).id == "safety"
    assert safety_set(made({"active": [], "control": []})).id == "everybody"  # the only one there is


# --- What is treatment-emergent ---------------------------------------------------------------------------------------


def test_an_event_keeps_what_the_site_wrote_and_what_follows_from_it():
    first = [one for one in EVENTS_OF if one.subject == "01-001"]
    assert [(one.term, one.severe, one.onset_day, one.emergent) for one in first] == [
        ("Pharyngitis", False, 10, True), ("Pneumonia", True, 20, True), ("Headache", None, None, True),
    ]  # fmt: skip
    assert first[2].serious is None
    assert first[1].special_interest == ("serious_infection",)
    assert [one.emergent for one in EVENTS_OF if one.subject == "01-002"] == [False, True]
    assert [one.stopped for one in EVENTS_OF if one.subject == "01-002"] == [False, True]
    assert [one.fatal for one in EVENTS_OF if one.subject == "01-501"] == [True]
    assert [one.emergent for one in EVENTS_OF if one.subject == "02-001"] == [False]  # never randomised


def test_a_row_in_which_nothing_is_known_is_no_event():
    rows = [{"term": None, "event_grade": None, "onset": None}]
    assert adverse_events(made({"active": [person("01-001", SAME, events=rows)], "control": []})) == ()


@pytest.mark.parametrize(
    ("onset", "days", "counts"),
    [
        (START, None, True),
        (START - timedelta(days=1), None, False),
        (PartialDate(2024, 5), None, True),  # it may have begun after the 6th
        (PartialDate(2024, 4), None, False),
        (PartialDate(2024), None, True),
        (None, None, True),
        (START + timedelta(days=900), None, True),
        (START + timedelta(days=58), 30, True),  # 28 + 30
        (START + timedelta(days=59), 30, False),
        (PartialDate(2024, 7), 30, True),  # 58 days after 6 May is 3 July
        (PartialDate(2024, 8), 30, False),
    ],
)
def test_in_doubt_an_event_counts(onset, days, counts):
    wanted = PROTOCOL.safety.emergent.model_copy(update={"days_after_last_dose": days})
    protocol = PROTOCOL.model_copy(update={"safety": PROTOCOL.safety.model_copy(update={"emergent": wanted})})
    cohort = trial(protocol=protocol)
    one = cohort.by_code["01-002"]
    assert emergent(onset, one, period(one, cohort), cohort) is counts


def test_the_time_at_risk_ends_some_days_after_the_last_dose():
    wanted = PROTOCOL.safety.emergent.model_copy(update={"days_after_last_dose": 10, "since": "randomisation"})
    protocol = PROTOCOL.model_copy(update={"safety": PROTOCOL.safety.model_copy(update={"emergent": wanted})})
    cohort = trial(protocol=protocol)
    assert days_at_risk(cohort.by_code["01-002"], (), cohort) == 28 + 10 + 1
    assert days_at_risk(cohort.by_code["02-001"], (), cohort) == 0


def test_there_is_no_study_day_0():
    when = Period(START, None, None, None)
    assert [when.day(on(day)) for day in (-2, -1, 0, 1)] == [-2, -1, 1, 2]
    assert Period(None, None, None, None).day(START) is None


# --- Onset ------------------------------------------------------------------------------------------------------------


def test_the_first_event_of_special_interest_is_timed_from_the_first_dose():
    found = results(onset_statistics(TRIAL, EVENTS_OF, treated(TRIAL)))
    first = found.get(ONSET, "first_day", variable=ANY, arm="belimumab")
    assert (first.estimate, first.n, first.N) == (20.0, 1, 2)
    assert found.get(ONSET, "first_day", variable="serious_infection", arm="placebo").estimate == 41.0
    # Nobody is observed to the last planned day: the risk by then is not estimable.
    risk = found.get(ONSET, "risk", variable=ANY, level="364", arm="belimumab")
    assert (risk.estimate, risk.why.reason) == (None, "beyond_follow_up")
    assert not [row for row in found.rows if row.variable == "malignancy"]


def test_a_risk_is_one_minus_kaplan_meier():
    rows = [[{"kind": "infection", "term": "x", "onset": START + timedelta(days=9)}], [], [], []]
    people = [person(f"01-{n:03d}", SAME, events=events) for n, events in enumerate(rows)]
    cohort = made({"active": people, "control": []})
    found = results(onset_statistics(cohort, adverse_events(cohort), cohort.randomised))
    row = found.get(ONSET, "risk", variable="infection", level="56", arm="active")
    assert row.estimate == pytest.approx(0.25)
    # R 4.2.2, survival 3.5.3: survfit(Surv(c(10,57,57,57), c(1,0,0,0)) ~ 1, conf.type = "log-log")
    assert (row.lower, row.upper) == (pytest.approx(0.03945135771), pytest.approx(0.87205308240))
    assert found.get(ONSET, "risk", variable="infection", arm="control").why is not None
