"""The code-break cards on paper: six to a page, each to be folded over its secret, sealed, and cut off."""

import io
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import segno
import typst

from equipoise.envelopes import Card, Code, site_of, write_code
from equipoise.reports.table import quoted
from equipoise.reports.typeset import chinese_font

_PAGE: Final = """
#set document(title: "code-break cards", date: none)
#set page(paper: "a4", margin: (x: 10mm, y: 10mm))
#set text(font: ({fonts}), size: 7.5pt)
#set par(leading: 0.45em)
#let words(en, zh) = if {chinese} [#en \\ #zh] else [#en]
#let side(body) = box(width: 63mm, height: 44mm, inset: 2.5mm, body)
#let fold = box(width: 0mm, height: 44mm, place(line(start: (0mm, 0mm), end: (0mm, 44mm),
  stroke: (thickness: 0.4pt, dash: "dotted"))))
#let grouped(code) = code.split("-").chunks(2).map(pair => pair.join(" ")).join(linebreak())
#let card(label, code, mark) = block(breakable: false, above: 0mm, below: 1.5mm,
  stroke: (thickness: 0.4pt, dash: "dashed"))[#stack(dir: ltr,
  side[#text(weight: "bold")[#words({study} + " · emergency code break", "紧急揭盲卡")] #v(1fr)
    #text(size: 17pt, font: "DejaVu Sans Mono", weight: "bold")[#label] #v(1fr)
    #words("Open only with the release for this label. Tear along the dashes, fold twice along the dots with the code"
      + " inside, and seal.", "仅在获得本标签的放行码后开启。沿虚线裁下，沿点线对折两次使代码在内，然后封口。")],
  fold,
  side[#grid(columns: (26mm, 1fr), gutter: 2.5mm, image(bytes(mark), format: "svg", width: 26mm),
    text(size: 10.5pt, font: "DejaVu Sans Mono")[#grouped(code)]) #v(1fr)
    #words("Type or scan it together with the release. Alone it opens nothing.",
      "与放行码一同输入或扫描；单独无法揭盲。")],
  fold,
  side[#v(1fr) #words("Opened by, date and time, reason:", "开启人、日期时间、原因：") #v(1fr)
    #line(length: 100%, stroke: 0.3pt) #v(1fr) #line(length: 100%, stroke: 0.3pt) #v(1fr)],
)]
"""


def card_files(study: str, cards: Iterable[Card]) -> dict[str, bytes]:
    """The cards of each site as a PDF, by place and name; one file where the site is no stratum.

    They stand in the order of their random labels, in which a card is found quickly and which says nothing. The
    secrets are on these pages and nowhere else.
    """
    by_site: dict[str, list[Card]] = defaultdict(list)
    for card in sorted(cards, key=lambda card: card.label):
        by_site[site_of(card.stratum)].append(card)
    return {
        f"sites/{f'{site}/' if site else ''}code-break-cards.pdf": typeset(study, by_site[site])
        for site in sorted(by_site)
    }


def typeset(study: str, cards: Iterable[Card]) -> bytes:
    """The pages of these cards, in memory; in English alone where the machine has no Chinese characters."""
    chinese = chinese_font()
    fonts = ", ".join(quoted(font) for font in (*([chinese] if chinese else []), "Libertinus Serif"))
    head = _PAGE.format(fonts=f"{fonts},", chinese=str(bool(chinese)).lower(), study=quoted(study))
    lines = (_line(card.label, write_code(Code.CARD, card.secret)) for card in cards)
    made = typst.compile("\n".join((head, *lines)).encode(), format="pdf", timestamp=0)
    if not isinstance(made, bytes):
        raise ValueError("the typesetter made no single document")
    return made


def _line(label: str, code: str) -> str:
    return f"#card({quoted(f'{label[:4]}-{label[4:]}')}, {quoted(code)}, {quoted(mark(label, code))})"


def mark(label: str, code: str) -> str:
    """The QR code of a card as SVG, two modules of white around it. All have one size: the texts are equally long."""
    drawn = io.BytesIO()
    segno.make(f"EQUIPOISE:{label}:{code}", error="m", micro=False).save(drawn, kind="svg", omitsize=True, border=2)
    return drawn.getvalue().decode()
