"""Sealing an allocation list, so that no server, dump or backup holds an arm anybody could read there.

Each slot is an envelope: 256 bytes locked under a key made of two shares. The first share is wrapped for the unmasked
roles' public keys; the second lies in the allocator's own store until the slot is assigned. A stolen database opens
nothing; with a stolen private key as well it opens only what was already released. A Merkle root published before the
first participant shows at the end that the list opened is the list sealed.
"""

from equipoise.envelopes.errors import SealError
from equipoise.envelopes.files import (
    read_list,
    read_locks,
    read_public_key,
    write_list,
    write_locks,
    write_public_key,
)
from equipoise.envelopes.keyfile import LIGHT, MODERATE, Effort, read_private_key, write_private_key
from equipoise.envelopes.keys import PrivateKey, RandomSource, RoleKey, new_key
from equipoise.envelopes.labels import read_label
from equipoise.envelopes.messages import MESSAGES
from equipoise.envelopes.opening import open_list, open_payloads, open_slot
from equipoise.envelopes.payload import Payload, commitment_of
from equipoise.envelopes.seal import seal
from equipoise.envelopes.sealed import Context, SealedList, SealedSlot, SecondLock

__all__ = [
    "LIGHT",
    "MESSAGES",
    "MODERATE",
    "Context",
    "Effort",
    "Payload",
    "PrivateKey",
    "RandomSource",
    "RoleKey",
    "SealError",
    "SealedList",
    "SealedSlot",
    "SecondLock",
    "commitment_of",
    "new_key",
    "open_list",
    "open_payloads",
    "open_slot",
    "read_label",
    "read_list",
    "read_locks",
    "read_private_key",
    "read_public_key",
    "seal",
    "write_list",
    "write_locks",
    "write_private_key",
    "write_public_key",
]
