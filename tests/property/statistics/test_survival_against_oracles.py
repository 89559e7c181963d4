"""The survival methods against slow versions of their definitions, on small trials full of ties."""

from dataclasses import dataclass
from fractions import Fraction
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statistics_oracles import (
    area_by_hand,
    breslow_log_likelihood,
    efron_log_likelihood,
    greenwood_by_hand,
    logrank_by_tables,
    maximised,
    runs_away,
    survival_by_hand,
)

from equipoise.statistics import CoxFit, LogRank, NotEstimable, cox, kaplan_meier, logrank, restricted_mean


@dataclass(frozen=True)
class Trial:
    time: list[int]
    event: list[bool]
    arm: list[int]
    stratum: list[int]
    age: list[int]


@st.composite
def trials(draw: st.DrawFn, smallest: int = 1, largest: int = 25) -> Trial:
    n = draw(st.integers(smallest, largest))

    def column(values: st.SearchStrategy) -> list:
        return draw(st.lists(values, min_size=n, max_size=n))

    return Trial(
        time=column(st.integers(0, 9)),
        event=column(st.booleans()),
        arm=column(st.integers(0, 1)),
        stratum=column(st.integers(0, 2)),
        age=column(st.integers(-3, 3)),
    )


@given(trials(), st.sampled_from(["log-log", "log", "plain"]))
@settings(deadline=None)
def test_the_curve_is_the_product_limit(trial: Trial, conf_type) -> None:
    curve = kaplan_meier(trial.time, trial.event, conf_type=conf_type)
    by_hand = survival_by_hand(trial.time, trial.event)
    assert list(curve.times) == sorted(by_hand)
    np.testing.assert_allclose(curve.survival, [float(s) for s in by_hand.values()], rtol=1e-12, atol=1e-15)
    assert list(curve.at_risk) == [sum(t >= moment for t in trial.time) for moment in sorted(by_hand)]
    assert curve.events.sum() + curve.censored.sum() == curve.subjects


@given(trials(), st.sampled_from(["log-log", "log", "plain"]))
@settings(deadline=None)
def test_the_limits_are_greenwoods_on_their_scale(trial: Trial, conf_type) -> None:
    curve = kaplan_meier(trial.time, trial.event, conf_type=conf_type)
    for point in curve.at(sorted(set(trial.time))):
        assert point.survival is not None
        if point.survival == 0:
            assert point.lower is point.upper is point.standard_error is None
            continue
        variance = float(greenwood_by_hand(trial.time, trial.event, point.time))
        assert point.standard_error == pytest.approx(point.survival * sqrt(variance), rel=1e-9, abs=1e-15)
        if point.lower is None or point.upper is None:
            assert conf_type == "log-log"
            assert point.survival == 1
            continue
        assert 0 <= point.lower <= point.survival * (1 + 1e-12)
        assert point.survival <= point.upper * (1 + 1e-12) <= 1 + 2e-12
        if conf_type == "log-log" and 1e-12 < point.lower < 1:
            scale = sqrt(variance) / abs(log(point.survival))
            assert log(-log(point.lower)) - log(-log(point.survival)) == pytest.approx(1.959963985 * scale, rel=1e-6)


@given(trials(), st.sampled_from([0.1, 0.25, 0.5, 0.9]))
@settings(deadline=None)
def test_a_quantile_is_where_the_curve_crosses(trial: Trial, probability: float) -> None:
    by_hand = survival_by_hand(trial.time, trial.event)
    level = 1 - Fraction(str(probability))
    reached = [t for t, s in by_hand.items() if s <= level]
    below = [t for t, s in by_hand.items() if s < level]
    found = kaplan_meier(trial.time, trial.event).quantile(probability)
    if not reached:
        assert found.estimate is None
        assert found.why == NotEstimable("beyond_follow_up")
    elif by_hand[reached[0]] == level:
        assert found.estimate == (reached[0] + (below[0] if below else max(trial.time))) / 2
    else:
        assert found.estimate == reached[0]
    if found.estimate is not None and found.lower is not None:
        assert found.lower <= found.estimate


@given(trials(smallest=2), st.integers(1, 12))
@settings(deadline=None)
def test_the_restricted_mean_is_the_area(trial: Trial, horizon: int) -> None:
    curve = survival_by_hand(trial.time, trial.event)
    found = restricted_mean(trial.time, trial.event, horizon=horizon)
    if horizon > max(trial.time) and min(curve.values()) > 0:
        assert found == NotEstimable("beyond_follow_up")
        return
    assert found.estimate == pytest.approx(float(area_by_hand(trial.time, trial.event, 0, horizon)), rel=1e-12)
    variance = Fraction(0)
    for moment in {t for t, e in zip(trial.time, trial.event, strict=True) if e and t < horizon}:
        n = sum(t >= moment for t in trial.time)
        d = sum(t == moment and e for t, e in zip(trial.time, trial.event, strict=True))
        if n > d:
            variance += area_by_hand(trial.time, trial.event, moment, horizon) ** 2 * Fraction(d, n * (n - d))
    assert found.standard_error == pytest.approx(sqrt(variance), rel=1e-9, abs=1e-12)


@given(trials(smallest=2), st.booleans(), st.sampled_from([0.0, 1.0, 0.5]))
@settings(deadline=None)
def test_the_log_rank_test_is_a_table_at_every_event(trial: Trial, stratified: bool, rho: float) -> None:
    strata = trial.stratum if stratified else [0] * len(trial.time)
    found = logrank(trial.time, trial.event, trial.arm, trial.stratum if stratified else None, rho=rho)
    observed, expected, variance = logrank_by_tables(trial.time, trial.event, trial.arm, strata, rho)
    if isinstance(found, NotEstimable):
        assert found.reason in {"one_group", "no_events", "never_compared"}
        assert variance == pytest.approx(0, abs=1e-9) or len(set(trial.arm)) == 1
        return
    assert (found.observed[1], found.expected[1]) == pytest.approx((observed, expected), rel=1e-9, abs=1e-12)
    assert found.variance[1, 1] == pytest.approx(variance, rel=1e-9)
    assert found.statistic == pytest.approx((observed - expected) ** 2 / variance, rel=1e-7, abs=1e-12)
    assert found.z == pytest.approx((observed - expected) / sqrt(variance), rel=1e-7, abs=1e-9)


@given(trials(smallest=4), st.permutations(range(3)))
@settings(deadline=None)
def test_three_groups_may_carry_any_names(trial: Trial, names: list[int]) -> None:
    first = logrank(trial.time, trial.event, trial.stratum)
    renamed = logrank(trial.time, trial.event, [names[group] for group in trial.stratum])
    if isinstance(first, NotEstimable):
        assert renamed == first
        return
    assert isinstance(renamed, LogRank)
    assert renamed.statistic == pytest.approx(first.statistic, rel=1e-8, abs=1e-10)
    assert renamed.degrees_of_freedom == first.degrees_of_freedom
    assert sum(first.observed) == pytest.approx(sum(first.expected))


@given(trials(smallest=8, largest=16), st.sampled_from(["efron", "breslow"]), st.booleans())
@settings(deadline=None, max_examples=25)
def test_cox_maximises_the_partial_likelihood(trial: Trial, ties, stratified: bool) -> None:
    X = np.column_stack([trial.arm, trial.age]).astype(float)
    fit = cox(trial.time, trial.event, X, ties=ties, strata=trial.stratum if stratified else None)
    # Coefficients that are nearly infinite are found by Newton's method but not by a search without derivatives.
    assume(isinstance(fit, CoxFit) and np.abs(fit.coefficients).max() < 4)
    likelihood = efron_log_likelihood if ties == "efron" else breslow_log_likelihood
    data = (trial.time, trial.event, X, trial.stratum if stratified else [0] * len(trial.time))
    beta, loglik = maximised(likelihood, 2, *data)
    assert fit.log_likelihood_null == pytest.approx(likelihood([0, 0], *data), rel=1e-9, abs=1e-10)
    assert fit.log_likelihood == pytest.approx(loglik, rel=1e-9, abs=1e-8)
    np.testing.assert_allclose(fit.coefficients, beta, rtol=1e-4, atol=1e-4)
    hessian = [[second_difference(likelihood, fit.coefficients, a, b, data) for a in range(2)] for b in range(2)]
    np.testing.assert_allclose(np.linalg.inv(fit.covariance), -np.array(hessian), rtol=2e-3, atol=2e-4)


def second_difference(function, beta, a: int, b: int, data, step: float = 1e-3) -> float:
    first, second = np.eye(2)[a] * step, np.eye(2)[b] * step
    corners = [(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)]
    total = sum(sign * function(beta + i * first + j * second, *data) for i, j, sign in corners)
    return total / (4 * step * step)


@given(trials(smallest=3, largest=12))
@settings(deadline=None)
def test_a_likelihood_without_a_maximum_is_named(trial: Trial) -> None:
    """And only such a one: the events are the extremes of all their risk sets."""
    for x in (trial.arm, trial.age):
        fit = cox(trial.time, trial.event, x)
        expected = runs_away(trial.time, trial.event, x) if any(trial.event) else None
        if expected is None:
            assert isinstance(fit, NotEstimable)
            assert fit.reason in {"no_events", "no_information"}
        elif expected:
            assert fit == NotEstimable("monotone_likelihood", ("x1",))
        else:
            assert isinstance(fit, CoxFit)


@given(trials(smallest=8), st.floats(-1e6, 1e6), st.sampled_from([1e-6, 0.1, 3.0, 1e6]))
@settings(deadline=None)
def test_cox_does_not_mind_the_unit_of_a_covariate(trial: Trial, origin: float, unit: float) -> None:
    first = cox(trial.time, trial.event, trial.age)
    second = cox(trial.time, trial.event, np.round(origin) * unit + np.array(trial.age) * unit)
    if isinstance(first, NotEstimable):
        assert second == first
        return
    assert isinstance(second, CoxFit)
    assert second.coefficients[0] * unit == pytest.approx(first.coefficients[0], rel=1e-6, abs=1e-7)
    assert second.log_likelihood == pytest.approx(first.log_likelihood, rel=1e-9)


@given(st.permutations(range(12)), st.lists(st.booleans(), min_size=12, max_size=12), st.integers(1, 2**12 - 2))
@settings(deadline=None)
def test_without_ties_the_score_test_is_the_log_rank_test(time: list[int], event: list[bool], arms: int) -> None:
    arm = [arms >> place & 1 for place in range(12)]
    fit, test = cox(time, event, arm), logrank(time, event, arm)
    assume(isinstance(fit, CoxFit) and isinstance(test, LogRank))
    assert fit.score.statistic == pytest.approx(test.statistic, rel=1e-9, abs=1e-12)
