"""Episodes that come again: rates, mean functions, and ratios by negative binomial regression or proportional rates."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Participant
from equipoise.analysis.over_time import DAYS_OF_A_WEEK, at_risk, weeks_counted
from equipoise.analysis.question import Question, told
from equipoise.protocol.schema import Method
from equipoise.statistics import (
    CountRegression,
    CoxFit,
    Estimate,
    MeanCumulativeFunction,
    NotEstimable,
    andersen_gill,
    mean_cumulative_function,
    negative_binomial_regression,
)

DAYS_OF_A_YEAR = 365.25


def rates(question: Question, method: Method) -> Iterator[Statistic]:
    """Episodes by arm and by year of follow-up, and the ratio of rates against the reference.

    `negative_binomial` counts per participant with the time of follow-up as exposure; `andersen_gill` uses the days of
    the episodes, with the robust variance of Lin, Wei, Yang & Ying 2000. Who was never assessed after baseline says
    nothing: `n` of the ratio are those who were.
    """
    for arm in question.cohort.arms:
        yield from _of_arm(question, arm)
    yield from _means(question)
    for arm in question.others:
        ratio = (_negative_binomial if method.function == "negative_binomial" else _rates)(question, method, arm)
        people = [*question.in_arm(arm), *question.in_arm(question.reference)]
        followed = sum(question.episodes[one.code].followed > 0 for one in people)
        yield told(question, "rate_ratio", arm, ratio, n=followed, N=len(people))
        yield replace(told(question, "test", arm, ratio), estimate=None, standard_error=None, lower=None, upper=None)


def _of_arm(question: Question, arm: str) -> Iterator[Statistic]:
    found = [question.episodes[one.code] for one in question.in_arm(arm)]
    number, days = sum(len(each.began) for each in found), sum(each.followed for each in found)
    analysis = question.estimand.id
    yield Statistic(analysis=analysis, statistic="events", arm=arm, n=number, N=len(found))
    anybody = sum(bool(each.began) for each in found)
    yield Statistic(analysis=analysis, statistic="with_episodes", arm=arm, n=anybody, N=len(found))
    years = days / DAYS_OF_A_YEAR
    yield Statistic(analysis=analysis, statistic="follow_up_years", arm=arm, estimate=years, N=len(found))
    rate = number / years if days else None
    why = None if days else NotEstimable("no_person_time")
    yield Statistic(analysis=analysis, statistic="rate_per_year", arm=arm, estimate=rate, n=number, why=why)


def mean_function(question: Question, arm: str) -> MeanCumulativeFunction | NotEstimable:
    """The mean number of episodes of an arm by each day, among those still followed."""
    rows = _intervals_of(question, question.in_arm(arm))
    starts, stops, events, codes = zip(*rows, strict=True) if rows else ((), (), (), ())
    return mean_cumulative_function(starts, stops, events, list(codes), level=question.level)


def _means(question: Question) -> Iterator[Statistic]:
    """The mean function of each arm on the last planned day, or at the end of its follow-up; and who is followed."""
    found = {arm: mean_function(question, arm) for arm in question.cohort.arms}
    drawn = {arm: each for arm, each in found.items() if isinstance(each, MeanCumulativeFunction)}
    weeks = weeks_counted(question, [each.stops[-1] for each in drawn.values()])
    horizon = float(question.cohort.protocol.visit_by_id[question.endpoint.through].day)
    for arm, each in found.items():
        place = Statistic(analysis=question.estimand.id, statistic="mean_events", arm=arm)
        if isinstance(each, NotEstimable):
            yield replace(place, why=each)
            continue
        day = min(horizon, float(each.stops[-1]))
        yield replace(place, statistic="mean_day", estimate=day)
        point = each.at([day])[0]
        yield replace(
            place, estimate=point.mean, standard_error=point.standard_error, lower=point.lower, upper=point.upper,
            method=each.method,
        )  # fmt: skip
        last = [question.episodes[one.code].followed for one in question.in_arm(arm)]
        yield from at_risk(question, arm, weeks, [sum(day >= DAYS_OF_A_WEEK * week for day in last) for week in weeks])


def _negative_binomial(question: Question, method: Method, arm: str) -> Estimate | NotEstimable:
    people = [
        one
        for one in (*question.in_arm(arm), *question.in_arm(question.reference))
        if question.episodes[one.code].followed > 0
    ]
    counted = [question.episodes[one.code] for one in people]
    treated = np.array([[float(one.arm == arm)] for one in people]).reshape(len(people), 1)
    years = [each.followed / DAYS_OF_A_YEAR for each in counted]
    fit = negative_binomial_regression(
        [len(each.began) for each in counted], treated, exposure=years, names=[arm], level=question.level
    )
    return fit.rate_ratio(arm) if isinstance(fit, CountRegression) else fit


def _rates(question: Question, method: Method, arm: str) -> Estimate | NotEstimable:
    people = (*question.in_arm(arm), *question.in_arm(question.reference))
    rows = _intervals_of(question, people)
    starts, stops, events, codes = zip(*rows, strict=True) if rows else ((), (), (), ())
    arms = {one.code: one.arm for one in people}
    treated = np.array([[float(arms[code] == arm)] for code in codes]).reshape(len(rows), 1)
    fit = andersen_gill(
        starts, stops, events, treated, list(codes), names=[arm], ties=method.ties, level=question.level
    )
    return fit.hazard_ratio(arm) if isinstance(fit, CoxFit) else fit


def _intervals_of(question: Question, people: tuple[Participant, ...]) -> list[tuple[int, int, int, str]]:
    found = ((one.code, question.episodes[one.code]) for one in people)
    return [(*interval, code) for code, each in found for interval in intervals(each.began, each.followed)]


def intervals(began: tuple[int, ...], followed: int) -> Iterator[tuple[int, int, int]]:
    """A participant's time cut at the episodes: (from, to], and whether an episode began at its end."""
    start = 0
    for day in began:
        if day > start:
            yield start, day, 1
            start = day
    if followed > start:
        yield start, followed, 0
