"""A participant's casebook on paper: every form a reader sees, with queries, signatures and the trail behind it."""

from collections.abc import Iterator, Mapping
from typing import Final

from equipoise.conduct.encounters import encounters
from equipoise.conduct.snapshot import FormKey, Subject
from equipoise.items import Answer
from equipoise.protocol.schedule import Encounter
from equipoise.protocol.schema import Form, FormItem
from equipoise.reports.blocks import Block, Facts, Heading, Paragraph
from equipoise.reports.report import Report
from equipoise.reports.table import Row, Table
from equipoise.web import casebook as book
from equipoise.web import language as say
from equipoise.web import trail
from equipoise.web.printing.history import history
from equipoise.web.printing.sheet import sheet
from equipoise.web.room import Room
from equipoise.web.rows import answer_words
from equipoise.web.signing import place_of
from equipoise.web.status import subject_state

_WORDS = frozenset({0, 1, 2, 3})
MILESTONES: Final = ("consent", "eligible", "randomised", "stopped", "ended")


def casebook(room: Room, subject: Subject) -> Report:
    """Everything the visitor sees of one participant."""
    blocks: list[Block] = [Facts(tuple(facts(room, subject)))]
    for visit in encounters(room.protocol, subject):
        blocks += _visit(room, subject, visit)
    blocks += _logs(room, subject)
    blocks += [Heading("queries", say.text("nav.queries", room.language)), _queries(room, subject)]
    blocks += [Heading("signatures", say.text("print.signatures", room.language)), _signatures(room, subject)]
    blocks += [Heading("trail", say.text("trail.all", room.language), turned=True), history(room, subject)]
    title = say.text("print.casebook", room.language, code=subject.code)
    return sheet(room, title, blocks, site=subject.site)


def facts(room: Room, subject: Subject, milestones: tuple[str, ...] = MILESTONES) -> Iterator[tuple[str, str]]:
    """Who and how far: the same facts as at the head of the casebook's page, or some of them."""
    language = room.language
    site = next((site.label.in_(language) for site in room.protocol.sites if site.id == subject.site), "")
    yield say.text("common.site", language), f"{subject.site} {site}"
    yield say.text("visit.state", language), say.text(f"subject.{subject_state(subject, room.seen)}", language)
    dates = (subject.consent, subject.eligible, subject.randomised, subject.treatment_stopped, subject.ended)
    for name, on in zip(MILESTONES, dates, strict=True):
        if name in milestones and (name != "stopped" or room.seen.treatment):
            yield say.text(f"casebook.{name}", language), say.day(on, language) if on else "–"


def _visit(room: Room, subject: Subject, visit: Encounter) -> Iterator[Block]:
    held = subject.visits.get(visit.id)
    if held is None:
        return
    label, language = visit.label.in_(room.language), room.language
    mode = trail.coded("mode", held.mode, language)
    what = f"{say.day(held.on, language)} · {mode}" if held.on else say.text("visit.missed", language)
    yield Heading(visit.id, label)
    yield Paragraph(f"{what} · {trail.coded('because', held.because, language)}" if held.because else what)
    if held.status == "held":
        for id_ in visit.forms:
            if room.seen.entered(subject, (visit.id, id_, 1)):
                yield _form(room, subject, (visit.id, id_, 1))


def _logs(room: Room, subject: Subject) -> Iterator[Block]:
    """Every row of the repeating forms, whole."""
    for form in room.protocol.forms:
        if form.repeats and room.seen.form(form.id):
            keys = sorted((*subject.rows(form.id), *subject.rows_in_error(form.id)))
            yield Heading(form.id, form.label.in_(room.language))
            yield from (_form(room, subject, key) for key in keys)
            if not keys:
                yield Paragraph(say.text("log.none", room.language))


def _form(room: Room, subject: Subject, key: FormKey) -> Table:
    """A form: question, answer, unit; below it who signed, and what became of it."""
    form = room.protocol.form_by_id[key[1]]
    columns = tuple(say.text(f"print.{name}", room.language) for name in ("question", "answer", "unit"))
    title = form.label.in_(room.language) + (f" {key[2]}" if form.repeats else "")
    title += "" if key not in subject.in_error else f" · {say.text('log.in_error', room.language)}"
    rows = tuple(_rows(room, subject, form, subject.answers(key)))
    return Table(
        "-".join(map(str, key)), title, columns, rows,
        footnotes=tuple(_below(room, subject, key)), words=_WORDS, widths=(3.2, 2.6, 0.9),
    )  # fmt: skip


def _rows(room: Room, subject: Subject, form: Form, answers: Mapping[str, Answer]) -> Iterator[Row]:
    section = ""
    for item in room.seen.items(form):
        here = item.section.in_(room.language) if item.section else ""
        if here and here != section:
            section = here
            yield Row((here,), heading=True)
        yield Row(
            (
                item.label.in_(room.language),
                _answer(room, subject, item, answers.get(item.id)),
                say.unit(item.unit, room.language) if item.unit else "",
            )
        )


def _answer(room: Room, subject: Subject, item: FormItem, answer: Answer) -> str:
    return answer_words(room.seen, subject, item, answer, room.language) or "–"


def _below(room: Room, subject: Subject, key: FormKey) -> Iterator[str]:
    if key not in subject.values and key not in subject.in_error:
        yield say.text("print.never_filled", room.language)
    signature = subject.signatures.get(key)
    if signature is not None:
        name = "sign.void" if subject.void(key) else "sign.by"
        at = say.moment(signature.at, room.zone_of(subject.site), room.language)
        meaning = say.meaning(signature.meaning, room.language)
        yield say.text(name, room.language, name=room.snapshot.name_of(signature.by), at=at, meaning=meaning)


def _queries(room: Room, subject: Subject) -> Table:
    columns = ("queries.where", "queries.item", "query.text", "visit.state")
    found = book.questions(room, subject, "open", "answered", "closed")
    rows = (
        Row(
            (
                each.place,
                each.item,
                " ↩ ".join([each.text, *each.query.answers]),
                say.text(f"query.{each.query.status}", room.language),
            )
        )
        for each in found
    )
    title = say.text("nav.queries", room.language)
    heads = tuple(say.text(column, room.language) for column in columns)
    return Table("query-table", title, heads, tuple(rows), words=_WORDS, widths=(1.6, 1.4, 3.0, 0.8))


def _signatures(room: Room, subject: Subject) -> Table:
    """Who signed what, when, with which meaning, over which digest, and whether it still holds."""
    language = room.language
    no_more = " · " + say.text("print.void", language)
    heads = tuple(say.text(f"print.signature.{name}", language) for name in ("form", "by", "at", "meaning", "digest"))
    rows = tuple(
        Row(
            (
                place_of(room, key),
                f"{room.snapshot.name_of(each.by)} ({_role(room, each.role)})",
                say.moment(each.at, room.zone_of(subject.site), language),
                say.meaning(each.meaning, language) + (no_more if subject.void(key) else ""),
                each.values[:16] if room.seen.whole(room.protocol.form_by_id[key[1]]) else "–",
            )
        )
        for key, each in subject.signatures.items()
        if room.seen.entered(subject, key)
    )
    title = say.text("print.signatures", language)
    return Table("signature-table", title, heads, rows, words=_WORDS | {4}, widths=(2.0, 1.6, 2.0, 1.4, 1.2))


def _role(room: Room, role: str) -> str:
    return room.protocol.role_by_id[role].label.in_(room.language)
