"""A number at the end when who left is taken to have gone on like the reference arm: reference-based imputation."""

from collections.abc import Iterator
from math import nan
from typing import Final

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Participant
from equipoise.analysis.events import scheduled
from equipoise.analysis.fit_means import covariates
from equipoise.analysis.fit_repeated import at_last_visit
from equipoise.analysis.question import Question
from equipoise.protocol.schema import Method
from equipoise.statistics import NotEstimable, ReferenceBased, reference_based
from equipoise.statistics.means.imputation_model import Strategy

_STRATEGIES: Final[dict[str, Strategy]] = {
    "missing_at_random": "MAR", "jump_to_reference": "JR", "copy_reference": "CR", "copy_increments": "CIR",
}  # fmt: skip
_GONE: Final = ("treatment_stopped", "withdrawn", "lost", "died")  # events from which on treatment no longer acts


def imputed_means(question: Question, method: Method) -> Iterator[Statistic]:
    """Adjusted means and differences at the endpoint's visit, gaps filled by their conditional means (jackknife).

    What follows the end of treatment or of participation, where the strategy for it is hypothetical, is imputed as the
    method's `imputation` says, every other gap as missing at random. Everybody with a value at baseline is analysed.
    """
    people = [one for one in question.people if question.numbers[one.code].baseline is not None]
    yield from at_last_visit(question, people, _fit(question, method, people))


def _fit(question: Question, method: Method, people: list[Participant]) -> ReferenceBased | NotEstimable:
    met = {visit for one in people for visit in question.courses[one.code]}
    visits = [visit.id for visit in scheduled(question.endpoint, question.cohort) if visit.id in met]
    if not visits:
        return NotEstimable("no_subjects")
    rows = [(one, visit, _outcome(question, one, visit)) for one in people for visit in visits]
    return reference_based(
        [outcome for _, _, outcome in rows],
        [one.arm for one, _, _ in rows],
        [one.code for one, _, _ in rows],
        [visit for _, visit, _ in rows],
        covariates(question, [one for one, _, _ in rows]),
        reference=question.reference,
        withdrawn_after=dict(_withdrawals(question, people, visits)),
        strategy=_STRATEGIES[method.imputation],
        by_visit=["baseline"],
        visits=visits,
        structure=method.covariance,
        level=question.level,
    )


def _outcome(question: Question, one: Participant, visit: str) -> float:
    """The value or its change; NaN where it is missing, as the model wants it."""
    value, baseline = question.courses[one.code].get(visit, nan), question.numbers[one.code].baseline
    return value - baseline if question.endpoint.measure == "change" and baseline is not None else value


def _withdrawals(question: Question, people: list[Participant], visits: list[str]) -> Iterator[tuple[str, str | None]]:
    """Of those whose decisive event ended treatment or participation, the last visit until then; None: before any."""
    for one in people:
        found = question.intercurrent[one.code]
        if found is not None and found.event in _GONE and found.strategy == "hypothetical":
            held = [visit for visit in visits if (on := one.held(visit)) is not None and on <= found.on]
            yield one.code, held[-1] if held else None
