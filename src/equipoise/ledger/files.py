"""Files that are answers: each content once, under its SHA-256, kept in the transaction of the act that names it."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

from django.db.backends.utils import CursorWrapper

from equipoise.conduct.acts import Act, FormSaved
from equipoise.items import FileReference, Problem, parse
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


def content_of(file: FileReference) -> bytes:
    """The content of a file that an act names. Raises LookupError when it is not here, or is not what was saved."""
    stored = StoredFile.objects.filter(digest=file.digest).first()
    if stored is None or not _is_whole(file, bytes(stored.content)):
        raise LookupError(f"the content {file.digest} is not as it was saved")
    return bytes(stored.content)


def named_by(act: Act, protocol: Protocol) -> Iterator[FileReference]:
    """The files that an act says were saved."""
    items = protocol.form_by_id[act.form].item_by_id if isinstance(act, FormSaved) else {}
    for name, (_, new) in act.changes.items() if isinstance(act, FormSaved) else ():
        if items[name].type == "file" and isinstance(new, str):
            file = parse("file", new)
            assert isinstance(file, FileReference)  # noqa: S101 - what parse makes of a file
            yield file


def compare_files(named: Mapping[FileReference, int], study: str) -> Iterator[Problem]:
    """Every file that an act names and that is not here as it was saved; `named` has the act that named it first."""
    for file, sequence in named.items():
        stored = StoredFile.objects.filter(digest=file.digest).first()
        where = f"{study} act {sequence}"
        if stored is None:
            yield Problem("ledger.E022", where, f"The file {file.name} is not here: {file.digest}.", _BACKUP)
        elif not _is_whole(file, bytes(stored.content)):
            yield Problem("ledger.E023", where, f"The file {file.name} was changed: {file.digest}.", _BACKUP)


_BACKUP: Final = "Compare with a backup: the content is found there under the same digest."


def _is_whole(file: FileReference, content: bytes) -> bool:
    return (len(content), hashlib.sha256(content).hexdigest()) == (file.size, file.digest)
