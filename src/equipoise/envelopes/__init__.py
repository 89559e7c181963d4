"""Sealing an allocation list, so that no server, dump or backup holds an arm anybody could read there.

Each slot is an envelope: 256 bytes locked under a key made of two shares. The first share is wrapped for the unmasked
roles' public keys; the second lies in the allocator's own store until the slot is assigned. A stolen database opens
nothing; with a stolen private key as well it opens only what was already released. A Merkle root published before the
first participant shows at the end that the list opened is the list sealed. In an emergency a card from the site and a
release from the allocator open one envelope with no key at all. Two of three holders of the escrow key open the list.
"""

from equipoise.envelopes.archive import REPORT_BYTES, SMALL_BYTES, read_archive, seal_archive
from equipoise.envelopes.arrival import receive_list, receive_locks, receive_replacement, receive_seed, sealing_of
from equipoise.envelopes.ceremony import (
    COMMITMENT,
    COPY,
    SEALED_LIST,
    SECOND_LOCKS,
    Ceremony,
    check_commitment,
    escrow_files,
    hold,
    hold_again,
    sha256,
)
from equipoise.envelopes.codes import Code, read_code, read_lock_code, slip_in, write_code, write_lock_code
from equipoise.envelopes.errors import SealError
from equipoise.envelopes.escrow import ESCROW, escrow_key, holder_of, read_copy, read_share, share_out
from equipoise.envelopes.files import (
    OpenedList,
    read_list,
    read_locks,
    read_opened,
    read_public_key,
    read_seed,
    write_list,
    write_locks,
    write_opened,
    write_public_key,
)
from equipoise.envelopes.keyfile import (
    LIGHT,
    MODERATE,
    Effort,
    check_passphrase,
    read_heading,
    read_private_key,
    write_private_key,
)
from equipoise.envelopes.keys import PrivateKey, RandomSource, RoleKey, new_key
from equipoise.envelopes.kits import (
    PACKING_LIST,
    KitCeremony,
    PackedLot,
    hold_kits,
    kit_list_name,
    kit_number,
    read_kit_number,
    receive_kits,
)
from equipoise.envelopes.labels import read_label
from equipoise.envelopes.messages import MESSAGES, problem
from equipoise.envelopes.opening import open_broken, open_list, open_payloads, open_slot
from equipoise.envelopes.payload import Payload, commitment_of
from equipoise.envelopes.register import (
    Place,
    Row,
    SealedRecord,
    broken_record,
    hash_of,
    open_entry,
    read_record,
    read_register,
    seal_entry,
    write_register,
)
from equipoise.envelopes.seal import rewrap, seal, seal_payloads, seal_with_cards
from equipoise.envelopes.sealed import Card, Context, SealedList, SealedSeed, SealedSlot, SecondLock
from equipoise.envelopes.seed import Seed, open_record, open_seed, seal_record, seal_seed, seed_digest
from equipoise.envelopes.shares import Share

__all__ = [
    "COMMITMENT",
    "COPY",
    "ESCROW",
    "LIGHT",
    "MESSAGES",
    "MODERATE",
    "PACKING_LIST",
    "REPORT_BYTES",
    "SEALED_LIST",
    "SECOND_LOCKS",
    "SMALL_BYTES",
    "Card",
    "Ceremony",
    "Code",
    "Context",
    "Effort",
    "KitCeremony",
    "OpenedList",
    "PackedLot",
    "Payload",
    "Place",
    "PrivateKey",
    "RandomSource",
    "RoleKey",
    "Row",
    "SealError",
    "SealedList",
    "SealedRecord",
    "SealedSeed",
    "SealedSlot",
    "SecondLock",
    "Seed",
    "Share",
    "broken_record",
    "check_commitment",
    "check_passphrase",
    "commitment_of",
    "escrow_files",
    "escrow_key",
    "hash_of",
    "hold",
    "hold_again",
    "hold_kits",
    "holder_of",
    "kit_list_name",
    "kit_number",
    "new_key",
    "open_broken",
    "open_entry",
    "open_list",
    "open_payloads",
    "open_record",
    "open_seed",
    "open_slot",
    "problem",
    "read_archive",
    "read_code",
    "read_copy",
    "read_heading",
    "read_kit_number",
    "read_label",
    "read_list",
    "read_lock_code",
    "read_locks",
    "read_opened",
    "read_private_key",
    "read_public_key",
    "read_record",
    "read_register",
    "read_seed",
    "read_share",
    "receive_kits",
    "receive_list",
    "receive_locks",
    "receive_replacement",
    "receive_seed",
    "rewrap",
    "seal",
    "seal_archive",
    "seal_entry",
    "seal_payloads",
    "seal_record",
    "seal_seed",
    "seal_with_cards",
    "sealing_of",
    "seed_digest",
    "sha256",
    "share_out",
    "slip_in",
    "write_code",
    "write_list",
    "write_lock_code",
    "write_locks",
    "write_opened",
    "write_private_key",
    "write_public_key",
    "write_register",
]
