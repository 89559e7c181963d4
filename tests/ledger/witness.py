"""A second road to the chain: it shares no code with the product, only the description of the format.

An act's hash is the SHA-256 of a JSON object with these fourteen members, their names sorted, no spaces, in UTF-8;
`previous` is the hash of the act before, and sixty-four zeros before the first.
"""

import hashlib
import json

MEMBERS = (
    "study", "sequence", "key", "kind", "version", "subject", "site", "at", "by", "role", "reason", "protocol",
    "body", "previous",
)  # fmt: skip
COLUMNS = ", ".join(f'"{name}"' for name in (*MEMBERS, "hash"))
ROWS = f"SELECT {COLUMNS} FROM ledger_act WHERE study = '{{}}' ORDER BY sequence"


def hash_of(act: dict) -> str:
    """What the hash of an act should be."""
    text = json.dumps({name: act[name] for name in MEMBERS}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def acts_of(rows) -> list[dict]:
    """The stored acts, each by its columns."""
    return [dict(zip((*MEMBERS, "hash"), row, strict=True)) for row in rows]


def first_broken(acts: list[dict]) -> int | None:
    """The place of the first act that does not stand, counted from one; None when all do."""
    previous = "0" * 64
    for place, act in enumerate(acts, 1):
        if (act["sequence"], act["previous"], act["hash"]) != (place, previous, hash_of(act)):
            return place
        previous = act["hash"]
    return None
