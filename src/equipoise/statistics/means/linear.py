"""Analysis of covariance by ordinary least squares: adjusted means and their differences from a reference arm."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.distributions import normal_quantile, t_p, t_quantile
from equipoise.statistics.numerics.ordering import Labels, encoded
from equipoise.statistics.result import Denominator, Estimate, Floats, Integers, NotEstimable

Covariate: TypeAlias = Sequence[float | None] | Sequence[str | None] | npt.NDArray[np.generic]

# Below this share of the largest singular value of the columns, scaled to unit length, a column is redundant.
_RANK_TOLERANCE = 1e-9
# Residuals this small beside the outcome itself are rounding: the model reproduces the data.
_PERFECT_FIT = 1e-24
# An error this small beside the residual deviation is rounding.
_NO_ERROR = 1e-7


@dataclass(frozen=True, slots=True)
class AnalysisOfCovariance:
    """Adjusted means of every arm, reference first, and the difference of every other arm from the reference."""

    method: str
    reference: str
    arms: tuple[str, ...]
    adjusted_means: tuple[Estimate, ...]
    differences: tuple[Estimate, ...]  # in the order of arms[1:]
    residual_deviation: float
    degrees_of_freedom: int


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """The model's columns; `centre` is the row of an average patient, the arm columns left at zero.

    The intercept comes first, then the arms but the reference, then the covariates.
    """

    names: tuple[str, ...]
    columns: Floats
    centre: Floats
    arms: tuple[Hashable, ...]
    counts: tuple[Denominator, ...]

    def mean_weights(self, kept: npt.NDArray[np.bool_] | None = None) -> Floats | NotEstimable:
        """By how much every kept patient's outcome enters the adjusted mean of every arm: arms × kept patients."""
        columns = self.columns if kept is None else self.columns[kept]
        solved = _solved(columns, self.names)
        if isinstance(solved, NotEstimable):
            return solved
        # A number was centred at the mean of all; an average patient of those kept has their mean.
        centre = np.where(self.centre == 0.0, columns.mean(axis=0), self.centre)
        arms = len(self.arms)
        centre[1:arms] = 0.0
        wanted = np.tile(centre, (arms, 1))
        wanted[:, :arms] += np.eye(arms) * (np.arange(arms) > 0)
        return np.asarray(wanted @ solved.inverse @ solved.left.T)


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """An orthonormal basis of the columns, and the matrix from coordinates in it to coefficients."""

    left: Floats
    inverse: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    coefficients: Floats
    root: Floats  # the covariance of the coefficients is root @ root.T
    deviation: float
    freedom: int


def ancova(
    outcome: Sequence[float | None] | Floats,
    arm: Labels,
    covariates: Mapping[str, Covariate],
    *,
    reference: Hashable,
    robust: bool = False,
    level: float = 0.95,
) -> AnalysisOfCovariance | NotEstimable:
    """Analysis of covariance with main effects only (Fisher 1932).

    A covariate of words is a factor, any other a number. Adjusted means are taken at the mean of every number and the
    equal-weight average of every factor's levels (least-squares means). `robust` takes the sandwich variance HC3, which
    does not ask that every patient varies alike (MacKinnon & White 1985). Missing values are refused, not dropped: whom
    to leave out is an analysis decision.
    """
    normal_quantile(level)
    y = np.asarray(outcome, dtype=np.float64)
    if (problem := _bad_numbers("outcome", y)) is not None:
        return problem
    design = ancova_design(y.size, arm, covariates, reference)
    if isinstance(design, NotEstimable):
        return design
    fit = _least_squares(y, design, robust)
    if isinstance(fit, NotEstimable):
        return fit
    places, method = range(len(design.arms)), "ancova/hc3" if robust else "ancova"
    return AnalysisOfCovariance(
        method=method,
        reference=str(reference),
        arms=tuple(str(name) for name in design.arms),
        adjusted_means=tuple(_estimate(f"{method}/adjusted_mean", design, fit, level, place) for place in places),
        differences=tuple(_estimate(f"{method}/difference", design, fit, level, place) for place in places[1:]),
        residual_deviation=fit.deviation,
        degrees_of_freedom=fit.freedom,
    )


def ancova_design(
    patients: int, arm: Labels, covariates: Mapping[str, Covariate], reference: Hashable
) -> Design | NotEstimable:
    """The columns for an analysis of covariance of so many patients."""
    coded = encoded(arm, patients)
    if isinstance(coded, NotEstimable):
        return NotEstimable(coded.reason, ("arm",))
    labels, codes = coded
    if reference not in labels:
        return NotEstimable("empty_arm", (str(reference),))
    if len(labels) < 2:
        return NotEstimable("one_group")
    arms = (reference, *(label for label in labels if label != reference))
    position = [labels.index(label) for label in arms]
    names, columns, centre = ["intercept"], [np.ones(patients)], [1.0]
    for label, place in zip(arms[1:], position[1:], strict=True):
        names.append(f"arm {label}")
        columns.append((codes == place).astype(np.float64))
        centre.append(0.0)
    for name, values in covariates.items():
        added = _covariate(name, values, patients)
        if isinstance(added, NotEstimable):
            return added
        names.extend(added[0])
        columns.extend(added[1])
        centre.extend(added[2])
    return Design(tuple(names), np.column_stack(columns), np.array(centre), arms, _counts(arms, position, codes))


def _counts(arms: tuple[Hashable, ...], position: Sequence[int], codes: Integers) -> tuple[Denominator, ...]:
    return tuple(Denominator(str(a), int((codes == place).sum())) for a, place in zip(arms, position, strict=True))


def _covariate(
    name: str, values: Covariate, patients: int
) -> tuple[list[str], list[Floats], list[float]] | NotEstimable:
    """The columns of one covariate, with what an average patient has there. Numbers are centred at their mean."""
    if len(values) != patients:
        raise ValueError(f"{len(values)} values of {name} for {patients} patients")
    if not any(isinstance(value, str) for value in values):
        numbers = np.asarray(values, dtype=np.float64)
        problem = _bad_numbers(name, numbers)
        return problem if problem is not None else ([name], [numbers - numbers.mean()], [0.0])
    coded = encoded(values, patients)
    if isinstance(coded, NotEstimable):
        return NotEstimable(coded.reason, (name,))
    levels, codes = coded
    columns = [(codes == place).astype(np.float64) for place in range(1, len(levels))]
    return [f"{name} {level}" for level in levels[1:]], columns, [1.0 / len(levels)] * len(columns)


def _bad_numbers(name: str, values: Floats) -> NotEstimable | None:
    if values.size == 0:
        return NotEstimable("no_subjects")
    if np.isnan(values).any():
        return NotEstimable("missing_values", (name,))
    return NotEstimable("not_finite", (name,)) if np.isinf(values).any() else None


def _solved(columns: Floats, names: tuple[str, ...]) -> _Solved | NotEstimable:
    """By singular values, the columns scaled to unit length so that units cannot hide a redundancy."""
    lengths = np.sqrt((columns**2).sum(axis=0))
    lengths = np.where(lengths > 0, lengths, 1.0)
    left, values, right = np.linalg.svd(columns / lengths, full_matrices=False)
    if len(values) < len(lengths) or values[-1] <= _RANK_TOLERANCE * values[0]:
        about = () if len(values) < len(lengths) else _involved(names, right[-1])
        return NotEstimable("collinear" if about else "no_residual_freedom", about)
    return _Solved(left, right.T / values / lengths[:, None])


def _least_squares(y: Floats, design: Design, robust: bool) -> _Fit | NotEstimable:
    solved = _solved(design.columns, design.names)
    if isinstance(solved, NotEstimable):
        return solved
    freedom = y.size - len(design.names)
    if freedom == 0:
        return NotEstimable("no_residual_freedom")
    residual = y - solved.left @ (solved.left.T @ y)
    squares = float((residual**2).sum())
    if squares <= _PERFECT_FIT * float((y**2).sum()):
        return NotEstimable("zero_variance")
    deviation = sqrt(squares / freedom)
    root = _sandwich(residual, solved.left) if robust else np.eye(len(design.names)) * deviation
    if isinstance(root, NotEstimable):
        return root
    return _Fit(solved.inverse @ (solved.left.T @ y), solved.inverse @ root, deviation, freedom)


def _sandwich(residual: Floats, left: Floats) -> Floats | NotEstimable:
    """The root of Σ qᵢqᵢ′ (eᵢ/(1 − hᵢ))²: every residual as if the patient had been left out of the fit."""
    unexplained = 1.0 - (left**2).sum(axis=1)
    if (alone := np.flatnonzero(unexplained <= _RANK_TOLERANCE)).size:
        return NotEstimable("patient_fits_alone", (str(alone[0] + 1),))
    return np.asarray(left.T * (residual / unexplained))


def _involved(names: tuple[str, ...], direction: Floats) -> tuple[str, ...]:
    return tuple(
        name for name, share in zip(names, direction, strict=True) if abs(share) > 1e-3 and name != "intercept"
    )


def _estimate(method: str, design: Design, fit: _Fit, level: float, place: int) -> Estimate:
    """The adjusted mean of an arm, or its difference from the reference, as one linear combination."""
    difference = method.endswith("difference")
    weights = np.zeros_like(design.centre) if difference else design.centre.copy()
    if place > 0:
        weights[place] = 1.0
    estimate = float(weights @ fit.coefficients)
    error = float(np.linalg.norm(weights @ fit.root))
    counts = (design.counts[place], design.counts[0]) if difference else (design.counts[place],)
    if error <= _NO_ERROR * fit.deviation:  # robust, and nobody of these arms is off the line
        why = NotEstimable("zero_variance")
        return Estimate(method=method, estimate=estimate, level=level, denominators=counts, why=why)
    width = t_quantile(level, fit.freedom) * error
    return Estimate(
        method=method,
        estimate=estimate,
        standard_error=error,
        lower=estimate - width,
        upper=estimate + width,
        level=level,
        statistic=estimate / error if difference else None,
        degrees_of_freedom=fit.freedom,
        p_value=t_p(estimate / error, fit.freedom) if difference else None,
        denominators=counts,
    )
