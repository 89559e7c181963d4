"""The mixed model of simulated trials: the statistics room's own, to a stated tolerance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.simulation.design.outcome import outcome_of
from equipoise.simulation.design.repeated_measures import difference, sums_of
from equipoise.simulation.design.running import Laboratory, Order, simulate
from equipoise.statistics import AdjustedMeansByVisit, NotEstimable, mmrm_by_visit
from tests.unit.simulation.designs import near, study

VISITS = 4


def trial(seed, patients, missing, *, visits=VISITS):
    """Correlated values, missing at single visits and after leaving; arm, baseline and site of everybody."""
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(0.6 ** abs(np.subtract.outer(np.arange(visits), np.arange(visits))))
    values = rng.normal(size=(patients, visits)) @ root.T * rng.uniform(0.5, 3.0, visits) + rng.normal(0, 5)
    seen = rng.uniform(size=values.shape) > missing
    seen &= np.arange(visits) <= rng.integers(0, 3 * visits, patients)[:, None]
    return values, seen, rng.integers(0, 2, patients), rng.normal(4, 2, patients), rng.integers(0, 3, patients)


def by_sums(values, seen, arm, base, site):
    by_visit = np.column_stack([arm == 0, arm == 1, base - base.mean()]).astype(float)
    throughout = np.column_stack([site == 1, site == 2]).astype(float)
    return difference(sums_of(values, seen, by_visit, throughout), np.array([-1.0, 1.0, 0.0]))


def by_the_room(values, seen, arm, base, site):
    who, visit = np.nonzero(seen)
    found = mmrm_by_visit(
        values[who, visit], arm[who].tolist(), who.tolist(), visit.tolist(),
        {"baseline": base[who], "site": [str(each) for each in site[who]]}, reference=0, by_visit=["baseline"],
        visits=list(range(values.shape[1])), freedom="kenward_roger_linear",
    )  # fmt: skip
    return found.difference(1, values.shape[1] - 1) if isinstance(found, AdjustedMeansByVisit) else found


def test_a_planned_trial_is_fitted_to_the_stated_tolerance():
    data = trial(8, 334, 0.03, visits=8)
    found, expected = by_sums(*data), by_the_room(*data)
    assert found.error == pytest.approx(expected.standard_error, rel=5e-5)
    assert found.freedom == pytest.approx(expected.degrees_of_freedom, rel=5e-3)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(60, 160), st.floats(0.0, 0.25))
def test_it_is_the_model_of_the_statistics_room(seed, patients, missing):
    data = trial(seed, patients, missing)
    found, expected = by_sums(*data), by_the_room(*data)
    assert found is not None
    assert found.estimate == pytest.approx(expected.estimate, abs=2e-5 * expected.standard_error)
    assert found.error == pytest.approx(expected.standard_error, rel=5e-3)
    assert found.freedom == pytest.approx(expected.degrees_of_freedom, rel=0.05)


def test_units_change_nothing():
    values, *rest = trial(1, 90, 0.1)
    plain, scaled = by_sums(values, *rest), by_sums(1e6 * values, *rest)
    np.testing.assert_allclose(np.array(scaled) / [1e6, 1e6, 1.0], plain, rtol=1e-7)


def test_complete_data_give_the_comparison_of_the_last_visit():
    """Without missing values and factors throughout, each visit is its own analysis of covariance."""
    values, seen, arm, base, _ = trial(3, 80, 0.0)
    seen[:] = True
    by_visit = np.column_stack([arm == 0, arm == 1, base]).astype(float)
    found = difference(sums_of(values, seen, by_visit, np.zeros((80, 0))), np.array([-1.0, 1.0, 0.0]))
    beta, squares, *_ = np.linalg.lstsq(by_visit, values[:, -1], rcond=None)
    spread = np.linalg.inv(by_visit.T @ by_visit)
    error = np.sqrt(squares[0] / 77 * (spread[0, 0] + spread[1, 1] - 2.0 * spread[0, 1]))
    assert found.estimate == pytest.approx(beta[1] - beta[0], rel=1e-6)
    assert found.error == pytest.approx(error, rel=1e-5)
    assert found.freedom == pytest.approx(77, rel=0.02)


@pytest.mark.parametrize("spoil", [
    lambda values, seen, arm, base, site: seen.__setitem__((arm == 1, VISITS - 1), False),  # an arm's end unseen
    lambda values, seen, arm, base, site: seen.__setitem__((slice(5, None),), False),  # fewer values than columns
    lambda values, seen, arm, base, site: base.__setitem__(slice(None), 3.0),  # nothing to tell the baseline by
    lambda values, seen, arm, base, site: values.__setitem__(slice(None), 3.0),  # nothing varies
    lambda values, seen, arm, base, site: values.__setitem__((slice(None), 1), values[:, 0]),  # one visit is another
], ids=["empty arm", "few", "collinear", "constant", "singular"])  # fmt: skip
def test_what_the_room_refuses_is_not_estimated(spoil):
    data = trial(2, 60, 0.05)
    spoil(*data)
    assert isinstance(by_the_room(*data), NotEstimable)
    assert by_sums(*data) is None


def test_two_visits_that_nobody_had_both_of_tell_nothing():
    data = trial(2, 60, 0.0)
    data[1][:30, 1], data[1][30:, 2] = False, False
    assert by_the_room(*data).reason == "visits_never_together"
    assert by_sums(*data) is None


SLEDAI = {"variable": "sledai_total", "mean": "4", "deviation": "2", "within": ["-99", "99"], "step": "0.01"}


def repeated(**changes):
    return study(**{"participants": "100", "observed": "at_visits", "score": SLEDAI, "event": {"risk": "0.2"},
                    "analyses": [{"estimand": "sledai_change_itt", "sensitivity": "2"}],
                    "assessment": {"missed": "0.1"}, **changes})  # fmt: skip


def test_where_one_arm_is_empty_nothing_is_estimated():
    one = repeated(participants="2", randomisation={"procedure": "complete", "strata": "none"})
    lines = Laboratory(one.design, 1).lines(0, 6)
    assert np.isnan(lines[:, -6:-1]).all()
    assert (lines[:, -1] == 0.0).all()


@pytest.mark.slow
def test_the_level_is_kept_and_the_effect_found():
    effect = {"belimumab": "-1", "placebo": "0"}
    for score, truth in ((SLEDAI, 0.0), ({**SLEDAI, "change": effect}, -1.0)):
        one = repeated(score=score, effect={"hazard_ratio": "1"})
        *_, sums = simulate(one.design, Order(400, 3, 2))
        outcome = outcome_of(one, 3, sums)
        mean = outcome.of("mean_estimate", "sledai_change_itt", "sensitivity_2")
        # Visits fall on their target days, so what changes evenly has changed by all of it on the last.
        assert near(mean.value, truth, mean.error)
        rejected = outcome.of("rejected", "sledai_change_itt", "sensitivity_2")
        assert truth or near(rejected.value, 0.05, rejected.error)
