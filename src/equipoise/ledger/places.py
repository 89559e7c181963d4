"""Places: where in a casebook each act belongs, projected from the acts, so that a field's history is found at once."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from equipoise.ledger.chain import Row
from equipoise.protocol.names import LOG

_COLUMNS: Final = ("study", "sequence", "visit", "form", "repeat", "items")
_UPSERT: Final = (
    f"INSERT INTO ledger_actplace ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608
    " ON CONFLICT (study, form, sequence)"
    " DO UPDATE SET visit = excluded.visit, repeat = excluded.repeat, items = excluded.items"
)


class PlaceRow(NamedTuple):
    """The form an act belongs to, and the questions it is about, each between spaces: " weight height "."""

    study: str
    sequence: int
    visit: str
    form: str
    repeat: int
    items: str


def place_of(study: str, sequence: int, body: Mapping[str, Any]) -> PlaceRow | None:
    """Where an act belongs, by its stored body; None for an act about no form. One that names no visit is of a log."""
    if not body.get("form"):
        return None
    items = body.get("changes") or body.get("texts") or ([body["item"]] if body.get("item") else ())
    listed = f" {' '.join(items)} " if items else ""
    return PlaceRow(study, sequence, body.get("visit", LOG), body["form"], body.get("repeat", 1), listed)


def places_of(rows: Iterable[Row]) -> Iterator[PlaceRow]:
    """The places of stored acts."""
    found = (place_of(row.study, row.sequence, json.loads(row.body)) for row in rows)
    return (place for place in found if place is not None)


def write_places(cursor: Any, rows: Iterable[Row]) -> None:
    """Keep where these acts belong."""
    places = list(places_of(rows))
    if places:
        cursor.executemany(_UPSERT, places)
