"""Exact tests without margins, standardised risks and missing outcomes as cases of other programs ask for them."""

from collections.abc import Callable
from math import inf, log
from typing import Any, Final

from equipoise.statistics import (
    NotEstimable,
    TwoByTwo,
    logistic,
    rubin_pool,
    standardised_risks,
    tipping_point_binary,
    two_proportions_power,
    unconditional_exact,
)
from equipoise.validation.statistics.formula import Formula, design, read_formula
from equipoise.validation.vector import NotMappedError, Vector


def _unconditional(vector: Vector) -> dict[str, Any]:
    vector.take("conf_level", None)
    table = TwoByTwo(
        treatment_events=vector.integer("x1"),
        treatment_total=vector.integer("n1"),
        reference_events=vector.integer("x0"),
        reference_total=vector.integer("n0"),
    )
    found = unconditional_exact(table, ordering=vector.flavour.replace("-", "_"))
    fields = {
        "statistic": "statistic", "p_two_sided": "p_value", "p_less": "p_less", "p_greater": "p_greater",
        "p_twice_min_one_sided": "p_doubled",
    }  # fmt: skip
    return {name: getattr(found, field, None) for name, field in fields.items()}


def _standardised(vector: Vector) -> dict[str, Any]:
    """Arm 1 against arm 0, over the covariates of the formula."""
    written = vector.take("formula")
    formula, outcome = read_formula(written), vector.floats(written.partition("~")[0].strip())
    if "arm" not in formula.covariates:
        raise NotMappedError("the formula has no arm")
    names, X = design(vector, formula)
    others = Formula(tuple(name for name in formula.covariates if name != "arm"), ())
    fit = logistic(outcome, X, names=names)
    risks = standardised_risks(outcome, vector.floats("arm"), design(vector, others)[1])
    if isinstance(fit, NotEstimable) or isinstance(risks, NotEstimable):
        return {"coef": None, "rd": None}
    return {
        "coef": list(fit.coefficients),
        "se": list(fit.standard_errors),
        "deviance": fit.deviance,
        "risk1": risks.treatment.estimate,
        "risk0": risks.reference.estimate,
        "rd": risks.difference.estimate,
        "se_rd_delta": risks.difference.standard_error,
        "log_rr": log(risks.ratio.estimate) if risks.ratio.estimate else None,
        "se_log_rr_delta": risks.ratio.standard_error,
    }


def _pooled(vector: Vector) -> dict[str, Any]:
    found = rubin_pool(
        [float(one) for one in vector.take("estimates")],
        [float(one) for one in vector.take("variances")],
        complete_degrees_of_freedom=vector.number("df_complete", inf),
        level=vector.number("conf_level", 0.95),
    )
    if isinstance(found, NotEstimable):
        return {"est": None}
    pooled = found.estimate
    return {
        "est": pooled.estimate,
        "within": found.within,
        "between": found.between,
        "total": found.total,
        "riv": found.relative_increase,
        "lambda": found.variance_share,
        "fmi": found.fraction_missing,
        "df_rubin": found.degrees_of_freedom_large,
        "df": pooled.degrees_of_freedom,
        "lower": pooled.lower,
        "upper": pooled.upper,
        "p": pooled.p_value,
    }


def _tipping_point(vector: Vector) -> dict[str, Any]:
    observed = TwoByTwo(
        treatment_events=vector.integer("x1"),
        treatment_total=vector.integer("n1_obs"),
        reference_events=vector.integer("x0"),
        reference_total=vector.integer("n0_obs"),
    )
    missing = {"treatment_missing": vector.integer("miss1"), "reference_missing": vector.integer("miss0")}
    found = tipping_point_binary(observed, **missing)
    if isinstance(found, NotEstimable):
        return {"p_matrix": None}
    return {"p_matrix": found.p_values, "first_tipping_all_bad_arm1": found.first_tipping()}


def _exact_power(vector: Vector) -> dict[str, Any]:
    n1, n0 = vector.integer("n1"), vector.integer("n0")
    p1, p0, alpha = vector.number("p1"), vector.number("p0"), vector.number("alpha_two_sided", 0.05)
    return {
        "power_pooled_z_approx": two_proportions_power(p1, n1, p0, n0, test="normal", alpha=alpha),
        "power_pooled_z_exact": two_proportions_power(p1, n1, p0, n0, alpha=alpha),
        "type1_pooled_z_exact_at_p0": two_proportions_power(p0, n1, p0, n0, alpha=alpha),
        "power_fisher_exact": two_proportions_power(p1, n1, p0, n0, test="fisher", alpha=alpha),
    }


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    "unconditional/*": _unconditional,
    "standardised_rd": _standardised,
    "rubin_pool": _pooled,
    "tipping_point_binary": _tipping_point,
    "power_two_proportions_exact": _exact_power,
}
