"""The subject matrix: every participant by every visit, light enough for a thousand rows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from equipoise.conduct.encounters import unscheduled_held
from equipoise.conduct.locks import CASEBOOK
from equipoise.conduct.snapshot import Subject
from equipoise.items import FULL_WIDTH
from equipoise.protocol.schedule import EARLY_TERMINATION, Encounter, Visit
from equipoise.protocol.schema import Protocol
from equipoise.web.language import text
from equipoise.web.status import SUBJECT_STATES, View, subject_state, visit_state


@dataclass(frozen=True, slots=True)
class Cell:
    """One visit of one participant: its state, and the marks beside it."""

    state: str
    marks: tuple[str, ...]  # of MARKS


MARKS: Final = ("remote", "home", "void", "frozen")


@dataclass(frozen=True, slots=True)
class Row:
    """One participant: the state, how many queries are open, whether the casebook is frozen, and every visit."""

    code: str
    site: str
    state: str
    queries: int
    frozen: bool
    cells: tuple[Cell, ...]
    unscheduled: int  # how many visits took place outside the schedule


def columns(protocol: Protocol) -> tuple[Encounter, ...]:
    """The visits that have a column: those of the schedule, and that of who leaves early."""
    leaving = protocol.encounter(EARLY_TERMINATION)
    return (*protocol.visits, leaving) if leaving is not None else protocol.visits


def row(view: View, subject: Subject) -> Row:
    """A participant's row."""
    kind = ("row", view.seen.role.id)
    return view.progress.kept(kind, subject, (view.today, view.locked), lambda: _row(view, subject))


def _row(view: View, subject: Subject) -> Row:
    return Row(
        code=subject.code,
        site=subject.site,
        state=subject_state(subject, view.seen),
        queries=view.progress.standing(subject, view.seen).queries,
        frozen=CASEBOOK in subject.frozen,
        cells=tuple(
            Cell(visit_state(view, subject, visit), tuple(_marks(view, subject, visit)))
            for visit in columns(view.seen.protocol)
        ),
        unscheduled=unscheduled_held(subject),
    )


def _marks(view: View, subject: Subject, visit: Encounter) -> Iterator[str]:
    """How a visit took place, and what became of its forms that the reader sees."""
    held = subject.visits.get(visit.id)
    if held is None:
        return
    if held.mode in MARKS:
        yield held.mode
    keys = [(visit.id, form, 1) for form in visit.forms if view.seen.form(form)]
    if any(map(subject.void, keys)):
        yield "void"
    if not subject.frozen.isdisjoint(keys):
        yield "frozen"


def chosen(rows: Iterable[Row], *, find: str, site: str, state: str) -> list[Row]:
    """The rows a reader asked for. Full-width signs find their plain twins."""
    wanted = find.strip().translate(FULL_WIDTH).upper()
    return [
        row
        for row in rows
        if wanted in row.code and (not site or row.site == site) and (not state or row.state == state)
    ]


def counts(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """How many participants are in each state, none left out."""
    found = Counter(row.state for row in rows)
    return [(state, found[state]) for state in SUBJECT_STATES]


def cells_html(view: View, subject: Subject, language: str) -> SafeString:
    """The cells of a row. Each is a link whose text is the state; the style sheet draws the glyph over it."""
    kind = ("cells", view.seen.role.id, language)
    return view.progress.kept(kind, subject, row(view, subject).cells, lambda: _cells(view, subject, language))


def _cells(view: View, subject: Subject, language: str) -> SafeString:
    visits, code = columns(view.seen.protocol), escape(subject.code)
    around = (_cell(visit.id, cell, language) for visit, cell in zip(visits, row(view, subject).cells, strict=True))
    return mark_safe("".join(before + code + after for before, after in around))  # noqa: S308 - each part is escaped


@lru_cache(maxsize=4096)
def _cell(visit: str, cell: Cell, language: str) -> tuple[SafeString, SafeString]:
    """What stands before and after a participant's code in a cell."""
    words = [text(f"visit.{cell.state}", language), *(text(f"mark.{mark}", language) for mark in cell.marks)]
    signs = "".join(text(f"mode.mark.{mark}", language) for mark in cell.marks)
    mark = format_html("<sup>{}</sup>", signs) if signs else ""
    after = format_html('/{}/">{}</a>{}</td>', visit, " · ".join(words), mark)
    return format_html('<td><a class="c {}" href="', cell.state), after


def heading(visit: Encounter, language: str) -> str:
    """A short heading for a column: W12, or the visit's own first letters before week 0; words outside the schedule."""
    if not isinstance(visit, Visit):
        return text("unscheduled.heading" if visit.unscheduled else "leaving.heading", language)
    if visit.week >= 0:
        return f"W{visit.week}"
    label = visit.label.in_(language)
    return label[:2] if language == "zh" else label[:3]
