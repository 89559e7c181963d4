"""Minimisation as the scheme of a design: from what scenario and protocol say of it to the arrays of its kernels."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from equipoise.items import Problem
from equipoise.protocol.schema import Protocol
from equipoise.randomisation.messages import problem
from equipoise.randomisation.minimisation import Minimisation
from equipoise.randomisation.minimised_lists import counted, uncounted
from equipoise.randomisation.restricted_minimisation import MINIMISATION, Minimised, dynamic_of
from equipoise.randomisation.specification import PARAMETERS, Procedure
from equipoise.randomisation.tables import Table
from equipoise.simulation.design.plan import Minimising
from equipoise.simulation.design.scenario import DesignScenario, Scheme

LISTED: Final = Minimising(np.zeros((3, 0), np.int64), 0, np.zeros(0, np.int64), 0, 1.0)  # where lists are drawn
_OF_LISTS: Final = tuple(name for name in PARAMETERS if name != "probability")
_OF_MINIMISATION: Final = ("measure", "factor_weights")


def list_procedure(scenario: DesignScenario, protocol: Protocol) -> Procedure | None:
    """How lists are drawn: by the scenario's procedure, or else the protocol's own. None where arms are minimised."""
    procedure = scenario.randomisation.procedure or protocol.randomisation.procedure
    return None if procedure == MINIMISATION else procedure


def stratified_by(scenario: DesignScenario, protocol: Protocol) -> tuple[str, ...]:
    """The factors of the randomisation, in the protocol's order: the protocol's strata, or none."""
    return protocol.randomisation.strata if scenario.randomisation.strata == "protocol" else ()


def keys_of_another(scenario: DesignScenario, protocol: Protocol, where: str) -> Iterator[Problem]:
    """Keys of minimisation where lists are drawn, and the other way round."""
    procedure = list_procedure(scenario, protocol)
    for name in _OF_LISTS if procedure is None else _OF_MINIMISATION:
        if getattr(scenario.randomisation, name) not in (None, (), {}):
            yield problem("randomisation.E009", where, procedure=procedure or MINIMISATION, name=name)


def minimisation_misfits(
    scenario: DesignScenario, protocol: Protocol, participants: int, where: str
) -> Iterator[Problem]:
    """What keeps the arms of so many participants from being minimised as the scenario says."""
    found = dynamic_of(
        _told(scenario.randomisation), protocol.id, protocol.randomisation.ratio, _factors(scenario, protocol), where
    )
    if isinstance(found, list):
        yield from found
    else:
        yield from uncounted(found.minimisation, tuple(found.factors), participants, where)


def _told(scheme: Scheme) -> Minimised:
    """What the restricted file of a trial like this would say; no envelopes are made."""
    told: dict[str, Any] = {"probability": scheme.probability, "measure": scheme.measure}
    given = {name: value for name, value in told.items() if value is not None}
    return Minimised(slots=0, weights=scheme.factor_weights, **given)


def _factors(scenario: DesignScenario, protocol: Protocol) -> Mapping[str, tuple[str, ...]]:
    """The factors that are balanced and their levels, in the protocol's order."""
    levels = {name: tuple(told.levels) for name, told in scenario.covariates.items()}
    levels["site"] = tuple(site.id for site in protocol.sites)
    return {name: levels.get(name, ()) for name in stratified_by(scenario, protocol)}


def minimising_of(
    scenario: DesignScenario, protocol: Protocol, shares: tuple[int, ...], participants: int
) -> tuple[Table, Minimising]:
    """The chances of the arms for each set of best ones, as states that lead nowhere, and how the best are found."""
    told, factors = _told(scenario.randomisation), _factors(scenario, protocol)
    design = Minimisation(shares, told.weights, told.measure, told.probability)
    how = counted(design, tuple(factors), participants)
    places = {name: place for place, name in enumerate(scenario.covariates)}
    sizes = np.array([len(levels) for levels in factors.values()], np.int64)
    arms = np.tile(np.arange(len(shares), dtype=np.uint8), (how.ends.shape[0], 1))
    sources = np.array([places.get(name, -1) for name in factors], np.int64)
    return Table(how.ends, arms, np.zeros(how.ends.shape, np.int32)), Minimising(
        factors=np.stack([sources, np.cumsum(sizes) - sizes, how.weights]), levels=int(sizes.sum()), step=how.step,
        measure=how.measure, scale=how.scale,
    )  # fmt: skip
