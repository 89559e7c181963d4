"""The primary effect in groups of participants, and whether it differs between them: an estimate each, one test in all.

A p value of a subgroup says little and invites much (ICH E9, 5.7; Wang et al., N Engl J Med 2007;357:2189): there is
none. The test of interaction asks whether the groups differ by more than chance.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log

from equipoise.analysis.ard import Statistic
from equipoise.analysis.baseline import variable
from equipoise.analysis.cohort import Cohort, Participant, baseline_value, number
from equipoise.analysis.fits import fit
from equipoise.analysis.question import EFFECTS, Question, question
from equipoise.analysis.sets import Members
from equipoise.items import write
from equipoise.protocol.schema import Estimand, Label, Protocol, Subgroup
from equipoise.statistics import HypothesisTest, NotEstimable, heterogeneity_test

SUBGROUPS = "subgroups"
_SHOWN = ("risk", "events", "adjusted_mean")  # what stands beside the effect, by arm


@dataclass(frozen=True, slots=True)
class Group:
    """A group of participants: its code, its name and who belongs to it."""

    code: str
    label: Label
    people: tuple[Participant, ...]


def subgrouped(protocol: Protocol) -> tuple[Estimand, ...]:
    """The estimands that are looked at in subgroups: the first of each primary endpoint."""
    primary = {endpoint.id for endpoint in protocol.endpoints if endpoint.tier == "primary"}
    first = {e.endpoint: e for e in reversed(protocol.estimands) if e.endpoint in primary}
    return tuple(e for e in protocol.estimands if first.get(e.endpoint) is e and e.method.function in EFFECTS)


def groups(subgroup: Subgroup, people: tuple[Participant, ...], cohort: Cohort) -> tuple[Group, ...]:
    """The groups of a baseline variable in their order, with those in whom it is known."""
    values = {one.code: baseline_value(one, subgroup.variable, cohort.protocol) for one in people}
    if subgroup.cuts:
        edges = [None, *subgroup.cuts, None]
        named = [(_span(low, high), Label(en=_span(low, high))) for low, high in pairwise(edges)]
        numbers = {code: number(value) for code, value in values.items()}
        place = {
            code: sum(each >= float(cut) for cut in subgroup.cuts) for code, each in numbers.items() if each is not None
        }
        levels = {code: named[at][0] for code, at in place.items()}
    else:
        named = list(variable(subgroup.variable, cohort).levels)
        levels = {code: str(write(value)) for code, value in values.items() if value is not None}
    return tuple(
        Group(code, label, tuple(one for one in people if levels.get(one.code) == code)) for code, label in named
    )


def _span(low: object, high: object) -> str:
    if low is None:
        return f"< {high}"
    return f"≥ {low}" if high is None else f"{low} – < {high}"


def subgroups(cohort: Cohort, sets: Mapping[str, Members]) -> Iterator[Statistic]:
    """Of each primary estimand and subgroup variable: the effect in each group, and the test of interaction."""
    for estimand in subgrouped(cohort.protocol):
        asked = question(estimand, cohort, sets)
        for subgroup in cohort.protocol.analysis.subgroups:
            yield from _one(asked, subgroup)


def _one(asked: Question, subgroup: Subgroup) -> Iterator[Statistic]:
    effect = EFFECTS[asked.estimand.method.function]
    found: dict[str, list[tuple[float, float]]] = {arm: [] for arm in asked.others}
    parts = [group for group in groups(subgroup, asked.people, asked.cohort) if group.people]
    for group in parts:
        rows = [row for row in fit(asked.among(group.people), asked.estimand.method) if not row.variable]
        for row in rows:
            if row.statistic in (effect, *_SHOWN):
                yield _placed(row, asked, subgroup, group.code)
        for arm in asked.others:
            found[arm] += _normal(rows, effect, arm, asked.reference)
    for arm in asked.others:
        yield _interaction(asked, subgroup, arm, found[arm], len(parts))
    known = sum(len(group.people) for group in parts)
    yield Statistic(
        analysis=f"{SUBGROUPS}/{asked.estimand.id}", statistic="not_grouped", variable=subgroup.variable,
        n=len(asked.people) - known, N=len(asked.people),
    )  # fmt: skip


def _placed(row: Statistic, asked: Question, subgroup: Subgroup, level: str) -> Statistic:
    """A row of a group, without the p value that belongs to nobody."""
    analysis = f"{SUBGROUPS}/{asked.estimand.id}"
    return replace(row, analysis=analysis, variable=subgroup.variable, level=level, p=None)


def _normal(rows: list[Statistic], effect: str, arm: str, reference: str) -> list[tuple[float, float]]:
    """The effect of a group with its error, on the scale on which it is about normal; nothing if there is none."""
    row = next((row for row in rows if (row.statistic, row.arm) == (effect, arm)), None)
    if row is None or row.estimate is None:
        return []
    if effect == "risk_difference":
        risks = [each for each in rows if each.statistic == "risk" and each.arm in (arm, reference)]
        variance = sum(
            each.estimate * (1 - each.estimate) / each.N for each in risks if each.estimate is not None and each.N
        )
        return [(row.estimate, variance**0.5)]
    if row.standard_error is None or (effect.endswith("_ratio") and row.estimate <= 0):
        return []
    return [(log(row.estimate) if effect.endswith("_ratio") else row.estimate, row.standard_error)]


def _interaction(
    asked: Question, subgroup: Subgroup, arm: str, found: list[tuple[float, float]], wanted: int
) -> Statistic:
    """Cochran's test over the groups; if one of them has no estimate the groups cannot all be compared."""
    test: HypothesisTest | NotEstimable = NotEstimable("empty_arm")
    if len(found) == wanted:
        test = heterogeneity_test([effect for effect, _ in found], [error for _, error in found])
    place = Statistic(
        analysis=f"{SUBGROUPS}/{asked.estimand.id}", statistic="interaction", variable=subgroup.variable, arm=arm,
        reference=asked.reference, n=wanted,
    )  # fmt: skip
    if isinstance(test, NotEstimable):
        return replace(place, why=test)
    return replace(place, estimate=test.statistic, p=test.p_value, method=test.method)
