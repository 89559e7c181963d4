"""Means and counts as cases of other programs ask for them."""

from collections.abc import Callable
from typing import Any, Final

from equipoise.statistics import NotEstimable, ancova, two_means_power, two_means_sample_size, two_means_t
from equipoise.validation.statistics.formula import column, numbers_or_words, read_formula
from equipoise.validation.vector import NotMappedError, Vector


def _ancova(vector: Vector) -> dict[str, Any]:
    """Arm 1 against arm 0; a column of words is a factor."""
    written = vector.take("formula")
    terms = [name for name in read_formula(written).covariates if name != "arm"]
    outcome = written.partition("~")[0].strip()
    covariates = {name: numbers_or_words(column(vector, name)) for name in terms}
    asked = vector.floats(outcome), column(vector, "arm"), covariates
    fit = ancova(*asked, reference="0", level=vector.number("conf_level", 0.95))
    robust = ancova(*asked, reference="0", robust=True)
    if isinstance(fit, NotEstimable):
        return {"diff": None}
    if len(fit.differences) != 1:
        raise NotMappedError("more than two arms")
    (difference,) = fit.differences
    return {
        "diff": difference.estimate,
        "se": difference.standard_error,
        "t": difference.statistic,
        "p": difference.p_value,
        "df": difference.degrees_of_freedom,
        "lower": difference.lower,
        "upper": difference.upper,
        "sigma": fit.residual_deviation,
        "se_hc3": None if isinstance(robust, NotEstimable) else robust.differences[0].standard_error,
    }


def _two_means(vector: Vector) -> dict[str, Any]:
    """The t test of two arms where there are data; sizes or power where a difference is planned."""
    if "data" not in vector:
        return _planned_means(vector)
    arms, outcome = column(vector, "arm"), vector.floats(vector.one_of("outcome", "variable", default="chg"))
    treated, other = ([one for one, arm in zip(outcome, arms, strict=True) if arm == code] for code in "10")
    pooled = bool(vector.one_of("pooled", "var_equal", default=False))
    found = two_means_t(treated, other, pooled=pooled, level=vector.number("conf_level", 0.95))
    return {
        "diff": getattr(found, "estimate", None),
        "se": getattr(found, "standard_error", None),
        "t": getattr(found, "statistic", None),
        "df": getattr(found, "degrees_of_freedom", None),
        "p": getattr(found, "p_value", None),
        "lower": getattr(found, "lower", None),
        "upper": getattr(found, "upper", None),
    }


def _planned_means(vector: Vector) -> dict[str, Any]:
    """Sizes for a power, or the power of sizes."""
    effect = float(vector.one_of("difference", "delta")), float(vector.one_of("sd", "sigma"))
    alpha = float(vector.one_of("alpha_two_sided", "alpha", default=0.05))
    if "power" not in vector:
        total = vector.one_of("n_per_arm", "n", default=0)
        arms = int(vector.take("n1", total)), int(vector.take("n0", total))
        return {"power": two_means_power(*effect, *arms, alpha=alpha)}
    planned = {
        "alpha": alpha,
        "power": vector.number("power"),
        "ratio": vector.number("allocation_treat_per_control", 1),
    }
    by_t, by_z = (two_means_sample_size(*effect, method=method, **planned) for method in ("t", "normal"))
    return {
        "n_treat": by_t.treatment,
        "n_control": by_t.reference,
        "n_per_arm": by_t.reference,
        "n_total": by_t.total,
        "n_total_rounded": sum(by_t.whole),
        "n_control_normal": by_z.reference,
    }


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {"ancova": _ancova, "two_means_t": _two_means}
