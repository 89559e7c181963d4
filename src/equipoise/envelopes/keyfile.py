"""A private key as the bytes of a file, under a passphrase: Argon2id, then XChaCha20-Poly1305 over key and heading.

The passphrase is taken in Unicode's form NFKC, so that another keyboard or input method gives the same bytes.
"""

import json
import unicodedata
from dataclasses import dataclass
from typing import Final

from nacl.pwhash import argon2id

from equipoise.envelopes.boxes import lock, unlock
from equipoise.envelopes.keys import KEY_BYTES, PrivateKey, RandomSource, RoleKey
from equipoise.envelopes.messages import problem
from equipoise.items.canonical import Json, canonical
from equipoise.items.problem import Problem

FORMAT: Final = "equipoise.private-key.2"
SHORTEST_PASSPHRASE: Final = 12  # characters


@dataclass(frozen=True, slots=True)
class Effort:
    """How much one guess at the passphrase costs: passes over the memory, and its bytes."""

    passes: int
    memory: int


MODERATE: Final = Effort(argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE)  # 256 MiB, under a second
LIGHT: Final = Effort(argon2id.OPSLIMIT_INTERACTIVE, argon2id.MEMLIMIT_INTERACTIVE)  # 64 MiB: for demo keys


def check_passphrase(passphrase: str) -> Problem | None:
    """Why this passphrase is refused; None if it is long enough. Length is all that is asked."""
    if len(passphrase) >= SHORTEST_PASSPHRASE:
        return None
    return problem("envelopes.E023", "passphrase", given=str(len(passphrase)), least=str(SHORTEST_PASSPHRASE))


def write_private_key(key: PrivateKey, passphrase: str, random: RandomSource, effort: Effort = MODERATE) -> bytes:
    """The file of a private key. Raises ValueError for a passphrase that `check_passphrase` refuses, but for a demo
    key."""
    if not key.demo and (fault := check_passphrase(passphrase)):
        raise ValueError(str(fault))
    heading: dict[str, Json] = {
        "format": FORMAT, "role": key.role, "holder": key.holder, "public": key.public.public.hex(), "demo": key.demo,
        "passes": effort.passes, "memory": effort.memory, "salt": random(argon2id.SALTBYTES).hex(),
    }  # fmt: skip
    locked = lock(key.secret, _from_passphrase(heading, passphrase), canonical(heading), random)
    return canonical({**heading, "secret": locked.hex()}) + b"\n"


def read_private_key(file: bytes, passphrase: str) -> PrivateKey | Problem:
    """The private key, or why not: it is no such file, it was altered, or the passphrase is another."""
    try:
        heading = json.loads(file)
        locked = bytes.fromhex(heading.pop("secret"))
        if not _is_heading(heading):
            return _no_key_file()
        secret = unlock(locked, _from_passphrase(heading, passphrase), canonical(heading))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return _no_key_file()
    if secret is None or len(secret) != KEY_BYTES:
        return problem("envelopes.E021", str(heading["role"]))
    return PrivateKey(heading["role"], secret, heading["demo"], heading["holder"])


def read_heading(file: bytes) -> RoleKey | Problem:
    """The public half that a private key's file names in the clear: believed only once the passphrase opened it."""
    try:
        heading = json.loads(file)
        if _is_heading(heading):
            return RoleKey(heading["role"], bytes.fromhex(heading["public"]), heading["demo"], heading["holder"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    return _no_key_file()


def _from_passphrase(heading: dict[str, Json], passphrase: str) -> bytes:
    return argon2id.kdf(
        KEY_BYTES, unicodedata.normalize("NFKC", passphrase).encode(), bytes.fromhex(str(heading["salt"])),
        opslimit=int(str(heading["passes"])), memlimit=int(str(heading["memory"])),
    )  # fmt: skip


def _is_heading(heading: dict[str, Json]) -> bool:
    """Whether this is our format, and does not ask for more work than ours: a file must not stop the machine."""
    return (
        heading["format"] == FORMAT
        and isinstance(heading["role"], str)
        and isinstance(heading["holder"], str)
        and isinstance(heading["demo"], bool)
        and argon2id.OPSLIMIT_MIN <= int(str(heading["passes"])) <= argon2id.OPSLIMIT_SENSITIVE
        and argon2id.MEMLIMIT_MIN <= int(str(heading["memory"])) <= argon2id.MEMLIMIT_SENSITIVE
    )


def _no_key_file() -> Problem:
    return problem("envelopes.E020", "key")
