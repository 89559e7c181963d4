"""From a rule that reconsiders the number of participants to what the kernels look up: sizes and a zone."""

from math import ceil, inf, sqrt

import numpy as np

from equipoise.protocol.schema import Protocol
from equipoise.simulation.design.conduct import ReEstimated, Tested
from equipoise.simulation.design.fitting import compared_arm, participants
from equipoise.simulation.design.plan import Plan, Whole
from equipoise.simulation.design.requests import Requested
from equipoise.simulation.design.scenario import DesignScenario
from equipoise.simulation.design.scenario_conduct import ReEstimation
from equipoise.statistics import two_proportions_sample_size
from equipoise.statistics.numerics.roots import quantile_above

_STEPS = 10  # up to which the distribution of the number is told


def re_estimated_of(
    scenario: DesignScenario, protocol: Protocol, asked: tuple[Requested, ...], plan: Plan
) -> ReEstimated | None:
    """The rule of a scenario, with what it looks up."""
    told = scenario.re_estimation
    if told is None:
        return None
    place, planned = main_analysis_of(told.estimand, asked), participants(scenario, protocol)
    method, due = asked[place].method, ceil(told.at * planned)
    tested = Tested.of(place, asked[place], plan)
    return ReEstimated(
        tested=tested, unknown_counts=method.missing == "event", planned=planned, due=due,
        needed=_needed(told, due, tested.benefit, scenario, protocol) if told.blinded else np.zeros(0, np.int64),
        zone=promising_zone(told, due / planned, plan.analyses.z), critical=plan.analyses.z,
        wanted=quantile_above(1.0 - float(told.power)),
        steps=tuple(round(step) for step in np.linspace(planned, plan.participants, _STEPS + 1)[:-1].tolist()),
    )  # fmt: skip


def main_analysis_of(estimand: str, asked: tuple[Requested, ...]) -> int:
    """The place of an estimand's main analysis among those asked for."""
    return next(n for n, one in enumerate(asked) if one.estimand.id == estimand and not one.variant)


def promising_zone(told: ReEstimation, share: float, critical: float) -> tuple[float, float]:
    """The statistics at which conditional power, with the effect seen at that share, is the two powers named."""
    if told.from_power is None or share >= 1.0:
        return inf, inf
    low, high = (
        sqrt(share) * (critical + sqrt(1.0 - share) * quantile_above(1.0 - float(power)))
        for power in (told.from_power, told.power)
    )
    return low, high


def _needed(told: ReEstimation, due: int, benefit: float, scenario: DesignScenario, protocol: Protocol) -> Whole:
    """How many participants the difference needs, by the number of events among `due` of both arms.

    The pooled risk is divided between the arms so that they differ by it; where that is impossible, nobody is added.
    """
    ratio, arm = protocol.randomisation.ratio, compared_arm(scenario, protocol)
    share, difference = ratio[arm] / sum(ratio.values()), benefit * float(told.difference or 0)
    sizes = np.zeros(due + 1, np.int64)
    for events in range(due + 1):
        reference = events / due - share * difference
        if 0.0 < reference < 1.0 and 0.0 < reference + difference < 1.0:
            sizes[events] = sum(two_proportions_sample_size(
                reference + difference, reference, ratio=share / (1.0 - share), alpha=float(protocol.analysis.alpha),
                power=float(told.power),
            ).whole)  # fmt: skip
    return sizes
