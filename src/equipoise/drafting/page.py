"""A registry page as text, in whatever layout it was copied: labels, each with what stands beneath or beside it.

Three families are understood by the same few rules: a label on its own line with its value below (Veeva, today's
ClinicalTrials.gov), "Label: value" (the classic ClinicalTrials.gov and most aggregators), and a label and its value
in two cells of a table, divided by a tab.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from equipoise.drafting.arms import ARM_BEGINS, ARM_HEADING, read_arms
from equipoise.drafting.labels import FIELD_OF, WEAK, field_of, normal
from equipoise.drafting.lines import Line, lines_of
from equipoise.drafting.outcomes import read_outcomes
from equipoise.drafting.told import Told, Words

CRITERIA: Final = ("inclusion", "exclusion", "criteria")
OUTCOMES: Final = {"primary_outcome": "primary", "secondary_outcome": "secondary", "other_outcome": "exploratory"}
RUNNING: Final = frozenset({*CRITERIA, *OUTCOMES, "summary", "description", "arms", "model_description"})
LISTS: Final = frozenset({"conditions", "interventions", "keywords", "countries", "identifiers", "status_and_phase"})

# What a weak label must be followed by before it is believed inside running text.
_VALUES: Final = {
    "sex": re.compile(r"(?i)(?:all|both|male|female|males|females|men|women|both sexes|male and female)\s*$"),
    "phase": re.compile(r"(?i)(?:early )?phase\b|n/?a\s*$|not applicable"),
    "enrolment": re.compile(r"\d"),
    "masking": re.compile(r"(?i)(?:none|open|single|double|triple|quadruple)\b"),
    "volunteers": re.compile(r"(?i)(?:yes|no|accepts)\b"),
    "status": re.compile(r"(?i)(?:not yet )?recruiting|completed|terminated|withdrawn|suspended|unknown|active, not"),
}
_STATUS: Final = re.compile(
    r"(?i)(?:(?:not yet |active, not )?recruiting|completed|terminated|withdrawn|suspended|enrolling by invitation)$"
)
_VALUED: Final = re.compile(r"\s*(?P<label>[^:\t]{2,60}?)\s*(?::\s*\t?|\t)\s*(?P<value>\S.*)$")
_INCLUSION: Final = re.compile(r"(?i)[*# ]*(?:\w+ ){0,2}(?P<which>in|ex)clusion criteri(?:a|on)\b[^:.]{0,40}:?[* ]*$")
_NOISE: Final = re.compile(
    r"(?i)menu$|clinicaltrials\.?(?:veeva|gov)?$|home\b|skip to|search|loading|save|share|print|download|back to|view"
    r"|the safety and scientific|listing a study|find (?:clinical )?(?:trials|studies)|show |study record|an official"
    r"|study details|tabular view|record history|.*\bcookies\b|https?:|no results|results posted|×|\W*$"
)
_DESIGN_PARTS: Final = re.compile(
    r"(?i)\b(allocation|endpoint classification|(?:interventional |intervention )model|masking|blinding|primary purpose"
    r"|observational model|time perspective|control)\s*:\s*"
)


@dataclass(slots=True)
class _Scan:
    """What was gathered so far, while the lines go by."""

    name: str
    fields: dict[str, list[list[Line]]] = field(default_factory=dict)
    header: list[Line] = field(default_factory=list)
    current: str | None = None

    def open(self, name: str, number: int, rest: str) -> None:
        """Begin an occurrence of a field."""
        self.current = name
        self.fields.setdefault(name, []).append([Line(number, rest)] if rest else [])

    def take(self, line: Line) -> None:
        """Give a line to the field it stands under."""
        if self.current is None:
            self.header.append(line)
        else:
            self.fields[self.current][-1].append(line)


def read_page(text: str, *, name: str) -> Told | None:
    """What a page tells, or None where no label of a registry page was found on it."""
    scan = _Scan(name)
    for line in lines_of(text):
        if found := _heading(line, scan):
            scan.open(found[0], line.number, found[1])
        elif line.text.strip():
            scan.take(line)
    named = [key for key in scan.fields if key]
    return _told(scan) if len(named) >= 2 or set(named) & {*CRITERIA, "arms"} else None


def _heading(line: Line, scan: _Scan) -> tuple[str, str] | None:
    """The field a line begins and what stands beside the label, or None for a line of content."""
    text = line.text.strip()
    running = scan.current in RUNNING
    if ARM_HEADING.match(text):
        return "arms", ""
    if ARM_BEGINS.match(text) and scan.current not in ("arms", *CRITERIA, *OUTCOMES):
        return "arms", text
    if (found := _INCLUSION.match(text)) and not line.is_entry:
        return ("inclusion" if found["which"].lower() == "in" else "exclusion"), ""
    if running and line.is_entry:
        return None
    if (alone := field_of(text)) is not None and not _part_of_text(text, scan):
        return alone, ""
    if (valued := _VALUED.match(line.text)) and normal(valued["label"]) in FIELD_OF:
        return _valued(normal(valued["label"]), valued["value"].strip(), scan)
    return None


def _part_of_text(text: str, scan: _Scan) -> bool:
    """Whether a label on a line of its own is a word of the running text it stands in."""
    if scan.current == "arms" and field_of(text) in ("interventions", "arms"):
        return True
    return scan.current in CRITERIA and normal(text) in WEAK and text.endswith(":")


def _valued(label: str, value: str, scan: _Scan) -> tuple[str, str] | None:
    found = FIELD_OF[label]
    if scan.current in RUNNING and label in WEAK:
        if pattern := _VALUES.get(found):
            return (found, value) if pattern.match(value) and found not in scan.fields else None
        if scan.current not in ("summary", "description") or found in scan.fields:
            return None
    return found, value


def _told(scan: _Scan) -> Told:
    fields = {name: tuple(_words(name, parts, scan.name)) for name, parts in scan.fields.items() if name}
    fields = {name: words for name, words in fields.items() if words}
    for name, words in [*_header(scan), *_design(fields.get("design", ()))]:
        fields.setdefault(name, (words,))
    _split_status(fields)
    _read_condition_table(fields)
    outcomes = tuple(
        outcome
        for name, tier in OUTCOMES.items()
        for part in scan.fields.get(name, ())
        for outcome in read_outcomes(part, tier, scan.name)
    )
    arms = tuple(arm for part in scan.fields.get("arms", ()) for arm in read_arms(part, scan.name))
    return Told(scan.name, fields, arms, outcomes)


def _words(name: str, parts: list[list[Line]], file: str) -> Iterator[Words]:
    """One `Words` for each line of a list or of running text; one for each occurrence of anything else."""
    for lines in parts:
        kept = lines if name in RUNNING or name in LISTS or name == "condition_table" else lines[:1]
        for line in kept:
            text = line.text if name in RUNNING or name == "condition_table" else line.bare.replace("\t", " ")
            pieces = re.split(r"\s*[;|]\s*", text) if name in LISTS else [text]
            yield from (Words(piece, f"{file}:{line.number}") for piece in pieces if piece.strip())


def _header(scan: _Scan) -> Iterator[tuple[str, Words]]:
    """Title, sponsor and status from the lines above the first label: "X logo" names the sponsor X."""
    lines = [line for line in scan.header if not _NOISE.match(line.text.strip())]
    logos = {line.text.strip()[:-5].strip() for line in lines if line.text.strip().lower().endswith(" logo")}
    names = [line for line in lines if not line.text.strip().lower().endswith(" logo")]
    sponsor = next((line for line in names if line.text.strip() in logos), None)
    title = next((line for line in names if line is not sponsor and len(line.text.split()) >= 3), None)
    if title:
        yield "title", Words(title.text.strip(), f"{scan.name}:{title.number}")
    if sponsor:
        yield "sponsor", Words(sponsor.text.strip(), f"{scan.name}:{sponsor.number}")
    for line in lines:
        if _STATUS.match(line.text.strip()):
            yield "status", Words(line.text.strip(), f"{scan.name}:{line.number}")
        if found := re.search(r"\bNCT\d{8}\b", line.text):
            yield "registration", Words(found[0], f"{scan.name}:{line.number}")


def _design(words: tuple[Words, ...]) -> Iterator[tuple[str, Words]]:
    """The parts of an old one-line "Study Design: Allocation: … Masking: …"."""
    for line in words:
        parts = _DESIGN_PARTS.split(line.text)
        for label, value in zip(parts[1::2], parts[2::2], strict=True):
            if (name := field_of(label)) and value.strip(" ,;"):
                yield name, Words(value.strip(" ,;"), line.where)


def _split_status(fields: dict[str, tuple[Words, ...]]) -> None:
    for words in fields.pop("status_and_phase", ()):
        is_phase = re.match(r"(?i)(?:early )?phase\b|n/?a$|not applicable", words.text)
        fields.setdefault("phase" if is_phase else "status", (words,))


def _read_condition_table(fields: dict[str, tuple[Words, ...]]) -> None:
    """The classic three columns "Condition or disease | Intervention/treatment | Phase"."""
    lines = fields.pop("condition_table", ())
    for line in lines:
        for cell in filter(None, (cell.strip() for cell in line.text.split("\t"))):
            if field_of(cell) is not None:
                continue
            is_phase = re.match(r"(?i)(?:early )?phase \d|not applicable$", cell)
            typed = re.match(r"[A-Z][a-z]+(?: [A-Z][a-z]+)?: ", cell)
            name = "phase" if is_phase else "interventions" if typed else "conditions"
            fields[name] = (*fields.get(name, ()), Words(cell, line.where))
