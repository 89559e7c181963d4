"""Compiled minimisation: arm for arm what the exact rule gives from the same stream; and a printed example."""

from collections import Counter
from fractions import Fraction
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.randomisation import minimisation_kernels as kernels
from equipoise.randomisation.minimisation import Minimisation, probabilities, scores, totals
from equipoise.randomisation.minimised_lists import best_of, chances_of, minimised_lists

NAMES = ("site", "sex", "stage", "age")
MEASURES = ("range", "variance", "standard_deviation")


# --- A second road: SplitMix64 by hand, and every allocation from the whole history in exact fractions ----------------


def mixed(state):
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) % 2**64
    return state ^ (state >> 31)


def point(seed, trial, slot):
    """Number `slot` of a trial's stream, as a multiple of 2⁻⁵³."""
    gamma = 0x9E3779B97F4A7C15
    key = mixed((mixed((seed + gamma) % 2**64) + trial * gamma) % 2**64)
    return Fraction(mixed((key + (slot + 1) * gamma) % 2**64) >> 11, 2**53)


def one_by_one(design, names, levels, seed, trial):
    history = []
    for slot, codes in enumerate(levels.tolist()):
        profile = dict(zip(names, map(str, codes), strict=True))
        counts = totals(history, names, len(design.shares))
        ends = accumulate(probabilities(design, counts, profile))
        at = point(seed, trial, slot)
        history.append((profile, next(arm for arm, end in enumerate(ends) if at < end)))
    return [arm for _, arm in history]


@st.composite
def trials(draw):
    names = NAMES[: draw(st.integers(1, 4))]
    shares = tuple(draw(st.lists(st.integers(1, 3), min_size=2, max_size=4)))
    weights = draw(st.dictionaries(st.sampled_from(names), st.integers(0, 3)))
    chance = draw(st.fractions(Fraction(1, 2), 1, max_denominator=9))
    design = Minimisation(shares, weights, draw(st.sampled_from(MEASURES)), chance)
    size, most = draw(st.integers(1, 25)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return design, names, rng.integers(0, most, (size, len(names)))


@given(trials(), st.integers(0, 2**64 - 1), st.integers(0, 2**40))
def test_every_arm_is_that_of_the_exact_rule(trial, seed, number):
    design, names, levels = trial
    found = minimised_lists(design, names, levels, seed, trials=2, first=number)
    assert found.arms.tolist() == [one_by_one(design, names, levels, seed, number + i) for i in range(2)]
    assert found.met.sum() == found.arms.size
    assert found.met[0] == 0  # some arm is always best


def test_each_trial_may_have_people_of_its_own():
    rng, design = np.random.default_rng(4), Minimisation((2, 1), {"sex": 2})
    levels = rng.integers(0, 3, (3, 30, 2))
    found = minimised_lists(design, NAMES[:2], levels, 7, trials=3)
    assert found.arms.tolist() == [one_by_one(design, NAMES[:2], each, 7, i) for i, each in enumerate(levels)]


rows = st.lists(st.tuples(*[st.integers(0, 500)] * 3), min_size=1, max_size=6)


@given(rows, st.lists(st.integers(0, 9), min_size=6, max_size=6), st.integers(0, 2))
def test_sums_of_standard_deviations_lose_nothing(counts, weights, arm):
    """Otherwise two arms would tie or not by the order in which the factors are added."""
    one, few = np.ones(3, np.int64), np.array(weights[: len(counts)])
    high, rest = kernels.deviations_after(np.array(counts), np.arange(len(counts)), arm, one, few, 6.0)
    design = Minimisation((1, 1, 1), dict(zip("abcdef", weights, strict=True)), "standard_deviation")
    totals_of = {factor: {"x": row} for factor, row in zip("abcdef", counts, strict=False)}
    exact = scores(design, totals_of, dict.fromkeys(totals_of, "x"))[arm]
    assert Fraction(high) + Fraction(rest) == exact
    assert high == float(exact)


# Lim & In 2019, Korean J Anesthesiol 72:221, table 4: after 14 participants a woman of 74 comes to site 2.
PRINTED = {"site 2": (3, 5), "female": (3, 3), "65 or older": (3, 3)}


def test_the_fifteenth_participant_of_a_printed_example():
    """The imbalances printed are 3 for the control group and 5 for the treatment group: she is a control."""
    counts, one = np.array([*PRINTED.values()]), np.ones(2, np.int64)
    score = np.zeros(2, np.int64)
    best = kernels.least_by_whole(counts, np.arange(3), one, np.ones(3, np.int64), kernels.RANGE, score)
    assert score.tolist() == [3, 5]
    assert best_of(best, 2) == [0]
    assert chances_of(Minimisation((1, 1)))[best] == (Fraction(4, 5), Fraction(1, 5))


def test_factors_are_balanced_and_the_best_arm_is_given_as_often_as_said():
    """231 participants: |D| of every level stays small, and where one arm is better it is given in 0.8 of the draws."""
    rng = np.random.default_rng(5)
    levels = np.stack([rng.integers(0, most, (400, 231)) for most in (2, 3, 4)], axis=2)
    found = minimised_lists(Minimisation((1, 1)), NAMES[:3], levels, 11, trials=400)
    ahead = 1 - 2 * found.arms.astype(np.int64)
    for factor, most in enumerate((2, 3, 4)):
        for level in range(most):
            differences = np.abs((ahead * (levels[:, :, factor] == level)).sum(axis=1))
            assert np.quantile(differences, 0.95) <= 8  # a coin leaves 15 or more even in the smallest
    one_best = int(found.met[1] + found.met[2])
    right = _given_the_best(levels, found.arms)
    assert abs(right / one_best - 0.8) < 4.5 * (0.16 / one_best) ** 0.5


def _given_the_best(levels, arms):
    """How often the arm with the smaller sum of ranges was given, from counts kept by hand."""
    right = 0
    for people, given_arms in zip(levels.tolist(), arms.tolist(), strict=True):
        ahead = Counter()
        for codes, arm in zip(people, given_arms, strict=True):
            mine = [ahead[each] for each in enumerate(codes)]
            sums = [sum(abs(each + step) for each in mine) for step in (1, -1)]
            right += sums[arm] < sums[1 - arm]
            for each in enumerate(codes):
                ahead[each] += 1 - 2 * arm
    return right


@pytest.mark.parametrize(("design", "size"), [
    (Minimisation((1,) * 13), 1), (Minimisation((997, 991)), 100_000), (Minimisation((1, 1), {"site": 10**9}), 100_000),
])  # fmt: skip
def test_what_cannot_be_counted_exactly_is_refused(design, size):
    with pytest.raises(ValueError, match="exactly"):
        minimised_lists(design, NAMES[:1], np.zeros((size, 1), np.int64), 1, trials=1)


def test_nobody_is_in_no_arm():
    assert minimised_lists(Minimisation((1, 1)), ("site",), np.zeros((0, 1), np.int64), 1, trials=3).arms.size == 0
