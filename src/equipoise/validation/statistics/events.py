"""Cox models with a robust variance, recurrent events and counts as cases of other programs ask for them."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from equipoise.statistics import (
    CoxFit,
    NotEstimable,
    andersen_gill,
    cox,
    negative_binomial_regression,
    poisson_regression,
    prentice_williams_peterson,
)
from equipoise.validation.statistics.formula import column, design, read_formula, strata
from equipoise.validation.vector import NotMappedError, Vector


def _robust(fit: CoxFit | NotEstimable) -> dict[str, Any]:
    """A fit with the standard errors of the model and of the sandwich."""
    if isinstance(fit, NotEstimable):
        return {"coef": None}
    ratios = [fit.hazard_ratio(name) for name in fit.names]
    return {
        "coef_names": list(fit.names),
        "coef": list(fit.coefficients),
        "se_naive": list(np.sqrt(np.diag(fit.model_covariance))),
        "se_robust": list(fit.standard_errors),
        "hr": [ratio.estimate for ratio in ratios],
        "lower": [ratio.lower for ratio in ratios],
        "upper": [ratio.upper for ratio in ratios],
        "loglik": fit.log_likelihood,
    }


def _cox_robust(vector: Vector) -> dict[str, Any]:
    if vector.take("robust", True) is not True:
        raise NotMappedError("the case asks for a variance that is not robust")
    formula = read_formula(vector.take("formula"))
    names, X = design(vector, formula)
    cluster = vector.take("cluster", None)
    return _robust(
        cox(
            vector.floats("time"),
            vector.floats("event"),
            X,
            names=names,
            ties=vector.take("ties", "efron"),
            strata=strata(vector, formula),
            robust=True,
            cluster=None if cluster is None else column(vector, cluster),
            level=vector.number("conf_level", 0.95),
        )
    )


def _recurrent(vector: Vector, fit: Callable[..., CoxFit | NotEstimable], **more: Any) -> dict[str, Any]:
    formula = read_formula(vector.take("formula"))
    names, X = design(vector, formula)
    if formula.last_order:
        more["last_stratum"] = formula.last_order
    return _robust(
        fit(
            vector.floats("start"),
            vector.floats("stop"),
            vector.floats("event"),
            X,
            column(vector, vector.take("cluster", "id")),
            names=names,
            ties=vector.take("ties", "efron"),
            strata=strata(vector, formula),
            level=vector.number("conf_level", 0.95),
            **more,
        )
    )


def _andersen_gill(vector: Vector) -> dict[str, Any]:
    return _recurrent(vector, andersen_gill)


def _by_order(vector: Vector) -> dict[str, Any]:
    """Prentice, Williams and Peterson, with time in total or since the last event by the name of the method."""
    return _recurrent(vector, prentice_williams_peterson, clock="gap" if "gap" in vector.method else "total")


def _counts(vector: Vector) -> tuple[list[float], Any, dict[str, Any]]:
    """Counts, covariates, and the rest of a call."""
    written = vector.take("formula")
    formula = read_formula(written)
    names, X = design(vector, formula)
    exposure = vector.floats(formula.exposure) if formula.exposure else None
    outcome = written.partition("~")[0].strip()
    return vector.floats(outcome), X, {"exposure": exposure, "names": names, "level": vector.number("conf_level", 0.95)}


def _poisson(vector: Vector) -> dict[str, Any]:
    counts, X, more = _counts(vector)
    fit = poisson_regression(counts, X, **more)
    if isinstance(fit, NotEstimable):
        return {"coef": None}
    return {
        "coef": list(fit.coefficients),
        "se": list(fit.standard_errors),
        "deviance": fit.deviance,
        "pearson": fit.pearson,
        "loglik": fit.log_likelihood,
    }


def _negative_binomial(vector: Vector) -> dict[str, Any]:
    """Standard errors by the expected information are called se, those by the observed one say so."""
    counts, X, more = _counts(vector)
    expected = negative_binomial_regression(counts, X, variance="expected", **more)
    observed = negative_binomial_regression(counts, X, variance="observed", **more)
    if isinstance(expected, NotEstimable) or isinstance(observed, NotEstimable):
        return {"coef": None}
    return {
        "coef": list(expected.coefficients),
        "se": list(expected.standard_errors),
        "se_joint_observed_info": list(observed.standard_errors),
        "alpha": expected.dispersion,
        "theta": 1 / expected.dispersion if expected.dispersion else None,
        "loglik": expected.log_likelihood,
        "rate_ratio_arm": getattr(expected.rate_ratio("arm"), "estimate", None),
    }


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    "cox_robust": _cox_robust,
    "andersen_gill_lwyy": _andersen_gill,
    "pwp_total_time": _by_order,
    "pwp_gap_time": _by_order,
    "poisson_regression": _poisson,
    "nb2_regression": _negative_binomial,
}
