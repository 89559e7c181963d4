"""Files that are answers: each content once, under its SHA-256, kept in the transaction of the act that names it."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

from django.db.backends.utils import CursorWrapper

from equipoise.conduct.acts import Act, FormSaved
from equipoise.items import FileReference, Problem
from equipoise.items.file import parse_file
from equipoise.ledger.models import StoredFile
from equipoise.protocol.schema import Protocol

# No conflict is left to the insertion: the trigger refuses a digest that is there before a conflict is looked at.
_INSERT: Final = (
    "INSERT INTO ledger_file (digest, content) SELECT %s, %s"
    " WHERE NOT EXISTS (SELECT 1 FROM ledger_file WHERE digest = %s) ON CONFLICT (digest) DO NOTHING"
)


def write_files(cursor: CursorWrapper, files: Mapping[str, bytes]) -> None:
    """Keep contents by their digests; what is kept stays as it is."""
    for digest, content in files.items():
        cursor.execute(_INSERT, [digest, content, digest])


def content_of(file: FileReference, where: str) -> bytes | Problem:
    """The content of a file that an act named, or why it is not handed out: it is not here, or was changed."""
    stored = StoredFile.objects.filter(digest=file.digest).first()
    if stored is None:
        return Problem("ledger.E022", where, f"The file {file.name} is not here: {file.digest}.", _BACKUP)
    content = bytes(stored.content)
    if (len(content), hashlib.sha256(content).hexdigest()) != (file.size, file.digest):
        return Problem("ledger.E023", where, f"The file {file.name} was changed: {file.digest}.", _BACKUP)
    return content


_BACKUP: Final = "Compare with a backup: the content is found there under the same digest."


def named_by(act: Act, protocol: Protocol) -> Iterator[tuple[str, FileReference]]:
    """The files that an act says were saved, each with its item."""
    if not isinstance(act, FormSaved):
        return
    items = protocol.form_by_id[act.form].item_by_id
    for name, (_, new) in act.changes.items():
        if items[name].type == "file" and isinstance(new, str):
            yield name, parse_file(new)


def compare_files(named: Mapping[FileReference, int], study: str) -> Iterator[Problem]:
    """Every file that an act names and that is not here as it was saved; `named` has the act that named it first."""
    found = (content_of(file, f"{study} act {sequence}") for file, sequence in named.items())
    return (problem for problem in found if isinstance(problem, Problem))
