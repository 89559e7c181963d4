"""Estimands: one of them is one call of `estimate`, which gives its statistics, main analysis and sensitivities.

In every comparison the rows are arms: differences are arm minus reference arm, ratios arm over reference arm.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort
from equipoise.analysis.events import endpoint_of
from equipoise.analysis.fit_means import means, summaries
from equipoise.analysis.fit_proportions import bounds, proportions
from equipoise.analysis.fit_repeated import repeated_means
from equipoise.analysis.fit_survival import times
from equipoise.analysis.question import Question
from equipoise.analysis.sets import Members
from equipoise.protocol.schema import Estimand, Method

Fit = Callable[[Question, Method], Iterator[Statistic]]

_FITS: dict[str, Fit] = {
    "two_proportions": proportions, "survival": times, "ancova": means, "mmrm": repeated_means, "summary": summaries,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fitted:
    """An estimand with its statistics."""

    estimand: Estimand
    statistics: tuple[Statistic, ...]


def main_analysis(question: Question) -> tuple[Statistic, ...]:
    """The statistics of the estimand's own method, without its sensitivity analyses."""
    method = question.estimand.method
    return tuple(_FITS[method.function](question, method))


def estimate(estimand: Estimand, cohort: Cohort, sets: dict[str, Members]) -> Fitted:
    """Everything the protocol wants to know of one estimand.

    The main analysis has the variant "", the sensitivity analyses "sensitivity_1", … in the order of the protocol.
    An endpoint of yes or no also gets its bounds, whatever the method says of missing answers.
    """
    question = Question(
        estimand=estimand,
        endpoint=endpoint_of(cohort.protocol, estimand.endpoint),
        cohort=cohort,
        people=sets[estimand.population].of(cohort),
        level=1.0 - float(cohort.protocol.analysis.alpha),
    )
    found = list(_FITS[estimand.method.function](question, estimand.method))
    for place, method in enumerate(estimand.sensitivity, start=1):
        fitted = _FITS[method.function](question, method)
        found.extend(replace(row, variant=f"sensitivity_{place}") for row in fitted)
    if question.endpoint.measure == "event":
        found.extend(bounds(question, estimand.method))
    return Fitted(estimand, tuple(found))
