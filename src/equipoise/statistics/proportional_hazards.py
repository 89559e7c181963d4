"""Cox's proportional hazards regression by Newton–Raphson, with the ties handled after Efron or Breslow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from equipoise.statistics.distributions import chi_square_p, normal_p, normal_quantile
from equipoise.statistics.ordering import Labels, Ordered, ordered
from equipoise.statistics.result import Denominator, Estimate, Floats, HypothesisTest, NotEstimable, read_only
from equipoise.statistics.survival_kernels import cox_sums

Ties = Literal["efron", "breslow"]

_MOST_STEPS = 60
# Newton's decrement (the gain still to be had, in log-likelihood) at which the maximum is reached.
_DECREMENT = 1e-13
# Where nothing is left to gain and a step still moves some patient's log hazard by this much, the maximum is at
# infinity: towards it every Newton step is about one long. A covariate with this share of the step runs away.
_STILL_MOVING = 1e-3
_RUNS_AWAY = 0.05
# A full step may lose this share of the log-likelihood to rounding without being halved.
_ROUNDING = 1e-12
# Below this share of the largest eigenvalue, the covariates (or their information) are linearly dependent.
_RANK_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class CoxFit:
    """A fitted proportional hazards model; arrays run in the order of `names`."""

    method: str
    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    log_likelihood_null: float
    log_likelihood: float
    wald: HypothesisTest
    score: HypothesisTest
    likelihood_ratio: HypothesisTest
    level: float
    denominators: tuple[Denominator, ...]
    iterations: int

    @property
    def standard_errors(self) -> Floats:
        """The square roots of the covariance's diagonal."""
        return read_only(np.sqrt(np.diag(self.covariance)))

    def hazard_ratio(self, name: str | None = None) -> Estimate:
        """The hazard ratio for one unit of a covariate (the first by default) with its Wald interval and test."""
        place = self.names.index(name) if name is not None else 0
        coefficient, error = float(self.coefficients[place]), float(self.standard_errors[place])
        width = normal_quantile(self.level) * error
        lower, ratio, upper = (float(np.exp(coefficient + shift)) for shift in (-width, 0.0, width))
        z = coefficient / error
        return Estimate(
            method=self.method,
            estimate=ratio,
            standard_error=error,
            standard_error_scale="log",
            lower=lower,
            upper=upper,
            level=self.level,
            statistic=z,
            p_value=normal_p(z),
            denominators=self.denominators,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Likelihood:
    """The partial likelihood of covariates scaled to unit deviation."""

    data: Ordered
    X: Floats
    efron: bool

    def at(self, beta: Floats) -> tuple[float, Floats, Floats]:
        return cox_sums(self.data.time, self.data.event, self.data.stratum, self.X, beta, self.efron)


@dataclass(frozen=True, slots=True, eq=False)
class _Maximum:
    beta: Floats
    log_likelihood: float
    information: Floats
    steps: int


def cox(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    X: npt.ArrayLike,
    *,
    names: Sequence[str] | None = None,
    ties: Ties = "efron",
    strata: Labels | None = None,
    level: float = 0.95,
) -> CoxFit | NotEstimable:
    """Proportional hazards regression by partial likelihood (Cox 1972; ties: Efron 1977 or Breslow 1974).

    X has one row per patient and one column per covariate. With strata each stratum has its own baseline hazard. A
    likelihood without a maximum (an arm without events) is named "monotone_likelihood" with the covariates that run
    away; the log-rank test remains defined there.
    """
    if ties not in get_args(Ties):
        raise ValueError(f"ties is one of {', '.join(get_args(Ties))}, not {ties!r}")
    data = ordered(time, event, strata)
    if isinstance(data, NotEstimable):
        return data
    covariates = _covariates(X, data.time.size)
    labels = tuple(names) if names is not None else tuple(f"x{place + 1}" for place in range(covariates.shape[1]))
    if len(labels) != covariates.shape[1]:
        raise ValueError(f"{len(labels)} names for {covariates.shape[1]} covariates")
    if (problem := _problem(covariates, data, labels)) is not None:
        return problem
    scaled, deviation = _scaled(covariates[data.order])
    likelihood = _Likelihood(data, scaled, ties == "efron")
    null = likelihood.at(np.zeros(len(labels)))
    if (problem := _without_information(null[2], labels)) is not None:
        return problem
    maximum = _maximise(likelihood, null, labels)
    if isinstance(maximum, NotEstimable):
        return maximum
    method = f"cox_stratified/{ties}" if strata is not None else f"cox/{ties}"
    return _fit(method, labels, level, data, null, maximum, deviation)


def _covariates(X: npt.ArrayLike, patients: int) -> Floats:
    matrix = np.asarray(X, dtype=np.float64)
    matrix = matrix[:, np.newaxis] if matrix.ndim == 1 else matrix
    if matrix.ndim != 2 or matrix.shape[0] != patients or matrix.shape[1] == 0:
        raise ValueError("X has one row per patient and at least one column")
    return matrix


def _problem(X: Floats, data: Ordered, names: tuple[str, ...]) -> NotEstimable | None:
    missing, infinite = np.isnan(X), np.isinf(X)
    if missing.any():
        return NotEstimable("missing_values", _named(names, missing.any(axis=0)))
    if infinite.any():
        return NotEstimable("not_finite", _named(names, infinite.any(axis=0)))
    return None if data.event.any() else NotEstimable("no_events")


def _named(names: tuple[str, ...], chosen: npt.ArrayLike) -> tuple[str, ...]:
    return tuple(name for name, wanted in zip(names, np.atleast_1d(chosen), strict=True) if wanted)


def _scaled(X: Floats) -> tuple[Floats, Floats]:
    """Covariates centred and scaled, so that no unit of measurement can spoil the arithmetic."""
    centred = X - X.mean(axis=0)
    deviation = centred.std(axis=0)
    # A constant leaves rounding behind when it is centred; that is no deviation.
    constant = deviation <= 1e-12 * np.abs(X).max(axis=0)
    deviation = np.where(constant, 1.0, deviation)
    return np.ascontiguousarray(np.where(constant, 0.0, centred / deviation)), deviation


def _without_information(information: Floats, names: tuple[str, ...]) -> NotEstimable | None:
    """Name the covariates about which the events say nothing, alone or given the others."""
    flat = np.diag(information) <= _RANK_TOLERANCE
    if flat.any():
        return NotEstimable("no_information", _named(names, flat))
    scale = np.sqrt(np.diag(information))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values[0] > _RANK_TOLERANCE:
        return None
    return NotEstimable("collinear", _named(names, np.abs(vectors[:, 0]) > 1e-3))


def _maximise(
    likelihood: _Likelihood, start: tuple[float, Floats, Floats], names: tuple[str, ...]
) -> _Maximum | NotEstimable:
    """Newton–Raphson with halved steps where a full one would not climb."""
    beta = np.zeros(len(names))
    loglik, gradient, information = start
    for steps in range(_MOST_STEPS):
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        if float(gradient @ step) <= _DECREMENT * max(1.0, abs(loglik)):
            if np.abs(likelihood.X @ step).max() > _STILL_MOVING:
                return NotEstimable(
                    "monotone_likelihood", _named(names, np.abs(step) > _RUNS_AWAY * np.abs(step).max())
                )
            loglik, _, information = likelihood.at(beta + step)
            return _Maximum(beta + step, loglik, information, steps + 1)
        candidate = likelihood.at(beta + step)
        while not candidate[0] >= loglik - _ROUNDING * abs(loglik):
            step /= 2.0
            candidate = likelihood.at(beta + step)
        beta, (loglik, gradient, information) = beta + step, candidate
    return NotEstimable("not_converged", names)


def _fit(
    method: str,
    names: tuple[str, ...],
    level: float,
    data: Ordered,
    null: tuple[float, Floats, Floats],
    maximum: _Maximum,
    deviation: Floats,
) -> CoxFit:
    covariance = np.linalg.inv(maximum.information)
    counts = (Denominator("all", int(data.time.size), int(data.event.sum())),)

    def tested(kind: str, statistic: float) -> HypothesisTest:
        return HypothesisTest(
            method=f"cox/{kind}",
            statistic=statistic,
            degrees_of_freedom=len(names),
            p_value=chi_square_p(statistic, len(names)),
            denominators=counts,
        )

    return CoxFit(
        method=method,
        names=names,
        coefficients=read_only(maximum.beta / deviation),
        covariance=read_only(covariance / np.outer(deviation, deviation)),
        log_likelihood_null=null[0],
        log_likelihood=maximum.log_likelihood,
        wald=tested("wald", float(maximum.beta @ maximum.information @ maximum.beta)),
        score=tested("score", float(null[1] @ np.linalg.solve(null[2], null[1]))),
        likelihood_ratio=tested("likelihood_ratio", max(0.0, 2.0 * (maximum.log_likelihood - null[0]))),
        level=level,
        denominators=counts,
        iterations=maximum.steps,
    )
