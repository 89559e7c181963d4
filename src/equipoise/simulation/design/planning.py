"""From a scenario and a protocol to the arrays that the kernels follow. Days count from randomisation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Final

import numpy as np
from scipy.special import ndtri, stdtrit

from equipoise.analysis.assessments import assessments
from equipoise.protocol.schedule import Visit
from equipoise.protocol.schema import Protocol
from equipoise.randomisation.tables import table
from equipoise.simulation.design import analysis_kernels as codes
from equipoise.simulation.design import scenario_patients
from equipoise.simulation.design.baseline import covariates_of, strata_of
from equipoise.simulation.design.beside import Beside, beside_of
from equipoise.simulation.design.conduct import PLAIN, Conduct
from equipoise.simulation.design.conducting import Told, conduct_of
from equipoise.simulation.design.entry import entry_of
from equipoise.simulation.design.fitting import (
    compared_arm,
    most_participants,
    reference_arm,
    specification,
)
from equipoise.simulation.design.hazards import hazards_of
from equipoise.simulation.design.minimising import LISTED, minimising_of
from equipoise.simulation.design.plan import (
    Allocation,
    Analyses,
    Covariates,
    Dose,
    Entry,
    Floats,
    Hazards,
    Leaving,
    Plan,
    Prohibited,
    Score,
    Visits,
)
from equipoise.simulation.design.requests import Requested, requested
from equipoise.simulation.design.scenario import DesignScenario, Rates
from equipoise.simulation.design.truth import truths
from equipoise.simulation.patient import DAYS_PER_YEAR

_KINDS: Final = {"two_proportions": codes.PROPORTIONS, "survival": codes.SURVIVAL, "ancova": codes.ANCOVA,
                 "mmrm": codes.ANCOVA}  # fmt: skip
_TESTS: Final = {"chi_square_yates": codes.YATES, "wald": codes.WALD, "logrank": codes.LOG_RANK, "fisher": codes.FISHER}
_INTERVALS: Final = {"wald": codes.WALD_INTERVAL, "miettinen_nurminen": codes.SCORE_INTERVAL}
_DAYS_OF_CORRELATION: Final = 28
_MISSING: Final = {"event": codes.AS_EVENT, "no_event": codes.AS_NO_EVENT}


@dataclass(frozen=True, eq=False)
class Design:
    """A scenario ready to be simulated: the plan, the analyses in their order, and the arms by their number."""

    plan: Plan
    analyses: tuple[Requested, ...]
    arms: tuple[str, ...]
    visits: tuple[Visit, ...]  # the assessments of the endpoint, also where events are known at once
    alpha: float
    conduct: Conduct = PLAIN
    again: tuple[int, ...] = ()  # the places of the analyses that stand once more at the end of `analyses`
    told: tuple[Told, ...] = ()
    covariates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by name, in order: their levels, if any
    beside: Mapping[int, Beside] = field(default_factory=dict)  # the analyses that the kernels do not compute, by place

    @property
    def participants(self) -> int:
        """How many are planned; more where their number is reconsidered."""
        re_estimated = self.conduct.re_estimated
        return self.plan.participants if re_estimated is None else re_estimated.planned

    @cached_property
    def truths(self) -> Floats:
        """The true value of each analysis, NaN where there is no single one."""
        found = truths(self.plan, self.beside)
        return np.concatenate([found, found[list(self.again)]])


def design_of(scenario: DesignScenario, protocol: Protocol) -> Design:
    """The design of a scenario that fits the protocol, as `fitting.misfits` found."""
    arms, asked = tuple(sorted(protocol.randomisation.ratio)), requested(scenario, protocol)
    through = protocol.visit_by_id[asked[0].endpoint.through]
    visits = _assessments(asked[0], through, protocol)
    horizon, alpha = float(through.day), float(protocol.analysis.alpha)
    allocation = _allocation(scenario, protocol, arms)
    hazards = hazards_of(scenario, arms, arms[allocation.treated], horizon)
    leaving, covariates = _leaving(scenario, arms, horizon), covariates_of(scenario)
    entry, besides = entry_of(scenario, protocol), beside_of(scenario, protocol, asked)
    plan = Plan(
        participants=most_participants(scenario, protocol), horizon=horizon,
        simple=_simple(scenario, (hazards, leaving, covariates, entry)), allocation=allocation, hazards=hazards,
        leaving=leaving, covariates=covariates, prohibited=_prohibited(scenario, arms), entry=entry,
        visits=_visits(scenario, visits), followed=any(one.followed for one in besides.values()),
        score=_score(scenario, arms, visits), dose=_dose(scenario),
        analyses=_analyses(scenario, protocol, asked, besides),
    )  # fmt: skip
    conducted = conduct_of(scenario, protocol, asked, plan)
    return Design(
        plan, (*asked, *conducted.analyses), arms, visits, alpha, conducted.conduct, conducted.again, conducted.told,
        {name: tuple(told.levels) for name, told in scenario.covariates.items()}, besides,
    )  # fmt: skip


def _assessments(first: Requested, through: Visit, protocol: Protocol) -> tuple[Visit, ...]:
    """The visits after baseline, to the end of the endpoint's time, at which what it reads is asked."""
    baseline = protocol.visit_by_id[protocol.schedule.baseline]
    after = tuple(visit for visit in protocol.visits if baseline.week < visit.week <= through.week)
    return assessments(first.endpoint.rule or first.endpoint.variable or "", after, protocol)


def _allocation(scenario: DesignScenario, protocol: Protocol, arms: tuple[str, ...]) -> Allocation:
    shares = tuple(protocol.randomisation.ratio[arm] for arm in arms)
    drawn = specification(scenario, protocol)
    if drawn is None:
        states, minimising = minimising_of(scenario, protocol, shares, most_participants(scenario, protocol))
    else:
        states, minimising = table(drawn, shares, drawn.slots), LISTED
    return Allocation(
        states.ends, states.arms, states.after, np.array(shares, np.int64), *strata_of(scenario, protocol), minimising,
        arms.index(compared_arm(scenario, protocol)), arms.index(reference_arm(scenario, protocol)),
    )  # fmt: skip


def per_day(rates: Rates | None, arms: tuple[str, ...]) -> Floats:
    """The rates of the arms for one day; nothing where a scenario says nothing."""
    return np.array([(rates.per_year.get(arm, 0.0) if rates else 0.0) / DAYS_PER_YEAR for arm in arms])


def _leaving(scenario: DesignScenario, arms: tuple[str, ...], horizon: float) -> Leaving:
    leaves = per_day(scenario.leaves, arms)
    stops = per_day(scenario.stops_treatment, arms)
    kept = scenario.effect.after_stop == "kept"
    return Leaving(leaves, np.exp(-leaves * horizon), stops, kept, per_day(scenario.dies, arms))


def _prohibited(scenario: DesignScenario, arms: tuple[str, ...]) -> Prohibited:
    told = scenario.prohibited_medication or scenario_patients.Prohibited(per_year={})
    begins = per_day(Rates(per_year=told.per_year), arms)
    return Prohibited(begins, told.hazard_ratio, told.score, told.shows_event)


def _simple(scenario: DesignScenario, parts: tuple[Hazards, Leaving, Covariates, Entry]) -> bool:
    """Whether the arm alone decides when the first event happens, and it is known at once."""
    hazards, leaving, covariates, entry = parts
    turned = (not leaving.kept and bool(leaving.stops.any())) or bool(leaving.dies.any())
    same = entry.spread == 0.0 and bool((entry.ratio == 1.0).all()) and not covariates.prognostic
    varied = hazards.frailty > 0.0 or hazards.recurrent or scenario.prohibited_medication is not None
    return scenario.observed == "at_once" and same and not turned and not varied


def _visits(scenario: DesignScenario, planned: tuple[Visit, ...]) -> Visits:
    told, closed = scenario.assessment, scenario.lockdown
    seen = planned if scenario.observed == "at_visits" else ()
    first, last = inf, -inf
    if closed is not None and scenario.start is not None:
        first, last = float((closed.first - scenario.start).days), float((closed.last - scenario.start).days)
    days, earliest, latest = (
        np.array([getattr(visit, name) for visit in seen], np.int64) for name in ("day", "earliest", "latest")
    )
    return Visits(
        days, earliest, latest, told.spread_days, told.missed, told.unknown, told.sensitivity, told.specificity,
        first, last, closed.missed if closed else 0.0,
    )  # fmt: skip


def _score(scenario: DesignScenario, arms: tuple[str, ...], planned: tuple[Visit, ...]) -> Score:
    shortest, longest = (7.0 * weeks for weeks in scenario.event.weeks)
    told = scenario.score
    if told is None:
        return Score(False, 0.0, 1.0, np.zeros(1), 0.0, 0.0, 1.0, np.zeros(len(arms)), 0.0, shortest, longest)
    change = np.array([told.change.get(arm, 0.0) for arm in arms])
    kept = told.correlation ** (np.arange(planned[-1].latest + 1) / _DAYS_OF_CORRELATION)
    return Score(
        True, told.mean, told.deviation, kept, told.within[0], told.within[1], told.step, change,
        told.in_event, shortest, longest,
    )  # fmt: skip


def _dose(scenario: DesignScenario) -> Dose:
    severe, told = scenario.event.severe, scenario.dose
    if told is None:
        return Dose(False, np.zeros(1), np.ones(1), 0.0, 0.0, severe, 0.0, inf, 0.0, 0.0)
    starts, weights = np.array([float(dose) for dose in told.start]), np.array(list(told.start.values()), float)
    more = told.rise if told.severe_rise is None else told.severe_rise
    return Dose(
        True, starts, np.cumsum(weights) / weights.sum(), told.rise, more, severe, told.taper,
        7.0 * told.every_weeks, told.least, told.most,
    )  # fmt: skip


def _analyses(
    scenario: DesignScenario, protocol: Protocol, asked: tuple[Requested, ...], besides: Mapping[int, Beside]
) -> Analyses:
    tail = 1.0 - float(protocol.analysis.alpha) / 2.0
    dose = scenario.dose.variable if scenario.dose else None
    freedom = np.maximum(np.arange(most_participants(scenario, protocol) + 1), 1)

    def codes_of(code: dict[str, int], default: int, name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([code.get(getattr(one.method, name), default) for one in asked], np.int64)

    effect = codes_of(_KINDS, codes.PROPORTIONS, "function")
    elsewhere = [place in besides and besides[place].model is not None for place in range(len(asked))]
    tests = [
        _TESTS.get(one.method.test, codes.LOG_RANK if one.method.function == "survival" else codes.CHI_SQUARE)
        for one in asked
    ]
    return Analyses(
        kind=np.where(elsewhere, codes.ELSEWHERE, effect), effect=effect, test=np.array(tests, np.int64),
        interval=codes_of(_INTERVALS, codes.NEWCOMBE, "interval"),
        missing=codes_of(_MISSING, codes.LEFT_OUT, "missing"),
        efron=np.array([one.method.ties == "efron" for one in asked]),
        measure=np.array([int(one.endpoint.variable == dose) for one in asked], np.int64),
        within=np.array([bool(one.method.strata) for one in asked]),
        by_site="site" in protocol.randomisation.strata, z=float(ndtri(tail)), t=stdtrit(freedom, tail),
    )  # fmt: skip
