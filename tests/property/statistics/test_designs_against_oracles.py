"""Group-sequential designs and sample sizes against integrals and enumerations written from their definitions."""

from math import exp, inf, isinf, sqrt

import numpy as np
import pytest
from designs_oracles import (
    continuing_by_multivariate_normal,
    exits_by_simpson,
    second_exit_by_quadrature,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from equipoise.statistics import (
    GroupSequentialDesign,
    StoppingRule,
    conditional_power,
    event_probability,
    events_sample_size,
    exit_probabilities,
    futility_design,
    group_sequential_design,
    hazard_from_risk,
    negative_binomial_sample_size,
    repeated_inference,
    sequential_inflation,
    stagewise_inference,
    survival_sample_size,
    two_means_power,
    two_means_sample_size,
    two_proportions_sample_size,
)

SPENDING = st.one_of(
    st.sampled_from(["lan_demets_of", "lan_demets_pocock"]).map(StoppingRule),
    st.floats(-6, 4).map(lambda gamma: StoppingRule("hwang_shih_decani", gamma)),
    st.floats(0.5, 4).map(lambda rho: StoppingRule("kim_demets_power", rho)),
)
RULES = st.one_of(
    SPENDING,
    st.sampled_from(["obrien_fleming", "pocock"]).map(StoppingRule),
    st.floats(-0.5, 0.7).map(lambda power: StoppingRule("wang_tsiatis", power)),
)
LOOKS = st.lists(st.integers(1, 19), min_size=0, max_size=4, unique=True).map(
    lambda twentieths: [*(k / 20 for k in sorted(twentieths)), 1.0]
)
quick = settings(deadline=None, max_examples=25)


def oracle(design: GroupSequentialDesign, drift: float) -> tuple[np.ndarray, np.ndarray]:
    return exits_by_simpson(design.fractions, design.lower, design.upper, drift)


@given(LOOKS, RULES, st.sampled_from([0.01, 0.025, 0.1]), st.sampled_from([1, 2]))
@quick
def test_the_error_of_the_first_kind_is_spent_as_promised(looks, rule, alpha, sided) -> None:
    """2e-7: what is left of Simpson's rule on steps as narrow as these."""
    design = group_sequential_design(looks, rule, alpha=alpha, sided=sided)
    down, up = oracle(design, 0.0)
    np.testing.assert_allclose(sided * np.cumsum(up), design.alpha_spent, rtol=0, atol=2e-7)
    assert design.alpha_spent[-1] == pytest.approx(alpha, abs=1e-12)
    if sided == 2:
        np.testing.assert_allclose(down, up, atol=1e-9)
    if rule.shape is not None:
        constants = np.array(design.upper) / np.array(looks) ** (rule.shape - 0.5)
        np.testing.assert_allclose(constants, constants[0], rtol=1e-12)


@given(LOOKS, RULES, st.floats(-2, 6), st.sampled_from([1, 2]))
@quick
def test_stopping_probabilities_are_those_of_the_simpson_recursion(looks, rule, drift, sided) -> None:
    design = group_sequential_design(looks, rule, sided=sided)
    found = exit_probabilities(design, drift)
    down, up = oracle(design, drift)
    np.testing.assert_allclose(found.upper, up, rtol=0, atol=2e-7)
    np.testing.assert_allclose(found.lower, down, rtol=0, atol=2e-7)
    stopped = np.append((down + up)[:-1], 1 - (down + up)[:-1].sum())
    assert found.expected_information == pytest.approx(stopped @ looks, abs=1e-6)


@given(st.floats(0.002, 0.998), st.floats(-3, 4), st.floats(-4, 3), st.floats(-3, 3), st.floats(-2, 5))
@quick
def test_two_looks_are_exact_however_close_they_lie(first, b1, gap, b2, drift) -> None:
    """One integral by adaptive quadrature: the promised 1e-13, and what the quadrature itself is good for."""
    design = group_sequential_design([first, 1.0], StoppingRule("pocock"))
    bounds = {"upper": (b1, b2), "lower": (min(gap, b1), -inf)}
    given_bounds = GroupSequentialDesign(**{name: getattr(design, name) for name in design.__slots__} | bounds)
    expected = second_exit_by_quadrature((first, 1.0), given_bounds.lower, given_bounds.upper, drift)
    assert exit_probabilities(given_bounds, drift).upper[1] == pytest.approx(expected, abs=2e-12)


@given(st.lists(st.floats(0.05, 1), min_size=2, max_size=2), SPENDING, st.floats(-1, 4))
@settings(deadline=None, max_examples=4)
def test_three_looks_are_a_trivariate_normal_box(steps, rule, drift) -> None:
    """The integral over the box of the multivariate normal distribution, by scipy, to its 1e-6."""
    whole = 1 + sum(steps)
    design = group_sequential_design([1 / whole, (1 + steps[0]) / whole, 1.0], rule, sided=2, alpha=0.05)
    found = exit_probabilities(design, drift)
    expected = continuing_by_multivariate_normal(design.fractions, design.lower, design.upper, drift)
    assert 1 - sum(found.upper) - sum(found.lower) == pytest.approx(expected, abs=1e-6)


@given(LOOKS, SPENDING, SPENDING, st.floats(0.05, 0.3), st.booleans())
@settings(deadline=None, max_examples=15)
def test_futility_bounds_spend_beta_and_leave_alpha_alone(looks, efficacy, futility, beta, binding) -> None:
    design = futility_design(looks, efficacy, futility, beta=beta, binding=binding)
    _, up = oracle(design, design.drift)
    assert sum(up) == pytest.approx(1 - beta, abs=1e-6)
    counted = exits_by_simpson(design.fractions, design.counted_lower, design.upper, 0.0)[1]
    assert sum(counted) == pytest.approx(design.alpha, abs=1e-6)
    assert design.lower[-1] == design.upper[-1]
    assert all(low <= high for low, high in zip(design.lower, design.upper, strict=True))
    if not binding:
        alone = group_sequential_design(looks, efficacy)
        np.testing.assert_allclose(design.upper, alone.upper, rtol=1e-12)


@given(LOOKS, RULES, st.floats(0.3, 0.97), st.sampled_from([1, 2]))
@quick
def test_the_inflated_trial_has_the_power_asked_for(looks, rule, power, sided) -> None:
    design = group_sequential_design(looks, rule, sided=sided)
    found = sequential_inflation(design, power=power)
    assert sum(oracle(design, found.drift)[1]) == pytest.approx(power, abs=1e-6)
    fixed = stats.norm.isf(0.025 / sided) + stats.norm.ppf(power)
    assert found.maximum == pytest.approx((found.drift / fixed) ** 2)
    assert found.maximum >= 1 - 1e-9
    assert found.expected_null <= found.maximum + 1e-12


@given(LOOKS, SPENDING, st.floats(0, 4))
@settings(deadline=None, max_examples=4)
def test_conditional_power_averages_to_power(looks, rule, drift) -> None:
    """Integrated over the statistics with which the first look is passed, it is the chance of crossing later."""
    assume(len(looks) > 1)
    design, mean = group_sequential_design(looks, rule), drift * sqrt(looks[0])

    def weighed(z: float) -> float:
        return conditional_power(design, looks[0], z, drift=drift).planned * stats.norm.pdf(z - mean)

    points, weights = np.polynomial.legendre.leggauss(28)
    low, high = mean - 8, min(mean + 8, design.upper[0])
    average = sum(
        w * weighed(0.5 * (low + high) + 0.5 * (high - low) * p) for p, w in zip(points, weights, strict=True)
    )
    later = sum(exit_probabilities(design, drift).upper[1:])
    assert average * (high - low) / 2 == pytest.approx(later, abs=1e-7)


@given(st.floats(0.05, 0.95), st.floats(-2, 4), st.floats(0, 4))
@quick
def test_with_one_look_left_conditional_power_is_a_closed_form(fraction, z, drift) -> None:
    """Lan & Wittes 1988; the predictive one is normal with the variance of the trend added."""
    found = conditional_power(group_sequential_design([1.0], StoppingRule("pocock")), fraction, z, drift=drift)
    rest, critical = 1 - fraction, stats.norm.isf(0.025)

    def crossing(theta: float, variance: float) -> float:
        return stats.norm.cdf((z * sqrt(fraction) + theta * rest - critical) / sqrt(variance))

    trend = z / sqrt(fraction)
    assert found.null == pytest.approx(crossing(0, rest), abs=1e-12)
    assert found.current_trend == pytest.approx(crossing(trend, rest), abs=1e-12)
    assert found.planned == pytest.approx(crossing(drift, rest), abs=1e-12)
    assert found.predictive == pytest.approx(crossing(trend, rest + rest**2 / fraction), abs=1e-10)


@given(LOOKS, RULES, st.floats(-1.5, 4), st.sampled_from([1, 2]), st.data())
@quick
def test_the_repeated_p_value_is_the_level_at_which_the_bound_is_met(looks, rule, z, sided, data) -> None:
    look = data.draw(st.integers(1, len(looks)))
    design = group_sequential_design(looks, rule, sided=sided, alpha=0.025 * sided)
    found = repeated_inference(design, look, z)
    assert (found.lower > 0) == (z > design.upper[look - 1])
    p = found.p_one_sided if sided == 1 else found.p_value
    if 1e-9 < p < 0.999:
        again = group_sequential_design(looks, rule, sided=sided, alpha=p)
        assert again.upper[look - 1] == pytest.approx(z if sided == 1 else abs(z), abs=1e-6)
    assert (p <= design.alpha) == ((z if sided == 1 else abs(z)) >= design.upper[look - 1])


@given(LOOKS, RULES, st.floats(-2, 4), st.sampled_from([1, 2]), st.data())
@quick
def test_the_stagewise_limits_solve_their_equations(looks, rule, excess, sided, data) -> None:
    look = data.draw(st.integers(1, len(looks)))
    design = group_sequential_design(looks, rule, sided=sided)
    assume(not isinf(design.upper[look - 1]))
    z = excess if look == len(looks) else design.upper[look - 1] + abs(excess) / 4
    found = stagewise_inference(design, look, z, maximum_information=4.0)
    upper, lower = [*design.upper[: look - 1], z], [*design.lower[: look - 1], -inf]
    for effect, probability in ((found.lower, 0.025), (found.estimate, 0.5), (found.upper, 0.975), (0.0, None)):
        stronger = exits_by_simpson(design.fractions[:look], lower, upper, effect * 2.0)[1].sum()
        assert stronger == pytest.approx(found.p_one_sided if probability is None else probability, abs=1e-6)
    if look < len(looks):
        assert found.p_one_sided <= design.alpha_spent[look - 1] / sided + 1e-12


def test_with_one_look_every_inference_is_the_ordinary_one() -> None:
    design = group_sequential_design([1.0], StoppingRule("lan_demets_of"))
    for found in (repeated_inference(design, 1, 2.2), stagewise_inference(design, 1, 2.2)):
        assert (found.lower, found.estimate, found.upper) == pytest.approx((2.2 - 1.959963985, 2.2, 2.2 + 1.959963985))
        assert found.p_value == pytest.approx(2 * stats.norm.sf(2.2))


RISKS = st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.95)).filter(lambda pair: abs(pair[0] - pair[1]) > 0.02)
RATIO = st.sampled_from([0.5, 1.0, 2.0])


@given(RISKS, RATIO, st.floats(0.6, 0.95))
@quick
def test_the_sample_size_of_two_proportions_gives_its_power_back(risks, ratio, power) -> None:
    p1, p0 = risks
    z = stats.norm.isf(0.025)
    for method in ("pooled", "unpooled", "arcsine", "continuity"):
        size = two_proportions_sample_size(p1, p0, method=method, ratio=ratio, power=power)
        n1, n0, gap = size.treatment, size.reference, abs(p1 - p0)
        mean = (n1 * p1 + n0 * p0) / (n1 + n0)
        null = alternative = sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
        if method in {"pooled", "continuity"}:
            null = sqrt(mean * (1 - mean) * (1 / n1 + 1 / n0))
        if method == "continuity":
            gap -= (1 / n1 + 1 / n0) / 2
        if method == "arcsine":
            gap = 2 * abs(np.arcsin(sqrt(p1)) - np.arcsin(sqrt(p0)))
            null = alternative = sqrt(1 / n1 + 1 / n0)
        assert stats.norm.cdf((gap - z * null) / alternative) == pytest.approx(power, abs=1e-9)


@given(st.floats(0.001, 0.2), st.floats(0, 30), st.floats(1, 24), st.floats(0, 0.05))
@quick
def test_the_chance_of_an_event_is_an_integral_over_entry_times(hazard, accrual, follow_up, dropout) -> None:
    leaving = hazard + dropout

    def seen(entry: float) -> float:
        return hazard / leaving * (1 - exp(-leaving * (accrual + follow_up - entry)))

    expected = integrate.quad(seen, 0, accrual)[0] / accrual if accrual > 1e-6 else seen(accrual)
    found = event_probability(hazard, accrual=accrual, follow_up=follow_up, dropout=dropout)
    assert found == pytest.approx(expected, rel=1e-6)


@given(RISKS, RATIO)
@quick
def test_a_survival_trial_yields_the_events_it_needs(risks, ratio) -> None:
    hazards = [hazard_from_risk(risk, 12) for risk in risks]
    plan = {"accrual": 24.0, "follow_up": 12.0, "dropout": 0.01}
    for method in ("schoenfeld", "freedman"):
        size = survival_sample_size(*hazards, **plan, method=method, ratio=ratio)
        chances = [event_probability(hazard, **plan) for hazard in hazards]
        assert size.treatment * chances[0] + size.reference * chances[1] == pytest.approx(size.events)
        assert size.treatment == pytest.approx(ratio * size.reference)
        assert size.events == events_sample_size(hazards[0] / hazards[1], method=method, ratio=ratio)


@given(st.floats(0.2, 2), st.floats(0.5, 3), RATIO)
@quick
def test_the_sample_size_of_two_means_is_nearly_that_of_the_t_test(difference, deviation, ratio) -> None:
    """The t test needs more, but at most about two patients for each degree the normal quantile forgets."""
    size = two_means_sample_size(difference, deviation, ratio=ratio)
    n1, n0 = size.whole
    assume(n1 + n0 > 10)
    assert two_means_power(difference, deviation, n1, n0) < 0.8 + 2 / min(n1, n0)
    assert two_means_power(difference, deviation, n1 + 4, n0 + 4) > 0.8
    z = difference / deviation / sqrt(1 / size.treatment + 1 / size.reference)
    assert z == pytest.approx(stats.norm.isf(0.025) + stats.norm.ppf(0.8))


@given(st.floats(0.2, 2), st.floats(0.5, 3), RATIO, st.floats(0.3, 0.95))
@quick
def test_the_sample_size_of_the_t_test_gives_its_power_back(difference, deviation, ratio, power) -> None:
    """The tail of scipy's noncentral t distribution at that size; three patients are the fewest with a variance."""
    size = two_means_sample_size(difference, deviation, method="t", ratio=ratio, power=power)
    shift = difference / (deviation * sqrt(1 / size.treatment + 1 / size.reference))
    found = stats.nct.sf(stats.t.isf(0.025, size.total - 2), size.total - 2, shift)
    assert found == pytest.approx(power, abs=1e-8) or (size.total == pytest.approx(3) and found > power)
    assert size.reference >= two_means_sample_size(difference, deviation, ratio=ratio, power=power).reference
    assert two_means_sample_size(99.0, 1.0, method="t", ratio=ratio).total == pytest.approx(3)


@given(st.floats(0.2, 3), st.floats(0.3, 0.9), st.floats(0, 2), st.floats(0.3, 3), RATIO)
@quick
def test_the_sample_size_of_rates_gives_its_power_back(rate, ratio_of_rates, dispersion, time, ratio) -> None:
    nulls = {"reference_rate": (rate, rate), "true_mean": None, "alternative": (rate * ratio_of_rates, rate)}
    mean = (rate + ratio * rate * ratio_of_rates) / (1 + ratio)
    for method, rates in nulls.items():
        plan = {"dispersion": dispersion, "follow_up": time, "method": method, "ratio": ratio}
        size = negative_binomial_sample_size(rate, ratio_of_rates, **plan)

        def variance(treated: float, reference: float, size=size) -> float:
            return (1 / (treated * time) + dispersion) / size.treatment + (1 / (reference * time) + dispersion) / (
                size.reference
            )

        null = variance(*(rates or (mean, mean)))
        alternative = variance(rate * ratio_of_rates, rate)
        reached = (-np.log(ratio_of_rates) - stats.norm.isf(0.025) * sqrt(null)) / sqrt(alternative)
        assert reached == pytest.approx(stats.norm.ppf(0.8), abs=1e-9)
