"""The confirmation of a randomisation, for the participant's file: when, by whom, on which consent; never of what."""

from collections.abc import Iterator

from equipoise.conduct.snapshot import Subject
from equipoise.reports.blocks import Block, Facts, Paragraph
from equipoise.reports.report import Report
from equipoise.web import casebook as book
from equipoise.web import language as say
from equipoise.web import trail
from equipoise.web.printing.casebook import facts
from equipoise.web.printing.history import history
from equipoise.web.printing.sheet import sheet
from equipoise.web.room import Room

_MILESTONES = ("consent", "eligible", "randomised")
_KINDS = ("Consented", "EligibilityConfirmed", "Randomised", "StratumCorrected", "RandomisedInError")


def confirmation(room: Room, subject: Subject) -> Report:
    """One randomised participant on a page, to be signed and filed by hand."""
    language = room.language
    blocks: list[Block] = [
        Facts((*facts(room, subject, _MILESTONES), *_next(room, subject))),
        *_in_error(room, subject),
        Paragraph(say.text("print.randomised.masked", language)),
        history(room, subject, _KINDS),
        Facts(((say.text("print.filed.by", language), ""), (say.text("print.filed.on", language), "")), by_hand=True),
    ]
    return sheet(room, say.text("print.randomised", language, code=subject.code), blocks, site=subject.site)


def _next(room: Room, subject: Subject) -> Iterator[tuple[str, str]]:
    """The envelope, and the visit of the schedule that comes next with its window."""
    yield say.text("act.slot", room.language), subject.slot
    due = next((each for each in book.timeline(room, subject) if each.planned and each.held is None), None)
    if due is not None and due.days is not None:
        first, _, last = (say.day(day, room.language) for day in due.days)
        yield say.text("print.randomised.next", room.language), f"{due.label}, {first} – {last}"


def _in_error(room: Room, subject: Subject) -> Iterator[Paragraph]:
    if subject.randomised_in_error:
        because = trail.coded("because", subject.randomised_in_error, room.language)
        yield Paragraph(f"{say.text('casebook.in_error', room.language)}: {because}", strong=True)
