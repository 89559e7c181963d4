"""Two proportions: risks, their difference, ratio and odds ratio, a test, and what unknown outcomes could change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from equipoise.analysis.ard import Statistic
from equipoise.analysis.events import Outcome
from equipoise.analysis.question import Question, told
from equipoise.protocol.schema import Method
from equipoise.statistics import (
    Estimate,
    HypothesisTest,
    NotEstimable,
    TwoByTwo,
    chi_square,
    fisher_exact,
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_ratio,
    mantel_haenszel_test,
    odds_ratio_score,
    odds_ratio_woolf,
    proportion,
    risk_difference_newcombe,
    risk_difference_score,
    risk_difference_wald,
    risk_ratio_katz,
    risk_ratio_score,
)

Counts = tuple[int, int]  # patients with the event, patients in all
Outcomes = Mapping[str, Outcome]
_EVENT, _NO_EVENT, _DROPPED = True, False, None
UNKNOWN_AS = {"event": _EVENT, "no_event": _NO_EVENT, "complete_case": _DROPPED, "available": _DROPPED, "": _DROPPED}
_ROUNDING = 1e-9


def proportions(question: Question, method: Method) -> Iterator[Statistic]:
    """The proportion in each arm, and each arm compared with the reference.

    Unknown outcomes are taken as the method's `missing` says; without a word they are left out and counted, never
    taken for no event.
    """
    unknown = UNKNOWN_AS[method.missing]
    table = {arm: counts(_of(question, arm, question.outcomes), unknown) for arm in question.cohort.arms}
    for arm, (events, total) in table.items():
        yield from risk_of(question, arm, events, total)
    for arm in question.others:
        if method.strata:
            yield from _compared_within(question, method, arm, question.outcomes, (unknown, unknown))
        else:
            yield from _compared(question, method, arm, table[arm], table[question.reference])


def _compared_within(
    question: Question, method: Method, arm: str, outcomes: Outcomes, unknown: tuple[bool | None, bool | None]
) -> Iterator[Statistic]:
    """An arm compared with the reference within strata; one in which an arm has nobody says nothing.

    `unknown` is what unknown outcomes are taken for: in the arm, and in the reference.
    """
    tables = _tables(question, method, arm, outcomes, unknown)
    total = sum(table.treatment_total + table.reference_total for table in tables)
    level = question.level
    yield told(question, "risk_difference", arm, risk_difference_score(tables, level=level), N=total)
    yield told(question, "risk_ratio", arm, mantel_haenszel_risk_ratio(tables, level=level), N=total)
    yield told(question, "odds_ratio", arm, mantel_haenszel_odds_ratio(tables, level=level), N=total)
    test = mantel_haenszel_test(tables)
    if isinstance(test, HypothesisTest):
        yield _tested(question, arm, test.method, test.p_value, test.statistic)
    else:
        yield told(question, "test", arm, test)


def _tables(
    question: Question, method: Method, arm: str, outcomes: Outcomes, unknown: tuple[bool | None, bool | None]
) -> list[TwoByTwo]:
    taken = dict(zip((arm, question.reference), unknown, strict=True))
    within: dict[str, dict[str, list[Outcome]]] = {}
    for one in question.people:
        if one.arm in (arm, question.reference):
            stratum = within.setdefault(question.stratum(one, method.strata), {arm: [], question.reference: []})
            stratum[one.arm].append(outcomes[one.code])
    tables = [{each: counts(found, taken[each]) for each, found in within[name].items()} for name in sorted(within)]
    return [_table(question, arm, one[arm], one[question.reference]) for one in tables]


def counts(outcomes: Sequence[Outcome], unknown: bool | None) -> Counts:
    """How many had the event and how many there are, unknown ones taken as an event, as none, or left out."""
    states = [unknown if outcome.state is None else outcome.state for outcome in outcomes]
    return sum(state is True for state in states), sum(state is not None for state in states)


def _of(question: Question, arm: str, outcomes: Outcomes) -> list[Outcome]:
    return [outcomes[one.code] for one in question.in_arm(arm)]


def risk_of(question: Question, arm: str, events: int, total: int) -> Iterator[Statistic]:
    """The proportion of an arm with its interval, and how many outcomes behind it were not known and why."""
    name = "clopper_pearson" if events in (0, total) else "wilson"
    risk = proportion(events, total, method="clopper_pearson" if name != "wilson" else "wilson", level=question.level)
    yield told(question, "risk", arm, risk, n=events, N=total)
    yield from not_known(question, arm)


def not_known(question: Question, arm: str) -> Iterator[Statistic]:
    """How many outcomes of an arm were not seen or are set aside, and for which reasons."""
    people = question.in_arm(arm)
    unknown = [question.unknown[one.code] for one in people if one.code in question.unknown]
    analysis = question.estimand.id
    yield Statistic(analysis=analysis, statistic="unknown", arm=arm, n=len(unknown), N=len(people))
    for reason in sorted({outcome.reason for outcome in unknown}):
        found = sum(outcome.reason == reason for outcome in unknown)
        yield Statistic(analysis=analysis, statistic="unknown_because", level=reason, arm=arm, n=found, N=len(people))


def _compared(question: Question, method: Method, arm: str, treated: Counts, reference: Counts) -> Iterator[Statistic]:
    table = _table(question, arm, treated, reference)
    total = treated[1] + reference[1]
    score = method.interval == "miettinen_nurminen"
    yield told(question, "risk_difference", arm, _difference(table, method, question.level), N=total)
    ratio = _first_with_limits(score, risk_ratio_katz, risk_ratio_score, table, question.level)
    _assert_orientation(ratio, table)
    yield told(question, "risk_ratio", arm, ratio, N=total)
    odds = _first_with_limits(score, odds_ratio_woolf, odds_ratio_score, table, question.level)
    yield told(question, "odds_ratio", arm, odds, N=total)
    yield _test(question, method, arm, table)


def _table(question: Question, arm: str, treated: Counts, reference: Counts) -> TwoByTwo:
    """Rows are arms, columns are event and no event; a table turned over cannot be written down."""
    return TwoByTwo(
        treatment=arm, treatment_events=treated[0], treatment_total=treated[1],
        reference=question.reference, reference_events=reference[0], reference_total=reference[1],
    )  # fmt: skip


def _difference(table: TwoByTwo, method: Method, level: float) -> Estimate | NotEstimable:
    match method.interval:
        case "miettinen_nurminen":
            return risk_difference_score(table, level=level)
        case "wald":
            return risk_difference_wald(table, level=level)
        case _:
            return risk_difference_newcombe(table, level=level)


class Fit(Protocol):
    """A ratio of a table, with its interval."""

    def __call__(self, table: TwoByTwo, /, *, level: float) -> Estimate | NotEstimable: ...


def _first_with_limits(
    score: bool, closed: Fit, by_score: Fit, table: TwoByTwo, level: float
) -> Estimate | NotEstimable:
    """The closed form where the table allows it, else the score interval, which needs no correction for a zero."""
    first = (by_score if score else closed)(table, level=level)
    if isinstance(first, NotEstimable) or first.lower is None:
        second = by_score(table, level=level)
        return first if isinstance(second, NotEstimable) else second
    return first


def _assert_orientation(ratio: Estimate | NotEstimable, table: TwoByTwo) -> None:
    """Risk ratio × risk of the reference = risk of the arm, whatever the margins: a transposed table would fail."""
    if isinstance(ratio, Estimate) and ratio.estimate is not None:
        treated, reference = table.risks
        if abs(ratio.estimate * reference - treated) > _ROUNDING:
            raise AssertionError(f"risk ratio {ratio.estimate} does not lead from {reference} to {treated}")


def _test(question: Question, method: Method, arm: str, table: TwoByTwo) -> Statistic:
    if method.test == "fisher":
        exact = fisher_exact(table, level=question.level)
        if isinstance(exact, NotEstimable):
            return told(question, "test", arm, exact)
        return _tested(question, arm, exact.method, exact.p_value, None)
    if method.test == "wald":
        wald = risk_difference_wald(table, level=question.level)
        return replace(told(question, "test", arm, wald), standard_error=None, lower=None, upper=None)
    found = chi_square(table, continuity=method.test == "chi_square_yates")
    if isinstance(found, HypothesisTest):
        return _tested(question, arm, found.method, found.p_value, found.statistic)
    return told(question, "test", arm, found)


def _tested(question: Question, arm: str, method: str, p: float, statistic: float | None) -> Statistic:
    return Statistic(
        analysis=question.estimand.id, statistic="test", arm=arm, reference=question.reference, method=method, p=p,
        estimate=statistic,
    )  # fmt: skip


# What all unknown outcomes could have been: (in the arm, in the reference).
_READINGS: dict[str, tuple[bool, bool]] = {
    "bound_event": (True, True),
    "bound_no_event": (False, False),
    "bound_arm_event": (True, False),
    "bound_reference_event": (False, True),
}


def bounds(question: Question, method: Method) -> Iterator[Statistic]:
    """How far unknown outcomes could move the comparison: all of them events, none, and the two extremes between.

    A strategy that makes a failure of somebody whose outcome was not seen does not make it known.
    """
    seen = {**question.outcomes, **question.unknown}
    for variant, (in_arm, in_reference) in _READINGS.items():
        reference = counts(_of(question, question.reference, seen), in_reference)
        for arm in question.others:
            treated = counts(_of(question, arm, seen), in_arm)
            compared = (
                _compared_within(question, method, arm, seen, (in_arm, in_reference))
                if method.strata
                else _compared(question, method, arm, treated, reference)
            )
            yield from (replace(row, variant=variant) for row in compared)
            for each, (events, total) in ((arm, treated), (question.reference, reference)):
                yield Statistic(
                    analysis=question.estimand.id, statistic="bound_count", variable=arm, variant=variant, arm=each,
                    n=events, N=total,
                )  # fmt: skip
