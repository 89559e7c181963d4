"""Reference-based imputation against a slow reading of its definition: refits from nothing, and gaps one by one."""

from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from equipoise.statistics import (
    DeltaTippingPoint,
    MixedModelFit,
    NotEstimable,
    ReferenceBased,
    ancova,
    mmrm,
    reference_based,
    reference_based_multiple,
    rubin_pool,
    tipping_point_delta,
)
from equipoise.statistics.means.imputation_model import ImputationModel, Strategy
from equipoise.statistics.means.mixed_optimum import neighbour
from equipoise.statistics.means.multiple_imputation import posterior_draw
from equipoise.statistics.means.patients_by_visit import patients_by_visit
from equipoise.statistics.means.reference_based import prepared

Array = np.ndarray
STRATEGIES = get_args(Strategy)
FEW = settings(max_examples=6)
seeds = st.integers(0, 10**6)


@dataclass
class Trial:
    """Patients × visits with gaps, who withdrew after how many visits, and a baseline."""

    outcome: Array
    arm: Array
    kept: Array
    base: Array

    def long(self) -> tuple[Any, ...]:
        """One row for a patient and a visit, as the functions take them."""
        patients, visits = self.outcome.shape
        rows = np.repeat(np.arange(patients), visits)
        visit = np.tile(np.arange(visits), patients)
        return self.outcome.ravel(), self.arm[rows], rows, visit, {"base": self.base[rows]}

    @property
    def withdrawn_after(self) -> dict[int, int | None]:
        visits = self.outcome.shape[1]
        return {i: int(k) - 1 if k else None for i, k in enumerate(self.kept.tolist()) if k < visits}

    def without(self, patient: int) -> "Trial":
        rest = np.arange(len(self.arm)) != patient
        return Trial(self.outcome[rest], self.arm[rest], self.kept[rest], self.base[rest])


def trial(seed: int, *, patients: int = 20, visits: int = 3) -> Trial:
    """Invented: some missed visits, some withdrawals, and one patient of those whose later values were still taken."""
    random = np.random.default_rng(seed)
    mix = np.eye(visits) + 0.5 * np.tril(random.normal(size=(visits, visits)))
    outcome = random.normal(size=(patients, visits)) @ mix.T + np.arange(visits)
    kept = np.where(random.random(patients) < 0.35, random.integers(0, visits, patients), visits)
    kept[:4] = visits
    gone = (np.arange(visits) >= kept[:, None]) & (random.random((patients, 1)) < 0.8)
    missed = (random.random(outcome.shape) < 0.1) & (np.arange(patients) >= 4)[:, None]
    return Trial(np.where(gone | missed, np.nan, outcome), np.arange(patients) % 2, kept, random.normal(size=patients))


def columns(data: Trial, arm: Array) -> Array:
    """Cells of arm and visit, and the baseline at every visit: patients × visits × columns."""
    visits = data.outcome.shape[1]
    unit = np.eye(visits)
    return np.array(
        [
            [np.concatenate([(1 - a) * unit[v], a * unit[v], x * unit[v]]) for v in range(visits)]
            for a, x in zip(arm, data.base, strict=True)
        ]
    )


def fitted(data: Trial, strategy: str) -> tuple[Array, Array] | None:
    """Coefficients and covariance from a fit that knows nothing of any other."""
    used = ~np.isnan(data.outcome)
    if strategy != "MAR":
        used &= np.arange(data.outcome.shape[1]) < data.kept[:, None]
    who, when = np.nonzero(used)
    fit = mmrm(data.outcome[used], columns(data, data.arm)[used], who, when)
    return (fit.coefficients, fit.visit_covariance) if isinstance(fit, MixedModelFit) else None


def filled(data: Trial, strategy: str, fit: tuple[Array, Array]) -> Array:
    """Every patient's gaps by the conditional mean of a normal distribution with the strategy's mean."""
    beta, covariance = fit
    own, over = columns(data, data.arm) @ beta, columns(data, 0 * data.arm) @ beta
    complete, visits = data.outcome.copy(), data.outcome.shape[1]
    for i, kept in enumerate(data.kept):
        mean = own[i].copy()
        if strategy == "CR" and kept < visits:
            mean = over[i].copy()
        for visit in range(kept, visits):
            if strategy == "JR":
                mean[visit] = over[i][visit]
            if strategy == "CIR":
                mean[visit] = over[i][visit] + (own[i][kept - 1] - over[i][kept - 1] if kept else 0)
        gap = np.isnan(data.outcome[i])
        seen = ~gap
        pull = covariance[np.ix_(gap, seen)] @ np.linalg.inv(covariance[np.ix_(seen, seen)])
        complete[i, gap] = mean[gap] + pull @ (data.outcome[i, seen] - mean[seen])
    return complete


def analysed(data: Trial, complete: Array) -> Array:
    """Adjusted means of the reference and the treatment, then their difference, at every visit."""
    X = np.column_stack([np.ones(len(data.arm)), data.arm, data.base])
    beta = np.linalg.lstsq(X, complete, rcond=None)[0]
    means = [beta[0] + a * beta[1] + data.base.mean() * beta[2] for a in (0, 1)]
    return np.array([*means, beta[1]])


def naive(data: Trial, strategy: str, shift: tuple[float, float] = (0.0, 0.0)) -> tuple[Array, Array]:
    """Estimates and jackknife errors; data of which some part has no fit are passed over."""

    def of(part: Trial) -> Array:
        fit = fitted(part, strategy)
        assume(fit is not None)
        late = np.isnan(part.outcome) & (np.arange(part.outcome.shape[1]) >= part.kept[:, None])
        return analysed(part, filled(part, strategy, fit) + late * np.array(shift)[part.arm][:, None])

    left = np.array([of(data.without(patient)) for patient in range(len(data.arm))])
    return of(data), np.sqrt((len(left) - 1) / len(left) * ((left - left.mean(axis=0)) ** 2).sum(axis=0))


def model_of(data: Trial, strategy: Any, structure: Any = "us") -> ImputationModel:
    ready = patients_by_visit(*data.long(), 0, data.withdrawn_after, None)
    found = prepared(ready, strategy, ["base"], structure, True)
    if not isinstance(found, tuple):
        reject()
    return found[0]


@given(seeds, st.sampled_from(STRATEGIES))
@settings(max_examples=4)
def test_the_jackknife_is_that_of_refits_from_nothing(seed: int, strategy: Any) -> None:
    data, shift = trial(seed), (0.5, -1.0)
    found = reference_based(
        *data.long(), reference=0, withdrawn_after=data.withdrawn_after, strategy=strategy, by_visit=["base"],
        delta={0: 0.5, 1: [-1.0] * 3},
    )  # fmt: skip
    assume(isinstance(found, ReferenceBased))
    estimates, errors = naive(data, strategy, shift)
    for visit in range(3):
        ours = [found.adjusted_mean(0, visit), found.adjusted_mean(1, visit), found.difference(1, visit)]
        np.testing.assert_allclose([one.estimate for one in ours], estimates[:, visit], rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose([one.standard_error for one in ours], errors[:, visit], rtol=1e-4, atol=1e-5)


@given(seeds, st.sampled_from(STRATEGIES))
@settings(max_examples=2)
def test_every_shift_is_an_analysis_of_its_own(seed: int, strategy: Any) -> None:
    """And the smallest shift that tips is found among them, beyond the null or not."""
    data, at = trial(seed), 2
    settings_ = {"reference": 0, "withdrawn_after": data.withdrawn_after, "strategy": strategy, "by_visit": ["base"]}
    treated, other = (-2.0, 0.0, 1.0), (0.0, 0.5)
    found = tipping_point_delta(
        *data.long(), **settings_, treatment=1, at=at, treatment_deltas=treated, reference_deltas=other
    )
    assume(isinstance(found, DeltaTippingPoint))
    unshifted = reference_based(*data.long(), **settings_).difference(1, at)
    assert found.unshifted.estimate == pytest.approx(unshifted.estimate)
    tipped = []
    for i, one in enumerate(treated):
        for j, two in enumerate(other):
            single = reference_based(*data.long(), **settings_, delta={1: one, 0: two}).difference(1, at)
            assert found.p_values[i][j] == pytest.approx(single.p_value)
            assert found.differences[i][j] == pytest.approx(single.estimate)
            if single.p_value > 0.05 or single.estimate * unshifted.estimate <= 0:
                tipped.append((one, two))
    assert list(found.tipping) == tipped
    nearest = sorted((abs(one), one) for one, two in tipped if two == 0.5)
    assert found.first_tipping(0.5) == (nearest[0][1] if nearest else None)


class Chosen:
    """Instead of random numbers, those that were chosen."""

    def __init__(self, *values: Array) -> None:
        self.values = list(values)

    def standard_normal(self, size: Any) -> Array:
        return np.broadcast_to(self.values.pop(0), size).copy()


@given(seeds, st.sampled_from(STRATEGIES))
@FEW
def test_a_draw_has_the_conditional_mean_and_covariance(seed: int, strategy: Any) -> None:
    """A draw is linear in its noise: zero noise gives the mean, the units the columns of a root of the covariance."""
    data = trial(seed)
    model = model_of(data, strategy)
    parameters = model.parameters(model.best.at)
    means = filled(data, strategy, fitted(data, strategy))
    np.testing.assert_allclose(model.completed(parameters), means, rtol=1e-5, atol=1e-5)
    centre = model.drawn(parameters, Chosen(np.zeros(3)))
    np.testing.assert_allclose(centre, model.completed(parameters), rtol=1e-12)
    roots = np.array([model.drawn(parameters, Chosen(unit)) - centre for unit in np.eye(3)])
    S = parameters.covariance
    for i, gap in enumerate(np.isnan(data.outcome)):
        within = S[np.ix_(gap, gap)] - S[np.ix_(gap, ~gap)] @ np.linalg.solve(
            S[np.ix_(~gap, ~gap)], S[np.ix_(~gap, gap)]
        )
        np.testing.assert_allclose(roots[:, i, gap].T @ roots[:, i, gap], within, atol=1e-9)
        assert not roots[:, i, ~gap].any()


@pytest.mark.parametrize(("seed", "structure"), [(0, "us"), (1, "us"), (1, "ar1"), (4, "toep"), (5, "us")])
def test_from_a_far_optimum_the_own_one_is_found(seed: int, structure: str) -> None:
    """The optimum of thirty patients leads to that of twelve others: down, back, or in the end by Newton's method."""
    here, there = (model_of(trial(one, patients=n), "MAR", structure) for one, n in ((seed, 30), (seed + 100, 12)))
    found = neighbour(here.best, there.fitted, there.family)
    assert found.value == pytest.approx(there.best.at.value, abs=1e-7)
    np.testing.assert_allclose(found.shape.matrix, there.best.at.shape.matrix, atol=1e-3)


@given(seeds)
@FEW
def test_parameters_are_drawn_about_the_optimum(seed: int) -> None:
    """Coefficients given the covariance exactly: (X'V⁻¹X)⁻¹; the covariance's own parameters by their information."""
    data = trial(seed)
    model = model_of(data, "MAR")
    best, size, wide = model.best, len(model.best.theta), model.own.shape[2]
    none, nothing = np.zeros(size), np.zeros(wide)
    centre = posterior_draw(model, Chosen(none, nothing))
    np.testing.assert_allclose(centre.covariance, model.parameters(best.at).covariance, rtol=1e-10)
    roots = np.array([posterior_draw(model, Chosen(none, u)).coefficients - centre.coefficients for u in np.eye(wide)])
    used = ~np.isnan(data.outcome)
    who, when = np.nonzero(used)
    fit = mmrm(data.outcome[used], model.own[used], who, when)
    np.testing.assert_allclose(roots.T @ roots, fit.covariance, rtol=1e-4, atol=1e-8)
    small = 1e-4
    steps = np.array([posterior_draw(model, Chosen(small * unit, nothing)).covariance for unit in np.eye(size)])
    slopes = (steps - centre.covariance) / small
    spread = np.einsum("kab,kcd->abcd", slopes, slopes)
    first = best.at.shape.first * model.fitted.deviation**2
    np.testing.assert_allclose(
        spread, np.einsum("iab,ij,jcd->abcd", first, best.theta_covariance, first), rtol=0.02, atol=1e-3
    )


def test_a_draw_without_a_covariance_is_drawn_again() -> None:
    """Toeplitz correlations can leave the positive definite matrices: far away there is none, nearby there is."""
    data = trial(11, patients=60)
    model = model_of(data, "MAR", "toep")
    impossible = np.array([0.0, 9.0, -9.0]) - model.best.theta  # neighbours alike, those two apart opposed
    far, nothing = np.linalg.solve(np.linalg.cholesky(model.best.theta_covariance), impossible), np.zeros(9)
    again = posterior_draw(model, Chosen(far, np.zeros(3), nothing))
    np.testing.assert_allclose(again.covariance, model.parameters(model.best.at).covariance, rtol=1e-10)
    assert posterior_draw(model, Chosen(*[far] * 100)) == NotEstimable("singular_covariance")
    never = reference_based_multiple(
        *data.long(), reference=0, withdrawn_after=data.withdrawn_after, strategy="MAR", by_visit=["base"],
        structure="toep", imputations=2, random=Chosen(*[far] * 100),
    )  # fmt: skip
    assert never == NotEstimable("singular_covariance")


@given(seeds, st.sampled_from(STRATEGIES))
@settings(max_examples=3)
def test_multiple_imputation_pools_what_the_draws_give(seed: int, strategy: Any) -> None:
    data, m = trial(seed), 4
    found = reference_based_multiple(
        *data.long(), reference=0, withdrawn_after=data.withdrawn_after, strategy=strategy, by_visit=["base"],
        imputations=m, random=np.random.default_rng(seed), delta={1: 2.0},
    )  # fmt: skip
    assume(isinstance(found, ReferenceBased))
    model, random = model_of(data, strategy), np.random.default_rng(seed)
    late = np.isnan(data.outcome) & (np.arange(3) >= data.kept[:, None]) & (data.arm == 1)[:, None]
    sets = [model.drawn(posterior_draw(model, random), random) + 2.0 * late for _ in range(m)]
    for visit in range(3):
        fits = [ancova(one[:, visit], data.arm, {"base": data.base}, reference=0).differences[0] for one in sets]
        pooled = rubin_pool(
            [one.estimate for one in fits], [one.standard_error**2 for one in fits], complete_degrees_of_freedom=17
        )
        assert replace(found.difference(1, visit), method="rubin", denominators=()) == pooled.estimate
        assert found.fractions_missing[visit][0] == pooled.fraction_missing


def test_many_imputations_have_the_conditional_mean_on_average() -> None:
    """Within five times what 400 imputations leave of their own error."""
    data = trial(11, patients=60)
    settings_ = {"reference": 0, "withdrawn_after": data.withdrawn_after, "strategy": "JR", "by_visit": ["base"]}
    once = reference_based(*data.long(), **settings_)
    many = reference_based_multiple(*data.long(), **settings_, random=np.random.default_rng(1), imputations=400)
    for visit in range(3):
        one, other = once.difference(1, visit), many.difference(1, visit)
        between = (many.fractions_missing[visit][0] * other.standard_error**2 / 400) ** 0.5
        assert abs(one.estimate - other.estimate) <= 5 * between + 0.02
