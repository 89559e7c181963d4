"""What participants are like at baseline: from what a scenario says of it to arrays, strata, and the spread of risk."""

from itertools import pairwise
from math import inf, log

import numpy as np
from scipy.special import ndtri

from equipoise.protocol.schema import Protocol
from equipoise.simulation.design.minimising import list_procedure, stratified_by
from equipoise.simulation.design.plan import Covariates, Floats, Plan, Whole
from equipoise.simulation.design.scenario import DesignScenario
from equipoise.simulation.design.scenario_patients import Covariate

_POINTS = 400  # of a number over which risks are averaged, and of all of them together
_NEVER = 2.0  # the cumulated share after the last level


def covariates_of(scenario: DesignScenario) -> Covariates:
    """The covariates of a scenario, in its order."""
    told = tuple(scenario.covariates.values())
    most = max([1, *(len(each.levels) for each in told)])
    ends, hazard, score = np.full((len(told), most), _NEVER), *np.zeros((2, len(told), most))
    for place, each in enumerate(told):
        shares = np.array([level.share for level in each.levels.values()])
        ends[place, : max(shares.size - 1, 0)] = np.cumsum(shares / shares.sum())[:-1]
        effects = [(log(level.hazard_ratio), level.score) for level in each.levels.values()]
        effects = effects or [(log(each.hazard_ratio), each.score)]
        hazard[place, : len(effects)], score[place, : len(effects)] = zip(*effects, strict=True)
    measured = [log(part.hazard_ratio) if part is not None else 0.0 for part in (scenario.score, scenario.dose)]
    return Covariates(
        levels=np.array([len(each.levels) for each in told], np.int64), ends=ends,
        law=np.array([_law(each) for each in told]).reshape(len(told), 5), hazard=hazard, score=score,
        measured=np.array(measured), mean_dose=_mean_dose(scenario), prognostic=bool(hazard.any() or any(measured)),
    )  # fmt: skip


def _law(told: Covariate) -> tuple[float, float, float, float, float]:
    low, high = told.within or (-inf, inf)
    return told.mean or 0.0, told.deviation or 1.0, low, high, told.step


def _mean_dose(scenario: DesignScenario) -> float:
    if scenario.dose is None:
        return 0.0
    return float(np.average([float(dose) for dose in scenario.dose.start], weights=list(scenario.dose.start.values())))


def strata_of(scenario: DesignScenario, protocol: Protocol) -> tuple[int, int, Whole]:
    """How many lists there are, and by what a site and the level of each covariate count in the number of a list."""
    names = stratified_by(scenario, protocol) if list_procedure(scenario, protocol) is not None else ()
    sizes = {name: len(told.levels) if name in names else 1 for name, told in scenario.covariates.items()}
    sites = len(protocol.sites) if "site" in names else 1
    steps = np.cumprod([sites, *sizes.values()])
    by_level = [int(before) if after > before else 0 for before, after in pairwise(steps.tolist())]
    return int(steps[-1]), int("site" in names), np.array(by_level, np.int64)


def factors(plan: Plan) -> tuple[Floats, Floats]:
    """The factors of the hazard that participants have by what they are like at baseline, and the chance of each.

    Effects of the score and the dose at baseline are part of it. What is many is gathered into few equal shares.
    """
    found, chances = np.zeros(1), np.ones(1)
    for logs, weights in (*_of_covariates(plan), *_of_measures(plan)):
        found, chances = gathered(np.add.outer(found, logs).ravel(), np.multiply.outer(chances, weights).ravel())
    return np.exp(found), chances


def _of_covariates(plan: Plan) -> list[tuple[Floats, Floats]]:
    covariates, found = plan.covariates, []
    for place in np.flatnonzero(covariates.hazard.any(axis=1)):
        number = int(covariates.levels[place])
        if number:
            shares = np.diff(np.minimum(covariates.ends[place, :number], 1.0), prepend=0.0)
            found.append((covariates.hazard[place, :number], shares))
        else:
            mean, deviation, low, high, step = covariates.law[place]
            values = _rounded(mean + deviation * _deviates(), low, high, step)
            found.append((covariates.hazard[place, 0] * (values - mean), np.full(values.size, 1.0 / values.size)))
    return found


def _of_measures(plan: Plan) -> list[tuple[Floats, Floats]]:
    score, dose, effects, found = plan.score, plan.dose, plan.covariates.measured, []
    if effects[0]:
        values = _rounded(score.mean + score.deviation * _deviates(), score.low, score.high, score.step)
        found.append((effects[0] * (values - score.mean), np.full(values.size, 1.0 / values.size)))
    if effects[1]:
        logs = effects[1] * (dose.starts - plan.covariates.mean_dose)
        found.append((logs, np.diff(dose.ends, prepend=0.0)))
    return found


def _deviates() -> Floats:
    return np.asarray(ndtri((np.arange(_POINTS) + 0.5) / _POINTS))


def _rounded(values: Floats, low: float, high: float, step: float) -> Floats:
    return np.clip(np.round(values / step) * step if step else values, low, high)


def gathered(values: Floats, chances: Floats) -> tuple[Floats, Floats]:
    """The same spread in no more than so many values, each the mean of those it stands for."""
    order = np.argsort(values)
    values, chances = values[order], chances[order]
    part = np.minimum((np.cumsum(chances) - chances / 2.0) * _POINTS, _POINTS - 1).astype(np.int64)
    weights = np.bincount(part, chances)
    kept = weights > 0.0
    return np.asarray(np.bincount(part, chances * values)[kept] / weights[kept]), np.asarray(weights[kept], np.float64)
