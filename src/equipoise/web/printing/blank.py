"""The blank case report form, annotated: each question with its possible answers, its variable and its rule."""

from collections.abc import Iterable, Iterator

from equipoise.items import REASONS
from equipoise.protocol.schema import Form, FormItem
from equipoise.reports.blocks import Block, Heading, Paragraph
from equipoise.reports.report import Report
from equipoise.reports.table import Row, Table
from equipoise.web import language as say
from equipoise.web.entry import STATE_KEYS
from equipoise.web.matrix import heading
from equipoise.web.printing.sheet import sheet
from equipoise.web.room import Room


def blank_form(room: Room) -> Report:
    """Every form of the trial that the visitor sees, as it is before anybody fills it in."""
    forms = [form for form in room.protocol.forms if room.seen.form(form.id)]
    blocks: list[Block] = [Paragraph(_missing(room, REASONS)), _schedule(room, forms)]
    for form in forms:
        blocks += [Heading(form.id, form.label.in_(room.language))]
        blocks += [Paragraph(form.instructions.in_(room.language))] if form.instructions else []
        blocks += [_form(room, form)]
    return sheet(room, say.text("print.blank", room.language), blocks)


def _missing(room: Room, listed: Iterable[str]) -> str:
    codes = ", ".join(f"{code} {say.missing_reason(code, room.language)}" for code in listed)
    return say.text("print.missing_codes", room.language, codes=codes)


def _schedule(room: Room, forms: list[Form]) -> Table:
    """At which visits each form is due."""
    visits = (*room.protocol.visits, *room.protocol.outside)
    heads = (say.text("common.form", room.language), *(heading(visit, room.language) for visit in visits))
    rows = tuple(
        Row((form.label.in_(room.language), *("×" if form.id in visit.forms else "" for visit in visits)))
        for form in forms
        if not form.repeats
    )
    title = say.text("print.schedule", room.language)
    return Table("schedule", title, heads, rows, widths=(5.0, *(1.0 for _ in visits)))


def _form(room: Room, form: Form) -> Table:
    names = ("question", "answer", "variable", "rule")
    heads = tuple(say.text(f"print.{name}", room.language) for name in names)
    by = ", ".join(room.protocol.role_by_id[role].label.in_(room.language) for role in form.filled_by)
    notes = [say.text("print.filled_by", room.language, roles=by)]
    if form.signed_by:
        role = room.protocol.role_by_id[form.signed_by].label.in_(room.language)
        notes.append(say.text("print.signed_by", room.language, role=role))
    if form.missing:
        notes.append(_missing(room, form.missing))
    rows = tuple(_rows(room, form))
    return Table(
        f"blank-{form.id}", form.id, heads, rows, tuple(notes), words=frozenset(range(4)), widths=(2.7, 2.5, 1.9, 1.7)
    )


def _rows(room: Room, form: Form) -> Iterator[Row]:
    section = ""
    for item in room.seen.items(form):
        here = item.section.in_(room.language) if item.section else ""
        if here and here != section:
            section = here
            yield Row((here,), heading=True)
        label = item.label.in_(room.language)
        needed = label if item.required else f"{label} ({say.text('entry.optional', room.language)})"
        yield Row((needed, possible(room, item), item.id, item.when or ""))


def possible(room: Room, item: FormItem) -> str:
    """What can be answered, as it is written on paper: boxes to tick, or a line with its unit."""
    if item.type == "yes_no":
        options = [say.text("answer.no", room.language), say.text("answer.yes", room.language)]
    elif item.type == "state":
        options = [say.text(f"state.{state}", room.language) for state in STATE_KEYS]
    elif item.type == "choice":
        options = [entry.label.in_(room.language) for entry in room.protocol.code_lists.get(item.codes, ())]
    else:
        units = (item.unit, *(other.unit for other in item.units))
        unit = " " + " / ".join(say.unit(each, room.language) for each in units)
        spelled = say.text(f"entry.hint.{item.type}", room.language) if item.type in ("date", "partial_date") else ""
        return f"________ {spelled}{unit}".rstrip()
    return "  ".join(f"☐ {option}" for option in options)
