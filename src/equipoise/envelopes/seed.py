"""The sealed seed of a study whose arms are drawn as participants come, and the sealed records of its draws.

The seed lies beside the second locks, sealed for those who may unlock the allocator and for the escrow key. What was
published has the digest of what is inside: the seed holds 256 random bits, so the digest tells nothing about it.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Final

from equipoise.envelopes.archive import read_archive, seal_archive
from equipoise.envelopes.boxes import NONCE_BYTES, lock, unlock
from equipoise.envelopes.errors import SealError
from equipoise.envelopes.keys import PrivateKey, RandomSource, RoleKey
from equipoise.envelopes.messages import problem
from equipoise.envelopes.sealed import SealedSeed
from equipoise.items.problem import Problem

SEED_ARCHIVE_BYTES: Final = 2**14  # the least size of the sealed seed
RECORD_BYTES: Final = 512  # of every draw's record before it is sealed
_NAME: Final = "seed.json"
_PURPOSE: Final = b"equipoise.draw.1"


@dataclass(frozen=True, slots=True)
class Seed:
    """What the arms of a study are drawn from, how many envelopes each participant has, and who may unlock it."""

    content: bytes = field(repr=False)
    choices: int
    keepers: tuple[RoleKey, ...]


def seal_seed(study: str, seed: Seed, escrow: RoleKey, random: RandomSource, *, demo: bool = False) -> SealedSeed:
    """Seal a seed for its keepers and for the escrow key. Raises SealError for keys that cannot be."""
    if not seed.keepers:
        raise SealError("envelopes.E082")
    recipients, files = [*seed.keepers, escrow], {_NAME: seed.content}
    file = seal_archive(study, "seed", files, recipients, random, least=SEED_ARCHIVE_BYTES, demo=demo)
    return SealedSeed(file, seed_digest(seed.content), seed.choices)


def open_seed(sealed: SealedSeed, key: PrivateKey) -> bytes | Problem:
    """What is inside, or why this key does not open it or it is not what was published."""
    read = read_archive(sealed.file, key)
    if isinstance(read, Problem):
        return read
    content = read[1].get(_NAME, b"")
    return content if seed_digest(content) == sealed.digest else problem("envelopes.E080", "seed")


def seed_digest(content: bytes) -> str:
    """The digest under which a seed is published."""
    return hashlib.sha256(content).hexdigest()


def seal_record(text: bytes, seed: bytes, context: bytes, random: RandomSource) -> bytes:
    """The record of a draw, of one size for every arm, bound to what stands beside it in the clear.

    Raises ValueError for a text that is too long.
    """
    if len(text) > RECORD_BYTES:
        raise ValueError(f"a record of {len(text)} bytes")
    return lock(text.ljust(RECORD_BYTES), _record_key(seed), context, random)


def open_record(sealed: bytes, seed: bytes, context: bytes) -> bytes | None:
    """The text of a record, or None if it was sealed for another draw or altered."""
    text = unlock(sealed, _record_key(seed), context) if len(sealed) > NONCE_BYTES else None
    return None if text is None else text.rstrip()


def _record_key(seed: bytes) -> bytes:
    return hashlib.blake2b(key=seed, person=_PURPOSE, digest_size=32).digest()
