"""Reference-based multiple imputation: gaps filled by draws, many times, analysed each time, pooled by Rubin's rules.

The parameters behind every imputation are a draw from their approximate posterior: those of the covariance are normal
about the optimum, on the scales on which the model has them (logarithms, transformed correlations), and the
coefficients given them are exactly normal. It needs no refit, and no draw fails because a resample lacks a visit; with
a flat prior it is what a bootstrap of the fit comes to in large samples (Little & Rubin 2020, sections 6.1 and 10.2).
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from equipoise.statistics.means.covariance_structures import Structure
from equipoise.statistics.means.imputation_model import ImputationModel, Parameters, Strategy
from equipoise.statistics.means.linear import AnalysisOfCovariance, Covariate, ancova
from equipoise.statistics.means.mixed_likelihood import point
from equipoise.statistics.means.patients_by_visit import PatientsByVisit, Withdrawals, patients_by_visit
from equipoise.statistics.means.reference_based import Delta, ReferenceBased, prepared, shift_by_visit, tabulated
from equipoise.statistics.numerics.distributions import check_level
from equipoise.statistics.numerics.ordering import Labels
from equipoise.statistics.result import Estimate, Floats, NotEstimable
from equipoise.statistics.rubin import PooledEstimate, rubin_pool

# Parameters drawn outside the covariances there are (Toeplitz correlations can be) are drawn again, so many times.
_MOST_DRAWS: Final = 100


def reference_based_multiple(
    outcome: npt.ArrayLike,
    arm: Labels,
    subject: Labels,
    visit: Labels,
    covariates: Mapping[str, Covariate],
    *,
    reference: Hashable,
    withdrawn_after: Withdrawals,
    random: np.random.Generator,
    imputations: int = 100,
    strategy: Strategy = "JR",
    by_visit: Collection[str] = (),
    visits: Sequence[Hashable] | None = None,
    delta: Delta | None = None,
    structure: Structure = "us",
    reml: bool = True,
    level: float = 0.95,
) -> ReferenceBased | NotEstimable:
    """Multiple imputation by the strategies of `reference_based` (Carpenter, Roger & Kenward 2013), with its arguments.

    Every random number comes from `random`, which the caller seeds. Degrees of freedom are those of Barnard & Rubin
    1999, the complete ones those of the analysis of covariance.
    """
    check_level(level)
    if imputations < 2:
        return NotEstimable("too_few_imputations")
    data = patients_by_visit(outcome, arm, subject, visit, covariates, reference, withdrawn_after, visits)
    if isinstance(data, NotEstimable):
        return data
    shift = np.where(data.withdrawn, shift_by_visit(data, delta)[data.arm], 0.0)
    ready = prepared(data, strategy, by_visit, structure, reml)
    if isinstance(ready, NotEstimable):
        return ready
    analysed = []
    for _ in range(imputations):
        parameters = posterior_draw(ready[0], random)
        if isinstance(parameters, NotEstimable):
            return parameters
        found = _analysed(data, ready[0].drawn(parameters, random) + shift)
        if isinstance(found, NotEstimable):
            return found
        analysed.append(found)
    return _pooled(data, strategy, analysed, level)


def posterior_draw(model: ImputationModel, random: np.random.Generator) -> Parameters | NotEstimable:
    """One draw of the model's parameters from their approximate posterior."""
    best = model.best
    root = np.linalg.cholesky(best.theta_covariance)
    for _ in range(_MOST_DRAWS):
        theta = best.theta + root @ random.standard_normal(len(root))
        at = point(model.fitted, model.family.at(theta), restricted=best.at.restricted)
        if at is not None:
            return model.parameters(at, at.coefficients + at.root @ random.standard_normal(len(at.root)))
    return NotEstimable("singular_covariance")


def _analysed(data: PatientsByVisit, completed: Floats) -> list[AnalysisOfCovariance] | NotEstimable:
    """The analysis of covariance at every visit."""
    found = []
    for values in completed.T:
        fit = ancova(values, data.arm, data.covariates, reference=0)
        if isinstance(fit, NotEstimable):
            return fit
        found.append(fit)
    return found


def _pooled(
    data: PatientsByVisit, strategy: Strategy, analysed: list[list[AnalysisOfCovariance]], level: float
) -> ReferenceBased:
    method = f"reference_based/{strategy.lower()}/multiple"
    cells: dict[tuple[int, int, bool], PooledEstimate] = {}
    for visit, arm in np.ndindex(len(data.visits), len(data.arms)):
        for difference in (False, True) if arm else (False,):
            pooled = _pool([_estimate(one[visit], arm, difference) for one in analysed], analysed[0][visit], level)
            assert not isinstance(pooled, NotEstimable)  # noqa: S101 - two analyses or more, each with its error
            cells[visit, arm, difference] = pooled

    def cell(visit: int, arm: int, *, difference: bool) -> Estimate:
        return replace(cells[visit, arm, difference].estimate, method=method)

    missing = tuple(
        tuple(cells[visit, arm, True].fraction_missing for arm in range(1, len(data.arms)))
        for visit in range(len(data.visits))
    )
    return tabulated(data, method, strategy, cell, imputations=len(analysed), fractions_missing=missing)


def _estimate(fit: AnalysisOfCovariance, arm: int, difference: bool) -> Estimate:
    return fit.differences[arm - 1] if difference else fit.adjusted_means[arm]


def _pool(estimates: list[Estimate], fit: AnalysisOfCovariance, level: float) -> PooledEstimate | NotEstimable:
    known = [(one.estimate, one.standard_error) for one in estimates]
    return rubin_pool(
        [value for value, _ in known if value is not None],
        [error**2 for _, error in known if error is not None],
        complete_degrees_of_freedom=fit.degrees_of_freedom,
        level=level,
    )
