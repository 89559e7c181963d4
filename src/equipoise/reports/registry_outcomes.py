"""Each estimand as an outcome measure of a registry: its result by arm, and its comparisons."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from equipoise.analysis import Analysis, Statistic
from equipoise.analysis.events import endpoint_of
from equipoise.items.canonical import Json
from equipoise.protocol.schema import Endpoint, Estimand
from equipoise.reports.registry_groups import Object, groups, number, of_groups
from equipoise.statistics import METHODS

_TYPES: Final = {"primary": "PRIMARY", "secondary": "SECONDARY"}
_EFFECTS: Final = {
    "risk_difference": ("Risk Difference (RD)", 100.0), "risk_ratio": ("Risk Ratio (RR)", 1.0),
    "odds_ratio": ("Odds Ratio (OR)", 1.0), "hazard_ratio": ("Hazard Ratio (HR)", 1.0),
    "mean_difference": ("Mean Difference (Net)", 1.0), "rate_ratio": ("Rate Ratio", 1.0),
}  # fmt: skip

_Shape: TypeAlias = tuple[str, str, str, str]  # kind of number, unit, statistic, variable
_MEAN: Final[_Shape] = ("MEAN", "score", "mean", "outcome")
_SHAPES: Final[dict[str, _Shape]] = {
    "event": ("COUNT_OF_PARTICIPANTS", "Participants", "risk", ""),
    "time_to_event": ("NUMBER", "proportion with the event", "risk_at_end", ""),
    "change": _MEAN, "value": _MEAN, "count": ("NUMBER", "episodes per participant and year", "rate_per_year", ""),
}  # fmt: skip


def outcome_measures(analysis: Analysis) -> Object:
    """The module of outcome measures: every estimand in the order of the protocol."""
    return {"outcomeMeasures": [_outcome(analysis, estimand) for estimand in analysis.protocol.estimands]}


def _level(analysis: Analysis) -> str:
    return f"{(1 - float(analysis.protocol.analysis.alpha)) * 100:g}"


def _outcome(analysis: Analysis, estimand: Estimand) -> Object:
    """An outcome with its results; one whose kind of number has no shape here is declared and not posted."""
    endpoint = endpoint_of(analysis.protocol, estimand.endpoint)
    sets = {each.id: each.label.en for each in analysis.protocol.analysis.sets}
    declared: Object = {
        "type": _TYPES.get(endpoint.tier, "OTHER_PRE_SPECIFIED"), "title": estimand.label.en,
        "description": estimand.summary.en, "populationDescription": sets[estimand.population],
        "timeFrame": f"Through {analysis.protocol.visit_by_id[endpoint.through].label.en}",
    }  # fmt: skip
    if endpoint.measure not in _SHAPES:
        return {**declared, "reportingStatus": "NOT_POSTED"}
    return {**declared, "reportingStatus": "POSTED", **_posted(analysis, estimand, endpoint)}


def _posted(analysis: Analysis, estimand: Estimand, endpoint: Endpoint) -> Object:
    kind, unit, statistic, of = _SHAPES[endpoint.measure]
    arms = analysis.cohort.arms
    found = {arm: analysis.results.get(estimand.id, statistic, variable=of, arm=arm) for arm in arms}
    measurements = of_groups("OG", arms, lambda arm: _value(analysis, estimand, endpoint.measure, found[arm]))
    counts = of_groups("OG", arms, lambda arm: {"value": str(_people(endpoint.measure, found[arm]))})
    dispersion = {"MEAN": "Standard Deviation", "NUMBER": f"{_level(analysis)}% Confidence Interval"}
    return {
        "paramType": kind, **({"dispersionType": dispersion[kind]} if kind in dispersion else {}),
        "unitOfMeasure": endpoint.unit or unit,
        "groups": groups(analysis, "OG"), "denoms": [{"units": "Participants", "counts": counts}],
        "classes": [{"categories": [{"measurements": measurements}]}], "analyses": [*_analyses(analysis, estimand)],
    }  # fmt: skip


def _people(measure: str, row: Statistic | None) -> int:
    """Who was analysed: of a mean those with a value, of a proportion its denominator."""
    if row is None:
        return 0
    return (row.N if measure in ("event", "time_to_event") else row.n) or 0


def _value(analysis: Analysis, estimand: Estimand, measure: str, row: Statistic | None) -> Object:
    if row is None:
        return {"value": "NA"}
    if measure == "event":
        return {"value": str(row.n)}
    if measure == "time_to_event":
        limits = {"lowerLimit": number(row.lower, 4), "upperLimit": number(row.upper, 4)}
        return {"value": number(row.estimate, 4), **limits}
    spread = analysis.results.get(estimand.id, "sd", variable="outcome", arm=row.arm)
    return {"value": number(row.estimate), "spread": number(spread.estimate if spread else None)}


def _analyses(analysis: Analysis, estimand: Estimand) -> Iterator[Json]:
    """The comparisons of the main analysis, each with the estimand's test or its own p value."""
    places = {arm: place for place, arm in enumerate(analysis.cohort.arms)}
    for row in analysis.results.of(estimand.id):
        if row.variant or row.statistic not in _EFFECTS or row.estimate is None:
            continue
        name, scale = _EFFECTS[row.statistic]
        test = analysis.results.get(estimand.id, "test", arm=row.arm) or row
        made: Object = {
            "groupIds": [f"OG{places[row.arm]:03}", f"OG{places[row.reference]:03}"], "paramType": name,
            "paramValue": number(row.estimate * scale, 3), "ciPctValue": _level(analysis), "ciNumSides": "TWO_SIDED",
            "ciLowerLimit": _scaled(row.lower, scale), "ciUpperLimit": _scaled(row.upper, scale),
            "statisticalMethod": _method(test), "estimateComment": _method(row),
        }  # fmt: skip
        yield {**made, "pValue": f"{test.p:.4g}"} if test.p is not None else made


def _scaled(value: float | None, scale: float) -> str:
    return number(value * scale if value is not None else None, 3)


def _method(row: Statistic) -> str:
    return METHODS[row.method].en if row.method in METHODS else row.method
