"""Curves, restricted means, the log-rank test and Cox models as cases of other programs ask for them."""

from collections.abc import Callable
from typing import Any, Final

from equipoise.statistics import (
    Estimate,
    NotEstimable,
    SurvivalCurve,
    cox,
    kaplan_meier,
    logrank,
    proportional_hazards_test,
    restricted_mean,
    restricted_mean_difference,
    restricted_mean_ratio,
)
from equipoise.validation.statistics.formula import column, design, read_formula, strata
from equipoise.validation.vector import NotMappedError, Vector

_POINT: Final = {
    "surv": "survival", "std_err": "standard_error", "lower": "lower", "upper": "upper", "n_risk": "at_risk",
}  # fmt: skip


def _curve(vector: Vector) -> SurvivalCurve | NotEstimable:
    if vector.flavour not in ("log-log", "log", "plain"):
        raise NotMappedError(f"there is no interval {vector.flavour!r} of a curve")
    kind: Any = vector.flavour
    time, event = vector.floats("time"), vector.floats("event")
    return kaplan_meier(time, event, conf_type=kind, level=vector.number("conf_level", 0.95))


def _curve_at(vector: Vector) -> dict[str, Any]:
    curve, times = _curve(vector), [float(time) for time in vector.take("times")]
    if isinstance(curve, NotEstimable):
        return dict.fromkeys(_POINT)
    points = curve.at(times)
    return {name: [getattr(point, field) for point in points] for name, field in _POINT.items()}


def _quantiles(vector: Vector) -> dict[str, Any]:
    curve, probabilities = _curve(vector), [float(probability) for probability in vector.take("probs")]
    if isinstance(curve, NotEstimable):
        return {"quantile": None}
    found = [curve.quantile(probability) for probability in probabilities]
    fields = {"quantile": "estimate", "lower": "lower", "upper": "upper"}
    return {name: [getattr(one, field, None) for one in found] for name, field in fields.items()}


def _restricted_means(vector: Vector) -> dict[str, Any]:
    one, other = _restricted_mean_of(vector, "1"), _restricted_mean_of(vector, "0")
    found: dict[str, Any] = {}
    for name, mean in (("arm1", one), ("arm0", other)):
        found |= {f"rmst_{name}": getattr(mean, "estimate", None), f"se_{name}": getattr(mean, "standard_error", None)}
    if isinstance(one, NotEstimable) or isinstance(other, NotEstimable):
        return found | {"diff": None, "ratio": None}
    for name, contrast in (("diff", restricted_mean_difference), ("ratio", restricted_mean_ratio)):
        result = contrast(one, other)
        found[name] = [getattr(result, part, None) for part in ("estimate", "lower", "upper", "p_value")]
    return found


def _restricted_mean_of(vector: Vector, arm: str) -> Estimate | NotEstimable:
    rows = zip(vector.floats("time"), vector.floats("event"), column(vector, "arm"), strict=True)
    time, event = zip(*((t, e) for t, e, a in rows if a == arm), strict=True)
    return restricted_mean(time, event, horizon=vector.number("tau"), level=vector.number("conf_level", 0.95))


def _log_rank(vector: Vector) -> dict[str, Any]:
    formula = read_formula(vector.take("formula"))
    (group,) = formula.covariates
    test = logrank(
        vector.floats("time"),
        vector.floats("event"),
        column(vector, group),
        strata(vector, formula),
        rho=vector.number("rho", 0),
    )
    if isinstance(test, NotEstimable):
        return {"chisq": None, "p": None}
    return {
        "chisq": test.statistic,
        "df": test.degrees_of_freedom,
        "p": test.p_value,
        "observed": list(test.observed),
        "expected": list(test.expected),
        "var": test.variance[0, 0],
        f"z_{group}1": test.z,
    }


def _cox(vector: Vector) -> dict[str, Any]:
    formula = read_formula(vector.take("formula"))
    names, X = design(vector, formula)
    fit = cox(
        vector.floats("time"),
        vector.floats("event"),
        X,
        names=names,
        ties=vector.take("ties", vector.flavour),
        strata=strata(vector, formula),
        level=vector.number("conf_level", 0.95),
    )
    if isinstance(fit, NotEstimable):
        return {"coef": None, "hr": None}
    ratios = [fit.hazard_ratio(name) for name in names]
    return {
        "coef_names": list(fit.names),
        "coef": list(fit.coefficients),
        "se": list(fit.standard_errors),
        **_ratios(ratios),
        "loglik_null": fit.log_likelihood_null,
        "loglik": fit.log_likelihood,
        "lrt": fit.likelihood_ratio.statistic,
        "score": fit.score.statistic,
        "wald": fit.wald.statistic,
    }


def _proportionality(vector: Vector) -> dict[str, Any]:
    """The test of every covariate and, after them, that of all at once, as the rows of R's table."""
    formula = read_formula(vector.take("formula"))
    names, X = design(vector, formula)
    if len(names) != len(formula.covariates):
        raise NotMappedError("a factor of several columns is one term there and several covariates here")
    ties: Any = vector.take("ties", "efron")
    kind: Any = vector.take("transform", "km")
    fit = cox(vector.floats("time"), vector.floats("event"), X, names=names, ties=ties, strata=strata(vector, formula))
    found = fit if isinstance(fit, NotEstimable) else proportional_hazards_test(fit, transform=kind)
    if isinstance(found, NotEstimable):
        return {"chisq": None, "p": None}
    tests = [*found.tests, found.overall]
    return {
        "terms": [*found.names, "GLOBAL"],
        "chisq": [test.statistic for test in tests],
        "df": [test.degrees_of_freedom for test in tests],
        "p": [test.p_value for test in tests],
        "chisq_global": found.overall.statistic,
        "df_global": found.overall.degrees_of_freedom,
        "p_global": found.overall.p_value,
    }


def _ratios(ratios: list[Estimate]) -> dict[str, Any]:
    fields = {"hr": "estimate", "lower": "lower", "upper": "upper", "p": "p_value"}
    return {name: [getattr(ratio, field) for ratio in ratios] for name, field in fields.items()}


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    "kaplan_meier/*": _curve_at,
    "km_quantile/*": _quantiles,
    "rmst_two_arm": _restricted_means,
    "logrank": _log_rank,
    "logrank_stratified*": _log_rank,
    "fh_rho*": _log_rank,
    "cox/*": _cox,
    "cox_stratified/*": _cox,
    "cox_strat_cov/*": _cox,
    "cox_zph": _proportionality,
}
