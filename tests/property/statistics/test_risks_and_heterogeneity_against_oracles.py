"""Risks at a time, Cochran's test and risks standardised over nothing, against slow versions of their definitions."""

from itertools import combinations
from math import exp, hypot, inf, log, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from equipoise.statistics import (
    NotEstimable,
    heterogeneity_test,
    kaplan_meier,
    risk_difference_at,
    risk_ratio_at,
    standardised_risks,
)

PATIENTS = st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=9)
EFFECTS = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.05, 3)), min_size=2, max_size=6)


def risk_by_hand(patients, time):
    """The risk by a time and Greenwood's variance, day by day; None beyond the last patient, if any is left then."""
    survival, total = 1.0, 0.0
    for at in sorted({day for day, event in patients if event and day <= time}):
        risk, died = sum(day >= at for day, _ in patients), sum(event and day == at for day, event in patients)
        survival *= 1 - died / risk
        total += died / (risk * (risk - died)) if risk > died else inf
    if survival == 0:
        return 1.0, 0.0
    return None if time > max(day for day, _ in patients) else (1 - survival, survival**2 * total)


@given(PATIENTS, PATIENTS, st.integers(1, 9))
def test_risks_at_a_time_are_what_the_curves_say(treated, control, time):
    curves = [kaplan_meier(*zip(*patients, strict=True)) for patients in (treated, control)]
    difference, ratio = risk_difference_at(*curves, time=time), risk_ratio_at(*curves, time=time)
    by_hand = [risk_by_hand(patients, time) for patients in (treated, control)]
    if None in by_hand:
        assert difference == ratio == NotEstimable("beyond_follow_up")
        return
    (p1, v1), (p0, v0) = by_hand
    assert difference.estimate == pytest.approx(p1 - p0, abs=1e-12)
    error = sqrt(v1 + v0)
    if error == 0:
        assert (difference.lower, difference.why) == (None, NotEstimable("zero_variance"))
    else:
        assert difference.standard_error == pytest.approx(error, rel=1e-9)
        width = stats.norm.ppf(0.975) * error
        assert (difference.lower, difference.upper) == pytest.approx((p1 - p0 - width, p1 - p0 + width))
        assert difference.p_value == pytest.approx(2 * stats.norm.sf(abs(p1 - p0) / error))
    if p0 == 0 or p1 == 0:
        assert ratio == NotEstimable("no_reference_events" if p0 == 0 else "no_events")
    elif error:
        log_error = hypot(sqrt(v1) / p1, sqrt(v0) / p0)
        assert (ratio.estimate, ratio.standard_error) == pytest.approx((p1 / p0, log_error), rel=1e-9)
        assert ratio.upper == pytest.approx(exp(log(p1 / p0) + stats.norm.ppf(0.975) * log_error), rel=1e-9)


@given(EFFECTS)
def test_heterogeneity_is_the_weighted_sum_over_pairs(effects):
    """Σ wᵢ(dᵢ − d̄)² = Σ over pairs wᵢwⱼ(dᵢ − dⱼ)² / Σ w: no mean is needed."""
    weights = [error**-2 for _, error in effects]
    pairs = combinations(range(len(effects)), 2)
    expected = sum(weights[i] * weights[j] * (effects[i][0] - effects[j][0]) ** 2 for i, j in pairs) / sum(weights)
    found = heterogeneity_test(*zip(*effects, strict=True))
    assert found.statistic == pytest.approx(expected, rel=1e-7, abs=1e-9)
    assert found.p_value == pytest.approx(stats.chi2.sf(expected, len(effects) - 1), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    ("estimates", "errors", "reason"),
    [
        ([], [], "no_subjects"),
        ([1.0], [0.5], "one_group"),
        ([1.0, nan], [0.5, 0.5], "missing_values"),
        ([1.0, 2.0], [0.5, inf], "not_finite"),
        ([1.0, 2.0], [0.5, 0.0], "zero_variance"),
    ],
)
def test_effects_that_cannot_be_compared_are_named(estimates, errors, reason):
    assert heterogeneity_test(estimates, errors) == NotEstimable(reason)


@pytest.mark.parametrize("errors", [[0.5], [0.5, -0.5]])
def test_an_error_for_each_effect(errors):
    with pytest.raises(ValueError, match="one error, not negative, for each estimate"):
        heterogeneity_test([1.0, 2.0], errors)


@given(st.integers(1, 20), st.integers(1, 20), st.integers(1, 20), st.integers(1, 20))
def test_risks_standardised_over_nothing_are_the_two_proportions(a, b, c, d):
    """With no covariate the model has a risk for each arm, and the delta method gives Wald's error."""
    outcome, treated = [1] * a + [0] * b + [1] * c + [0] * d, [1] * (a + b) + [0] * (c + d)
    found = standardised_risks(outcome, treated, np.empty((a + b + c + d, 0)))
    p1, p0 = a / (a + b), c / (c + d)
    assert found.difference.estimate == pytest.approx(p1 - p0, abs=1e-9)
    wald = sqrt(p1 * (1 - p1) / (a + b) + p0 * (1 - p0) / (c + d))
    assert found.difference.standard_error == pytest.approx(wald, rel=1e-6)
