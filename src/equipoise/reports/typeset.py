"""The report as a PDF: typeset in memory, its marks and its provenance on every page, the same bytes every time."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final, Literal

import typst

from equipoise.reports.blocks import Block, Facts, Heading, Paragraph
from equipoise.reports.catalogue import Words
from equipoise.reports.display import Display
from equipoise.reports.drawing import FONTS
from equipoise.reports.figures import Figure
from equipoise.reports.report import Report
from equipoise.reports.table import Table, quoted, to_typst

# Families in the order in which they are preferred; the last Latin one is inside the typesetter.
_LATIN: Final = ("Noto Sans", "Source Sans 3", "DejaVu Sans", "Liberation Sans", "Libertinus Serif")
_CHINESE: Final = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC", "Microsoft YaHei",
    "WenQuanYi Micro Hei", "SimHei", "Noto Serif CJK SC", "SimSun",
)  # fmt: skip
_NOT_SHOWN: Final = "[中]"


def chinese_font() -> str:
    """The first family of the machine that has Chinese characters; nothing where there is none."""
    return _first(_CHINESE)


@cache
def _machine() -> tuple[typst.Fonts, typst.Compiler]:
    """The fonts of the machine and one typesetter with them: looking for fonts costs more than setting a page."""
    fonts = typst.Fonts()
    return fonts, typst.Compiler(font_paths=fonts)


def _first(wanted: tuple[str, ...]) -> str:
    families = {family.lower(): family for family in _machine()[0].families()}
    return next((families[name.lower()] for name in wanted if name.lower() in families), "")


def to_pdf(report: Report, words: Words) -> bytes:
    """The report on A4. Text in Chinese needs `chinese_font()`; without one the caller leaves the file out."""
    return _set(_source(report, words, _families(report.language)), "pdf")


def display_pdf(display: Display, words: Words) -> bytes:
    """One display on A4, on its side where it is wide, with its notes below it on the last page."""
    return _set(_display_source(display, words, _families(display.language)), "pdf")


def to_png(figure: Figure, language: str) -> bytes:
    """A figure as a picture of 150 dots an inch, 170 mm wide, for documents that take no drawings."""
    image = _image(figure, _families(language), width="170mm")
    return _set(f"#set page(width: auto, height: auto, margin: 0pt)\n{image}", "png")


def _families(language: str) -> list[str]:
    fonts = [font for font in (_first(_LATIN), chinese_font()) if font]
    return fonts[::-1] if language == "zh" else fonts


def _set(source: str, form: Literal["pdf", "png"]) -> bytes:
    """What the typesetter makes of a source, the same bytes every time. Raises ValueError for several documents."""
    text = source if chinese_font() else printable(source)
    made = _machine()[1].compile(text.encode(), format=form, ppi=150, timestamp=0)
    if not isinstance(made, bytes):
        raise ValueError("the typesetter made no single document")
    return made


def _source(report: Report, words: Words, fonts: list[str]) -> str:
    head = _head(report.title, report.subtitle, report.marks, report.foot, report.language, words, fonts)
    body = "\n".join(_typst(block, fonts) for block in report.blocks)
    return f'{head}\n#text(size: 17pt, weight: "bold")[#{quoted(report.title)}]\n{body}\n'


def _display_source(display: Display, words: Words, fonts: list[str]) -> str:
    head = _head(display.title, display.study, display.marks, display.foot, display.language, words, fonts)
    turned = "#set page(flipped: true)\n" if display.wide else ""
    block = display.block
    bare = replace(block, footnotes=()) if isinstance(block, Table) else replace(block, caption="")
    notes = "".join(f"#note({quoted(note)})\n" for note in display.notes)
    return f"{head}\n{turned}{_typst(bare, fonts)}{notes}"


def _head(
    title: str, subtitle: str, marks: Sequence[str], foot: str, language: str, words: Words, fonts: list[str]
) -> str:
    """What stands on every page: the marks and the subtitle above, the provenance and the page's number below."""
    families = ", ".join(quoted(font) for font in fonts)
    mark = "   ·   ".join(marks)
    pages = (
        f"{words('page')} #context counter(page).display() {words('page_of')} "
        f"#context counter(page).final().first() {words('page_end')}"
    )
    return _TEMPLATE.format(
        title=quoted(f"{mark} {title}".strip()), families=families, mark=quoted(mark),
        fill="fff2cc" if mark else "ffffff", subtitle=quoted(subtitle), foot=quoted(foot), pages=pages,
        lang="zh" if language == "zh" else "en",
    )  # fmt: skip


_TEMPLATE: Final = """
#set document(title: {title}, date: none)
#set text(font: ({families},), size: 9pt, lang: "{lang}", fill: rgb("14202b"))
#let wash = rgb("f4f6f8")
#let soft = rgb("55636f")
#set page(paper: "a4", margin: (x: 17mm, top: 25mm, bottom: 20mm),
  header: [#block(fill: rgb("{fill}"), width: 100%, inset: 4pt)[#grid(columns: (1fr, auto), column-gutter: 10pt,
    text(size: 8pt, weight: "bold", fill: rgb("5e4300"))[#{mark}], text(size: 8pt, fill: soft)[#{subtitle}])]],
  footer: [#text(size: 7pt, fill: soft)[#{foot} #h(1fr) {pages}]])
#set par(leading: 0.62em, spacing: 0.85em)
#set table(inset: (x: 4pt, y: 3.2pt),
  stroke: (x, y) => (bottom: if y == 0 {{ 0.8pt + rgb("14202b") }} else {{ 0.3pt + rgb("d5dce2") }}))
#show table: set text(size: 7.8pt)
#show table: set par(leading: 0.45em)
#show heading.where(level: 1): it => block(above: 1.8em, below: 0.8em, stroke: (top: 1pt), inset: (top: 5pt),
  width: 100%)[#text(size: 13pt)[#it.body]]
#show heading.where(level: 2): it => block(above: 1.3em, below: 0.7em)[#text(size: 10.5pt)[#it.body]]
#let caption(words) = block(above: 1.4em, below: 0.6em, sticky: true)[*#words*]
#let note(words) = block(above: 0.5em)[#text(size: 7.5pt, fill: soft)[#words]]
#let facts(..lines) = grid(columns: (28%, 1fr), gutter: 5pt, ..lines.pos().map(it => text(size: 8.3pt)[#it]))
#let by_hand(..lines) = grid(columns: (28%, 1fr), rows: 22mm, stroke: (x, y) => if x == 1 {{ (bottom: 0.4pt) }},
  inset: (y: 3pt), ..lines.pos().map(it => text(size: 8.3pt)[#it]))
"""


def _typst(block: Block, fonts: list[str]) -> str:
    match block:
        case Heading():
            turned = "#set page(flipped: true)\n" if block.turned else ""
            return f"{turned}{'=' * (block.level - 1)} #{quoted(block.text)}\n"
        case Paragraph():
            return f"#{'strong' if block.strong else 'par'}[#{quoted(block.text)}]\n\n"
        case Facts():
            lines = ", ".join(quoted(text) for line in block.lines for text in line)
            return f"#{'by_hand' if block.by_hand else 'facts'}({lines})\n"
        case Table():
            return (
                to_typst(block)
                if block.rows
                else f"#caption({quoted(block.title)})\n"
                + "".join(f"#note({quoted(note)})\n" for note in block.footnotes)
            )
        case Figure():
            return _figure(block, fonts)


def _figure(figure: Figure, fonts: list[str]) -> str:
    """A figure with its caption."""
    caption = f"#note({quoted(figure.caption)})\n" if figure.caption else ""
    return f"#block(breakable: false)[#caption({quoted(figure.title)})\n{_image(figure, fonts)}{caption}]\n"


def _image(figure: Figure, fonts: list[str], width: str = "100%") -> str:
    """A drawing; the families of the page stand in for those a browser would use."""
    svg = figure.svg.decode().replace(FONTS, ", ".join(f"'{font}'" for font in fonts))
    return f'#image(bytes({quoted(svg)}), format: "svg", width: {width})\n'


def printable(text: str) -> str:
    """A text for a machine without Chinese characters: each stretch of them becomes a mark instead of empty boxes."""
    kept: list[str] = []
    for letter in text:
        if ord(letter) < 0x2E80:
            kept.append(letter)
        elif not kept or kept[-1] != _NOT_SHOWN:
            kept.append(_NOT_SHOWN)
    return "".join(kept)
