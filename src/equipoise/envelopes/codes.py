"""Secrets that people read, type and scan: 30 characters in six groups, with a checksum that finds a slip of the pen.

26 characters of Crockford's base 32 hold two bits for the kind and 128 bits of secret; four more are the check of a
Reed-Solomon code over GF(32) (generator roots α¹ to α⁴, field polynomial x⁵ + x² + 1). Its distance is five, so up to
four wrong characters, and two exchanged ones, are found with certainty (Reed & Solomon 1960, doi:10.1137/0108018).
"""

from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Final

from equipoise.envelopes.labels import ALPHABET, plainly
from equipoise.envelopes.messages import problem
from equipoise.items.problem import Problem

SECRET_BYTES: Final = 16
_DATA, _CHECKS, _GROUP = 26, 4, 5
_KINDS: Final = ("card", "release", "first half", "second half")


class Code(IntEnum):
    """What a code is: two bits in it say so, so that one is never taken for another."""

    CARD = 0
    RELEASE = 1
    FIRST_HALF = 2  # of the second lock of one envelope
    SECOND_HALF = 3


def write_code(kind: Code, secret: bytes) -> str:
    """The code of a 16-byte secret: `7K3MQ-…`, six groups of five."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a code holds {SECRET_BYTES} bytes")
    number = kind << 8 * SECRET_BYTES | int.from_bytes(secret, "big")
    data = [number >> shift & 31 for shift in range(5 * (_DATA - 1), -5, -5)]
    text = "".join(ALPHABET[value] for value in (*data, *_checks(data)))
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def read_code(typed: str, kind: Code) -> bytes | Problem:
    """The secret a person typed or scanned, or what is wrong: no such code, a wrong character, or another kind.

    What a scanner gives (`EQUIPOISE:label:code`) is taken as well.
    """
    plain = plainly(typed.rpartition(":")[2])
    if len(plain) != _DATA + _CHECKS:
        return problem("envelopes.E030", _KINDS[kind], given=str(len(plain)))
    if not set(plain) <= set(ALPHABET):
        return _wrong(typed, kind)
    values = [ALPHABET.index(character) for character in plain]
    if values[_DATA:] != _checks(values[:_DATA]):
        return _wrong(typed, kind)
    number = 0
    for value in values[:_DATA]:
        number = number << 5 | value
    if number >> 8 * SECRET_BYTES != kind:
        return problem("envelopes.E032", _KINDS[kind])
    return (number & ((1 << 8 * SECRET_BYTES) - 1)).to_bytes(SECRET_BYTES, "big")


def _wrong(typed: str, kind: Code) -> Problem:
    place = slip_in(typed)
    if place is None:
        return problem("envelopes.E031", _KINDS[kind])
    group, character = divmod(place - 1, _GROUP)
    return problem("envelopes.E033", _KINDS[kind], group=str(group + 1), character=str(character + 1))


def slip_in(typed: str) -> int | None:
    """Which of the 30 characters is wrong, counted from 1, if exactly one is; None if none or more than one is.

    One wrong character is a codeword with an error e at one power p of x, whose syndromes are e·αᵖ, e·α²ᵖ, …: their
    ratio says p. It is named, and never corrected for anybody. A character that no code has is named as well.
    """
    plain = plainly(typed.rpartition(":")[2])
    if len(plain) != _DATA + _CHECKS:
        return None
    strange = [place for place, character in enumerate(plain, start=1) if character not in ALPHABET]
    if strange:
        return strange[0]
    values = [ALPHABET.index(character) for character in plain]
    syndromes = [_at(values, root) for root in _POWERS[1 : _CHECKS + 1]]
    for place in range(1, len(plain) + 1):
        ratio = _POWERS[len(plain) - place]
        if syndromes[0] and all(_times(s, ratio) == following for s, following in pairwise(syndromes)):
            return place
    return None


def _at(values: Sequence[int], root: int) -> int:
    """The polynomial with these coefficients, the highest power first, at a point (Horner)."""
    total = 0
    for value in values:
        total = _times(total, root) ^ value
    return total


def write_lock_code(share: bytes) -> str:
    """The second lock of one envelope as two codes, to read over the telephone when nothing else works."""
    return f"{write_code(Code.FIRST_HALF, share[:16])} {write_code(Code.SECOND_HALF, share[16:])}"


def read_lock_code(typed: str) -> bytes | Problem:
    """The second lock of one envelope from its two codes, in their order."""
    plain = plainly(typed)
    first = read_code(plain[: _DATA + _CHECKS], Code.FIRST_HALF)
    second = read_code(plain[_DATA + _CHECKS :], Code.SECOND_HALF)
    if isinstance(first, Problem):
        return first
    return second if isinstance(second, Problem) else first + second


def _powers() -> list[int]:
    """α⁰ to α³⁰, by doubling modulo the field polynomial."""
    powers = [1]
    while len(powers) < 31:
        doubled = powers[-1] << 1
        powers.append(doubled ^ 0b100101 if doubled & 32 else doubled)
    return powers


_POWERS: Final = _powers()


def _times(a: int, b: int) -> int:
    """The product in GF(32)."""
    return _POWERS[(_POWERS.index(a) + _POWERS.index(b)) % 31] if a and b else 0


def _generator() -> list[int]:
    """(x − α)(x − α²)(x − α³)(x − α⁴) without its leading 1, the highest power first."""
    product = [1]
    for root in _POWERS[1 : _CHECKS + 1]:
        shifted, scaled = [*product, 0], [0, *(_times(root, each) for each in product)]
        product = [a ^ b for a, b in zip(shifted, scaled, strict=True)]
    return product[1:]


_GENERATOR: Final = _generator()


def _checks(data: Sequence[int]) -> list[int]:
    """The remainder of the data, shifted by four places, on division by the generator."""
    rest = [0] * _CHECKS
    for value in data:
        lead = value ^ rest[0]
        rest = [a ^ _times(lead, g) for a, g in zip([*rest[1:], 0], _GENERATOR, strict=True)]
    return rest
