"""From the planned looks to the bounds that a simulated trial is held against: the product's own, look by look."""

from functools import cache
from math import ceil, inf

import numpy as np

from equipoise.analysis.sequential import planned_design
from equipoise.protocol.monitoring import Boundary
from equipoise.protocol.schema import Protocol
from equipoise.simulation.design.conduct import Looks, Tested
from equipoise.simulation.design.plan import Floats, Plan
from equipoise.simulation.design.requests import Requested
from equipoise.simulation.design.scenario import DesignScenario
from equipoise.simulation.design.scenario_conduct import Interim
from equipoise.simulation.design.sizing import main_analysis_of

_LEAST_STEP = 1e-4  # of the information: an end that adds less tests nothing


def boundary_of(scenario: DesignScenario, protocol: Protocol) -> Boundary | None:
    """The boundary that the looks test against: the scenario's, or else the protocol's."""
    if scenario.monitoring is None:
        return None
    planned = protocol.monitoring.boundary if protocol.monitoring is not None else None
    return scenario.monitoring.boundary or planned


def shares_of(scenario: DesignScenario, protocol: Protocol) -> tuple[float, ...]:
    """The shares of the information at which the looks are due: the scenario's, or else the protocol's."""
    planned = protocol.monitoring.efficacy_looks if protocol.monitoring is not None else ()
    told = scenario.monitoring or Interim()
    due = [look.when.information for look in planned if look.when.information is not None]
    return tuple(float(share) for share in told.looks or due)


def looks_of(scenario: DesignScenario, protocol: Protocol, asked: tuple[Requested, ...], plan: Plan) -> Looks | None:
    """The looks of a scenario, with their bounds."""
    boundary = boundary_of(scenario, protocol)
    if boundary is None:
        return None
    place, level = main_analysis_of(boundary.estimand, asked), float(protocol.analysis.alpha) * boundary.sided / 2.0
    due = tuple(ceil(share * boundary.information) for share in shares_of(scenario, protocol))
    return Looks(Tested.of(place, asked[place], plan), due, *bounds(boundary, level, due, plan.participants))


@cache
def bounds(boundary: Boundary, level: float, due: tuple[int, ...], most: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Upper and lower bounds at the looks, and at the end by how much information there is then, up to `most`."""
    planned = planned_design(boundary, level, (*(count / boundary.information for count in due), 1.0))
    last = [_at_the_end(boundary, level, due, count) for count in range(most + 1)]
    upper, lower = zip(*last, strict=True)
    return np.array(planned.upper[:-1]), np.array(planned.lower[:-1]), np.array(upper), np.array(lower)


def _at_the_end(boundary: Boundary, level: float, due: tuple[int, ...], count: int) -> tuple[float, float]:
    """The bounds of the final test: looks are placed by what was reached, error is spent as it was (`final_test`)."""
    held = [each for each in due if each < count]
    if not count or (held and (count - held[-1]) / count < _LEAST_STEP):
        return inf, -inf
    shares, times = [each / count for each in held], [each / boundary.information for each in held]
    design = planned_design(boundary, level, (*shares, 1.0), (*times, 1.0))
    return design.upper[-1], design.lower[-1] if boundary.sided == 2 else -inf
