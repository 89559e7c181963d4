"""What stands on every printed page: the study, marks, when and by whom it was made, the ledger's head, the page.

A print is a `Report` of the same blocks as the trial's own, so that one typesetter and one look serve both.
"""

import threading
from typing import Final

from equipoise.reports.blocks import Block
from equipoise.reports.catalogue import Words
from equipoise.reports.page import to_page
from equipoise.reports.report import Report
from equipoise.reports.typeset import to_pdf
from equipoise.web import language as say
from equipoise.web.room import Room

_one_at_a_time: Final = threading.Lock()  # the typesetter keeps its fonts between pages and is not shared by threads


def sheet(room: Room, title: str, blocks: list[Block], *, site: str = "") -> Report:
    """A print in the reader's language, over what is known at this moment."""
    at = say.moment(room.desk.clock(), room.zone_of(site) if site else room.zone, room.language)
    role = room.role.label.in_(room.language)
    head = room.snapshot.head
    foot = say.text("print.foot", room.language, at=at, by=room.person.id, role=role, act=room.snapshot.acts, head=head)
    short = room.protocol.study.short_title.in_(room.language)
    version = say.text("frame.protocol", room.language, version=room.protocol.version)
    marks = (say.text("frame.simulated", room.language),) if room.snapshot.simulated else ()
    return Report(title, f"{short} · {version}", room.language, marks, foot, tuple(blocks))


def as_pdf(print_: Report) -> bytes:
    """The pages on A4."""
    with _one_at_a_time:
        return to_pdf(print_, Words(print_.language))


def as_page(print_: Report) -> bytes:
    """The same as one page for a browser."""
    return to_page(print_, Words(print_.language), "")
