"""Estimands: numbers that can be checked by hand, what unknown outcomes may do, and what cannot be estimated."""

from math import isclose

import pytest
from analysis_trials import BETTER, GONE, SAME, arm_of, estimand, opened, person, with_estimands

from equipoise.analysis import analyse
from equipoise.protocol.schema import Endpoint
from equipoise.statistics import TwoByTwo, chi_square, risk_difference_newcombe

EVENT = estimand("better", "two_proportions", test="chi_square", interval="newcombe", missing="event")


def trial(active, control):
    return {"active": arm_of("01", active), "control": arm_of("01", control, first=501)}


def fitted(asked, arms, **analysis):
    return analyse(opened(arms), with_estimands(asked, **analysis)).results


# 10 with drops: 6 better, 3 not, 1 gone. 8 with saline: 2 better, 4 not, 2 gone.
TEN_EIGHT = trial([BETTER] * 6 + [SAME] * 3 + [GONE], [BETTER] * 2 + [SAME] * 4 + [GONE] * 2)


@pytest.mark.parametrize(
    ("missing", "active", "control"),
    [
        ("event", (7, 10), (4, 8)),
        ("no_event", (6, 10), (2, 8)),
        ("complete_case", (6, 9), (2, 6)),
        ("", (6, 9), (2, 6)),
    ],
)
def test_unknown_outcomes_count_as_the_method_says(missing, active, control):
    asked = estimand("better", "two_proportions", missing=missing)
    found = fitted(asked, TEN_EIGHT)
    rows = [found.get("asked", "risk", arm=arm) for arm in ("active", "control")]
    assert [(row.n, row.N) for row in rows] == [active, control]
    difference = found.get("asked", "risk_difference", arm="active")
    assert isclose(difference.estimate, active[0] / active[1] - control[0] / control[1])
    assert [found.count("asked", "unknown", arm=arm) for arm in ("active", "control")] == [1, 2]


def test_the_interval_and_the_test_are_those_of_the_statistics_room():
    found = fitted(EVENT, TEN_EIGHT)
    table = TwoByTwo(treatment_events=7, treatment_total=10, reference_events=4, reference_total=8)
    expected = risk_difference_newcombe(table)
    row = found.get("asked", "risk_difference", arm="active")
    assert (row.lower, row.upper, row.method) == (expected.lower, expected.upper, "rd/newcombe")
    assert found.get("asked", "test", arm="active").p == chi_square(table).p_value


def test_rows_are_arms():
    """The trap of the transposed table: risk ratio times the reference's risk is the arm's risk."""
    found = fitted(EVENT, TEN_EIGHT)
    ratio = found.get("asked", "risk_ratio", arm="active").estimate
    risks = {arm: found.get("asked", "risk", arm=arm).estimate for arm in ("active", "control")}
    assert isclose(ratio * risks["control"], risks["active"])
    assert isclose(ratio, (7 / 10) / (4 / 8))
    assert isclose(found.get("asked", "odds_ratio", arm="active").estimate, (7 * 4) / (3 * 4))
    assert found.get("asked", "risk_ratio", arm="control") is None
    assert found.get("asked", "risk_ratio", arm="active").reference == "control"


def test_the_bounds_are_the_four_extremes():
    found = fitted(EVENT, TEN_EIGHT)
    expected = {
        "bound_event": 7 / 10 - 4 / 8, "bound_no_event": 6 / 10 - 2 / 8, "bound_arm_event": 7 / 10 - 2 / 8,
        "bound_reference_event": 6 / 10 - 4 / 8,
    }  # fmt: skip
    for variant, difference in expected.items():
        assert isclose(found.get("asked", "risk_difference", variant=variant, arm="active").estimate, difference)


def test_sensitivities_stand_beside_the_main_analysis():
    asked = estimand(
        "better", "two_proportions", missing="event", test="chi_square",
        sensitivity=[
            {"missing": "no_event", "test": "fisher", "interval": "miettinen_nurminen"},
            {"missing": "event", "test": "chi_square_yates", "interval": "wald"},
            {"missing": "event", "test": "wald"},
        ],
    )  # fmt: skip
    found = fitted(asked, TEN_EIGHT)
    methods = [
        (
            found.get("asked", "risk_difference", variant=variant, arm="active").method,
            found.get("asked", "test", variant=variant, arm="active").method,
        )
        for variant in ("", "sensitivity_1", "sensitivity_2", "sensitivity_3")
    ]
    assert methods == [
        ("rd/newcombe", "chi_square"), ("rd/miettinen_nurminen", "fisher"), ("rd/wald", "chi_square/yates"),
        ("rd/newcombe", "rd/wald"),
    ]  # fmt: skip


# Two sites: at the first 4 of 6 and 2 of 6 better, at the second 3 of 4 and 1 of 2 (its third participant is gone).
TWO_SITES = {
    "active": arm_of("01", [BETTER] * 4 + [SAME] * 2) + arm_of("02", [BETTER] * 3 + [SAME]),
    "control": arm_of("01", [BETTER] * 2 + [SAME] * 4, first=501) + arm_of("02", [BETTER, SAME, GONE], first=501),
}


def test_within_strata_the_sites_are_compared_and_combined():
    """By hand. Weights n1 n0 / N are 3 and 4/3; Mantel–Haenszel sums of a d / N and b c / N; CMH from its moments."""
    asked = estimand("better", "two_proportions", test="cmh", missing="complete_case", strata=["site"])
    found = fitted(asked, TWO_SITES)
    weights = (6 * 6 / 12, 4 * 2 / 6)
    difference = (weights[0] * (4 / 6 - 2 / 6) + weights[1] * (3 / 4 - 1 / 2)) / sum(weights)
    row = found.get("asked", "risk_difference", arm="active")
    assert isclose(row.estimate, difference)
    assert row.method == "rd/miettinen_nurminen_stratified"
    ratio = (4 * 6 / 12 + 3 * 2 / 6) / (2 * 6 / 12 + 1 * 4 / 6)
    assert isclose(found.get("asked", "risk_ratio", arm="active").estimate, ratio)
    odds = (4 * 4 / 12 + 3 * 1 / 6) / (2 * 2 / 12 + 1 * 1 / 6)
    assert isclose(found.get("asked", "odds_ratio", arm="active").estimate, odds)
    expected, variance = 6 * 6 / 12 + 4 * 4 / 6, 6 * 6 * 6 * 6 / (12**2 * 11) + 4 * 2 * 4 * 2 / (6**2 * 5)
    test = found.get("asked", "test", arm="active")
    assert isclose(test.estimate, (7 - expected) ** 2 / variance)
    assert test.method == "cmh"


def test_the_bounds_of_a_stratified_analysis_are_stratified():
    asked = estimand("better", "two_proportions", test="cmh", missing="complete_case", strata=["site"])
    row = fitted(asked, TWO_SITES).get("asked", "risk_difference", variant="bound_reference_event", arm="active")
    weights = (6 * 6 / 12, 4 * 3 / 7)
    assert isclose(row.estimate, (weights[0] * (4 / 6 - 2 / 6) + weights[1] * (3 / 4 - 2 / 3)) / sum(weights))


def test_a_stratum_without_one_of_the_arms_says_nothing():
    alone = {"active": TWO_SITES["active"], "control": TWO_SITES["control"][:6]}
    asked = estimand("better", "two_proportions", test="cmh", missing="complete_case", strata=["site"])
    assert isclose(fitted(asked, alone).get("asked", "risk_difference", arm="active").estimate, 4 / 6 - 2 / 6)


def test_a_zero_cell_gets_a_score_interval_and_no_half():
    found = fitted(EVENT, trial([SAME] * 5, [BETTER] * 2 + [SAME] * 3))
    ratio = found.get("asked", "risk_ratio", arm="active")
    assert (ratio.estimate, ratio.method) == (0.0, "rr/miettinen_nurminen")
    assert ratio.upper is not None


@pytest.mark.parametrize(
    ("arms", "statistic", "reason"),
    [
        (trial([SAME] * 4, [SAME] * 4), "test", "no_events"),
        (trial([BETTER] * 4, [BETTER] * 4), "test", "only_events"),
        (trial([BETTER] * 4, []), "risk_difference", "empty_arm"),
        ({"active": [], "control": []}, "risk_ratio", "empty_arm"),
    ],
)
def test_what_cannot_be_estimated_is_named(arms, statistic, reason):
    row = fitted(EVENT, arms).get("asked", statistic, arm="active")
    assert (row.estimate, row.p, row.why.reason) == (None, None, reason)


# --- Times ------------------------------------------------------------------------------------------------------------

TIME = Endpoint.model_validate(
    {
        "id": "time", "label": {"en": "Time", "zh": "时间"}, "tier": "secondary", "objective": "relief",
        "measure": "time_to_event", "rule": "itching_rise <= -2", "through": "week_8",
    }
)  # fmt: skip


def timed(asked, arms):
    protocol = with_estimands(asked)
    return analyse(opened(arms), protocol.model_copy(update={"endpoints": (*protocol.endpoints, TIME)})).results


def test_times_give_curve_test_and_hazard_ratio():
    early = {"week_4": 3, "week_8": 3}
    arms = trial([early] * 3 + [SAME] * 3, [early] + [SAME] * 5)
    found = timed(estimand("time", "survival", test="logrank"), arms)
    assert [found.count("asked", "events", arm=arm) for arm in ("active", "control")] == [3, 1]
    assert isclose(found.get("asked", "risk_at_end", arm="active").estimate, 0.5)
    # By hand: one event time, day 28, 4 events among 12 at risk, 6 of them with drops.
    expected, variance = 4 * 6 / 12, 4 * (6 / 12) * (6 / 12) * (8 / 11)
    assert isclose(found.get("asked", "log_rank", arm="active").estimate, (3 - expected) ** 2 / variance)
    assert found.get("asked", "hazard_ratio", arm="active").estimate > 1
    assert found.get("asked", "test", arm="active").method == "logrank"


def test_times_are_compared_within_strata():
    """By hand: at each site one event time with 2 and 1 events; expected and variance summed over the sites."""
    early = {"week_4": 3, "week_8": 3}
    arms = {
        "active": arm_of("01", [early, SAME, SAME]) + arm_of("02", [early, SAME]),
        "control": arm_of("01", [early, SAME], first=501) + arm_of("02", [SAME, SAME], first=501),
    }
    found = timed(estimand("time", "survival", test="logrank", strata=["site"]), arms)
    expected = 2 * 3 / 5 + 1 * 2 / 4
    variance = 2 * (3 / 5) * (2 / 5) * (3 / 4) + 1 * (1 / 2) * (1 / 2)
    row = found.get("asked", "log_rank", arm="active")
    assert isclose(row.estimate, (2 - expected) ** 2 / variance)
    assert row.method == "logrank_stratified"
    assert found.get("asked", "hazard_ratio", arm="active").method == "cox_stratified/efron"


def test_the_wald_test_comes_from_the_model():
    early = {"week_4": 3, "week_8": 3}
    found = timed(estimand("time", "survival", test="wald", ties="breslow"), trial([early] * 3 + [SAME], [early, SAME]))
    test, ratio = (found.get("asked", name, arm="active") for name in ("test", "hazard_ratio"))
    assert test.p == ratio.p
    assert test.method == "cox/breslow"


@pytest.mark.parametrize(
    ("arms", "reason"),
    [(trial([SAME] * 3, [SAME] * 3), "no_events"), (trial([BETTER] * 3, [SAME] * 3), "monotone_likelihood"),
     (trial([BETTER], []), "no_information")],
)  # fmt: skip
def test_a_hazard_ratio_that_cannot_be_estimated_is_named(arms, reason):
    assert timed(estimand("time", "survival"), arms).get("asked", "hazard_ratio", arm="active").why.reason == reason


# --- Means ------------------------------------------------------------------------------------------------------------


def course(baseline, final, middle=5):
    return {"week_0": baseline, "week_4": middle, "week_8": final}


MEANS = trial(
    [course(6, 3), course(8, 4), course(5, 3), course(7, 5, None), course(6, "missed")],
    [course(6, 6), course(8, 7), course(5, 6), course(7, 6)],
)


def test_means_are_adjusted_for_baseline():
    found = fitted(estimand("itch", "ancova", missing="available"), MEANS)
    assert (
        found.get("asked", "adjusted_mean", arm="active").n,
        found.get("asked", "adjusted_mean", arm="active").N,
    ) == (4, 5)
    difference = found.get("asked", "mean_difference", arm="active")
    means = [found.get("asked", "adjusted_mean", arm=arm).estimate for arm in ("active", "control")]
    assert isclose(difference.estimate, means[0] - means[1])
    # Baselines are balanced among those analysed, so adjustment moves no mean: −2.75 against −0.25.
    assert isclose(difference.estimate, -2.5, abs_tol=1e-9)
    assert difference.lower < difference.estimate < difference.upper


def test_complete_cases_are_known_at_every_visit():
    found = fitted(estimand("itch", "ancova", missing="complete_case"), MEANS)
    assert found.get("asked", "mean_difference", arm="active").n == 7


def test_a_mean_without_people_is_named():
    found = fitted(estimand("itch", "ancova"), trial([course(6, 3)], []))
    assert found.get("asked", "mean_difference", arm="active").why is not None
    assert found.get("asked", "mean", variable="outcome", arm="control").why.reason == "no_subjects"


def test_a_summary_describes_and_compares_nothing():
    found = fitted(estimand("itch", "summary"), MEANS)
    assert isclose(found.get("asked", "mean", variable="final", arm="control").estimate, 6.25)
    assert found.get("asked", "mean_difference", arm="active") is None
    events = fitted(estimand("better", "summary", missing="no_event"), TEN_EIGHT)
    assert (events.get("asked", "risk", arm="active").n, events.count("asked", "unknown", arm="active")) == (6, 1)
    times = timed(estimand("time", "summary"), TEN_EIGHT)
    assert times.get("asked", "median", variable="outcome", arm="active").estimate == 56


def test_strata_are_covariates():
    """Two sites three points apart, unevenly filled: adjusted for the site, the difference is the effect alone."""

    def group(prefix, first, courses, shift):
        return [person(f"{prefix}-{first + n:03d}", course(b, f + shift)) for n, (b, f) in enumerate(courses)]

    low, high = [(6, 6), (7, 8), (8, 7), (6, 7)], [(6, 4), (7, 6), (8, 5), (6, 5)]  # an effect of −2 at each baseline
    arms = {
        "active": group("01", 1, high * 2, 0) + group("02", 1, high, 3),
        "control": group("01", 51, low, 0) + group("02", 51, low * 2, 3),
    }
    row = fitted(estimand("itch", "ancova"), arms).get("asked", "mean_difference", arm="active")
    assert isclose(row.estimate, -2.0, abs_tol=1e-9)


def test_a_model_that_cannot_tell_two_columns_apart_says_so():
    arms = trial([course(6, 4), course(6, 5), course(6, 3)], [course(6, 6), course(6, 7), course(6, 6)])
    row = fitted(estimand("itch", "ancova"), arms).get("asked", "mean_difference", arm="active")
    assert (row.estimate, row.why.reason) == (None, "collinear")
