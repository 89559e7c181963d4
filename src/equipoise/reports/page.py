"""The report as one page for a browser: drawings and style inside it, no script, nothing fetched from anywhere."""

from html import escape

from equipoise.reports.blocks import Block, Facts, Heading, Paragraph
from equipoise.reports.catalogue import Words
from equipoise.reports.figures import Figure
from equipoise.reports.report import Report
from equipoise.reports.style import STYLE
from equipoise.reports.table import Table, to_html


def to_page(report: Report, words: Words, other: str) -> bytes:
    """The page; `other` is the file of the same report in the other language, "" where there is none to go to."""
    marks = "".join(f"<span>{escape(mark)}</span>" for mark in report.marks)
    ribbon = f'<div class="ribbon" role="note">{marks}</div>' if marks else ""
    links = "".join(f'<a href="#{escape(h.id)}">{escape(h.text)}</a>' for h in report.sections)
    body = "\n".join(_html(block, words) for block in report.blocks)
    lang, other_lang = ("zh-CN", "en") if report.language == "zh" else ("en", "zh-CN")
    turn = (
        f'<a class="end" lang="{other_lang}" hreflang="{other_lang}" href="{escape(other)}">'
        f"{escape(words('other_language'))}</a>"
    )
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><meta name="generator" content="Equipoise">'
        f"<title>{escape(_title(report))}</title><style>{STYLE}</style></head><body>"
        f'<header class="bar"><b>Equipoise</b><span class="soft">{escape(report.subtitle)}</span>'
        f"{turn if other else ''}</header>{ribbon}"
        f'<div class="sheet"><nav aria-label="{escape(words("contents"))}">{links}</nav>'
        f"<main><h1>{escape(report.title)}</h1>{body}</main></div>"
        f'<footer><span class="num">{escape(report.foot)}</span></footer></body></html>\n'
    ).encode()


def _title(report: Report) -> str:
    return " · ".join([*report.marks, report.subtitle])


def _html(block: Block, words: Words) -> str:
    match block:
        case Heading():
            return f'<h{block.level} id="{escape(block.id)}">{escape(block.text)}</h{block.level}>'
        case Paragraph():
            return f"<p{' class=lead' if block.strong else ''}>{escape(block.text)}</p>"
        case Facts():
            lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in block.lines)
            return f"<dl{' class=hand' if block.by_hand else ''}>{lines}</dl>"
        case Table():
            return to_html(block)
        case Figure():
            return _figure(block, words)


def _figure(figure: Figure, words: Words) -> str:
    caption = f"<p class=foot>{escape(figure.caption)}</p>" if figure.caption else ""
    data = f'<a href="figures/{escape(figure.id)}.csv">{escape(words("data"))}</a>'
    return (
        f'<figure id="{escape(figure.id)}"><figcaption>{escape(figure.title)}</figcaption>'
        f'<div class="drawing">{figure.svg.decode()}</div>{caption}<p class="foot">{data} · '
        f'<a href="figures/{escape(figure.id)}{"" if words.language == "en" else ".zh"}.svg">SVG</a></p></figure>'
    )
