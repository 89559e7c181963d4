"""Regression, recurrent events and competing risks against slow versions of their definitions, full of ties."""

from dataclasses import dataclass
from itertools import pairwise
from math import lgamma, log

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import multivariate_normal
from statistics_oracles import maximised
from time_to_event_oracles import (
    counting_log_likelihood,
    exact_log_likelihood,
    gray_by_definition,
    incidence,
    information_by_hand,
    jackknife_variance,
    mean_function,
    score_by_row,
    weighted_scores,
)

from equipoise.statistics import (
    CountRegression,
    CoxFit,
    GrayTest,
    MaxCombo,
    NotEstimable,
    cox,
    cumulative_incidence,
    gray_test,
    kaplan_meier,
    logrank,
    max_combo,
    mean_cumulative_function,
    negative_binomial_regression,
    poisson_regression,
    prentice_williams_peterson,
    profile_interval,
    proportional_hazards_test,
    schoenfeld_residuals,
    two_arm_survival,
)
from equipoise.statistics.numerics.normal_orthants import probability_outside

SLOW = settings(deadline=None, max_examples=40)


@dataclass(frozen=True)
class Histories:
    """Intervals of up to eight patients, contiguous or with gaps, each ending with an event or not."""

    start: list[int]
    stop: list[int]
    event: list[int]
    subject: list[int]
    X: np.ndarray
    stratum: list[int]


@st.composite
def histories(draw: st.DrawFn) -> Histories:
    rows: list[tuple[int, int, int, int]] = []
    for subject in range(draw(st.integers(4, 8))):
        edges = sorted(draw(st.sets(st.integers(0, 9), min_size=2, max_size=5)))
        kept = draw(st.lists(st.booleans(), min_size=len(edges) - 1, max_size=len(edges) - 1))
        pairs = [pair for pair, keep in zip(pairwise(edges), kept, strict=True) if keep]
        rows += [(a, b, int(draw(st.booleans())), subject) for a, b in pairs or [(edges[0], edges[1])]]
    start, stop, event, subject = (list(column) for column in zip(*rows, strict=True))
    numbers = st.lists(st.integers(-2, 2), min_size=2 * len(rows), max_size=2 * len(rows))
    X = np.array(draw(numbers), dtype=float).reshape(-1, 2)
    return Histories(start, stop, event, subject, X, [one % 2 for one in subject])


@dataclass(frozen=True)
class Competing:
    time: list[int]
    cause: list[int]
    group: list[int]
    stratum: list[int]


@st.composite
def competing(draw: st.DrawFn, largest: int = 16) -> Competing:
    n = draw(st.integers(1, largest))

    def column(top: int) -> list[int]:
        return draw(st.lists(st.integers(0, top), min_size=n, max_size=n))

    return Competing([t + 1 for t in column(8)], column(2), column(2), column(1))


def settled(fit: CoxFit | NotEstimable) -> bool:
    """Coefficients that are nearly infinite are found by Newton's method but not by a search without derivatives."""
    return isinstance(fit, CoxFit) and bool(np.abs(fit.coefficients).max() < 4)


@given(histories(), st.booleans())
@SLOW
def test_the_exact_likelihood_is_a_sum_over_all_choices(one: Histories, stratified: bool) -> None:
    strata = one.stratum if stratified else [0] * len(one.stop)
    fit = cox(one.stop, one.event, one.X, start=one.start, ties="exact", strata=one.stratum if stratified else None)
    assume(settled(fit))
    data = (one.start, one.stop, one.event, one.X, strata)
    assert fit.log_likelihood_null == pytest.approx(exact_log_likelihood([0, 0], *data), rel=1e-9, abs=1e-10)
    beta, loglik = maximised(exact_log_likelihood, 2, *data)
    assert fit.log_likelihood == pytest.approx(loglik, rel=1e-9, abs=1e-8)
    np.testing.assert_allclose(fit.coefficients, beta, atol=2e-4)
    step = 1e-3 * np.eye(2)
    for a in range(2):
        corners = [exact_log_likelihood(fit.coefficients + sign * step[a], *data) for sign in (1, 0, -1)]
        curvature = -(corners[0] - 2 * corners[1] + corners[2]) / 1e-6
        assert np.linalg.inv(fit.covariance)[a, a] == pytest.approx(curvature, rel=2e-3, abs=2e-4)


@given(histories(), st.sampled_from(["efron", "breslow"]), st.booleans())
@SLOW
def test_intervals_enter_and_leave_the_risk_set(one: Histories, ties, stratified: bool) -> None:
    strata = one.stratum if stratified else [0] * len(one.stop)
    fit = cox(
        one.stop, one.event, one.X, start=one.start, ties=ties, strata=one.stratum if stratified else None,
        cluster=one.subject,
    )  # fmt: skip
    assume(settled(fit))
    data = (one.start, one.stop, one.event, one.X, strata, ties == "efron")
    beta, loglik = maximised(counting_log_likelihood, 2, *data)
    assert fit.log_likelihood_null == pytest.approx(counting_log_likelihood([0, 0], *data), rel=1e-9, abs=1e-10)
    assert fit.log_likelihood == pytest.approx(loglik, rel=1e-9, abs=1e-8)
    np.testing.assert_allclose(fit.coefficients, beta, atol=2e-4)
    model = np.linalg.inv(information_by_hand(fit.coefficients, *data, lambda t: 1.0))
    scores = score_by_row(fit.coefficients, *data)
    summed = np.array([scores[np.array(one.subject) == s].sum(axis=0) for s in set(one.subject)])
    np.testing.assert_allclose(fit.model_covariance, model, rtol=1e-6, atol=1e-10)
    np.testing.assert_allclose(fit.covariance, model @ summed.T @ summed @ model, rtol=1e-5, atol=1e-8)


@given(histories(), st.sampled_from(["efron", "breslow"]))
@SLOW
def test_proportional_hazards_are_tested_by_a_score(one: Histories, ties) -> None:
    fit = cox(one.stop, one.event, one.X, start=one.start, ties=ties, strata=one.stratum)
    assume(settled(fit))
    data = (one.start, one.stop, one.event, one.X, one.stratum, ties == "efron")
    centre = np.mean([t for t, e in zip(one.stop, one.event, strict=True) if e])
    moments = [
        information_by_hand(fit.coefficients, *data, lambda t, power=power: (t - centre) ** power)
        for power in (0, 1, 2)
    ]
    residuals = schoenfeld_residuals(fit)
    score = (residuals.times - centre) @ residuals.residuals
    found = proportional_hazards_test(fit, transform="identity")
    added = moments[2] - moments[1] @ np.linalg.solve(moments[0], moments[1])
    if isinstance(found, NotEstimable):
        assert np.linalg.eigvalsh(added)[0] == pytest.approx(0, abs=1e-6)
        return
    np.testing.assert_allclose(residuals.residuals.sum(axis=0), 0, atol=1e-6)
    expected = [*(score**2 / np.diag(added)), score @ np.linalg.solve(added, score)]
    np.testing.assert_allclose(
        [*(test.statistic for test in found.tests), found.overall.statistic], expected, rtol=1e-4, atol=1e-6
    )


@given(histories(), st.sampled_from(["efron", "breslow", "exact"]))
@SLOW
def test_at_its_limits_the_profile_has_fallen_by_half_a_chi_square(one: Histories, ties) -> None:
    fit = cox(one.stop, one.event, one.X, start=one.start, ties=ties)
    assume(settled(fit))
    found = profile_interval(fit, "x1")
    assume(not isinstance(found, NotEstimable) and max(np.abs(np.log([found.lower, found.upper]))) < 5)
    assert found.lower < found.estimate < found.upper
    data = (one.start, one.stop, one.event, one.X, [0] * len(one.stop))
    for limit in np.log([found.lower, found.upper]):

        def height(other, limit=limit):
            beta = [limit, other[0]]
            if ties == "exact":
                return exact_log_likelihood(beta, *data)
            return counting_log_likelihood(beta, *data, ties == "efron")

        _, best = maximised(height, 1)
        assert 2 * (fit.log_likelihood - best) == pytest.approx(3.841458820694124, rel=1e-5)


@given(histories(), st.booleans())
@SLOW
def test_the_mean_function_varies_as_its_derivatives_say(one: Histories, deadly: bool) -> None:
    """The last interval of every other patient ends in death; its event and the death may share a time."""
    last = [i + 1 == len(one.subject) or one.subject[i + 1] != s for i, s in enumerate(one.subject)]
    terminal = [int(deadly and end and s % 2) for end, s in zip(last, one.subject, strict=True)]
    found = mean_cumulative_function(one.start, one.stop, one.event, one.subject, terminal=terminal if deadly else None)
    for point in found.at(range(1, max(one.stop) + 1)):

        def estimate(weight, moment=point.time):
            return mean_function(one.start, one.stop, one.event, terminal, weight, moment)

        assert point.mean == pytest.approx(estimate(np.ones(len(one.stop))), rel=1e-12, abs=1e-14)
        variance = jackknife_variance(estimate, one.subject)
        assert point.standard_error == pytest.approx(np.sqrt(variance), rel=1e-5, abs=1e-7)
        if point.lower is not None:
            assert point.lower <= point.mean <= point.upper


@given(histories())
@SLOW
def test_the_order_of_an_event_is_counted_within_the_patient(one: Histories) -> None:
    order = [1 + sum(one.event[j] for j in range(i) if one.subject[j] == s) for i, s in enumerate(one.subject)]
    shuffled = np.random.default_rng(1).permutation(len(order))
    rows = [np.array(column)[shuffled] for column in (one.start, one.stop, one.event, one.X, one.subject)]
    found = prentice_williams_peterson(*rows)
    expected = cox(one.stop, one.event, one.X, start=one.start, strata=order, cluster=one.subject)
    assert isinstance(found, NotEstimable) == isinstance(expected, NotEstimable)
    assume(settled(expected))
    np.testing.assert_allclose(found.coefficients, expected.coefficients, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(found.covariance, expected.covariance, rtol=1e-7, atol=1e-9)


@given(competing(), st.sampled_from([1, 2]))
@SLOW
def test_cumulative_incidence_varies_as_its_derivatives_say(one: Competing, of: int) -> None:
    found = cumulative_incidence(one.time, one.cause, of=of)
    for point in found.at(sorted(set(one.time))):

        def estimate(weight, moment=point.time):
            return incidence(one.time, one.cause, of, weight, moment)

        assert point.incidence == pytest.approx(estimate(np.ones(len(one.time))), rel=1e-12, abs=1e-14)
        variance = jackknife_variance(estimate, range(len(one.time)))
        assert point.standard_error == pytest.approx(np.sqrt(variance), rel=1e-5, abs=1e-7)


@given(competing())
@SLOW
def test_incidences_and_survival_add_up_to_one(one: Competing) -> None:
    parts = [cumulative_incidence(one.time, one.cause, of=of).incidence for of in (1, 2)]
    free = kaplan_meier(one.time, np.array(one.cause) > 0).survival
    np.testing.assert_allclose(parts[0] + parts[1] + free, 1, rtol=1e-12)


@given(competing(), st.booleans())
@SLOW
def test_grays_test_is_the_papers_sums(one: Competing, stratified: bool) -> None:
    groups = sorted(set(one.group))
    found = gray_test(one.time, one.cause, one.group, one.stratum if stratified else None)
    if isinstance(found, NotEstimable):
        assert found.reason in {"one_group", "no_events", "never_compared", "pooled_incidence_is_one"}
        return
    score, variance = np.zeros(len(groups)), np.zeros((len(groups), len(groups)))
    for stratum in (0, 1) if stratified else (None,):
        rows = [i for i in range(len(one.time)) if stratum in (None, one.stratum[i])]
        columns = [[column[i] for i in rows] for column in (one.time, one.cause, one.group)]
        parts = gray_by_definition(*columns[:2], [groups.index(g) for g in columns[2]], len(groups))
        score, variance = score + parts[0], variance + parts[1]
    assert isinstance(found, GrayTest)
    np.testing.assert_allclose(found.observed - found.expected, score, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(found.variance, variance, rtol=1e-9, atol=1e-11)
    if found.degrees_of_freedom == len(groups) - 1:
        reduced = np.linalg.solve(variance[1:, 1:], score[1:])
        assert found.statistic == pytest.approx(score[1:] @ reduced, rel=1e-6, abs=1e-9)


@given(st.lists(st.integers(0, 1), min_size=6, max_size=30), st.data())
@SLOW
def test_without_censoring_competing_events_stay_at_risk_for_ever(group: list[int], data: st.DataObject) -> None:
    """Then the score is that of a log-rank test in which they are censored after everybody else.

    As long as every group has somebody left: each gets a last patient.
    """
    n = len(group)
    time = data.draw(st.lists(st.integers(1, 9), min_size=n, max_size=n))
    cause = data.draw(st.lists(st.integers(1, 2), min_size=n, max_size=n))
    time, cause, group = [*time, 12, 12], [*cause, 1, 1], [*group, 0, 1]
    kept = [t if c == 1 else 13 for t, c in zip(time, cause, strict=True)]
    ours, theirs = gray_test(time, cause, group), logrank(kept, [c == 1 for c in cause], group)
    assume(isinstance(ours, GrayTest) and not isinstance(theirs, NotEstimable))
    np.testing.assert_allclose(ours.expected, theirs.expected, rtol=1e-9)


@given(competing(largest=25), st.booleans())
@SLOW
def test_max_combo_takes_the_largest_of_its_parts(one: Competing, stratified: bool) -> None:
    event, arm = [c > 0 for c in one.cause], [g % 2 for g in one.group]
    pairs = ((0, 0), (0, 1), (1, 0), (0.5, 2))
    found = max_combo(one.time, event, arm, one.stratum if stratified else None, weights=pairs)
    strata = one.stratum if stratified else [0] * len(event)
    score, covariance = weighted_scores(one.time, event, arm, strata, pairs)
    if isinstance(found, NotEstimable):
        assert found.reason in {"one_group", "no_events", "never_compared", "zero_variance"}
        return
    assert isinstance(found, MaxCombo)
    np.testing.assert_allclose(found.z, score / np.sqrt(np.diag(covariance)), rtol=1e-7, atol=1e-9)
    spread = np.sqrt(np.diag(covariance))
    np.testing.assert_allclose(found.correlation, covariance / np.outer(spread, spread), rtol=1e-7, atol=1e-9)
    for z, (rho, gamma) in zip(found.z, pairs, strict=True):
        single = logrank(one.time, event, arm, one.stratum if stratified else None, rho=rho, gamma=gamma)
        assert single.z == pytest.approx(z, rel=1e-7, abs=1e-9)
    smallest = 2 * multivariate_normal.cdf(-found.statistic)
    assert smallest * (1 - 1e-3) <= found.p_value <= min(1, 4 * smallest) * (1 + 1e-3)
    assert min(found.p_less, found.p_greater) <= found.p_value * (1 + 1e-3)


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("variables", [2, 4])
@pytest.mark.parametrize("limit", [1.0, 2.2, 3.5])
def test_the_joint_normal_chance(correlation: float, variables: int, limit: float) -> None:
    """Against scipy's own integration, and against the product where nothing depends on anything."""
    matrix = np.full((variables, variables), correlation) + (1 - correlation) * np.eye(variables)
    found = probability_outside(matrix, -limit, limit)
    limits = np.full(variables, limit)
    inside = multivariate_normal.cdf(limits, cov=matrix, lower_limit=-limits, maxpts=400_000, abseps=1e-7, rng=1)
    assert found == pytest.approx(1 - inside, abs=1e-5)
    if correlation == 0:
        assert found == pytest.approx(1 - (1 - 2 * multivariate_normal.cdf(-limit)) ** variables, rel=1e-5)


def poisson_log_likelihood(beta, counts, X, years) -> float:
    rate = [np.dot([1, *x], beta) + log(t) for x, t in zip(X, years, strict=True)]
    return sum(y * r - np.exp(r) - lgamma(y + 1) for y, r in zip(counts, rate, strict=True))


def gamma_mixed_log_likelihood(parameters, counts, X, years) -> float:
    """Poisson counts whose rates are gamma distributed with mean one and variance α."""
    *beta, log_alpha = parameters
    theta, total = np.exp(-log_alpha), 0.0
    for y, x, t in zip(counts, X, years, strict=True):
        mean = t * np.exp(np.dot([1, *x], beta))
        total += lgamma(y + theta) - lgamma(theta) - lgamma(y + 1)
        total += theta * log(theta / (theta + mean)) + y * log(mean / (theta + mean))
    return total


@st.composite
def counted(draw: st.DrawFn) -> tuple[list[int], np.ndarray, list[float]]:
    n = draw(st.integers(6, 14))
    counts = draw(st.lists(st.integers(0, 12), min_size=n, max_size=n))
    years = draw(st.lists(st.sampled_from([0.25, 1.0, 2.0]), min_size=n, max_size=n))
    X = np.array(draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)), dtype=float).reshape(-1, 1)
    return counts, X, years


@given(counted())
@SLOW
def test_counts_have_the_largest_poisson_likelihood(data) -> None:
    counts, X, years = data
    fit = poisson_regression(counts, X, exposure=years)
    groups = [sum(c for c, x in zip(counts, X[:, 0], strict=True) if x == g) for g in (0, 1)]
    if isinstance(fit, NotEstimable):
        assert fit.reason == ("no_events" if not any(counts) else "collinear" if len(set(X[:, 0])) == 1 else fit.reason)
        assert 0 in groups
        return
    exposed = [sum(t for t, x in zip(years, X[:, 0], strict=True) if x == g) for g in (0, 1)]
    assert np.exp(fit.coefficients[0]) == pytest.approx(groups[0] / exposed[0], rel=1e-8)
    assert fit.rate_ratio().estimate == pytest.approx(groups[1] / exposed[1] / groups[0] * exposed[0], rel=1e-8)
    assert fit.standard_errors[1] == pytest.approx(np.sqrt(1 / groups[0] + 1 / groups[1]), rel=1e-7)
    assert fit.log_likelihood == pytest.approx(poisson_log_likelihood(fit.coefficients, counts, X, years), rel=1e-9)


@given(counted())
@SLOW
def test_over_dispersed_counts_have_the_largest_mixed_likelihood(data) -> None:
    counts, X, years = data
    fit = negative_binomial_regression(counts, X, exposure=years)
    assume(isinstance(fit, CountRegression))
    if fit.dispersion == 0:
        assert fit.why == NotEstimable("no_overdispersion")
        best = poisson_regression(counts, X, exposure=years).log_likelihood
        nearby = gamma_mixed_log_likelihood([*fit.coefficients, log(1e-4)], counts, X, years)
        assert nearby <= best + 1e-7
        return
    assume(fit.dispersion > 1e-3)
    parameters = np.array([*fit.coefficients, log(fit.dispersion)])
    args = (counts, X, years)
    assert fit.log_likelihood == pytest.approx(gamma_mixed_log_likelihood(parameters, *args), rel=1e-8)
    search = minimize(
        lambda p: -gamma_mixed_log_likelihood(p, *args), parameters + 0.1, method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-11, "maxiter": 4000, "maxfev": 4000},
    )  # fmt: skip
    assert fit.log_likelihood >= -search.fun - 1e-7
    np.testing.assert_allclose(parameters, search.x, atol=2e-3)
    step = 1e-3 * np.eye(3)
    signs = [(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)]
    hessian = np.array([
        [sum(s * gamma_mixed_log_likelihood(parameters + i * step[a] + j * step[b], *args) for i, j, s in signs)
         for a in range(3)] for b in range(3)
    ]) / 4e-6  # fmt: skip
    covariance = np.linalg.inv(-hessian)
    np.testing.assert_allclose(fit.covariance, covariance[:2, :2], rtol=1e-2, atol=1e-5)
    assert fit.dispersion_error / fit.dispersion == pytest.approx(np.sqrt(covariance[2, 2]), rel=1e-2)


@given(competing(largest=20), st.booleans())
@SLOW
def test_two_arms_at_once_give_what_each_method_gives_alone(one: Competing, stratified: bool) -> None:
    event, arm = [c > 0 for c in one.cause], [g % 2 for g in one.group]
    assume(len(set(arm)) == 2)
    strata = one.stratum if stratified else None
    found = two_arm_survival(one.time, event, arm, reference=1, strata=strata)
    test, fit = logrank(one.time, event, arm, strata), cox(one.time, event, 1 - np.array(arm), strata=strata)
    for curve, code in ((found.treatment, 0), (found.reference, 1)):
        rows = [i for i, a in enumerate(arm) if a == code]
        alone = kaplan_meier([one.time[i] for i in rows], [event[i] for i in rows])
        np.testing.assert_array_equal(curve.survival, alone.survival)
    if isinstance(test, NotEstimable):
        assert found.logrank == test
    else:
        assert found.logrank.z == pytest.approx(-test.z, rel=1e-9, abs=1e-12)
    if isinstance(fit, NotEstimable):
        assert found.cox.reason == fit.reason
    else:
        np.testing.assert_allclose(found.cox.coefficients, fit.coefficients, rtol=1e-9, atol=1e-12)
