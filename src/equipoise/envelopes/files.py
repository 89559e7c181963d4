"""The sealed list, the second locks, the public keys and the opened list as bytes: files that go to different places.

The sealed list goes to the server, the second locks to the allocator's store, the public keys to whoever seals.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from equipoise.envelopes.keys import RoleKey
from equipoise.envelopes.messages import problem
from equipoise.envelopes.payload import Payload
from equipoise.envelopes.sealed import SealedList, SealedSeed, SealedSlot, SecondLock
from equipoise.items.canonical import Json, canonical
from equipoise.items.problem import Problem

LIST: Final = "equipoise.sealed-list.3"
LOCKS: Final = "equipoise.second-locks.2"
KEY: Final = "equipoise.public-key.2"
OPENED: Final = "equipoise.opened-list.1"

T = TypeVar("T")


def write_list(sealed: SealedList) -> bytes:
    """The file of a sealed list. Its size and order do not depend on the arms; sites stand in it if keys are bound."""
    bound: dict[str, Json] = {"sites": dict(sealed.sites)} if sealed.sites else {}
    return canonical({
        "format": LIST, "study": sealed.study, "version": sealed.version, "demo": sealed.demo,
        "commitment": sealed.commitment, "recipients": [[name, public.hex()] for name, public in sealed.keys.items()],
        "slots": [_slot(slot) for slot in sealed.slots], **bound,
    })  # fmt: skip


def read_list(file: bytes) -> SealedList | Problem:
    """The sealed list of a file, or why it is none. Whether it is genuine, only opening tells."""
    return read_as(file, LIST, _list)


def write_locks(study: str, locks: Iterable[SecondLock], seed: SealedSeed | None = None) -> bytes:
    """The file of the second locks, with the sealed seed where arms are drawn: for the allocator's store alone."""
    rows: list[Json] = [
        {
            "label": lock.label, "stratum": lock.stratum, "position": lock.position,
            "share": written(lock.share), "release": written(lock.release),
        }
        for lock in locks
    ]  # fmt: skip
    sealed: dict[str, Json] = {} if seed is None else {"seed": _seed(seed)}
    return canonical({"format": LOCKS, "study": study, "locks": rows, **sealed})


def read_locks(file: bytes) -> tuple[str, tuple[SecondLock, ...]] | Problem:
    """The study and its second locks, or why the file has none."""
    return read_as(file, LOCKS, _locks)


def read_seed(file: bytes) -> SealedSeed | Problem | None:
    """The sealed seed in a file of second locks; None where the arms come from a list."""
    return read_as(file, LOCKS, lambda read: _read_seed(read["seed"]) if "seed" in read else None)


def write_public_key(key: RoleKey) -> bytes:
    """The file of a public key."""
    fields: dict[str, Json] = {
        "format": KEY, "role": key.role, "holder": key.holder, "public": key.public.hex(), "demo": key.demo,
    }  # fmt: skip
    return canonical(fields) + b"\n"


def read_public_key(file: bytes) -> RoleKey | Problem:
    """The public key of a file, or why it is none."""
    return read_as(file, KEY, _key)


def write_opened(sealed: SealedList, payloads: Iterable[Payload]) -> bytes:
    """The file of an opened list: every slot with its salt, so that anybody can make the commitment again."""
    slots: list[Json] = [
        {
            "slot": each.slot, "stratum": each.stratum, "position": each.position, "arm": each.arm,
            "salt": each.salt.hex(),
        }
        for each in payloads
    ]  # fmt: skip
    return canonical({
        "format": OPENED, "study": sealed.study, "version": sealed.version, "commitment": sealed.commitment,
        "slots": slots,
    })  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenedList:
    """An opened list as its file holds it: every slot with its arm, and the commitment they are said to make."""

    study: str
    version: str
    commitment: str
    payloads: tuple[Payload, ...]


def read_opened(file: bytes) -> OpenedList | Problem:
    """The opened list of a file, or why it is none. Whether the slots make the commitment, the reader checks."""
    return read_as(file, OPENED, _opened)


def read_as(file: bytes, form: str, build: Callable[[dict[str, Any]], T]) -> T | Problem:
    """What `build` makes of a file of this format, or why it cannot."""
    try:
        read = json.loads(file)
        if read["format"] == form:
            return build(read)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    return problem("envelopes.E022", "file", form=form)


def _slot(slot: SealedSlot) -> Json:
    return {
        "label": slot.label,
        "ciphertext": written(slot.ciphertext),
        "wraps": {role: written(wrap) for role, wrap in slot.wraps.items()},
        "break": written(slot.code_break),
        "proof": [[side, written(neighbour)] for side, neighbour in slot.proof],
    }


def _seed(seed: SealedSeed) -> Json:
    return {"file": written(seed.file), "digest": seed.digest, "choices": seed.choices}


def _read_seed(read: dict[str, Any]) -> SealedSeed:
    return SealedSeed(unwritten(read["file"]), str(read["digest"]), int(read["choices"]))


def _list(read: dict[str, Any]) -> SealedList:
    slots = tuple(
        SealedSlot(
            str(slot["label"]),
            unwritten(slot["ciphertext"]),
            {str(role): unwritten(wrap) for role, wrap in slot["wraps"].items()},
            unwritten(slot["break"]),
            tuple(("left" if side == "left" else "right", unwritten(neighbour)) for side, neighbour in slot["proof"]),
        )
        for slot in read["slots"]
    )
    keys = {str(name): bytes.fromhex(public) for name, public in read["recipients"]}
    sites = {str(name): str(site) for name, site in read.get("sites", {}).items()}
    study, version, commitment = (str(read[name]) for name in ("study", "version", "commitment"))
    return SealedList(study, version, slots, commitment, keys, flag(read["demo"]), sites)


def _locks(read: dict[str, Any]) -> tuple[str, tuple[SecondLock, ...]]:
    return str(read["study"]), tuple(
        SecondLock(
            str(lock["label"]),
            str(lock["stratum"]),
            int(lock["position"]),
            unwritten(lock["share"]),
            unwritten(lock["release"]),
        )
        for lock in read["locks"]
    )


def _opened(read: dict[str, Any]) -> OpenedList:
    payloads = tuple(
        Payload(
            str(slot["slot"]),
            str(slot["stratum"]),
            int(slot["position"]),
            str(slot["arm"]),
            bytes.fromhex(slot["salt"]),
        )
        for slot in read["slots"]
    )
    return OpenedList(str(read["study"]), str(read["version"]), str(read["commitment"]), payloads)


def _key(read: dict[str, Any]) -> RoleKey:
    return RoleKey(str(read["role"]), bytes.fromhex(read["public"]), flag(read["demo"]), str(read["holder"]))


def written(value: bytes) -> str:
    """Bytes as they stand in a file."""
    return b64encode(value).decode()


def unwritten(text: str) -> bytes:
    """The bytes that stand in a file."""
    return b64decode(text, validate=True)


def flag(value: object) -> bool:
    """Yes or no as JSON says it, and nothing else."""
    if isinstance(value, bool):
        return value
    raise ValueError("neither true nor false")
