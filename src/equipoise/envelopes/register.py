"""The pharmacy's register: records that only unmasked people can read, in boxes that do not differ in anything.

A record is filled up to 4096 bytes and locked under a fresh key, which is wrapped for every reader of the register, as
the first lock of an envelope is. What kind of record it is stands inside. Whoever keeps the rows sees who wrote when,
and for a preparation which bag it is for; there is one for each bag, whatever is in it. The rows are chained by their
hashes, so that one left out, altered or moved is seen. The pharmacist's page does the same in the browser
(`static/web/pharmacy/register.js`); a test compares the two.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from equipoise.envelopes.boxes import SHARE_BYTES, lock, unlock, unwrap, wrap
from equipoise.envelopes.files import read_as, unwritten, written
from equipoise.envelopes.keys import PrivateKey, RandomSource, RoleKey
from equipoise.envelopes.messages import problem
from equipoise.items.canonical import Json, canonical
from equipoise.items.problem import Problem

RECORD_BYTES: Final = 4096
REGISTER: Final = "equipoise.pharmacy-register.1"
_BOX: Final = 24 + RECORD_BYTES + 16  # nonce, text, tag
_WRAP: Final = 32 + 16 + SHARE_BYTES
_END: Final = b"\x80"  # then zeros (ISO/IEC 7816-4)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record belongs. It opens nowhere else. `bag` is the number of the dose it prepares, or ""."""

    study: str
    site: str
    record: str  # its own random name, 32 hexadecimal digits
    bag: str = ""

    def bound(self) -> bytes:
        """What the lock is bound to."""
        return canonical(["equipoise.pharmacy-record.1", self.study, self.site, self.record, self.bag])


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """One record as it lies on the server: the box, and its key wrapped for each reader."""

    box: bytes = field(repr=False)
    wraps: Mapping[str, bytes] = field(repr=False)

    def json(self) -> dict[str, Json]:
        """As it is sent and exported."""
        return {"box": written(self.box), "wraps": {name: written(each) for name, each in self.wraps.items()}}


@dataclass(frozen=True, slots=True)
class Row:
    """A record in the register, with what everybody who keeps it sees. `at` is universal time, ISO 8601."""

    place: Place
    sequence: int  # 1 is the first of the site
    at: str
    by: str
    role: str
    sealed: SealedRecord
    previous: str
    hash: str

    def json(self) -> dict[str, Json]:
        """As it is sent and exported."""
        return {
            "record": self.place.record, "bag": self.place.bag, "sequence": self.sequence, "at": self.at,
            "by": self.by, "role": self.role, "previous": self.previous, "hash": self.hash, **self.sealed.json(),
        }  # fmt: skip


def seal_entry(
    content: Mapping[str, Json], place: Place, readers: Sequence[RoleKey], random: RandomSource
) -> SealedRecord | Problem:
    """A record sealed for its readers, or why it cannot be: it does not fit into its box."""
    text = canonical(dict(content))
    if len(text) >= RECORD_BYTES:
        return problem("envelopes.E120", place.record, most=str(RECORD_BYTES - 1), given=str(len(text)))
    key = random(SHARE_BYTES)
    wraps = {reader.recipient: wrap(key, reader, random) for reader in readers}
    return SealedRecord(lock((text + _END).ljust(RECORD_BYTES, b"\0"), key, place.bound(), random), wraps)


def open_entry(sealed: SealedRecord, place: Place, key: PrivateKey) -> dict[str, Any] | Problem:
    """What a record says, or why this key does not open it in this place."""
    wrapped = sealed.wraps.get(key.recipient)
    data_key = unwrap(wrapped, key) if wrapped is not None else None
    if data_key is None:
        return problem("envelopes.E121", place.record, holder=key.recipient)
    text = unlock(sealed.box, data_key, place.bound())
    try:
        content = json.loads(text.rstrip(b"\0").removesuffix(_END)) if text is not None else None
    except (ValueError, RecursionError):  # whoever has the public keys can seal what they like
        content = None
    return content if isinstance(content, dict) else problem("envelopes.E122", place.record)


def read_record(sent: object, readers: Iterable[str]) -> SealedRecord | Problem:
    """A record as it was sent, if it has the one size and exactly the readers of the register."""
    try:
        fields: Any = sent
        wraps = {str(name): unwritten(each) for name, each in fields["wraps"].items()}
        record = SealedRecord(unwritten(fields["box"]), wraps)
    except (ValueError, TypeError, KeyError, AttributeError):
        return problem("envelopes.E123", "record")
    fits = len(record.box) == _BOX and all(len(each) == _WRAP for each in wraps.values())
    return record if fits and set(wraps) == set(readers) else problem("envelopes.E123", "record")


def hash_of(place: Place, sequence: int, at: str, by: str, role: str, sealed: SealedRecord, previous: str) -> str:
    """The hash of a row: SHA-256 over everything it says, the digests of what is sealed, and the row before."""
    wraps: dict[str, Json] = {name: hashlib.sha256(each).hexdigest() for name, each in sealed.wraps.items()}
    said: dict[str, Json] = {
        "study": place.study, "site": place.site, "record": place.record, "bag": place.bag, "sequence": sequence,
        "at": at, "by": by, "role": role, "previous": previous, "box": hashlib.sha256(sealed.box).hexdigest(),
        "wraps": wraps,
    }  # fmt: skip
    return hashlib.sha256(canonical(said)).hexdigest()


def broken_record(rows: Iterable[Row]) -> Problem | None:
    """The first record of a site's register that is missing, altered or cut off from the one before; None if all stand.

    Records removed at the end leave a register that stands: whoever calls this knows by other means how many there are.
    """
    previous = ""
    for number, row in enumerate(rows, start=1):
        where = f"{row.place.study} {row.place.site} record {number}"
        if row.sequence != number:
            return problem("envelopes.E124", where, found=str(row.sequence))
        if hash_of(row.place, row.sequence, row.at, row.by, row.role, row.sealed, row.previous) != row.hash:
            return problem("envelopes.E122", where)
        if row.previous != previous:
            return problem("envelopes.E125", where)
        previous = row.hash
    return None


def write_register(study: str, site: str, rows: Iterable[Row]) -> bytes:
    """The file of a site's register, to be opened away from the server."""
    return canonical({"format": REGISTER, "study": study, "site": site, "rows": [row.json() for row in rows]})


def read_register(file: bytes) -> tuple[Row, ...] | Problem:
    """The rows of a register's file, or why it is none. Whether the chain holds, `broken_row` tells."""
    return read_as(file, REGISTER, _rows)


def _rows(read: dict[str, Any]) -> tuple[Row, ...]:
    study, site = str(read["study"]), str(read["site"])
    return tuple(
        Row(
            Place(study, site, str(row["record"]), str(row["bag"])), int(row["sequence"]), str(row["at"]),
            str(row["by"]), str(row["role"]),
            SealedRecord(unwritten(row["box"]), {str(n): unwritten(each) for n, each in row["wraps"].items()}),
            str(row["previous"]), str(row["hash"]),
        )
        for row in read["rows"]
    )  # fmt: skip
