"""Regression of a patient's number of events on covariates: Poisson, and negative binomial where counts vary more."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy import special

from equipoise.statistics.counts.negative_binomial import CountData, dispersion_at_maximum, information, poisson_at
from equipoise.statistics.numerics.distributions import check_level
from equipoise.statistics.numerics.newton import Maximum, chosen, covariates, labels, maximise, scaled, unusable
from equipoise.statistics.numerics.wald import wald_ratio
from equipoise.statistics.result import Denominator, Estimate, Floats, NotEstimable, read_only

Information = Literal["observed", "expected"]

# Below this share of the largest eigenvalue, columns scaled to unit deviation are linearly dependent.
_RANK_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class CountRegression:
    """A log-linear model of counts; arrays run in the order of `names`, the intercept first.

    `dispersion` is α of the variance μ + αμ²; None in a Poisson model. Where the counts vary no more than Poisson
    counts it is zero, the rest of the fit is Poisson's, and `why` says so.
    """

    method: str
    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    deviance: float
    pearson: float  # Σ (y − μ)² / variance
    dispersion: float | None
    dispersion_error: float | None
    degrees_of_freedom: int  # residual
    level: float
    denominators: tuple[Denominator, ...]
    why: NotEstimable | None = None

    @property
    def standard_errors(self) -> Floats:
        """The square roots of the covariance's diagonal."""
        return read_only(np.sqrt(np.diag(self.covariance)))

    def rate_ratio(self, name: str | None = None) -> Estimate:
        """The rate ratio for one unit of a covariate (the first by default) with its Wald interval and test."""
        place = self.names.index(name) if name is not None else 1
        return wald_ratio(
            self.method,
            float(self.coefficients[place]),
            float(self.standard_errors[place]),
            level=self.level,
            denominators=self.denominators,
            why=self.why,
        )


def poisson_regression(
    counts: npt.ArrayLike,
    X: npt.ArrayLike,
    *,
    exposure: npt.ArrayLike | None = None,
    names: Sequence[str] | None = None,
    level: float = 0.95,
) -> CountRegression | NotEstimable:
    """Log-linear regression of counts with variance equal to their mean (Nelder & Wedderburn 1972).

    X has one row per patient and no column for the intercept; `exposure` is the time under observation, its logarithm
    the offset. A group without any event is "monotone_likelihood". Not for events that cluster in patients: compare
    `pearson` with its degrees of freedom, and use the negative binomial or a robust Andersen–Gill model.
    """
    prepared = _prepared(counts, X, exposure, names, level)
    if isinstance(prepared, NotEstimable):
        return prepared
    data, labelled, back = prepared
    maximum = _poisson(data, labelled)
    if isinstance(maximum, NotEstimable):
        return maximum
    return _result("poisson_regression", data, labelled, maximum.beta, maximum.information, back, level, None)


def negative_binomial_regression(
    counts: npt.ArrayLike,
    X: npt.ArrayLike,
    *,
    exposure: npt.ArrayLike | None = None,
    names: Sequence[str] | None = None,
    variance: Information = "observed",
    level: float = 0.95,
) -> CountRegression | NotEstimable:
    """Log-linear regression of counts with variance μ + αμ² (NB2; Lawless 1987), α by maximum likelihood.

    `variance` says where standard errors come from: the joint observed information of coefficients and α (as SAS
    GENMOD and glmmTMB), or the expected information at a given α (as MASS `glm.nb`); they differ in the third digit.
    """
    if variance not in get_args(Information):
        raise ValueError(f"variance is one of {', '.join(get_args(Information))}, not {variance!r}")
    prepared = _prepared(counts, X, exposure, names, level)
    if isinstance(prepared, NotEstimable):
        return prepared
    data, labelled, back = prepared
    start = _poisson(data, labelled)
    if isinstance(start, NotEstimable):
        return start
    method = f"negative_binomial/{variance}"
    found = dispersion_at_maximum(data, start.beta, labelled)
    if isinstance(found, NotEstimable):
        return found
    alpha, beta = found
    if alpha == 0.0:
        fit = _result(method, data, labelled, start.beta, start.information, back, level, (0.0, None))
        return replace(fit, why=NotEstimable("no_overdispersion"))
    joint = information(data, beta, alpha, expected=variance == "expected")
    error = float(np.sqrt(np.linalg.inv(joint)[-1, -1]))
    effective = np.linalg.inv(np.linalg.inv(joint)[:-1, :-1])
    return _result(method, data, labelled, beta, effective, back, level, (alpha, error))


def _prepared(
    counts: npt.ArrayLike, X: npt.ArrayLike, exposure: npt.ArrayLike | None, names: Sequence[str] | None, level: float
) -> tuple[CountData, tuple[str, ...], Floats] | NotEstimable:
    """The counts with their scaled design, the names, and the matrix that leads back to the covariates' own units."""
    check_level(level)
    y = np.asarray(counts, dtype=np.float64)
    matrix = covariates(X, y.size)
    labelled = labels(names, matrix.shape[1])
    time = np.ones(y.size) if exposure is None else np.asarray(exposure, dtype=np.float64)
    if time.shape != y.shape:
        raise ValueError("counts and exposures are two vectors of one length")
    if (problem := _problem(y, time) or unusable(matrix, labelled)) is not None:
        return problem
    unit, centre, deviation = scaled(matrix)
    if (dependent := _dependent(unit, labelled)) is not None:
        return dependent
    back = np.diag(np.concatenate(([1.0], 1.0 / deviation)))
    back[0, 1:] = -centre / deviation
    design = np.column_stack([np.ones(y.size), unit])
    return CountData(y, np.log(time), design), ("intercept", *labelled), back


def _problem(y: Floats, time: Floats) -> NotEstimable | None:
    if y.size == 0:
        return NotEstimable("no_subjects")
    for name, column in (("counts", y), ("exposure", time)):
        if np.isnan(column).any():
            return NotEstimable("missing_values", (name,))
        if np.isinf(column).any():
            return NotEstimable("not_finite", (name,))
    if (y < 0).any() or (y != np.floor(y)).any():
        return NotEstimable("not_a_count")
    if (time <= 0).any():
        return NotEstimable("no_person_time")
    return None if y.any() else NotEstimable("no_events")


def _dependent(unit: Floats, names: tuple[str, ...]) -> NotEstimable | None:
    """Name the covariates that are constant, like the intercept, or combinations of the others."""
    constant = np.asarray(~unit.any(axis=0))
    if constant.any():
        return NotEstimable("collinear", chosen(names, constant))
    values, vectors = np.linalg.eigh(unit.T @ unit / len(unit))
    dependent = values[0] <= _RANK_TOLERANCE * values[-1]
    return NotEstimable("collinear", chosen(names, np.abs(vectors[:, 0]) > 1e-3)) if dependent else None


def _poisson(data: CountData, names: tuple[str, ...]) -> Maximum | NotEstimable:
    start = np.zeros(data.design.shape[1])
    start[0] = np.log(data.counts.sum() / np.exp(data.offset).sum())
    return maximise(lambda beta: poisson_at(data, beta), data.design, start, names)


def _result(
    method: str,
    data: CountData,
    names: tuple[str, ...],
    beta: Floats,
    inside: Floats,
    back: Floats,
    level: float,
    dispersion: tuple[float, float | None] | None,
) -> CountRegression:
    alpha, error = (None, None) if dispersion is None else dispersion
    fitted = data.mean(beta)
    return CountRegression(
        method=method,
        names=names,
        coefficients=read_only(back @ beta),
        covariance=read_only(back @ np.linalg.inv(inside) @ back.T),
        log_likelihood=data.log_likelihood(beta, alpha or 0.0),
        deviance=_deviance(data.counts, fitted, alpha or 0.0),
        pearson=float(((data.counts - fitted) ** 2 / (fitted + (alpha or 0.0) * fitted**2)).sum()),
        dispersion=alpha,
        dispersion_error=error,
        degrees_of_freedom=data.counts.size - beta.size,
        level=level,
        denominators=(Denominator("all", data.counts.size, int(data.counts.sum())),),
    )


def _deviance(y: Floats, fitted: Floats, alpha: float) -> float:
    """Twice the log-likelihood lost against means equal to the counts, at the same dispersion."""
    own = special.xlogy(y, y / fitted)
    if alpha == 0.0:
        return float(2.0 * (own - (y - fitted)).sum())
    return float(2.0 * (own - (y + 1.0 / alpha) * (np.log1p(alpha * y) - np.log1p(alpha * fitted))).sum())
