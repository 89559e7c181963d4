"""Data that cannot support an analysis get a named outcome: never a crash, never a silent NaN."""

from math import inf, isnan, nan

import numpy as np
import pytest

from equipoise.statistics import (
    REASONS,
    NotEstimable,
    TwoByTwo,
    ancova,
    chi_square,
    cox,
    describe,
    fisher_exact,
    kaplan_meier,
    logrank,
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_difference,
    mantel_haenszel_risk_ratio,
    mantel_haenszel_test,
    odds_ratio_score,
    odds_ratio_woolf,
    poisson_rate,
    proportion,
    restricted_mean,
    restricted_mean_difference,
    restricted_mean_ratio,
    risk_difference_newcombe,
    risk_difference_score,
    risk_difference_wald,
    risk_ratio_katz,
    risk_ratio_score,
    two_means_t,
)


def table(x1: int, n1: int, x0: int, n0: int) -> TwoByTwo:
    return TwoByTwo(treatment_events=x1, treatment_total=n1, reference_events=x0, reference_total=n0)


BAD_TIMES = [
    ([], [], "no_subjects"),
    ([1.0, nan], [1, 0], "missing_values"),
    ([1.0, None], [1, 0], "missing_values"),
    ([1.0, 2.0], [1, nan], "missing_values"),
    ([1.0, inf], [1, 0], "not_finite"),
    ([1.0, -1.0], [1, 0], "negative_time"),
    ([1.0, 2.0], [1, 2], "event_not_binary"),
]


@pytest.mark.parametrize(("time", "event", "reason"), BAD_TIMES)
def test_survival_methods_name_what_is_wrong_with_the_times(time: list, event: list, reason: str) -> None:
    arm = [0, 1][: len(time)]
    assert kaplan_meier(time, event) == NotEstimable(reason)
    assert restricted_mean(time, event, horizon=1) == NotEstimable(reason)
    assert logrank(time, event, arm) == NotEstimable(reason)
    assert cox(time, event, np.array(arm, dtype=float).reshape(-1, 1)) == NotEstimable(reason)


def test_one_patient() -> None:
    curve = kaplan_meier([5], [1])
    (point,) = curve.at([5])
    assert (point.survival, point.standard_error, point.lower, point.upper) == (0, None, None, None)
    assert curve.quantile().estimate == 5
    assert restricted_mean([5], [1], horizon=5).why == NotEstimable("zero_variance")
    assert logrank([5], [1], ["A"]) == NotEstimable("one_group")
    assert cox([5], [1], [1.0]) == NotEstimable("no_information", ("x1",))


def test_all_censored() -> None:
    curve = kaplan_meier([3, 5], [0, 0])
    assert [point.survival for point in curve.at([1, 3, 5, 6])] == [1, 1, 1, None]
    median = curve.quantile()
    assert (median.estimate, median.why) == (None, NotEstimable("beyond_follow_up"))
    assert logrank([3, 5], [0, 0], "AB") == NotEstimable("no_events")
    assert cox([3, 5], [0, 0], [0, 1]) == NotEstimable("no_events")


def test_groups_that_never_meet() -> None:
    time, event, arm = [1, 2, 3, 4], [1, 1, 1, 1], "AABB"
    assert logrank(time, event, arm, strata=arm) == NotEstimable("never_compared")
    assert logrank([1, 1], [1, 1], "AB") == NotEstimable("never_compared")
    assert logrank(time, event, [0, None, 1, 1]) == NotEstimable("missing_values")
    assert logrank(time, event, arm, strata=[1, nan, 1, 1]) == NotEstimable("missing_values")
    # B has left before the only event.
    assert logrank([1, 2, 5, 6], [0, 0, 1, 0], "BBAA") == NotEstimable("never_compared")
    # C meets neither A nor B: of three groups only two are compared.
    assert logrank([1, 2, 1, 2, 9], [1, 0, 0, 1, 1], "AABBC", strata=[1, 1, 1, 1, 2]).reason == "never_compared"


def test_an_arm_without_events_has_no_hazard_ratio_but_a_log_rank_test() -> None:
    time, event, arm = [1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1, 1, 1]
    assert cox(time, event, arm, names=["treatment"]) == NotEstimable("monotone_likelihood", ("treatment",))
    assert logrank(time, event, arm).p_value < 0.05


def test_only_the_covariate_that_runs_away_is_named() -> None:
    rng = np.random.default_rng(20)
    time, age = rng.permutation(60) + 1.0, rng.normal(50, 10, 60)
    arm = np.arange(60) % 2
    event = (arm == 0) & (rng.random(60) < 0.7)
    found = cox(time, event, np.column_stack([age, arm]), names=["age", "arm"])
    assert found == NotEstimable("monotone_likelihood", ("arm",))


def test_a_rare_arm_without_events_is_found_in_a_large_trial() -> None:
    time = np.arange(1, 20_001, dtype=float)
    assert cox(time, np.arange(20_000) % 2, np.arange(20_000) == 14_000) == NotEstimable("monotone_likelihood", ("x1",))


def test_a_fit_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("equipoise.statistics.numerics.newton._MOST_STEPS", 1)
    assert cox([1, 2, 3, 4], [1, 1, 1, 1], [0.0, 3.0, 1.0, 2.0]) == NotEstimable("not_converged", ("x1",))


def test_covariates_that_say_the_same() -> None:
    time, event, arm = [1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 1, 1], np.array([0, 1, 0, 1, 1, 0])
    assert cox(time, event, np.column_stack([arm, 1 - arm]), names=["a", "b"]) == NotEstimable("collinear", ("a", "b"))
    assert cox(time, event, np.column_stack([arm, np.full(6, 0.1)])) == NotEstimable("no_information", ("x2",))
    assert cox(time, event, np.column_stack([arm, [1, 2, nan, 4, 5, 6]])) == NotEstimable("missing_values", ("x2",))
    assert cox(time, event, np.column_stack([arm, [1, 2, inf, 4, 5, 6]])) == NotEstimable("not_finite", ("x2",))
    assert cox(time, event, arm, strata=[1, 1, None, 2, 2, 2]) == NotEstimable("missing_values")


def test_restricted_means_without_spread() -> None:
    assert restricted_mean([3, 5], [1, 0], horizon=6) == NotEstimable("beyond_follow_up")
    flat = restricted_mean([3, 5], [0, 0], horizon=2)
    assert (flat.estimate, flat.standard_error, flat.lower) == (2, 0, None)
    assert restricted_mean_difference(flat, flat).why == NotEstimable("zero_variance")
    assert restricted_mean_ratio(flat, flat).estimate == 1
    nothing = restricted_mean([0, 0], [1, 1], horizon=2)
    assert nothing.estimate == 0
    assert restricted_mean_ratio(flat, nothing) == NotEstimable("only_events")


EMPTY = NotEstimable("empty_arm", ("treatment",))


@pytest.mark.parametrize(
    "method",
    [
        risk_difference_wald,
        risk_difference_newcombe,
        risk_difference_score,
        risk_ratio_katz,
        risk_ratio_score,
        odds_ratio_woolf,
        odds_ratio_score,
        chi_square,
        fisher_exact,
        lambda one: mantel_haenszel_test([one]),
        lambda one: mantel_haenszel_odds_ratio([one]),
        lambda one: mantel_haenszel_risk_ratio([one]),
        lambda one: mantel_haenszel_risk_difference([one]),
    ],
)
def test_an_empty_arm_is_named(method) -> None:
    assert method(table(0, 0, 3, 9)) == EMPTY


def test_no_strata_at_all() -> None:
    for method in (mantel_haenszel_test, mantel_haenszel_odds_ratio, risk_difference_score, risk_ratio_score):
        assert method([]) == NotEstimable("no_subjects")


def test_an_arm_without_events_keeps_what_can_be_kept() -> None:
    none_treated, none_reference = table(0, 15, 3, 16), table(3, 16, 0, 15)
    assert risk_ratio_katz(none_treated).estimate == 0
    assert risk_ratio_katz(none_treated).why == NotEstimable("zero_cell")
    assert risk_ratio_katz(none_reference) == NotEstimable("no_reference_events")
    score = risk_ratio_score(none_reference)
    assert (score.estimate, score.upper, score.why) == (None, inf, NotEstimable("no_reference_events"))
    assert score.lower > 0
    assert risk_ratio_score(none_treated).lower == 0
    assert odds_ratio_woolf(none_treated).estimate == 0
    assert odds_ratio_woolf(none_reference) == NotEstimable("zero_cell")
    assert odds_ratio_score(none_reference).why == NotEstimable("zero_cell")
    assert fisher_exact(none_reference).upper == inf
    assert mantel_haenszel_odds_ratio([none_treated]) == NotEstimable("zero_cell")
    assert mantel_haenszel_risk_ratio([none_treated]) == NotEstimable("zero_cell")
    assert mantel_haenszel_risk_ratio([none_reference]) == NotEstimable("no_reference_events")


def test_nobody_and_everybody() -> None:
    nobody, everybody = table(0, 5, 0, 7), table(5, 5, 7, 7)
    assert chi_square(nobody) == NotEstimable("no_events")
    assert chi_square(everybody) == NotEstimable("only_events")
    assert risk_ratio_katz(nobody) == risk_ratio_score(nobody) == NotEstimable("no_events")
    assert risk_ratio_katz(everybody).why == NotEstimable("zero_variance")
    assert risk_difference_wald(nobody).why == NotEstimable("zero_variance")
    score = risk_difference_score(nobody)
    assert (score.estimate, score.p_value, score.why) == (0, None, NotEstimable("zero_variance"))
    assert score.lower < 0 < score.upper
    assert mantel_haenszel_test([nobody]) == NotEstimable("zero_variance")
    assert mantel_haenszel_risk_difference([nobody]).why == NotEstimable("zero_variance")
    assert mantel_haenszel_risk_ratio([nobody]) == NotEstimable("no_events")
    assert mantel_haenszel_risk_ratio([everybody]) == NotEstimable("zero_variance")


def test_one_proportion_at_the_ends() -> None:
    assert proportion(0, 0) == NotEstimable("no_subjects")
    wald = proportion(0, 4, method="wald")
    assert (wald.estimate, wald.lower, wald.why) == (0, None, NotEstimable("zero_variance"))


def test_means_and_rates() -> None:
    assert two_means_t([], [1, 2]) == NotEstimable("empty_arm", ("treatment",))
    assert two_means_t([1, 2], [1, nan]) == NotEstimable("missing_values", ("reference",))
    assert two_means_t([1, inf], [1, 2]) == NotEstimable("not_finite", ("treatment",))
    assert two_means_t([1], [1, 2]) == NotEstimable("too_few_subjects", ("treatment",))
    assert two_means_t([1], [2], pooled=True) == NotEstimable("too_few_subjects")
    assert two_means_t([0.1, 0.1], [0.1, 0.1, 0.1]).why == NotEstimable("zero_variance")
    assert poisson_rate(0, 0) == NotEstimable("no_person_time")
    assert poisson_rate(1, nan) == NotEstimable("missing_values")
    assert poisson_rate(1, inf) == NotEstimable("not_finite")


def test_a_description_of_next_to_nothing() -> None:
    empty = describe([None, nan])
    assert (empty.n, empty.missing, empty.mean, empty.why) == (0, 2, None, NotEstimable("no_subjects"))
    single = describe([4])
    assert (single.median, single.standard_deviation, single.why) == (4, None, NotEstimable("too_few_subjects"))
    assert describe([0.1, 0.1, 0.1]).standard_deviation == 0
    assert describe([1, inf]) == NotEstimable("not_finite")


def test_analysis_of_covariance() -> None:
    y, arm = [1.0, 2.5, 2.0, 4.0, 3.0], list("AABBB")
    assert ancova([], [], {}, reference="A") == NotEstimable("no_subjects")
    assert ancova([1, nan, 2, 3, 4], arm, {}, reference="A") == NotEstimable("missing_values", ("outcome",))
    assert ancova(y, ["A", None, "B", "B", "B"], {}, reference="A") == NotEstimable("missing_values", ("arm",))
    assert ancova(y, arm, {"age": [1, 2, 3, 4, None]}, reference="A") == NotEstimable("missing_values", ("age",))
    assert ancova(y, arm, {"sex": ["f", "m", None, "f", "f"]}, reference="A").about == ("sex",)
    assert ancova(y, arm, {"age": [1, 2, 3, 4, inf]}, reference="A") == NotEstimable("not_finite", ("age",))
    assert ancova(y, arm, {}, reference="C") == NotEstimable("empty_arm", ("C",))
    assert ancova(y, list("AAAAA"), {}, reference="A") == NotEstimable("one_group")
    twice = {"age": [1, 2, 3, 4, 6], "months": [12, 24, 36, 48, 72]}
    assert ancova(y, arm, twice, reference="A") == NotEstimable("collinear", ("age", "months"))
    assert ancova(y, arm, {"age": [3, 3, 3, 3, 3]}, reference="A") == NotEstimable("collinear", ("age",))
    assert ancova(y, arm, {"site": list("vwxyz")}, reference="A").reason == "no_residual_freedom"
    assert ancova([1, 2], ["A", "B"], {}, reference="A") == NotEstimable("no_residual_freedom")
    flat = ancova([1, 3, 5, 5], ["A", "A", "B", "B"], {}, reference="A", robust=True)
    assert [one.why for one in flat.adjusted_means] == [None, NotEstimable("zero_variance")]
    alone = ancova([1, 2, 4], ["A", "A", "B"], {}, reference="A", robust=True)
    assert alone == NotEstimable("patient_fits_alone", ("3",))
    assert ancova([7.0] * 5, arm, {}, reference="A") == NotEstimable("zero_variance")


def test_every_reason_speaks_both_languages() -> None:
    for code, words in REASONS.items():
        assert set(words) == {"en", "zh"}
        assert NotEstimable(code, ("age",)).words("zh").endswith("(age)")
        assert NotEstimable(code).words() == words["en"]
    with pytest.raises(ValueError, match="not a reason"):
        NotEstimable("because")


def test_undefined_limits_of_a_curve_are_marked_where_they_are() -> None:
    curve = kaplan_meier([1, 2, 3], [0, 1, 1])
    assert [isnan(limit) for limit in curve.lower] == [True, False, True]
    assert [point.lower is None for point in curve.at([0.5, 1, 2, 3])] == [True, True, False, True]
    assert [point.lower for point in kaplan_meier([1, 2, 3], [0, 1, 1], conf_type="log").at([0.5, 1])] == [1, 1]


def test_a_climb_whose_last_steps_rounding_hides_is_a_coefficient_that_runs_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Cut short while it still moves, with a gain that counts as none."""
    monkeypatch.setattr("equipoise.statistics.numerics.newton._MOST_STEPS", 1)
    monkeypatch.setattr("equipoise.statistics.numerics.newton._NEARLY", inf)
    monkeypatch.setattr("equipoise.statistics.numerics.newton._STILL_MOVING", 0.0)
    found = cox([1, 2, 3, 4], [1, 1, 1, 1], [0.0, 3.0, 1.0, 2.0])
    assert found == NotEstimable("monotone_likelihood", ("x1",))
