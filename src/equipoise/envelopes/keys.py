"""Key pairs of the unmasked roles. The public half seals; the private half opens, and never comes near a server."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import nacl.bindings

from equipoise.envelopes.labels import in_base_32
from equipoise.items.canonical import canonical

RandomSource: TypeAlias = Callable[[int], bytes]
"""`source(n)` is the next n random bytes; the same shape as in `randomisation`, its sibling room."""

KEY_BYTES: Final = 32
_FINGERPRINT_CHARACTERS: Final = 20  # 100 bits: nobody makes a second key with the same


@dataclass(frozen=True, slots=True)
class RoleKey:
    """The public half of a key pair: whoever holds the private half is this recipient. `demo` keys are for show.

    A key can be bound to a site where it is named a recipient; its file and its fingerprint say nothing of it.
    """

    role: str
    public: bytes
    demo: bool = False
    holder: str = ""  # who holds the private half, where a role has more than one
    site: str = ""  # the only one whose envelopes it is to open

    def __post_init__(self) -> None:
        if len(self.public) != KEY_BYTES:
            raise ValueError(f"a public key has {KEY_BYTES} bytes")

    @property
    def recipient(self) -> str:
        """The name under which envelopes are addressed to this key: the role, and the holder if one is named."""
        return recipient_of(self.role, self.holder)

    @property
    def fingerprint(self) -> str:
        """Twenty characters in groups of four, to compare aloud: SHA-256 over everything the public file says."""
        said = canonical(["equipoise.fingerprint.1", self.role, self.holder, self.public.hex(), self.demo])
        digits = in_base_32(hashlib.sha256(said).digest()[:15])[:_FINGERPRINT_CHARACTERS]
        return "-".join(digits[start : start + 4] for start in range(0, _FINGERPRINT_CHARACTERS, 4))


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """Both halves of a key pair. The secret is not shown when the value is printed."""

    role: str
    secret: bytes = field(repr=False)
    demo: bool = False
    holder: str = ""

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError(f"a private key has {KEY_BYTES} bytes")

    @property
    def public(self) -> RoleKey:
        """The half that may be shown to everybody."""
        return RoleKey(self.role, nacl.bindings.crypto_scalarmult_base(self.secret), self.demo, self.holder)

    @property
    def recipient(self) -> str:
        """The name under which envelopes are addressed to this key."""
        return recipient_of(self.role, self.holder)


def recipient_of(role: str, holder: str) -> str:
    """The role alone, or with its holder: `pharmacist/Li Na`."""
    return f"{role}/{holder}" if holder else role


def new_key(role: str, random: RandomSource, *, demo: bool = False, holder: str = "") -> PrivateKey:
    """A new X25519 key pair. A key drawn from anything but the operating system's entropy must be marked `demo`."""
    return PrivateKey(role, random(KEY_BYTES), demo, holder)
