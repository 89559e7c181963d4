"""Acts about a participant as a table: who did what, when, old and new, why, with the beginning of each act's hash."""

from equipoise.conduct.snapshot import Subject
from equipoise.reports.table import Row, Table
from equipoise.web import language as say
from equipoise.web import trail
from equipoise.web.room import Room

_COLUMNS = ("number", "at", "by", "what", "change", "reason", "hash")
_WIDTHS = (0.7, 1.5, 1.5, 1.6, 3.2, 1.2, 1.5)


def history(room: Room, subject: Subject, kinds: tuple[str, ...] = ()) -> Table:
    """The acts that the visitor sees, the first one first; of some kinds only, if they are named."""
    heads = tuple(say.text(f"print.trail.{name}", room.language) for name in _COLUMNS)
    rows = tuple(_line(line) for line in trail.lines(room, trail.seen_acts(room, subject, kinds)))
    title = say.text("trail.all", room.language)
    return Table("trail-table", title, heads, rows, words=frozenset(range(len(heads))), widths=_WIDTHS)


def _line(line: trail.Line) -> Row:
    changes = "; ".join(f"{label}: {old} → {new}" if old else f"{label}: {new}" for label, old, new in line.details)
    what = f"{line.what} · {line.place}" if line.place else line.what
    cells = (str(line.sequence), f"{line.at} {line.zone}", f"{line.by} ({line.role})", what, changes, line.reason)
    return Row((*cells, line.hash[:12]))
