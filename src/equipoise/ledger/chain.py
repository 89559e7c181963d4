"""The chain: how an act becomes bytes, and how each hash covers the one before."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from equipoise.conduct.acts import Act, Person, Recorded, SubjectAct, read_act
from equipoise.items import Problem, canonical

GENESIS: Final = "0" * 64
COLUMNS: Final = (
    "study", "sequence", "key", "kind", "version", "subject", "site", "at", "by", "role", "reason", "protocol",
    "body", "previous", "hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """An act exactly as it is stored."""

    study: str
    sequence: int
    key: str
    kind: str
    version: int
    subject: str
    site: str
    at: str
    by: str
    role: str
    reason: str
    protocol: str
    body: str
    previous: str
    hash: str


def moment(at: datetime) -> str:
    """A moment as acts have it: UTC, to the microsecond, so that the order of the text is that of time."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def seal_row(
    act: Act, *, study: str, sequence: int, key: str, at: datetime, by: Person, site: str, reason: str,
    protocol: str, previous: str,
) -> Row:  # fmt: skip
    """The next row of a chain."""
    envelope: dict[str, Any] = {
        "study": study,
        "sequence": sequence,
        "key": key,
        "kind": act.kind,
        "version": act.version,
        "subject": act.subject if isinstance(act, SubjectAct) else "",
        "site": site,
        "at": moment(at),
        "by": by.id,
        "role": by.role,
        "reason": reason,
        "protocol": protocol,
        "body": canonical(act.body()).decode(),
        "previous": previous,
    }
    return Row(**envelope, hash=_hash(envelope))


def expected_hash(row: Row) -> str:
    """The hash a row should have, from everything else in it."""
    return _hash({name: getattr(row, name) for name in COLUMNS if name != "hash"})


def _hash(envelope: dict[str, Any]) -> str:
    text = json.dumps(envelope, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def recorded(row: Row, act: Act | None = None) -> Recorded:
    """The row as an act with its envelope; the act is read from the row unless it is at hand."""
    return Recorded(
        study=row.study,
        sequence=row.sequence,
        id=row.key,
        at=datetime.fromisoformat(row.at),
        by=Person(row.by, row.role, row.site),
        reason=row.reason,
        protocol=row.protocol,
        act=act or read_act(row.kind, json.loads(row.body)),
        previous=row.previous,
        hash=row.hash,
    )


def broken(row: Row, sequence: int, previous: str) -> Problem | None:
    """What keeps a row from being the act with this number in a chain, on the act with this hash; None if nothing."""
    said = f"{row.study} act {row.sequence} ({row.kind} {row.subject})".replace(" )", ")")
    where = said.encode(errors="replace").decode()
    if row.sequence != sequence:
        return Problem("ledger.E001", where, f"Act {sequence} is not there; the next one found is {row.sequence}.")
    if not _fits(row):
        return Problem("ledger.E002", where, "This act was changed after it was recorded: its hash does not fit it.")
    if row.previous != previous:
        return Problem("ledger.E003", where, "This act does not follow the one before it: the chain was cut here.")
    return None


def _fits(row: Row) -> bool:
    try:
        return expected_hash(row) == row.hash
    except (TypeError, ValueError):  # bytes where there should be text
        return False
