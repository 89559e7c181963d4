"""A file of one patient or of many becomes cells: what format it has, and which reader takes it."""

import json
from pathlib import PurePath
from typing import Final, Literal, TypeAlias

from equipoise.items import Problem
from equipoise.scoring.cells import Cell
from equipoise.scoring.messages import problem
from equipoise.scoring.reading_csv import read_csv
from equipoise.scoring.reading_json import Patient, read_json, read_ndjson
from equipoise.scoring.texts import Table

Format: TypeAlias = Literal["csv", "json", "ndjson"]
FORMATS: Final[tuple[Format, ...]] = ("csv", "json", "ndjson")

_ENDINGS: Final[dict[str, Format]] = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson"}

__all__ = ["FORMATS", "Cell", "Format", "Patient", "Table", "read_file"]


def read_file(data: bytes, name: str, wanted: str = "") -> tuple[Table | Patient | None, tuple[Problem, ...]]:
    """The table or the one patient that a file holds, and what is wrong with it; nothing where it cannot be read.

    `wanted` is one of `FORMATS`, or empty: then the ending of the name or the first sign of the content tells. JSON
    holds one object for one patient, or a list of them.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, (problem("table.E001", f"{name}:{data.count(10, 0, error.start) + 1}"),)
    if not text.strip():
        return None, (problem("table.E002", name),)
    match wanted or _format(name, text):
        case "csv":
            return read_csv(text, name)
        case "ndjson":
            return read_ndjson(text, name)
    return read_json(text, name)


def _format(name: str, text: str) -> Format:
    ending, head = PurePath(name).suffix.lower(), text.lstrip()
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    if head[0] == "{" and _one_object_a_line(head):
        return "ndjson"
    return "json" if ending == ".json" or head[0] in "[{" else "csv"


def _one_object_a_line(text: str) -> bool:
    """Whether the first line is a JSON value of its own and more follows."""
    first, _, rest = text.partition("\n")
    try:
        json.loads(first, parse_int=str)
    except (ValueError, RecursionError):
        return False
    return bool(rest.strip())
