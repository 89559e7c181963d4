"""Sealing kits: random numbers from one pool, each with an envelope like a slot's, and what the packer alone may read.

A kit list is a sealed list of its own: its envelopes are bound to the lot, its stratum is the pack, and its commitment
is published beside that of the allocation list. A kit has no code to break: the participant's slot has the card.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from equipoise.envelopes.archive import SMALL_BYTES, seal_archive
from equipoise.envelopes.arrival import receive_list
from equipoise.envelopes.ceremony import commitment_text, sha256
from equipoise.envelopes.errors import SealError
from equipoise.envelopes.files import read_as, write_list, write_locks
from equipoise.envelopes.keys import RandomSource, RoleKey
from equipoise.envelopes.labels import ALPHABET, new_labels, plainly
from equipoise.envelopes.messages import problem
from equipoise.envelopes.payload import SALT_BYTES, Payload
from equipoise.envelopes.seal import seal_payloads
from equipoise.envelopes.sealed import SealedList
from equipoise.items.canonical import Json, canonical
from equipoise.items.problem import Problem

PACKS: Final = "packs.json"
PACKING_LIST: Final = "packing-list.sealed"
_FORMAT: Final = "equipoise.packs.1"
_LONGEST: Final = 64  # characters of the name under which a kit list is kept
NUMBER: Final = 9  # characters of a kit's number: eight drawn and one to check them


@dataclass(frozen=True, slots=True)
class PackedLot:
    """A lot of one packing: which kits are in which pack. Lot and expiry are the same for every arm."""

    study: str
    lot: str
    expiry: date
    depot: str
    packs: Mapping[str, tuple[str, ...]]  # pack → its kits, in the order of their random numbers


@dataclass(frozen=True, slots=True)
class KitCeremony:
    """What sealing a lot gave: the sealed kits, the packs, and the files for each place."""

    sealed: SealedList
    lot: PackedLot
    files: Mapping[str, bytes] = field(repr=False)  # place/name → content


def hold_kits(
    lot: str, contents: Sequence[Sequence[str]], recipients: Sequence[RoleKey], packers: Sequence[RoleKey],
    random: RandomSource, *, study: str, expiry: date, depot: str, protocol: str, demo: bool = False,
) -> KitCeremony:  # fmt: skip
    """Number and seal the kits of a lot: `contents` are the arms in each pack.

    All numbers come from one pool, so that neither a number nor its place says anything. `packers` alone read the
    packing list. Raises SealError for recipients that cannot be, or for names that are too long.
    """
    labels = new_labels(len(contents) + sum(map(len, contents)), random)
    payloads = [
        Payload(kit_number(next(labels)), pack, position, arm, random(SALT_BYTES))
        for pack, arms in ((next(labels), arms) for arms in contents)
        for position, arm in enumerate(arms, start=1)
    ]
    name = kit_list_name(study, lot)
    if len(name) > _LONGEST:
        raise SealError("envelopes.E090", lot=lot)
    sealed, locks, _ = seal_payloads(name, payloads, recipients, random, version="1", demo=demo)
    packed = PackedLot(study, lot, expiry, depot, _packs(payloads))
    second, packs = write_locks(name, locks), write_packs(packed)
    published = f"{commitment_text(sealed, second, protocol)}packs        sha256 {sha256(packs)}\n"
    listed = {"packing-list.csv": _packing_list(payloads)}
    return KitCeremony(sealed, packed, {
        f"web-host/kits-{lot}.json": write_list(sealed),
        f"web-host/packs-{lot}.json": packs,
        f"allocator/kit-locks-{lot}.json": second,
        f"publish/kits-{lot}.txt": published.encode(),
        f"packer/{PACKING_LIST}": seal_archive(
            study, f"packing list of lot {lot}", listed, packers, random, least=SMALL_BYTES, demo=demo
        ),
    })  # fmt: skip


def kit_list_name(study: str, lot: str) -> str:
    """The name under which the kit list of a lot is sealed and kept, so that it never passes for another list."""
    return f"{study}/kits/{lot}"


def kit_number(label: str) -> str:
    """A label with its check character: Luhn's rule in base 32, which finds every single slip (ISO/IEC 7812-1, B)."""
    return label + ALPHABET[-_luhn(label, 2) % 32]


def read_kit_number(typed: str) -> str | None:
    """The number a person meant, or None if it cannot be one."""
    plain = plainly(typed)
    known = len(plain) == NUMBER and set(plain) <= set(ALPHABET)
    return plain if known and _luhn(plain, 1) % 32 == 0 else None


def _luhn(signs: str, last: int) -> int:
    """The sum of Luhn's rule; the weight of the last sign is 1 or 2, and alternates from there."""
    total = 0
    for place, sign in enumerate(reversed(signs)):
        value = ALPHABET.index(sign) * (last if place % 2 == 0 else 3 - last)
        total += value // 32 + value % 32
    return total


def write_packs(lot: PackedLot) -> bytes:
    """The file of the packs. Its size and order do not depend on the arms."""
    packs: dict[str, Json] = {pack: list(kits) for pack, kits in lot.packs.items()}
    return canonical({
        "format": _FORMAT, "study": lot.study, "lot": lot.lot, "expiry": lot.expiry.isoformat(), "depot": lot.depot,
        "packs": packs,
    })  # fmt: skip


def receive_kits(
    listed: bytes, packs: bytes, published: str, *, study: str, protocol: str, demo: bool
) -> tuple[SealedList, PackedLot] | Problem:
    """The sealed kits and the packs of two files, or what keeps them from being those published for this study."""
    lot = read_as(packs, _FORMAT, _read_packs)
    if isinstance(lot, Problem):
        return lot
    name = kit_list_name(study, lot.lot)
    sealed = receive_list(listed, published, study=name, protocol=protocol, demo=demo)
    if isinstance(sealed, Problem):
        return sealed
    named = re.search(r"(?m)^packs +sha256 ([0-9a-f]{64})\s*$", published)
    if lot.study != study or named is None or named[1] != sha256(packs):
        return problem("envelopes.E091", "packs")
    return sealed, lot


def _packs(payloads: Sequence[Payload]) -> dict[str, tuple[str, ...]]:
    packs = sorted({each.stratum for each in payloads})
    return {pack: tuple(sorted(each.slot for each in payloads if each.stratum == pack)) for pack in packs}


def _read_packs(read: dict[str, Any]) -> PackedLot:
    packs = {str(pack): tuple(map(str, kits)) for pack, kits in read["packs"].items()}
    return PackedLot(
        str(read["study"]), str(read["lot"]), date.fromisoformat(read["expiry"]), str(read["depot"]), packs
    )


def _packing_list(payloads: Sequence[Payload]) -> bytes:
    """Which arm's product goes into which kit, in the order of the numbers."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["pack", "kit", "arm"])
    rows.writerows(sorted([each.stratum, each.slot, each.arm] for each in payloads))
    return text.getvalue().encode()
