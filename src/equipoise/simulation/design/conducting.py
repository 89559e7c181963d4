"""From what a scenario says of a trial's conduct to that conduct, and to what is told of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from equipoise.protocol.schema import Protocol
from equipoise.simulation.design.conduct import Conduct, Rerandomised
from equipoise.simulation.design.looks import boundary_of, looks_of
from equipoise.simulation.design.plan import Plan
from equipoise.simulation.design.requests import Requested
from equipoise.simulation.design.scenario import DesignScenario
from equipoise.simulation.design.scheme import OF_SCHEME, known_of
from equipoise.simulation.design.sizing import main_analysis_of, re_estimated_of
from equipoise.simulation.design.supplying import OF_SUPPLY, supplied_of

MONITORED = "monitored"
RANDOMISATION_TEST = "randomisation_test"


@dataclass(frozen=True, slots=True)
class Told:
    """Something told of every trial of a design beside its facts: of which analysis and variant, under which name."""

    name: str
    analysis: str = ""
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Conducted:
    """The conduct, the analyses told once more under another variant with their places, and what else is told."""

    conduct: Conduct
    analyses: tuple[Requested, ...]
    again: tuple[int, ...]
    told: tuple[Told, ...]


def conduct_of(scenario: DesignScenario, protocol: Protocol, asked: tuple[Requested, ...], plan: Plan) -> Conducted:
    """The conduct of a scenario that fits the protocol."""
    conduct = Conduct(
        looks=looks_of(scenario, protocol, asked, plan),
        re_estimated=re_estimated_of(scenario, protocol, asked, plan),
        rerandomised=_rerandomised(scenario, protocol, asked),
        known=known_of(plan.allocation) if scenario.predictability else None,
        supplied=supplied_of(scenario, protocol, tuple(sorted(protocol.randomisation.ratio))),
    )
    again = [(conduct.looks.tested.place, MONITORED)] if conduct.looks is not None else []
    again += [(conduct.rerandomised.place, RANDOMISATION_TEST)] if conduct.rerandomised is not None else []
    repeated = tuple(replace(asked[place], variant=variant) for place, variant in again)
    told = [*_of_looks(scenario, protocol, conduct), *_of_size(scenario, conduct)]
    told += map(Told, OF_SCHEME) if scenario.predictability else ()
    told += map(Told, OF_SUPPLY) if scenario.supply is not None else ()
    return Conducted(conduct, repeated, tuple(place for place, _ in again), tuple(told))


def _rerandomised(scenario: DesignScenario, protocol: Protocol, asked: tuple[Requested, ...]) -> Rerandomised | None:
    told = scenario.randomisation_test
    if told is None:
        return None
    return Rerandomised(main_analysis_of(told.estimand, asked), told.lists, float(protocol.analysis.alpha))


def _of_looks(scenario: DesignScenario, protocol: Protocol, conduct: Conduct) -> Iterator[Told]:
    """What is told of the looks: how often the trial stops at each of them and why, and what it takes until then."""
    boundary = boundary_of(scenario, protocol)
    if boundary is None or conduct.looks is None:
        return
    sides, looks = ("efficacy", "harm" if boundary.sided == 2 else "futility"), range(1, len(conduct.looks.due) + 1)
    for name in (*(f"{side}_at_look_{look}" for side in sides for look in looks), *_STOPS):
        yield Told(name, boundary.estimand, MONITORED)


_STOPS = ("stop_participants", "stop_information", "stop_weeks")


def _of_size(scenario: DesignScenario, conduct: Conduct) -> Iterator[Told]:
    """What is told of the number of participants: its mean, how often it grows, and its distribution."""
    told, rule = scenario.re_estimation, conduct.re_estimated
    if told is None or rule is None:
        return
    for name in ("final_participants", "participants_added", *(f"at_most_{step}" for step in rule.steps)):
        yield Told(name)
    if not told.blinded:
        yield Told("weighted_rejected", told.estimand)
