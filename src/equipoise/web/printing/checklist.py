"""The checklist of a visit: what is due, who does it, what is still open; to be ticked beside the participant."""

from collections.abc import Iterator

from equipoise.conduct.snapshot import Subject
from equipoise.protocol.schedule import Encounter
from equipoise.reports.blocks import Block, Facts, Heading, Paragraph
from equipoise.reports.report import Report
from equipoise.reports.table import Row, Table
from equipoise.web import casebook as book
from equipoise.web import language as say
from equipoise.web import trail
from equipoise.web.printing.sheet import sheet
from equipoise.web.room import Room
from equipoise.web.status import form_state, window


def checklist(room: Room, subject: Subject, visit: Encounter) -> Report:
    """One visit of one participant on a page."""
    label = visit.label.in_(room.language)
    blocks: list[Block] = [
        Facts(tuple(_when(room, subject, visit))),
        Heading("forms", say.text("visit.forms" if visit.unscheduled else "visit.due_forms", room.language)),
        _forms(room, subject, visit),
        Heading("ask", say.text("print.ask", room.language)),
        *_ask(room),
        Heading("queries", say.text("nav.queries", room.language)),
        *_queries(room, subject),
    ]
    return sheet(room, f"{subject.code} · {label}", blocks, site=subject.site)


def _when(room: Room, subject: Subject, visit: Encounter) -> Iterator[tuple[str, str]]:
    days, held = window(subject, visit), subject.visits.get(visit.id)
    if days is not None:
        for name, day in zip(("earliest", "target", "latest"), days, strict=True):
            yield say.text(f"visit.{name}", room.language), say.day(day, room.language)
    on = say.day(held.on, room.language) if held and held.on else "____________"
    yield say.text("visit.held", room.language), on
    if visit.unscheduled:
        because = trail.coded("because", held.because, room.language) if held else "____________"
        yield say.text("unscheduled.because", room.language), because


def _forms(room: Room, subject: Subject, visit: Encounter) -> Table:
    forms = [room.protocol.form_by_id[id_] for id_ in visit.forms if room.seen.form(id_)]
    roles = room.protocol.role_by_id
    rows = tuple(
        Row(
            (
                f"☐ {form.label.in_(room.language)}",
                ", ".join(roles[role].label.in_(room.language) for role in form.filled_by),
                say.text(f"form.{form_state(room.view, subject, (visit.id, form.id, 1))}", room.language),
            )
        )
        for form in forms
    )
    heads = tuple(say.text(name, room.language) for name in ("common.form", "visit.filled_by", "visit.state"))
    title = visit.label.in_(room.language)
    return Table("due", title, heads, rows, words=frozenset(range(3)), widths=(3.0, 2.0, 1.0))


def _ask(room: Room) -> Iterator[Paragraph]:
    """What is asked at every contact: the logs the visitor fills in."""
    logs = [form for form in room.protocol.forms if form.repeats and room.role.id in form.filled_by]
    yield from (Paragraph(f"☐ {form.label.in_(room.language)}") for form in logs)
    if not logs:
        yield Paragraph("–")


def _queries(room: Room, subject: Subject) -> Iterator[Paragraph]:
    found = list(book.questions(room, subject, "open"))
    yield from (Paragraph(f"☐ {each.place} · {each.item}: {each.text}") for each in found)
    if not found:
        yield Paragraph(say.text("queries.none.open", room.language))
