"""How bad unknown outcomes would have to be to change the conclusion: every way in which they could have turned out."""

from collections.abc import Iterator

from equipoise.analysis.ard import Statistic
from equipoise.analysis.fit_proportions import counts, risk_of
from equipoise.analysis.question import Question, told
from equipoise.protocol.schema import Method
from equipoise.statistics import NotEstimable, TippingPoint, TwoByTwo, tipping_point_binary

_MOST = 60  # unknown outcomes of an arm: beyond, most of the trial is not known and there is nothing to tip


def tipping_points(question: Question, method: Method) -> Iterator[Statistic]:
    """The p value for every number of events among the unknown of each arm.

    `tipping` has the events imputed in the arm as its variable and those in the reference as its level; `tipped` counts
    the ways in which p is above the level of significance, or there is no p.
    """
    seen = {**question.outcomes, **question.unknown}
    of_arm = {arm: [seen[one.code] for one in question.in_arm(arm)] for arm in question.cohort.arms}
    known = {arm: counts(outcomes, None) for arm, outcomes in of_arm.items()}
    for arm, (events, total) in known.items():
        yield from risk_of(question, arm, events, total)
    for arm in question.others:
        missing = {each: len(of_arm[each]) - known[each][1] for each in (arm, question.reference)}
        found = _found(question, arm, known, missing)
        if isinstance(found, NotEstimable):
            yield told(question, "tipped", arm, found)
        else:
            yield from _told(question, arm, found)


def _found(
    question: Question, arm: str, known: dict[str, tuple[int, int]], missing: dict[str, int]
) -> TippingPoint | NotEstimable:
    if max(missing.values()) > _MOST:
        return NotEstimable("missing_values", tuple(each for each in missing if missing[each] > _MOST))
    reference = question.reference
    table = TwoByTwo(
        treatment=arm, treatment_events=known[arm][0], treatment_total=known[arm][1],
        reference=reference, reference_events=known[reference][0], reference_total=known[reference][1],
    )  # fmt: skip
    return tipping_point_binary(
        table, treatment_missing=missing[arm], reference_missing=missing[reference], alpha=1.0 - question.level
    )


def _told(question: Question, arm: str, found: TippingPoint) -> Iterator[Statistic]:
    analysis, tipped = question.estimand.id, 0
    for i, (row, differences) in enumerate(zip(found.p_values, found.differences, strict=True)):
        for j, (p, difference) in enumerate(zip(row, differences, strict=True)):
            tipped += p is None or p > found.alpha
            yield Statistic(
                analysis=analysis, statistic="tipping", variable=str(i), level=str(j), arm=arm,
                reference=question.reference, estimate=difference, p=p, method=found.method,
            )  # fmt: skip
    ways = len(found.p_values) * len(found.p_values[0])
    yield Statistic(
        analysis=analysis, statistic="tipped", arm=arm, reference=question.reference, n=tipped, N=ways,
        method=found.method,
    )  # fmt: skip
