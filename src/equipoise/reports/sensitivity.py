"""One estimand under other assumptions: its sensitivity analyses and bounds as a forest."""

from collections.abc import Iterator

from equipoise.analysis.baseline import variable
from equipoise.protocol.schema import Method
from equipoise.reports.catalogue import TEXTS
from equipoise.reports.estimand_tables import EFFECT, PERCENT, Told
from equipoise.reports.figures import Figure, forest
from equipoise.reports.figures.forest import Line
from equipoise.reports.numbers import with_limits


def method_words(told: Told, method: Method) -> str:
    """How a method treats what is not known, and its interval and test, in a few words."""
    words = told.tell.words
    key = f"missing_{method.missing or 'complete_case'}"
    if method.function != "two_proportions" and method.missing == "complete_case":
        key = "missing_complete_visits"
    if method.function == "two_proportions" and method.missing == "available":
        key = "missing_complete_case"
    said = [words(key)] if key in TEXTS and method.function != "survival" else []
    interval = {"newcombe": "Newcombe", "miettinen_nurminen": "Miettinen–Nurminen", "wald": "Wald"}
    if method.function == "two_proportions":
        said.append(interval.get(method.interval, "Miettinen–Nurminen" if method.strata else "Newcombe"))
    tests = {
        "chi_square": "χ²", "chi_square_yates": "χ² (Yates)", "fisher": "Fisher", "logrank": "log-rank", "wald": "Wald",
        "cmh": "Cochran–Mantel–Haenszel",
    }  # fmt: skip
    if method.function == "mmrm":
        said = [words("mmrm"), words("covariance", structure=words(f"covariance_{method.covariance}"))]
    elif method.test and method.function != "ancova":
        said.append(tests[method.test])
    if method.function == "survival":
        said.append(method.ties.capitalize())
    if method.strata:
        cohort = told.tell.analysis.cohort
        named = words.listed([words.of(variable(name, cohort).label) for name in method.strata])
        said.append(words("within_strata", strata=named))
    return words.listed(said)


def sensitivity_figure(told: Told) -> Figure | None:
    """Main analysis, sensitivities and bounds as one forest; nothing where differences are not what is estimated."""
    function = told.estimand.method.function
    if function not in ("two_proportions", "ancova", "mmrm"):
        return None
    tell, words = told.tell, told.tell.words
    reference = tell.arm(told.estimand.reference_arm)
    lines = [line for arm in told.others for line in _forest_of(told, arm)]
    lower_is_better = told.endpoint.better == "lower"
    ends = (words("favours_arm", reference=reference), words("favours_reference", reference=reference))
    axis = words("percentage_points") if function == "two_proportions" else words.units(told.endpoint.unit)
    return forest(
        f"estimates_{told.estimand.id}",
        words("forest", label=told.label, reference=reference),
        axis,
        lines,
        ends if lower_is_better else (ends[1], ends[0]),
    )


def _forest_of(told: Told, arm: str) -> Iterator[Line]:
    tell, words, estimand = told.tell, told.tell.words, told.estimand
    names = {"arm": tell.arm(arm), "reference": tell.arm(estimand.reference_arm)}
    if len(told.others) > 1:
        yield Line(words("comparison", **names), heading=True)
    yield _forest_line(told, arm, "", words.named(words("main"), method_words(told, estimand.method)), main=True)
    for place, method in enumerate(estimand.sensitivity, start=1):
        yield _forest_line(told, arm, f"sensitivity_{place}", method_words(told, method))
    if told.endpoint.measure == "event":
        yield Line(words("bound"), heading=True)
        for variant in ("bound_event", "bound_no_event", "bound_arm_event", "bound_reference_event"):
            yield _forest_line(told, arm, variant, words(variant, **names), bound=True)


def _forest_line(told: Told, arm: str, variant: str, label: str, *, main: bool = False, bound: bool = False) -> Line:
    effect = EFFECT[told.estimand.method.function]
    scale = PERCENT if effect == "risk_difference" else 1.0
    row = told.row(effect, arm, variant)
    if row is None or row.estimate is None:
        return Line(label, told.reason(row), main=main, bound=bound)
    places = 1 if scale == PERCENT else told.places
    lower, upper = (None if limit is None else limit * scale for limit in (row.lower, row.upper))
    return Line(label, with_limits(row, places, scale=scale), row.estimate * scale, lower, upper, main, False, bound)
