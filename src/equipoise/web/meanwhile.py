"""What was saved on a form while somebody typed: merged question by question, and never overwritten unseen.

An answer that only the other person changed stays theirs. Where both changed one, both are shown and the person who
types decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from equipoise.conduct.acts import FormSaved
from equipoise.conduct.checks import read_answers
from equipoise.conduct.locks import form_key
from equipoise.items import Answer, Written, parse
from equipoise.web.entry import Place, Typed, typed_as_saved
from equipoise.web.room import Room
from equipoise.web.trail import seen_acts


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that was saved since: what stood before, who changed it last, and when."""

    base: Answer
    by: str
    at: datetime


def changes_since(room: Room, place: Place, after: int, *, but: str = "") -> dict[str, Change]:
    """The answers of a form, among those that are seen, that were changed after an act and are not what they were.

    `but` is the key of an act that does not count: this very save, sent once more.
    """
    found: dict[str, Change] = {}
    if room.desk.ledger.last_change(place.subject.code, place.key) <= after:
        return found  # the acts are looked through only where one of them can tell something
    for recorded in seen_acts(room, place.subject, ("FormSaved",), after=after):
        act = recorded.act
        if not isinstance(act, FormSaved) or form_key(act) != place.key or recorded.id == but:
            continue
        for item, (old, _) in act.changes.items():
            base = found[item].base if item in found else parse(place.form.item_by_id[item].type, cast("Written", old))
            found[item] = Change(base, room.snapshot.name_of(recorded.by.id), recorded.at)
    return {item: change for item, change in found.items() if change.base != place.saved[item]}


def merged(place: Place, typed: Typed, since: Mapping[str, Change], language: str) -> tuple[Typed, dict[str, Change]]:
    """What was typed, with what only others changed, and the answers that both changed differently."""
    mine, unread = read_answers(place.protocol, place.form, typed.answers())
    theirs = [item for item, change in since.items() if item in mine and mine[item] == change.base]
    both = {
        item: change
        for item, change in since.items()
        if item not in theirs and (item in {p.where for p in unread} or mine.get(item) != place.saved[item])
    }
    return typed.over(typed_as_saved(place, language), theirs), both
