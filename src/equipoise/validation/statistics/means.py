"""Means and counts as cases of other programs ask for them."""

from collections.abc import Callable
from typing import Any, Final

from equipoise.statistics import NotEstimable, ancova
from equipoise.validation.statistics.formula import column, read_formula
from equipoise.validation.vector import NotMappedError, Vector


def _ancova(vector: Vector) -> dict[str, Any]:
    """Arm 1 against arm 0; a column of words is a factor."""
    written = vector.take("formula")
    terms = [name for name in read_formula(written).covariates if name != "arm"]
    outcome = written.partition("~")[0].strip()
    covariates = {name: _numbers_or_words(column(vector, name)) for name in terms}
    fit = ancova(
        vector.floats(outcome),
        column(vector, "arm"),
        covariates,
        reference="0",
        level=vector.number("conf_level", 0.95),
    )
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
    }


def _numbers_or_words(cells: list[str]) -> list[float] | list[str]:
    try:
        return [float(cell) for cell in cells]
    except ValueError:
        return cells


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {"ancova": _ancova}
