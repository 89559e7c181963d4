"""Estimands: one of them is one call of `estimate`, which gives its statistics, main analysis and sensitivities.

In every comparison the rows are arms: differences are arm minus reference arm, ratios arm over reference arm.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort
from equipoise.analysis.fit_adjusted import adjusted_proportions
from equipoise.analysis.fit_counts import rates
from equipoise.analysis.fit_means import means, summaries
from equipoise.analysis.fit_proportions import bounds, proportions
from equipoise.analysis.fit_reference_based import imputed_means
from equipoise.analysis.fit_repeated import repeated_means
from equipoise.analysis.fit_risk_at import risks_at_end
from equipoise.analysis.fit_survival import times
from equipoise.analysis.fit_tipping import tipping_points
from equipoise.analysis.question import Question, question
from equipoise.analysis.sets import Members
from equipoise.protocol.schema import Estimand, Method

Fit = Callable[[Question, Method], Iterator[Statistic]]

_FITS: dict[str, Fit] = {
    "two_proportions": proportions, "logistic": adjusted_proportions, "kaplan_meier": risks_at_end,
    "tipping_point": tipping_points, "survival": times, "negative_binomial": rates, "andersen_gill": rates,
    "ancova": means, "mmrm": repeated_means, "reference_based": imputed_means,
    "summary": summaries,
}  # fmt: skip


def fit(asked: Question, method: Method) -> Iterator[Statistic]:
    """The statistics of a question by one method."""
    return _FITS[method.function](asked, method)


@dataclass(frozen=True, slots=True)
class Fitted:
    """An estimand with its statistics."""

    estimand: Estimand
    statistics: tuple[Statistic, ...]


def main_analysis(asked: Question) -> tuple[Statistic, ...]:
    """The statistics of the estimand's own method, without its sensitivity analyses."""
    return tuple(fit(asked, asked.estimand.method))


def estimate(estimand: Estimand, cohort: Cohort, sets: dict[str, Members]) -> Fitted:
    """Everything the protocol wants to know of one estimand.

    The main analysis has the variant "", the sensitivity analyses "sensitivity_1", … in the order of the protocol.
    An endpoint of yes or no also gets its bounds, whatever the method says of missing answers.
    """
    asked = question(estimand, cohort, sets)
    found = list(fit(asked, estimand.method))
    for place, method in enumerate(estimand.sensitivity, start=1):
        fitted = fit(question(estimand, cohort, sets, method), method)
        found.extend(replace(row, variant=f"sensitivity_{place}") for row in fitted)
    if asked.endpoint.measure == "event":
        found.extend(bounds(asked, estimand.method))
    return Fitted(estimand, tuple(found))
