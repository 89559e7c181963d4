"""What lies in an envelope: always 256 bytes, whatever the arm is called."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from equipoise.envelopes import merkle
from equipoise.items.canonical import Json, canonical

BYTES: Final = 256
SALT_BYTES: Final = 16
_END: Final = b"\x80"  # then zeros (ISO/IEC 7816-4), so that the end of the text is never in doubt


@dataclass(frozen=True, slots=True)
class Payload:
    """The secret of one slot. The salt keeps its leaf in the commitment from being guessed arm by arm."""

    slot: str
    stratum: str
    position: int
    arm: str
    salt: bytes = field(repr=False)

    def text(self) -> bytes:
        """The canonical JSON: what is sealed, and what the commitment is made over."""
        fields: dict[str, Json] = {
            "arm": self.arm, "position": self.position, "salt": self.salt.hex(), "slot": self.slot,
            "stratum": self.stratum,
        }  # fmt: skip
        return canonical(fields)

    def padded(self) -> bytes | None:
        """The text filled up to 256 bytes, or None if the names of arm and stratum are too long for that."""
        text = self.text()
        return (text + _END).ljust(BYTES, b"\0") if len(text) < BYTES else None


def read_padded(padded: bytes) -> Payload | None:
    """The payload of 256 bytes, or None if they are not exactly what `padded` writes."""
    try:
        fields = json.loads(padded.rstrip(b"\0").removesuffix(_END))
        payload = Payload(
            fields["slot"], fields["stratum"], fields["position"], fields["arm"], bytes.fromhex(fields["salt"])
        )
        return payload if payload.padded() == padded else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def commitment_of(payloads: Iterable[Payload]) -> str:
    """The Merkle root over all slots in the order of their labels: published before the first participant.

    Once the list is opened anybody can make it again from the opened slots and compare (RFC 6962, section 2.1; a leaf
    is the SHA-256 of a zero byte and the slot's canonical JSON).
    """
    return merkle.root([leaf_of(payload) for payload in sorted(payloads, key=lambda payload: payload.slot)]).hex()


def leaf_of(payload: Payload) -> bytes:
    """The leaf of a slot in the commitment."""
    return merkle.leaf(payload.text())
