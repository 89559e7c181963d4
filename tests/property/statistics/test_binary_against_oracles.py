"""Exact tests, odds ratios, models of risks, multiple tests and blinding indices against their definitions."""

from fractions import Fraction
from itertools import permutations
from math import inf, log, sqrt

import numpy as np
import pytest
from designs_oracles import (
    chance_of,
    closed_test,
    conditional_tail,
    graph_weights,
    separated,
    slopes,
    squared_z,
    unconditional_by_enumeration,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import optimize, special, stats

from equipoise.statistics import (
    Guesses,
    NotEstimable,
    TwoByTwo,
    blinding_index_bang,
    blinding_index_james,
    fisher_exact,
    generalised_mantel_haenszel,
    graphical_tests,
    logistic,
    mantel_haenszel_test,
    multiple_tests,
    odds_ratio_profile,
    odds_ratio_score,
    odds_ratio_score_stratified,
    rubin_pool,
    standardised_risks,
    tipping_point_binary,
    two_proportions_power,
    unconditional_exact,
)
from equipoise.statistics.proportions.exact_kernels import ceiling, chance

Z = 1.959963984540054
quick = settings(deadline=None, max_examples=25)


def table(x1: int, n1: int, x0: int, n0: int) -> TwoByTwo:
    return TwoByTwo(treatment_events=x1, treatment_total=n1, reference_events=x0, reference_total=n0)


@st.composite
def counts(draw: st.DrawFn, largest: int = 25, smallest: int = 1) -> tuple[int, int, int, int]:
    n1, n0 = draw(st.integers(smallest, largest)), draw(st.integers(smallest, largest))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n0)), n0


@given(counts(largest=7), st.sampled_from(["boschloo", "z_pooled", "z_unpooled"]))
@quick
def test_the_unconditional_p_is_the_worst_over_all_risks(cells, ordering) -> None:
    """No risk on a grid gives more, and the grid comes as near as its own spacing allows."""
    found = unconditional_exact(table(*cells), ordering=ordering)
    if isinstance(found, NotEstimable):
        assert cells[0] + cells[2] in {0, cells[1] + cells[3]}
        return
    for side, p in ((0, found.p_value), (-1, found.p_less), (1, found.p_greater)):
        on_grid = unconditional_by_enumeration(cells, ordering, side, 301)
        assert on_grid <= p + found.error + 1e-12
        assert p <= on_grid + 1e-3
    assert found.error <= 1e-9
    assert found.p_doubled == min(1.0, 2 * min(found.p_less, found.p_greater))
    if ordering == "boschloo":
        assert found.p_value <= fisher_exact(table(*cells)).p_value + 1e-9


@given(st.lists(st.floats(0, 1), min_size=2, max_size=60), st.floats(0, 1.57), st.floats(1e-4, 0.3), st.floats(0, 1))
@settings(deadline=None, max_examples=300)
def test_no_chance_rises_above_its_ceiling(conditional, low, width, inside) -> None:
    """The inequality on which the branch and bound rests, for any function it can meet."""
    region, high = np.array(conditional), min(low + width, np.pi / 2)
    n = len(conditional) - 1
    top = ceiling(n, low, high, chance(region, low), chance(region, high))
    assert chance(region, low + inside * (high - low)) <= top + 1e-12


@given(counts(largest=7), st.floats(0.02, 0.98), st.floats(0.02, 0.98), st.sampled_from([0.05, 0.1]))
@quick
def test_exact_power_adds_up_the_tables_that_reject(cells, p1, p0, alpha) -> None:
    n1, n0 = cells[1], cells[3]
    critical = Fraction(stats.norm.isf(alpha / 2) ** 2)
    tables = [(x, y) for x in range(n1 + 1) for y in range(n0 + 1)]
    fisher = [(x, y) for x, y in tables if conditional_tail(n1, n0, x + y, x, 0) <= Fraction(alpha)]
    pooled = [(x, y) for x, y in tables if abs(squared_z(x, n1, y, n0, True)) > critical]
    for test, region in (("fisher", fisher), ("z_pooled", pooled)):
        found = two_proportions_power(p1, n1, p0, n0, test=test, alpha=alpha)
        assert found == pytest.approx(chance_of(region, n1, n0, p1, p0), abs=1e-10)


def profiled(cells: tuple[int, int, int, int], log_odds: float) -> float:
    """The largest log-likelihood of a table when the log odds ratio is given, by a search over the other risk."""
    x1, n1, x0, n0 = cells

    def loss(logit: float) -> float:
        return sum(
            x * np.logaddexp(0, -eta) + (n - x) * np.logaddexp(0, eta)
            for x, n, eta in ((x1, n1, logit + log_odds), (x0, n0, logit))
        )

    return -float(optimize.minimize_scalar(loss, bounds=(-40, 40), method="bounded", options={"xatol": 1e-10}).fun)


@given(counts(smallest=2))
@quick
def test_the_profile_interval_ends_where_the_deviance_is_z_squared(cells) -> None:
    found = odds_ratio_profile(table(*cells))
    if isinstance(found, NotEstimable):
        assert found.reason in {"no_events", "only_events"}
        return
    x1, n1, x0, n0 = cells
    best = -sum(n * float(special.entr(x / n) + special.entr(1 - x / n)) for x, n in ((x1, n1), (x0, n0)))
    assert found.statistic**2 == pytest.approx(2 * (best - profiled(cells, 0.0)), abs=1e-6)
    for limit in (found.lower, found.upper):
        if 0 < limit < inf:
            assert 2 * (best - profiled(cells, log(limit))) == pytest.approx(Z**2, abs=1e-5)
    assert (found.lower == 0) == (x1 * (n0 - x0) == 0)
    assert (found.upper == inf) == (x0 * (n1 - x1) == 0)


STRATA = st.lists(counts(smallest=2), min_size=1, max_size=4)


@given(STRATA)
@quick
def test_the_stratified_score_test_of_one_is_the_mantel_haenszel_test(strata) -> None:
    tables = [table(*cells) for cells in strata]
    found, tested = odds_ratio_score_stratified(tables), mantel_haenszel_test(tables)
    if isinstance(found, NotEstimable):
        assert isinstance(tested, NotEstimable)
        return
    assert found.statistic**2 == pytest.approx(tested.statistic, abs=1e-9)
    assert found.p_value == pytest.approx(tested.p_value, abs=1e-9)


@given(STRATA, st.sampled_from(["score", "mantel_haenszel"]), st.booleans())
@quick
def test_the_limits_of_a_common_odds_ratio_are_where_its_score_is_z(strata, weights, corrected) -> None:
    options = {"weights": weights, "bias_correction": corrected}
    tables = [table(*cells) for cells in strata]
    found = odds_ratio_score_stratified(tables, **options)
    if isinstance(found, NotEstimable):
        return
    assert found.lower <= (inf if found.estimate is None else found.estimate) <= found.upper
    for null, z in ((found.lower, Z), (found.estimate, 0.0), (found.upper, -Z)):
        if null is not None and 1e-8 < null < 1e8:
            again = odds_ratio_score_stratified(tables, **options, null=null)
            assert again.statistic == pytest.approx(z, abs=1e-6)


@given(counts(smallest=2), st.booleans())
@quick
def test_one_stratum_is_a_table(cells, corrected) -> None:
    one = odds_ratio_score(table(*cells), bias_correction=corrected)
    for weights in ("score", "mantel_haenszel"):
        found = odds_ratio_score_stratified([table(*cells)], weights=weights, bias_correction=corrected)
        if isinstance(one, NotEstimable):
            assert found.reason == one.reason
        else:
            for name in ("lower", "upper", "statistic"):
                assert getattr(found, name) == pytest.approx(getattr(one, name), rel=1e-6, abs=1e-7), name


@given(STRATA)
@quick
def test_on_fourfold_tables_all_three_tests_are_one(strata) -> None:
    tables = [[[x1, n1 - x1], [x0, n0 - x0]] for x1, n1, x0, n0 in strata]
    found, plain = generalised_mantel_haenszel(tables), mantel_haenszel_test([table(*cells) for cells in strata])
    if isinstance(found, NotEstimable):
        assert isinstance(plain, NotEstimable)
        return
    for test in (found.correlation, found.row_means, found.general):
        assert test.statistic == pytest.approx(plain.statistic, abs=1e-9)
        assert test.degrees_of_freedom == 1


@given(st.lists(st.integers(0, 2), min_size=4, max_size=6), st.lists(st.integers(0, 2), min_size=6, max_size=6))
@settings(deadline=None, max_examples=15)
def test_the_covariance_is_that_of_all_ways_to_deal_out_the_responses(groups, responses) -> None:
    """One stratum: the departures' covariance over every permutation of the patients' responses."""
    responses = responses[: len(groups)]
    dealt = np.zeros((0, 4))
    for order in set(permutations(responses)):
        counted = np.zeros((3, 3))
        np.add.at(counted, (groups, list(order)), 1)
        dealt = np.vstack([dealt, counted[:2, :2].ravel()])
    counted = np.zeros((3, 3))
    np.add.at(counted, (groups, responses), 1)
    away = counted[:2, :2].ravel() - dealt.mean(axis=0)
    covariance = np.cov(dealt.T, bias=True) if len(dealt) > 1 else np.zeros((4, 4))
    found = generalised_mantel_haenszel(counted)
    if isinstance(found, NotEstimable):
        assert np.abs(covariance).max() < 1e-12
        return
    assert found.general.statistic == pytest.approx(float(away @ np.linalg.pinv(covariance) @ away), abs=1e-6)


def simulated(seed: int, patients: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    X = np.column_stack(
        [random.integers(0, 2, patients), *(random.normal(40, 12, patients) for _ in range(columns - 1))]
    )
    return (random.random(patients) < special.expit(X @ np.r_[1.0, np.full(columns - 1, 0.02)] - 1)).astype(float), X


@given(st.integers(0, 10**6), st.integers(4, 25), st.integers(1, 3))
@settings(deadline=None, max_examples=60)
def test_separation_is_found_exactly_where_a_linear_programme_finds_it(seed, patients, columns) -> None:
    y, X = simulated(seed, patients, columns)
    found = logistic(y, X)
    if isinstance(found, NotEstimable) and found.reason != "separation":
        assert found.reason in {"no_events", "only_events", "collinear", "no_residual_freedom"}
        return
    scaled = (X - X.mean(axis=0)) / np.where(X.std(axis=0) > 0, X.std(axis=0), 1)
    assert isinstance(found, NotEstimable) == separated(y, scaled)
    if isinstance(found, NotEstimable):
        assert found.about
        return
    design = np.column_stack([np.ones(patients), X])
    np.testing.assert_allclose(design.T @ (y - special.expit(design @ found.coefficients)), 0, atol=1e-6)


@given(st.integers(0, 10**6), st.integers(40, 120), st.integers(2, 3))
@quick
def test_standardised_risks_average_predictions_and_their_errors_are_the_delta_methods(seed, patients, columns) -> None:
    y, X = simulated(seed, patients, columns)
    fit, found = logistic(y, X), standardised_risks(y, X[:, 0], X[:, 1:])
    assume(not isinstance(found, NotEstimable))

    def risk(beta: np.ndarray, arm: int) -> float:
        return special.expit(beta[0] + beta[1] * arm + X[:, 1:] @ beta[2:]).mean()

    beta = np.array(fit.coefficients)
    contrasts = {
        "treatment": lambda b: risk(b, 1),
        "reference": lambda b: risk(b, 0),
        "difference": lambda b: risk(b, 1) - risk(b, 0),
        "ratio": lambda b: log(risk(b, 1) / risk(b, 0)),
    }
    for name, contrast in contrasts.items():
        one = getattr(found, name)
        gradient = slopes(contrast, beta, 1e-6)
        assert (log(one.estimate) if name == "ratio" else one.estimate) == pytest.approx(contrast(beta), abs=1e-9)
        assert one.standard_error == pytest.approx(sqrt(gradient @ fit.covariance @ gradient), rel=1e-4)


P_VALUES = st.lists(st.floats(1e-6, 1), min_size=1, max_size=5)


@given(P_VALUES)
@quick
def test_holm_is_the_closed_bonferroni_test_and_hochberg_never_less_powerful(p) -> None:
    named = {f"H{i}": value for i, value in enumerate(p)}
    holm, hochberg = multiple_tests(named).adjusted, multiple_tests(named, method="hochberg").adjusted
    assert holm == pytest.approx(closed_test(p, lambda together: [1 / len(together)] * len(together)))
    assert all(one <= other + 1e-15 for one, other in zip(hochberg, holm, strict=True))
    sequence = multiple_tests(named, method="fixed_sequence").adjusted
    assert sequence == pytest.approx(closed_test(p, lambda together: [float(i == min(together)) for i in together]))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[float], list[Fraction], list[list[Fraction]]]:
    p = draw(st.lists(st.floats(1e-5, 1), min_size=2, max_size=4))
    size = len(p)
    parts = [draw(st.lists(st.integers(0, 4), min_size=size, max_size=size)) for _ in range(size + 1)]
    passes = [[0 if i == j else parts[i][j] for j in range(size)] for i in range(size)]
    shares = [Fraction(part, max(1, sum(parts[-1]))) for part in parts[-1]]
    return p, shares, [[Fraction(part, max(1, sum(row))) for part in row] for row in passes]


@given(graphs())
@quick
def test_a_graph_is_its_closed_test(graph) -> None:
    p, shares, passes = graph
    found = graphical_tests(
        {f"H{i}": value for i, value in enumerate(p)},
        weights=[float(share) for share in shares],
        transitions=[[float(part) for part in row] for row in passes],
    )
    expected = closed_test(p, lambda together: [float(w) for w in graph_weights(shares, passes, together)])
    assert found.adjusted == pytest.approx(expected, rel=1e-9)


GUESSES = st.builds(Guesses, treatment=st.integers(0, 90), reference=st.integers(0, 90), unknown=st.integers(0, 90))


@given(GUESSES, GUESSES)
@quick
def test_blinding_indices_are_their_definitions_with_multinomial_errors(one, other) -> None:
    assume(one.total and other.total)
    bang = blinding_index_bang(one, arm="treatment")
    scores = [1] * one.treatment + [-1] * one.reference + [0] * one.unknown
    assert bang.estimate == pytest.approx(np.mean(scores))
    assert (bang.standard_error or 0) == pytest.approx(np.std(scores) / sqrt(one.total), abs=1e-9)
    shares = np.array([one.treatment, one.reference, one.unknown, other.treatment, other.reference, other.unknown])
    total = shares.sum()

    def index(cells: np.ndarray) -> float:
        t, r, u, t0, r0, u0 = cells
        named = t + r + t0 + r0
        observed = (r + t0) / named
        expected = ((t + r) * (r + r0) + (t0 + r0) * (t + t0)) / named**2
        return (1 + u + u0 + named * (observed - expected) / expected) / 2

    james = blinding_index_james(one, other)
    named = one.treatment + one.reference, other.treatment + other.reference
    if isinstance(james, NotEstimable) or james.standard_error is None:
        assert (
            0 in named
            or 0 in (one.treatment + other.treatment, one.reference + other.reference)
            or ((one.reference, other.treatment) == (0, 0) or james.estimate in (0.0, 1.0))
        )
        return
    p = shares / total
    gradient = slopes(index, p, 1e-6)
    variance = (gradient**2 @ p - (gradient @ p) ** 2) / total
    assert james.estimate == pytest.approx(index(p), abs=1e-9)
    assert james.standard_error == pytest.approx(sqrt(max(variance, 0)), rel=1e-4, abs=1e-6)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.1, 4)), min_size=2, max_size=30), st.floats(2, 500))
@quick
def test_pooling_adds_what_lies_between_the_imputations(imputed, complete) -> None:
    estimates, variances = zip(*imputed, strict=True)
    found = rubin_pool(estimates, variances, complete_degrees_of_freedom=complete)
    m, between = len(imputed), np.var(estimates, ddof=1)
    total = np.mean(variances) + (1 + 1 / m) * between
    assert found.estimate.estimate == pytest.approx(np.mean(estimates), abs=1e-12)
    assert found.estimate.standard_error == pytest.approx(sqrt(total))
    assert found.estimate.degrees_of_freedom <= min(complete, found.degrees_of_freedom_large) + 1e-9
    half = stats.t.isf(0.025, found.estimate.degrees_of_freedom) * sqrt(total)
    assert found.estimate.upper - found.estimate.lower == pytest.approx(2 * half)


@given(counts(largest=12), st.integers(0, 3), st.integers(0, 3))
@quick
def test_every_completion_of_the_missing_outcomes_is_tested(cells, missing1, missing0) -> None:
    """Pearson's chi-square without correction, times (N − 1)/N."""
    x1, n1, x0, n0 = cells
    found = tipping_point_binary(table(*cells), treatment_missing=missing1, reference_missing=missing0)
    for i in range(missing1 + 1):
        for j in range(missing0 + 1):
            a, n, c, m = x1 + i, n1 + missing1, x0 + j, n0 + missing0
            if a + c in (0, n + m):
                assert found.p_values[i][j] is None
                continue
            chi = float(squared_z(a, n, c, m, True)) * (n + m - 1) / (n + m)
            assert found.p_values[i][j] == pytest.approx(stats.chi2.sf(abs(chi), 1), abs=1e-9)
            assert ((i, j) in found.tipping) == (found.p_values[i][j] > 0.05)
