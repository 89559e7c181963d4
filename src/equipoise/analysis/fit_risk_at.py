"""The risk of an event by the end of the endpoint's time from Kaplan–Meier curves, who left being censored."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from equipoise.analysis.ard import Statistic
from equipoise.analysis.fit_proportions import not_known
from equipoise.analysis.fit_survival import at_end, curve
from equipoise.analysis.question import Question, told
from equipoise.protocol.schema import Method
from equipoise.statistics import Estimate, NotEstimable, SurvivalCurve, risk_difference_at, risk_ratio_at


def risks_at_end(question: Question, method: Method) -> Iterator[Statistic]:
    """The Kaplan–Meier risk of each arm on the target day of the endpoint's last visit, its difference and ratio.

    Who was not seen to the end counts as long as they were seen, and is taken to have gone on like those who stayed.
    """
    day = float(question.cohort.protocol.visit_by_id[question.endpoint.through].day)
    curves = {arm: curve(question, arm) for arm in question.cohort.arms}
    for arm, drawn in curves.items():
        times = [question.times[one.code] for one in question.in_arm(arm)]
        if isinstance(drawn, SurvivalCurve):
            risk = replace(at_end(question, drawn, arm, day), statistic="risk")
        else:
            risk = told(question, "risk", arm, drawn)
        yield risk
        events = sum(time.event for time in times)
        yield Statistic(analysis=question.estimand.id, statistic="events", arm=arm, n=events, N=len(times))
        yield from not_known(question, arm)
    for arm in question.others:
        yield from _compared(question, arm, curves[arm], curves[question.reference], day)


Curve = SurvivalCurve | NotEstimable


def _compared(question: Question, arm: str, drawn: Curve, reference: Curve, day: float) -> Iterator[Statistic]:
    difference, ratio = (_contrast(contrast, drawn, reference, day) for contrast in (risk_difference_at, risk_ratio_at))
    total = len(question.in_arm(arm)) + len(question.in_arm(question.reference))
    yield told(question, "risk_difference", arm, difference, N=total)
    yield told(question, "risk_ratio", arm, ratio, N=total)
    yield replace(told(question, "test", arm, difference), standard_error=None, lower=None, upper=None)


def _contrast(
    contrast: Callable[..., Estimate | NotEstimable], drawn: Curve, reference: Curve, day: float
) -> Estimate | NotEstimable:
    if isinstance(drawn, NotEstimable):
        return drawn
    return reference if isinstance(reference, NotEstimable) else contrast(drawn, reference, time=day)
