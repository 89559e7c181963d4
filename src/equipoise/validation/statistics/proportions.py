"""One proportion, two, and tables over strata, as cases of other programs ask for them."""

from collections.abc import Callable
from typing import Any, Final

from equipoise.statistics import (
    Estimate,
    NotEstimable,
    TwoByTwo,
    chi_square,
    fisher_exact,
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_difference,
    mantel_haenszel_risk_ratio,
    mantel_haenszel_test,
    odds_ratio_score,
    odds_ratio_score_stratified,
    odds_ratio_woolf,
    proportion,
    risk_difference_newcombe,
    risk_difference_score,
    risk_difference_wald,
    risk_ratio_katz,
    risk_ratio_score,
)
from equipoise.validation.vector import NotMappedError, Vector

_CELLS: Final = ("x1", "n1", "x0", "n0")
_ONE: Final = ("clopper_pearson", "wilson", "wilson_cc", "jeffreys", "agresti_coull", "wald")


def _table(vector: Vector) -> TwoByTwo:
    return _two_by_two(*(vector.integer(name) for name in _CELLS))


def _tables(vector: Vector) -> list[TwoByTwo]:
    columns = ([int(count) for count in vector.take(name)] for name in _CELLS)
    return [_two_by_two(*row) for row in zip(*columns, strict=True)]


def _two_by_two(x1: int, n1: int, x0: int, n0: int) -> TwoByTwo:
    return TwoByTwo(treatment_events=x1, treatment_total=n1, reference_events=x0, reference_total=n0)


def _level(vector: Vector) -> float:
    return vector.number("conf_level", 0.95)


def _interval(result: Estimate | NotEstimable) -> dict[str, Any]:
    """Estimate, limits and standard error; a stratified score method's root is called mle."""
    if isinstance(result, NotEstimable):
        return dict.fromkeys(("est", "mle", "lower", "upper"))
    error = {"se_log" if result.standard_error_scale == "log" else "se": result.standard_error}
    return {"est": result.estimate, "mle": result.estimate, "lower": result.lower, "upper": result.upper} | error


def _of_table(function: Callable[..., Estimate | NotEstimable]) -> Callable[[Vector], dict[str, Any]]:
    return lambda vector: _interval(function(_table(vector), level=_level(vector)))


def _of_strata(function: Callable[..., Estimate | NotEstimable]) -> Callable[[Vector], dict[str, Any]]:
    return lambda vector: _interval(function(_tables(vector), level=_level(vector)))


def _fisher(vector: Vector) -> dict[str, Any]:
    test = fisher_exact(_table(vector), level=_level(vector))
    fields = {
        "p_two_sided": "p_value", "p_less": "p_less", "p_greater": "p_greater", "or_cmle": "odds_ratio",
        "or_lower": "lower", "or_upper": "upper",
    }  # fmt: skip
    return {name: getattr(test, field, None) for name, field in fields.items()}


def _pearson(vector: Vector) -> dict[str, Any]:
    vector.take("conf_level", None)
    table = _table(vector)
    plain, yates = chi_square(table), chi_square(table, continuity=True)
    tests = {"pearson": (plain, "statistic"), "p": (plain, "p_value")}
    tests |= {"yates": (yates, "statistic"), "p_yates": (yates, "p_value")}
    return {name: getattr(test, field, None) for name, (test, field) in tests.items()}


def _mantel_haenszel(vector: Vector) -> dict[str, Any]:
    tables, level = _tables(vector), _level(vector)
    plain, corrected = (mantel_haenszel_test(tables, continuity=wanted) for wanted in (False, True))
    common = mantel_haenszel_odds_ratio(tables, level=level)
    parts = {
        "chisq": (plain, "statistic"), "p": (plain, "p_value"), "chisq_cc": (corrected, "statistic"),
        "p_cc": (corrected, "p_value"), "or_mh": (common, "estimate"), "lower": (common, "lower"),
        "upper": (common, "upper"),
    }  # fmt: skip
    return {name: getattr(result, field, None) for name, (result, field) in parts.items()}


def _one_proportion(vector: Vector) -> dict[str, Any]:
    events, total, level = vector.integer("x"), vector.integer("n"), _level(vector)
    found = {name: proportion(events, total, method=name, level=level) for name in _ONE}
    return {name: [getattr(one, "lower", None), getattr(one, "upper", None)] for name, one in found.items()}


def _one_interval(vector: Vector) -> dict[str, Any]:
    if vector.flavour not in _ONE:
        raise NotMappedError(f"there is no interval {vector.flavour!r} of a proportion")
    kind: Any = vector.flavour
    result = proportion(vector.integer("x"), vector.integer("n"), method=kind, level=_level(vector))
    return _interval(result)


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    "rd/wald": _of_table(risk_difference_wald),
    "rd/newcombe": _of_table(risk_difference_newcombe),
    "rd/newcombe_cc": _of_table(lambda table, level: risk_difference_newcombe(table, continuity=True, level=level)),
    "rd/miettinen_nurminen": _of_table(risk_difference_score),
    "rd/mee": _of_table(lambda table, level: risk_difference_score(table, bias_correction=False, level=level)),
    "rr/katz_log": _of_table(risk_ratio_katz),
    "rr/miettinen_nurminen": _of_table(risk_ratio_score),
    "rr/koopman": _of_table(lambda table, level: risk_ratio_score(table, bias_correction=False, level=level)),
    "or/woolf": _of_table(odds_ratio_woolf),
    "or/miettinen_nurminen": _of_table(odds_ratio_score),
    "or/cornfield": _of_table(lambda table, level: odds_ratio_score(table, bias_correction=False, level=level)),
    "fisher": _fisher,
    "chisq": _pearson,
    "cmh_test_and_or": _mantel_haenszel,
    "mh_rr": _of_strata(mantel_haenszel_risk_ratio),
    "mh_rd": _of_strata(mantel_haenszel_risk_difference),
    "stratified_mn_rd/MH_weights": _of_strata(risk_difference_score),
    "stratified_mn_rr/MH_weights": _of_strata(risk_ratio_score),
    "stratified_mn_or/MH_weights": _of_strata(
        lambda tables, level: odds_ratio_score_stratified(tables, weights="mantel_haenszel", level=level)
    ),
    "stratified_mn_or/score_weights": _of_strata(odds_ratio_score_stratified),
    "all_intervals": _one_proportion,
    "proportion/*": _one_interval,
}
