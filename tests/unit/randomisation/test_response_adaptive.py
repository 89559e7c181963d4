"""Response-adaptive procedures: by their formulas, by every path of a small trial, and by the theory of a large one."""

from fractions import Fraction
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.randomisation.response_adaptive import (
    DoublyAdaptive,
    Thompson,
    chances_of_being_best,
    next_arm_chances,
    simulate_adaptive,
)

COUNTS = st.tuples(st.integers(1, 30), st.integers(0, 30)).map(lambda both: (both[0], min(both)))


def counts(arms):
    return np.array([responded for _, responded in arms]), np.array([allocated for allocated, _ in arms])


@given(COUNTS, COUNTS)
def test_of_two_arms_thompson_s_chance_is_the_exact_sum(one, other):
    found = next_arm_chances(Thompson(), *counts([one, other]))
    assert found.sum() == pytest.approx(1)
    assert found[0] == pytest.approx(float(beats(one, other)), abs=1e-5)


def beats(one, other):
    """P(one > other) for Beta posteriors with whole parameters, exactly: one's density is a polynomial, and so is the
    distribution function of the other, a tail of the binomial distribution."""
    (n1, s1), (n2, s2) = one, other
    below = [(j, Fraction(comb(n2 + 1, j))) for j in range(s2 + 1, n2 + 2)]  # F(x) = P(Bin(n2 + 1, x) > s2)
    density = Fraction((n1 + 1) * comb(n1, s1))
    total = sum(weight * beta(s1 + j + 1, (n1 - s1) + (n2 + 1 - j) + 1) for j, weight in below)
    return density * total


def beta(a, b):
    """The beta function of whole numbers."""
    return Fraction(1, (a + b - 1) * comb(a + b - 2, a - 1))


def test_of_three_arms_the_chances_are_those_of_draws():
    responded, allocated = counts([(20, 12), (25, 11), (8, 5)])
    rng = np.random.default_rng(5)
    best = rng.beta(responded + 1, allocated - responded + 1, size=(200_000, 3)).argmax(axis=1)
    drawn = np.bincount(best) / len(best)
    assert chances_of_being_best(responded, allocated) == pytest.approx(drawn, abs=0.005)


def test_with_thousands_of_responses_the_quadrature_still_holds():
    one, other = (2000, 1010), (1500, 740)
    found = chances_of_being_best(*counts([one, other]))
    assert found[0] == pytest.approx(float(beats(one, other)), abs=1e-5)


def test_without_responses_every_arm_is_as_good():
    assert chances_of_being_best(np.zeros(4, int), np.zeros(4, int)) == pytest.approx([0.25] * 4)


# --- The doubly-adaptive biased coin -----------------------------------------------------------------------------


TARGETS = {
    "urn": lambda p: 1 / (1 - p),
    "optimal": lambda p: p**0.5,
    "neyman": lambda p: (p * (1 - p)) ** 0.5,
}


@pytest.mark.parametrize("target", TARGETS)
@given(one=COUNTS, other=COUNTS, gamma=st.sampled_from([0, 1, 2, 4]))
def test_the_coin_is_hu_and_zhang_s(target, one, other, gamma):
    """Equation (2.10) for two arms, with x the share of the first arm so far and rho its target, term by term."""
    rates = [(responded + 1) / (allocated + 2) for allocated, responded in (one, other)]
    wanted = [TARGETS[target](rate) for rate in rates]
    rho, x = wanted[0] / sum(wanted), one[0] / (one[0] + other[0])
    mine, rest = rho * (rho / x) ** gamma, (1 - rho) * ((1 - rho) / (1 - x)) ** gamma
    found = next_arm_chances(DoublyAdaptive(target, gamma), *counts([one, other]))
    assert found == pytest.approx([mine / (mine + rest), rest / (mine + rest)])


@pytest.mark.parametrize("target", TARGETS)
def test_the_target_itself_is_the_chance_when_the_share_is_there_or_nothing_pulls(target):
    responded, allocated = counts([(9, 4), (9, 4), (9, 4)])
    assert next_arm_chances(DoublyAdaptive(target, 7), responded, allocated) == pytest.approx([1 / 3] * 3)
    one = next_arm_chances(DoublyAdaptive(target, 0), *counts([(18, 9), (8, 4)]))
    assert one == pytest.approx([0.5, 0.5])  # (9 + 1) / (18 + 2) = (4 + 1) / (8 + 2)


# --- Simulated trials --------------------------------------------------------------------------------------------


def share_by_every_path(design, rates, participants):
    """The expected share of each arm and responses, over every path of a trial that begins with one in each arm."""
    share, responses = np.zeros(len(rates)), 0.0
    for first in product((0, 1), repeat=len(rates)):
        chance = np.prod([rate if hit else 1 - rate for rate, hit in zip(rates, first, strict=True)])
        stack = [(chance, list(first), [1] * len(rates))]
        while stack:
            chance, responded, allocated = stack.pop()
            if sum(allocated) == participants:
                share += chance * np.array(allocated) / participants
                responses += chance * sum(responded)
                continue
            odds = next_arm_chances(design, np.array(responded), np.array(allocated))
            for arm, hit in product(range(len(rates)), (0, 1)):
                after, more = list(responded), list(allocated)
                after[arm], more[arm] = after[arm] + hit, more[arm] + 1
                stack.append((chance * odds[arm] * (rates[arm] if hit else 1 - rates[arm]), after, more))
    return share, responses


@pytest.mark.parametrize(
    ("design", "rates"),
    [(Thompson(), (0.8, 0.3)), (DoublyAdaptive("urn"), (0.8, 0.3)), (DoublyAdaptive(), (0.9, 0.4, 0.2))],
    ids=str,
)
def test_simulated_shares_are_those_of_every_path(design, rates):
    participants, trials = 3 + len(rates), 40_000
    share, responses = share_by_every_path(design, rates, participants)
    found = simulate_adaptive(design, rates, participants, trials=trials, seed=3)
    for mean, spread, exact in zip(found.share, found.spread, share, strict=True):
        assert abs(mean - exact) < 4.5 * spread / trials**0.5
    assert found.responded == pytest.approx(responses, abs=4.5 * participants**0.5 / 2 / trials**0.5)


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_the_share_varies_as_the_theory_says(gamma):
    """Hu and Rosenberger 2003 (JASA 98:671): n times the variance of the urn's share in a large trial is
    qA qB ((1 + 2 gamma)(pA + pB) + 2) / ((1 + 2 gamma)(qA + qB)^3)."""
    (pa, pb), participants = (0.5, 0.3), 1500
    qa, qb = 1 - pa, 1 - pb
    variance = qa * qb * ((1 + 2 * gamma) * (pa + pb) + 2) / ((1 + 2 * gamma) * (qa + qb) ** 3)
    found = simulate_adaptive(DoublyAdaptive("urn", gamma), (pa, pb), participants, trials=3000, seed=8)
    assert found.share[0] == pytest.approx(qb / (qa + qb), abs=0.004)
    assert participants * found.spread[0] ** 2 == pytest.approx(variance, rel=0.1)


def test_more_respond_than_by_a_coin_and_now_and_then_the_better_arm_gets_fewer():
    """What is gained and what it costs, in one trial of two hundred with a real difference."""
    found = simulate_adaptive(Thompson(), (0.6, 0.4), 200, trials=2000, seed=11)
    assert found.responded > 105  # a coin gives 100
    assert found.share[0] > 0.75
    assert 0 < found.fewer[0] < 0.1
    assert simulate_adaptive(Thompson(), (0.5, 0.5), 200, trials=2000, seed=11).spread[0] > 0.2  # a coin gives 0.035


def test_the_same_seed_gives_the_same_trials():
    runs = [simulate_adaptive(DoublyAdaptive(), (0.6, 0.4), 40, trials=50, seed=seed, begin=3) for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


def test_without_a_participant_in_every_arm_there_is_nothing_to_follow():
    with pytest.raises(ValueError, match="in every arm"):
        next_arm_chances(DoublyAdaptive(), *counts([(0, 0), (4, 2)]))
    for participants, begin in ((3, 2), (10, 0)):
        with pytest.raises(ValueError, match="in every arm"):
            simulate_adaptive(Thompson(), (0.5, 0.5), participants, trials=2, seed=1, begin=begin)
