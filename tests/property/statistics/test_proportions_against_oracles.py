"""The methods for proportions against searches and enumerations written from their definitions."""

from dataclasses import fields, is_dataclass
from fractions import Fraction
from itertools import product
from math import comb, isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statistics_oracles import fisher_by_enumeration, score_by_search

from equipoise.statistics import (
    Estimate,
    NotEstimable,
    TwoByTwo,
    chi_square,
    fisher_exact,
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_difference,
    mantel_haenszel_risk_ratio,
    mantel_haenszel_test,
    odds_ratio_score,
    odds_ratio_woolf,
    proportion,
    risk_difference_newcombe,
    risk_difference_score,
    risk_difference_wald,
    risk_ratio_katz,
    risk_ratio_score,
)

Z = 1.959963984540054


def table(x1: int, n1: int, x0: int, n0: int) -> TwoByTwo:
    return TwoByTwo(treatment_events=x1, treatment_total=n1, reference_events=x0, reference_total=n0)


@st.composite
def counts(draw: st.DrawFn, largest: int = 60) -> tuple[int, int, int, int]:
    n1, n0 = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n0)), n0


DIFFERENCES = (-0.95, -0.6, -0.3, -0.15, -0.05, 0.0, 0.02, 0.1, 0.25, 0.4, 0.8, 0.99)
RATIOS = (0.02, 0.1, 0.4, 0.7, 0.9, 1.0, 1.2, 1.6, 2.5, 6.0, 40.0)


@pytest.mark.parametrize(
    ("scale", "interval", "grid"),
    [
        ("difference", risk_difference_score, DIFFERENCES),
        ("ratio", risk_ratio_score, RATIOS),
        ("odds ratio", odds_ratio_score, RATIOS),
    ],
    ids=["difference", "ratio", "odds ratio"],
)
@given(cells=counts(), corrected=st.booleans())
@settings(deadline=None, max_examples=60)
def test_a_score_interval_holds_what_the_score_test_accepts(scale, interval, grid, cells, corrected) -> None:
    found = interval(table(*cells), bias_correction=corrected)
    if isinstance(found, NotEstimable):
        assert found.reason in {"no_events", "only_events"}
        return
    for theta in grid:
        z = score_by_search(cells, theta, scale, corrected)
        statistic = interval(table(*cells), bias_correction=corrected, null=theta).statistic
        assert statistic is None or abs(statistic) == pytest.approx(z, rel=1e-3, abs=1e-4), theta
        if abs(z - Z) > 1e-3:  # nearer the edge the search for the nuisance parameter cannot tell
            assert (found.lower <= theta <= found.upper) == (z < Z), theta


@given(counts(largest=6))
@settings(deadline=None)
def test_fishers_p_counts_the_ways(cells: tuple[int, int, int, int]) -> None:
    found = fisher_exact(table(*cells))
    if isinstance(found, NotEstimable):
        assert cells[0] + cells[2] in {0, cells[1] + cells[3]}
        return
    assert found.p_value == pytest.approx(float(fisher_by_enumeration(*cells)), rel=1e-10)


def conditional(cells: tuple[int, int, int, int], odds: float) -> dict[int, float]:
    x1, n1, x0, n0 = cells
    events = x1 + x0
    support = range(max(0, events - n0), min(n1, events) + 1)
    weights = {k: comb(n1, k) * comb(n0, events - k) * odds**k for k in support}
    total = sum(weights.values())
    return {k: weight / total for k, weight in weights.items()}


@given(counts(largest=20))
@settings(deadline=None)
def test_the_exact_odds_ratio_and_its_limits_solve_their_equations(cells: tuple[int, int, int, int]) -> None:
    found = fisher_exact(table(*cells))
    if isinstance(found, NotEstimable):
        return
    if 0 < found.odds_ratio < np.inf:
        assert sum(k * p for k, p in conditional(cells, found.odds_ratio).items()) == pytest.approx(cells[0], rel=1e-9)
    if found.lower > 0:
        assert sum(p for k, p in conditional(cells, found.lower).items() if k >= cells[0]) == pytest.approx(0.025)
    if found.upper < np.inf:
        assert sum(p for k, p in conditional(cells, found.upper).items() if k <= cells[0]) == pytest.approx(0.025)
    assert found.lower <= found.odds_ratio <= found.upper


def binomial_tail(n: int, p: float, at_least: int) -> float:
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(at_least, n + 1))


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from([0.9, 0.95]))
@settings(deadline=None)
def test_the_limits_of_one_proportion_solve_their_equations(cells: tuple[int, int], level: float) -> None:
    x, n = cells
    exact, wilson = proportion(x, n, method="clopper_pearson", level=level), proportion(x, n, level=level)
    assert binomial_tail(n, exact.lower, x) == pytest.approx((1 - level) / 2 if x else 1.0)
    assert exact.upper == 1 if x == n else 1 - binomial_tail(n, exact.upper, x + 1) == pytest.approx((1 - level) / 2)
    z = {0.9: 1.6448536269514722, 0.95: Z}[level]
    for limit in (wilson.lower, wilson.upper):
        if 0 < limit < 1:
            assert abs(x / n - limit) / (limit * (1 - limit) / n) ** 0.5 == pytest.approx(z)


METHODS_OF_ONE = ("wilson", "wilson_cc", "clopper_pearson", "jeffreys", "agresti_coull", "wald")
METHODS_OF_TWO = {
    "rd/wald": risk_difference_wald,
    "rd/newcombe": risk_difference_newcombe,
    "rd/newcombe_cc": lambda one: risk_difference_newcombe(one, continuity=True),
    "rd/mn": risk_difference_score,
    "rd/mee": lambda one: risk_difference_score(one, bias_correction=False),
    "rr/katz": risk_ratio_katz,
    "rr/mn": risk_ratio_score,
    "or/woolf": odds_ratio_woolf,
    "or/mn": odds_ratio_score,
    "mh/or": lambda one: mantel_haenszel_odds_ratio([one, one]),
    "mh/rr": lambda one: mantel_haenszel_risk_ratio([one, one]),
    "mh/rd": lambda one: mantel_haenszel_risk_difference([one, one]),
    "chi_square": chi_square,
    "yates": lambda one: chi_square(one, continuity=True),
    "cmh": lambda one: mantel_haenszel_test([one]),
    "fisher": fisher_exact,
}
SMALL_TABLES = [
    (x1, n1, x0, n0) for n1, n0 in product(range(4), repeat=2) for x1, x0 in product(range(n1 + 1), range(n0 + 1))
]


@pytest.mark.parametrize("method", METHODS_OF_TWO, ids=str)
def test_no_small_table_crashes_or_gives_a_silent_nan(method: str) -> None:
    """Every table with up to three patients per arm: a result without NaN, or the reason why there is none."""
    for cells in SMALL_TABLES:
        found = METHODS_OF_TWO[method](table(*cells))
        if isinstance(found, NotEstimable):
            assert found.words()
            assert found.words("zh")
            continue
        assert is_dataclass(found)
        values = {field.name: getattr(found, field.name) for field in fields(found)}
        assert not [name for name, value in values.items() if isinstance(value, float) and isnan(value)], cells
        if isinstance(found, Estimate):
            assert_sound(found, cells)


def assert_sound(found: Estimate, cells: object) -> None:
    if found.estimate is None or found.lower is None or found.upper is None:
        assert found.why is not None, cells
    if found.lower is not None and found.upper is not None:
        assert found.lower <= found.upper, cells
        if found.estimate is not None:
            assert found.lower - 1e-12 <= found.estimate <= found.upper + 1e-12, cells
    assert found.p_value is None or 0 <= found.p_value <= 1, cells


@given(counts())
@settings(deadline=None)
def test_every_risk_ratio_carries_the_reference_risk_to_the_treatment_risk(cells: tuple[int, int, int, int]) -> None:
    treated, reference = Fraction(cells[0], cells[1]), Fraction(cells[2], cells[3])
    for found in (risk_ratio_katz(table(*cells)), risk_ratio_score(table(*cells))):
        if isinstance(found, Estimate) and found.estimate is not None:
            assert found.estimate * reference == pytest.approx(float(treated))
    for found in (risk_difference_wald(table(*cells)), risk_difference_score(table(*cells))):
        assert found.estimate + float(reference) == pytest.approx(float(treated))


@given(counts())
@settings(deadline=None)
def test_exchanging_the_arms_turns_the_effect_round(cells: tuple[int, int, int, int]) -> None:
    forward, backward = table(*cells), table(*cells[2:], *cells[:2])
    for method in (risk_difference_wald, risk_difference_newcombe, risk_difference_score):
        one, other = method(forward), method(backward)
        assert one.estimate == pytest.approx(-other.estimate, abs=1e-12)
        if one.lower is not None:
            assert (one.lower, one.upper) == pytest.approx((-other.upper, -other.lower), abs=1e-9)
    for method in (risk_ratio_katz, risk_ratio_score, odds_ratio_woolf, odds_ratio_score):
        one, other = method(forward), method(backward)
        if isinstance(one, Estimate) and isinstance(other, Estimate) and one.statistic is not None:
            assert one.statistic == pytest.approx(-other.statistic, rel=1e-9, abs=1e-9)
        if isinstance(one, Estimate) and isinstance(other, Estimate) and one.lower and other.lower:
            assert one.lower * other.upper == pytest.approx(1, rel=1e-8)
            assert one.upper * other.lower == pytest.approx(1, rel=1e-8)


@given(counts())
@settings(deadline=None)
def test_one_stratum_is_the_plain_table(cells: tuple[int, int, int, int]) -> None:
    one = table(*cells)
    plain, common = chi_square(one), mantel_haenszel_test([one])
    assert isinstance(plain, NotEstimable) == isinstance(common, NotEstimable)
    if not isinstance(plain, NotEstimable):
        # The hypergeometric variance has N − 1 where Pearson has N.
        assert common.statistic == pytest.approx(plain.statistic * (one.total - 1) / one.total, rel=1e-9, abs=1e-12)
        # At equal risks the score statistic of the difference is Pearson's, with the correction N/(N − 1).
        assert risk_difference_score(one).statistic ** 2 == pytest.approx(common.statistic, rel=1e-6, abs=1e-12)
    for stratified, simple in (
        (mantel_haenszel_risk_difference([one]), risk_difference_wald(one)),
        (mantel_haenszel_risk_ratio([one]), risk_ratio_katz(one)),
        (mantel_haenszel_odds_ratio([one]), odds_ratio_woolf(one)),
    ):
        if isinstance(stratified, Estimate) and isinstance(simple, Estimate):
            assert stratified.estimate == pytest.approx(simple.estimate, abs=1e-12)


@given(counts(), st.integers(2, 5))
@settings(deadline=None, max_examples=40)
def test_an_empty_stratum_changes_nothing(cells: tuple[int, int, int, int], empty: int) -> None:
    strata = [table(*cells), table(1, 3, 2, 4)]
    with_empty = [*strata, table(1, empty, 0, 0)]
    for method in (
        mantel_haenszel_test,
        mantel_haenszel_risk_difference,
        mantel_haenszel_odds_ratio,
        mantel_haenszel_risk_ratio,
        risk_difference_score,
        risk_ratio_score,
    ):
        assert method(with_empty) == method(strata)
