"""Procedures side by side, against a simulation of ours written before this code and against each other."""

from fractions import Fraction

import pytest

from equipoise.randomisation import Specification
from equipoise.randomisation.compare import Scheme, candidates, compare, even_strata
from equipoise.randomisation.minimisation import Minimisation


def by_name(found):
    return {one.scheme.name: one for one in found}


# 231 participants in 16 uneven strata, 1,500 simulated trials each, guesses to two digits and 95 % of the imbalance:
# blocks of 4 guess .70, imbalance 7; random blocks .67, 9 (4, 6, 8); big stick 3 .57, 13; big stick 4 .54, 17;
# biased coin 2/3 .61, 15; by coin .50, 29. Here strata are even, so that a little less is guessed right.
@pytest.mark.parametrize(("name", "guess", "trial"), [
    ("blocks 4", 0.70, 7), ("blocks 4, 6, 8", 0.67, 9), ("big stick 3", 0.57, 13), ("big stick 4", 0.54, 17),
    ("biased coin 2/3", 0.61, 15), ("complete", 0.50, 29),
])  # fmt: skip
def test_sixteen_strata_are_as_simulated(name, guess, trial):
    strata = even_strata(231, 16)
    found = by_name(compare(candidates((1, 1), max(strata)), (1, 1), strata))[name]
    assert found.correct_guess == pytest.approx(guess, abs=0.012)
    assert found.trial_95 == pytest.approx(trial, abs=2.01)


def test_the_first_is_nearest_to_both():
    strata = even_strata(231, 3)
    found = compare(candidates((1, 1), max(strata)), (1, 1), strata)
    assert [one.distance for one in found] == sorted(one.distance for one in found)
    coin, blocks = by_name(found)["complete"], by_name(found)["blocks 2"]
    assert coin.distance == pytest.approx(1)  # nothing guessed, the worst balance
    assert blocks.distance == pytest.approx((1 + (blocks.trial_95 / coin.trial_95) ** 2) ** 0.5)
    assert found[0].scheme.name.startswith("big stick")


def test_three_arms_are_compared_by_what_exists_for_them():
    strata = even_strata(90, 2)
    found = compare(candidates((1, 1, 1), max(strata)), (1, 1, 1), strata)
    names = set(by_name(found))
    assert "Wei's urn (0, 1)" in names
    assert not any(name.startswith(("big stick", "maximal", "biased")) for name in names)
    assert by_name(found)["blocks 3"].trial_95 <= 2 < by_name(found)["complete"].trial_95
    assert by_name(found)["blocks 3"].deterministic == pytest.approx(1 / 3, abs=0.01)


def test_of_two_unequal_arms_nothing_is_compared_that_asks_for_equal_ones():
    schemes = candidates((2, 1), 60)
    assert not any(one.name.startswith(("Wei", "big stick", "biased", "Chen", "maximal")) for one in schemes)
    assert [one.specification.sizes for one in schemes if one.name.startswith("blocks")] == [
        (3,), (6,), (9,), (6, 9, 12),
    ]  # fmt: skip


def test_minimisation_by_one_factor_is_a_biased_coin_at_each_level():
    """Simulated one way and followed exactly the other: Efron's coin in each stratum."""
    strata, p = even_strata(200, 4), Fraction(4, 5)
    coin = Scheme("coin", Specification("biased_coin", max(strata), probability=p))
    schemes = [coin, Scheme("minimisation", Minimisation((1, 1), probability=p))]
    found = by_name(compare(schemes, (1, 1), strata, {"site": 4}))
    for name in ("correct_guess", "deterministic", "entropy"):
        assert getattr(found["minimisation"], name) == pytest.approx(getattr(found["coin"], name), abs=0.003)
    for name in ("stratum_95", "trial_median", "trial_95"):
        assert abs(getattr(found["minimisation"], name) - getattr(found["coin"], name)) <= 2


def test_minimisation_is_a_candidate_where_the_factors_are_known():
    """The factors are balanced, and with them the trial; a coin is not. With six people two of the strata are empty."""
    factors, few, many = {"sex": 2, "stage": 4}, even_strata(6, 8), even_strata(120, 8)
    schemes, without = candidates((1, 1), max(many), factors), candidates((1, 1), max(many))
    assert {one.name for one in schemes} - {one.name for one in without} == {"minimisation 0.8"}
    found = by_name(compare(schemes, (1, 1), many, factors))
    assert found["minimisation 0.8"].trial_95 <= 4 < found["complete"].trial_95
    assert compare(schemes[-1:], (1, 1), few, factors)[0].stratum_95 == 1


def test_minimisation_without_chance_gives_everything_away():
    """2:1 and one level: a, b, a and again, since ½ and 0 are nearer than 0 and 1, and ½ and 1 nearer than 1 and 0."""
    design = Minimisation((2, 1), probability=Fraction(1))
    (found,) = compare([Scheme("certain", design)], (2, 1), [30], {"all": 1})
    assert (found.correct_guess, found.deterministic, found.entropy, found.trial_95) == (1, 1, 0, 0)


def test_one_scheme_alone_is_at_no_distance():
    only = Scheme("mine", Specification("biased_coin", 40, probability=Fraction(2, 3)))
    (found,) = compare([only], (1, 1), [40])
    assert found.distance == pytest.approx(1)  # its imbalance is the worst of one


@pytest.mark.parametrize(("participants", "strata", "sizes"), [(10, 3, (4, 3, 3)), (2, 3, (1, 1)), (6, 2, (3, 3))])
def test_participants_are_spread_evenly(participants, strata, sizes):
    assert even_strata(participants, strata) == sizes
