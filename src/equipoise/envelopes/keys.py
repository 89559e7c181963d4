"""Key pairs of the unmasked roles. The public half seals; the private half opens, and never comes near a server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import nacl.bindings

RandomSource: TypeAlias = Callable[[int], bytes]
"""`source(n)` is the next n random bytes; the same shape as in `randomisation`, its sibling room."""

KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class RoleKey:
    """The public half of a key pair: whoever holds the private half is this recipient. `demo` keys are for show."""

    role: str
    public: bytes
    demo: bool = False

    def __post_init__(self) -> None:
        if len(self.public) != KEY_BYTES:
            raise ValueError(f"a public key has {KEY_BYTES} bytes")


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """Both halves of a key pair. The secret is not shown when the value is printed."""

    role: str
    secret: bytes = field(repr=False)
    demo: bool = False

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError(f"a private key has {KEY_BYTES} bytes")

    @property
    def public(self) -> RoleKey:
        """The half that may be shown to everybody."""
        return RoleKey(self.role, nacl.bindings.crypto_scalarmult_base(self.secret), self.demo)


def new_key(role: str, random: RandomSource, *, demo: bool = False) -> PrivateKey:
    """A new X25519 key pair. A key drawn from anything but the operating system's entropy must be marked `demo`."""
    return PrivateKey(role, random(KEY_BYTES), demo)
