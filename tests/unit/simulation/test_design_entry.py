"""When and where simulated participants come, and how they are allocated."""

import numpy as np
import pytest

from equipoise.randomisation.metrics import metrics
from equipoise.simulation.design.entry import entry_of
from equipoise.simulation.design.fitting import specification
from equipoise.simulation.design.replay import replay
from tests.unit.simulation.designs import in_ratio, near, protocol, simulated, study


def rows(trial=1, **changes):
    return replay(study(participants="3000", **changes).design, 1, trial).rows


def rates(**changes):
    return entry_of(study(**changes).scenario, protocol()).rates


def test_a_constant_rate_is_spread_by_the_shares_of_the_sites():
    found = rates(accrual={"per_week": "10"}, sites={"01": {"share": "3"}})
    np.testing.assert_allclose(found[:, -1], [6.0, 2.0, 2.0])


def test_sites_open_and_speed_up():
    found = rates(accrual={"per_week": "3", "ramp_weeks": "4"}, sites={"02": {"opens_week": "2"}})
    np.testing.assert_allclose(found[0], [0.125, 0.375, 0.625, 0.875, 1.0, 1.0, 1.0])
    np.testing.assert_allclose(found[1], [0.0, 0.0, 0.125, 0.375, 0.625, 0.875, 1.0])


def test_a_lockdown_closes_weeks_by_their_days():
    closed = {"first": "2021-01-06", "last": "2021-01-20", "accrual": "0.2"}
    found = rates(start="2021-01-01", accrual={"per_week": "3"}, lockdown=closed)
    # The first week has two of its days in the lockdown, the second all seven, the third six.
    np.testing.assert_allclose(found[0], [1 - 0.8 * 2 / 7, 0.2, 1 - 0.8 * 6 / 7, 1.0])


def test_participants_come_at_the_rate_and_to_the_sites_that_were_said():
    found = rows(accrual={"per_week": "12"}, sites={"01": {"share": "2"}})
    gaps = np.diff(found.entered)
    assert (gaps >= 0).all()
    assert near(gaps.mean(), 7 / 12, gaps.std() / np.sqrt(gaps.size))
    assert near((found.site == 0).mean(), 0.5, 0.5 / np.sqrt(3000))


def test_sites_vary_from_trial_to_trial():
    one = study(participants="200", accrual={"per_week": "12", "varies": "0.5"})
    shares = np.array([np.bincount(replay(one.design, 1, n).rows.site, minlength=3) / 200 for n in range(60)])
    steady = study(participants="200", accrual={"per_week": "12"})
    even = np.array([np.bincount(replay(steady.design, 1, n).rows.site, minlength=3) / 200 for n in range(60)])
    assert shares.std(axis=0).min() > 2 * even.std(axis=0).max()


def test_without_accrual_nobody_knows_when_they_come():
    found = rows(sites={"01": {"share": "2"}})
    assert not found.entered.any()
    assert near((found.site == 0).mean(), 0.5, 0.5 / np.sqrt(3000))


@pytest.mark.parametrize("scheme", [
    {"procedure": "permuted_blocks", "sizes": ["4", "6"], "weights": ["1", "1"]},
    {"procedure": "big_stick", "limit": "3"}, {"procedure": "biased_coin", "probability": "2/3"},
    {"procedure": "complete"}, {"procedure": "maximal", "limit": "2"},
], ids=lambda scheme: scheme["procedure"])  # fmt: skip
def test_arms_are_guessed_as_often_as_the_exact_calculation_says(scheme):
    one = study(participants="30", randomisation={**scheme, "strata": "none"})
    facts, _ = simulated(one, 4000)
    exact = metrics(specification(one.scenario, protocol()), (1, 1), 30).correct_guess
    assert near(facts["guessed"].mean(), exact, facts["guessed"].std() / np.sqrt(4000))


def test_strata_of_the_protocol_keep_every_site_in_balance():
    found = replay(
        study(participants="300", randomisation={"procedure": "permuted_blocks", "sizes": ["4"]}).design, 1, 1
    )
    for site in range(3):
        arms = found.rows.arm[found.rows.site == site]
        assert abs((arms == 0).sum() - (arms == 1).sum()) <= 2


def test_unequal_arms_are_guessed_as_often_as_the_exact_calculation_says():
    trial = in_ratio(belimumab=2, placebo=1)
    one = study(
        trial, participants="30", randomisation={"procedure": "permuted_blocks", "sizes": ["6"], "strata": "none"}
    )
    facts, _ = simulated(one, 3000)
    exact = metrics(specification(one.scenario, trial), (2, 1), 30).correct_guess
    assert near(facts["guessed"].mean(), exact, facts["guessed"].std() / np.sqrt(3000))
    assert (facts["treated"] == 20).all()


def test_a_third_arm_is_like_the_reference_and_stays_out_of_the_comparison():
    trial, scheme = in_ratio(belimumab=1, other=1, placebo=1), {"procedure": "complete", "strata": "none"}
    one = study(trial, participants="3000", compare="belimumab", leaves=None, randomisation=scheme)
    found = replay(one.design, 1, 1)
    shares = np.bincount(found.rows.arm) / 3000
    assert near(shares, 1 / 3, 0.0086)
    assert found.facts["treated"] + found.facts["reference"] == (found.rows.arm != 1).sum()
    risks = [found.rows.event[found.rows.arm == arm].mean() for arm in range(3)]
    assert near(risks, [0.25, 0.4, 0.4], 0.0155)
    assert one.design.arms == ("belimumab", "other", "placebo")
