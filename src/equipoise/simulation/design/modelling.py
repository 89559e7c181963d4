"""Models fitted to the rows of a simulated trial, as the analysis room asks for them: the statistics room's own.

The mixed model alone is fitted here anew (`repeated_measures`), several times as fast.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from equipoise.protocol.schema import Method, Protocol
from equipoise.simulation.design.nature_kernels import ATTENDED, DOSE, SCORE
from equipoise.simulation.design.plan import Floats, Plan
from equipoise.simulation.design.repeated_measures import Difference, difference, sums_of
from equipoise.simulation.design.requests import Requested
from equipoise.simulation.design.scenario import DesignScenario
from equipoise.simulation.design.trial_kernels import Rows
from equipoise.statistics import (
    AnalysisOfCovariance,
    CoxFit,
    Estimate,
    HypothesisTest,
    LogisticFit,
    LogRank,
    NotEstimable,
    StandardisedRisks,
    SurvivalCurve,
    TwoByTwo,
    ancova,
    cox,
    kaplan_meier,
    logistic,
    logrank,
    mantel_haenszel_test,
    risk_difference_at,
    risk_difference_score,
    standardised_risks,
)
from equipoise.statistics.means.linear import Covariate
from equipoise.statistics.numerics.distributions import t_p, t_quantile

Labels = npt.NDArray[np.str_]
Told = tuple[float, float, float, float, float]  # estimate, standard error, limits, chi-square of one degree of freedom
_NOTHING: Final[Told] = (np.nan,) * 5
_LEAST_P: Final = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """One analysis with what it reads of a participant by name: labels of codes, or the place of a number."""

    method: Method
    adjusted: tuple[str, ...]
    strata: tuple[str, ...]
    labels: dict[str, Labels]  # of sites and of covariates with levels
    covariates: tuple[str, ...]  # by their rows
    measures: tuple[str, ...]  # the variables of `Rows.base`, by its rows
    measure: int
    change: bool
    level: float

    def values(self, name: str, rows: Rows) -> Floats | Labels:
        """What is known of everybody under a name at baseline."""
        if name in self.measures:
            return np.asarray(rows.base[self.measures.index(name)])
        found = rows.site if name == "site" else rows.covariates[self.covariates.index(name)]
        if name in self.labels:
            return np.asarray(self.labels[name][found.astype(np.int64)])
        return np.asarray(found, np.float64)


def model_of(one: Requested, scenario: DesignScenario, protocol: Protocol, *, tested: bool) -> Model | None:
    """The model of an analysis; None where a kernel computes it. `tested`: looks ask for the normal equivalent of t."""
    method, names = one.method, protocol.randomisation.strata
    if not (_beyond(method, names) or (tested and method.function == "ancova")):
        return None
    adjusted = method.covariates if method.function == "survival" else (*method.covariates, *names)
    measured = tuple(part.variable if part is not None else "" for part in (scenario.score, scenario.dose))
    labels = {name: np.array(list(told.levels)) for name, told in scenario.covariates.items() if told.levels}
    return Model(
        method=method, adjusted=tuple(dict.fromkeys(adjusted)), strata=method.strata,
        labels={"site": np.array([site.id for site in protocol.sites]), **labels},
        covariates=tuple(scenario.covariates), measures=measured, measure=int(one.endpoint.variable == measured[1]),
        change=one.endpoint.measure == "change", level=1.0 - float(protocol.analysis.alpha),
    )  # fmt: skip


def _beyond(method: Method, factors: tuple[str, ...]) -> bool:
    """Whether an analysis is beyond the kernels: they know the baseline of what is measured, and the sites."""
    if method.function in ("two_proportions", "survival"):
        return bool(method.covariates) or method.strata not in ((), ("site",))
    return method.function != "ancova" or not set(factors) <= {"site"}


def fit(model: Model, rows: Rows, plan: Plan) -> Told:
    """What the statistics room finds in the rows of a trial; NaN where nothing can be estimated."""
    return _FITS[model.method.function](model, rows, plan)


# --- Of two arms ------------------------------------------------------------------------------------------------------


def _compared(rows: Rows, plan: Plan) -> npt.NDArray[np.bool_]:
    return np.isin(rows.arm, (plan.allocation.treated, plan.allocation.reference))


def _outcomes(model: Model, rows: Rows, plan: Plan) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Who of the two arms has an outcome, and everybody's as 1 or 0, the unknown taken as the method says."""
    taken = {"event": 1.0, "no_event": 0.0}.get(model.method.missing)
    there = _compared(rows, plan) & ((rows.state >= 0) | (taken is not None))
    return there, np.where(rows.state >= 0, rows.state, taken if taken is not None else np.nan)


def _columns(model: Model, rows: Rows, there: npt.NDArray[np.bool_]) -> tuple[Floats, list[str]]:
    """A column for each number, and one for each level of a category but the first; what does not vary has none."""
    columns, titles = [np.zeros((int(there.sum()), 0))], []
    for name in model.adjusted:
        values = model.values(name, rows)[there]
        levels = np.unique(values)[1:]
        if values.dtype.kind == "U":
            columns.append(np.asarray(values[:, None] == levels, np.float64))
            titles += [f"{name} {level}" for level in levels]
        elif levels.size:
            columns.append(np.asarray(values, np.float64)[:, None])
            titles.append(name)
    return np.hstack(columns), titles


def _strata(model: Model, rows: Rows) -> Labels:
    """The stratum of everybody: the labels of what is compared within, put together."""
    found = np.full(rows.arm.size, "")
    for name in model.strata:
        found = np.char.add(np.char.add(found, " / "), model.values(name, rows).astype(np.str_))
    return found


def _survival(model: Model, rows: Rows, plan: Plan) -> Told:
    there = _compared(rows, plan)
    treated = (rows.arm[there] == plan.allocation.treated).astype(np.float64)
    columns, titles = _columns(model, rows, there)
    strata = _strata(model, rows)[there] if model.strata else None
    time, event = rows.time[there], rows.event[there] == 1
    found = cox(time, event, np.column_stack([treated, columns]), names=["arm", *titles], ties=model.method.ties,
                strata=strata, level=model.level)  # fmt: skip
    beta = error = lower = upper = np.nan
    if isinstance(found, CoxFit):
        ratio = found.hazard_ratio("arm")
        beta, error = float(found.coefficients[0]), float(found.standard_errors[0])
        lower, upper = (np.log(_known(limit)) for limit in (ratio.lower, ratio.upper))
    if model.method.test == "wald":
        return beta, error, lower, upper, (beta / error) ** 2
    test = logrank(time, event, treated, strata)
    return beta, error, lower, upper, _known(test.statistic if isinstance(test, LogRank) else None)


def _logistic(model: Model, rows: Rows, plan: Plan) -> Told:
    """The standardised difference of risks; the test is that of the odds ratio."""
    there, outcome = _outcomes(model, rows, plan)
    treated = (rows.arm[there] == plan.allocation.treated).astype(np.float64)
    columns, titles = _columns(model, rows, there)
    odds = logistic(outcome[there], np.column_stack([treated, columns]), names=["arm", *titles], level=model.level)
    risks = standardised_risks(outcome[there], treated, columns, names=titles, level=model.level)
    if not isinstance(odds, LogisticFit) or not isinstance(risks, StandardisedRisks):
        return _NOTHING
    statistic = float(odds.coefficients[1] / odds.standard_errors[1]) ** 2
    return (*_with_limits(risks.difference), statistic)


def _risks_within(model: Model, rows: Rows, plan: Plan) -> Told:
    there, outcome = _outcomes(model, rows, plan)
    within = _strata(model, rows)
    tables = [_table(there & (within == name), outcome, rows, plan) for name in np.unique(within[there])]
    difference, test = risk_difference_score(tables, level=model.level), mantel_haenszel_test(tables)
    statistic = test.statistic if isinstance(test, HypothesisTest) else None
    return (*_with_limits(difference), _known(statistic))


def _table(there: npt.NDArray[np.bool_], outcome: Floats, rows: Rows, plan: Plan) -> TwoByTwo:
    arms = (plan.allocation.treated, plan.allocation.reference)
    treated, reference = (outcome[there & (rows.arm == arm)] for arm in arms)
    return TwoByTwo(
        treatment_events=int(treated.sum()), treatment_total=treated.size, reference_events=int(reference.sum()),
        reference_total=reference.size,
    )  # fmt: skip


def _risks_at_end(model: Model, rows: Rows, plan: Plan) -> Told:
    """The difference of the Kaplan–Meier risks on the target day of the last assessment."""
    curves = []
    for arm in (plan.allocation.treated, plan.allocation.reference):
        there = rows.arm == arm
        curves.append(kaplan_meier(rows.time[there], rows.event[there] == 1, level=model.level))
    treated, reference = curves
    if not isinstance(treated, SurvivalCurve) or not isinstance(reference, SurvivalCurve):
        return _NOTHING
    return _tested(risk_difference_at(treated, reference, time=plan.horizon))


# --- Of all arms ------------------------------------------------------------------------------------------------------


def _factors(model: Model, rows: Rows, who: npt.NDArray[np.int64]) -> dict[str, Covariate]:
    """The value at baseline and the factors of the randomisation, of the participants behind each observation."""
    found: dict[str, Covariate] = {"baseline": rows.base[model.measure][who]}
    for name in model.adjusted:
        values = model.values(name, rows)[who].tolist()
        if len(set(values)) > 1:
            found[name] = values
    return found


def _means(model: Model, rows: Rows, plan: Plan) -> Told:
    base, final = rows.base[model.measure], rows.final[model.measure]
    who = np.flatnonzero((rows.arm >= 0) & ~np.isnan(base) & ~np.isnan(final))
    outcome = final[who] - base[who] if model.change else final[who]
    arms, reference = rows.arm[who].tolist(), plan.allocation.reference
    found = ancova(outcome, arms, _factors(model, rows, who), reference=reference, level=model.level)
    treated = str(plan.allocation.treated)
    if not isinstance(found, AnalysisOfCovariance) or treated not in found.arms:
        return _NOTHING
    return _tested(found.differences[found.arms.index(treated) - 1])


def _repeated_means(model: Model, rows: Rows, plan: Plan) -> Told:
    """The difference at the last assessment from the mixed model of all of them."""
    seen = (rows.courses[:, ATTENDED, 1:] == 1.0) & (rows.arm >= 0)[:, None]
    there, met, arms = seen.any(axis=1), seen.any(axis=0), np.unique(rows.arm[seen.any(axis=1)])
    pair = np.array([plan.allocation.treated, plan.allocation.reference])
    if not np.isin(pair, arms).all() or not met[-1]:
        return _NOTHING
    base = rows.base[model.measure][there]
    values = rows.courses[there, (SCORE, DOSE)[model.measure], 1:]
    by_visit = np.column_stack([rows.arm[there][:, None] == arms, base - base.mean()])
    sums = sums_of((values - base[:, None] if model.change else values)[:, met], seen[there][:, met], by_visit,
                   _columns(model, rows, there)[0])  # fmt: skip
    contrast = np.append((arms == pair[0]).astype(np.float64) - (arms == pair[1]), 0.0)
    found = difference(sums, contrast)
    return _NOTHING if found is None else _by_t(found, model.level)


def _by_t(found: Difference, level: float) -> Told:
    """An estimate with its t limits and the chi-square that has its p value."""
    width, p = t_quantile(level, found.freedom) * found.error, t_p(found.estimate / found.error, found.freedom)
    return found.estimate, found.error, found.estimate - width, found.estimate + width, _chi_square(p)


# --- What is told -----------------------------------------------------------------------------------------------------


def _known(value: float | None) -> float:
    return np.nan if value is None else value


def _with_limits(found: Estimate | NotEstimable) -> tuple[float, float, float, float]:
    if isinstance(found, NotEstimable):
        return _NOTHING[:4]
    error = found.standard_error
    return _known(found.estimate), _known(error), _known(found.lower), _known(found.upper)


def _tested(found: Estimate | NotEstimable) -> Told:
    """An estimate tested by its own p value: the chi-square of one degree of freedom that has it."""
    if isinstance(found, NotEstimable):
        return _NOTHING
    return (*_with_limits(found), _chi_square(_known(found.p_value)))


def _chi_square(p: float) -> float:
    """The chi-square of one degree of freedom that has a p value."""
    return float(ndtri(max(p, _LEAST_P) / 2.0)) ** 2


_FITS: Final[dict[str, Callable[[Model, Rows, Plan], Told]]] = {
    "two_proportions": _risks_within, "survival": _survival, "logistic": _logistic, "kaplan_meier": _risks_at_end,
    "ancova": _means, "mmrm": _repeated_means,
}  # fmt: skip
