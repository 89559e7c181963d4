"""What the independent statistician takes away for one look: the acts up to the cut, the sealed list, and the second
locks of those randomised by then.

A package is sealed for the statistician's key. It is read on a machine of their own, where no deployment is needed:
the chain of the acts is checked again from the first, and each envelope against the commitment of its list.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Final, cast

from equipoise.conduct.acts import Recorded
from equipoise.conduct.fold import fold
from equipoise.conduct.snapshot import OpenedSnapshot, Snapshot
from equipoise.envelopes import (
    PrivateKey,
    RoleKey,
    SealedList,
    SealError,
    open_slot,
    read_archive,
    read_list,
    seal_archive,
    write_list,
)
from equipoise.items import Problem
from equipoise.items.canonical import Json, canonical
from equipoise.ledger.chain import GENESIS, Row, broken, recorded
from equipoise.protocol.load import digest, load
from equipoise.protocol.monitoring import Look
from equipoise.protocol.schema import Protocol
from equipoise.randomisation import RandomSource

_PROTOCOL: Final = "protocol.yaml"
_ACTS: Final = "acts.jsonl"
_LIST: Final = "sealed-list.json"
_LOCKS: Final = "second-locks.json"


@dataclass(frozen=True, slots=True)
class LookPackage:
    """A look as the statistician holds it: the trial at its cut, and what opens the envelopes with their own key."""

    look: Look
    protocol: Protocol
    snapshot: Snapshot
    day: date  # of the last act before the cut
    sealed: SealedList
    shares: Mapping[str, bytes] = field(repr=False)  # label → second lock

    def opened(self, key: PrivateKey) -> OpenedSnapshot:
        """The trial at its cut with its arms.

        Raises SealError naming the first slot that this key does not open, or that is not what was committed to.
        """
        envelopes = {slot.label: slot for slot in self.sealed.slots}
        arms = {}
        for subject in (each for each in self.snapshot.subjects.values() if each.slot):
            if subject.slot not in envelopes:
                raise SealError("envelopes.E017", slot=subject.slot)
            share = self.shares.get(subject.slot, b"")
            arms[subject.code] = open_slot(self.sealed.context, envelopes[subject.slot], share, key)
        return OpenedSnapshot(self.snapshot, arms, dummy=False)


def write_package(
    look: str, protocol: bytes, rows: Iterable[Row], sealed: SealedList, shares: Mapping[str, bytes],
    recipient: RoleKey, random: RandomSource,
) -> bytes:  # fmt: skip
    """The package of a look for one key. `protocol` is the text of its file, `shares` are second locks by label."""
    locks: dict[str, Json] = {label: shares[label].hex() for label in sorted(shares)}
    files = {
        _PROTOCOL: protocol,
        _ACTS: b"\n".join(canonical(cast("Json", asdict(row))) for row in rows),
        _LIST: write_list(sealed),
        _LOCKS: canonical(locks),
    }
    return seal_archive(sealed.study, look, files, [recipient], random, demo=sealed.demo)


def read_package(file: bytes, key: PrivateKey) -> LookPackage | Problem:
    """The package in a file, or why it is none, is for somebody else, or does not hold an unbroken chain."""
    found = read_archive(file, key)
    if isinstance(found, Problem):
        return found
    look, files = found
    try:
        return _package(look, files)
    except (AttributeError, LookupError, TypeError, ValueError):
        return Problem("ledger.E007", look, "This archive is no package of a look.", "Open it with `interim read`.")


def _package(look: str, files: Mapping[str, bytes]) -> LookPackage | Problem:
    protocol, _ = load(files[_PROTOCOL], name=_PROTOCOL)
    sealed = read_list(files[_LIST])
    acts = tuple(_unbroken(Row(**json.loads(line)) for line in files[_ACTS].splitlines()))
    last = acts[-1]
    if isinstance(last, Problem):
        return last
    plan = protocol.monitoring if protocol is not None and digest(protocol) == last.protocol else None
    if protocol is None or plan is None or isinstance(sealed, Problem):
        raise ValueError("the parts do not belong together")
    planned = plan.look_by_id[look]
    shares = {str(label): bytes.fromhex(share) for label, share in json.loads(files[_LOCKS]).items()}
    snapshot = fold(sealed.study, protocol, cast("tuple[Recorded, ...]", acts))
    return LookPackage(planned, protocol, snapshot, last.at.date(), sealed, shares)


def _unbroken(rows: Iterable[Row]) -> Iterator[Recorded | Problem]:
    """The acts of a chain; where it breaks, what is wrong with it, and no more."""
    previous = GENESIS
    for number, row in enumerate(rows, start=1):
        if (fault := broken(row, number, previous)) is not None:
            yield fault
            return
        yield recorded(row)
        previous = row.hash
