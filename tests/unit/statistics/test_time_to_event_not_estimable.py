"""Regression, recurrent events and competing risks on data that cannot support them: a named outcome, every time."""

from math import inf, nan

import numpy as np
import pytest

from equipoise.statistics import (
    NotEstimable,
    andersen_gill,
    cox,
    cumulative_incidence,
    gray_test,
    logrank,
    max_combo,
    mean_cumulative_function,
    negative_binomial_regression,
    poisson_regression,
    prentice_williams_peterson,
    profile_interval,
    proportional_hazards_test,
    schoenfeld_residuals,
    two_arm_survival,
)
from equipoise.statistics.counts.negative_binomial import CountData, negative_binomial_at, poisson_at
from equipoise.statistics.survival import profile_likelihood
from equipoise.statistics.survival.counting_kernels import exchange, read_sums

BAD_TIMES = [
    ([], [], "no_subjects"),
    ([1.0, nan], [1, 0], "missing_values"),
    ([1.0, 2.0], [1, nan], "missing_values"),
    ([1.0, inf], [1, 0], "not_finite"),
    ([1.0, -1.0], [1, 0], "negative_time"),
]


@pytest.mark.parametrize(("time", "event", "reason"), [*BAD_TIMES, ([1.0, 2.0], [1, 2], "event_not_binary")])
def test_what_is_wrong_with_times_and_events_is_named(time: list, event: list, reason: str) -> None:
    arm, start = [0, 1][: len(time)], [0.0] * len(time)
    assert max_combo(time, event, arm) == NotEstimable(reason)
    assert andersen_gill(start, time, event, np.array(arm, dtype=float), arm) == NotEstimable(reason)
    assert prentice_williams_peterson(start, time, event, np.array(arm, dtype=float), arm) == NotEstimable(reason)
    assert mean_cumulative_function(start, time, event, arm) == NotEstimable(reason)
    if time:
        assert two_arm_survival(time, event, arm, reference=0) == NotEstimable(reason)


@pytest.mark.parametrize(("time", "cause", "reason"), [*BAD_TIMES, ([1.0, 2.0], [1, 1.5], "not_a_cause")])
def test_what_is_wrong_with_causes_is_named(time: list, cause: list, reason: str) -> None:
    for found in (cumulative_incidence(time, cause), gray_test(time, cause, [0, 1][: len(time)])):
        assert isinstance(found, NotEstimable)
        assert found.reason == reason


@pytest.mark.parametrize(
    ("start", "reason"),
    [([0, nan, 0], "missing_values"), ([0, inf, 0], "not_finite"), ([0, 2, 0], "empty_interval")],
)
def test_intervals_that_are_none(start: list, reason: str) -> None:
    for found in (
        cox([1, 2, 3], [1, 1, 1], [0.0, 1.0, 2.0], start=start),
        andersen_gill(start, [1, 2, 3], [1, 1, 1], [0.0, 1.0, 2.0], "abc"),
        mean_cumulative_function(start, [1, 2, 3], [1, 1, 1], "abc"),
    ):
        assert isinstance(found, NotEstimable)
        assert found.reason == reason


def test_a_patient_is_not_counted_twice_nor_after_death() -> None:
    overlap = NotEstimable("overlapping_intervals")
    assert andersen_gill([0, 1], [2, 3], [1, 1], [0.0, 1.0], "aa") == overlap
    assert prentice_williams_peterson([0, 1], [2, 3], [1, 1], [0.0, 1.0], "aa") == overlap
    assert mean_cumulative_function([0, 1], [2, 3], [1, 1], "aa") == overlap
    after = mean_cumulative_function([0, 2], [2, 3], [0, 1], "aa", terminal=[1, 0])
    assert after == NotEstimable("observed_after_terminal")
    assert mean_cumulative_function([0], [2], [1], ["a"], terminal=[nan]) == NotEstimable("missing_values")
    assert andersen_gill([0, 1], [1, 3], [1, 1], [0.0, 1.0], ["a", None]).reason == "missing_values"


def test_the_mean_function_of_one_patient_of_nobody_with_events_and_beyond_the_end() -> None:
    one = mean_cumulative_function([0], [4], [1], ["a"])
    assert [point.mean for point in one.at([3, 4, 5])] == [0, 1, None]
    assert (one.at([4])[0].standard_error, one.at([4])[0].lower) == (0, None)
    assert (one.denominator.total, one.denominator.events) == (1, 1)
    quiet = mean_cumulative_function([0, 0], [4, 5], [0, 0], "ab", conf_type="plain")
    assert quiet.at([4])[0].mean == 0
    plain = mean_cumulative_function([0, 0], [4, 5], [1, 0], "ab", conf_type="plain").at([4])[0]
    assert plain.lower == 0
    assert plain.mean < plain.upper


def test_cox_with_events_that_all_share_one_time() -> None:
    time, event, arm = [3] * 6, [1, 1, 0, 0, 1, 0], [0, 1, 1, 0, 0, 0]
    exact = cox(time, event, arm, ties="exact")
    assert exact.covariance[0, 0] > 0
    assert proportional_hazards_test(cox(time, event, arm)) == NotEstimable("zero_variance", ("x1",))
    assert cox(time, [1] * 6, arm, ties="exact") == NotEstimable("no_information", ("x1",))
    assert cox([1, 2], [1, 0], [0, 1], ties="exact") == NotEstimable("monotone_likelihood", ("x1",))
    assert cox([1, 2], [0, 0], [0, 1], ties="exact") == NotEstimable("no_events")
    with pytest.raises(ValueError, match="exact"):
        schoenfeld_residuals(exact)
    with pytest.raises(ValueError, match="exact"):
        cox(time, event, arm, ties="exact", robust=True)


def test_a_time_of_zero_has_no_logarithm() -> None:
    fit = cox([0, 1, 2, 3], [1, 1, 1, 1], [0.0, 3.0, 1.0, 2.0])
    assert proportional_hazards_test(fit, transform="log") == NotEstimable("not_finite", ("time",))


def test_two_covariates_that_can_only_change_together() -> None:
    """At the second event time both covariates are equal in everybody who is left."""
    early = [[0, 1], [1, 0], [2, 1], [0, 0], [1, 2], [2, 2]]
    late = [[0, 0], [1, 1], [1, 1], [0, 0]]
    fit = cox([1] * 6 + [2] * 4, [1, 1, 0, 0, 1, 0, 1, 1, 0, 0], np.array(early + late, dtype=float))
    assert proportional_hazards_test(fit) == NotEstimable("collinear", ("x1", "x2"))


def test_clusters_that_cannot_tell_a_variance() -> None:
    time, event, X = [1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 1, 1], np.array([0.0, 1, 0, 1, 1, 0])
    assert cox(time, event, X, cluster=["one"] * 6) == NotEstimable("too_few_clusters")
    assert cox(time, event, X, cluster=[1, 1, 1, 2, 2, None]) == NotEstimable("missing_values", ("cluster",))
    two = np.column_stack([X, [3, 1, 2, 5, 4, 6]])
    assert cox(time, event, two, cluster=[1, 1, 2, 2, 3, 3]).covariance.shape == (2, 2)
    # Two patients who mirror each other: every cluster's score is zero at the maximum.
    even = cox([1, 1, 2, 2], [1, 1, 1, 1], [0, 1, 0, 1], cluster=[1, 1, 2, 2])
    assert even == NotEstimable("zero_variance", ("x1",))


def test_clusters_whose_scores_lie_on_a_line() -> None:
    """Two clusters are copies of each other: two coefficients cannot both be judged by what is left."""
    first = ([1, 2, 3, 4], [1, 0, 1, 1], [[0, 1], [1, 0], [2, 1], [0, 3]])
    copied = ([1, 3, 2, 4], [1, 1, 1, 0], [[1, 2], [0, 1], [2, 2], [1, 0]])
    time, event, X = (one + other + other for one, other in zip(first, copied, strict=True))
    fit = cox(time, event, np.array(X, dtype=float), cluster=[1] * 4 + [2] * 4 + [3] * 4)
    assert fit == NotEstimable("too_few_clusters")


def test_a_heavy_patient_who_leaves_does_not_bury_the_light_ones() -> None:
    """Sums of weights keep 1e-12 beside a weight of one that came and went."""
    X, sums, lost = np.array([[1.0], [2.0], [3.0]]), np.zeros(3), np.zeros(3)
    for row, weight in ((0, 1e-12 / 3), (1, 1.1), (2, 1e-13 / 7), (1, -1.1)):
        exchange(X, row, weight, sums, lost)
    first, second = np.zeros(1), np.zeros((1, 1))
    assert read_sums(sums, lost, first, second) == pytest.approx(1e-12 / 3 + 1e-13 / 7, rel=1e-12)
    assert first[0] == pytest.approx(1e-12 / 3 + 3e-13 / 7, rel=1e-12)


def test_a_patient_at_risk_at_no_event_says_nothing() -> None:
    start, stop, event = [0, 0, 0, 0, 8], [2, 3, 4, 5, 9], [1, 1, 1, 1, 0]
    with_outsider = cox(stop, event, [0.0, 3.0, 1.0, 2.0, 1e3], start=start)
    without = cox(stop[:4], event[:4], [0.0, 3.0, 1.0, 2.0], start=start[:4])
    assert with_outsider.coefficients[0] == pytest.approx(without.coefficients[0], rel=1e-6)


def test_a_profile_that_does_not_settle_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    fit = cox([1, 2, 3, 4, 5], [1, 1, 1, 1, 1], [[0, 1], [3, 0], [1, 1], [2, 5], [1, 3]])
    monkeypatch.setattr("equipoise.statistics.survival.profile_likelihood._MOST_STEPS", 1)
    assert profile_interval(fit) == NotEstimable("not_converged", ("x1",))
    monkeypatch.setattr("equipoise.statistics.numerics.newton._MOST_STEPS", 1)
    assert profile_interval(fit) == NotEstimable("not_converged", ("x2",))


def test_groups_that_max_combo_cannot_compare() -> None:
    time, event = [1, 2, 3, 4], [1, 1, 1, 1]
    assert max_combo(time, event, "AAAA") == NotEstimable("one_group")
    assert max_combo(time, event, "ABCA") == NotEstimable("more_than_two_groups")
    assert max_combo(time, [0] * 4, "ABAB") == NotEstimable("no_events")
    assert max_combo(time, event, "AABB", strata="AABB") == NotEstimable("never_compared")
    assert max_combo(time, event, [0, 1, None, 1]) == NotEstimable("missing_values")
    # With a single event time (1 − S)^gamma is zero throughout.
    assert max_combo(time, [0, 0, 1, 0], "ABAB") == NotEstimable("zero_variance")
    assert max_combo(time, [0, 0, 1, 0], "ABAB", weights=[(0, 0)]).statistic == pytest.approx(1)
    assert logrank(time, [0, 0, 1, 0], "ABAB", gamma=1.0) == NotEstimable("never_compared")


def test_incidence_of_nobody_everybody_and_one() -> None:
    none = cumulative_incidence([1, 2], [0, 0]).at([1, 3])
    assert [(point.incidence, point.lower) for point in none] == [(0, None), (None, None)]
    (all_of_them,) = cumulative_incidence([1, 1], [1, 1]).at([5])
    assert (all_of_them.incidence, all_of_them.standard_error, all_of_them.upper) == (1, 0, None)
    (start,) = cumulative_incidence([1, 1], [1, 0], conf_type="plain").at([0.5])
    assert (start.incidence, start.lower, start.at_risk) == (0, 0, 2)
    other = cumulative_incidence([1, 2], [2, 2], of=1)
    assert other.incidence.max() == 0
    assert (other.denominator.total, other.denominator.events) == (2, 0)


def test_groups_that_grays_test_cannot_compare() -> None:
    assert gray_test([1, 2, 3], [1, 1, 2], "AAA") == NotEstimable("one_group")
    assert gray_test([1, 2, 3], [2, 0, 2], "AAB") == NotEstimable("no_events")
    assert gray_test([1, 2, 3], [1, 1, 2], ["A", None, "B"]) == NotEstimable("missing_values")
    assert gray_test([1, 2], [1, nan], "AB") == NotEstimable("missing_values", ("cause",))
    assert gray_test([1, 2, 1, 2], [1, 1, 1, 1], "AABB", strata="AABB") == NotEstimable("never_compared")
    time, group = [1] * 6 + [2] * 3 + [3, 4, 5], "AAAAAA" + "BCC" + "BBC"
    assert gray_test(time, [1] * 12, group) == NotEstimable("pooled_incidence_is_one")


def test_a_group_alone_at_risk_moves_no_score_where_the_pooled_incidence_is_one() -> None:
    time, group = [1, 1, 1, 3, 1, 1, 1, 1, 1, 2], [0, 0, 0, 1, 0, 0, 0, 0, 0, 1]
    cause = [0, 1, 0, 1, 0, 0, 0, 1, 0, 1]
    found = gray_test(time, cause, group, cause)
    assert not isinstance(found, NotEstimable)
    assert np.isfinite(found.variance).all()


@pytest.mark.parametrize("method", [poisson_regression, negative_binomial_regression])
def test_counts_that_cannot_be_fitted(method) -> None:
    arm = [0, 0, 1, 1]
    assert method([], np.zeros((0, 1))) == NotEstimable("no_subjects")
    assert method([1, nan, 2, 3], arm) == NotEstimable("missing_values", ("counts",))
    assert method([1, 2, 2, 3], arm, exposure=[1, 1, inf, 1]) == NotEstimable("not_finite", ("exposure",))
    assert method([1, 2, 2, 3], arm, exposure=[1, 1, 0, 1]) == NotEstimable("no_person_time")
    assert method([1, 2, 2.5, 3], arm) == NotEstimable("not_a_count")
    assert method([0, 0, 0, 0], arm) == NotEstimable("no_events")
    assert method([0, 0, 1, 2], arm).reason == "monotone_likelihood"
    assert method([1, 2, 2, 3], [0, nan, 1, 1]) == NotEstimable("missing_values", ("x1",))
    assert method([1, 2, 2, 3], [1, 1, 1, 1]) == NotEstimable("collinear", ("x1",))
    both = np.column_stack([arm, [1, 1, 0, 0]])
    assert method([1, 2, 2, 3], both, names=["a", "b"]) == NotEstimable("collinear", ("a", "b"))
    assert method([3], [1.0]) == NotEstimable("collinear", ("x1",))


def test_counts_that_vary_less_than_poisson_counts() -> None:
    found = negative_binomial_regression([2, 2, 2, 3, 3, 3], [0, 0, 0, 1, 1, 1])
    assert (found.dispersion, found.dispersion_error) == (0, None)
    assert found.why == found.rate_ratio().why == NotEstimable("no_overdispersion")
    assert found.rate_ratio().estimate == pytest.approx(1.5)


def test_a_dispersion_that_is_not_found_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, arm = [0, 7, 1, 9, 0, 12], [0, 0, 0, 1, 1, 1]
    assert negative_binomial_regression(counts, arm).dispersion > 0
    with monkeypatch.context() as patch:
        patch.setattr("equipoise.statistics.counts.negative_binomial._STEPS", 1)
        assert negative_binomial_regression(counts, arm) == NotEstimable("not_converged", ("dispersion",))
    lost = NotEstimable("not_converged", ("x1",))
    monkeypatch.setattr("equipoise.statistics.counts.negative_binomial.maximise", lambda *_: lost)
    assert negative_binomial_regression(counts, arm) == lost


def test_a_step_too_far_is_never_a_climb() -> None:
    data, far = CountData(np.array([1.0, 2.0]), np.zeros(2), np.ones((2, 1))), np.array([1000.0])
    assert poisson_at(data, far)[0] == negative_binomial_at(data, far, 0.5)[0] == -inf


def test_the_order_of_events_within_strata() -> None:
    rows = ([0, 0, 0, 0], [1, 2, 3, 4], [1, 1, 1, 1], [0.0, 3.0, 1.0, 2.0], "abcd")
    found = prentice_williams_peterson(*rows, strata=[1, 1, 2, None])
    assert found == NotEstimable("missing_values")
    one = prentice_williams_peterson(*rows, strata=[1, 1, 1, 1])
    assert one.coefficients[0] == pytest.approx(prentice_williams_peterson(*rows).coefficients[0])


def test_labels_far_apart_are_labels() -> None:
    time, event = [1, 2, 3, 4, 5], [1, 1, 1, 1, 0]
    far = logrank(time, event, np.array([0, 10**9, 0, 10**9, 10**9]))
    assert far.groups == (0, 10**9)
    assert far.statistic == logrank(time, event, "ABABB").statistic
    site, sex, arm, times = [7, 7, 7, 10**9, 10**9, 10**9] * 2, "fmffmf" * 2, "AABBABBABAAB", list(range(1, 13))
    by_factors = logrank(times, [1] * 12, arm, {"site": np.array(site), "sex": sex})
    together = [f"{one} {other}" for one, other in zip(site, sex, strict=True)]
    assert by_factors.statistic == pytest.approx(logrank(times, [1] * 12, arm, together).statistic)


def test_an_arm_that_is_not_there() -> None:
    time, event = [1, 2, 3, 4], [1, 1, 0, 1]
    assert two_arm_survival(time, event, "AAAA", reference="A") == NotEstimable("one_group")
    assert two_arm_survival(time, event, "AABB", reference="C") == NotEstimable("empty_arm", ("C",))
    assert two_arm_survival(time, event, "AABC", reference="A") == NotEstimable("more_than_two_groups")
    assert two_arm_survival(time, event, ["A", None, "B", "B"], reference="A").reason == "missing_values"
    quiet = two_arm_survival(time, [0] * 4, "AABB", reference="A")
    assert (quiet.logrank, quiet.cox) == (NotEstimable("no_events"), NotEstimable("no_events"))
    ruined = two_arm_survival([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0], "AAABBB", reference="A")
    assert ruined.cox == NotEstimable("monotone_likelihood", ("B",))
    assert ruined.logrank.z < 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: logrank([1, 2], [1, 1], "AB", gamma=-1),
        lambda: max_combo([1, 2], [1, 1], "AB", weights=[]),
        lambda: max_combo([1, 2], [1, 1], "AB", weights=[(0, inf)]),
        lambda: cox([1, 2], [1, 1], [0, 1], start=[0]),
        lambda: andersen_gill([0], [1, 2], [1, 1], [0, 1], "AB"),
        lambda: prentice_williams_peterson([0, 0], [1, 2], [1, 1], [0, 1], "AB", clock="calendar"),
        lambda: prentice_williams_peterson([0, 0], [1, 2], [1, 1], [0, 1], "AB", last_stratum=0),
        lambda: mean_cumulative_function([0], [1], [1], "A", conf_type="log-log"),
        lambda: cumulative_incidence([1], [1], of=0),
        lambda: cumulative_incidence([1], [1], conf_type="logit"),
        lambda: negative_binomial_regression([1, 2], [0, 1], variance="sandwich"),
        lambda: poisson_regression([1, 2], [0, 1], exposure=[1]),
        lambda: two_arm_survival([1, 2], [1, 1], "AB", reference="A", ties="discrete"),
        lambda: two_arm_survival([1, 2], [1, 1], "ABC", reference="A"),
        lambda: proportional_hazards_test(cox([1, 2, 3], [1, 1, 1], [1, 3, 2]), transform="square"),
    ],
)
def test_a_wrong_argument_is_a_programming_error(call) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        call()


def test_another_coefficient_that_cannot_be_found_along_the_profile_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others settle where this one is zero, and not on the way to its limits."""
    fit = cox([1, 2, 3, 4, 5], [1, 1, 1, 1, 1], [[0, 1], [3, 0], [1, 1], [2, 5], [1, 3]])
    real, lost = profile_likelihood._profile, NotEstimable("not_converged", ("x2",))
    monkeypatch.setattr(profile_likelihood, "_profile", lambda *asked: real(*asked) if asked[2] == 0.0 else lost)
    assert profile_interval(fit) == lost
