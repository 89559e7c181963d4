"""The procedures give each sequence its exact probability, by enumeration of everything chance can do."""

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import islice, product
from math import comb

import pytest
from scipy import stats

from equipoise.randomisation import Specification, blocks, draw, draw_strata, seeded

EVEN = {"a": 1, "b": 1}


class ScriptEndedError(Exception):
    """The script of chance has ended."""


def distribution(specification, ratio, length):
    """The exact probability of every sequence, from all scripts of chance: each byte one of the values a draw can take.

    Every draw here needs at most two bits, so a byte counts by its two lowest bits.
    """
    chances: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        script = waiting.pop()
        left = iter(script)

        def source(count: int, left=left) -> bytes:
            assert count == 1
            byte = next(left, None)
            if byte is None:
                raise ScriptEndedError
            return bytes([byte])

        try:
            chances[draw(specification, ratio, length, source)] += Fraction(1, 4 ** len(script))
        except ScriptEndedError:
            if len(script) < 9:  # longer scripts are only rejections; what they would add is checked below
                waiting.extend((*script, byte) for byte in range(4))
    return chances


def test_complete_randomisation_gives_every_sequence_the_same_chance():
    chances = distribution(Specification("complete", 4), EVEN, 4)
    assert chances == {arms: Fraction(1, 16) for arms in product("ab", repeat=4)}


def test_complete_randomisation_follows_the_ratio():
    chances = distribution(Specification("complete", 2), {"a": 3, "b": 1}, 2)
    share = {"a": Fraction(3, 4), "b": Fraction(1, 4)}
    assert chances == {(x, y): share[x] * share[y] for x, y in product("ab", repeat=2)}


def test_a_block_of_two_is_one_of_two():
    assert distribution(Specification("permuted_blocks", 4, sizes=(2,)), EVEN, 4) == {
        (*first, *second): Fraction(1, 4) for first, second in product([("a", "b"), ("b", "a")], repeat=2)
    }


def test_a_block_of_four_is_one_of_six_equally_often():
    """Rejections never end, so the enumeration is of what nine draws can do; what is met must be met equally."""
    chances = distribution(Specification("permuted_blocks", 4, sizes=(4,)), EVEN, 4)
    assert len(chances) == comb(4, 2)
    assert len(set(chances.values())) == 1
    assert sum(chances.values()) > Fraction(999, 1000)


def big_stick_by_hand(arms: str, limit: int) -> Fraction:
    """The chance of a sequence, step by step from the rule of Soares and Wu (1983)."""
    chance, ahead = Fraction(1), 0
    for arm in arms:
        toward = 1 if arm == "a" else -1
        if abs(ahead) == limit:
            chance *= 0 if toward * ahead > 0 else 1
        else:
            chance *= Fraction(1, 2)
        ahead += toward
    return chance


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_the_big_stick_gives_every_sequence_its_chance(limit):
    expected = {arms: big_stick_by_hand(arms, limit) for arms in product("ab", repeat=6)}
    met = distribution(Specification("big_stick", 6, limit=limit), EVEN, 6)
    assert met == {arms: chance for arms, chance in expected.items() if chance}
    assert sum(met.values()) == 1


def guessed_right(arms):
    """How many allocations someone gets right who bets on the arm behind; a tie counts one half."""
    right, ahead = Fraction(0), 0
    for arm in arms:
        toward = 1 if arm == "a" else -1
        right += Fraction(1, 2) if ahead == 0 else Fraction(int(ahead * toward < 0))
        ahead += toward
    return right


@pytest.mark.parametrize(("size", "share"), [(2, Fraction(3, 4)), (4, Fraction(17, 24)), (6, Fraction(41, 60))])
def test_blocks_are_as_predictable_as_published(size, share):
    """Blackwell & Hodges 1957 (doi:10.1214/aoms/1177706973): b + 2^(2b−1)/C(2b,b) − 1/2 of 2b guesses are right.

    20,000 blocks drawn from a fixed seed; the tolerance is four standard errors of a mean whose terms differ by at
    most `size` (so its standard error is below half of one per `size` over √20,000).
    """
    half = size // 2
    assert (half + Fraction(2 ** (2 * half - 1), comb(2 * half, half)) - Fraction(1, 2)) / size == share
    drawn = islice(blocks(Specification("permuted_blocks", 1, sizes=(size,)), EVEN, seeded(b"guess")), 20_000)
    mean = sum(map(guessed_right, drawn)) / 20_000 / size
    assert abs(float(mean - share)) < 4 * 0.5 / 20_000**0.5


@pytest.mark.parametrize("limit", [2, 3, 4])
def test_the_big_stick_is_as_predictable_as_its_chain(limit):
    """In the long run 1/2 + 1/(4b) of the guesses are right; 60,000 draws, tolerance four binomial standard errors."""
    arms = draw(Specification("big_stick", 1, limit=limit), EVEN, 60_000, seeded(b"stick"))
    assert abs(float(guessed_right(arms)) / 60_000 - (0.5 + 1 / (4 * limit))) < 4 * 0.5 / 60_000**0.5


def test_block_sizes_follow_their_weights():
    specification = Specification("permuted_blocks", 1, sizes=(4, 6, 8), weights=(1, 2, 1))
    met = Counter(len(block) for block in islice(blocks(specification, EVEN, seeded(b"sizes")), 20_000))
    assert stats.chisquare([met[4], met[6], met[8]], [5_000, 10_000, 5_000]).pvalue > 0.001


def test_arms_are_balanced_in_the_long_run():
    met = Counter(draw(Specification("complete", 1), {"a": 2, "b": 1}, 30_000, seeded(b"balance")))
    assert stats.chisquare([met["a"], met["b"]], [20_000, 10_000]).pvalue > 0.001


def test_the_order_in_a_file_changes_nothing():
    specification = Specification("permuted_blocks", 1, sizes=(4, 8))
    assert draw(specification, {"a": 1, "b": 1}, 40, seeded(b"order")) == draw(
        specification, {"b": 1, "a": 1}, 40, seeded(b"order")
    )


def test_strata_are_drawn_from_their_own_streams():
    specification = Specification("big_stick", 50, limit=3)
    both = draw_strata(specification, EVEN, ["x", "y"], lambda stratum: seeded(b"strata", stratum))
    alone = draw_strata(specification, EVEN, ["y"], lambda stratum: seeded(b"strata", stratum))
    assert both["y"] == alone["y"]
    assert both["x"] != both["y"]
    assert {len(arms) for arms in both.values()} == {50}


def test_a_specification_with_a_fault_draws_nothing():
    with pytest.raises(ValueError, match=r"randomisation\.E004"):
        draw(Specification("permuted_blocks", 1, sizes=(3,)), EVEN, 4, seeded(b"x"))
