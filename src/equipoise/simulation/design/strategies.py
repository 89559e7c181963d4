"""Strategies for intercurrent events: which the kernels follow by themselves, and which need rows of their own."""

from collections.abc import Iterator
from typing import Final

from equipoise.simulation.design.requests import Requested
from equipoise.simulation.design.scenario import DesignScenario

# Where a scenario describes an event. Nobody is ever lost: who leaves withdraws.
_KEYS: Final = {
    "treatment_stopped": "stops_treatment", "withdrawn": "leaves", "died": "dies",
    "prohibited_medication": "prohibited_medication",
}  # fmt: skip
# After these the kernels know nothing more of a participant; what is unknown then is taken as `missing` says.
_OPEN: Final = frozenset({"withdrawn", "died", "missed_assessment"})
_TIMES: Final = ("survival", "kaplan_meier")


def strategies_apart(one: Requested, scenario: DesignScenario) -> bool:
    """Whether an analysis needs rows of its own: an event may happen whose strategy the kernels do not follow."""
    return any(
        _happens(event, scenario) and not _followed(event, strategy, one)
        for event, strategy in one.estimand.strategies(one.method).items()
    )


def strategy_misfits(one: Requested, scenario: DesignScenario) -> Iterator[tuple[str, str, str]]:
    """What is asked about events that the scenario does not simulate: id, what, and hint."""
    for event, strategy in one.estimand.strategies(one.method).items():
        if strategy == "treatment_policy" or _followed(event, strategy, one):
            continue
        asked = f"{one.name}: {strategy.replace('_', ' ')} for {event.replace('_', ' ')}"
        if event == "pandemic" or strategy == "principal_stratum":
            yield "scenario.E008", f"{asked} is not computed in simulations.", _FEWER
        elif event in _KEYS and event not in _OPEN and not _happens(event, scenario):
            yield "scenario.E024", f"{asked} needs to know who that happens to.", f"Describe it under '{_KEYS[event]}'."
        elif event in _KEYS and scenario.observed != "at_visits":
            yield "scenario.E024", f"{asked} is judged by assessments.", "Write 'observed: at_visits'."


_FEWER: Final = "Ask for fewer sensitivity analyses, or for another estimand."


def _happens(event: str, scenario: DesignScenario) -> bool:
    if event == "missed_assessment":
        return scenario.observed == "at_visits"
    return event in _KEYS and getattr(scenario, _KEYS[event]) is not None


def _followed(event: str, strategy: str, one: Requested) -> bool:
    if strategy == "treatment_policy" or (strategy == "hypothetical" and event in _OPEN):
        return True
    if strategy == "while_on_treatment":
        return event in _OPEN and one.method.function in _TIMES
    failure = one.method.missing == "event" and one.endpoint.better == "lower"
    return strategy == "composite" and event in _OPEN and failure and one.method.function not in _TIMES
