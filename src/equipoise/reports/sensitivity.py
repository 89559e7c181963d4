"""One estimand under other assumptions: its sensitivity and supplementary analyses in words, as a table and a forest.

ICH E9(R1), A.5.2: a sensitivity analysis estimates the same estimand under other assumptions, a supplementary one
estimates another.
"""

from collections.abc import Callable, Iterator
from itertools import groupby

from equipoise.analysis import Statistic
from equipoise.analysis.baseline import variable
from equipoise.analysis.events import endpoint_of
from equipoise.analysis.question import EFFECTS
from equipoise.protocol.schema import Method
from equipoise.reports.catalogue import TEXTS, Words
from equipoise.reports.estimand_tables import PERCENT, Told
from equipoise.reports.figures import Figure, forest
from equipoise.reports.figures.forest import Line, Shape
from equipoise.reports.numbers import DASH, out_of, p_value, plain, with_limits
from equipoise.reports.table import Row, Table

BOUNDS = ("bound_event", "bound_no_event", "bound_arm_event", "bound_reference_event")
_INTERVALS = {"newcombe": "Newcombe", "miettinen_nurminen": "Miettinen–Nurminen", "wald": "Wald"}
_TESTS = {
    "chi_square": "χ²", "chi_square_yates": "χ² (Yates)", "fisher": "Fisher", "logrank": "log-rank", "wald": "Wald",
    "cmh": "CMH",
}  # fmt: skip
_BY_TEST = ("two_proportions", "survival")  # functions whose test is chosen, and so worth naming
_NOTES = {
    "risk_difference": "share_note", "mean_difference": "means_note", "hazard_ratio": "events_note_short",
    "rate_ratio": "episodes_note",
}  # fmt: skip
_HEADS = {
    "risk_difference": "points_short", "mean_difference": "difference_short", "hazard_ratio": "hazard_short",
    "rate_ratio": "rate_short", "risk_ratio": "ratio_short",
}  # fmt: skip


# --- In words ---------------------------------------------------------------------------------------------------------


def function_words(told: Told, method: Method) -> str:
    """What a method's function is called."""
    return told.tell.words("summary_function" if method.function == "summary" else method.function)


def method_words(told: Told, method: Method) -> str:
    """How a method treats what is not known, and its interval and test, in a few words."""
    words, cohort = told.tell.words, told.tell.analysis.cohort
    return settings_words(words, method, lambda name: words.of(variable(name, cohort).label))


def settings_words(words: Words, method: Method, called: Callable[[str], str]) -> str:
    """The same without any data; `called` is the name of a variable."""
    return words.listed([*_unknown_words(words, method), *_model_words(words, method, called)])


def _unknown_words(words: Words, method: Method) -> Iterator[str]:
    key = f"missing_{method.missing or 'complete_case'}"
    if method.function in ("ancova", "summary") and method.missing == "complete_case":
        key = "missing_complete_visits"
    elif method.function in ("two_proportions", "logistic") and method.missing == "available":
        key = "missing_complete_case"
    if method.function in ("two_proportions", "logistic", "ancova", "summary") and key in TEXTS:
        yield words(key)


def _model_words(words: Words, method: Method, called: Callable[[str], str]) -> Iterator[str]:
    if method.function == "two_proportions":
        yield _INTERVALS.get(method.interval, "Miettinen–Nurminen" if method.strata else "Newcombe")
    if method.function in _BY_TEST and method.test:
        yield _TESTS[method.test]
    if method.function in ("survival", "andersen_gill"):
        yield method.ties.capitalize()
    if method.function == "mmrm":
        yield words("mmrm")
        yield words("covariance", structure=words(f"covariance_{method.covariance}"))
    if method.function == "reference_based":
        yield words(method.imputation)
    if method.strata:
        yield words("within_strata", strata=words.listed(list(map(called, method.strata))))
    if method.covariates:
        yield words("adjusted_for", names=words.listed(list(map(called, method.covariates))))


def analysis_words(told: Told, method: Method) -> str:
    """A sensitivity or supplementary analysis: its own name, or else what it asks otherwise and how."""
    words = told.tell.words
    if method.label is not None:
        return words.of(method.label)
    said = [*_otherwise(told, method), *_function_if_other(told, method), method_words(told, method)]
    return words.apart([each for each in said if each])


def _otherwise(told: Told, method: Method) -> Iterator[str]:
    words, protocol = told.tell.words, told.tell.analysis.protocol
    if method.endpoint is not None:
        yield words.of(endpoint_of(protocol, method.endpoint).label)
    if method.population is not None:
        yield words.of(next(each.label for each in protocol.analysis.sets if each.id == method.population))
    by_strategy = sorted(method.strategies.items(), key=lambda each: each[1])
    for strategy, events in groupby(by_strategy, key=lambda each: each[1]):
        yield words.named(words.listed([words(f"{event}_event") for event, _ in events]), words(strategy))


def _function_if_other(told: Told, method: Method) -> Iterator[str]:
    if method.function not in (told.estimand.method.function, "mmrm"):  # a mixed model names itself
        yield function_words(told, method)


# --- As lines of a table and of a forest ------------------------------------------------------------------------------

Group = tuple[str, tuple[tuple[str, str, Method], ...]]  # a heading, and of each analysis its variant, words and method


def analyses(told: Told, arm: str) -> Iterator[Group]:
    """The analyses of an estimand under their headings: main, sensitivity, supplementary, and bounds."""
    words, estimand = told.tell.words, told.estimand
    yield "", (("", words.named(words("main"), method_words(told, estimand.method)), estimand.method),)
    listed = [
        (f"sensitivity_{place}", analysis_words(told, method), method)
        for place, method in enumerate(estimand.sensitivity, start=1)
    ]
    for heading, other in (("same_estimand", False), ("other_estimands", True)):
        mine = tuple(each for each in listed if _asks_otherwise(each[2]) is other)
        if mine:
            yield words(heading), mine
    if told.endpoint.measure == "event":
        names = {"arm": told.tell.arm(arm), "reference": told.tell.arm(estimand.reference_arm)}
        yield words("bound"), tuple((variant, words(variant, **names), estimand.method) for variant in BOUNDS)


def _asks_otherwise(method: Method) -> bool:
    return bool(method.strategies or method.endpoint or method.population)


def sensitivity_table(told: Told) -> Table:
    """Every analysis of an estimand in a line: the arms, the effect with its interval, and the p value."""
    tell, words = told.tell, told.tell.words
    effects = (told.effect, *(("risk_ratio",) if told.effect == "risk_difference" else ()))
    heads = [words(_HEADS[effect], level=tell.level) for effect in effects]
    columns = (words("analysis_column"), *tell.columns(), *heads, words("test"))
    rows = [row for arm in told.others for row in _rows(told, arm, effects)]
    return Table(
        f"sensitivity_{told.estimand.id}", words("sensitivity_title", label=told.label), columns, tuple(rows),
        (words(_NOTES[told.effect]),), widths=(2.5, *(1.3 for _ in tell.arms), *(1.65 for _ in effects), 0.65),
    )  # fmt: skip


def _rows(told: Told, arm: str, effects: tuple[str, ...]) -> Iterator[Row]:
    if len(told.others) > 1:
        yield Row((_comparison(told, arm),), heading=True)
    for heading, listed in analyses(told, arm):
        if heading:
            yield Row((heading,), heading=True)
        for variant, label, method in listed:
            yield _tipped(told, arm, variant, label) if method.function == "tipping_point" else Row(
                (label, *_arms(told, arm, variant), *(_effect(told, each, arm, variant) for each in effects),
                 p_value(row.p if (row := _test(told, arm, variant)) else None))
            )  # fmt: skip


def _comparison(told: Told, arm: str) -> str:
    tell = told.tell
    return tell.words("comparison", arm=tell.arm(arm), reference=tell.arm(told.estimand.reference_arm))


def _test(told: Told, arm: str, variant: str) -> Statistic | None:
    return told.row("test", arm, variant) or told.row(told.effect, arm, variant)


def _tipped(told: Told, arm: str, variant: str, label: str) -> Row:
    words, row = told.tell.words, told.row("tipped", arm, variant)
    alpha = f"{told.tell.analysis.protocol.analysis.alpha}"
    said = told.reason(row) if row is None or row.n is None else words("tipping_line", n=row.n, N=row.N, alpha=alpha)
    return Row((label, *_arms(told, arm, variant), said, "", ""))


def _arms(told: Told, arm: str, variant: str) -> list[str]:
    """What stands in the column of each arm; nothing in that of an arm which the line does not compare."""
    compared = (arm, told.estimand.reference_arm)
    return [_of_arm(told, each.id, arm, variant) if each.id in compared else "" for each in told.tell.arms]


def _of_arm(told: Told, arm: str, compared: str, variant: str) -> str:
    bound, risk = told.row("bound_count", arm, variant, compared), told.row("risk", arm, variant)
    counted = bound or risk
    if counted is not None:
        if counted.n is not None:
            return out_of(counted.n, counted.N)
        return f"{plain(counted.estimate * PERCENT)}%" if counted.estimate is not None else DASH
    if (mean := told.row("adjusted_mean", arm, variant)) is not None:
        return f"{plain(mean.estimate, told.places)} (n = {mean.n})"
    if (rate := told.row("rate_per_year", arm, variant)) is not None:
        return plain(rate.estimate, 2)
    events = told.row("events", arm, variant)
    return out_of(events.n, events.N) if events is not None else DASH


def _effect(told: Told, effect: str, arm: str, variant: str) -> str:
    row = told.row(effect, arm, variant)
    if row is None or row.estimate is None:
        return told.reason(row)
    scale = PERCENT if effect == "risk_difference" else 1.0
    return with_limits(row, told.effect_places if effect == told.effect else 2, scale=scale)


def sensitivity_figure(told: Told) -> Figure:
    """Main analysis, sensitivity and supplementary ones and the bounds as one forest."""
    words, reference = told.tell.words, told.tell.arm(told.estimand.reference_arm)
    lines = [line for arm in told.others for line in _forest_of(told, arm)]
    ratio = told.effect.endswith("_ratio")
    title = words("forest_ratio" if ratio else "forest", label=told.label, reference=reference)
    return forest(f"estimates_{told.estimand.id}", title, axis_words(told), lines, ends(told), shape=Shape(ratio=ratio))


def axis_words(told: Told) -> str:
    """What an effect is measured in."""
    words = told.tell.words
    if told.effect == "risk_difference":
        return words("percentage_points")
    return words.units(told.endpoint.unit) if told.effect == "mean_difference" else words(f"{told.effect}_axis")


def ends(told: Told) -> tuple[str, str]:
    """What lies to the left and to the right of no difference."""
    words, reference = told.tell.words, told.tell.arm(told.estimand.reference_arm)
    better, worse = words("favours_arm", reference=reference), words("favours_reference", reference=reference)
    return (better, worse) if told.endpoint.better == "lower" else (worse, better)


def _forest_of(told: Told, arm: str) -> Iterator[Line]:
    if len(told.others) > 1:
        yield Line(_comparison(told, arm), heading=True)
    for heading, listed in analyses(told, arm):
        drawn = [each for each in listed if EFFECTS.get(each[2].function)]
        if heading and drawn:
            yield Line(heading, heading=True)
        for variant, label, _ in drawn:
            yield forest_line(told, told.row(told.effect, arm, variant), label, main=not variant,
                              bound=variant in BOUNDS)  # fmt: skip


def forest_line(
    told: Told, row: Statistic | None, label: str, *, main: bool = False, bound: bool = False,
    cells: tuple[str, ...] = (),
) -> Line:  # fmt: skip
    """An effect as a line of a forest, in the units in which it is printed."""
    if row is None or row.estimate is None:
        return Line(label, told.reason(row), main=main, bound=bound, cells=cells)
    lower, upper = (None if limit is None else limit * told.scale for limit in (row.lower, row.upper))
    numbers = with_limits(row, told.effect_places, scale=told.scale)
    return Line(label, numbers, row.estimate * told.scale, lower, upper, main, False, bound, cells)
