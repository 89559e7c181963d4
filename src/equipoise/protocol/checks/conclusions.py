"""Objectives, endpoints, estimands and sets: from what the trial wants to know to the function that answers."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from equipoise.items.meaning import NUMBER, TRUTH
from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.checks.estimands import methods_of
from equipoise.protocol.checks.kinds import scope_of
from equipoise.protocol.checks.scope import Fault
from equipoise.protocol.lines import Path
from equipoise.protocol.schema import Endpoint, Method

_BY_RULE: Final = ("event", "time_to_event", "count")
_NUMBERS: Final = ("change", "value")
_PROPORTION_TESTS: Final = ("", "chi_square", "chi_square_yates", "fisher", "cmh", "wald")
_NO_TEST, _WALD_TEST, _WALD_INTERVAL = ("",), ("", "wald"), ("wald",)


_BESIDE: Final = ("tipping_point",)  # functions that say something about another analysis


class _Fits(NamedTuple):
    """What goes with a function: the measures of an endpoint, its tests, and its intervals."""

    measures: tuple[str, ...]
    tests: tuple[str, ...]
    intervals: tuple[str, ...]


_FITS: Final = {
    "two_proportions": _Fits(("event",), _PROPORTION_TESTS, ("newcombe", "miettinen_nurminen", "wald")),
    "logistic": _Fits(("event",), _WALD_TEST, _WALD_INTERVAL),
    "kaplan_meier": _Fits(("event",), _WALD_TEST, _WALD_INTERVAL),
    "tipping_point": _Fits(("event",), _NO_TEST, ()),
    "survival": _Fits(("time_to_event",), ("", "logrank", "wald"), _WALD_INTERVAL),
    "ancova": _Fits(_NUMBERS, _WALD_TEST, _WALD_INTERVAL),
    "mmrm": _Fits(_NUMBERS, _WALD_TEST, _WALD_INTERVAL),
    "reference_based": _Fits(_NUMBERS, _WALD_TEST, _WALD_INTERVAL),
    "negative_binomial": _Fits(("count",), _WALD_TEST, _WALD_INTERVAL),
    "andersen_gill": _Fits(("count",), _WALD_TEST, _WALD_INTERVAL),
    "summary": _Fits(("event", "time_to_event", *_NUMBERS), _NO_TEST, ()),
}


def endpoints_name_objectives(draft: Draft) -> Iterator[Problem]:
    """An endpoint serves one of the objectives."""
    objectives = {objective.id: objective for objective in draft.protocol.objectives}
    for i, endpoint in enumerate(draft.protocol.endpoints):
        path: Path = ("endpoints", i, "objective")
        yield from draft.reference("protocol.E128", "objective", endpoint.objective, objectives, path)
        served = objectives.get(endpoint.objective)
        if served is not None and endpoint.tier == "primary" and served.tier != "primary":
            message = f"The primary endpoint {endpoint.id!r} serves the {served.tier} objective {served.id!r}."
            yield draft.warning("protocol.W008", path, message)


def endpoints_end_at_a_visit(draft: Draft) -> Iterator[Problem]:
    """An endpoint is measured through a visit after baseline."""
    for i, endpoint in enumerate(draft.protocol.endpoints):
        path: Path = ("endpoints", i, "through")
        visit = draft.names.visits.get(endpoint.through)
        if visit is None and draft.knows_every_visit:
            yield from draft.reference("protocol.E125", "visit", endpoint.through, draft.names.visits, path)
        elif visit is not None and visit.week <= 0:
            yield draft.problem("protocol.E192", path, f"{endpoint.through!r} is not after randomisation.")


def endpoints_have_what_they_measure(draft: Draft) -> Iterator[Problem]:
    """An event has a rule; a change or a value has a variable."""
    for i, endpoint in enumerate(draft.protocol.endpoints):
        wanted, other = ("rule", "variable") if endpoint.measure in _BY_RULE else ("variable", "rule")
        for key, there in ((wanted, False), (other, True)):
            if (getattr(endpoint, key) is not None) == there:
                verb = "must not have" if there else "needs"
                message = f"{endpoint.id!r} measures {endpoint.measure} and {verb} a {key}."
                yield draft.problem("protocol.E193", ("endpoints", i), message)


def variables_are_numbers(draft: Draft) -> Iterator[Problem]:
    """What is averaged is a number that is asked or derived."""
    for path, name in _variables(draft):
        yield from _is_readable(draft, path, name, number=True)


def baseline_table_names_what_is_known(draft: Draft) -> Iterator[Problem]:
    """The baseline table describes participants by items, derivations or site."""
    for i, name in enumerate(draft.protocol.analysis.baseline):
        yield from _is_readable(draft, ("analysis", "baseline", i), name, number=False)


def _variables(draft: Draft) -> Iterator[tuple[Path, str]]:
    for i, endpoint in enumerate(draft.protocol.endpoints):
        if endpoint.variable is not None:
            yield ("endpoints", i, "variable"), endpoint.variable


def _is_readable(draft: Draft, path: Path, name: str, *, number: bool) -> Iterator[Problem]:
    meaning = scope_of(draft).meaning(name) if draft.knows_every_visit else None
    if isinstance(meaning, Fault):
        yield draft.problem("protocol.E121", path, meaning.message, meaning.hint)
    elif meaning is not None and number and meaning.kind not in ("", NUMBER):
        yield draft.problem("protocol.E194", path, f"{name!r} is {meaning}, and a number is needed here.")


def estimands_name_their_parts(draft: Draft) -> Iterator[Problem]:
    """Endpoint, population and reference arm exist."""
    protocol = draft.protocol
    endpoints = {endpoint.id for endpoint in protocol.endpoints}
    sets = {analysis_set.id for analysis_set in protocol.analysis.sets}
    arms = {arm.id for arm in protocol.arms}
    for i, estimand in enumerate(protocol.estimands):
        path: Path = ("estimands", i)
        yield from draft.reference("protocol.E127", "endpoint", estimand.endpoint, endpoints, (*path, "endpoint"))
        yield from draft.reference("protocol.E126", "analysis set", estimand.population, sets, (*path, "population"))
        yield from draft.reference("protocol.E123", "arm", estimand.reference_arm, arms, (*path, "reference_arm"))


def methods_fit_their_endpoint(draft: Draft) -> Iterator[Problem]:
    """A proportion for an event, survival for a time, a mean for a number; the test belongs to the function."""
    endpoints = {endpoint.id: endpoint for endpoint in draft.protocol.endpoints}
    for path, estimand, method in methods_of(draft):
        endpoint = endpoints.get(method.endpoint or estimand.endpoint)
        if endpoint is not None and (wrong := _unfit(method, endpoint)):
            yield draft.problem("protocol.E195", path, wrong)
        elif path[-1] == "method" and method.function in _BESIDE:
            message = f"{method.function} estimates nothing; it stands beside a main analysis."
            yield draft.problem("protocol.E195", path, message, "Put it under `sensitivity`.")


def _unfit(method: Method, endpoint: Endpoint) -> str:
    fits = _FITS[method.function]
    if endpoint.measure not in fits.measures:
        return f"{method.function} does not fit {endpoint.id!r}, which measures {endpoint.measure}."
    if method.test not in fits.tests:
        return f"{method.function} has no test {method.test!r}."
    if method.interval and method.interval not in fits.intervals:
        return f"{method.function} has no interval {method.interval!r}."
    if method.covariates and method.function not in ("logistic", "survival"):
        return f"{method.function} has no covariates of its own; it adjusts for baseline and the strata if at all."
    return _unfit_strata(method)


def _unfit_strata(method: Method) -> str:
    """What does not go with strata, or without them."""
    if method.test == "cmh" and not method.strata:
        return "The test cmh compares within strata: name them under `strata`."
    if not method.strata or method.function == "survival":
        return ""
    if method.function != "two_proportions":
        return f"{method.function} has no strata; put what should be adjusted for into its model."
    if method.test not in ("", "cmh") or method.interval not in ("", "miettinen_nurminen"):
        return "With strata two proportions have the test cmh and the interval miettinen_nurminen."
    return ""


def strata_of_an_analysis_are_categories(draft: Draft) -> Iterator[Problem]:
    """What an analysis is stratified by has a few codes; what it is adjusted for is known at all."""
    for path, _, method in methods_of(draft):
        for j, name in enumerate(method.strata):
            yield from _is_category(draft, (*path, "strata", j), name)
        for j, name in enumerate(method.covariates):
            yield from _is_readable(draft, (*path, "covariates", j), name, number=False)


def _is_category(draft: Draft, path: Path, name: str) -> Iterator[Problem]:
    meaning = scope_of(draft).meaning(name) if draft.knows_every_visit else None
    if isinstance(meaning, Fault):
        yield draft.problem("protocol.E121", path, meaning.message, meaning.hint)
    elif meaning is not None and meaning.kind != TRUTH and not meaning.codes:
        message = f"{name!r} is {meaning}, not one of a few codes."
        yield draft.problem("protocol.E174", path, message, "Stratify by the site, a choice, or yes and no.")


def primary_endpoints_have_an_estimand(draft: Draft) -> Iterator[Problem]:
    """What the trial is for is estimated by something."""
    estimated = {estimand.endpoint for estimand in draft.protocol.estimands}
    primary = [(i, endpoint) for i, endpoint in enumerate(draft.protocol.endpoints) if endpoint.tier == "primary"]
    if not primary and draft.protocol.endpoints:
        yield draft.warning("protocol.W009", ("endpoints",), "No endpoint is primary.")
    for i, endpoint in primary:
        if endpoint.id not in estimated:
            yield draft.warning(
                "protocol.W009", ("endpoints", i), f"The primary endpoint {endpoint.id!r} has no estimand."
            )


CHECKS: Final[tuple[Check, ...]] = (
    endpoints_name_objectives,
    endpoints_end_at_a_visit,
    endpoints_have_what_they_measure,
    variables_are_numbers,
    baseline_table_names_what_is_known,
    estimands_name_their_parts,
    methods_fit_their_endpoint,
    strata_of_an_analysis_are_categories,
    primary_endpoints_have_an_estimand,
)
