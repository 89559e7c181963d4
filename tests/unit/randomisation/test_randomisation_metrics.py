"""Predictability and balance, against published formulas and exact counts made by another program."""

from fractions import Fraction
from math import comb, log2

import pytest

from equipoise.randomisation import Specification
from equipoise.randomisation.metrics import metrics, quantile, together
from equipoise.randomisation.rules import admissible_lists

TWO_THIRDS = Fraction(2, 3)

# Exact Markov-chain enumeration in R 4.2.2 for twelve participants and two equal arms (conditional allocation
# probabilities as in Rosenberger & Lachin 2016; the maximal procedure by counting all admissible lists, Berger, Ivanova
# & Knoll 2003): correct guess, entropy, forcing index, deterministic share, var D, E|D|, P(D = 0), largest variance.
ENUMERATED = [
    (Specification("complete", 12), (0.5, 12, 0, 0, 12, 2.70703125, 0.2255859375, 12)),
    (
        Specification("biased_coin", 12, probability=TWO_THIRDS),
        (0.612634563385211, 11.3374046598222, 0.450538253540844, 0, 3.46609313169289, 1.18708191501973,
         0.522413588714457, 3.4797032972616),
    ),
    (
        Specification("big_stick", 12, limit=3),
        (0.5648193359375, 10.4443359375, 0.25927734375, 0.129638671875, 2.666015625, 1.3330078125, 0.33349609375,
         3.6640625),
    ),
    (
        Specification("permuted_blocks", 12, sizes=(4,)),
        (0.708333333333333, 7.75488750216347, 0.833333333333333, 0.333333333333333, 0, 0, 1, 1.33333333333333),
    ),
    (
        Specification("wei_urn", 12, beta=1),
        (0.610928710885308, 10.6245664032815, 0.443714843541232, 0.0833333333333333, 4, 1.46416045374379,
         0.393925565175565, 4),
    ),
    (
        Specification("random_allocation_rule", 12),
        (0.643037518037518, 9.85174904141605, 0.572150072150072, 0.142857142857143, 0, 0, 1, 3.27272727272727),
    ),
    (
        Specification("maximal", 12, limit=2),
        (0.680555555555556, 8.92481250360578, 0.722222222222222, 0.222222222222222, 0, 0, 1, 1.33333333333333),
    ),
    (
        Specification("maximal", 12, limit=3),
        (0.65446127946128, 9.62935662007961, 0.617845117845118, 0.161616161616162, 0, 0, 1, 2.13131313131313),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("specification", "expected"), ENUMERATED, ids=str)
def test_twelve_participants_as_another_program_counts_them(specification, expected):
    found = metrics(specification, (1, 1), 12)
    ours = (
        found.correct_guess, found.entropy_bits, found.forcing_index, found.deterministic, found.variance,
        found.mean_absolute, found.balanced, found.largest_variance,
    )  # fmt: skip
    assert ours == pytest.approx(expected, rel=1e-12, abs=1e-12)


# The same enumeration for 231 participants: guess, E|D|, median and 95 % of |D| (rounded as printed).
@pytest.mark.parametrize(("specification", "guess", "mean", "quantiles"), [
    (Specification("complete", 232), 0.5, 12.14, (11, 29)),
    (Specification("wei_urn", 232, beta=1), 0.5292, 7.02, (5, 17)),
    (Specification("big_stick", 232, limit=6), 0.5396, 3.00, (3, 5)),
    (Specification("big_stick", 232, limit=4), 0.5611, 2.00, (1, 3)),
    (Specification("biased_coin", 232, probability=TWO_THIRDS), 0.6241, 1.67, (1, 5)),
    (Specification("biased_coin", 232, probability=Fraction(3, 4)), 0.6658, 1.25, (1, 3)),
    (Specification("permuted_blocks", 232, sizes=(4,)), 0.7071, 1.00, (1, 1)),
    (Specification("permuted_blocks", 232, sizes=(6,)), 0.6818, 1.20, (1, 3)),
], ids=str)  # fmt: skip
def test_the_size_of_the_reference_trial(specification, guess, mean, quantiles):
    found = metrics(specification, (1, 1), 231)
    assert (round(found.correct_guess, 4), round(found.mean_absolute, 2)) == (guess, mean)
    assert tuple(quantile(found.imbalance, share) for share in (0.5, 0.95)) == quantiles


@pytest.mark.parametrize("half", [1, 2, 3, 5, 10])
def test_blocks_are_as_predictable_as_blackwell_and_hodges_say(half):
    """b + 2^(2b−1)/C(2b,b) − 1/2 correct guesses of 2b (1957, doi:10.1214/aoms/1177706973)."""
    expected = (half + 2 ** (2 * half - 1) / comb(2 * half, half) - 0.5) / (2 * half)
    blocks = metrics(Specification("permuted_blocks", 1, sizes=(2 * half,)), (1, 1), 4 * half)
    rule = metrics(Specification("random_allocation_rule", 2 * half), (1, 1), 2 * half)
    assert (blocks.correct_guess, rule.correct_guess) == pytest.approx((expected, expected))


@pytest.mark.parametrize(("p", "q"), [(2, 1), (3, 1)])
def test_efrons_coin_tends_to_its_limits(p, q):
    """Efron 1971: the excess of correct guesses tends to (r − 1)/4r and P(D = 0), n even, to 1 − 1/r, with r = p/q."""
    r = p / q
    found = metrics(Specification("biased_coin", 1, probability=Fraction(p, p + q)), (1, 1), 400)
    assert found.balanced == pytest.approx(1 - 1 / r, abs=1e-6)
    assert found.correct_guess - 0.5 == pytest.approx((r - 1) / (4 * r), abs=2e-3)


def test_the_entropy_of_a_uniform_procedure_counts_its_lists():
    for limit in (2, 3, 4):
        found = metrics(Specification("maximal", 20, limit=limit), (1, 1), 20)
        assert found.entropy_bits == pytest.approx(log2(admissible_lists(20, limit)))


def test_strata_add_up():
    """Two strata of one coin each: D is −2, 0 or 2 with 1/4, 1/2, 1/4."""
    coin = metrics(Specification("complete", 1), (1, 1), 1).imbalance
    assert together(coin, coin) == {-2: 0.25, 0: 0.5, 2: 0.25}
    assert (quantile(together(coin, coin), 0.5), quantile(together(coin, coin), 0.51)) == (0, 2)


def test_unequal_arms_are_guessed_by_their_share():
    """2:1 in blocks of three: the first guess is right 2 times in 3 only by the arm behind its share; by hand."""
    found = metrics(Specification("permuted_blocks", 3, sizes=(3,)), (2, 1), 3)
    # All arms at their share: bet by lot, 1/2. After a: b is behind, right 1/2. After b: a, right 1. Then certain,
    # and right, since what is left is what is behind: aab -> a, a: after aa the arm behind is b.
    first = 0.5 * 2 / 3 + 0.5 * 1 / 3
    second = 2 / 3 * 0.5 + 1 / 3 * 1
    assert found.correct_guess == pytest.approx((first + second + 1) / 3)
    assert found.forcing_index is None
    assert found.deterministic == pytest.approx((0 + 1 / 3 + 1) / 3)
