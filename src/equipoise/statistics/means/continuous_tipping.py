"""Missing values of a continuous outcome: how bad those after withdrawal must have been to tip the result."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from equipoise.statistics.means.covariance_structures import Structure
from equipoise.statistics.means.imputation_model import Strategy
from equipoise.statistics.means.linear import Covariate
from equipoise.statistics.means.patients_by_visit import Withdrawals, patients_by_visit
from equipoise.statistics.means.reference_based import Jackknife, jackknife, prepared
from equipoise.statistics.numerics.ordering import Labels
from equipoise.statistics.result import Estimate, Floats, NotEstimable

_METHOD = "tipping_point/delta"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaTippingPoint:
    """The difference and its p value for every pair of shifts of the values imputed after withdrawal.

    `p_values[i][j]` has the i-th of `treatment_deltas` added in the treatment arm and the j-th of `reference_deltas` in
    the reference arm; None where the variance is zero. `unshifted` is the result without any shift.
    """

    method: str
    unshifted: Estimate
    treatment_deltas: tuple[float, ...]
    reference_deltas: tuple[float, ...]
    p_values: tuple[tuple[float | None, ...], ...]
    differences: tuple[tuple[float, ...], ...]
    alpha: float

    @property
    def tipping(self) -> tuple[tuple[float, float], ...]:
        """The shifts after which the result is not significant any more in its direction (or never was)."""
        return tuple(
            (self.treatment_deltas[i], self.reference_deltas[j])
            for i, row in enumerate(self.p_values)
            for j, p in enumerate(row)
            if p is None or p > self.alpha or self.differences[i][j] * (self.unshifted.estimate or 0.0) <= 0.0
        )

    def first_tipping(self, reference_delta: float = 0.0) -> float | None:
        """The smallest shift of the treatment arm that tips the result, given the one in the reference arm."""
        found = [treated for treated, other in self.tipping if other == reference_delta]
        return min(found, key=abs) if found else None


def tipping_point_delta(
    outcome: npt.ArrayLike,
    arm: Labels,
    subject: Labels,
    visit: Labels,
    covariates: Mapping[str, Covariate],
    *,
    reference: Hashable,
    treatment: Hashable,
    at: Hashable,
    withdrawn_after: Withdrawals,
    treatment_deltas: Sequence[float],
    reference_deltas: Sequence[float] = (0.0,),
    strategy: Strategy = "MAR",
    by_visit: Collection[str] = (),
    visits: Sequence[Hashable] | None = None,
    structure: Structure = "us",
    reml: bool = True,
    alpha: float = 0.05,
) -> DeltaTippingPoint | NotEstimable:
    """The difference of two arms at a visit over a grid of shifts (Cro et al. 2020; O'Kelly & Ratitch 2014).

    Imputation, analysis and jackknife are those of `reference_based`, with its arguments; no shift needs a refit.
    """
    if not 0.0 < alpha < 1.0 or not np.isfinite([*treatment_deltas, *reference_deltas]).all():
        raise ValueError("shifts are finite, and alpha lies between 0 and 1")
    data = patients_by_visit(outcome, arm, subject, visit, covariates, reference, withdrawn_after, visits)
    if isinstance(data, NotEstimable):
        return data
    if treatment == reference or treatment not in data.arms or at not in data.visits:
        raise ValueError(f"{treatment!r} is an arm other than the reference, and {at!r} a visit")
    ready = prepared(data, strategy, by_visit, structure, reml)
    sampled = ready if isinstance(ready, NotEstimable) else jackknife(*ready)
    if isinstance(sampled, NotEstimable):
        return sampled
    place = data.visits.index(at), data.arms.index(treatment)
    grid = [
        [_shifted(sampled, *place, one, other, 1.0 - alpha) for other in reference_deltas] for one in treatment_deltas
    ]
    return DeltaTippingPoint(
        method=_METHOD,
        unshifted=_shifted(sampled, *place, 0.0, 0.0, 1.0 - alpha),
        treatment_deltas=tuple(treatment_deltas),
        reference_deltas=tuple(reference_deltas),
        p_values=tuple(tuple(one.p_value for one in row) for row in grid),
        differences=tuple(tuple(one.estimate or 0.0 for one in row) for row in grid),
        alpha=alpha,
    )


def _shifted(sampled: Jackknife, visit: int, arm: int, treated: float, other: float, level: float) -> Estimate:
    """The difference of an arm from the reference at a visit after a shift in each of the two."""
    unit: Floats = np.eye(sampled.means.shape[2])
    return sampled.estimate(_METHOD, visit, unit[arm] - unit[0], treated * unit[arm] + other * unit[0], level=level)
