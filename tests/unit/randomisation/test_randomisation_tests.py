"""Randomisation tests, simulated lists and minimisation, against enumerations made by another program."""

from collections import Counter
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy import stats

from equipoise.randomisation import Specification, seeded
from equipoise.randomisation.metrics import metrics
from equipoise.randomisation.minimisation import Minimisation, allocate, probabilities, scores, totals
from equipoise.randomisation.rerandomisation import exact_test, monte_carlo_test
from equipoise.randomisation.rules import walk
from equipoise.randomisation.tables import simulated, table

OUTCOMES = [1.346, -0.124, 0.325, 2.07, 0.511, -1.826, 0.786, 2.384]
ASSIGNED = [1, 0, 1, 0, 1, 0, 1, 0]
EIGHT = [
    (Specification("random_allocation_rule", 8), 0.942857142857143),
    (Specification("permuted_blocks", 8, sizes=(4,)), 0.944444444444444),
    (Specification("biased_coin", 8, probability=Fraction(2, 3)), 0.944215820759031),
    (Specification("maximal", 8, limit=2), 0.962962962962963),
]
PROCEDURES = [
    Specification("complete", 12),
    Specification("permuted_blocks", 12, sizes=(2, 4), weights=(1, 3)),
    Specification("random_allocation_rule", 12),
    Specification("block_urn", 12, balls=2),
    Specification("wei_urn", 12, alpha=1, beta=1),
    Specification("big_stick", 12, limit=2),
    Specification("biased_coin", 12, probability=Fraction(3, 4), limit=3),
    Specification("truncated_binomial", 12),
    Specification("maximal", 12, limit=3),
]


@pytest.mark.parametrize(("specification", "p_value"), EIGHT, ids=str)
def test_eight_participants_as_enumerated_in_r(specification, p_value):
    """Full enumeration of the reference set in R 4.2.2; the mean difference is 0.116."""
    found = exact_test(OUTCOMES, ASSIGNED, specification)
    assert found.statistic == pytest.approx(0.116, rel=1e-12)
    assert found.p_value == pytest.approx(p_value, rel=1e-12)
    sampled = monte_carlo_test(OUTCOMES, ASSIGNED, specification, lists=40_000)
    assert abs(sampled.p_value - p_value) < 5 * sampled.monte_carlo_error + 1 / 40_000


@pytest.mark.parametrize("specification", PROCEDURES, ids=lambda one: one.procedure)
def test_a_test_of_eight_is_the_sum_over_every_list(specification):
    """Every sequence of arms with the product of its conditional chances, written out."""
    rng, taken = np.random.default_rng(5), simulated(table(specification, (1, 1), 8), 8, 1, 3)[0]
    values = np.round(rng.normal(size=8), 1)
    observed, chance = abs(values[taken == 1].sum()), Fraction(0)
    for arms in product((0, 1), repeat=8):
        states = {walk(specification, (1, 1)).start: Fraction(1)}
        for arm in arms:
            after: Counter = Counter()
            for state, odds in states.items():
                for drawn, odd, next_state in walk(specification, (1, 1)).step(state):
                    if drawn == arm and odd:
                        after[next_state] += odds * odd
            states = after
        if abs(values[np.array(arms) == 1].sum()) >= observed - 1e-9:
            chance += sum(states.values(), Fraction(0))
    found = exact_test(values, taken, specification, statistic="score_sum")
    assert found.p_value == pytest.approx(float(chance), abs=1e-12)


@pytest.mark.parametrize("specification", PROCEDURES, ids=lambda one: one.procedure)
def test_simulated_lists_follow_the_exact_law(specification):
    """The final imbalance of 20,000 lists against its exact distribution (chi-square), and the share of arm 0."""
    drawn = simulated(table(specification, (1, 1), 12), 12, 20_000, seed=11)
    exact = metrics(specification, (1, 1), 12).imbalance
    ahead = Counter((12 - 2 * drawn.astype(int).sum(axis=1)).tolist())
    assert set(ahead) <= {d for d, chance in exact.items() if chance}
    common = [d for d, chance in exact.items() if chance * 20_000 >= 5]
    met, expected = [ahead[d] for d in common], [exact[d] * 20_000 for d in common]
    if len(common) > 1:
        scaled = np.array(expected) * sum(met) / sum(expected)
        assert stats.chisquare(met, scaled).pvalue > 1e-4
    assert abs(drawn[:, 0].mean() - 0.5) < 5 * 0.5 / 20_000**0.5


def test_a_trial_is_the_same_alone_and_among_many():
    steps = table(Specification("permuted_blocks", 30, sizes=(4, 6)), (1, 1), 30)
    many = simulated(steps, 30, 500, seed=4)
    assert np.array_equal(simulated(steps, 30, 3, seed=4, first=123), many[123:126])
    assert not np.array_equal(simulated(steps, 30, 500, seed=5), many)


def test_three_arms_are_simulated_in_their_ratio():
    drawn = simulated(table(Specification("permuted_blocks", 12, sizes=(4,)), (2, 1, 1), 12), 12, 200, seed=1)
    assert {tuple(np.bincount(row, minlength=3)) for row in drawn} == {(6, 3, 3)}


def test_a_list_that_ends_too_soon_is_no_table():
    with pytest.raises(ValueError, match="ends before slot 13"):
        table(Specification("maximal", 12, limit=3), (1, 1), 13)


def test_what_cannot_be_tested_is_refused():
    complete = Specification("complete", 40)
    with pytest.raises(ValueError, match="too many lists"):
        exact_test([1.0] * 25, [0] * 25, complete)
    with pytest.raises(ValueError, match="one length"):
        exact_test([1.0, 2.0], [0], complete)
    with pytest.raises(ValueError, match="must be numbers"):
        monte_carlo_test([1.0, float("nan")], [0, 1], complete)
    with pytest.raises(ValueError, match="0 for reference"):
        monte_carlo_test([1.0, 2.0], [0, 2], complete)


def test_no_difference_is_never_extreme_and_an_empty_arm_says_nothing():
    complete = Specification("complete", 8)
    assert exact_test([2.0] * 6, [0, 1] * 3, complete).p_value == 1
    assert exact_test([1.0, 2.0], [1, 1], complete).statistic == 0


# --- Minimisation -----------------------------------------------------------------------------------------------------

# After 40 participants: how many of the new one's levels are in each arm. Pocock & Simon's closed form, by hand.
FACTORS = ("sex", "centre", "stage")
HISTORY = [
    ({"sex": "f", "centre": "1", "stage": "early"}, 0), ({"sex": "f", "centre": "1", "stage": "late"}, 0),
    ({"sex": "f", "centre": "2", "stage": "late"}, 1), ({"sex": "m", "centre": "1", "stage": "late"}, 1),
    ({"sex": "f", "centre": "1", "stage": "early"}, 0),
]  # fmt: skip
NEW = {"sex": "f", "centre": "1", "stage": "late"}


def test_imbalances_are_those_of_the_closed_form():
    """Women 3:1, centre 1 3:1, late 1:2. With arm 0: 3 + 3 + 0; with arm 1: 1 + 1 + 2."""
    counts = totals(HISTORY, FACTORS, 2)
    assert scores(Minimisation((1, 1)), counts, NEW) == (6, 4)
    # Sample variances of two counts are half the squared range: (9 + 9 + 0) / 2 and (1 + 1 + 4) / 2.
    assert scores(Minimisation((1, 1), measure="variance"), counts, NEW) == (9, 3)
    assert scores(Minimisation((1, 1), {"stage": 3}), counts, NEW) == (6, 8)
    deviations = scores(Minimisation((1, 1), measure="standard_deviation"), counts, NEW)
    assert [float(score) for score in deviations] == pytest.approx([6 / 2**0.5, 4 / 2**0.5])


def test_the_better_arm_is_favoured_and_a_tie_follows_the_ratio():
    counts = totals(HISTORY, FACTORS, 2)
    assert probabilities(Minimisation((1, 1)), counts, NEW) == (Fraction(1, 5), Fraction(4, 5))
    assert probabilities(Minimisation((1, 1), probability=Fraction(1)), counts, NEW) == (0, 1)
    nobody = totals([], FACTORS, 2)
    assert probabilities(Minimisation((1, 1)), nobody, NEW) == (Fraction(1, 2), Fraction(1, 2))
    assert probabilities(Minimisation((2, 1)), nobody, NEW) == (Fraction(4, 5), Fraction(1, 5))  # 1/2 is less than 1


def test_allocations_are_drawn_with_these_probabilities():
    counts = totals(HISTORY, FACTORS, 2)
    random = seeded(b"minimise")
    drawn = [allocate(Minimisation((1, 1)), counts, NEW, random) for _ in range(4_000)]
    assert abs(sum(drawn) / 4_000 - 0.8) < 5 * 0.4 / 4_000**0.5


def test_minimisation_balances_every_factor_better_than_chance():
    """300 participants with three factors: the largest difference within any level stays small."""
    rng = np.random.default_rng(2)
    design, random = Minimisation((1, 1), probability=Fraction(9, 10)), seeded(b"balance")
    history: list = []
    for _ in range(300):
        profile = {"sex": "fm"[rng.integers(2)], "centre": str(rng.integers(6)), "stage": str(rng.integers(3))}
        history.append((profile, allocate(design, totals(history, FACTORS, 2), profile, random)))
    counts = totals(history, FACTORS, 2)
    assert max(abs(a - b) for levels in counts.values() for a, b in levels.values()) <= 6
