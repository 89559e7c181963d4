"""A number over time: the mixed model of all visits, asked for the difference at the last of them."""

from collections.abc import Iterator
from typing import NamedTuple

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Participant
from equipoise.analysis.fit_means import covariates, of_arm
from equipoise.analysis.question import Question, told
from equipoise.protocol.schema import Method
from equipoise.statistics import AdjustedMeansByVisit, Estimate, NotEstimable, ReferenceBased, mmrm_by_visit


class _Observation(NamedTuple):
    one: Participant
    visit: str
    outcome: float


def repeated_means(question: Question, method: Method) -> Iterator[Statistic]:
    """Adjusted means and differences at the endpoint's visit from a mixed model for repeated measures.

    Arm by visit, the value at baseline by visit, and the factors of the randomisation; everybody with a value at
    baseline and at one visit after it contributes. Errors and degrees of freedom by Kenward and Roger to the first
    order: their second-order term depends on how the covariance is parametrised, and for an unstructured one it is
    zero in the usual parametrisation.
    """
    seen = list(_observations(question))
    yield from at_last_visit(question, list(dict.fromkeys(row.one for row in seen)), _fit(question, method, seen))


ByVisit = AdjustedMeansByVisit | ReferenceBased | NotEstimable


def at_last_visit(question: Question, people: list[Participant], fitted: ByVisit) -> Iterator[Statistic]:
    """What a model of all visits says of the endpoint's visit, beside plain descriptions of the people it is of."""
    for arm in question.cohort.arms:
        yield from of_arm(question, arm, [one for one in people if one.arm == arm])
    for arm in question.cohort.arms:
        in_arm = {"n": sum(one.arm == arm for one in people), "N": len(question.in_arm(arm))}
        yield told(question, "adjusted_mean", arm, _adjusted(question, fitted, arm), **in_arm)
        if arm != question.reference:
            yield told(question, "mean_difference", arm, _difference(question, fitted, arm), n=len(people))


def _observations(question: Question) -> Iterator[_Observation]:
    change = question.endpoint.measure == "change"
    for one in question.people:
        baseline = question.numbers[one.code].baseline
        if baseline is not None:
            for visit, value in question.courses[one.code].items():
                yield _Observation(one, visit, value - baseline if change else value)


def _fit(question: Question, method: Method, seen: list[_Observation]) -> AdjustedMeansByVisit | NotEstimable:
    met = {row.visit for row in seen}
    return mmrm_by_visit(
        [row.outcome for row in seen],
        [row.one.arm for row in seen],
        [row.one.code for row in seen],
        [row.visit for row in seen],
        covariates(question, [row.one for row in seen]),
        reference=question.reference,
        by_visit=["baseline"],
        visits=[visit.id for visit in question.cohort.protocol.visits if visit.id in met],
        structure=method.covariance,
        freedom="kenward_roger_linear",
        level=question.level,
    )


def _adjusted(question: Question, fitted: ByVisit, arm: str) -> Estimate | NotEstimable:
    if isinstance(fitted, NotEstimable):
        return fitted
    return fitted.adjusted_mean(arm, question.endpoint.through) if _asked(question, fitted, arm) else _EMPTY


def _difference(question: Question, fitted: ByVisit, arm: str) -> Estimate | NotEstimable:
    if isinstance(fitted, NotEstimable):
        return fitted
    return fitted.difference(arm, question.endpoint.through) if _asked(question, fitted, arm) else _EMPTY


def _asked(question: Question, fitted: AdjustedMeansByVisit | ReferenceBased, arm: str) -> bool:
    return arm in fitted.arms and question.endpoint.through in fitted.visits


_EMPTY = NotEstimable("empty_arm")
