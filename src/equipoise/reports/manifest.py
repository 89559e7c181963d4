"""The manifest of a folder of outputs: the SHA-256 of every file, and what they were all made from."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Final

from equipoise.conduct.snapshot import OpenedSnapshot
from equipoise.items import Problem
from equipoise.reports.messages import problem
from equipoise.reports.provenance import Provenance

MANIFEST: Final = "manifest.json"
FORMAT: Final = "equipoise.outputs.1"


def manifest(files: Mapping[str, bytes], opened: OpenedSnapshot, provenance: Provenance) -> bytes:
    """The manifest of these files: which arms, which ledger, which protocol and seeds; sorted, without a date."""
    made = {
        "format": FORMAT,
        "study": opened.snapshot.study,
        "arms": "dummy" if opened.dummy else "true",
        "simulated": opened.snapshot.simulated,
        "locked": opened.snapshot.locked,
        "protocol": provenance.protocol_digest,
        "ledger_head": provenance.ledger_head,
        "acts": provenance.acts,
        "software": provenance.software,
        "seed_of_simulation": provenance.seed,
        "seed_of_dummy_arms": provenance.arms_seed,
        "files": {name: _digest(content) for name, content in sorted(files.items())},
    }
    return (json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def check_files(files: Mapping[str, bytes]) -> Iterator[Problem]:
    """What differs between a folder of outputs and its manifest: files changed, gone, or put in."""
    listed = _listed(files.get(MANIFEST, b""))
    if listed is None:
        yield problem("outputs.E001", MANIFEST)
        return
    for name in sorted(listed.keys() | files.keys() - {MANIFEST}):
        if name not in files:
            yield problem("outputs.E003", name)
        elif name not in listed:
            yield problem("outputs.E004", name)
        elif (found := _digest(files[name])) != listed[name]:
            yield problem("outputs.E002", name, found=found, expected=str(listed[name]))


def _listed(content: bytes) -> dict[str, str] | None:
    try:
        read = json.loads(content)
        found = read["files"] if read["format"] == FORMAT else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
