"""A table as a value, and how it is written as HTML, as CSV and for the typesetter."""

import csv
import io
from dataclasses import dataclass, field
from html import escape

_LONG, _SHORT = 26, 18  # characters of a cell that may be broken; rows of a table that is kept on one page


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table. A heading stands alone and names the lines below it; `indent` moves the first cell in."""

    cells: tuple[str, ...]
    indent: int = 0
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a title, columns, lines and footnotes. The first column is words, the others are numbers."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[str, ...] = ()
    words: frozenset[int] = field(default_factory=lambda: frozenset({0}))  # the columns that hold words
    widths: tuple[float, ...] = ()  # shares of the paper's width; equal shares where not said
    folded: bool = False  # a long listing, which a page in the browser opens when it is asked to

    def __post_init__(self) -> None:
        for row in self.rows:
            if not row.heading and len(row.cells) != len(self.columns):
                raise ValueError(f"{self.id}: {len(row.cells)} cells under {len(self.columns)} columns: {row.cells}")


def to_html(table: Table) -> str:
    """The table as HTML."""
    head = "".join(f'<th scope="col"{_class(table, i, c)}>{escape(c)}</th>' for i, c in enumerate(table.columns))
    body = "".join(_html_row(table, row) for row in table.rows)
    notes = "".join(f"<p class=foot>{escape(note)}</p>" for note in table.footnotes)
    reach = f'class="scroll" tabindex="0" role="group" aria-label="{escape(table.title)}"'  # to scroll it by keyboard
    grid = f"<div {reach}><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    whole = f"{grid}{notes}" if table.rows else notes
    title = f"<figcaption>{escape(table.title)}</figcaption>"
    if table.folded and table.rows:
        title, whole = "", f"<details><summary>{escape(table.title)} [{len(table.rows)}]</summary>{whole}</details>"
    kind = "table listing" if len(table.words) == len(table.columns) else "table"
    return f'<figure class="{kind}" id="{escape(table.id)}">{title}{whole}</figure>'


def _html_row(table: Table, row: Row) -> str:
    if row.heading:
        return (
            f'<tr class="heading"><th scope="rowgroup" colspan="{len(table.columns)}">{escape(row.cells[0])}</th></tr>'
        )
    indent = f' class="in{row.indent}"' if row.indent else ""
    first = f'<th scope="row"{indent}>{escape(row.cells[0])}</th>'
    others = (f"<td{_class(table, i, cell)}>{escape(cell)}</td>" for i, cell in enumerate(row.cells[1:], start=1))
    return f"<tr>{first}{''.join(others)}</tr>"


def _class(table: Table, column: int, cell: str) -> str:
    """Numbers to the right and on one line, unless words stand in their place."""
    if column in table.words:
        return ""
    return ' class="n long"' if len(cell) > _LONG else ' class="n"'


def to_csv(table: Table, mark: str = "") -> bytes:
    """The table as CSV in UTF-8; `mark` is repeated in a first column named DATA."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    lead = ["DATA"] if mark else []
    writer.writerow([*lead, *table.columns])
    blank = [""] * len(table.columns)
    for row in table.rows:
        cells = ([row.cells[0], *blank[1:]]) if row.heading else list(row.cells)
        writer.writerow([*([mark] if mark else []), "  " * row.indent + cells[0], *cells[1:]])
    return text.getvalue().encode()


def to_typst(table: Table) -> str:
    """The table for the typesetter, its head repeated on every page."""
    shares = table.widths or (2.4, *(1.0 for _ in table.columns[1:]))
    columns = ", ".join(f"{share:g}fr" for share in shares)
    align = ", ".join("left" if i in table.words else "right" for i in range(len(table.columns)))
    head = ", ".join(f"[*#{quoted(column)}*]" for column in table.columns)
    body = ",\n  ".join(_typst_row(table, row) for row in table.rows)
    notes = "".join(f"#note({quoted(note)})\n" for note in table.footnotes)
    whole = (
        f"#caption({quoted(table.title)})\n#table(columns: ({columns},), align: ({align},),\n"
        f"  table.header({head}),\n  {body},\n)\n{notes}"
    )
    return f"#block(breakable: false)[{whole}]\n" if len(table.rows) <= _SHORT else whole


def _typst_row(table: Table, row: Row) -> str:
    if row.heading:
        return f"table.cell(colspan: {len(table.columns)}, fill: wash)[*#{quoted(row.cells[0])}*]"
    first = f"[#h({row.indent}em)#{quoted(row.cells[0])}]"
    return ", ".join((first, *(f"[#{quoted(cell)}]" for cell in row.cells[1:])))


def quoted(text: str) -> str:
    """A text as a string of the typesetter's language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
