"""The participant flow of CONSORT 2025: who was assessed, why not everybody entered, and what became of each arm."""

from collections import Counter
from collections.abc import Iterator, Sequence

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.dosing import dosed, given
from equipoise.analysis.sets import Members

FLOW = "flow"


def flow(cohort: Cohort, sets: dict[str, Members]) -> Iterator[Statistic]:
    """Counts of participants; each reason counts once per participant, and one may have several criteria."""
    everybody, randomised = cohort.everybody, cohort.randomised
    failed = [one for one in everybody if one.subject.screen_failure]
    yield _count("assessed", len(everybody))
    yield _count("excluded", len(failed), len(everybody))
    reasons = Counter(reason for one in failed for reason in one.subject.screen_failure)
    order = [c.id for c in (*cohort.protocol.eligibility.inclusion, *cohort.protocol.eligibility.exclusion)]
    for reason in sorted(reasons, key=lambda reason: (order.index(reason) if reason in order else len(order), reason)):
        yield _count("excluded_because", reasons[reason], len(failed), level=reason)
    yield _count("undecided", len(everybody) - len(failed) - len(randomised), len(everybody))
    yield _count("randomised", len(randomised), len(everybody))
    for arm in cohort.arms:
        yield from _arm(cohort, arm, sets)


def _arm(cohort: Cohort, arm: str, sets: dict[str, Members]) -> Iterator[Statistic]:
    people = cohort.in_arm(arm)
    total = len(people)
    treated = [one for one in people if dosed(one, cohort.protocol)]
    unsure = [one for one in people if one not in treated and _unsure(one, cohort)]
    yield _count("allocated", total, len(cohort.randomised), arm=arm)
    yield _count("received", len(treated), total, arm=arm)
    yield _count("not_confirmed", len(unsure), total, arm=arm)
    yield _count("not_received", total - len(treated) - len(unsure), total, arm=arm)
    stopped = [one.subject.stopped_because or "unstated" for one in people if one.subject.treatment_stopped]
    yield from _with_reasons("treatment_stopped", stopped, total, arm)
    for how in ("completed", "withdrew", "lost", "died", "other"):
        ended = [one.subject.ended_because for one in people if one.subject.how_ended == how]
        yield _count(how, len(ended), total, arm=arm)
    yield _count("ongoing", sum(one.subject.ended is None for one in people), total, arm=arm)
    for found in sets.values():
        inside = set(found.members)
        yield _count("analysed", sum(one.code in inside for one in people), total, level=found.id, arm=arm)
        yield from _left_out(found, arm, [one.code for one in people])


def _left_out(found: Members, arm: str, people: Sequence[str]) -> Iterator[Statistic]:
    """Who of an arm is not in a set, by reason; every reason of the set is counted in every arm."""
    excluded = dict(found.excluded)
    here = Counter(excluded[code] for code in people if code in excluded)
    for reason in sorted(set(excluded.values())):
        yield Statistic(
            analysis=FLOW, statistic="not_analysed", variable=found.id, level=reason, arm=arm, n=here[reason],
            N=len(people),
        )  # fmt: skip


def _with_reasons(what: str, reasons: Sequence[str], total: int, arm: str) -> Iterator[Statistic]:
    yield _count(what, len(reasons), total, arm=arm)
    for reason, found in sorted(Counter(reasons).items(), key=lambda pair: (-pair[1], pair[0])):
        yield _count(f"{what}_because", found, total, level=reason, arm=arm)


def _unsure(one: Participant, cohort: Cohort) -> bool:
    return any(given(one, visit, cohort.protocol) is None for visit in one.subject.doses)


def _count(statistic: str, n: int, total: int | None = None, *, level: str = "", arm: str = "") -> Statistic:
    return Statistic(analysis=FLOW, statistic=statistic, level=level, arm=arm, n=n, N=total)
