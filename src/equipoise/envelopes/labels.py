"""Slot labels: eight characters a person can read aloud and type, that say nothing about anything."""

from collections.abc import Callable, Iterator
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U
LENGTH: Final = 8


def new_labels(count: int, random: Callable[[int], bytes]) -> Iterator[str]:
    """Different labels, each drawn evenly from the 2⁴⁰ there are."""
    given: set[str] = set()
    while len(given) < count:
        label = in_base_32(random(5))
        if label not in given:
            given.add(label)
            yield label


def read_label(typed: str) -> str | None:
    """The label a person meant: lower case, spaces, hyphens, and O for 0 or I and L for 1 are forgiven."""
    plain = plainly(typed)
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else None


def plainly(typed: str) -> str:
    """What a person typed, as it is printed: capitals, no spaces or hyphens, 0 for O and 1 for I and L."""
    return "".join(typed.upper().split()).translate({ord("O"): "0", ord("I"): "1", ord("L"): "1", ord("-"): ""})


def in_base_32(data: bytes) -> str:
    """Bytes as characters of five bits each, the highest first; their number of bits is a multiple of five."""
    number = int.from_bytes(data, "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(8 * len(data) - 5, -5, -5))
