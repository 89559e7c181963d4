"""Two arms of a trial compared once: both curves, the log-rank test and the hazard ratio from one sort of the times."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.distributions import normal_quantile
from equipoise.statistics.numerics.ordering import Labels, Strata, encoded, ordered
from equipoise.statistics.result import NotEstimable
from equipoise.statistics.survival.event_times import two_group_table
from equipoise.statistics.survival.log_rank import LogRank, of_two_groups
from equipoise.statistics.survival.partial_likelihood import Ties
from equipoise.statistics.survival.proportional_hazards import CoxFit, Request, fitted_to_two_arms, method_of
from equipoise.statistics.survival.survival_curve import ConfidenceType, SurvivalCurve, product_limit
from equipoise.statistics.survival.survival_kernels import part_arms


@dataclass(frozen=True, slots=True, eq=False)
class TwoArmSurvival:
    """Both arms' curves, the log-rank test (its `z` signed for the treatment) and the treatment's hazard ratio."""

    treatment: SurvivalCurve
    reference: SurvivalCurve
    logrank: LogRank | NotEstimable
    cox: CoxFit | NotEstimable


def two_arm_survival(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    arm: Labels,
    *,
    reference: Hashable,
    strata: Strata | None = None,
    ties: Ties = "efron",
    conf_type: ConfidenceType = "log-log",
    level: float = 0.95,
) -> TwoArmSurvival | NotEstimable:
    """Kaplan–Meier curves, log-rank test and Cox's hazard ratio of two arms, the times being sorted once.

    The same numbers as `kaplan_meier` of each arm, `logrank` and `cox` give one by one; strata enter the test and the
    hazard ratio, not the curves.
    """
    z = normal_quantile(level)
    if conf_type not in get_args(ConfidenceType) or ties not in get_args(Ties):
        raise ValueError(f"there is no {conf_type!r} scale of limits or no {ties!r} treatment of ties")
    data, coded = ordered(time, event, strata), encoded(arm, len(arm))
    if isinstance(data, NotEstimable):
        return data
    if len(arm) != data.time.size:
        raise ValueError(f"{len(arm)} arms for {data.time.size} patients")
    if isinstance(coded, NotEstimable):
        return NotEstimable(coded.reason, ("arm",))
    names, codes = coded
    if reference not in names:
        return NotEstimable("empty_arm", (str(reference),))
    if len(names) != 2:
        return NotEstimable("one_group" if len(names) < 2 else "more_than_two_groups")
    (other,) = (name for name in names if name != reference)
    treated = codes != names.index(reference)
    asked = Request(method_of(strata is not None, ties, "model"), (str(other),), level, None)
    sorted_arm = treated[data.order]
    by_time = np.argsort(data.time, kind="stable") if strata is not None else slice(None)
    size, times, events = int(treated.sum()), np.empty_like(data.time), np.empty_like(data.event)
    part_arms(data.time[by_time], data.event[by_time], sorted_arm[by_time], size, times, events)
    table = two_group_table(data, sorted_arm)
    treatment = product_limit(times[:size], events[:size], z, conf_type, level)
    untreated = product_limit(times[size:], events[size:], z, conf_type, level)
    counts = replace(untreated.denominator, name=str(reference)), replace(treatment.denominator, name=str(other))
    return TwoArmSurvival(
        treatment=treatment,
        reference=untreated,
        logrank=of_two_groups(table, counts, (reference, other), (0.0, 0.0), strata is not None),
        cox=fitted_to_two_arms(data, sorted_arm, table, ties, asked),
    )
