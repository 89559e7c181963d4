"""What a careful reader checks in the results: ratios lead from one risk to the other, counts add up.

A published table of sister studies of the reference trial prints a risk ratio computed from the transposed two-by-two
table; its p value is the same either way and so hides the error. Here no number is written before risk ratio × risk of
the reference = risk of the arm, and the other identities below, hold in the dataset that is printed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose, isfinite

from equipoise.analysis.analyse import Analysis
from equipoise.analysis.ard import Results, Statistic
from equipoise.analysis.baseline import BASELINE
from equipoise.analysis.exposure import EXPOSURE
from equipoise.analysis.flow import FLOW
from equipoise.analysis.messages import problem
from equipoise.analysis.safety import EVENTS, safety_set
from equipoise.items import Problem

_SLACK = 1e-9
_OF_COUNTS = "proportion/"  # methods whose estimate is n of N
_COUNTED = ("rd/", "rr/", "or/")  # methods of one table; combined within strata, an effect is not that of the margins


def check_results(analysis: Analysis) -> tuple[Problem, ...]:
    """Everything in the results that contradicts something else in them; nothing when they may be printed."""
    return (*check_statistics(analysis.results), *_denominators(analysis))


def check_statistics(results: Results) -> Iterator[Problem]:
    """The statistics against themselves and against the counts they were made from."""
    for row in results.rows:
        yield from _alone(row)
    for estimand in dict.fromkeys(row.analysis for row in results.rows if row.statistic in _LEADS):
        for row in results.of(estimand):
            if row.statistic in _LEADS and row.estimate is not None and _of_one_table(row):
                yield from _against_counts(results, row)


def _where(row: Statistic) -> str:
    named = (row.analysis, row.variant, row.statistic, row.variable, row.level, row.arm)
    return " / ".join(part for part in named if part)


def _alone(row: Statistic) -> Iterator[Problem]:
    if row.n is not None and row.N is not None and not 0 <= row.n <= row.N and row.statistic not in _OF_EVENTS:
        yield problem("analysis.E026", _where(row), n=str(row.n), N=str(row.N))
    yield from _proportion(row)
    if row.p is not None and not 0.0 <= row.p <= 1.0:
        yield problem("analysis.E027", _where(row), p=f"{row.p:g}")
    if row.estimate is not None and row.lower is not None and row.upper is not None:
        slack = _SLACK * max(1.0, abs(row.estimate))
        if not row.lower - slack <= row.estimate <= row.upper + slack:
            limits = {"lower": f"{row.lower:g}", "upper": f"{row.upper:g}"}
            yield problem("analysis.E024", _where(row), estimate=f"{row.estimate:g}", **limits)


def _proportion(row: Statistic) -> Iterator[Problem]:
    if not row.method.startswith(_OF_COUNTS) or row.estimate is None or row.n is None or not row.N:
        return
    if not isclose(row.estimate, row.n / row.N, abs_tol=_SLACK):
        yield problem("analysis.E023", _where(row), estimate=f"{row.estimate:g}", n=str(row.n), N=str(row.N))


_OF_EVENTS = frozenset({"events"})  # may be more than there are people


@dataclass(frozen=True, slots=True)
class _Risks:
    """Events and people of an arm and of its reference."""

    treated: tuple[int, int]
    reference: tuple[int, int]

    @property
    def risks(self) -> tuple[float, float]:
        return self.treated[0] / self.treated[1], self.reference[0] / self.reference[1]

    @property
    def odds(self) -> tuple[float, float]:
        (a, n), (c, m) = self.treated, self.reference
        return float(a * (m - c)), float(c * (n - a))


def _of_one_table(row: Statistic) -> bool:
    return row.method.startswith(_COUNTED) and "stratified" not in row.method


def _counts(results: Results, row: Statistic, arm: str) -> tuple[int, int] | None:
    """Events and people of an arm, counted for the same line of the same analysis."""
    for name, variable in (("risk", row.variable), ("participants", row.variable), ("bound_count", row.arm)):
        found = results.get(row.analysis, name, variable=variable, level=row.level, variant=row.variant, arm=arm)
        if found is not None and found.n is not None and found.N:
            return found.n, found.N
    return None


def _against_counts(results: Results, row: Statistic) -> Iterator[Problem]:
    treated, reference = _counts(results, row, row.arm), _counts(results, row, row.reference)
    if treated is None or reference is None:
        yield problem("analysis.E025", _where(row), what="counts", found="none", expected="n of N in both arms")
        return
    yield from _LEADS[row.statistic](row, _Risks(treated, reference))


def _ratio(row: Statistic, found: _Risks) -> Iterator[Problem]:
    (one, other), ratio = found.risks, row.estimate or 0.0
    if isfinite(ratio) and not isclose(ratio * other, one, rel_tol=_SLACK, abs_tol=_SLACK):
        yield problem("analysis.E020", _where(row), ratio=f"{ratio:g}", reference=f"{other:g}", treated=f"{one:g}")


def _odds(row: Statistic, found: _Risks) -> Iterator[Problem]:
    (one, other), ratio = found.odds, row.estimate or 0.0
    if isfinite(ratio) and not isclose(ratio * other, one, rel_tol=_SLACK, abs_tol=_SLACK):
        expected = f"{one / other:g}" if other else "∞"
        yield problem("analysis.E021", _where(row), ratio=f"{ratio:g}", expected=expected)


def _difference(row: Statistic, found: _Risks) -> Iterator[Problem]:
    expected, difference = found.risks[0] - found.risks[1], row.estimate or 0.0
    if not isclose(difference, expected, abs_tol=_SLACK):
        yield problem("analysis.E022", _where(row), difference=f"{difference:g}", expected=f"{expected:g}")


_LEADS = {"risk_ratio": _ratio, "odds_ratio": _odds, "risk_difference": _difference}


# --- Denominators -----------------------------------------------------------------------------------------------------

Pair = tuple[str, int | None, int]  # what is counted, what the results say, and what it must be


def _denominators(analysis: Analysis) -> Iterator[Problem]:
    for pairs in (_flow_of_all, _flow_of_arms, _sets, _baseline, _endpoints, _safety, _worst):
        for what, found, expected in pairs(analysis):
            if found != expected:
                yield problem("analysis.E025", "results", what=what, found=str(found), expected=str(expected))


def _flow_of_all(analysis: Analysis) -> Iterator[Pair]:
    count = analysis.results.count
    parts = sum(count(FLOW, part) for part in ("excluded", "undecided", "randomised"))
    yield "flow / assessed", count(FLOW, "assessed"), parts
    yield "flow / assessed", count(FLOW, "assessed"), len(analysis.cohort.snapshot.subjects)
    allocated = sum(count(FLOW, "allocated", arm=arm) for arm in analysis.cohort.arms)
    yield "flow / randomised", count(FLOW, "randomised"), allocated


def _flow_of_arms(analysis: Analysis) -> Iterator[Pair]:
    for arm in analysis.cohort.arms:
        for parts in (
            ("received", "not_confirmed", "not_received"),
            ("completed", "withdrew", "lost", "died", "other", "ongoing"),
        ):
            total = sum(analysis.results.count(FLOW, part, arm=arm) for part in parts)
            yield f"flow / allocated / {arm}", analysis.results.count(FLOW, "allocated", arm=arm), total


def _sets(analysis: Analysis) -> Iterator[Pair]:
    for id_, members in analysis.sets.items():
        people = members.of(analysis.cohort)
        for arm in analysis.cohort.arms:
            inside = sum(one.arm == arm for one in people)
            out = sum(analysis.cohort.by_code[code].arm == arm for code, _ in members.excluded)
            yield f"set / {id_} / {arm}", analysis.results.count(FLOW, "analysed", level=id_, arm=arm), inside
            yield f"set / {id_} / {arm}", inside + out, analysis.results.count(FLOW, "allocated", arm=arm)


def _baseline(analysis: Analysis) -> Iterator[Pair]:
    sizes = {arm: analysis.results.count(FLOW, "allocated", arm=arm) for arm in analysis.cohort.arms}
    sizes[""] = sum(sizes.values())
    known: dict[tuple[str, str], int] = {}
    for row in analysis.results.of(BASELINE, "count"):
        known[row.variable, row.arm] = known.get((row.variable, row.arm), 0) + (row.n or 0)
    for row in analysis.results.of(BASELINE):
        where = f"baseline / {row.variable} / {row.arm}"
        if row.statistic == "count":
            yield where, row.N, known[row.variable, row.arm]
        else:
            yield where, row.N, sizes[row.arm]
        if row.statistic == "missing":
            yield where, (row.n or 0) + known.get((row.variable, row.arm), 0), sizes[row.arm]


def _endpoints(analysis: Analysis) -> Iterator[Pair]:
    for estimand in analysis.protocol.estimands:
        for arm in analysis.cohort.arms:
            size = analysis.results.count(FLOW, "analysed", level=estimand.population, arm=arm)
            for name in ("unknown", "events", "adjusted_mean"):
                row = analysis.results.get(estimand.id, name, arm=arm)
                if row is not None and row.N is not None:
                    yield f"{estimand.id} / {name} / {arm}", row.N, size
            yield from _risk(analysis.results, estimand.id, arm, size)


def _risk(results: Results, estimand: str, arm: str, size: int) -> Iterator[Pair]:
    """Without those left out as unknown, the denominator of the risk is the set."""
    risk, unknown = results.get(estimand, "risk", arm=arm), results.get(estimand, "unknown", arm=arm)
    if risk is not None and risk.N is not None:
        left_out = unknown.n or 0 if unknown is not None and size != risk.N else 0
        yield f"{estimand} / risk / {arm}", risk.N + left_out, size


def _safety(analysis: Analysis) -> Iterator[Pair]:
    chosen = safety_set(analysis.cohort).id
    for arm in analysis.cohort.arms:
        size = analysis.results.count(FLOW, "analysed", level=chosen, arm=arm)
        for row in (*analysis.results.of(EVENTS), *analysis.results.of(EXPOSURE)):
            if row.arm == arm and row.N is not None and row.statistic in ("participants", "events", "all_doses"):
                yield f"{_where(row)}", row.N, size


def _worst(analysis: Analysis) -> Iterator[Pair]:
    """Everybody with an event has one worst severity, known or not."""
    for arm in analysis.cohort.arms:
        parts = [row.n or 0 for row in analysis.results.of(EVENTS, "participants") if _is_worst(row, arm)]
        every = analysis.results.count(EVENTS, "participants", variable="any", arm=arm)
        yield f"adverse events / worst severity / {arm}", sum(parts), every


def _is_worst(row: Statistic, arm: str) -> bool:
    return row.variable == "worst" and row.arm == arm
