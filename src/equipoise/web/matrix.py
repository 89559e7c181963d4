"""The subject matrix: every participant by every visit, light enough for a thousand rows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from equipoise.conduct.snapshot import Subject
from equipoise.protocol.schedule import Visit
from equipoise.web.language import text
from equipoise.web.status import SUBJECT_STATES, VISIT_STATES, View, queried_visits, subject_state, visit_state


@dataclass(frozen=True, slots=True)
class Row:
    """One participant: the state, how many queries are open, and a state and a mode for every visit."""

    code: str
    site: str
    state: str
    queries: int
    cells: tuple[tuple[str, str], ...]


def row(view: View, subject: Subject) -> Row:
    """A participant's row."""
    open_ = [query for query in view.seen.queries(subject) if query.status == "open"]
    queried = queried_visits(iter(open_))
    return Row(
        code=subject.code,
        site=subject.site,
        state=subject_state(subject, view.seen),
        queries=len(open_),
        cells=tuple(
            (visit_state(view, subject, visit, queried), _mode(subject, visit)) for visit in view.seen.protocol.visits
        ),
    )


def _mode(subject: Subject, visit: Visit) -> str:
    held = subject.visits.get(visit.id)
    return held.mode if held and held.mode in ("remote", "home") else ""


def chosen(rows: Iterable[Row], *, find: str, site: str, state: str) -> list[Row]:
    """The rows a reader asked for. Full-width signs find their plain twins."""
    wanted = find.strip().translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}).upper()
    return [
        row
        for row in rows
        if wanted in row.code and (not site or row.site == site) and (not state or row.state == state)
    ]


def counts(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """How many participants are in each state, none left out."""
    found = Counter(row.state for row in rows)
    return [(state, found[state]) for state in SUBJECT_STATES]


def cells_html(row: Row, visits: Sequence[Visit], language: str) -> SafeString:
    """The cells of a row. Each is a link whose text is the state; the style sheet draws the glyph over it."""
    words = {state: text(f"visit.{state}", language) for state in VISIT_STATES}
    modes = {mode: format_html("<sup>{}</sup>", text(f"mode.mark.{mode}", language)) for mode in ("remote", "home")}
    return format_html_join(
        "",
        '<td><a class="c {}" href="{}/{}/">{}</a>{}</td>',
        (
            (state, row.code, visit.id, words[state], modes.get(mode, ""))
            for visit, (state, mode) in zip(visits, row.cells, strict=True)
        ),
    )


def heading(visit: Visit, language: str) -> str:
    """A short heading for a column: W12, or the visit's own first letters before week 0."""
    if visit.week >= 0:
        return f"W{visit.week}"
    label = visit.label.in_(language)
    return label[:2] if language == "zh" else label[:3]
