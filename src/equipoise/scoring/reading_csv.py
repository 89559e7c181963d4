"""CSV in UTF-8 as a table: quoted cells, any line end; a short or long row is named and does not shift the others.

A file that is a plain rectangle, with quotation marks around whole cells or none, is cut by polars; any other by the
standard library, which knows the line of what is wrong. Both give the same table.
"""

import csv
import io
from typing import Final

import numpy as np
import polars as pl

from equipoise.items import Problem
from equipoise.scoring.messages import problem
from equipoise.scoring.texts import Table, Texts, place, twice

_COMMA, _NEW_LINE, _RETURN, _QUOTE = (ord(sign) for sign in ',\n\r"')
_NOT_PLAIN: Final = ('"', "\r", "\0")

Rows = list[list[str]]


def read_csv(text: str, name: str) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table in a text, with its first line as the names of the columns."""
    plain = (_unquoted(text) if '"' in text else text).replace("\r\n", "\n")
    head, _, body = plain.partition("\n")
    names = [cell.strip() for cell in head.split(",")]
    cuttable = len(names) > 1 and body and not any(sign in plain for sign in _NOT_PLAIN)
    table = _rectangle(body, names, name) if cuttable else None
    if table is None:
        return _careful(text, name)
    repeated = twice(names)
    return (None, _repeated(repeated, name)) if repeated else (table, ())


def _unquoted(text: str) -> str:
    """The text without its quotation marks where they only wrap whole cells; else as it is."""
    signs = np.frombuffer(f"\n{text}\n".encode(), dtype=np.uint8)
    quotes = np.flatnonzero(signs == _QUOTE)
    separators = np.flatnonzero(np.isin(signs, [_COMMA, _NEW_LINE, _RETURN]))
    if len(quotes) % 2:
        return text
    opening, closing = quotes[::2], quotes[1::2]
    wraps = (
        np.isin(signs[opening - 1], [_COMMA, _NEW_LINE])
        & np.isin(signs[closing + 1], [_COMMA, _NEW_LINE, _RETURN])
        & (np.searchsorted(separators, opening) == np.searchsorted(separators, closing))
    )
    return text.replace('"', "") if wraps.all() else text


def _repeated(names: tuple[str, ...], name: str) -> tuple[Problem, ...]:
    return tuple(problem("table.E004", f"{name}:1", name=repeated) for repeated in names)


def _rectangle(body: str, names: list[str], name: str) -> Table | None:
    """The rows of a plain text, or nothing when a line has another number of cells."""
    data = body.encode() if body.endswith("\n") else f"{body}\n".encode()
    signs = np.frombuffer(data, dtype=np.uint8)
    ends, commas = np.flatnonzero(signs == _NEW_LINE), np.flatnonzero(signs == _COMMA)
    if len(commas) != len(ends) * (len(names) - 1):
        return None
    in_line = np.diff(np.searchsorted(commas, ends), prepend=0)
    if (in_line != len(names) - 1).any():
        return None
    frame = pl.read_csv(data, has_header=False, infer_schema=False, quote_char=None)
    columns = dict(zip(names, _texts(frame), strict=True))
    return Table(name, len(ends), columns, range(2, len(ends) + 2), {})


def _texts(frame: pl.DataFrame) -> list[Texts]:
    """Each column as its different texts and which stands where."""
    distinct = [column[0] for column in frame.select(pl.all().unique().implode())]
    places = [pl.arange(len(texts), dtype=pl.UInt32, eager=True) for texts in distinct]
    columns = zip(frame.columns, distinct, places, strict=True)
    codes = frame.select(pl.col(name).replace_strict(texts, numbers) for name, texts, numbers in columns)
    return [Texts(tuple(texts.to_list()), column.to_numpy()) for texts, column in zip(distinct, codes, strict=True)]


def _careful(text: str, name: str) -> tuple[Table | None, tuple[Problem, ...]]:
    """The rows one by one."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: Rows = []
    lines: list[int] = []
    begun = 1
    try:
        for row in reader:
            rows.append(row)
            lines.append(begun)
            begun = reader.line_num + 1
    except csv.Error as error:
        return None, (problem("table.E003", f"{name}:{begun}", format="CSV", reason=str(error)),)
    first = next(number for number, row in enumerate(rows) if row)
    names = [cell.strip() for cell in rows[first]]
    repeated = twice(names)
    if repeated:
        return None, _repeated(repeated, name)
    return _table(name, names, rows[first + 1 :], lines[first + 1 :]), ()


def _table(name: str, names: list[str], rows: Rows, lines: list[int]) -> Table:
    """The table of cut rows. An empty line is a row only where there is one column, which it then leaves empty."""
    if len(names) == 1:
        rows = [row or [""] for row in rows]
    kept = [(row, line) for row, line in zip(rows, lines, strict=True) if row]
    broken: dict[int, Problem] = {}
    for number, (row, line) in enumerate(kept):
        if len(row) != len(names):
            where = place(name, line, number)
            broken[number] = problem("table.E005", where, found=str(len(row)), expected=str(len(names)))
    cells = [[None] * len(names) if number in broken else row for number, (row, _) in enumerate(kept)]
    by_column = zip(*cells, strict=True) if cells else ([] for _ in names)
    columns = {column: Texts.of(texts) for column, texts in zip(names, by_column, strict=True)}
    return Table(name, len(kept), columns, [line for _, line in kept], broken)
