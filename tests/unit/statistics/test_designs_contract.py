"""What designs, exact tests and models do at the edges: named outcomes, open limits, refused arguments."""

from math import inf, isfinite

import numpy as np
import pytest
from design_results import ARM, OUTCOME, RULES, TABLE

from equipoise.statistics import (
    Estimate,
    Guesses,
    NotEstimable,
    StoppingRule,
    TwoByTwo,
    blinding_index_bang,
    blinding_index_james,
    conditional_power,
    event_probability,
    events_sample_size,
    exit_probabilities,
    futility_design,
    generalised_mantel_haenszel,
    graphical_tests,
    group_sequential_design,
    hazard_from_risk,
    logistic,
    multiple_tests,
    negative_binomial_sample_size,
    odds_ratio_profile,
    odds_ratio_score_stratified,
    repeated_inference,
    rubin_pool,
    sequential_inflation,
    stagewise_inference,
    standardised_risks,
    survival_sample_size,
    tipping_point_binary,
    two_means_power,
    two_means_sample_size,
    two_proportions_power,
    two_proportions_sample_size,
    unconditional_exact,
)
from equipoise.statistics.numerics.roots import root

OF, POCOCK = StoppingRule("lan_demets_of"), StoppingRule("pocock")
GAMMA = StoppingRule("hwang_shih_decani", -2)
DESIGN = group_sequential_design([0.5, 1.0], OF)


def table(x1: int, n1: int, x0: int, n0: int) -> TwoByTwo:
    return TwoByTwo(treatment_events=x1, treatment_total=n1, reference_events=x0, reference_total=n0)


def test_a_look_that_may_spend_nothing_cannot_stop() -> None:
    """Error smaller than a float holds: an infinite boundary, and everything else as if the look were not there."""
    early = group_sequential_design([0.0005, 1.0], OF)
    assert early.upper[0] == inf
    assert early.upper[1] == pytest.approx(1.959963984540054)
    assert early.stage_levels[0] == 0.0


def test_nothing_is_spent_before_there_is_information() -> None:
    assert all(rule.spent(0.0, 0.025) == 0.0 for rule in RULES if rule.shape is None)


def test_error_is_spent_by_another_clock_where_one_is_given() -> None:
    """Lan & DeMets 1989: the first look spends what its calendar time says, at the information it has."""
    found = group_sequential_design([0.3, 1.0], OF, spending_times=[0.5, 1.0])
    assert found.alpha_spent == group_sequential_design([0.5, 1.0], OF).alpha_spent
    assert found.upper[0] == group_sequential_design([0.5, 1.0], OF).upper[0]
    assert found.upper[1] != DESIGN.upper[1]


def test_a_binding_futility_bound_counts_in_every_inference_and_another_one_nowhere() -> None:
    binding, free = (futility_design([0.5, 1.0], OF, GAMMA, binding=wanted) for wanted in (True, False))
    assert binding.counted_lower == binding.lower
    assert free.counted_lower == (-inf, -inf)
    plain = stagewise_inference(group_sequential_design([0.5, 1.0], OF), 2, 1.5)
    assert stagewise_inference(free, 2, 1.5).estimate == pytest.approx(plain.estimate)
    assert stagewise_inference(binding, 2, 1.5).estimate > plain.estimate
    assert conditional_power(free, 0.5, 1.0).planned == conditional_power(free, 0.5, 1.0, drift=free.drift).planned
    repeated = repeated_inference(binding, 2, binding.upper[1])
    assert repeated.p_one_sided == pytest.approx(0.025, abs=1e-9)


def test_p_values_at_the_ends_are_numbers() -> None:
    two_sided = group_sequential_design([0.5, 1.0], OF, sided=2, alpha=0.05)
    for design in (DESIGN, two_sided):
        for z in (-30.0, -3.0, 0.0, 3.0, 30.0):
            for found in (repeated_inference(design, 2, z), stagewise_inference(design, 2, z)):
                assert 0 <= found.p_value <= 1
                assert 0 <= found.p_one_sided <= 1
                assert all(isfinite(value) for value in (found.lower, found.estimate, found.upper))
    assert repeated_inference(two_sided, 2, -3.0).p_one_sided > 0.99


@pytest.mark.parametrize("cells", [(0, 5, 0, 6), (5, 5, 6, 6), (0, 0, 1, 3)])
def test_a_table_without_a_comparison_is_named(cells: tuple[int, ...]) -> None:
    one = table(*cells)
    reason = (one.empty or one.one_sided).reason
    for found in (unconditional_exact(one), odds_ratio_profile(one), odds_ratio_score_stratified([one])):
        assert isinstance(found, NotEstimable)
        assert found.reason == reason
    assert odds_ratio_score_stratified([]).reason == "no_subjects"


def test_an_odds_ratio_that_runs_away_has_one_limit() -> None:
    up, down = [table(4, 4, 2, 6), table(3, 3, 0, 4)], [table(0, 4, 2, 6)]
    for found in (odds_ratio_score_stratified(up), odds_ratio_profile(up[0])):
        assert found.estimate is None
        assert found.why.reason == "zero_cell"
        assert found.upper == inf
        assert found.lower > 0
    for found in (odds_ratio_score_stratified(down), odds_ratio_profile(down[0])):
        assert (found.estimate, found.lower) == (0.0, 0.0)
        assert found.upper < inf


def test_association_that_cannot_be_tested_is_named() -> None:
    """Equal scores hold no trend; a response that all have holds nothing at all."""
    flat = generalised_mantel_haenszel([[3, 4, 5], [6, 4, 1]], column_scores=[1, 1, 1])
    assert flat.correlation is None
    assert flat.row_means is None
    assert flat.why == NotEstimable("zero_variance", ("correlation", "row_means"))
    assert flat.general.degrees_of_freedom == 2
    assert generalised_mantel_haenszel([[3, 0], [6, 0]]).reason == "zero_variance"
    assert generalised_mantel_haenszel([[0, 0], [0, 0]]).reason == "no_subjects"
    assert generalised_mantel_haenszel([[1, 0], [0, 0]]).reason == "too_few_subjects"
    named = generalised_mantel_haenszel([[3, 1], [6, 2]], groups=["A", "B"]).general
    assert [one.name for one in named.denominators] == ["A", "B"]


@pytest.mark.parametrize(
    ("outcome", "X", "reason", "about"),
    [
        ([], np.zeros((0, 1)), "no_subjects", ()),
        ([0, np.nan], [1, 2], "missing_values", ("outcome",)),
        ([0, 1], [1, np.nan], "missing_values", ("x1",)),
        ([0, 1], [1, inf], "not_finite", ("x1",)),
        ([0, 2], [1, 2], "event_not_binary", ()),
        ([0, 0, 0], [1, 2, 3], "no_events", ()),
        ([1, 1, 1], [1, 2, 3], "only_events", ()),
        ([0, 1, 0, 1], [3, 3, 3, 3], "collinear", ("x1",)),
        ([0, 1], [[1, 2], [3, 5]], "no_residual_freedom", ()),
        ([0, 0, 1, 1], [1, 2, 3, 4], "separation", ("x1",)),
        ([0, 0, 1, 1, 0, 1], [0, 0, 1, 1, 1, 1], "separation", ("x1",)),
    ],
)
def test_a_logistic_model_without_a_maximum_says_why(outcome, X, reason, about) -> None:
    assert logistic(outcome, X) == NotEstimable(reason, about)


def test_only_the_covariate_that_separates_is_named() -> None:
    y, noise = [0, 0, 1, 1, 0, 1, 0, 1], [3, 9, 4, 1, 5, 2, 6, 6]
    quasi = [0, 0, 1, 1, 0, 0, 0, 0]
    assert logistic(y, np.column_stack([noise, quasi]), names=["noise", "drug"]) == NotEstimable(
        "separation", ("drug",)
    )


def test_a_model_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("equipoise.statistics.numerics.newton._MOST_STEPS", 1)
    assert logistic(OUTCOME, [30, 41, 35, 50, 33, 44, 29, 61]).reason == "not_converged"


def test_the_odds_ratio_of_a_covariate_is_its_coefficient() -> None:
    fit = logistic(OUTCOME, ARM, names=["arm"])
    found = fit.odds_ratio("arm")
    assert found.estimate == pytest.approx(np.exp(fit.coefficients[1]))
    assert np.log(found.upper / found.lower) == pytest.approx(2 * 1.959963984540054 * fit.standard_errors[1])


def test_standardised_risks_need_both_arms_and_a_model() -> None:
    age = [30, 41, 35, 50, 33, 44, 29, 61]
    assert standardised_risks(OUTCOME, [1] * 8, age) == NotEstimable("empty_arm", ("reference",))
    assert standardised_risks(OUTCOME, [0] * 8, age) == NotEstimable("empty_arm", ("treatment",))
    assert standardised_risks(OUTCOME, [np.nan, *ARM[1:]], age) == NotEstimable("missing_values", ("treatment",))
    assert standardised_risks(ARM, ARM, age) == NotEstimable("separation", ("treatment",))


def test_blinding_that_nobody_or_everybody_saw_through() -> None:
    silent, sure = Guesses(treatment=0, reference=0, unknown=5), Guesses(treatment=5, reference=0, unknown=0)
    nobody = blinding_index_james(silent, silent)
    assert (nobody.estimate, nobody.standard_error, nobody.why.reason) == (1.0, None, "zero_variance")
    right = Guesses(treatment=0, reference=5, unknown=0)
    everybody = blinding_index_james(sure, right)
    assert everybody.estimate == 0.0
    assert blinding_index_james(sure, sure).estimate == 0.5
    assert blinding_index_james(sure, silent) == NotEstimable("one_group", ("guesses",))
    assert blinding_index_bang(sure, arm="treatment").why == NotEstimable("zero_variance")
    assert blinding_index_bang(sure, arm="reference").estimate == -1.0
    nothing = Guesses(treatment=0, reference=0, unknown=0)
    assert blinding_index_bang(nothing, arm="reference") == NotEstimable("empty_arm", ("reference",))
    assert blinding_index_james(nothing, sure) == NotEstimable("empty_arm", ("treatment",))


@pytest.mark.parametrize(
    ("estimates", "variances", "reason"),
    [
        ([1.0], [1.0], "too_few_imputations"),
        ([], [], "too_few_imputations"),
        ([1.0, np.nan], [1.0, 1.0], "missing_values"),
        ([1.0, 2.0], [1.0, inf], "not_finite"),
        ([1.0, 2.0], [0.0, 0.0], "zero_variance"),
    ],
)
def test_imputations_that_cannot_be_pooled_are_named(estimates, variances, reason) -> None:
    assert rubin_pool(estimates, variances) == NotEstimable(reason)


def test_imputations_that_all_agree_leave_the_ordinary_interval() -> None:
    found = rubin_pool([1.0, 1.0], [4.0, 4.0])
    assert found.fraction_missing == 0.0
    assert found.estimate.degrees_of_freedom == inf
    assert found.estimate.upper == pytest.approx(1 + 1.959963984540054 * 2)


def test_a_tipping_point_may_lie_nowhere() -> None:
    found = tipping_point_binary(table(1, 60, 40, 60), treatment_missing=1, reference_missing=0)
    assert found.tipping == ()
    assert found.first_tipping() is None
    assert tipping_point_binary(table(0, 0, 1, 3), treatment_missing=0, reference_missing=1) == NotEstimable(
        "empty_arm", ("treatment",)
    )
    assert tipping_point_binary(table(1, 3, 0, 0), treatment_missing=0, reference_missing=0).about == ("reference",)


def test_exact_power_at_the_ends() -> None:
    for test in ("z_pooled", "fisher", "normal"):
        assert two_proportions_power(1.0, 20, 0.0, 20, test=test) == pytest.approx(1.0)
        assert two_proportions_power(0.0, 20, 0.0, 20, test=test) == 0.0


def test_a_whole_size_recruits_nobody_for_the_sake_of_rounding() -> None:
    found = two_means_sample_size(1.0, 1.0, ratio=2.0)
    assert found.whole == (int(found.treatment) + 1, int(found.reference) + 1)
    assert found.total == pytest.approx(found.treatment + found.reference)
    exact = type(found)(method=found.method, treatment=40.0 + 1e-12, reference=20.0, level=0.05, power=0.8)
    assert exact.whole == (40, 20)


def test_followed_for_ever_everybody_has_the_event_and_without_a_hazard_nobody() -> None:
    assert event_probability(1.0, accrual=0, follow_up=1e6) == pytest.approx(1.0)
    assert event_probability(0.0, accrual=1, follow_up=1) == 0.0


def test_a_root_at_an_end_or_outside_is_the_nearest_end() -> None:
    assert root(lambda x: x, 0.0, 1.0) == 0.0
    assert root(lambda x: x + 2, 0.0, 1.0) == 0.0
    assert root(lambda x: x - 2, 0.0, 1.0) == 1.0
    assert root(lambda x: x**3 - 2, 0.0, 5.0) == pytest.approx(2 ** (1 / 3), rel=1e-13)


def test_results_that_are_estimates_carry_their_counts() -> None:
    found = odds_ratio_profile(TABLE)
    assert isinstance(found, Estimate)
    assert [one.total for one in found.denominators] == [12, 11]


@pytest.mark.parametrize(
    "call",
    [
        lambda: StoppingRule("haybittle"),
        lambda: StoppingRule("pocock", 1.0),
        lambda: StoppingRule("wang_tsiatis"),
        lambda: StoppingRule("kim_demets_power", -1.0),
        lambda: POCOCK.spent(0.5, 0.025),
        lambda: OF.spent(1.5, 0.025),
        lambda: group_sequential_design([], OF),
        lambda: group_sequential_design([0.5, 0.9], OF),
        lambda: group_sequential_design([0.5, 0.5, 1.0], OF),
        lambda: group_sequential_design([-0.5, 1.0], OF),
        lambda: group_sequential_design([0.5, 1.0], OF, sided=3),
        lambda: group_sequential_design([0.5, 1.0], OF, alpha=0.0),
        lambda: group_sequential_design([0.5, 1.0], OF, spending_times=[1.0]),
        lambda: group_sequential_design([0.5, 1.0], OF, spending_times=[0.9, 0.1]),
        lambda: futility_design([0.5, 1.0], POCOCK, OF),
        lambda: futility_design([0.5, 1.0], OF, OF, alpha=0.5, beta=0.6),
        lambda: exit_probabilities(DESIGN, inf),
        lambda: sequential_inflation(DESIGN, power=0.01),
        lambda: conditional_power(DESIGN, 1.0, 1.0),
        lambda: conditional_power(DESIGN, 0.5, inf),
        lambda: repeated_inference(DESIGN, 3, 1.0),
        lambda: stagewise_inference(DESIGN, 1, 1.0, maximum_information=0.0),
        lambda: two_proportions_sample_size(0.2, 0.2),
        lambda: two_proportions_sample_size(0.0, 0.2),
        lambda: two_proportions_sample_size(0.1, 0.2, method="exact"),
        lambda: two_proportions_sample_size(0.1, 0.2, ratio=0.0),
        lambda: two_proportions_sample_size(0.1, 0.2, power=1.0),
        lambda: events_sample_size(1.0),
        lambda: events_sample_size(0.5, method="cox"),
        lambda: hazard_from_risk(1.0, 12),
        lambda: event_probability(0.1, accrual=0, follow_up=0),
        lambda: survival_sample_size(0.0, 0.1, accrual=1, follow_up=1),
        lambda: two_means_sample_size(0.0, 1.0),
        lambda: two_means_sample_size(1.0, 1.0, method="exact"),
        lambda: two_means_power(1.0, 1.0, 1, 0),
        lambda: negative_binomial_sample_size(1.0, 1.0, dispersion=0, follow_up=1),
        lambda: negative_binomial_sample_size(1.0, 0.5, dispersion=0, follow_up=1, method="exact"),
        lambda: unconditional_exact(TABLE, ordering="barnard"),
        lambda: unconditional_exact(table(1, 3000, 2, 3000)),
        lambda: two_proportions_power(1.2, 5, 0.1, 5),
        lambda: two_proportions_power(0.2, 5, 0.1, 5, alpha=0.0),
        lambda: two_proportions_power(0.2, 5, 0.1, 5, test="wald"),
        lambda: odds_ratio_profile(TABLE, null=0.0),
        lambda: odds_ratio_score_stratified([TABLE], weights="inverse"),
        lambda: generalised_mantel_haenszel([[1.5, 2], [3, 4]]),
        lambda: generalised_mantel_haenszel([[1, 2], [3, 4]], row_scores=[1]),
        lambda: generalised_mantel_haenszel([[1, 2], [3, 4]], groups=["A"]),
        lambda: logistic([[0, 1]], [[1, 2]]),
        lambda: standardised_risks(OUTCOME, [[1, 0]], [1, 2]),
        lambda: standardised_risks(OUTCOME, [2] * 8, [1] * 8),
        lambda: multiple_tests({"a": 0.1}, method="simes"),
        lambda: multiple_tests({}),
        lambda: multiple_tests({"a": 1.1}),
        lambda: multiple_tests({"a": 0.1}, alpha=1.0),
        lambda: graphical_tests({"a": 0.1}, weights=[0.5, 0.5], transitions=[[0]]),
        lambda: graphical_tests({"a": 0.1}, weights=[1.5], transitions=[[0]]),
        lambda: graphical_tests({"a": 0.1}, weights=[1.0], transitions=[[1]]),
        lambda: Guesses(treatment=-1, reference=0, unknown=0),
        lambda: blinding_index_bang(Guesses(treatment=1, reference=0, unknown=0), arm="active"),
        lambda: rubin_pool([1.0], []),
        lambda: rubin_pool([1.0, 2.0], [1.0, -1.0]),
        lambda: tipping_point_binary(TABLE, treatment_missing=-1, reference_missing=0),
    ],
)
def test_a_wrong_argument_is_a_programming_error(call) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        call()
