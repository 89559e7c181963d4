"""What an amendment changes: two versions of a protocol, part by part."""

from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.items.canonical import Json
from equipoise.protocol.lines import Path, dotted
from equipoise.protocol.schema import Protocol


@dataclass(frozen=True, slots=True)
class Change:
    """One part that differs; None where a version does not have it."""

    path: str
    old: Json
    new: Json


def diff(old: Protocol, new: Protocol) -> tuple[Change, ...]:
    """Every part in which two versions differ. Entries with an id are matched by it: inserting one shifts nothing."""
    return tuple(_changes((), old.model_dump(mode="json"), new.model_dump(mode="json")))


def _changes(path: Path, old: Json, new: Json) -> Iterator[Change]:
    before, after = _parts(old), _parts(new)
    if before is None or after is None or (isinstance(old, list) != isinstance(new, list)):
        if old != new:
            yield Change(dotted(path), old, new)
        return
    for key in dict.fromkeys((*before, *after)):
        yield from _changes((*path, key), before.get(key), after.get(key))
    if _same_but_moved(before, after) and isinstance(old, list):
        yield Change(dotted(path), list(before), list(after))


def _parts(value: Json) -> dict[str, Json] | None:
    """The parts of a mapping by their keys, or of a list by the ids of its entries; None for anything else."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        return None
    names = [name for entry in value if (name := _name(entry)) is not None]
    if len(set(names)) != len(value):
        return None
    return dict(zip(names, value, strict=True))


def _name(entry: Json) -> str | None:
    """What tells an entry of a list from the others."""
    if not isinstance(entry, dict):
        return None
    named = entry.get("id") or entry.get("code")
    return named if isinstance(named, str) else None


def _same_but_moved(before: dict[str, Json], after: dict[str, Json]) -> bool:
    return list(before) != list(after) and set(before) == set(after)
