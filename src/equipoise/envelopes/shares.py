"""The escrow key in three shares, of which any two give it back and one says nothing (Shamir 1979).

The line share(i) = key + slope·i is drawn over the integers modulo ℓ, the order of the curve's prime subgroup. The key
and the slope are also published as points of edwards25519, so that each holder can check alone that the share lies on
the one line, and that the line begins at the escrow key the list is sealed for (Feldman 1987,
doi:10.1109/SFCS.1987.4). That check rests on discrete logarithms, as the sealed boxes themselves do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from nacl.bindings import (
    crypto_core_ed25519_add,
    crypto_scalarmult_ed25519_base_noclamp,
    crypto_scalarmult_ed25519_noclamp,
    crypto_sign_ed25519_pk_to_curve25519,
)
from nacl.exceptions import CryptoError

from equipoise.envelopes.keys import KEY_BYTES, RandomSource

ORDER: Final = 2**252 + 27742317777372353535851937790883648493  # ℓ of RFC 7748, section 4.1
HOLDERS: Final = 3
QUORUM: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """What is published of a splitting: the points of the key and of the slope."""

    key: bytes
    slope: bytes


@dataclass(frozen=True, slots=True)
class Share:
    """One holder's share of the escrow key, and the line it must lie on. The value is not shown when printed."""

    index: int  # 1 to 3
    value: bytes = field(repr=False)  # a scalar modulo ℓ, 32 bytes, least significant first
    line: Line


def split(secret: bytes, random: RandomSource) -> tuple[Share, ...]:
    """The three shares of an X25519 private key, on a line drawn for this splitting alone."""
    key, slope = _clamped(secret) % ORDER, _scalar(random)
    line = Line(_point(key), _point(slope))
    return tuple(Share(index, _bytes((key + slope * index) % ORDER), line) for index in range(1, HOLDERS + 1))


def lies_on_line(share: Share, public: bytes) -> bool:
    """Whether the share is a share of this X25519 public key's private half: anybody who has the share can tell."""
    try:
        steps = crypto_scalarmult_ed25519_noclamp(_bytes(share.index), share.line.slope)
        expected = crypto_core_ed25519_add(share.line.key, steps)
        return (
            crypto_scalarmult_ed25519_base_noclamp(share.value) == expected
            and crypto_sign_ed25519_pk_to_curve25519(share.line.key) == public
        )
    except CryptoError:
        return False  # a point that is none, or a scalar of another length


def join(shares: Sequence[Share]) -> bytes:
    """The private key from two shares of one line with different indices.

    The line at 0 is the key modulo ℓ. Of the numbers that leave this remainder exactly one is an X25519 key: a
    multiple of 8 from 2²⁵⁴ to 2²⁵⁵, because those are 8ℓ > 2²⁵⁴ apart. Whether it is *the* key, its public half says.
    """
    one, other = shares
    a, b = (int.from_bytes(share.value, "little") for share in shares)
    slope = (b - a) * pow(other.index - one.index, -1, ORDER)
    rest = (a - slope * one.index) % ORDER
    keys = [rest + times * ORDER for times in range(8) if (rest + times * ORDER) % 8 == 0]
    return keys[0].to_bytes(KEY_BYTES, "little")


def _clamped(secret: bytes) -> int:
    """The number an X25519 private key stands for (RFC 7748, section 5)."""
    return int.from_bytes(secret, "little") & ~7 & (2**255 - 1) & ~(1 << 254) | 1 << 254


def _scalar(random: RandomSource) -> int:
    """A number from 1 to ℓ − 1, each equally likely."""
    while True:
        drawn = int.from_bytes(random(KEY_BYTES), "little") & (2**253 - 1)
        if 0 < drawn < ORDER:
            return drawn


def _point(scalar: int) -> bytes:
    point: bytes = crypto_scalarmult_ed25519_base_noclamp(_bytes(scalar))
    return point


def _bytes(scalar: int) -> bytes:
    return scalar.to_bytes(KEY_BYTES, "little")
