"""The sealed list on the web host: kept as the file it was, handed out one envelope at a time."""

from functools import lru_cache

from equipoise.envelopes import SealedList, read_list, write_list
from equipoise.items import Problem
from equipoise.ledger.models import SealedList as Stored


def keep(sealed: SealedList) -> bool | None:
    """Keep a study's sealed list: True, False if it was kept before, None if another one is there and stays."""
    file = write_list(sealed)
    stored, new = Stored.objects.get_or_create(study=sealed.study, defaults={"file": file})
    return new if bytes(stored.file) == file else None


def replace(sealed: SealedList) -> bool:
    """Keep a list in the place of the study's earlier one, and whether it is another; the caller has compared them."""
    file = write_list(sealed)
    return bool(Stored.objects.filter(study=sealed.study).exclude(file=file).update(file=file))


def sealed_list(study: str) -> SealedList:
    """The sealed list of a study. Raises LookupError when there is none, ValueError when it cannot be read."""
    stored = Stored.objects.filter(study=study).first()
    if stored is None:
        raise LookupError(f"no list was sealed for {study!r}")
    return _read(bytes(stored.file))


@lru_cache(maxsize=8)
def _read(file: bytes) -> SealedList:
    found = read_list(file)
    if isinstance(found, Problem):
        raise ValueError(str(found))
    return found
