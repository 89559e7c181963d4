"""Means, quartiles and rates against the standard library, textbook formulas and sums of Poisson terms."""

import statistics as standard_library
from decimal import Decimal
from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from equipoise.items.missing import Missing
from equipoise.statistics import NotEstimable, ancova, describe, poisson_rate, two_means_t

numbers = st.integers(-200, 200).map(lambda tenths: tenths / 10)


@given(st.lists(numbers, min_size=2, max_size=30), st.integers(0, 3))
def test_a_description_agrees_with_the_standard_library(values: list[float], missing: int) -> None:
    found = describe([*values, *[None, float("nan"), Missing("ND")][:missing]])
    assert (found.n, found.missing) == (len(values), missing)
    assert found.mean == pytest.approx(standard_library.fmean(values), abs=1e-12)
    assert found.standard_deviation == pytest.approx(standard_library.stdev(values), abs=1e-9)
    assert (found.minimum, found.maximum) == (min(values), max(values))
    inclusive = standard_library.quantiles(values, n=4, method="inclusive")
    assert (found.lower_quartile, found.median, found.upper_quartile) == pytest.approx(tuple(inclusive), abs=1e-9)
    if len(values) > 3:
        exclusive = standard_library.quantiles(values, n=4, method="exclusive")
        sixth = describe(values, definition=6)
        assert (sixth.lower_quartile, sixth.median, sixth.upper_quartile) == pytest.approx(tuple(exclusive), abs=1e-9)
    assert describe([Decimal(str(value)) for value in values]) == describe(values)


@given(st.lists(st.tuples(numbers, numbers, st.booleans()), min_size=5, max_size=30))
@settings(deadline=None)
def test_covariance_with_one_covariate_is_the_textbook_formula(rows: list[tuple[float, float, bool]]) -> None:
    """Slope within arms, difference corrected for the difference in the covariate (Snedecor & Cochran, ch. 18)."""
    y, x, arm = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    treated, reference = arm == 1, arm == 0
    assume(treated.any() and reference.any())
    residual_x = np.where(treated, x - x[treated].mean(), x - x[reference].mean())
    residual_y = np.where(treated, y - y[treated].mean(), y - y[reference].mean())
    within = float((residual_x**2).sum())
    found = ancova(y, np.where(treated, "A", "B"), {"x": x}, reference="B")
    if within < 1e-9:
        assert isinstance(found, NotEstimable)
        assert found.reason == "collinear"
        return
    slope = float((residual_x * residual_y).sum()) / within
    squares = float(((residual_y - slope * residual_x) ** 2).sum())
    assume(squares > 1e-9)
    apart = float(x[treated].mean() - x[reference].mean())
    error = sqrt(squares / (len(y) - 3) * (1 / treated.sum() + 1 / reference.sum() + apart**2 / within))
    (difference,) = found.differences
    assert difference.estimate == pytest.approx(
        y[treated].mean() - y[reference].mean() - slope * apart, rel=1e-7, abs=1e-8
    )
    assert difference.standard_error == pytest.approx(error, rel=1e-7)
    assert found.adjusted_means[0].estimate == pytest.approx(
        y[reference].mean() + slope * (x.mean() - x[reference].mean()), rel=1e-7, abs=1e-8
    )


@given(st.lists(numbers, min_size=2, max_size=20), st.lists(numbers, min_size=2, max_size=20))
@settings(deadline=None)
def test_without_covariates_it_is_the_pooled_t_test(treated: list[float], reference: list[float]) -> None:
    test = two_means_t(treated, reference, pooled=True)
    arms = ["T"] * len(treated) + ["R"] * len(reference)
    fit = ancova([*treated, *reference], arms, {}, reference="R")
    if isinstance(fit, NotEstimable):
        assert fit.reason in {"zero_variance", "no_residual_freedom"}
        assert test.why == NotEstimable("zero_variance")
        return
    (difference,) = fit.differences
    for field in ("estimate", "standard_error", "lower", "upper", "statistic", "degrees_of_freedom", "p_value"):
        assert getattr(difference, field) == pytest.approx(getattr(test, field), rel=1e-8, abs=1e-9)


@given(st.lists(numbers, min_size=1, max_size=20), st.lists(numbers, min_size=2, max_size=20))
@settings(deadline=None)
def test_the_robust_variance_without_covariates_is_in_closed_form(treated: list[float], reference: list[float]) -> None:
    """With leverage 1/n in an arm, HC3 is s₁²/(n₁ − 1) + s₀²/(n₀ − 1); one patient alone has no robust variance."""
    arms = ["T"] * len(treated) + ["R"] * len(reference)
    fit = ancova([*treated, *reference], arms, {}, reference="R", robust=True)
    if isinstance(fit, NotEstimable):
        assert fit.reason in {"zero_variance", "patient_fits_alone"}
        assert fit.reason == "zero_variance" or len(treated) == 1
        return
    both = [np.var(values, ddof=1) / (len(values) - 1) for values in (treated, reference)]
    assert fit.differences[0].standard_error == pytest.approx(sqrt(sum(both)), rel=1e-8)
    mean = fit.adjusted_means[0]
    assert mean.standard_error == (pytest.approx(sqrt(both[1]), rel=1e-8) if len(set(reference)) > 1 else None)
    assert mean.why == (None if len(set(reference)) > 1 else NotEstimable("zero_variance"))


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_the_robust_variance_is_that_of_leaving_each_patient_out(seed: int) -> None:
    """e/(1 − h) is the error of predicting a patient from all others; the sandwich sums the squares."""
    random = np.random.default_rng(seed)
    n, arm = 14, np.arange(14) % 2
    x, y = random.normal(size=n), random.normal(size=n)
    X = np.column_stack([np.ones(n), arm, x - x.mean()])
    inverse = np.linalg.inv(X.T @ X)
    meat = np.zeros((3, 3))
    for i in range(n):
        others = np.arange(n) != i
        beta = np.linalg.lstsq(X[others], y[others], rcond=None)[0]
        meat += np.outer(X[i], X[i]) * (y[i] - X[i] @ beta) ** 2
    found = ancova(y, arm, {"x": x}, reference=0, robust=True)
    error = sqrt((inverse @ meat @ inverse)[1, 1])
    (difference,) = found.differences
    assert difference.standard_error == pytest.approx(error, rel=1e-8)
    assert difference.statistic == pytest.approx(difference.estimate / error, rel=1e-8)
    assert (difference.method, difference.degrees_of_freedom) == ("ancova/hc3/difference", n - 3)


def poisson_at_most(events: int, mean: float) -> float:
    term = total = exp(-mean)
    for k in range(1, events + 1):
        term *= mean / k
        total += term
    return total


@given(st.integers(0, 60), st.floats(0.1, 1000), st.sampled_from([0.9, 0.95, 0.99]), st.sampled_from([1.0, 100.0]))
def test_the_limits_of_a_rate_solve_their_equations(events: int, time: float, level: float, per: float) -> None:
    found = poisson_rate(events, time, per=per, level=level)
    tail = (1 - level) / 2
    assert poisson_at_most(events, found.upper * time / per) == pytest.approx(tail, rel=1e-8)
    if events:
        assert 1 - poisson_at_most(events - 1, found.lower * time / per) == pytest.approx(tail, rel=1e-6)
    else:
        assert found.lower == 0
