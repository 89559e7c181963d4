"""What happens to simulated participants against the laws that a scenario writes down."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad

from equipoise.simulation.design.hazards import cumulative
from equipoise.simulation.design.nature_kernels import cumulative_hazard, onset, onset_after_stop
from equipoise.simulation.design.replay import replay
from equipoise.simulation.design.truth import log_hazard_ratio, risk
from tests.unit.simulation.designs import near, simulated, study

YEAR = 365.25
END = 364.0
EVERYBODY = {"participants": "4000", "leaves": None}


def hazard(day, event, effect=None):
    """The hazard of a day as a person would write it down."""
    effect = effect or {}
    if "pieces" in event:
        rate = [piece["per_year"] for piece in event["pieces"] if 7 * piece["from_week"] <= day][-1] / YEAR
    else:
        shape = event.get("shape", 1.0)
        rate = event["per_year"] / YEAR**shape * shape * day ** (shape - 1.0)
    if day < 7 * effect.get("from_week", 0.0) or not effect:
        return rate
    share = 1.0
    if "wanes" in effect:
        first, gone = 7 * effect["wanes"]["from_week"], 7 * effect["wanes"]["gone_by"]
        middle = first + 7 * np.floor((day - first) / 7) + 3.5
        share = 1.0 if day < first else 0.0 if day >= gone else (gone - min(middle, gone)) / (gone - first)
    return rate * effect["hazard_ratio"] ** share


LAWS = [
    ({"per_year": 0.6}, {"hazard_ratio": 0.5}),
    ({"per_year": 0.6, "shape": 1.7}, {"hazard_ratio": 0.7}),
    ({"per_year": 0.6, "shape": 0.6}, {"hazard_ratio": 0.5, "from_week": 12}),
    ({"pieces": [{"from_week": 0, "per_year": 0.2}, {"from_week": 10, "per_year": 0.9}]}, {"hazard_ratio": 2.0}),
    ({"per_year": 0.6}, {"hazard_ratio": 0.4, "wanes": {"from_week": 20, "gone_by": 40}}),
    ({"per_year": 0.6}, {"hazard_ratio": 0.4, "from_week": 4, "wanes": {"from_week": 20, "gone_by": 40}}),
]  # fmt: skip


@pytest.mark.parametrize(("event", "effect"), LAWS)
def test_cumulative_hazards_are_the_integrals_of_the_hazards(event, effect):
    plan = study(event=event, effect=effect).design.plan
    for day in (1.0, 30.0, 100.0, 250.0, END):
        edges = sorted({0.0, day, *(7.0 * week for week in range(53) if 7.0 * week < day)})
        for arm, size in ((0, effect), (1, None)):
            parts = [quad(hazard, a + 1e-12, b - 1e-12, args=(event, size))[0] for a, b in pairwise(edges)]
            assert cumulative_hazard(day, plan.hazards, arm) == pytest.approx(sum(parts), rel=1e-6)
            assert cumulative(plan.hazards, arm, np.array([day]))[0] == pytest.approx(sum(parts), rel=1e-6)


@pytest.mark.parametrize(("event", "effect"), LAWS)
@given(need=st.floats(1e-6, 0.5))
@settings(max_examples=20)
def test_the_onset_is_when_the_cumulative_hazard_is_used_up(event, effect, need):
    hazards = study(event=event, effect=effect).design.plan.hazards
    for arm in (0, 1):
        day = onset(need, hazards, arm)
        assert cumulative_hazard(day, hazards, arm) == pytest.approx(need, rel=1e-9)


@given(need=st.floats(1e-3, 3.0), stop=st.floats(1.0, 300.0))
def test_an_effect_that_is_lost_is_that_of_the_reference_from_the_stop_on(need, stop):
    hazards = study(event={"per_year": "0.8"}, effect={"hazard_ratio": "0.5"}).design.plan.hazards
    day = onset_after_stop(need, hazards, 0, 1, stop)
    rate = 0.8 / YEAR
    assert 0.5 * rate * min(day, stop) + rate * max(day - stop, 0.0) == pytest.approx(need, rel=1e-9)
    assert onset_after_stop(need, hazards, 0, 1, np.inf) == onset(need, hazards, 0)


def test_nothing_happens_where_the_rate_is_nought():
    one = study(event={"per_year": "0"}, effect={"hazard_ratio": "0.5"})
    facts, _ = simulated(one, 5)
    assert facts["treated_onsets"].sum() == facts["reference_onsets"].sum() == 0
    assert one.design.truths.tolist() == [0.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("event", [{"risk": "0.4"}, {"risk": "0.4", "frailty": "0.8"}, {"risk": "0.4", "shape": "1.5"}])
def test_risks_are_what_was_asked_for(event):
    plan = study(event=event, effect={"risk": "0.25"}).design.plan
    assert risk(plan, 1) == pytest.approx(0.4, abs=1e-12)
    assert risk(plan, 0) == pytest.approx(0.25, abs=1e-12)


SHIFTED = [
    {"event": {"risk": "0.4", "frailty": "1.2"}},
    {"event": {"risk": "0.4"}, "between_sites": "0.6"},
    {"event": {"risk": "0.4"}, "sites": {"01": {"share": "3"}, "02": {"hazard_ratio": "2"}}},
    {"event": {"risk": "0.4"}, "effect": {"risk": "0.2", "after_stop": "lost"},
     "stops_treatment": {"per_year": {"belimumab": "0.9", "placebo": "0.3"}}},
]  # fmt: skip


@pytest.mark.parametrize("changes", SHIFTED)
def test_the_truth_is_what_many_participants_show(changes):
    one = study(**EVERYBODY, **changes)
    facts, _ = simulated(one, 40, seed=5)
    for name, arm in (("treated", 0), ("reference", 1)):
        shares = facts[f"{name}_events"] / facts[name]
        assert near(shares.mean(), risk(one.design.plan, arm), shares.std(ddof=1) / np.sqrt(40))
    assert np.isnan(log_hazard_ratio(one.design.plan))


def test_the_log_hazard_ratio_is_known_where_hazards_are_proportional():
    assert log_hazard_ratio(study(effect={"hazard_ratio": "0.6"}).design.plan) == pytest.approx(np.log(0.6))
    assert log_hazard_ratio(study(effect=None).design.plan) == 0.0
    delayed = study(effect={"hazard_ratio": "0.6", "from_week": "8"})
    assert np.isnan(log_hazard_ratio(delayed.design.plan))


def test_first_events_and_leaving_follow_their_laws():
    rows = replay(study(**{**EVERYBODY, "leaves": {"per_year": {"placebo": "0.3"}}}).design, 3, 1).rows
    treated = rows.time[(rows.arm == 0) & (rows.event == 1)]
    rate = -np.log(0.75) / END
    assert stats.kstest(treated, stats.truncexpon(END * rate, scale=1 / rate).cdf).pvalue > 1e-4
    assert not (rows.state[rows.arm == 0] < 0).any()
    gone = rows.time[(rows.arm == 1) & (rows.state < 0)]
    # Leaving and the event compete: the first of the two comes at the sum of their rates.
    both = 0.3 / YEAR - np.log(0.6) / END
    assert stats.kstest(gone, stats.truncexpon(END * both, scale=1 / both).cdf).pvalue > 1e-4


def test_the_short_way_for_simple_designs_is_the_long_way():
    simple = study()
    plan = simple.design.plan
    assert plan.simple
    long = type(simple)(simple.scenario, {}, type(simple.design)(
        plan._replace(simple=False), simple.design.analyses, simple.design.arms, simple.design.visits, 0.05
    ))  # fmt: skip
    for number in range(10):
        a, b = (replay(one.design, 1, number).rows for one in (simple, long))
        np.testing.assert_array_equal(a.arm, b.arm)
        np.testing.assert_allclose(a.time, b.time, rtol=1e-12)
        np.testing.assert_array_equal(a.state, b.state)


def test_recurrent_events_are_as_many_as_their_rate_says():
    one = study(**{**EVERYBODY, "event": {"per_year": "1.5", "recurrent": "yes"}, "effect": {"hazard_ratio": "0.5"}})
    facts, _ = simulated(one, 10)
    for name, rate in (("treated", 0.75), ("reference", 1.5)):
        count, people = facts[f"{name}_onsets"].sum(), facts[name].sum()
        assert near(count / people, rate * END / YEAR, np.sqrt(count) / people)


def visits(**changes):
    return study(participants="3000", observed="at_visits", leaves=None, **changes)


def test_an_event_is_seen_at_the_next_assessment():
    """The same streams with and without assessments: a day is moved to the first visit on or after it."""
    exact = replay(study(participants="3000", leaves=None, randomisation={
        "procedure": "permuted_blocks", "sizes": ["4"], "strata": "none"
    }).design, 4, 2)  # fmt: skip
    seen = replay(visits().design, 4, 2)
    days = seen.design.plan.visits.days
    np.testing.assert_array_equal(exact.rows.arm, seen.rows.arm)
    expected = days[np.minimum(np.searchsorted(days, np.ceil(exact.rows.time)), days.size - 1)]
    happened = exact.rows.event == 1
    np.testing.assert_array_equal(seen.rows.event, happened)
    np.testing.assert_array_equal(seen.rows.time, np.where(happened, expected, END))


def test_visits_are_missed_and_answers_unknown_as_often_as_said():
    trial = replay(visits(assessment={"missed": "0.2", "unknown": "0.1", "spread_days": "3"}).design, 1, 1)
    attended, states, days = (trial.courses[:, row, 1:] for row in (1, 2, 0))
    there = attended == 1.0
    assert near(there.mean(), 0.8, 0.4 / np.sqrt(there.size))
    unknown = (states[there] == -1).mean()
    assert near(unknown, 0.1, 0.3 / np.sqrt(there.sum()))
    planned = trial.design.plan.visits
    assert (days[there] >= np.broadcast_to(planned.earliest, there.shape)[there]).all()
    assert (days[there] <= np.broadcast_to(planned.latest, there.shape)[there]).all()
    inner = (days - planned.days)[:, 5][there[:, 5]]
    assert near(inner.std(), 2.8, 0.2)


def test_an_index_errs_as_often_as_said():
    quiet = replay(visits(event={"per_year": "0"}, assessment={"specificity": "0.97"}).design, 1, 1)
    states = quiet.courses[:, 2, 1:]
    assert near((states == 1.0).mean(), 0.03, np.sqrt(0.03 * 0.97 / states.size))
    exact, blurred = (
        replay(visits(assessment={"sensitivity": s}).design, 1, 1).rows.event.sum() for s in ("1", "0.6")
    )  # fmt: skip
    assert near(blurred / exact, 0.6, np.sqrt(0.24 / exact))


def test_a_lockdown_keeps_people_away():
    one = visits(
        start="2021-01-01", accrual={"per_week": "200"}, assessment={"missed": "0.05"},
        lockdown={"first": "2021-06-01", "last": "2021-07-31", "accrual": "0.5", "missed": "0.9"},
    )  # fmt: skip
    trial = replay(one.design, 1, 1)
    day = np.floor(trial.rows.entered)[:, None] + trial.courses[:, 0, 1:]
    closed = (day >= 151) & (day <= 211)
    there = trial.courses[:, 1, 1:] == 1.0
    assert near(there[closed].mean(), 0.1, 0.3 / np.sqrt(closed.sum()))
    assert near(there[~closed].mean(), 0.95, 0.22 / np.sqrt((~closed).sum()))


SCORE = {"variable": "sledai_total", "mean": "10", "deviation": "2", "correlation": "0.8", "within": ["0", "105"],
         "step": "0.01", "change": {"belimumab": "-3"}}  # fmt: skip


def test_a_score_has_its_mean_spread_correlation_and_change():
    trial = replay(visits(score=SCORE).design, 1, 1)
    scores = trial.courses[:, 3]
    assert near(scores[:, 0].mean(), 10.0, 2 / np.sqrt(3000))
    assert near(scores[:, 0].std(), 2.0, 2 / np.sqrt(6000))
    week_8 = trial.courses[:, 3, 2]
    arm = trial.rows.arm
    assert near(np.corrcoef(scores[arm == 1, 0], week_8[arm == 1])[0, 1], 0.64, 0.02)
    change = (scores[:, -1] - scores[:, 0])[arm == 0]
    assert near(change.mean(), -3.0, change.std() / np.sqrt(change.size))


def test_a_score_is_higher_while_an_event_lasts_and_stays_in_its_range():
    score = {**SCORE, "step": "1", "within": ["8", "20"], "in_event": "40", "change": {}}
    trial = replay(visits(score=score, event={"per_year": "0.5", "weeks": ["8", "8"]}).design, 1, 1)
    states, scores = trial.courses[:, 2, 1:], trial.courses[:, 3, 1:]
    assert set(np.unique(scores)) <= set(range(8, 21))
    seen = states == 1.0
    assert (scores[seen] == 20).all()
    following = np.roll(seen, 1, axis=1)
    following[:, 0] = False
    assert (scores[following] == 20).mean() > 0.9


def test_a_dose_rises_with_an_event_and_falls_in_peace():
    dose = {"variable": "prednisone_daily", "start": {"5": "1", "20": "3"}, "rise": "5", "severe_rise": "25",
            "taper": "2.5", "every_weeks": "8", "least": "2.5", "most": "40"}  # fmt: skip
    trial = replay(visits(dose=dose, event={"per_year": "1", "severe": "0.5", "recurrent": "yes"}).design, 1, 1)
    doses, states = trial.courses[:, 4], trial.courses[:, 2]
    assert near((doses[:, 0] == 20).mean(), 0.75, 0.008)
    for place in range(1, doses.shape[1]):
        before, now, seen = doses[:, place - 1], doses[:, place], states[:, place] == 1.0
        rise = now[seen] - before[seen]
        assert set(np.unique(rise[now[seen] < 40])) <= {5.0, 25.0}
        assert set(np.unique((now - before)[~seen])) <= {0.0, -2.5}
    assert doses.min() == 2.5
    assert doses.max() == 40
    quiet = replay(visits(dose=dose, event={"per_year": "0"}).design, 1, 1).courses[:, 4]
    weeks = [0, 4, *range(8, 53, 4)]
    np.testing.assert_array_equal(quiet[quiet[:, 0] == 5][0], [max(5 - 2.5 * (week // 8), 2.5) for week in weeks])
