"""Displays and the whole report as RTF, the form in which regulators and medical writers take them.

The library writes tables, titles, footnotes and the running head; this module hands it text it cannot misread, and
joins the parts of a report. Nothing in the files says when they were made.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import polars as pl
import rtflite
from rtflite import attributes
from rtflite.pagination import core

from equipoise.reports.blocks import Block, Facts, Heading, Paragraph
from equipoise.reports.catalogue import Words
from equipoise.reports.display import Display, program_of
from equipoise.reports.figures import Figure
from equipoise.reports.report import Report
from equipoise.reports.table import Table

_ARIAL: Final = 4  # its number in the library's table of fonts
_SIZE, _SMALL = 9, 8  # points
_WIDTH: Final = 9.7  # inches of text on A4 laid on its side, with margins of 1 inch
_LINES: Final = 34  # of a table on one page, its title and notes beside them
_PAGE: Final = "\\chpgn / {\\field{\\*\\fldinst NUMPAGES }}"
_FOOTER: Final = "\\headery"  # the last word of the library's frame stands on the line that begins the paper
_WIDE: Final = re.compile(r"[^\x00-\x7f]")
_BLANK: Final = pl.DataFrame({"c": [""]})


# The library opens its font again for every cell it measures, and most cells were measured before.
_width_of: Final = lru_cache(maxsize=2**16)(rtflite.get_string_width)
for _measuring in (attributes, core):
    setattr(_measuring, "get_string_width", _width_of)  # noqa: B010 - a name of the library's, not of ours


def display_rtf(display: Display, picture: bytes = b"") -> bytes:
    """One display as RTF; `picture` is the PNG of a figure."""
    head = _Frame(display.marks, display.study, display.foot)
    return _finished(_part(display.block, display.notes, head, picture))


def to_rtf(report: Report, words: Words, displays: Mapping[str, bytes]) -> bytes:
    """The report as one RTF; `displays` holds the RTF of its displays by their programs, taken over with their notes.

    A table that is none of them is written here.
    """
    head = _Frame(report.marks, report.subtitle, report.foot)
    frame, _ = _split(_document(head, df=_BLANK))
    parts = [_paragraph(report.title, size=16, bold=True)]
    for block in report.blocks:
        parts.extend(_typed(block, words, head, displays))
    return _finished(frame + "\n".join(parts) + "\n}")


class _Frame:
    """What stands at the head and the foot of every page."""

    def __init__(self, marks: Sequence[str], subtitle: str, foot: str) -> None:
        self.header = [_plain("   ·   ".join((*marks, subtitle)))]
        self.footer = [f"{_plain(foot)}   ·   {_PAGE}"]


def _document(head: _Frame, **parts: object) -> str:
    """What the library writes for one table or figure."""
    page = rtflite.RTFPage(
        orientation="landscape", width=11.69, height=8.27, margin=[1.0, 1.0, 1.0, 1.0, 0.5, 0.5], nrow=_LINES,
        col_width=_WIDTH,
    )  # fmt: skip
    small = {"text_font": [_ARIAL], "text_font_size": [_SMALL], "text_justification": ["l"]}
    document = rtflite.RTFDocument(
        rtf_page=page, rtf_page_header=rtflite.RTFPageHeader(text=head.header, **small),
        rtf_page_footer=rtflite.RTFPageFooter(text=head.footer, **small), **parts,
    )  # fmt: skip
    return str(document.rtf_encode())


def _part(block: Table | Figure, notes: Sequence[str], head: _Frame, picture: bytes) -> str:
    small = {"text_font": [_ARIAL], "text_font_size": [_SMALL], "text_convert": [False]}
    said: dict[str, object] = {
        "rtf_title": rtflite.RTFTitle(
            text=[_plain(block.title)], text_font=[_ARIAL], text_font_size=[11], text_format=["b"],
            text_justification=["l"], text_convert=[False],
        )
    }  # fmt: skip
    if notes:
        said["rtf_footnote"] = rtflite.RTFFootnote(
            text=[_plain(note) for note in notes], as_table=False, text_justification=["l"], **small
        )
    if isinstance(block, Figure):
        return _pictured(picture, head, said)
    return _document(head, **_tabled(block), **said)


def _tabled(table: Table) -> dict[str, object]:
    """The columns and lines of a table; of one without lines, its columns alone."""
    shares = list(table.widths or (2.4, *(1.0 for _ in table.columns[1:])))
    sides = ["l" if place in table.words else "r" for place in range(len(table.columns))]
    look = {"text_font": [_ARIAL], "text_font_size": [_SIZE], "text_convert": [False]}
    rules: dict[str, object] = {"border_left": [""], "border_right": [""]}
    rows = [_cells(table, number) for number in range(len(table.rows))] or [[""] * len(table.columns)]
    frame = pl.DataFrame(rows, schema=[f"c{place}" for place in range(len(table.columns))], orient="row")
    header = rtflite.RTFColumnHeader(
        text=[_plain(column) for column in table.columns], col_rel_width=shares, text_justification=sides,
        text_format=["b"], **look, **rules,
    )  # fmt: skip
    body = rtflite.RTFBody(col_rel_width=shares, text_justification=[sides], **look, **rules)
    return {"df": frame, "rtf_column_header": [header], "rtf_body": body}


def _cells(table: Table, number: int) -> list[str]:
    row = table.rows[number]
    first = "\u2003" * (row.indent) + row.cells[0]
    others = row.cells[1:] if not row.heading else ("",) * (len(table.columns) - 1)
    return [_plain(cell) for cell in (first, *others)]


def _pictured(picture: bytes, head: _Frame, said: dict[str, object]) -> str:
    """A figure; the library reads pictures from files only."""
    width, height = (int.from_bytes(picture[start : start + 4], "big") for start in (16, 20))  # of a PNG's first chunk
    inches = min(_WIDTH, 5.4 * width / height)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "figure.png"
        file.write_bytes(picture)
        figure = rtflite.RTFFigure(figures=[file], fig_width=inches, fig_height=inches * height / width)
        return _document(head, rtf_figure=figure, **said)


def _typed(block: Block, words: Words, head: _Frame, displays: Mapping[str, bytes]) -> Iterator[str]:
    match block:
        case Heading():
            yield _paragraph(block.text, size=14 if block.level == 2 else 11, bold=True, keep=True)
        case Paragraph():
            yield _paragraph(block.text, size=10, bold=block.strong)
        case Facts():
            yield from (_paragraph(words.named(name, value), size=_SIZE) for name, value in block.lines)
        case Table() if program_of(block) not in displays:
            yield _split(_part(block, block.footnotes, head, b""))[1]
        case Table() | Figure():
            yield _split(displays[program_of(block)].decode("ascii"))[1]


def _split(document: str) -> tuple[str, str]:
    """The frame of a document and what stands in it: the frame ends with the line that holds the paper's margins."""
    begins = document.index("\n", document.rindex(_FOOTER)) + 1
    return document[:begins], document[begins:].rstrip().removesuffix("}")


def _paragraph(text: str, *, size: int, bold: bool = False, keep: bool = False) -> str:
    weight, keeping = ("\\b " if bold else " "), ("\\keepn" if keep else "")
    return f"{{\\pard\\sb120\\sa60{keeping}\\ql\\fs{2 * size}\\f{_ARIAL - 1}{weight}{_plain(text)}\\par}}"


def _plain(text: str) -> str:
    """A text in which nothing is a command: braces and backslashes are themselves."""
    return text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}").replace("\n", "\\line ")


def _finished(rtf: str) -> bytes:
    """The file in seven bits: every other character as `\\u` with its UTF-16 number (RTF 1.9.1, Unicode RTF)."""
    return _WIDE.sub(_escaped, rtf).encode("ascii")


def _escaped(letter: re.Match[str]) -> str:
    units = letter[0].encode("utf-16-le")
    numbers = (int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2))
    return "".join(f"\\uc1\\u{number}*" for number in numbers)
