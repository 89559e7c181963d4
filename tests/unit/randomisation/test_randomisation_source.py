"""Randomness is handed in, reproducible where it must be, and never tilted."""

import hashlib
import struct
from collections import Counter
from itertools import count, permutations

import pytest
from scipy import stats

from equipoise.randomisation import below, operating_system, seeded, shuffled
from equipoise.randomisation.source import chosen


def scripted(*values: int):
    """A source that gives these bytes, one at a time, and then stops."""
    left = iter(values)
    return lambda length: bytes(next(left) for _ in range(length))


def stream_by_hand(seed: bytes, labels: list[str], length: int) -> bytes:
    """The definition of the stream, written a second time from its description."""
    key = hashlib.sha256()
    for part in [b"equipoise.stream.1", seed, *[label.encode("utf-8") for label in labels]]:
        key.update(struct.pack(">Q", len(part)) + part)
    made = b""
    for counter in count():
        if len(made) >= length:
            return made[:length]
        made += hashlib.sha256(key.digest() + struct.pack(">Q", counter)).digest()
    raise AssertionError


def test_a_seeded_stream_is_the_one_described():
    source = seeded(b"seed", "belimumab-sle", "stratum", "甲")
    assert source(1) + source(70) + source(0) + source(33) == stream_by_hand(
        b"seed", ["belimumab-sle", "stratum", "甲"], 104
    )


@pytest.mark.parametrize(
    "other", [seeded(b"seed", "b"), seeded(b"Seed", "a"), seeded(b"seed", "a", ""), seeded(b"see", "da")]
)
def test_another_label_is_another_stream(other):
    assert seeded(b"seed", "a")(32) != other(32)


def test_two_streams_do_not_shift_each_other():
    alone = seeded(b"s", "x")(64)
    first, second = seeded(b"s", "x"), seeded(b"s", "y")
    mixed = first(10) + (second(7) and b"") + first(54)
    assert mixed == alone


def test_a_stream_needs_a_seed():
    with pytest.raises(ValueError, match="seed"):
        seeded(b"")


def test_the_operating_system_gives_as_many_bytes_as_asked_and_not_the_same_twice():
    assert len(operating_system(32)) == 32
    assert operating_system(32) != operating_system(32)


@pytest.mark.parametrize("bound", [1, 2, 3, 5, 6, 7, 12, 200, 255, 256])
def test_every_integer_below_a_bound_is_equally_likely(bound):
    """Exactly: over all 256 first bytes, each value is met as often as any other, and the rest is thrown away."""
    met = Counter()
    for byte in range(256):
        try:
            met[below(bound, scripted(byte))] += 1
        except RuntimeError:  # the byte was thrown away and the script has ended
            continue
    assert set(met) == set(range(bound))
    assert len(set(met.values())) == 1


def test_a_large_bound_is_even_too():
    drawn = Counter(below(1000, source) for source in [seeded(b"even")] for _ in range(100_000))
    assert stats.chisquare([drawn[value] for value in range(1000)]).pvalue > 0.001
    assert len(drawn) == 1000


@pytest.mark.parametrize("bound", [0, -3])
def test_nothing_is_below_nought(bound):
    with pytest.raises(ValueError, match="no integer"):
        below(bound, operating_system)


def test_a_certain_choice_takes_no_randomness():
    assert below(1, scripted()) == 0


def test_a_weighted_choice_follows_its_weights_exactly():
    met = Counter(chosen("abc", (1, 2, 5), scripted(byte)) for byte in range(8))
    assert met == {"a": 1, "b": 2, "c": 5}


def test_every_order_is_equally_likely():
    """Exactly: the 4 × 3 × 2 ways a shuffle of four can go give each of the 24 orders once."""
    ways = [(a, b, c) for a in range(4) for b in range(3) for c in range(2)]
    assert sorted(shuffled("wxyz", scripted(*way)) for way in ways) == sorted(permutations("wxyz"))
