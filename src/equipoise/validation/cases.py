"""A folder of cases as others give them: `cases.json` for statistics with its data beside it, `cases.csv` for scores.

Numbers keep their digits. A file or a case that cannot be read is named, and the others are run.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal

from equipoise.items import Json, Problem, digest
from equipoise.validation.messages import problem

COLUMNS: Final = ("instrument", "inputs", "expected", "source")
_TRUTHS: Final = {"True": True, "False": False}


@dataclass(frozen=True, slots=True)
class Case:
    """One input, what somebody found for it, and who. `tolerance` is relative; 0 asks for the same."""

    family: Literal["statistics", "instruments"]
    method: str
    inputs: Mapping[str, Any]
    expected: Any
    source: str
    where: str
    tolerance: float = 0.0
    folder: Path = Path()

    @property
    def digest(self) -> str:
        """The SHA-256 of method and inputs, by which a disputed case is known wherever it is found."""
        return digest([self.method, as_texts(dict(self.inputs))])


def as_texts(value: Any) -> Json:
    """A value of a case with its numbers as text: 40, 40.0 and 4E1 are one number."""
    match value:
        case dict():
            return {str(name): as_texts(part) for name, part in value.items()}
        case list():
            return [as_texts(part) for part in value]
        case bool() | None | str():
            return value
    return f"{Decimal(str(value)).normalize():f}"


def read_cases(folder: Path) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """Every case under a folder, files in the order of their paths, and what could not be read."""
    found = [
        entry
        for pattern, read in (("cases.csv", _read_csv), ("cases.json", _read_json))
        for path in sorted(folder.rglob(pattern))
        for entry in _read(path, folder, read)
    ]
    cases = tuple(entry for entry in found if isinstance(entry, Case))
    problems = tuple(entry for entry in found if isinstance(entry, Problem))
    return cases, problems if found else (problem("case.E001", str(folder)),)


def _read(path: Path, folder: Path, read: Any) -> Iterator[Case | Problem]:
    where = str(path.relative_to(folder))
    try:
        text = path.read_text(encoding="utf-8-sig")
        yield from read(text, where, path.parent)
    except (OSError, UnicodeDecodeError, csv.Error, RecursionError, json.JSONDecodeError) as error:
        yield problem("case.E002", where, reason=str(error))


def _read_csv(text: str, where: str, folder: Path) -> Iterator[Case | Problem]:
    reader = csv.DictReader(text.splitlines(keepends=True), strict=True)
    for row in reader:
        place = f"{where}:{reader.line_num}"
        if any(row.get(name) is None for name in COLUMNS) or None in row:
            yield problem("case.E003", place, reason=f"a row has the columns {', '.join(COLUMNS)}")
            continue
        try:
            inputs = read_value(row["inputs"])
        except ValueError as error:
            yield problem("case.E003", place, reason=f"the inputs are not JSON, {error}")
            continue
        if isinstance(inputs, dict):
            yield Case("instruments", row["instrument"], inputs, _expected(row["expected"]), row["source"], place)
        else:
            yield problem("case.E003", place, reason="the inputs are not an object")


def _expected(text: str) -> Any:
    """What a cell expects: a number, an object, true or false, or a word such as A, NA, ERROR or reject."""
    if text in _TRUTHS:
        return _TRUTHS[text]
    try:
        return read_value(text)
    except ValueError:
        return text


def _read_json(text: str, where: str, folder: Path) -> Iterator[Case | Problem]:
    found = read_value(text)
    for number, entry in enumerate(found if isinstance(found, list) else [found], start=1):
        match entry:
            case {"id": str(id_), "method": str(method), "input": dict(inputs), "expected": expected}:
                yield Case(
                    "statistics", method, inputs, expected, str(entry.get("source", "")), f"{where} / {id_}",
                    float(entry.get("rtol") or 1e-6), folder,
                )  # fmt: skip
            case _:
                yield problem("case.E003", f"{where} / case {number}", reason="it has no id, method, input or expected")


def read_value(text: str) -> Any:
    """A value of a case from its JSON, numbers with every digit."""
    return json.loads(text, parse_float=Decimal)
