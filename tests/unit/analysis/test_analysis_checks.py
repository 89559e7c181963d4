"""The checks a careful reader makes: sound results pass, and each kind of contradiction is found and named."""

from dataclasses import replace

import pytest
from analysis_trials import BETTER, GONE, SAME, arm_of, estimand, opened, person, with_estimands

from equipoise.analysis import Statistic, analyse
from equipoise.analysis.ard import Results
from equipoise.analysis.checks import check_results, check_statistics

EVENT = {"term": "Cold", "kind": "infection", "event_grade": "severe", "serious": True, "related": True}
ARMS = {
    "active": [*arm_of("01", [BETTER] * 7 + [SAME] * 2), person("01-050", SAME, events=[EVENT, EVENT])],
    "control": arm_of("02", [BETTER] * 3 + [SAME] * 7 + [GONE]),
}
FAILED = person("02-090", randomised=None, screen_failure=("I2",))
ASKED = estimand(
    "better", "two_proportions", missing="event", test="chi_square", interval="newcombe",
    sensitivity=[{"missing": "complete_case"}, {"missing": "event", "strata": ["site"]}],
)  # fmt: skip
PROTOCOL = with_estimands(ASKED, estimand("itch", "ancova", id_="means"))
ANALYSIS = analyse(opened(ARMS, FAILED), PROTOCOL)


def edited(change, **place):
    """The analysis with one statistic changed: the first one that has these attributes."""
    rows, done = [], False
    for row in ANALYSIS.results.rows:
        mine = not done and all(getattr(row, name) == value for name, value in place.items())
        rows.append(replace(row, **change(row)) if mine else row)
        done = done or mine
    assert done, place
    return replace(ANALYSIS, results=Results(tuple(rows)))


def found(analysis):
    return {problem.id for problem in check_results(analysis)}


def test_sound_results_hold_together():
    assert check_results(ANALYSIS) == ()


def test_the_ratio_of_the_transposed_table_is_found():
    """The sister paper's error: (a/(a+c)) / (b/(b+d)) in place of (a/(a+b)) / (c/(c+d)); its p value is the same."""
    one, other = (ANALYSIS.results.get("asked", "risk", arm=arm) for arm in ("active", "control"))
    (a, b), (c, d) = (one.n, one.N - one.n), (other.n, other.N - other.n)
    transposed = (a / (a + c)) / (b / (b + d))
    right = ANALYSIS.results.get("asked", "risk_ratio", arm="active")
    assert abs(transposed - right.estimate) > 0.01
    wrong = edited(
        lambda row: {"estimate": transposed, "lower": None, "upper": None},
        analysis="asked", statistic="risk_ratio", variant="",
    )  # fmt: skip
    problems = check_results(wrong)
    assert [problem.id for problem in problems] == ["analysis.E020"]
    assert problems[0].where == "asked / risk_ratio / active"


RISK = {"analysis": "asked", "statistic": "risk", "arm": "active", "variant": ""}
SIZES = {"analysis": "flow", "statistic": "allocated", "arm": "active"}
WRONG = {
    "an odds ratio turned round": (lambda r: {"estimate": 1 / r.estimate}, {"statistic": "odds_ratio"}, "E021"),
    "a difference turned round": (lambda r: {"estimate": -r.estimate}, {"statistic": "risk_difference"}, "E022"),
    "a difference of a sensitivity analysis": (
        lambda r: {"estimate": r.estimate / 2}, {"statistic": "risk_difference", "variant": "sensitivity_1"}, "E022",
    ),
    "a bound": (
        lambda r: {"estimate": r.estimate + 0.1}, {"statistic": "risk_difference", "variant": "bound_event"}, "E022",
    ),
    "a proportion of another line": (lambda r: {"estimate": r.estimate / 2}, RISK, "E023"),
    "an estimate outside its limits": (lambda r: {"lower": r.upper + 1, "upper": r.upper + 2}, RISK, "E024"),
    "more than there are": (lambda r: {"n": r.N + 1}, {"analysis": "flow", "statistic": "received"}, "E026"),
    "a p value above one": (lambda r: {"p": 1.5}, {"statistic": "test"}, "E027"),
    "one more assessed": (lambda r: {"n": r.n + 1}, {"analysis": "flow", "statistic": "assessed"}, "E025"),
    "one more allocated": (lambda r: {"n": r.n + 1}, SIZES, "E025"),
    "one less completed": (lambda r: {"n": r.n - 1}, {"analysis": "flow", "statistic": "ongoing"}, "E025"),
    "one less analysed": (lambda r: {"n": r.n - 1}, {"analysis": "flow", "statistic": "analysed"}, "E025"),
    "another number at baseline": (lambda r: {"N": r.N + 1}, {"analysis": "baseline", "statistic": "mean"}, "E025"),
    "one of a category lost": (lambda r: {"n": r.n - 1}, {"analysis": "baseline", "statistic": "count"}, "E025"),
    "one more missing": (lambda r: {"n": r.n + 1}, {"analysis": "baseline", "statistic": "missing"}, "E025"),
    "another denominator of an endpoint": (lambda r: {"N": r.N - 1}, {"statistic": "adjusted_mean"}, "E025"),
    "another denominator of safety": (
        lambda r: {"N": r.N + 1}, {"analysis": "adverse_events", "statistic": "participants"}, "E025",
    ),
    "nobody by worst severity": (
        lambda r: {"n": r.n - 1}, {"analysis": "adverse_events", "variable": "worst", "level": "severe"}, "E025",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_each_contradiction_is_found(name):
    change, place, identity = WRONG[name]
    assert f"analysis.{identity}" in found(edited(change, **place))


def test_an_effect_without_its_counts_is_not_printed():
    rows = tuple(row for row in ANALYSIS.results.rows if row.statistic != "risk")
    assert "analysis.E025" in {problem.id for problem in check_statistics(Results(rows))}


def test_events_may_outnumber_people_and_a_stratified_effect_need_not_be_that_of_the_margins():
    counted = Statistic(analysis="a", statistic="events", n=5, N=3, arm="active")
    combined = Statistic(
        analysis="a", statistic="risk_ratio", arm="active", reference="control", estimate=2.0, method="rr_stratified/mh"
    )
    assert not list(check_statistics(Results((counted, combined))))


def test_a_limit_may_meet_its_estimate_and_a_ratio_have_no_end():
    touching = Statistic(analysis="a", statistic="rate", estimate=1.0, lower=0.2, upper=1.0 - 1e-12)
    nobody = Statistic(analysis="a", statistic="risk", n=0, N=0, arm="active")
    by_time = Statistic(analysis="a", statistic="risk", level="365", estimate=0.3, n=2, N=9, method="kaplan_meier/log")
    assert not list(check_statistics(Results((touching, nobody, by_time))))


@pytest.mark.parametrize(("estimate", "identities"), [(0.5, set()), (2.0, {"analysis.E020"})])
def test_an_effect_is_compared_with_the_counts_of_its_own_line(estimate, identities):
    line = {"analysis": "adverse_events", "variable": "category", "level": "cough"}
    rows = (
        Statistic(**line, statistic="participants", n=2, N=8, arm="active"),
        Statistic(**line, statistic="participants", n=4, N=8, arm="control"),
        Statistic(**{**line, "level": "rash"}, statistic="participants", n=6, N=8, arm="active"),
        Statistic(**line, statistic="risk_ratio", estimate=estimate, arm="active", reference="control", method="rr/mn"),
    )
    assert {problem.id for problem in check_statistics(Results(rows))} == identities
