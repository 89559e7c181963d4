"""Many trials: the same bits whoever computes them and however often they are interrupted; and what is made of them."""

import numpy as np
import pytest
from scipy.stats import norm

from equipoise.simulation.design.characteristics import largest_error
from equipoise.simulation.design.checkpoint import read_checkpoint, write_checkpoint
from equipoise.simulation.design.outcome import json_of, outcome_of, table_of
from equipoise.simulation.design.replay import assessments_of, participants_of, replay
from equipoise.simulation.design.running import CHUNK, Order, simulate
from equipoise.simulation.design.sums import nothing
from equipoise.statistics import two_proportions_power
from tests.unit.simulation.designs import near, shipped, simulated, study


def last(design, order, before=None):
    *_, sums = simulate(design, order, before)
    return sums


def same(a, b):
    return a.trials == b.trials and all(
        getattr(a, name).tobytes() == getattr(b, name).tobytes() for name in ("facts", "analyses")
    )


@pytest.fixture(scope="module")
def simple():
    return study()


def test_the_number_of_workers_cannot_be_seen(simple):
    found = [last(simple.design, Order(5 * CHUNK + 17, 1, workers)) for workers in (1, 2, 5)]
    assert found[0].trials == 5 * CHUNK + 17
    assert same(found[0], found[1])
    assert same(found[0], found[2])
    assert not same(found[0], last(simple.design, Order(5 * CHUNK + 17, 2)))


def test_an_interruption_cannot_be_seen(simple):
    whole = last(simple.design, Order(4 * CHUNK + 5, 3))
    for sums in simulate(simple.design, Order(4 * CHUNK, 3, 2)):
        if sums.trials == 2 * CHUNK:
            break
    kept = read_checkpoint(write_checkpoint({"one": sums}))["one"]
    assert same(whole, last(simple.design, Order(4 * CHUNK + 5, 3, 2), kept))
    assert same(kept, last(simple.design, Order(2 * CHUNK, 3), kept))


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"chunk": 1}', b"\xff"])
def test_what_is_no_checkpoint_says_nothing(data):
    assert read_checkpoint(data) == {}


def test_it_ends_when_the_error_is_small_enough(simple):
    wanted = 0.009
    sums = last(simple.design, Order(10**9, 1, 2, wanted))
    assert sums.trials % CHUNK == 0
    assert largest_error(sums) <= wanted
    before = last(simple.design, Order(sums.trials - CHUNK, 1))
    assert largest_error(before) > wanted
    assert same(sums, last(simple.design, Order(10**9, 1, 1, wanted)))


def test_no_rejection_yet_is_no_small_error():
    null = study(participants="4", effect={"hazard_ratio": "1"}, event={"risk": "0.001"})
    sums = last(null.design, Order(CHUNK, 1))
    assert sums.of(0, "rejected") == 0
    assert largest_error(sums) > 0.001


def test_a_trial_is_the_same_alone_and_among_others(simple):
    facts, results = simulated(simple, 6, first=123_451)
    trial = replay(simple.design, 1, 123_456)
    for name, value in trial.facts.items():
        assert facts[name][5] == value
    for place, told in enumerate(results):
        assert {name: column[5] for name, column in told.items()} == trial.results(place)


def test_characteristics_are_those_of_the_literature(simple):
    """Morris, White & Crowther 2019, table 6, computed from the estimates themselves."""
    facts, results = simulated(simple, 2500)
    outcome = outcome_of(simple, 1, last(simple.design, Order(2500, 1)))
    assert outcome.value("treated_with_event") == pytest.approx(facts["treated_events"].mean())
    assert outcome.of("treated_with_event").error == pytest.approx(facts["treated_events"].std(ddof=1) / 50)
    assert outcome.value("duration_weeks") is None
    for place, asked in enumerate(simple.design.analyses):
        key = asked.estimand.id, asked.variant
        found = {c.name: c for c in outcome.characteristics if (c.analysis, c.variant) == key}
        told, truth = results[place], found["truth"].value
        there = told["estimate"][~np.isnan(told["estimate"])]
        n, p = there.size, told["rejected"].mean()
        covered = (told["lower"] <= truth) & (truth <= told["upper"])
        cover = covered[~np.isnan(told["lower"])].mean()
        variances = told["standard_error"][~np.isnan(told["standard_error"])] ** 2
        expected = {
            "rejected": (p, np.sqrt(p * (1 - p) / 2500)),
            "bias": (there.mean() - truth, there.std(ddof=1) / np.sqrt(n)),
            "coverage": (cover, np.sqrt(cover * (1 - cover) / (~np.isnan(told["lower"])).sum())),
            "empirical_error": (there.std(ddof=1), there.std(ddof=1) / np.sqrt(2 * (n - 1))),
            "model_error": (np.sqrt(variances.mean()),
                            np.sqrt(variances.var(ddof=1) / (4 * variances.size * variances.mean()))),
            "estimated": (n / 2500, np.sqrt(n / 2500 * (1 - n / 2500) / 2500)),
        }  # fmt: skip
        for name, (value, error) in expected.items():
            assert found[name].value == pytest.approx(value, rel=1e-9), name
            assert found[name].error == pytest.approx(error, rel=1e-6, abs=1e-12), name
        below = told["rejected"][told["estimate"] < 0].sum() / 2500
        assert found["rejected_below"].value == pytest.approx(below)
        width = np.nanmean(told["upper"] - told["lower"])
        assert found["interval_width"].value == pytest.approx(width)


def test_no_trials_tell_nothing(simple):
    outcome = outcome_of(simple, 1, nothing(len(simple.design.analyses)))
    known = [c for c in outcome.characteristics if c.value is not None and c.name != "truth"]
    assert known == []
    with pytest.raises(KeyError):
        outcome.of("powder")


def test_the_table_has_a_row_for_everything_and_marks_it():
    studies = shipped("power.yaml")
    outcomes = [outcome_of(one, 1, last(one.design, Order(50, 1))) for one in studies[:2]]
    table = table_of(outcomes)
    assert set(table["DATA"]) == {"SIMULATED"}
    assert table.height == sum(len(outcome.characteristics) for outcome in outcomes)
    assert set(studies[0].settings) <= set(table.columns)
    assert '"simulated": true' in json_of(outcomes, "btrial")


def test_a_replayed_trial_is_told_row_by_row():
    one = study(observed="at_visits", assessment={"missed": "0.1", "unknown": "0.1"})
    trial = replay(one.design, 1, 9)
    participants, assessments = participants_of(trial), assessments_of(trial)
    assert participants.height == 60
    assert participants["arm"].value_counts().sort("arm")["count"].to_list() == [30, 30]
    assert assessments.height == int((trial.courses[:, 1, 1:] == 1.0).sum())
    seen = assessments.filter(assessments["event"] == "yes")["participant"].n_unique()
    assert seen == (participants["state"] == "event").sum()
    assert set(assessments["visit"]) <= {visit.id for visit in one.design.visits}


# --- Against formulas and published values ---------------------------------------------------------------------------


def test_power_of_two_proportions_is_that_of_exact_enumeration():
    one = study(participants="120", leaves=None, analyses=[{"estimand": "any_flare_itt"}])
    outcome = outcome_of(one, 1, last(one.design, Order(20_000, 1, 2)))
    exact = two_proportions_power(0.25, 60, 0.4, 60)
    power = outcome.of("rejected", "any_flare_itt")
    assert near(power.value, exact, power.error)


def test_power_of_the_log_rank_test_is_near_schoenfelds_formula():
    """Schoenfeld 1981: Φ(√(d/4)·|log HR| − z), with the d events expected while people also drop out."""
    (one,) = shipped("benchmark.yaml")
    outcome = outcome_of(one, 1, last(one.design, Order(20_000, 1, 2)))
    leaving, end = 0.10572 / 365.25, 364.0
    hazards = [-np.log(1 - risk) / end for risk in (0.25, 0.4)]
    events = [115.5 * rate / (rate + leaving) * (1 - np.exp(-(rate + leaving) * end)) for rate in hazards]
    for name, expected in zip(("treated", "reference"), events, strict=True):
        found = outcome.of(f"{name}_with_event")
        assert near(found.value, expected, found.error)
    power = norm.cdf(np.sqrt(sum(events) / 4) * np.log(hazards[1] / hazards[0]) - norm.ppf(0.975))
    assert outcome.value("rejected", "time_to_first_flare_itt") == pytest.approx(power, abs=0.02)


@pytest.mark.parametrize("changes", [
    {}, {"event": {"risk": "0.2", "frailty": "1"}}, {"observed": "at_visits", "assessment": {"missed": "0.1"}},
], ids=["plain", "frailty", "visits"])  # fmt: skip
def test_type_one_error_is_held(changes):
    null = study(participants="200", **{**changes, "effect": {"hazard_ratio": "1"}})
    outcome = outcome_of(null, 2, last(null.design, Order(6000, 2, 2)))
    for asked in null.design.analyses:
        rejected = outcome.of("rejected", asked.estimand.id, asked.variant)
        # The chi-square test of so many exceeds 5 % by up to 0.3 % (exact enumeration).
        assert near(rejected.value, 0.05, rejected.error + 0.001), asked.variant
        assert near(outcome.value("bias", asked.estimand.id, asked.variant), 0.0,
                    outcome.of("bias", asked.estimand.id, asked.variant).error)  # fmt: skip
        assert outcome.value("coverage", asked.estimand.id, asked.variant) == pytest.approx(0.95, abs=0.014)
