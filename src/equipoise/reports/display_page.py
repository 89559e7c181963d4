"""One display as a page, and the page that lists them all in both languages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from equipoise.reports.catalogue import Words
from equipoise.reports.display import Display
from equipoise.reports.figures import Figure
from equipoise.reports.style import STYLE
from equipoise.reports.table import Table, to_html

FORMATS = ("html", "pdf", "rtf")


def display_page(display: Display, words: Words, index: str) -> bytes:
    """One display with its notes; `index` is the way to the page that lists them all."""
    notes = "".join(f"<p class=foot>{escape(note)}</p>" for note in display.notes)
    body = f"{_drawn(display.block)}{notes}"
    frame = _Frame(display.language, display.marks, display.title, display.study, display.foot)
    back = f'<a class="end" href="{escape(index)}">{escape(words("index"))}</a>'
    return _page(frame, back, f'<div class="sheet"><main>{body}</main></div>')


def _drawn(block: Table | Figure) -> str:
    if isinstance(block, Table):
        return to_html(replace(block, footnotes=()))
    return (
        f'<figure id="{escape(block.id)}"><figcaption>{escape(block.title)}</figcaption>'
        f'<div class="drawing">{block.svg.decode()}</div></figure>'
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """What the index lists: the displays and the documents of one language, with the language's words."""

    words: Words
    displays: Sequence[Display]
    documents: Mapping[str, str]  # the name of a document without its format → what it is


def index_page(listed: Sequence[Listed], files: Mapping[str, bytes], title: str, data: Mapping[str, str]) -> bytes:
    """Every display with its formats, a column for each language; only files that are there are listed.

    `data` maps the files beside the documents to what they are. Titles stand in the first language, and below them in
    the others.
    """
    first = listed[0]
    head = "".join(f"<th>{escape(each.words('formats'))} · {each.words.language}</th>" for each in listed)
    rows = "".join(_row(listed, place, files) for place in range(len(first.displays)))
    documents = "".join(
        f"<p>{escape(text)}: {_links(name, files, '')}</p>" for each in listed for name, text in each.documents.items()
    )
    others = "".join(
        f'<dt><a href="{escape(name)}">{escape(name)}</a></dt><dd>{escape(text)}</dd>' for name, text in data.items()
    )
    body = (
        f'<div class="sheet"><main><h1>{escape(title)}</h1><h2>{escape(_both(listed, "documents"))}</h2>{documents}'
        f"<h2>{escape(_both(listed, 'index'))}</h2>"
        f'<div class="scroll"><table><thead><tr><th>{escape(_both(listed, "display"))}</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div><h2>{escape(_both(listed, 'data_files'))}</h2><dl>{others}</dl>"
        "</main></div>"
    )
    marks = tuple(mark for each in listed for mark in each.displays[0].marks)
    shown = first.displays[0]
    return _page(_Frame(first.words.language, marks, _both(listed, "index"), shown.study, shown.foot), "", body)


def _both(listed: Sequence[Listed], key: str) -> str:
    return " · ".join(each.words(key) for each in listed)


def _row(listed: Sequence[Listed], place: int, files: Mapping[str, bytes]) -> str:
    titles = [escape(each.displays[place].title) for each in listed]
    below = "".join(f'<br><span class="soft">{title}</span>' for title in titles[1:])
    cells = "".join(
        f"<td>{_links(path_of(each.displays[place]), files, each.displays[place].title)}</td>" for each in listed
    )
    return f'<tr><th scope="row">{titles[0]}{below}</th>{cells}</tr>'


def _links(name: str, files: Mapping[str, bytes], title: str) -> str:
    return "&nbsp;".join(_link(f"{name}.{form}", form, title) for form in FORMATS if f"{name}.{form}" in files)


def _link(file: str, form: str, title: str) -> str:
    said = f' aria-label="{escape(title)} {form.upper()}"' if title else ""
    return f'<a href="{escape(file)}"{said}>{form.upper()}</a>'


def path_of(display: Display) -> str:
    """Where a display lies, without its format."""
    return f"displays/{'zh/' if display.language == 'zh' else ''}{display.name}"


@dataclass(frozen=True, slots=True)
class _Frame:
    language: str
    marks: Sequence[str]
    title: str
    study: str
    foot: str


def _page(frame: _Frame, end: str, body: str) -> bytes:
    return "".join(_pieces(frame, end, body)).encode()


def _pieces(frame: _Frame, end: str, body: str) -> Iterator[str]:
    lang = "zh-CN" if frame.language == "zh" else "en"
    yield f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" '
    yield 'content="width=device-width,initial-scale=1"><meta name="generator" content="Equipoise">'
    title = " · ".join([*frame.marks, frame.title])
    yield f"<title>{escape(title)}</title><style>{STYLE}{_NARROW}</style></head><body>"
    yield f'<header class="bar"><b>Equipoise</b><span class="soft">{escape(frame.study)}</span>{end}</header>'
    if frame.marks:
        marks = "".join(f"<span>{escape(mark)}</span>" for mark in frame.marks)
        yield f'<div class="ribbon" role="note">{marks}</div>'
    yield f'{body}<footer><span class="num">{escape(frame.foot)}</span></footer></body></html>\n'


_NARROW = ".sheet{grid-template-columns:minmax(0,940px)}"
