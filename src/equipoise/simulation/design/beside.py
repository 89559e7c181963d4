"""The analyses that no kernel computes within its pass over a trial: which they are, and what each needs.

Under strategies for intercurrent events a kernel or the statistics room reads rows of its own; adjusted and repeated
measures' models are the statistics room's. Both go trial by trial, and cost what they cost there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from equipoise.protocol.schema import Protocol
from equipoise.simulation.design import strategy_kernels as codes
from equipoise.simulation.design.looks import boundary_of
from equipoise.simulation.design.modelling import Model, model_of
from equipoise.simulation.design.plan import Whole
from equipoise.simulation.design.requests import Requested
from equipoise.simulation.design.scenario import DesignScenario
from equipoise.simulation.design.strategies import strategies_apart

_CODES: Final = {"composite": codes.COMPOSITE, "while_on_treatment": codes.WHILE_ON_TREATMENT,
                 "hypothetical": codes.HYPOTHETICAL}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """One such analysis. Without a `model` a kernel computes it, from the rows under `strategies`."""

    strategies: Whole  # by `strategy_kernels.EVENTS`
    fails: bool  # a failure is an event
    complete: bool
    model: Model | None

    @property
    def followed(self) -> bool:
        """Whether it reads everybody's course."""
        return self.changed or (self.model is not None and self.model.method.function == "mmrm")

    @property
    def changed(self) -> bool:
        """Whether it reads other rows than those of everybody's course."""
        return self.complete or bool(self.strategies.any())


def beside_of(scenario: DesignScenario, protocol: Protocol, asked: tuple[Requested, ...]) -> Mapping[int, Beside]:
    """Those of a scenario that fits the protocol, by their places."""
    boundary = boundary_of(scenario, protocol)
    found, looked_at = {}, boundary.estimand if boundary is not None else ""
    for place, one in enumerate(asked):
        complete = one.method.function == "ancova" and one.method.missing == "complete_case"
        special = strategies_apart(one, scenario)
        chosen = one.estimand.strategies(one.method) if special else {}
        model = model_of(one, scenario, protocol, tested=one.estimand.id == looked_at and not one.variant)
        if special or complete or model is not None:
            strategies = np.array([_CODES.get(chosen.get(event, ""), 0) for event in codes.EVENTS], np.int64)
            found[place] = Beside(strategies, one.endpoint.better == "lower", complete, model)
    return found
