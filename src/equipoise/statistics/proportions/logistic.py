"""Logistic regression by maximum likelihood, and the risks it gives when everybody has one treatment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
import numpy.typing as npt
from scipy import special

from equipoise.statistics.numerics.distributions import normal_p, normal_quantile
from equipoise.statistics.numerics.newton import Height, chosen, covariates, labels, maximise, scaled, unusable
from equipoise.statistics.numerics.wald import wald_ratio
from equipoise.statistics.result import Denominator, Estimate, Floats, NotEstimable, read_only

_RANK_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogisticFit:
    """Coefficients on the scale of the log odds, the intercept first, with their covariance."""

    method: str
    names: tuple[str, ...]
    coefficients: Floats
    standard_errors: Floats
    covariance: Floats
    deviance: float
    null_deviance: float
    level: float
    denominators: tuple[Denominator, ...]

    def odds_ratio(self, name: str) -> Estimate:
        """The odds ratio for one unit more of a covariate, with its Wald interval and test."""
        place = self.names.index(name)
        return wald_ratio(
            "logistic/odds_ratio",
            float(self.coefficients[place]),
            float(self.standard_errors[place]),
            level=self.level,
            denominators=self.denominators,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardisedRisks:
    """The risks if all patients had been treated, and if none had, with their contrasts."""

    method: str
    treatment: Estimate
    reference: Estimate
    difference: Estimate
    ratio: Estimate


def logistic(
    outcome: npt.ArrayLike, X: npt.ArrayLike, *, names: Sequence[str] | None = None, level: float = 0.95
) -> LogisticFit | NotEstimable:
    """Logistic regression with an intercept (Cox 1958), by Newton's method with step halving.

    `outcome` is 0 or 1 for each patient; `X` has one row for each patient and one column for each covariate. Where a
    combination of covariates separates the outcomes, wholly or in part, the likelihood has no maximum (Albert &
    Anderson 1984) and the outcome is `separation` with the covariates concerned.
    """
    normal_quantile(level)
    y = np.asarray(outcome, dtype=np.float64)
    if y.ndim != 1:
        raise ValueError("outcomes are one vector")
    columns = covariates(X, y.size)
    titles = labels(names, columns.shape[1])
    if (problem := _problem(y, columns, titles)) is not None:
        return problem
    centred, centre, deviation = scaled(columns)
    design = np.column_stack([np.ones(y.size), centred])
    if (problem := _dependent(design, titles)) is not None:
        return problem
    fit = maximise(_height(y, design), design, np.zeros(design.shape[1]), ("intercept", *titles))
    if isinstance(fit, NotEstimable):
        return _named(fit, titles)
    back = np.diag(np.concatenate([[1.0], 1.0 / deviation]))
    back[0, 1:] = -centre / deviation
    covariance = back @ np.linalg.inv(fit.information) @ back.T
    return LogisticFit(
        method="logistic",
        names=("intercept", *titles),
        coefficients=read_only(back @ fit.beta),
        standard_errors=read_only(np.sqrt(np.diag(covariance))),
        covariance=read_only(covariance),
        deviance=-2.0 * fit.log_likelihood,
        null_deviance=2.0 * y.size * float(special.entr(y.mean()) + special.entr(1.0 - y.mean())),
        level=level,
        denominators=(Denominator("all", y.size, int(y.sum())),),
    )


def standardised_risks(
    outcome: npt.ArrayLike,
    treated: npt.ArrayLike,
    X: npt.ArrayLike,
    *,
    names: Sequence[str] | None = None,
    level: float = 0.95,
) -> StandardisedRisks | NotEstimable:
    """Standardised (g-computation) risks, their difference and ratio, from a logistic model (Ge et al. 2011).

    Each patient's risk is predicted with and without treatment and averaged over all of them. Standard errors by the
    delta method, the covariates taken as fixed; ratios have limits on the log scale. `treated` is 1 or 0, `X` holds
    the covariates the model adjusts for; without a column the risks are the two proportions.
    """
    arm = np.asarray(treated, dtype=np.float64)
    if arm.ndim != 1:
        raise ValueError("treatments are one vector")
    if np.isnan(arm).any():
        return NotEstimable("missing_values", ("treatment",))
    if not np.isin(arm, (0.0, 1.0)).all():
        raise ValueError("treated is 1 or 0 for each patient")
    if arm.size and arm.min() == arm.max():
        return NotEstimable("empty_arm", ("treatment" if arm[0] == 0.0 else "reference",))
    columns = covariates(X, arm.size, at_least=0)
    titles = ("treatment", *labels(names, columns.shape[1]))
    fit = logistic(outcome, np.column_stack([arm, columns]), names=titles, level=level)
    if isinstance(fit, NotEstimable):
        return fit
    y = np.asarray(outcome, dtype=np.float64)
    counts = tuple(
        Denominator(name, int((arm == code).sum()), int(y[arm == code].sum()))
        for name, code in (("treatment", 1.0), ("reference", 0.0))
    )
    (p1, g1), (p0, g0) = (_average_risk(fit, np.full(arm.size, code), columns) for code in (1.0, 0.0))
    return StandardisedRisks(
        method="gcomp",
        treatment=_contrast("gcomp/risk", p1, g1, fit, counts[:1]),
        reference=_contrast("gcomp/risk", p0, g0, fit, counts[1:]),
        difference=_contrast("gcomp/risk_difference", p1 - p0, g1 - g0, fit, counts),
        ratio=_contrast("gcomp/risk_ratio", log(p1 / p0), g1 / p1 - g0 / p0, fit, counts),
    )


def _height(y: Floats, X: Floats) -> Callable[[Floats], Height]:
    """The log-likelihood with its gradient and information, as a function of the coefficients."""

    def at(beta: Floats) -> Height:
        predictor = X @ beta
        risk = special.expit(predictor)
        loglik = float(-np.logaddexp(0.0, np.where(y == 1.0, -predictor, predictor)).sum())
        return loglik, X.T @ (y - risk), X.T @ (X * (risk * (1.0 - risk))[:, np.newaxis])

    return at


def _average_risk(fit: LogisticFit, arm: Floats, columns: Floats) -> tuple[float, Floats]:
    """The mean risk when everybody's arm is this one, and its gradient in the coefficients."""
    design = np.column_stack([np.ones(arm.size), arm, columns])
    risk = special.expit(design @ fit.coefficients)
    return float(risk.mean()), np.asarray((risk * (1.0 - risk)) @ design / arm.size)


def _contrast(
    method: str, value: float, gradient: Floats, fit: LogisticFit, counts: tuple[Denominator, ...]
) -> Estimate:
    """A linear or (for the ratio) logarithmic quantity with its delta-method error."""
    logs = method == "gcomp/risk_ratio"
    error = sqrt(float(gradient @ fit.covariance @ gradient))
    width = normal_quantile(fit.level) * error
    tested = method != "gcomp/risk"
    return Estimate(
        method=method,
        estimate=exp(value) if logs else value,
        standard_error=error,
        standard_error_scale="log" if logs else "identity",
        lower=exp(value - width) if logs else value - width,
        upper=exp(value + width) if logs else value + width,
        level=fit.level,
        statistic=value / error if tested else None,
        p_value=normal_p(value / error) if tested else None,
        denominators=counts,
    )


def _named(problem: NotEstimable, names: tuple[str, ...]) -> NotEstimable:
    """A likelihood without a maximum, in the words of a logistic model."""
    if problem.reason != "monotone_likelihood":
        return problem
    return NotEstimable("separation", tuple(name for name in problem.about if name in names))


def _dependent(design: Floats, names: tuple[str, ...]) -> NotEstimable | None:
    """The outcome for covariates of which one follows from the others, or more of them than patients."""
    values, right = np.linalg.svd(design, full_matrices=False)[1:]
    if len(values) < design.shape[1]:
        return NotEstimable("no_residual_freedom")
    if values[-1] > _RANK_TOLERANCE * values[0]:
        return None
    return NotEstimable("collinear", chosen(names, np.abs(right[-1][1:]) > 1e-3))


def _problem(y: Floats, X: Floats, names: tuple[str, ...]) -> NotEstimable | None:
    if y.size == 0:
        return NotEstimable("no_subjects")
    if np.isnan(y).any():
        return NotEstimable("missing_values", ("outcome",))
    if (problem := unusable(X, names)) is not None:
        return problem
    if not np.isin(y, (0.0, 1.0)).all():
        return NotEstimable("event_not_binary")
    if y.min() == y.max():
        return NotEstimable("no_events" if y[0] == 0.0 else "only_events")
    return None
