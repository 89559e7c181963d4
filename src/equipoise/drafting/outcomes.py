"""The outcome measures of a page: what is measured, and over what time."""

import re
from collections.abc import Iterator
from typing import Final

from equipoise.drafting.lines import Line
from equipoise.drafting.told import ToldOutcome, Words

_FRAME: Final = re.compile(r"(?i)\s*[\[(]?\s*time ?frame\s*:\s*(?P<frame>[^\])]*)[\])]?")
_NUMBER: Final = re.compile(r"^\s*\(?\d{1,2}[.)]\s*")
_COLUMNS: Final = ("outcome measure", "measure description", "time frame", "measure")
_DURATION: Final = re.compile(
    r"(?i)(?:(?:up to|through|from|at|over|within|baseline|day|week|month|year)\b.*\d|\d+[ -]?(?:day|week|month"
    r"|year)s?\b)"
)


def read_outcomes(lines: list[Line], tier: str, file: str) -> Iterator[ToldOutcome]:
    """The outcomes under a heading, one by one."""
    kept = [line for line in lines if line.bare.lower().rstrip(":") not in _COLUMNS and not _is_header(line.text)]
    if any("\t" in line.text.strip() for line in kept):
        yield from (_row(line, tier, file) for line in kept if line.text.strip())
    elif any(_FRAME.search(line.text) for line in kept):
        yield from _with_frames(kept, tier, file)
    elif len(kept) < len(lines) and len(kept) % 3 == 0 and all(_DURATION.search(line.text) for line in kept[2::3]):
        for measure, description, frame in zip(kept[::3], kept[1::3], kept[2::3], strict=True):
            yield ToldOutcome(tier, _measure(measure, file), description.bare, frame.bare)
    else:
        yield from (ToldOutcome(tier, _measure(line, file)) for line in kept if _measure(line, file).text)


def _is_header(text: str) -> bool:
    cells = [cell.strip().lower() for cell in text.split("\t") if cell.strip()]
    return len(cells) > 1 and all(cell in _COLUMNS for cell in cells)


def _measure(line: Line, file: str) -> Words:
    return Words(_NUMBER.sub("", line.bare).strip(" ;"), f"{file}:{line.number}")


def _row(line: Line, tier: str, file: str) -> ToldOutcome:
    """One row of a table: measure, description, time frame."""
    cells = [cell.strip() for cell in line.text.strip().split("\t")]
    measure = Words(_NUMBER.sub("", cells[0]), f"{file}:{line.number}")
    return ToldOutcome(tier, measure, " ".join(cells[1:-1]), cells[-1] if len(cells) > 1 else "")


def _with_frames(lines: list[Line], tier: str, file: str) -> Iterator[ToldOutcome]:
    """Outcomes that each carry "[Time Frame: …]", on the line of the measure or on the line after it."""
    pending: Words | None = None
    for line in lines:
        frame = _FRAME.search(line.text)
        before = _measure(Line(line.number, line.text[: frame.start()]), file) if frame else _measure(line, file)
        if frame and before.text:
            yield ToldOutcome(tier, before, "", frame["frame"].strip())
            pending = None
        elif frame and pending:
            yield ToldOutcome(tier, pending, "", frame["frame"].strip())
            pending = None
        elif not frame:
            pending = before
