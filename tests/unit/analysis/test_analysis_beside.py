"""What stands beside the main analyses: adjusted risks, Kaplan–Meier risks, tipping points, rates, subgroups, parts."""

from datetime import timedelta
from math import isclose, log, sqrt

import pytest
from analysis_trials import BETTER, GONE, MISSED, SAME, SMALL, START, arm_of, estimand, made, opened, person
from analysis_trials import with_estimands as with_estimands_
from scipy import stats

from equipoise.analysis import analyse
from equipoise.analysis.components import components
from equipoise.analysis.course import trajectories
from equipoise.analysis.episodes import episodes
from equipoise.analysis.fit_counts import intervals
from equipoise.analysis.over_time import weeks_counted
from equipoise.analysis.question import question
from equipoise.analysis.sets import analysis_sets
from equipoise.analysis.subgroups import subgrouped, subgroups
from equipoise.protocol.estimands import Components, Subgroup
from equipoise.protocol.schema import Endpoint
from equipoise.statistics import TwoByTwo, fisher_exact, logistic


def endpoint(id_, measure, rule, **more):
    return Endpoint.model_validate(
        {"id": id_, "label": {"en": id_, "zh": "终点"}, "tier": "secondary", "objective": "relief", "measure": measure,
         "rule": rule, "through": "week_8", **more}
    )  # fmt: skip


COUNT = endpoint("count", "count", "itching >= 8")
TIME = endpoint("time", "time_to_event", "itching_rise <= -2")
PROTOCOL = SMALL.model_copy(update={"endpoints": (*SMALL.endpoints, COUNT, TIME)})


def with_estimands(*estimands, **analysis):
    return with_estimands_(*estimands, protocol=PROTOCOL, **analysis)


def fitted(asked, arms, **analysis):
    return analyse(opened(arms), with_estimands(asked, **analysis)).results


# --- Adjusted risks ---------------------------------------------------------------------------------------------------

MIXED = {
    "active": arm_of("01", [BETTER] * 4 + [SAME] * 2) + arm_of("02", [BETTER] * 3 + [SAME, GONE]),
    "control": arm_of("01", [BETTER] * 2 + [SAME] * 4, first=501) + arm_of("02", [BETTER, SAME, SAME], first=501),
}


@pytest.mark.parametrize(("missing", "people"), [("event", 20), ("complete_case", 19)])
def test_risks_are_standardised_over_everybody_in_the_model(missing, people):
    found = fitted(estimand("better", "logistic", missing=missing), MIXED)
    rows = {name: found.get("asked", name, arm="active") for name in ("odds_ratio", "risk_difference", "risk_ratio")}
    assert {row.N for row in rows.values()} == {people}
    risks = [found.get("asked", "standardised_risk", variable="active", arm=arm).estimate for arm in MIXED]
    assert isclose(rows["risk_difference"].estimate, risks[0] - risks[1])
    assert isclose(rows["risk_ratio"].estimate, risks[0] / risks[1])
    # The model a second time: arm and site, the only factor of the randomisation that varies.
    everybody = [(arm, one.site, one) for arm, group in MIXED.items() for one in group]
    known = [each for each in everybody if missing == "event" or "week_8" in each[2].visits]
    y = [1.0 if "week_8" not in one.visits else float(one.values["week_8", "assessment", 1]["itching"] == 4)
         for _, _, one in known]  # fmt: skip
    fit = logistic(y, [[float(arm == "active"), float(site == "02")] for arm, site, _ in known], names=["arm", "site"])
    assert isclose(rows["odds_ratio"].estimate, fit.odds_ratio("arm").estimate, rel_tol=1e-9)
    assert found.get("asked", "test", arm="active").p == rows["odds_ratio"].p


def test_who_lacks_a_covariate_is_left_out_of_the_model():
    arms = {**MIXED, "active": [*MIXED["active"], person("01-099", {**SAME, "week_0": None, "week_8": 6})]}
    found = fitted(estimand("better", "logistic", missing="event", covariates=["itching", "sex"]), arms)
    assert found.get("asked", "odds_ratio", arm="active").N == 20
    assert found.get("asked", "risk", arm="active").N == 12


def test_a_model_without_anything_to_adjust_for_gives_the_two_proportions():
    arms = {"active": arm_of("01", [BETTER] * 3 + [SAME]), "control": arm_of("01", [BETTER] + [SAME] * 3, first=501)}
    found = fitted(estimand("better", "logistic", missing="event"), arms)
    assert isclose(found.get("asked", "risk_difference", arm="active").estimate, 0.5, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("arms", "reason"),
    [({"active": arm_of("01", [BETTER] * 3)}, "empty_arm"),
     ({"active": arm_of("01", [BETTER] * 3), "control": arm_of("01", [SAME] * 3, first=501)}, "separation")],
)  # fmt: skip
def test_adjusted_risks_that_cannot_be_estimated_are_named(arms, reason):
    found = fitted(estimand("better", "logistic", missing="event"), arms)
    rows = [found.get("asked", name, arm="active") for name in ("risk_difference", "risk_ratio")]
    assert [(row.estimate, row.why.reason) for row in rows] == [(None, reason)] * 2


# --- Risks at the end -------------------------------------------------------------------------------------------------


def test_risks_at_the_end_are_those_of_the_curves():
    """Three of ten in all left after week 4; the risk is 1 − S(56), by hand in each arm."""
    arms = {
        "active": arm_of("01", [{"week_4": 4, "week_8": 4}] * 2 + [GONE] * 2 + [SAME] * 2),
        "control": arm_of("01", [{"week_4": 4, "week_8": 4}, GONE, BETTER, SAME], first=501),
    }
    found = fitted(estimand("better", "kaplan_meier"), arms)
    risks = [found.get("asked", "risk", arm=arm) for arm in arms]
    by_hand = [1 - 4 / 6, 1 - (3 / 4) * (1 / 2)]
    assert [row.estimate for row in risks] == pytest.approx(by_hand)
    assert [(row.n, row.N) for row in risks] == [(None, None)] * 2  # no count over its denominator gives this risk
    assert [found.count("asked", "events", arm=arm) for arm in arms] == [2, 2]
    difference = found.get("asked", "risk_difference", arm="active")
    assert isclose(difference.estimate, by_hand[0] - by_hand[1])
    greenwood = (4 / 6) ** 2 * 2 / (6 * 4) + (3 / 8) ** 2 * (1 / (4 * 3) + 1 / (2 * 1))
    assert isclose(difference.standard_error, sqrt(greenwood))
    assert found.get("asked", "test", arm="active").p == difference.p
    assert isclose(found.get("asked", "risk_ratio", arm="active").estimate, by_hand[0] / by_hand[1])


@pytest.mark.parametrize("empty", ["active", "control"])
def test_without_one_of_the_arms_there_is_no_risk_to_compare(empty):
    arms = {"active": arm_of("01", [SAME] * 2), "control": arm_of("01", [BETTER], first=501)}
    arms[empty] = []
    found = fitted(estimand("better", "kaplan_meier"), arms)
    assert found.get("asked", "risk", arm=empty).why.reason == "no_subjects"
    assert found.get("asked", "risk_difference", arm="active").why.reason == "no_subjects"


def test_a_curve_that_ends_early_says_so():
    found = fitted(estimand("better", "kaplan_meier"), {"active": arm_of("01", [GONE] * 2), "control": []})
    assert found.get("asked", "risk", arm="active").why.reason == "beyond_follow_up"


# --- Tipping points ---------------------------------------------------------------------------------------------------


def test_every_way_in_which_the_unknown_could_have_turned_out():
    """The result of each way is that of its own table; the corners are the bounds of the main analysis."""
    arms = {
        "active": arm_of("01", [BETTER] * 9 + [SAME] * 3 + [GONE] * 2),
        "control": arm_of("01", [BETTER] * 2 + [SAME] * 8 + [GONE] * 3, first=501),
    }
    asked = estimand("better", "two_proportions", missing="event")
    tipping = asked.method.model_copy(update={"function": "tipping_point", "missing": ""})
    found = fitted(asked.model_copy(update={"sensitivity": (tipping,)}), arms)
    rows = {(row.variable, row.level): row for row in found.of("asked", "tipping")}
    assert set(rows) == {(str(i), str(j)) for i in range(3) for j in range(4)}
    for (i, j), row in rows.items():
        assert isclose(row.estimate, (9 + int(i)) / 14 - (2 + int(j)) / 13)
        assert row.variant == "sensitivity_1"
    bound = found.get("asked", "risk_difference", variant="bound_reference_event", arm="active")
    assert rows["0", "3"].estimate == bound.estimate
    tipped = found.get("asked", "tipped", variant="sensitivity_1", arm="active")
    assert (tipped.n, tipped.N) == (sum(row.p > 0.05 for row in rows.values()), 12)
    exact = fisher_exact(TwoByTwo(treatment_events=9, treatment_total=14, reference_events=5, reference_total=13))
    assert (rows["0", "3"].p > 0.05) is (exact.p_value > 0.05)


def test_nothing_tips_when_most_of_an_arm_is_unknown():
    arms = {"active": arm_of("01", [SAME] + [GONE] * 61), "control": arm_of("01", [SAME] * 2, first=501)}
    asked = estimand("better", "two_proportions", sensitivity=[])
    tipping = asked.method.model_copy(update={"function": "tipping_point"})
    found = fitted(asked.model_copy(update={"sensitivity": (tipping,)}), arms)
    why = found.get("asked", "tipped", variant="sensitivity_1", arm="active").why
    assert (why.reason, why.about) == ("missing_values", ("active",))


# --- Episodes and rates -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gap", "course", "began", "followed"),
    [
        (1, {"week_4": 8, "week_8": 8}, (28,), 56),  # the same episode going on
        (0, {"week_4": 8, "week_8": 8}, (28, 56), 56),  # unless every assessment is one of its own
        (1, {"week_4": 5, "week_8": 8}, (56,), 56),
        (1, {"week_4": 8, "week_8": 5}, (28,), 56),
        (1, {"week_4": None, "week_8": 8}, (56,), 56),  # not known says nothing
        (1, {"week_4": 8, "week_8": MISSED}, (28,), 28),
        (1, {"week_4": MISSED, "week_8": MISSED}, (), 0),
    ],
)
def test_episodes(gap, course, began, followed):
    everybody = made({"active": [person("01-001", course)]}, protocol=PROTOCOL)
    found = episodes(everybody.randomised[0], COUNT.model_copy(update={"free_assessments": gap}), everybody)
    assert (found.began, found.followed) == (began, followed)


def test_episodes_end_with_what_sets_them_aside():
    everybody = made({"active": [person("01-001", {"week_4": 5, "week_8": 8})]}, protocol=PROTOCOL)
    found = episodes(everybody.randomised[0], COUNT, everybody, until=START + timedelta(days=40))
    assert (found.began, found.followed) == ((), 28)


@pytest.mark.parametrize(
    ("began", "followed", "expected"),
    [
        ((28,), 56, [(0, 28, 1), (28, 56, 0)]),
        ((28, 56), 56, [(0, 28, 1), (28, 56, 1)]),
        ((), 56, [(0, 56, 0)]),
        ((0,), 56, [(0, 56, 0)]),  # on the first day nobody is yet followed
        ((), 0, []),
    ],
)
def test_time_is_cut_at_the_episodes(began, followed, expected):
    assert list(intervals(began, followed)) == expected


FLARED, CALM = {"week_4": 8, "week_8": 5}, {"week_4": 5, "week_8": 5}
RATES = {
    "active": arm_of("01", [FLARED] * 2 + [CALM] * 6 + [{"week_4": 5}]),
    "control": arm_of("01", [FLARED] * 5 + [CALM] * 2 + [{"week_4": MISSED}], first=501),
}


@pytest.mark.parametrize(
    ("function", "expected"),
    [("negative_binomial", (2 / (8 * 56 + 28)) / (5 / (7 * 56))), ("andersen_gill", 14 / 45)],
)
def test_rates_by_hand(function, expected):
    """Two episodes in 8 × 56 + 28 days against five in 7 × 56. Counts of 0 and 1 vary less than Poisson's do, so that
    negative binomial regression is Poisson's and its ratio that of the rates. All episodes are on day 28, with nine and
    seven at risk: the score of the proportional rates, 2 = 7 × 9θ / (9θ + 7), has its zero at θ = 14/45 (Breslow)."""
    found = fitted(estimand("count", function, ties="breslow"), RATES)
    years = [(8 * 56 + 28) / 365.25, 7 * 56 / 365.25]
    rates = [found.get("asked", "rate_per_year", arm=arm).estimate for arm in RATES]
    assert rates == pytest.approx([2 / years[0], 5 / years[1]])
    assert [found.get("asked", "follow_up_years", arm=arm).estimate for arm in RATES] == pytest.approx(years)
    assert [found.count("asked", "with_episodes", arm=arm) for arm in RATES] == [2, 5]
    ratio = found.get("asked", "rate_ratio", arm="active")
    assert isclose(ratio.estimate, expected, rel_tol=1e-4)
    assert (ratio.n, ratio.N) == (16, 17)  # one was never assessed after baseline
    assert found.get("asked", "test", arm="active").p == ratio.p


def test_the_mean_number_by_the_end_and_who_is_followed():
    """All episodes are on day 28, when nine and seven are followed: means of 2/9 and 5/7."""
    found = fitted(estimand("count", "negative_binomial"), RATES)
    means = [found.get("asked", "mean_events", arm=arm) for arm in RATES]
    assert [row.estimate for row in means] == pytest.approx([2 / 9, 5 / 7])
    assert [found.get("asked", "mean_day", arm=arm).estimate for arm in RATES] == [56, 56]
    counted = [found.get("asked", "at_risk", level=week, arm="control").n for week in ("0", "1", "4", "8")]
    assert counted == [8, 7, 7, 7]
    assert [found.get("asked", "at_risk", level=week, arm="active").n for week in ("4", "5")] == [9, 8]


@pytest.mark.parametrize("function", ["negative_binomial", "andersen_gill"])
def test_rates_without_anybody_are_named(function):
    found = fitted(estimand("count", function), {"active": arm_of("01", [FLARED])})
    assert found.get("asked", "rate_ratio", arm="active").why is not None
    assert found.get("asked", "rate_per_year", arm="control").why.reason == "no_person_time"
    assert found.get("asked", "mean_events", arm="control").why.reason == "no_subjects"
    nobody = fitted(estimand("count", function), {})
    assert nobody.get("asked", "rate_ratio", arm="active").why is not None


# --- Below a curve ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "weeks"),
    [([], tuple(range(9))), ([56.0], tuple(range(9))), ([7 * 20.0], tuple(range(0, 21, 2))),
     ([7 * 5000.0], tuple(range(0, 5001, 104)))],
)  # fmt: skip
def test_weeks_are_counted_on_a_regular_grid(days, weeks):
    asked = estimand("time", "survival")
    everybody = made({"active": [person("01-001", SAME)]}, protocol=with_estimands(asked))
    assert weeks_counted(question(asked, everybody, analysis_sets(everybody)), days) == weeks


def test_numbers_at_risk_are_results():
    arms = {"active": arm_of("01", [GONE, SAME, SAME]), "control": []}
    found = fitted(estimand("time", "survival"), arms)
    assert [row.n for row in found.of("asked", "at_risk")] == [3, 3, 3, 3, 3, 2, 2, 2, 2]
    assert {row.arm for row in found.of("asked", "at_risk")} == {"active"}


# --- Subgroups --------------------------------------------------------------------------------------------------------

SITE, WEIGHT = Subgroup(variable="site"), Subgroup.model_validate({"variable": "itching", "cuts": ["6", "9"]})


def grouped(asked, arms, *wanted, **analysis):
    return fitted(asked, arms, subgroups=wanted, **analysis)


def test_a_subgroup_is_the_main_analysis_of_fewer_people_without_a_test():
    asked = estimand("better", "two_proportions", missing="no_event", interval="newcombe")
    found = grouped(asked, MIXED, SITE)
    for site, people in (("01", (6, 6)), ("02", (5, 3))):
        part = {arm: [one for one in group if one.site == site] for arm, group in MIXED.items()}
        alone = fitted(asked, part).get("asked", "risk_difference", arm="active")
        row = found.get("subgroups/asked", "risk_difference", variable="site", level=site, arm="active")
        assert (row.estimate, row.lower, row.upper, row.p) == (alone.estimate, alone.lower, alone.upper, None)
        sizes = [found.get("subgroups/asked", "risk", variable="site", level=site, arm=arm).N for arm in MIXED]
        assert tuple(sizes) == people


def test_the_interaction_asks_whether_the_groups_differ():
    """By hand: two differences with Wald's variances, Q = (d₁ − d₂)² / (v₁ + v₂) on one degree of freedom."""
    found = grouped(estimand("better", "two_proportions", missing="no_event"), MIXED, SITE)
    (d1, v1), (d2, v2) = ((p - q, p * (1 - p) / n + q * (1 - q) / m)
                          for p, n, q, m in ((4 / 6, 6, 2 / 6, 6), (3 / 5, 5, 1 / 3, 3)))  # fmt: skip
    row = found.get("subgroups/asked", "interaction", variable="site", arm="active")
    assert isclose(row.estimate, (d1 - d2) ** 2 / (v1 + v2))
    assert isclose(row.p, stats.chi2.sf(row.estimate, 1))


def test_ratios_are_compared_by_their_logarithms():
    arms = {
        "active": arm_of("01", [BETTER, SAME, BETTER, SAME]) + arm_of("02", [{"week_4": 4, "week_8": 4}, SAME, SAME]),
        "control": arm_of("01", [{"week_4": 4, "week_8": 4}, SAME, BETTER], first=501)
        + arm_of("02", [BETTER, {"week_4": 4, "week_8": 4}, SAME], first=501),
    }
    primary = TIME.model_copy(update={"tier": "primary"})
    protocol = with_estimands_(
        estimand("time", "survival"), protocol=SMALL.model_copy(update={"endpoints": (primary,)}), subgroups=(SITE,)
    )
    found = analyse(opened(arms), protocol).results
    rows = [found.get("subgroups/asked", "hazard_ratio", variable="site", level=site, arm="active")
            for site in ("01", "02")]  # fmt: skip
    q = log(rows[0].estimate / rows[1].estimate) ** 2 / sum(row.standard_error**2 for row in rows)
    assert isclose(found.get("subgroups/asked", "interaction", variable="site", arm="active").estimate, q)
    assert [found.get("subgroups/asked", "events", variable="site", level="01", arm=arm).N for arm in arms] == [4, 3]


def test_a_number_is_cut_and_who_has_none_is_counted():
    arms = {
        "active": [person("01-001", {"week_0": 5, **SAME}), person("01-002", {"week_0": 6, **SAME})],
        "control": [person("01-003", {"week_0": 10, **BETTER}), person("01-004", {"week_0": None, **SAME})],
    }
    asked = estimand("better", "two_proportions", missing="no_event")
    found = grouped(asked, arms, WEIGHT)
    rows = [row for row in found.of("subgroups/asked", "risk") if row.N]
    assert [(row.level, row.arm, row.N) for row in rows] == [
        ("< 6", "active", 1), ("6 – < 9", "active", 1), ("≥ 9", "control", 1),
    ]  # fmt: skip
    left = found.get("subgroups/asked", "not_grouped", variable="itching")
    assert (left.n, left.N) == (1, 4)
    interaction = found.get("subgroups/asked", "interaction", variable="itching", arm="active")
    assert (interaction.p, interaction.why.reason) == (None, "empty_arm")  # no group has both arms


def test_effects_without_an_error_cannot_be_compared():
    arms = {
        "active": arm_of("01", [BETTER] * 3) + arm_of("02", [BETTER] * 3),
        "control": arm_of("01", [SAME] * 3, first=501) + arm_of("02", [SAME] * 3, first=501),
    }
    found = grouped(estimand("better", "two_proportions", missing="no_event"), arms, SITE)
    row = found.get("subgroups/asked", "interaction", variable="site", arm="active")
    assert row.why.reason == "zero_variance"


def test_only_the_first_estimand_of_a_primary_endpoint_is_split():
    first, second = estimand("better", "two_proportions"), estimand("better", "two_proportions", id_="second")
    described = estimand("better", "summary", id_="described")
    means = estimand("itch", "ancova", id_="means")
    assert subgrouped(with_estimands(first, second, means)) == (first,)
    assert subgrouped(with_estimands(described, first)) == ()
    everybody = made(MIXED, protocol=with_estimands(first))
    assert list(subgroups(everybody, analysis_sets(everybody))) == []


# --- Components and states over time ----------------------------------------------------------------------------------

PARTS = Components.model_validate({
    "id": "parts", "label": {"en": "Parts", "zh": "组成"}, "endpoint": "better",
    "counted": [
        {"id": "fell", "label": {"en": "Fell", "zh": "下降"}, "rule": "itching_rise < 0"},
        {"id": "low", "label": {"en": "Low", "zh": "低"}, "rule": "itching <= 4"},
    ],
})  # fmt: skip


def test_components_count_people_once_and_every_assessment():
    arms = {
        "active": arm_of("01", [{"week_4": 5, "week_8": 4}, {"week_4": 7, "week_8": MISSED}, {"week_4": None}]),
        "control": arm_of("01", [{"week_4": 3, "week_8": 3}], first=501),
    }
    rows = list(components(made(arms, protocol=with_estimands(components=(PARTS,)))))
    counted = {(row.statistic, row.variable, row.arm): (row.n, row.N) for row in rows}
    assert counted == {
        ("participants", "fell", "active"): (1, 3), ("assessments", "fell", "active"): (2, None),
        ("participants", "low", "active"): (1, 3), ("assessments", "low", "active"): (1, None),
        ("participants", "fell", "control"): (1, 1), ("assessments", "fell", "control"): (2, None),
        ("participants", "low", "control"): (1, 1), ("assessments", "low", "control"): (2, None),
    }  # fmt: skip
    shares = {(row.variable, row.arm): row.estimate for row in rows if row.statistic == "participants"}
    assert isclose(shares["fell", "active"], 1 / 3)


def test_yes_or_no_over_time_is_a_proportion_of_those_known_after_baseline():
    arms = {"active": arm_of("01", [BETTER, SAME, {"week_4": None}]), "control": arm_of("01", [SAME], first=501)}
    derivation = SMALL.derivations[0].model_copy(update={"id": "low", "rule": "itching <= 4"})
    protocol = with_estimands_(
        protocol=SMALL.model_copy(update={"derivations": (*SMALL.derivations, derivation)}), trajectories=("low",)
    )
    rows = list(trajectories(made(arms, protocol=protocol)))
    found = {(row.level, row.arm): (row.n, row.N, row.estimate) for row in rows}
    assert {row.statistic for row in rows} == {"proportion"}
    assert found["week_4", "active"] == (0, 2, 0.0)
    assert found["week_8", "active"] == (1, 2, 0.5)
    assert {level for level, _ in found} == {"week_4", "week_8"}
    nobody = trajectories(made({"active": arm_of("01", [BETTER])}, protocol=protocol))
    assert next(row.why.reason for row in nobody if row.arm == "control") == "no_subjects"
