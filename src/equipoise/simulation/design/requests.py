"""The analyses that a scenario asks for: estimands of the protocol, each with some of its sensitivity analyses."""

from dataclasses import dataclass

from equipoise.protocol.schema import Endpoint, Estimand, Method, Protocol
from equipoise.simulation.design.scenario import DesignScenario


@dataclass(frozen=True, slots=True)
class Requested:
    """One analysis that a scenario asks for: of which estimand, under which variant's name, by which method."""

    estimand: Estimand
    endpoint: Endpoint
    variant: str  # "" for the main analysis, else "sensitivity_1", …
    method: Method

    @property
    def name(self) -> str:
        """The estimand's id, with the variant where it is a sensitivity analysis."""
        return f"{self.estimand.id} {self.variant}".strip()


def requested(scenario: DesignScenario, protocol: Protocol) -> tuple[Requested, ...]:
    """The analyses in the order in which the scenario asks for them; its estimands must be the protocol's."""
    estimands = {estimand.id: estimand for estimand in protocol.estimands}
    endpoints = {endpoint.id: endpoint for endpoint in protocol.endpoints}
    found = []
    for asked in scenario.analyses:
        estimand = estimands[asked.estimand]
        endpoint = endpoints[estimand.endpoint]
        found.append(Requested(estimand, endpoint, "", estimand.method))
        for place, method in enumerate(estimand.sensitivity[: asked.sensitivity], start=1):
            found.append(Requested(estimand, endpoint, f"sensitivity_{place}", method))
    return tuple(found)
