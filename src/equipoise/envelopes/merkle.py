"""A Merkle tree (RFC 6962, section 2.1): one hash stands for a list, and a short proof for one entry in it."""

import hashlib
from collections.abc import Sequence
from typing import Literal, TypeAlias

Proof: TypeAlias = tuple[tuple[Literal["left", "right"], bytes], ...]
"""The neighbours on the way from a leaf to the root, nearest first, and the side each stands on."""


def leaf(entry: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash of the list. An empty list has the hash of nothing."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    middle = _split(len(leaves))
    return _node(root(leaves[:middle]), root(leaves[middle:]))


def proofs(leaves: Sequence[bytes]) -> list[Proof]:
    """The proof of every leaf, in order."""
    return [proof for _, proof in _with_proofs(leaves)[1]] if leaves else []


def proven(entry_leaf: bytes, proof: Proof) -> bytes:
    """The root that the proof leads to from this leaf."""
    reached = entry_leaf
    for side, neighbour in proof:
        reached = _node(neighbour, reached) if side == "left" else _node(reached, neighbour)
    return reached


def _with_proofs(leaves: Sequence[bytes]) -> tuple[bytes, list[tuple[bytes, Proof]]]:
    """The root of a part, and the proofs of its leaves within that part."""
    if len(leaves) == 1:
        return leaves[0], [(leaves[0], ())]
    middle = _split(len(leaves))
    (left, early), (right, late) = _with_proofs(leaves[:middle]), _with_proofs(leaves[middle:])
    early = [(entry, (*proof, ("right", right))) for entry, proof in early]
    late = [(entry, (*proof, ("left", left))) for entry, proof in late]
    return _node(left, right), early + late


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)
