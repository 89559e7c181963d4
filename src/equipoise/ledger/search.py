"""Searching the acts: by participant, person, kind, field and time, page by page, never through all of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from equipoise.ledger.chain import COLUMNS, Row, moment
from equipoise.ledger.store import marks

_COLUMNS: Final = ", ".join(f'a."{name}"' for name in COLUMNS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts are asked for; what is empty is not asked about. `since` is included, `until` is not."""

    subject: str = ""
    site: str = ""  # of the participant or, for an act about none, where it was done
    people: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    form: str = ""
    item: str = ""
    since: datetime | None = None
    until: datetime | None = None
    oldest_first: bool = False


def search(study: str, wanted: Wanted, *, beyond: int | None, limit: int) -> list[Row]:
    """The next acts that are asked for, at most `limit`, beyond the act with a number; the newest first unless told.

    The number of the last one returned leads to the next ones: however far back they lie, the database reads an index
    from there on.
    """
    where, parameters = _where(study, wanted)
    if beyond is not None:
        where += f" AND {_by(wanted)}.sequence {'>' if wanted.oldest_first else '<'} %s"
        parameters.append(beyond)
    order = f"{_by(wanted)}.sequence {'ASC' if wanted.oldest_first else 'DESC'}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM {_source(wanted)} WHERE {where} ORDER BY {order} LIMIT %s",  # noqa: S608 - no name is typed
            [*parameters, limit],
        )
        return [Row(*fields) for fields in cursor.fetchall()]


def _by(wanted: Wanted) -> str:
    """The table that is walked: acts, or places where a form is asked for and neither a participant nor a person."""
    return "p" if wanted.form and not (wanted.subject or wanted.people) else "a"


def _source(wanted: Wanted) -> str:
    """The tables, the one that is walked first: SQLite joins them in the order of a CROSS JOIN."""
    if not wanted.form:
        return "ledger_act a"
    if _by(wanted) == "p":
        return "ledger_actplace p CROSS JOIN ledger_act a"
    return "ledger_act a CROSS JOIN ledger_actplace p"


def _where(study: str, wanted: Wanted) -> tuple[str, list[str | int]]:
    asked: list[tuple[str, list[str | int]]] = [("a.study = %s", [study])]
    if wanted.form:
        asked.append(("p.study = %s AND p.form = %s AND a.sequence = p.sequence", [study, wanted.form]))
    if wanted.form and wanted.item:
        asked.append(("replace(p.items, %s, '') <> p.items", [f" {wanted.item} "]))
    asked += [(f"a.{name} = %s", [value]) for name in ("subject", "site") if (value := getattr(wanted, name))]
    for name, values in (('"by"', wanted.people), ("kind", wanted.kinds)):
        if values:
            asked.append((f"a.{name} IN ({marks(values)})", list(values)))
    asked += _when(study, wanted)
    return " AND ".join(part for part, _ in asked), [value for _, values in asked for value in values]


def _when(study: str, wanted: Wanted) -> list[tuple[str, list[str | int]]]:
    """The time, with the numbers of the first and last act of that time, so that an index on numbers is enough."""
    limits = [(sign, moment(at)) for sign, at in ((">=", wanted.since), ("<", wanted.until)) if at is not None]
    if not limits:
        return []
    times = " AND ".join(f"at {sign} %s" for sign, _ in limits)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min(sequence), max(sequence) FROM ledger_act WHERE study = %s AND {times}",  # noqa: S608
            [study, *(at for _, at in limits)],
        )
        first, last = cursor.fetchone()
    found: list[tuple[str, list[str | int]]] = [(f"{_by(wanted)}.sequence BETWEEN %s AND %s", [first or 0, last or -1])]
    found += [(f"a.at {sign} %s", [at]) for sign, at in limits]
    return found
