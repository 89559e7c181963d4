"""Estimands: every strategy can act on its endpoint, every event can be dated, and nothing is decided twice."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from equipoise.items.meaning import NUMBER, TRUTH
from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.checks.kinds import scope_of
from equipoise.protocol.checks.scope import Fault
from equipoise.protocol.lines import Path
from equipoise.protocol.schema import Endpoint, Estimand, Method

_FAILURES: Final = ("event", "time_to_event")  # measures of which an intercurrent event can be a failure
_COUNTS_UNKNOWN: Final = {"two_proportions", "logistic"}


def methods_of(draft: Draft) -> Iterator[tuple[Path, Estimand, Method]]:
    """The main method and every sensitivity analysis of each estimand, with its path."""
    for i, estimand in enumerate(draft.protocol.estimands):
        yield ("estimands", i, "method"), estimand, estimand.method
        for j, method in enumerate(estimand.sensitivity):
            yield ("estimands", i, "sensitivity", j), estimand, method


def sensitivity_analyses_name_their_parts(draft: Draft) -> Iterator[Problem]:
    """Another endpoint or population exists; the main method has those of its estimand."""
    endpoints = [endpoint.id for endpoint in draft.protocol.endpoints]
    sets = [each.id for each in draft.protocol.analysis.sets]
    for path, _, method in methods_of(draft):
        if method.endpoint is not None:
            yield from draft.reference("protocol.E127", "endpoint", method.endpoint, endpoints, (*path, "endpoint"))
        if method.population is not None:
            yield from draft.reference("protocol.E126", "analysis set", method.population, sets, (*path, "population"))
        if path[-1] == "method" and (method.endpoint or method.population or method.strategies):
            yield draft.problem(
                "protocol.E217", path, "The main analysis asks something else than its estimand.",
                "Write them at the estimand; only a sensitivity analysis asks something else.",
            )  # fmt: skip


def strategies_can_be_estimated(draft: Draft) -> Iterator[Problem]:
    """No principal stratum, and no failure of a number."""
    endpoints = {endpoint.id: endpoint for endpoint in draft.protocol.endpoints}
    for where, estimand, method, event, strategy in _strategies(draft):
        endpoint = endpoints.get(method.endpoint or estimand.endpoint)
        if strategy == "principal_stratum":
            yield draft.problem(
                "protocol.E210", where, f"Who would have {event} in either arm is not known of anybody.",
                "These methods cannot estimate a principal stratum: choose another strategy.",
            )  # fmt: skip
        elif strategy == "composite" and endpoint is not None and endpoint.measure not in _FAILURES:
            yield draft.problem(
                "protocol.E211", where, f"{event} cannot be a failure of {endpoint.id!r}, which is a number.",
                "Choose hypothetical or while_on_treatment, or an endpoint of yes or no.",
            )  # fmt: skip


def intercurrent_events_are_named_once(draft: Draft) -> Iterator[Problem]:
    """An event has one strategy."""
    for i, estimand in enumerate(draft.protocol.estimands):
        for event, times in Counter(each.event for each in estimand.intercurrent_events).items():
            if times > 1:
                message = f"{estimand.id!r} has {event} {times} times."
                path: Path = ("estimands", i, "intercurrent_events")
                yield draft.problem("protocol.E212", path, message, "Keep the strategy that is meant.")


def intercurrent_events_can_be_dated(draft: Draft) -> Iterator[Problem]:
    """What no act records needs a rule or a reason by which it is found, unless values count whatever happens."""
    dates = draft.protocol.analysis.intercurrent
    found = {"prohibited_medication": dates.prohibited_medication, "pandemic": dates.pandemic}
    for where, _, _, event, strategy in _strategies(draft):
        if strategy != "treatment_policy" and found.get(event, "") is None:
            yield draft.problem(
                "protocol.E213", where, f"Nothing says when {event} happened, so that {strategy} could act on it.",
                f"Add `{event}:` under `analysis.intercurrent`.",
            )  # fmt: skip


def what_is_set_aside_is_not_counted(draft: Draft) -> Iterator[Problem]:
    """A hypothetical strategy makes outcomes unknown: counting the unknown as events would be a composite one."""
    for path, estimand, method in methods_of(draft):
        aside = [event for event, strategy in estimand.strategies(method).items() if strategy == "hypothetical"]
        if aside and method.function in _COUNTS_UNKNOWN and method.missing in ("event", "no_event"):
            yield draft.problem(
                "protocol.E214", path,
                f"What follows {aside[0]} is set aside (hypothetical), then counted: missing is {method.missing!r}.",
                "Write `missing: complete_case`, or make the strategy composite.",
            )  # fmt: skip


def subgroups_have_levels(draft: Draft) -> Iterator[Problem]:
    """A number is cut, in ascending order; a category is not."""
    for i, subgroup in enumerate(draft.protocol.analysis.subgroups):
        path: Path = ("analysis", "subgroups", i)
        meaning = scope_of(draft).meaning(subgroup.variable) if draft.knows_every_visit else None
        if isinstance(meaning, Fault):
            yield draft.problem("protocol.E121", (*path, "variable"), meaning.message, meaning.hint)
        elif meaning is not None and meaning.kind == NUMBER and not subgroup.cuts:
            message = f"{subgroup.variable!r} is a number without `cuts`."
            yield draft.problem("protocol.E215", path, message, "A group begins at each cut: `cuts: [10]`.")
        elif meaning is not None and meaning.kind not in ("", NUMBER) and subgroup.cuts:
            message = f"{subgroup.variable!r} is {meaning} and cannot be cut."
            yield draft.problem("protocol.E215", path, message, "Its own levels are the groups: remove `cuts`.")
        if any(low >= high for low, high in pairwise(subgroup.cuts)):
            yield draft.problem("protocol.E215", (*path, "cuts"), "The cuts do not rise.")


def components_belong_to_a_rule(draft: Draft) -> Iterator[Problem]:
    """What is counted over an endpoint's assessments belongs to one that is read from assessments."""
    endpoints: dict[str, Endpoint] = {endpoint.id: endpoint for endpoint in draft.protocol.endpoints}
    for i, part in enumerate(draft.protocol.analysis.components):
        path: Path = ("analysis", "components", i)
        yield from draft.reference("protocol.E127", "endpoint", part.endpoint, endpoints, (*path, "endpoint"))
        if part.endpoint in endpoints and endpoints[part.endpoint].rule is None:
            message = f"{part.endpoint!r} has no rule whose components could be counted."
            yield draft.problem("protocol.E216", (*path, "endpoint"), message)
        for each, times in Counter(component.id for component in part.counted).items():
            if times > 1:
                yield draft.problem("protocol.E101", (*path, "counted"), f"The component {each!r} is there twice.")


def trajectories_can_be_drawn(draft: Draft) -> Iterator[Problem]:
    """What is drawn over time is a number, of which the mean is drawn, or yes or no, of which the proportion is."""
    for i, name in enumerate(draft.protocol.analysis.trajectories):
        path: Path = ("analysis", "trajectories", i)
        meaning = scope_of(draft).meaning(name) if draft.knows_every_visit else None
        if isinstance(meaning, Fault):
            yield draft.problem("protocol.E121", path, meaning.message, meaning.hint)
        elif meaning is not None and meaning.kind not in ("", NUMBER, TRUTH):
            yield draft.problem("protocol.E194", path, f"{name!r} is {meaning}, neither a number nor yes or no.")


def _strategies(draft: Draft) -> Iterator[tuple[Path, Estimand, Method, str, str]]:
    """Every strategy where it is written: with its estimand, the method it is for, the event and itself."""
    for i, estimand in enumerate(draft.protocol.estimands):
        for k, each in enumerate(estimand.intercurrent_events):
            path: Path = ("estimands", i, "intercurrent_events", k)
            yield path, estimand, estimand.method, each.event, each.strategy
    for where, estimand, method in methods_of(draft):
        for event, strategy in method.strategies.items():
            yield (*where, "strategies", event), estimand, method, event, strategy


CHECKS: Final[tuple[Check, ...]] = (
    sensitivity_analyses_name_their_parts,
    strategies_can_be_estimated,
    intercurrent_events_are_named_once,
    intercurrent_events_can_be_dated,
    what_is_set_aside_is_not_counted,
    subgroups_have_levels,
    components_belong_to_a_rule,
    trajectories_can_be_drawn,
)
