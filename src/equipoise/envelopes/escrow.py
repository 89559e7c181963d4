"""The escrow key: three holders, any two of whom open the list after the lock and help when other keys are lost.

The whole key is never written down. Each share is sealed for its holder's own key, so that the shares of one folder
open nothing; a copy of the second locks is sealed for the escrow key, for the day on which the allocator's is lost.
"""

import json
from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final

from equipoise.envelopes.boxes import SHARE_BYTES, lock, unlock, unwrap, wrap
from equipoise.envelopes.errors import SealError
from equipoise.envelopes.files import flag, read_as, unwritten, written
from equipoise.envelopes.keys import PrivateKey, RandomSource, RoleKey
from equipoise.envelopes.messages import problem
from equipoise.envelopes.shares import HOLDERS, QUORUM, Line, Share, join, lies_on_line, split
from equipoise.items.canonical import canonical
from equipoise.items.problem import Problem

ESCROW: Final = "escrow"  # the role under which envelopes are addressed to the escrow key
SHARE: Final = "equipoise.escrow-share.1"
COPY: Final = "equipoise.second-locks-for-escrow.1"


def share_out(
    study: str, escrow: PrivateKey, holders: Sequence[RoleKey], random: RandomSource, *, demo: bool = False
) -> list[bytes]:
    """The three files of shares, one for each holder's key, on a line drawn anew.

    Raises SealError unless there are three holders with keys of their own, none of them for demonstrations.
    """
    if len(holders) != HOLDERS or len({holder.public for holder in holders}) != HOLDERS:
        raise SealError("envelopes.E008", given=str(len(holders)))
    if not demo and (shown := [holder.recipient for holder in holders if holder.demo]):
        raise SealError("envelopes.E004", role=", ".join(shown))
    pairs = zip(split(escrow.secret, random), holders, strict=True)
    return [_write_share(study, share, holder, escrow.public, random) for share, holder in pairs]


def read_share(file: bytes, key: PrivateKey) -> tuple[Share, RoleKey] | Problem:
    """A holder's share and the escrow key it is a share of, checked against what is published of the splitting."""
    read = read_as(file, SHARE, _share)
    if isinstance(read, Problem):
        return read
    index, sealed, line, escrow = read
    value = unwrap(sealed, key)
    if value is None:
        return problem("envelopes.E040", "share", holder=key.recipient)
    share = Share(index, value, line)
    return (share, escrow) if lies_on_line(share, escrow.public) else problem("envelopes.E041", "share")


def escrow_key(shares: Sequence[tuple[Share, RoleKey]]) -> PrivateKey | Problem:
    """The escrow key from two checked shares of one splitting."""
    for (one, escrow), (other, _) in combinations(shares, QUORUM):
        if one.line == other.line and one.index != other.index:
            return PrivateKey(escrow.role, join((one, other)), escrow.demo, escrow.holder)
    return problem("envelopes.E042", "shares")


def copy_for_escrow(locks: bytes, escrow: RoleKey, random: RandomSource) -> bytes:
    """The file of the second locks, locked for the escrow key alone."""
    key = random(SHARE_BYTES)
    return canonical({
        "format": COPY, "key": written(wrap(key, escrow, random)),
        "locks": written(lock(locks, key, COPY.encode(), random)),
    })  # fmt: skip


def read_copy(file: bytes, escrow: PrivateKey) -> bytes | Problem:
    """The file of the second locks as it was sealed."""
    read = read_as(file, COPY, lambda read: (unwritten(read["key"]), unwritten(read["locks"])))
    if isinstance(read, Problem):
        return read
    key = unwrap(read[0], escrow)
    locks = None if key is None else unlock(read[1], key, COPY.encode())
    return problem("envelopes.E043", "copy") if locks is None else locks


def _write_share(study: str, share: Share, holder: RoleKey, escrow: RoleKey, random: RandomSource) -> bytes:
    return canonical({
        "format": SHARE, "study": study, "holder": holder.recipient, "index": share.index,
        "share": written(wrap(share.value, holder, random)),
        "line": {"key": share.line.key.hex(), "slope": share.line.slope.hex()},
        "escrow": {"role": escrow.role, "public": escrow.public.hex(), "demo": escrow.demo},
    }) + b"\n"  # fmt: skip


def _share(read: dict[str, Any]) -> tuple[int, bytes, Line, RoleKey]:
    line, escrow, index = read["line"], read["escrow"], read["index"]
    if type(index) is not int or index not in range(1, HOLDERS + 1):
        raise ValueError("no index of a share")
    key = RoleKey(str(escrow["role"]), bytes.fromhex(escrow["public"]), flag(escrow["demo"]))
    return index, unwritten(read["share"]), Line(bytes.fromhex(line["key"]), bytes.fromhex(line["slope"])), key


def holder_of(file: bytes) -> str:
    """For whom a file of a share is sealed, as it says in the clear; "" if it is no such file."""
    try:
        read = json.loads(file)
        return str(read["holder"]) if read["format"] == SHARE else ""
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
