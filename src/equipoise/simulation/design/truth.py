"""What an analysis should find: the values under a scenario's own law of events, everybody followed to the end.

Only the onset of the first event counts; drop-out, visits and errors of assessment move estimates away from these
values, and that is the bias which a simulation reports.
"""

from collections.abc import Mapping
from math import log, nan

import numpy as np

from equipoise.simulation.design import analysis_kernels as codes
from equipoise.simulation.design.baseline import factors, gathered
from equipoise.simulation.design.beside import Beside
from equipoise.simulation.design.hazards import cumulative, mean_over_frailty
from equipoise.simulation.design.modelling import Model
from equipoise.simulation.design.plan import Floats, Plan

_STOPS = 2000  # days of stopping treatment over which the risk is averaged, and deviates of a site
_DEVIATES = 60


def truths(plan: Plan, beside: Mapping[int, Beside]) -> Floats:
    """The true value of each analysis, NaN where there is no single one."""
    risks = risk(plan, plan.allocation.treated) - risk(plan, plan.allocation.reference)
    values = {codes.PROPORTIONS: risks, codes.SURVIVAL: log_hazard_ratio(plan), codes.ANCOVA: _no_effect(plan)}
    found = np.array([values[kind] for kind in plan.analyses.effect.tolist()])
    for place, one in beside.items():
        if one.strategies.any():
            found[place] = _no_effect(plan)
        elif one.model is not None and one.model.method.function == "survival" and _explained(one.model, plan):
            found[place] = _ratio(plan)
    return found


def _explained(model: Model, plan: Plan) -> bool:
    """Whether everything that sets the hazards of participants apart, beside treatment, is in a model of times."""
    known, covariates = {*model.adjusted, *model.strata}, plan.covariates
    bears = [name for name, effects in zip(model.covariates, covariates.hazard, strict=True) if effects.any()]
    bears += [name for name, effect in zip(model.measures, covariates.measured.tolist(), strict=True) if effect]
    bears += ["site"] if plan.entry.spread > 0.0 or np.unique(plan.entry.ratio).size > 1 else []
    return set(bears) <= known and plan.hazards.frailty == 0.0


def risk(plan: Plan, arm: int) -> float:
    """The share of an arm with an event by the end, averaged over sites, baseline, frailty and when treatment stops.

    NaN where medication changes hazards under way, or the score at baseline bears on them and is itself made of others.
    """
    if _changed_underway(plan) or (plan.covariates.measured[0] != 0.0 and plan.covariates.score.any()):
        return nan
    cumulative, chances = _cumulative(plan, arm)
    factors, weights = _people(plan)
    free = mean_over_frailty(np.multiply.outer(factors, cumulative), plan.hazards.frailty)
    return float(1.0 - weights @ free @ chances)


def log_hazard_ratio(plan: Plan) -> float:
    """The log hazard ratio of the treated arm; NaN where hazards are not proportional in the whole population."""
    mixed = plan.hazards.frailty > 0.0 or plan.entry.spread > 0.0 or np.unique(plan.entry.ratio).size > 1
    found = _ratio(plan)
    return nan if found and (mixed or plan.covariates.prognostic) else found


def _ratio(plan: Plan) -> float:
    """The log hazard ratio between two participants who differ by their arm alone; NaN where it is not constant."""
    hazards, allocation = plan.hazards, plan.allocation
    treated, reference = hazards.rates[allocation.treated], hazards.rates[allocation.reference]
    begins = plan.prohibited.begins
    if np.array_equal(treated, reference) and begins[allocation.treated] == begins[allocation.reference]:
        return 0.0
    stops = not plan.leaving.kept and plan.leaving.stops[allocation.treated] > 0.0
    ratios = np.unique(np.round(treated[reference > 0.0] / reference[reference > 0.0], 12))
    if stops or _changed_underway(plan) or ratios.size != 1 or ratios[0] <= 0.0:
        return nan
    return log(float(ratios[0]))


def _changed_underway(plan: Plan) -> bool:
    """Whether medication that is not permitted changes somebody's hazard."""
    return plan.prohibited.factor != 1.0 and bool(plan.prohibited.begins.any())


def _no_effect(plan: Plan) -> float:
    """The true difference of means is known where nothing differs between the arms."""
    hazards, leaving, treated, reference = (
        plan.hazards,
        plan.leaving,
        plan.allocation.treated,
        plan.allocation.reference,
    )
    alike = (
        hazards.rates, leaving.leaves, leaving.stops, leaving.dies, plan.prohibited.begins, plan.score.change,
    )  # fmt: skip
    return 0.0 if all(np.array_equal(part[treated], part[reference]) for part in alike) else nan


def _cumulative(plan: Plan, arm: int) -> tuple[Floats, Floats]:
    """The cumulative hazards by the end that are possible in an arm, and the chance of each."""
    hazards, horizon, reference = plan.hazards, plan.horizon, plan.allocation.reference
    rate = 0.0 if plan.leaving.kept else float(plan.leaving.stops[arm])
    if rate == 0.0:
        return cumulative(hazards, arm, np.array([horizon])), np.ones(1)
    edges = np.linspace(0.0, horizon, _STOPS + 1)
    chances = np.diff(-np.expm1(-rate * edges))
    days = (edges[1:] + edges[:-1]) / 2.0
    end_arm, end_reference = (cumulative(hazards, each, np.array([horizon])) for each in (arm, reference))
    stopped = cumulative(hazards, arm, days) + end_reference - cumulative(hazards, reference, days)
    return np.concatenate([stopped, end_arm]), np.array([*chances, np.exp(-rate * horizon)])


def _people(plan: Plan) -> tuple[Floats, Floats]:
    """The factors of the hazard that a participant can have by site and baseline, and the chance of each."""
    sites, shares = _sites(plan)
    baseline, chances = factors(plan)
    if baseline.size == 1:
        return sites, shares
    logs, weights = np.add.outer(np.log(sites), np.log(baseline)), np.multiply.outer(shares, chances)
    found, weights = gathered(logs.ravel(), weights.ravel())
    return np.exp(found), weights


def _sites(plan: Plan) -> tuple[Floats, Floats]:
    """The factors of the hazard that a participant's site can have, and the chance of each."""
    shares = np.diff(plan.entry.shares, prepend=0.0)
    spread = plan.entry.spread
    points, weights = np.polynomial.hermite_e.hermegauss(_DEVIATES)
    factors = np.multiply.outer(plan.entry.ratio, np.exp(spread * points - 0.5 * spread * spread))
    return factors.ravel(), np.multiply.outer(shares, weights / weights.sum()).ravel()
