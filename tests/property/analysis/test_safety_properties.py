"""Safety against a slow and obvious second reading: counts, rates and shifts by loops over people, one at a time."""

from datetime import timedelta
from decimal import Decimal
from math import isclose

from analysis_trials import START, made, person
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.analysis.adverse_events import adverse_events
from equipoise.analysis.ard import results
from equipoise.analysis.laboratory import laboratory
from equipoise.analysis.laboratory_tables import SHIFT, STATES, laboratory_statistics
from equipoise.analysis.safety import EVENTS, counted
from equipoise.analysis.sets import Members
from equipoise.items import PartialDate

GRADES = ("mild", "moderate", "severe")
ONSETS = st.one_of(
    st.none(), st.integers(-40, 56).map(lambda day: START + timedelta(days=day)),
    st.sampled_from([PartialDate(2024, 4), PartialDate(2024, 5), PartialDate(2024, 6), PartialDate(2024)]),
)  # fmt: skip
ROWS = st.fixed_dictionaries(
    {
        "term": st.just("Cold"), "kind": st.sampled_from(["infection", "other", None]),
        "event_grade": st.sampled_from([*GRADES, None]), "serious": st.sampled_from([True, False, None]),
        "related": st.sampled_from([True, False, None]), "onset": ONSETS,
    }
)  # fmt: skip
PEOPLE = st.lists(st.tuples(st.lists(ROWS, max_size=3), st.integers(0, 56)), max_size=4)
VALUES = st.dictionaries(
    st.sampled_from(["screening", "week_0", "week_4", "week_8"]), st.sampled_from([30, 41, 60, 81, 90, None])
)
SEEN = {"week_4": 5, "week_8": 5}


def trial(active, control, make):
    arms = {"active": active, "control": control}
    return made({arm: [make(f"0{n}-{k:03d}", one) for k, one in enumerate(people)]
                 for n, (arm, people) in enumerate(arms.items(), 1)})  # fmt: skip


def certainly_early(onset):
    last = onset.latest if isinstance(onset, PartialDate) else onset
    return onset is not None and last < START


def begun(onset):
    """The first day on which an event of this participant can have begun, no earlier than the first dose."""
    first = onset.earliest if isinstance(onset, PartialDate) else onset
    return START if onset is None else max(first, START)


KINDS = {
    ("any", ""): lambda row: True,
    ("serious", ""): lambda row: row["serious"] is True,
    ("related", ""): lambda row: row["related"] is True,
    ("serious_related", ""): lambda row: row["serious"] is True and row["related"] is True,
    ("special_interest", "infection"): lambda row: row["kind"] == "infection",
}


def by_loops(people, wanted):
    """(participants, events, days at risk) of one arm in one line."""
    with_event = events = days = 0
    for rows, last in people:
        mine = [row for row in rows if not certainly_early(row["onset"]) and wanted(row)]
        end = START + timedelta(days=last)
        first = min([begun(row["onset"]) for row in mine], default=end)
        with_event += bool(mine)
        events += len(mine)
        days += (min(first, end) - START).days + 1
    return with_event, events, days


@given(PEOPLE, PEOPLE)
@settings(max_examples=40, deadline=None)
def test_lines_and_rates_are_what_loops_count(active, control):
    def make(code, one):
        return person(code, SEEN, events=one[0], ended=START + timedelta(days=one[1]), how_ended="completed")

    cohort = trial(active, control, make)
    everybody = Members("all", tuple(one.code for one in cohort.randomised), ())
    found = results(counted(cohort, adverse_events(cohort), everybody))
    risks = {}
    for (variable, level), wanted in KINDS.items():
        for arm, people in (("active", active), ("control", control)):
            with_event, events, days = by_loops(people, wanted)
            at = {"variable": variable, "level": level, "arm": arm}
            row, rate = found.get(EVENTS, "participants", **at), found.get(EVENTS, "rate", **at)
            assert (row.n, row.N, found.count(EVENTS, "events", **at)) == (with_event, len(people), events)
            assert (rate.estimate is None) == (days == 0)
            assert days == 0 or isclose(rate.estimate, 100 * with_event / (days / 365.25), abs_tol=1e-9)
            risks[arm] = with_event / len(people) if people else None
        difference = found.get(EVENTS, "risk_difference", variable=variable, level=level, arm="active")
        assert (difference.estimate is None) == (None in risks.values())
        if difference.estimate is not None:
            assert isclose(difference.estimate, risks["active"] - risks["control"], abs_tol=1e-12)
            assert difference.lower - 1e-9 <= difference.estimate <= difference.upper + 1e-9


@given(PEOPLE)
@settings(max_examples=40, deadline=None)
def test_everybody_with_an_event_has_one_worst_severity(people):
    cohort = trial(people, [], lambda code, one: person(code, SEEN, events=one[0]))
    everybody = Members("all", tuple(one.code for one in cohort.randomised), ())
    found = results(counted(cohort, adverse_events(cohort), everybody))
    worst = dict.fromkeys((*GRADES, ""), 0)
    for rows, _ in people:
        grades = [row["event_grade"] for row in rows if not certainly_early(row["onset"])]
        known = [grade for grade in reversed(GRADES) if grade in grades]
        if grades:
            worst[known[0] if known else ""] += 1
    for grade, n in worst.items():
        assert found.count(EVENTS, "participants", variable="worst", level=grade, arm="active") == n
    assert sum(worst.values()) == found.count(EVENTS, "participants", variable="any", arm="active")


def state(value):
    """The limits of the protocol for a woman: 41 to 81 µmol/L."""
    return "" if value is None else "LOW" if value < 41 else "HIGH" if value > 81 else "NORMAL"


def shift_by_hand(values):
    """What one participant's course comes to: the last known state to week 0, and the worst one after it."""
    before = [values.get(visit) for visit in ("week_0", "screening") if values.get(visit) is not None]
    after = {state(values.get(visit)) for visit in ("week_4", "week_8")} - {""}
    if {"LOW", "HIGH"} <= after:
        worst = "LOW AND HIGH"
    else:
        worst = "LOW" if "LOW" in after else "HIGH" if "HIGH" in after else "NORMAL" if after else ""
    return state(before[0]) if before else "", worst


@given(st.lists(VALUES, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_shift_table_is_what_loops_count(courses):
    def make(code, values):
        one = person(code, SEEN)
        labs = {(visit, "assessment", 1): {**one.values[visit, "assessment", 1],
                                           "creatinine": None if value is None else Decimal(value)}
                for visit, value in values.items()}  # fmt: skip
        return person(code, SEEN, values={**one.values, **labs})

    cohort = trial(courses, [], make)
    found = results(laboratory_statistics(cohort, laboratory(cohort), cohort.randomised))
    pairs = [shift_by_hand(values) for values in courses]
    if not any(value is not None for values in courses for value in values.values()):
        assert not list(found.of(SHIFT))  # nothing was measured, so there is no table
        return
    for before in ("LOW", "NORMAL", "HIGH", ""):
        for after in STATES:
            row = found.get(SHIFT, f"to {after}", variable="creatinine", level=before, arm="active")
            assert row.n == pairs.count((before, after))
            assert sum(first == before for first, _ in pairs) == row.N
