"""Slot labels: eight characters a person can read aloud and type, that say nothing about anything."""

from collections.abc import Iterator
from typing import Final

from equipoise.envelopes.keys import RandomSource

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U
LENGTH: Final = 8


def new_labels(count: int, random: RandomSource) -> Iterator[str]:
    """Different labels, each drawn evenly from the 2⁴⁰ there are."""
    given: set[str] = set()
    while len(given) < count:
        label = _label(random(5))
        if label not in given:
            given.add(label)
            yield label


def read_label(typed: str) -> str | None:
    """The label a person meant: lower case, spaces, hyphens, and O for 0 or I and L for 1 are forgiven."""
    plain = typed.upper().translate({ord("O"): "0", ord("I"): "1", ord("L"): "1", ord("-"): "", ord(" "): ""})
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else None


def _label(five: bytes) -> str:
    number = int.from_bytes(five, "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(35, -5, -5))
