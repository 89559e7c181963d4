"""The sealed list, the second locks and the public keys as bytes: three files that go to three places.

The sealed list goes to the server, the second locks to the allocator's store, the public keys to whoever seals.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from equipoise.envelopes.keys import RoleKey
from equipoise.envelopes.messages import problem
from equipoise.envelopes.sealed import SealedList, SealedSlot, SecondLock
from equipoise.items.canonical import Json, canonical
from equipoise.items.problem import Problem

LIST: Final = "equipoise.sealed-list.1"
LOCKS: Final = "equipoise.second-locks.1"
KEY: Final = "equipoise.public-key.1"

T = TypeVar("T")


def write_list(sealed: SealedList) -> bytes:
    """The file of a sealed list. Its size and order do not depend on the arms."""
    return canonical({
        "format": LIST, "study": sealed.study, "version": sealed.version, "demo": sealed.demo,
        "commitment": sealed.commitment, "recipients": list(sealed.recipients),
        "slots": [_slot(slot) for slot in sealed.slots],
    })  # fmt: skip


def read_list(file: bytes) -> SealedList | Problem:
    """The sealed list of a file, or why it is none. Whether it is genuine, only opening tells."""
    return _read(file, LIST, _list)


def write_locks(study: str, locks: Iterable[SecondLock]) -> bytes:
    """The file of the second locks: for the allocator's store and nowhere else."""
    rows: list[Json] = [
        {"label": lock.label, "stratum": lock.stratum, "position": lock.position, "share": _written(lock.share)}
        for lock in locks
    ]
    return canonical({"format": LOCKS, "study": study, "locks": rows})


def read_locks(file: bytes) -> tuple[str, tuple[SecondLock, ...]] | Problem:
    """The study and its second locks, or why the file has none."""
    return _read(file, LOCKS, _locks)


def write_public_key(key: RoleKey) -> bytes:
    """The file of a public key."""
    return canonical({"format": KEY, "role": key.role, "public": key.public.hex(), "demo": key.demo}) + b"\n"


def read_public_key(file: bytes) -> RoleKey | Problem:
    """The public key of a file, or why it is none."""
    return _read(file, KEY, lambda read: RoleKey(str(read["role"]), bytes.fromhex(read["public"]), _flag(read["demo"])))


def _read(file: bytes, form: str, build: Callable[[dict[str, Any]], T]) -> T | Problem:
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
        "ciphertext": _written(slot.ciphertext),
        "wraps": {role: _written(wrap) for role, wrap in slot.wraps.items()},
        "proof": [[side, _written(neighbour)] for side, neighbour in slot.proof],
    }


def _list(read: dict[str, Any]) -> SealedList:
    slots = tuple(
        SealedSlot(
            str(slot["label"]),
            _bytes(slot["ciphertext"]),
            {str(role): _bytes(wrap) for role, wrap in slot["wraps"].items()},
            tuple(("left" if side == "left" else "right", _bytes(neighbour)) for side, neighbour in slot["proof"]),
        )
        for slot in read["slots"]
    )
    recipients = tuple(str(role) for role in read["recipients"])
    return SealedList(
        str(read["study"]), str(read["version"]), slots, str(read["commitment"]), recipients, _flag(read["demo"])
    )


def _locks(read: dict[str, Any]) -> tuple[str, tuple[SecondLock, ...]]:
    return str(read["study"]), tuple(
        SecondLock(str(lock["label"]), str(lock["stratum"]), int(lock["position"]), _bytes(lock["share"]))
        for lock in read["locks"]
    )


def _written(value: bytes) -> str:
    return b64encode(value).decode()


def _bytes(written: str) -> bytes:
    return b64decode(written, validate=True)


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("neither true nor false")
