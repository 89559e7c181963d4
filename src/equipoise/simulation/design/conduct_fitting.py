"""Whether the conduct that a scenario describes fits the protocol, and can be computed."""

import itertools
from collections.abc import Iterator
from math import ceil

from equipoise.items import Problem
from equipoise.protocol.checks.draft import Draft
from equipoise.protocol.checks.monitoring import STEP, boundary_can_be_computed, boundary_names_its_parts
from equipoise.protocol.lines import Path
from equipoise.protocol.monitoring import Boundary, Monitoring
from equipoise.protocol.schema import Method, Protocol
from equipoise.simulation.design.fitting import Wrong, compared_arm, participants
from equipoise.simulation.design.grid import Cell
from equipoise.simulation.design.looks import boundary_of, shares_of
from equipoise.simulation.design.requests import requested
from equipoise.simulation.design.scenario import DesignScenario
from equipoise.simulation.design.scenario_conduct import ReEstimation
from equipoise.simulation.design.supplying import doses_by_weight, needs_vials

_LOOKS: Path = ("monitoring", "looks")
_BOUNDARY: Path = ("monitoring", "boundary")
_TESTED = ("two_proportions", "survival", "ancova")


def conduct_misfits(cell: Cell, protocol: Protocol) -> tuple[Problem, ...]:
    """What is wrong with the conduct of a scenario whose names and analyses are right."""
    scenario, lines = cell.scenario, cell.lines
    wrong = [*_times(scenario), *_monitoring(scenario, protocol), *_re_estimation(scenario, protocol),
             *_randomisation_test(scenario, protocol), *_supply(scenario, protocol)]  # fmt: skip
    found = tuple(Problem(id_, lines.where(path), said, hint) for path, id_, said, hint in wrong)
    boundary = boundary_of(scenario, protocol)
    return (*found, *(_boundary(boundary, cell, protocol) if boundary is not None else ()))


def _times(scenario: DesignScenario) -> Iterator[Wrong]:
    """Parts that happen on calendar days, in a scenario in which nobody knows when participants come."""
    for name in ("monitoring", "re_estimation", "supply"):
        if getattr(scenario, name) is not None and scenario.accrual is None:
            yield (
                (name,), "scenario.E017", f"'{name}' happens on days, but nobody knows when participants come.",
                "Give 'accrual' too.",
            )  # fmt: skip


def _boundary(boundary: Boundary, cell: Cell, protocol: Protocol) -> Iterator[Problem]:
    """The boundary by the checks of the protocol's own."""
    plan = Monitoring.model_construct(
        statistician="", chair="", open_report_to=(), closed_report_to=(), boundary=boundary, looks=()
    )
    draft = Draft(protocol.model_copy(update={"monitoring": plan}), cell.lines)
    yield from boundary_names_its_parts(draft)
    yield from boundary_can_be_computed(draft)


def _monitoring(scenario: DesignScenario, protocol: Protocol) -> Iterator[Wrong]:
    if scenario.monitoring is None:
        return
    boundary, shares = boundary_of(scenario, protocol), shares_of(scenario, protocol)
    if boundary is None or not shares:
        said = "Neither the protocol nor the scenario says at which looks which boundary is tested."
        yield ("monitoring",), "scenario.E018", said, "Give 'looks' and 'boundary'."
        return
    due = [0, *(ceil(share * boundary.information) for share in shares), boundary.information]
    if any(after - before < float(STEP) * boundary.information for before, after in itertools.pairwise(due)):
        said = f"These looks are due after {', '.join(map(str, due[1:]))} of the information: some are no looks."
        yield _LOOKS, "scenario.E019", said, "Let each add to the one before, and the last to the end."
    yield from _tested(scenario, protocol, boundary)


def _re_estimation(scenario: DesignScenario, protocol: Protocol) -> Iterator[Wrong]:
    told = scenario.re_estimation
    if told is None:
        return
    path: Path = ("re_estimation",)
    method = _main_method(told.estimand, scenario, protocol)
    if method is None or method.function != "two_proportions":
        said = f"{told.estimand} is no comparison of two proportions among the analyses of this scenario."
        yield (*path, "estimand"), "scenario.E020", said, "Name one that stands under 'analyses'."
    boundary = boundary_of(scenario, protocol)
    if scenario.randomisation_test is not None or len(protocol.arms) != 2:
        said = "The number of participants is reconsidered in trials of two arms without randomisation tests."
        yield path, "scenario.E021", said, "Leave out 'randomisation_test' or 're_estimation'."
    elif boundary is not None and not told.blinded and not _planned_alike(told, boundary, scenario, protocol):
        said = "After a look at the arms the test keeps the weights planned: looks and zone are of one plan."
        hint = f"Let both be of {told.estimand}, and the information be that of the participants planned."
        yield path, "scenario.E021", said, hint
    if told.at_most <= participants(scenario, protocol):
        said = f"{told.at_most} participants are no more than the {participants(scenario, protocol)} planned."
        yield (*path, "at_most"), "scenario.E022", said, "Give the largest number that could be recruited."


def _planned_alike(told: ReEstimation, boundary: Boundary, scenario: DesignScenario, protocol: Protocol) -> bool:
    """Whether looks and a promising zone are of one estimand, and count the same planned information."""
    return boundary.estimand == told.estimand and boundary.information == participants(scenario, protocol)


def _randomisation_test(scenario: DesignScenario, protocol: Protocol) -> Iterator[Wrong]:
    told = scenario.randomisation_test
    if told is None:
        return
    method = _main_method(told.estimand, scenario, protocol)
    if method is None or method.function != "survival" or method.strata or len(protocol.arms) != 2:
        said = f"{told.estimand} is no comparison of two arms' times among the analyses of this scenario."
        hint = "The randomisation test has log-rank scores: name the estimand of a time to an event."
        yield ("randomisation_test", "estimand"), "scenario.E020", said, hint


def _supply(scenario: DesignScenario, protocol: Protocol) -> Iterator[Wrong]:
    if scenario.supply is None:
        return
    if not needs_vials(protocol):
        said = "No arm of the protocol has a product whose strength is in the unit of its dose."
        yield ("supply",), "scenario.E023", said, "Give the product a 'unit_strength', such as 120 mg."
    elif doses_by_weight(protocol) and scenario.supply.weight is None:
        said = "A dose follows body weight, and nobody knows what participants weigh."
        yield ("supply",), "scenario.E023", said, "Give 'weight' with its mean and deviation."


def _main_method(estimand: str, scenario: DesignScenario, protocol: Protocol) -> Method | None:
    """The method of an estimand's main analysis; None where the scenario does not ask for it."""
    mains = {one.estimand.id: one.method for one in requested(scenario, protocol) if not one.variant}
    return mains.get(estimand)


def _tested(scenario: DesignScenario, protocol: Protocol, boundary: Boundary) -> Iterator[Wrong]:
    method = _main_method(boundary.estimand, scenario, protocol)
    if method is None or method.function not in _TESTED:
        yield (
            (*_BOUNDARY, "estimand"), "scenario.E020",
            f"{boundary.estimand} is no comparison of outcomes among the analyses of this scenario.",
            "Ask under 'analyses' for the estimand of the boundary: of two proportions, of a time, or of a mean.",
        )  # fmt: skip
    elif boundary.arm != compared_arm(scenario, protocol):
        said = f"The looks test {boundary.arm}, but the effect is simulated of {compared_arm(scenario, protocol)}."
        yield (*_BOUNDARY, "arm"), "scenario.E020", said, "Name that arm under 'compare'."
