"""Time to an event: the curve of each arm, the log-rank test, and the hazard ratio against the reference."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Participant
from equipoise.analysis.fit_adjusted import columns_of, known_of
from equipoise.analysis.over_time import DAYS_OF_A_WEEK, at_risk, weeks_counted
from equipoise.analysis.question import Question, told
from equipoise.protocol.schema import Method
from equipoise.statistics import (
    CoxFit,
    Estimate,
    LogRank,
    NotEstimable,
    SurvivalCurve,
    cox,
    kaplan_meier,
    logrank,
)


def times(question: Question, method: Method) -> Iterator[Statistic]:
    """Kaplan–Meier risk at the end of the endpoint's time and the median, log-rank test and Cox's hazard ratio.

    Each arm is compared with the reference in a model of the two arms, with the method's covariates. `test` says where
    the p value beside the hazard ratio comes from: "wald" from the model, else from the log-rank test.
    """
    curves = {arm: curve(question, arm) for arm in question.cohort.arms}
    for arm, found in curves.items():
        yield from _of_arm(question, arm, found)
    drawn = {arm: found for arm, found in curves.items() if isinstance(found, SurvivalCurve)}
    weeks = weeks_counted(question, [each.times[-1] for each in drawn.values()])
    for arm, each in drawn.items():
        days = [DAYS_OF_A_WEEK * week for week in weeks]
        yield from at_risk(question, arm, weeks, each.numbers_at_risk(days))
    for arm in question.others:
        yield from _compared(question, method, arm)


def curve(question: Question, arm: str) -> SurvivalCurve | NotEstimable:
    """The Kaplan–Meier curve of an arm."""
    found = [question.times[one.code] for one in question.in_arm(arm)]
    return kaplan_meier([t.days for t in found], [t.event for t in found], level=question.level)


def _of_arm(question: Question, arm: str, drawn: SurvivalCurve | NotEstimable) -> Iterator[Statistic]:
    found = [question.times[one.code] for one in question.in_arm(arm)]
    events, total = sum(t.event for t in found), len(found)
    yield Statistic(analysis=question.estimand.id, statistic="events", arm=arm, n=events, N=total)
    yield Statistic(
        analysis=question.estimand.id, statistic="follow_up_days", arm=arm, estimate=float(sum(t.days for t in found)),
        N=total,
    )  # fmt: skip
    if isinstance(drawn, NotEstimable):
        yield told(question, "risk_at_end", arm, drawn, N=total)
        return
    horizon = question.cohort.protocol.visit_by_id[question.endpoint.through].day
    day = min(float(horizon), float(drawn.times[-1]))
    yield Statistic(analysis=question.estimand.id, statistic="risk_day", arm=arm, estimate=day)
    yield replace(at_end(question, drawn, arm, day), n=events, N=total)
    yield told(question, "median_time", arm, drawn.quantile(0.5), n=events, N=total)


def at_end(question: Question, drawn: SurvivalCurve, arm: str, day: float) -> Statistic:
    """The cumulative risk on the target day of the last visit, or on the last day of follow-up if that is earlier."""
    point = drawn.at([day])[0]
    if point.survival is None:
        return told(question, "risk_at_end", arm, NotEstimable("beyond_follow_up"))
    risk = Estimate(
        method=drawn.method,
        estimate=1.0 - point.survival,
        standard_error=point.standard_error,
        lower=None if point.upper is None else 1.0 - point.upper,
        upper=None if point.lower is None else 1.0 - point.lower,
        level=drawn.level,
    )
    return told(question, "risk_at_end", arm, risk)


def _compared(question: Question, method: Method, arm: str) -> Iterator[Statistic]:
    people = (*question.in_arm(arm), *question.in_arm(question.reference))
    days, events = _times(question, people)
    test = _log_rank(days, events, [one.arm for one in people], _strata(question, method, people))
    total, ratio = len(people), _hazard_ratio(question, method, arm, people)
    yield told(question, "hazard_ratio", arm, ratio, n=sum(events), N=total)
    yield told(question, "log_rank", arm, test, n=sum(events), N=total)
    yield told(question, "test", arm, ratio if method.test == "wald" else test, n=sum(events), N=total)


def _times(question: Question, people: tuple[Participant, ...]) -> tuple[list[int], list[bool]]:
    found = [question.times[one.code] for one in people]
    return [t.days for t in found], [t.event for t in found]


def _strata(question: Question, method: Method, people: tuple[Participant, ...]) -> list[str] | None:
    return [question.stratum(one, method.strata) for one in people] if method.strata else None


def _hazard_ratio(
    question: Question, method: Method, arm: str, people: tuple[Participant, ...]
) -> Estimate | NotEstimable:
    """The ratio of an arm, adjusted for the method's covariates; who lacks one is left out of the model."""
    people = tuple(one for one in people if known_of(question, one, method.covariates))
    days, events = _times(question, people)
    treated = [float(one.arm == arm) for one in people]
    columns, titles = columns_of(question, people, method.covariates)
    model = cox(
        days, events, np.column_stack([treated, columns]), names=[arm, *titles], ties=method.ties,
        strata=_strata(question, method, people), level=question.level,
    )  # fmt: skip
    return model.hazard_ratio(arm) if isinstance(model, CoxFit) else model


def _log_rank(
    days: list[int], events: list[bool], arms: list[str], strata: list[str] | None
) -> Estimate | NotEstimable:
    """The log-rank test as an estimate without an effect: its chi-square and p value."""
    found = logrank(days, events, arms, strata)
    if not isinstance(found, LogRank):
        return found
    return Estimate(method=found.method, estimate=found.statistic, p_value=found.p_value)
