"""The procedures give each sequence its exact probability, by enumeration of everything chance can do."""

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import accumulate, product
from math import comb

import pytest
from scipy import stats

from equipoise.randomisation import Specification, draw, draw_strata, seeded
from equipoise.randomisation.rules import admissible_lists, walk

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
    lists = exactly(Specification("permuted_blocks", 4, sizes=(4,)), 4)
    assert lists == {arms: Fraction(1, comb(4, 2)) for arms in product("ab", repeat=4) if arms.count("a") == 2}


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
    arms = draw(Specification("permuted_blocks", 1, sizes=(size,)), EVEN, 20_000 * size, seeded(b"guess"))
    drawn = (arms[start : start + size] for start in range(0, len(arms), size))
    mean = sum(map(guessed_right, drawn)) / 20_000 / size
    assert abs(float(mean - share)) < 4 * 0.5 / 20_000**0.5


@pytest.mark.parametrize("limit", [2, 3, 4])
def test_the_big_stick_is_as_predictable_as_its_chain(limit):
    """In the long run 1/2 + 1/(4b) of the guesses are right; 60,000 draws, tolerance four binomial standard errors."""
    arms = draw(Specification("big_stick", 1, limit=limit), EVEN, 60_000, seeded(b"stick"))
    assert abs(float(guessed_right(arms)) / 60_000 - (0.5 + 1 / (4 * limit))) < 4 * 0.5 / 60_000**0.5


def test_block_sizes_follow_their_weights():
    """Of lists of two, one half begins with a block of 2 and one half with a block of 4: aa and bb have 1/2 × 1/6."""
    sizes = Specification("permuted_blocks", 1, sizes=(2, 4), weights=(1, 1))
    assert exactly(sizes, 2) == {
        ("a", "a"): Fraction(1, 12), ("b", "b"): Fraction(1, 12),
        ("a", "b"): Fraction(5, 12), ("b", "a"): Fraction(5, 12),
    }  # fmt: skip
    heavier = Specification("permuted_blocks", 1, sizes=(2, 4), weights=(3, 1))
    assert exactly(heavier, 2)["a", "a"] == Fraction(1, 24)


def exactly(specification, length, ratio=EVEN):
    """The probability of every list, multiplied along the walk."""
    arms = sorted(ratio)
    procedure = walk(specification, tuple(ratio[arm] for arm in arms))
    chances = {(): {procedure.start: Fraction(1)}}
    for _ in range(length):
        after = defaultdict(lambda: defaultdict(Fraction))
        for drawn, states in chances.items():
            for state, chance in states.items():
                for arm, odd, next_state in procedure.step(state):
                    if odd:
                        after[(*drawn, arms[arm])][next_state] += chance * odd
        chances = after
    return {drawn: sum(states.values()) for drawn, states in chances.items()}


# Each procedure's chance of the next arm, written from its paper: counts so far, slots, parameters.
def biased_coin_by_hand(a, b, slots, p, limit):
    ahead = abs(a - b)
    toward_balance = Fraction(1) if limit and ahead >= limit else p
    return Fraction(1, 2) if a == b else toward_balance if a < b else 1 - toward_balance


def wei_urn_by_hand(a, b, slots, alpha, beta):
    total = 2 * alpha + beta * (a + b)
    return Fraction(1, 2) if total == 0 else Fraction(alpha + beta * b, total)


def rule_by_hand(a, b, slots):
    return Fraction(slots // 2 - a, slots - a - b)


def truncated_by_hand(a, b, slots):
    half = slots // 2
    return Fraction(0) if a == half else Fraction(1) if b == half else Fraction(1, 2)


def block_urn_by_hand(a, b, slots, balls):
    """Zhao & Weng 2011, equation for equal shares: (λ + k − N_A) / (2λ + 2k − N), k the complete pairs so far."""
    k = min(a, b)
    return Fraction(balls + k - a, 2 * balls + 2 * k - a - b)


P = Fraction(2, 3)
TWO_ARMS = [
    (Specification("biased_coin", 6, probability=P), lambda a, b, n: biased_coin_by_hand(a, b, n, P, None)),
    (Specification("biased_coin", 6, probability=P, limit=2), lambda a, b, n: biased_coin_by_hand(a, b, n, P, 2)),
    (Specification("wei_urn", 6, beta=1), lambda a, b, n: wei_urn_by_hand(a, b, n, 0, 1)),
    (Specification("wei_urn", 6, alpha=1, beta=2), lambda a, b, n: wei_urn_by_hand(a, b, n, 1, 2)),
    (Specification("random_allocation_rule", 6), rule_by_hand),
    (Specification("truncated_binomial", 6), truncated_by_hand),
    (Specification("block_urn", 6, balls=2), lambda a, b, n: block_urn_by_hand(a, b, n, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("specification", "chance_of_a"), TWO_ARMS, ids=lambda part: getattr(part, "procedure", ""))
def test_a_procedure_gives_every_list_the_chance_of_its_paper(specification, chance_of_a):
    expected = {}
    for arms in product("ab", repeat=6):
        chance, counts = Fraction(1), Counter()
        for arm in arms:
            of_a = chance_of_a(counts["a"], counts["b"], 6)
            chance *= of_a if arm == "a" else 1 - of_a
            counts[arm] += 1
            if not chance:
                break
        expected |= {arms: chance} if chance else {}
    assert exactly(specification, 6) == expected
    assert sum(expected.values()) == 1


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_the_maximal_procedure_makes_every_admissible_list_equally_likely(limit):
    """Berger, Ivanova & Knoll 2003, by listing all sequences of eight."""
    admissible = [
        arms
        for arms in product("ab", repeat=8)
        if all(abs(ahead) <= limit for ahead in leads(arms)) and arms.count("a") == 4
    ]
    assert admissible_lists(8, limit) == len(admissible)
    assert exactly(Specification("maximal", 8, limit=limit), 8) == dict.fromkeys(
        admissible, Fraction(1, len(admissible))
    )


def leads(arms):
    return accumulate(1 if arm == "a" else -1 for arm in arms)


def test_the_maximal_procedure_chooses_from_as_many_lists_as_published():
    """486 lists of 12 within 2, 792 within 3: exact counting."""
    assert (admissible_lists(12, 2), admissible_lists(12, 3)) == (486, 792)


@pytest.mark.parametrize(
    ("specification", "length"),
    [
        (Specification("random_allocation_rule", 8), 8),
        (Specification("permuted_blocks", 8, sizes=(4,)), 8),
        (Specification("block_urn", 8, balls=1), 4),
    ],
    ids=str,
)
def test_three_arms_end_in_their_ratio(specification, length):
    lists = exactly(specification, length, {"a": 2, "b": 1, "c": 1})
    assert sum(lists.values()) == 1
    assert {tuple(arms.count(arm) * 4 // length for arm in "abc") for arms in lists} == {(2, 1, 1)}


def test_a_list_that_has_ended_gives_no_more_slots():
    for specification in (Specification("random_allocation_rule", 4), Specification("maximal", 4, limit=2)):
        assert len(draw(specification, EVEN, 4, seeded(b"end"))) == 4
        with pytest.raises(ValueError, match="ends before"):
            draw(specification, EVEN, 5, seeded(b"end"))
    with pytest.raises(ValueError, match="ends before"):
        draw(Specification("truncated_binomial", 4), EVEN, 5, seeded(b"end"))


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
