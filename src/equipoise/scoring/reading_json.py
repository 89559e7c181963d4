"""JSON as one patient or a table: numbers keep their digits, null is no answer, a key that stands twice is named."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from equipoise.items import Problem
from equipoise.scoring.cells import Cell
from equipoise.scoring.messages import problem
from equipoise.scoring.texts import Table, Texts, place, twice

_LARGEST_POWER: Final = 40
_HALF_A_SIGN: Final = re.compile("[\ud800-\udfff]")

Row = tuple[int | None, dict[str, Cell] | None, Problem | None]  # the line, the cells, or what is wrong


@dataclass(frozen=True, slots=True)
class Patient:
    """The answers of one patient as they stand in a file."""

    name: str
    cells: dict[str, Cell]


class _TwiceError(ValueError):
    """A key that stands twice in one object."""


def read_json(text: str, name: str) -> tuple[Table | Patient | None, tuple[Problem, ...]]:
    """One patient if the text is an object, a table if it is a list of them."""
    try:
        found = _parse(text)
    except (ValueError, RecursionError) as error:
        return None, (_broken(name, error),)
    match found:
        case dict():
            return Patient(name, {key: _cell(value) for key, value in found.items()}), ()
        case list():
            return _table(name, (_row(value, name, number, None) for number, value in enumerate(found))), ()
    return None, (problem("table.E010", name),)


def read_ndjson(text: str, name: str) -> tuple[Table | None, tuple[Problem, ...]]:
    """A table of which each line is one object; empty lines are passed over."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    return _table(name, (_line(line, name, row, number) for row, (number, line) in enumerate(lines))), ()


def _line(text: str, name: str, row: int, number: int) -> Row:
    try:
        return _row(_parse(text), name, row, number)
    except (ValueError, RecursionError) as error:
        return number, None, _broken(place(name, number, row), error, in_line=True)


def _row(value: object, name: str, row: int, line: int | None) -> Row:
    if isinstance(value, dict):
        return line, {key: _cell(part) for key, part in value.items()}, None
    return line, None, problem("table.E010", place(name, line, row))


def _table(name: str, found: Iterable[Row]) -> Table:
    rows = list(found)
    cells = [row or {} for _, row, _ in rows]
    names = dict.fromkeys(key for row in cells for key in row)
    broken = {number: wrong for number, (_, _, wrong) in enumerate(rows) if wrong is not None}
    columns = {key: Texts.of([row.get(key) for row in cells]) for key in names}
    lines = [line for line, _, _ in rows if line is not None]
    return Table(name, len(rows), columns, lines if len(lines) == len(rows) else None, broken)


def _broken(where: str, error: ValueError | RecursionError, *, in_line: bool = False) -> Problem:
    match error:
        case _TwiceError():
            return problem("table.E004", where, name=str(error))
        case json.JSONDecodeError():
            where = where if in_line else f"{where}:{error.lineno}"
            return problem("table.E003", where, format="JSON", reason=error.msg)
    return problem("table.E003", where, format="JSON", reason="it is nested too deeply")


def _parse(text: str) -> object:
    return json.loads(
        text, parse_float=_number, parse_int=_number, parse_constant=str, object_pairs_hook=_without_repetition
    )


def _number(text: str) -> str:
    """A JSON number as plain digits; one with an absurd power of ten stays as it is and will be refused."""
    if "e" not in text.lower():
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return f"{number:f}" if -_LARGEST_POWER <= number.adjusted() <= _LARGEST_POWER else text


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    repeated = twice(_whole(key) for key, _ in pairs)
    if repeated:
        raise _TwiceError(repeated[0])
    return {_whole(key): value for key, value in pairs}


def _cell(value: Any) -> Cell:
    """A value as a cell; {"missing": "ND"} is the code ?ND."""
    match value:
        case None | bool():
            return value
        case str():
            return _whole(value) or None
        case {"missing": str(reason)} if len(value) == 1:
            return f"?{_whole(reason)}"
    return _whole(json.dumps(value, ensure_ascii=False))


def _whole(text: str) -> str:
    """The text without halves of characters, which no file can hold."""
    return text if text.isascii() else _HALF_A_SIGN.sub("\N{REPLACEMENT CHARACTER}", text)
