"""The audit trail of a study, searched page by page and as a file, each reader seeing what their role sees.

A page reads at most `_FURTHEST` acts: where nearly all are hidden from a reader, it says how far it looked and goes on
from there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from equipoise.conduct import acts as a
from equipoise.conduct.acts import ACTS, Recorded, SubjectAct
from equipoise.items import Item, Problem, read
from equipoise.ledger.chain import recorded
from equipoise.ledger.search import Wanted, search
from equipoise.web import trail
from equipoise.web.csv_file import first_line, line
from equipoise.web.room import Room

_A_PAGE: Final = 50
_FURTHEST: Final = 2000
_AT_ONCE: Final = 200  # acts read from the database
_DAY: Final = Item("on", "date")
KINDS: Final = tuple(kind for kind, act in ACTS.items() if issubclass(act, SubjectAct))
NAMES: Final = ("subject", "by", "kind", "form", "item", "since", "until", "order")


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the trail: its acts, and the number of the act beyond which the next page begins; 0 at the end."""

    acts: tuple[Recorded, ...]
    beyond: int


def asked_for(room: Room, typed: Mapping[str, str]) -> Wanted | None:
    """What a reader asks for; None where it is something they do not see, which is then not there."""
    form, item, subject = typed["form"], typed["item"], typed["subject"].strip().upper()
    known = room.snapshot.subjects.get(subject)
    hidden = (form and not room.seen.form(form)) or (item and not room.seen.item(form, item))
    if hidden or (subject and (known is None or not room.seen.subject(known))):
        return None
    since, until = (_moment(room, typed[name]) for name in ("since", "until"))
    return Wanted(
        subject=subject,
        site=room.person.site if room.role.scope == "site" else "",
        people=_people(room, typed["by"].strip()),
        kinds=(typed["kind"],) if typed["kind"] else (),
        form=form,
        item=item,
        since=since,
        until=until + timedelta(days=1) if until else None,
        oldest_first=typed["order"] == "oldest",
    )


def _people(room: Room, typed: str) -> tuple[str, ...]:
    """The ids of those with a printed name, or the id that was typed."""
    named = {grant.person for grant in room.snapshot.grants if grant.name.casefold() == typed.casefold()}
    return tuple(sorted(named)) or ((typed,) if typed else ())


def slips(typed: Mapping[str, str]) -> tuple[Problem, ...]:
    """The dates that are none."""
    read_ = (read(_DAY, typed[name]) for name in ("since", "until"))
    return tuple(found for found in read_ if isinstance(found, Problem))


def _moment(room: Room, typed: str) -> datetime | None:
    """The beginning of a day where the reader is."""
    on = read(_DAY, typed)
    return datetime.combine(on, time(), ZoneInfo(room.zone)) if isinstance(on, date) else None


def page_of(room: Room, wanted: Wanted | None, beyond: int | None) -> Found:
    """The next acts that are asked for and seen."""
    if wanted is None:
        return Found((), 0)
    shown: list[Recorded] = []
    looked, more = 0, beyond
    for row_number, act in _walk(room, wanted, beyond):
        looked, more = looked + 1, row_number
        if act is not None:
            shown.append(act)
        if len(shown) == _A_PAGE or looked == _FURTHEST:
            return Found(tuple(shown), more or 0)
    return Found(tuple(shown), 0)


def _walk(room: Room, wanted: Wanted, beyond: int | None) -> Iterator[tuple[int, Recorded | None]]:
    """The number of each act that is asked for, with as much of it as the reader sees."""
    rows = search(room.study, wanted, beyond=beyond, limit=_AT_ONCE)
    while rows:
        for row in rows:
            act = _seen(room, recorded(row))
            yield row.sequence, act if act is not None and _about(act, wanted) else None
        whole = len(rows) == _AT_ONCE
        rows = search(room.study, wanted, beyond=rows[-1].sequence, limit=_AT_ONCE) if whole else []


def _seen(room: Room, found: Recorded) -> Recorded | None:
    if not isinstance(found.act, SubjectAct):
        return found if room.seen.study_act(found) else None
    subject = room.snapshot.subjects.get(found.act.subject)
    return room.seen.act(found, subject) if subject is not None else None


def _about(found: Recorded, wanted: Wanted) -> bool:
    """Whether what is seen of an act is still about the question that is asked for."""
    act = found.act
    if not wanted.item or not isinstance(act, a.FormSaved | a.FormDrafted):
        return True
    return wanted.item in (act.changes if isinstance(act, a.FormSaved) else act.texts)


# --- As a file -----------------------------------------------------------------------------------------------------

HEADINGS: Final = (
    "act", "at_utc", "at_site", "time_zone", "person", "name", "role", "kind", "what", "subject", "visit", "form",
    "row", "item", "question", "old", "new", "reason", "previous", "hash",
)  # fmt: skip


def as_csv(room: Room, wanted: Wanted | None) -> Iterator[bytes]:
    """The trail as comma-separated values in UTF-8: a line for each value that changed, and one for any other act."""
    yield first_line(HEADINGS)
    for _, found in _walk(room, wanted, None) if wanted is not None else ():
        if found is not None:
            yield b"".join(line(cells) for cells in _cells(room, found, wanted.item if wanted else ""))


def _cells(room: Room, found: Recorded, item: str) -> Iterator[tuple[str, ...]]:
    (said,), act = trail.lines(room, [found], item=item), found.act
    head = (
        str(found.sequence), f"{found.at:%Y-%m-%dT%H:%M:%S.%fZ}", said.at, said.zone, found.by.id, said.by,
        found.by.role, act.kind, said.what, said.subject,
        *(str(getattr(act, name, "")) for name in ("visit", "form", "repeat")),
    )  # fmt: skip
    tail = (found.reason, found.previous, found.hash)
    if isinstance(act, a.FormSaved):
        label = room.protocol.form_by_id[act.form].item_by_id
        for name, (old, new) in act.changes.items():
            if not item or name == item:
                yield (*head, name, label[name].label.in_(room.language), _written(old), _written(new), *tail)
        return
    asked = getattr(act, "item", "")
    for question, old, new in said.details or (("", "", ""),):
        yield (*head, asked, question, old, new, *tail)


def _written(answer: a.Written) -> str:
    """An answer as it is stored; one declared missing by its code after a question mark, as it is typed."""
    return f"?{answer['missing']}" if isinstance(answer, dict) else answer or ""
