"""Where randomness comes from: a function that gives bytes, handed in by whoever calls.

Nothing in this room keeps a random state of its own. A real list is drawn from the operating system's entropy; a
demonstration from a seed, so that everybody gets the same one.
"""

import hashlib
import secrets
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import TypeAlias, TypeVar

RandomSource: TypeAlias = Callable[[int], bytes]
"""`source(n)` is the next n random bytes."""

T = TypeVar("T")


def operating_system(count: int) -> bytes:
    """Bytes from the operating system's entropy: the only source for a real list."""
    return secrets.token_bytes(count)


def seeded(seed: bytes, *label: str) -> RandomSource:
    """The stream of a seed and a label: the same two give the same bytes, on every machine, for ever.

    Another label ("belimumab-sle", "stratum", "PUMCH") gives an independent stream, so a draw added to one never
    shifts another. The bytes are SHA-256(key ‖ counter) for counter = 0, 1, … (eight bytes, big-endian), where key is
    the SHA-256 of a domain name, the seed and each label, every part preceded by its length in eight bytes.
    """
    if not seed:
        raise ValueError("a stream needs a seed")
    parts = (b"equipoise.stream.1", seed, *(part.encode() for part in label))
    key = hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()
    return _Stream(key).take


class _Stream:
    """SHA-256 in counter mode."""

    __slots__ = ("_buffer", "_counter", "_key")

    def __init__(self, key: bytes) -> None:
        self._key, self._counter, self._buffer = key, 0, b""

    def take(self, count: int) -> bytes:
        """The next bytes of the stream."""
        while len(self._buffer) < count:
            self._buffer += hashlib.sha256(self._key + self._counter.to_bytes(8, "big")).digest()
            self._counter += 1
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken


def below(bound: int, random: RandomSource) -> int:
    """An integer from 0 to bound − 1, each equally likely.

    Takes just enough bits and throws away what is too large: a remainder would favour small numbers.
    """
    if bound < 1:
        raise ValueError(f"no integer is below {bound} and not negative")
    bits = (bound - 1).bit_length()
    if bits == 0:
        return 0
    while True:
        drawn = int.from_bytes(random((bits + 7) // 8), "big") & ((1 << bits) - 1)
        if drawn < bound:
            return drawn


def chosen(values: Sequence[T], weights: Sequence[int], random: RandomSource) -> T:
    """One of the values, with probability in proportion to its whole-number weight."""
    ends = list(accumulate(weights))
    return values[bisect_right(ends, below(ends[-1], random))]


def shuffled(values: Sequence[T], random: RandomSource) -> tuple[T, ...]:
    """The values in an order drawn uniformly from all orders (Durstenfeld 1964, doi:10.1145/364520.364540)."""
    order = list(values)
    for last in range(len(order) - 1, 0, -1):
        other = below(last + 1, random)
        order[last], order[other] = order[other], order[last]
    return tuple(order)
