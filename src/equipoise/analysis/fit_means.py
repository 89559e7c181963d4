"""A number at the end or its change: adjusted means and their differences, or a plain description."""

from collections.abc import Iterator

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Participant, baseline_value
from equipoise.analysis.description import described
from equipoise.analysis.events import Measured
from equipoise.analysis.fit_proportions import counts
from equipoise.analysis.question import Question, told
from equipoise.items import write
from equipoise.protocol.schema import Method
from equipoise.statistics import AnalysisOfCovariance, NotEstimable, ancova, proportion
from equipoise.statistics.means.linear import Covariate


def means(question: Question, method: Method) -> Iterator[Statistic]:
    """Analysis of covariance, adjusted for the value at baseline and the factors of the randomisation.

    `available` analyses everyone with a value at baseline and at the end; `complete_case` only those whose value is
    known at every scheduled visit between as well.
    """
    people = [one for one in question.people if _usable(question.numbers[one.code], method)]
    for arm in question.cohort.arms:
        yield from of_arm(question, arm, [one for one in people if one.arm == arm])
    outcome = [_outcome(question, one) for one in people]
    fitted = ancova(
        outcome, [one.arm for one in people], covariates(question, people), reference=question.reference,
        level=question.level,
    )  # fmt: skip
    for arm in question.cohort.arms:
        in_arm = {"n": sum(one.arm == arm for one in people), "N": len(question.in_arm(arm))}
        if isinstance(fitted, NotEstimable):
            yield told(question, "adjusted_mean", arm, fitted, **in_arm)
        elif arm in fitted.arms:
            yield told(question, "adjusted_mean", arm, fitted.adjusted_means[fitted.arms.index(arm)], **in_arm)
        if arm != question.reference:
            yield _difference(question, arm, fitted, len(people))


def _difference(question: Question, arm: str, fitted: AnalysisOfCovariance | NotEstimable, total: int) -> Statistic:
    if isinstance(fitted, NotEstimable):
        return told(question, "mean_difference", arm, fitted, n=total)
    if arm not in fitted.arms:
        return told(question, "mean_difference", arm, NotEstimable("empty_arm", (arm,)), n=total)
    return told(question, "mean_difference", arm, fitted.differences[fitted.arms.index(arm) - 1], n=total)


def _usable(found: Measured, method: Method) -> bool:
    return found.change is not None and (found.complete or method.missing != "complete_case")


def _outcome(question: Question, one: Participant) -> float | None:
    found = question.numbers[one.code]
    return found.change if question.endpoint.measure == "change" else found.final


def of_arm(question: Question, arm: str, people: list[Participant]) -> Iterator[Statistic]:
    """Plain descriptions of the baseline, of the end, and of what is analysed."""
    numbers = [question.numbers[one.code] for one in people]
    total = len(question.in_arm(arm))
    for name, values in (
        ("baseline", [found.baseline for found in numbers]),
        ("final", [found.final for found in numbers]),
        ("outcome", [_outcome(question, one) for one in people]),
    ):
        yield from described(values, analysis=question.estimand.id, variable=name, arm=arm, total=total)


def covariates(question: Question, people: list[Participant]) -> dict[str, Covariate]:
    """The value at baseline, and each factor of the randomisation as words."""
    protocol = question.cohort.protocol
    found: dict[str, Covariate] = {"baseline": [question.numbers[one.code].baseline for one in people]}
    for factor in protocol.randomisation.strata:
        levels = [str(write(baseline_value(one, factor, protocol)) or "?") for one in people]
        if len(set(levels)) > 1:
            found[factor] = levels
    return found


def summaries(question: Question, method: Method) -> Iterator[Statistic]:
    """A description of each arm without a comparison, by the kind of the endpoint."""
    for arm in question.cohort.arms:
        if question.endpoint.measure == "event":
            outcomes = [question.outcomes[one.code] for one in question.in_arm(arm)]
            events, total = counts(outcomes, {"event": True, "no_event": False}.get(method.missing))
            yield told(question, "risk", arm, proportion(events, total, level=question.level), n=events, N=total)
            unknown = sum(outcome.state is None for outcome in outcomes)
            yield Statistic(analysis=question.estimand.id, statistic="unknown", arm=arm, n=unknown, N=len(outcomes))
        elif question.endpoint.measure == "time_to_event":
            days = [float(question.times[one.code].days) for one in question.in_arm(arm)]
            yield from described(days, analysis=question.estimand.id, variable="outcome", arm=arm, total=len(days))
        else:
            yield from of_arm(question, arm, list(question.in_arm(arm)))
