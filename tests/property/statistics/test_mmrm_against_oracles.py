"""Mixed models for repeated measures against dense likelihoods, differences, closed forms and changes of notation."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mmrm_oracles import Dense, KenwardRoger, covariance, curvature, parameters, slopes
from scipy import stats

from equipoise.statistics import MixedModelFit, ancova, mmrm, mmrm_by_visit, two_means_t
from equipoise.statistics.means.covariance_structures import Structure, family
from equipoise.statistics.means.mixed_likelihood import point
from equipoise.statistics.means.repeated_measures import blocks, rows

STRUCTURES = get_args(Structure)
FEW = settings(max_examples=12)
seeds = st.integers(0, 10**6)


def trial(seed: int, *, patients: int = 18, visits: int = 3, lost: float = 0.2) -> Dense:
    """Invented patients in two arms with a baseline, some visits missing at random; the structure is set later."""
    random = np.random.default_rng(seed)
    mix = np.eye(visits) + 0.4 * random.normal(size=(visits, visits))
    values = random.normal(size=(patients, visits)) @ mix.T + 10
    seen = random.random((patients, visits)) >= lost
    seen[np.arange(patients), random.integers(0, visits, patients)] = True
    subject, visit = np.nonzero(seen)
    base = random.normal(size=patients)[subject]
    X = np.column_stack([np.eye(visits)[visit], subject % 2, base])
    return Dense(values[seen], X, subject, visit, "us", visits)


def fitted(data: Dense, structure: str, *, reml: bool = True) -> tuple[MixedModelFit, np.ndarray]:
    """The fit and its parameters as the oracle reads them off the covariance; data without a fit are passed over."""
    data.structure = structure
    fit = mmrm(data.outcome, data.X, data.subject, data.visit, structure=structure, reml=reml)
    assume(isinstance(fit, MixedModelFit))
    return fit, parameters(structure, fit.visit_covariance)


def away_from_singular(theta: np.ndarray, data: Dense) -> bool:
    """Whether steps of a difference stay inside the positive definite matrices."""
    between = covariance(data.structure, theta, data.visits)
    deviation = np.sqrt(np.diag(between))
    return np.abs(theta).max() < 5 and np.linalg.eigvalsh(between / np.outer(deviation, deviation))[0] > 0.15


def matrix(seed: int, columns: int, wanted: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(wanted, columns))


@given(seeds, st.sampled_from(STRUCTURES))
def test_the_likelihood_is_the_product_of_the_patients_densities_and_nothing_near_is_likelier(
    seed: int, structure: str
) -> None:
    data = trial(seed)
    fit, theta = fitted(data, structure, reml=False)
    assert fit.log_likelihood == pytest.approx(data.log_likelihood(theta, fit.coefficients), rel=1e-9)
    random = np.random.default_rng(seed)
    for size in (1e-3, 1e-2, 0.1):
        other = theta + size * random.normal(size=theta.size), fit.coefficients + size * random.normal(size=5)
        if np.linalg.eigvalsh(covariance(structure, other[0], data.visits))[0] > 0:
            assert data.log_likelihood(*other) < fit.log_likelihood


@given(seeds, st.sampled_from(STRUCTURES))
def test_the_restricted_likelihood_is_the_density_of_what_the_design_leaves_and_nothing_near_is_likelier(
    seed: int, structure: str
) -> None:
    data = trial(seed)
    fit, theta = fitted(data, structure)
    assert fit.log_likelihood == pytest.approx(data.restricted(theta), rel=1e-9)
    np.testing.assert_allclose(fit.coefficients, data.coefficients(theta), rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(fit.covariance, data.of_coefficients(theta), rtol=1e-7, atol=1e-10)
    random = np.random.default_rng(seed)
    for size in (1e-3, 1e-2, 0.1):
        other = theta + size * random.normal(size=theta.size)
        if np.linalg.eigvalsh(covariance(structure, other, data.visits))[0] > 0:
            assert data.restricted(other) < fit.log_likelihood


@given(seeds, st.sampled_from(STRUCTURES), st.booleans(), st.integers(2, 4))
def test_the_derivatives_of_the_likelihood_are_those_of_differences(
    seed: int, structure: Structure, restricted: bool, visits: int
) -> None:
    """Anywhere, not at the optimum only: first, second, and those of the covariance matrix itself."""
    data = trial(seed, visits=visits)
    ready, model = (
        blocks(rows(data.outcome, data.X, data.subject, data.visit, list("abcdefg")[: visits + 2], None)),
        (family(structure, visits)),
    )
    theta = 0.8 * model.start(ready.residual_covariance)
    at = point(ready, model.at(theta), restricted=restricted)
    np.testing.assert_allclose(
        at.slope(), slopes(lambda t: point(ready, model.at(t), restricted=restricted).value, theta), atol=1e-6
    )
    np.testing.assert_allclose(
        at.curvature(), slopes(lambda t: point(ready, model.at(t), restricted=restricted).slope(), theta), atol=1e-5
    )
    np.testing.assert_allclose(at.shape.first, slopes(lambda t: covariance(structure, t, visits), theta), atol=1e-8)


@given(seeds, st.sampled_from(STRUCTURES), st.booleans())
@FEW
def test_satterthwaite_is_twice_the_squared_variance_by_the_variance_of_the_variance(
    seed: int, structure: str, reml: bool
) -> None:
    data = trial(seed)
    fit, theta = fitted(data, structure, reml=reml)
    assume(away_from_singular(theta, data))
    profile = data.restricted if reml else data.profile
    weight = np.linalg.inv(-curvature(profile, theta))
    (row,) = matrix(seed, 5, 1)
    gradient = np.array(slopes(lambda at: row @ data.of_coefficients(at) @ row, theta))
    variance = row @ data.of_coefficients(theta) @ row
    found = fit.contrast(row, freedom="satterthwaite")
    assert found.standard_error == pytest.approx(np.sqrt(variance), rel=1e-7)
    assert found.degrees_of_freedom == pytest.approx(2 * variance**2 / (gradient @ weight @ gradient), rel=1e-3)
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(found.statistic), found.degrees_of_freedom), rel=1e-9)


@given(seeds, st.sampled_from(STRUCTURES))
@FEW
def test_kenward_and_roger_s_covariance_and_f_follow_their_formulas(seed: int, structure: str) -> None:
    """With W inverted from differences of the dense restricted likelihood, P, Q and R from differences of V."""
    data = trial(seed, patients=14)
    fit, theta = fitted(data, structure)
    assume(away_from_singular(theta, data))
    slow = KenwardRoger(data, theta, np.linalg.inv(-curvature(data.restricted, theta)))
    for freedom in ("kenward_roger", "kenward_roger_linear"):
        expected = slow.adjusted(linear=freedom.endswith("linear"))
        np.testing.assert_allclose(fit.adjusted[freedom], expected, rtol=1e-3, atol=1e-5 * np.abs(expected).max())
    L = matrix(seed, 5, 2)
    scale, denominator = slow.scaled(L)
    assume(denominator > 0 and scale > 0)
    found = fit.joint_test(L, freedom="kenward_roger_linear")
    assert (found.scale, found.denominator) == pytest.approx((scale, denominator), rel=1e-3)
    effect = L @ fit.coefficients
    spread = L @ slow.adjusted(linear=True) @ L.T
    assert found.statistic == pytest.approx(scale * effect @ np.linalg.solve(spread, effect) / 2, rel=1e-3)
    assert found.p_value == pytest.approx(stats.f.sf(found.statistic, 2, found.denominator), rel=1e-9)


@given(seeds)
def test_several_contrasts_after_satterthwaite_are_independent_ones_whose_squares_are_averaged(seed: int) -> None:
    """Fai & Cornelius: E F = Σ ν/(ν − 2) / q over the axes of the contrasts' covariance."""
    data = trial(seed)
    fit, _ = fitted(data, "us")
    L = matrix(seed, 5, 3)
    _, axes = np.linalg.eigh(L @ fit.covariance @ L.T)
    each = [fit.contrast(axis @ L) for axis in axes.T]
    expected = sum(one.degrees_of_freedom / (one.degrees_of_freedom - 2) for one in each)
    found = fit.joint_test(L)
    assert found.statistic == pytest.approx(np.mean([one.statistic**2 for one in each]), rel=1e-6)
    if min(one.degrees_of_freedom for one in each) > 2:
        assert found.denominator == pytest.approx(2 * expected / (expected - 3), rel=1e-6)
    else:
        assert found.denominator == 2


@given(seeds, st.sampled_from(STRUCTURES), st.sampled_from(["satterthwaite", "kenward_roger_linear"]))
def test_one_visit_is_analysis_of_covariance(seed: int, structure: Structure, freedom: str) -> None:
    random = np.random.default_rng(seed)
    patients = int(random.integers(8, 30))
    y, base = random.normal(size=patients), random.normal(size=patients)
    site, arm = random.choice(["north", "south"], patients).tolist(), np.arange(patients) % 2
    covariates = {"base": base, "site": site}
    expected = ancova(y, arm, covariates, reference=0)
    assume(hasattr(expected, "differences"))
    found = mmrm_by_visit(
        y, arm, np.arange(patients), np.ones(patients), covariates, reference=0, structure=structure, freedom=freedom
    )
    for ours, theirs in (
        (found.differences[0][0], expected.differences[0]),
        *zip(found.adjusted_means[0], expected.adjusted_means, strict=True),
    ):
        for name in ("estimate", "standard_error", "lower", "upper", "degrees_of_freedom"):
            assert getattr(ours, name) == pytest.approx(getattr(theirs, name), rel=1e-7, abs=1e-9), name


@given(seeds, st.integers(2, 4), st.sampled_from(["satterthwaite", "kenward_roger_linear"]))
def test_complete_visits_without_covariates_are_t_tests_visit_by_visit_and_of_changes(
    seed: int, visits: int, freedom: str
) -> None:
    """Unstructured: every difference of arms, at a visit or of a change, is Student's t on n − 2."""
    random = np.random.default_rng(seed)
    y = random.normal(size=(17, visits)) @ (np.eye(visits) + 0.3 * random.normal(size=(visits, visits)))
    arm = (np.arange(17) % 3 == 0).astype(int)
    subject, visit = np.divmod(np.arange(17 * visits), visits)
    found = mmrm_by_visit(y.ravel(), arm[subject], subject, visit, {}, reference=0, freedom=freedom)
    within = sum(np.cov(y[arm == one].T) * ((arm == one).sum() - 1) for one in (0, 1)) / 15
    np.testing.assert_allclose(found.fit.visit_covariance, within, rtol=1e-6, atol=1e-8)
    for place in range(visits):
        expected = two_means_t(y[arm == 1, place], y[arm == 0, place], pooled=True)
        ours = found.difference(1, place)
        for name in ("estimate", "standard_error", "degrees_of_freedom", "p_value"):
            assert getattr(ours, name) == pytest.approx(getattr(expected, name), rel=1e-6), name
    change = two_means_t(y[arm == 1, 1] - y[arm == 1, 0], y[arm == 0, 1] - y[arm == 0, 0], pooled=True)
    ours = found.fit.contrast([1, -1, -1, 1] + [0] * (2 * visits - 4), freedom=freedom)
    assert ours.degrees_of_freedom == pytest.approx(15, rel=1e-6)
    assert ours.statistic == pytest.approx(change.statistic, rel=1e-6)


@given(seeds, st.integers(2, 4))
def test_complete_visits_tested_together_are_hotelling_s_test(seed: int, visits: int) -> None:
    """Kenward & Roger's F is exact there (Hotelling 1931): T² (n − 1 − m)/(m (n − 2)) on m and n − 1 − m."""
    random = np.random.default_rng(seed)
    y, arm = random.normal(size=(19, visits)), np.arange(19) % 2
    subject, visit = np.divmod(np.arange(19 * visits), visits)
    found = mmrm_by_visit(
        y.ravel(), arm[subject], subject, visit, {}, reference=0, freedom="kenward_roger_linear"
    ).any_difference()
    within = sum(np.cov(y[arm == one].T) * ((arm == one).sum() - 1) for one in (0, 1)) / 17
    apart = y[arm == 1].mean(axis=0) - y[arm == 0].mean(axis=0)
    t2 = apart @ np.linalg.solve(within, apart) / (1 / 9 + 1 / 10)
    assert (found.numerator, found.denominator) == (visits, pytest.approx(18 - visits, rel=1e-6))
    assert found.statistic == pytest.approx(t2 * (18 - visits) / (visits * 17), rel=1e-6)


@given(seeds, st.sampled_from(["us", "cs", "csh", "toep", "ad", "ar1"]))
def test_two_complete_visits_of_one_group_are_the_paired_t_test(seed: int, structure: Structure) -> None:
    y = np.random.default_rng(seed).normal(size=(12, 2)) + np.arange(2)
    subject, visit = np.divmod(np.arange(24), 2)
    fit = mmrm(y.ravel(), np.eye(2)[visit], subject, visit, structure=structure)
    found, expected = fit.contrast([-1, 1], freedom="kenward_roger_linear"), stats.ttest_rel(y[:, 1], y[:, 0])
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-6)
    assert found.degrees_of_freedom == pytest.approx(11, rel=1e-6)


@given(seeds, st.sampled_from(STRUCTURES), st.booleans())
def test_the_order_of_rows_the_names_of_patients_and_the_units_do_not_matter(
    seed: int, structure: str, reml: bool
) -> None:
    data = trial(seed)
    fit, _ = fitted(data, structure, reml=reml)
    random = np.random.default_rng(seed)
    order, codes = random.permutation(len(data.outcome)), random.permutation(1000)
    unit, scales = 1e4, np.array([1.0, 1.0, 1.0, 1.0, 1e-6])
    other = mmrm(
        unit * data.outcome[order],
        (scales * data.X)[order],
        [f"P{codes[one]}" for one in data.subject[order]],
        10 * data.visit[order],
        structure=structure,
        reml=reml,
    )
    size = len(data.outcome) - (5 if reml else 0)
    moved = -size * np.log(unit) - (np.log(scales).sum() if reml else 0)
    assert other.log_likelihood == pytest.approx(fit.log_likelihood + moved, rel=1e-8)
    np.testing.assert_allclose(other.coefficients * scales / unit, fit.coefficients, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(other.visit_covariance / unit**2, fit.visit_covariance, rtol=1e-5, atol=1e-7)
    for freedom in ("satterthwaite", "kenward_roger", "kenward_roger_linear") if reml else ("satterthwaite",):
        one, two = (found.coefficient("x5", freedom=freedom) for found in (fit, other))
        assert two.why == one.why  # the adjustment can leave no positive variance
        if one.why is not None:
            continue
        assert two.statistic == pytest.approx(one.statistic, rel=1e-5, abs=1e-7)
        assert two.degrees_of_freedom == pytest.approx(one.degrees_of_freedom, rel=1e-5)


@given(seeds)
def test_other_columns_for_the_same_model_give_the_same_contrast(seed: int) -> None:
    data = trial(seed)
    fit, _ = fitted(data, "us")
    mixed = np.random.default_rng(seed).normal(size=(5, 5)) + 3 * np.eye(5)
    other = mmrm(data.outcome, data.X @ mixed, data.subject, data.visit)
    row = matrix(seed, 5, 1)[0]
    for freedom in ("satterthwaite", "kenward_roger", "kenward_roger_linear"):
        one, two = fit.contrast(row, freedom=freedom), other.contrast(row @ mixed, freedom=freedom)
        assert two.why == one.why
        for name in ("estimate", "standard_error", "degrees_of_freedom") if one.why is None else ("estimate",):
            assert getattr(two, name) == pytest.approx(getattr(one, name), rel=1e-5, abs=1e-7)
