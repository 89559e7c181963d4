"""The entries of a list of criteria, however it was numbered, bulleted, nested or run together."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from equipoise.drafting.told import Words

_MARKER: Final = re.compile(
    r"(?P<depth>\s*)(?:(?P<number>\(?\d{1,2}(?:[)、]|\.(?!\d)))|(?P<letter>\(?[a-z][.)](?=\s))|(?P<bullet>[-*•·●○◦▪■□➢➤–—]"
    r"|o(?=\s)))\s*(?P<text>\S.*)$"
)
_HEADING: Final = re.compile(
    r"(?i)[*#\s]*(?:[a-z/]+ ){0,2}?(?P<which>in|ex)clusion(?: criteri(?:a"
    r"|on))?\b(?P<more>[^:.;]{0,60})(?::\s*[*]*(?P<rest>.*)|[* ]*)$"
)
_INLINE: Final = re.compile(r"(?:^|(?<=[\s;.,]))\(?\d{1,2}[.)]\s+(?=\S)")
_PREAMBLE: Final = re.compile(
    r"(?i)^(?!.*\b(?:any|one|either|cohort|part|group|arm)\b).*(?:criteria|following|must|eligible|all of).*:$"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One criterion in the words of the record."""

    text: str
    where: str


def sort_criteria(lines: Iterable[Words]) -> dict[str, list[Words]]:
    """The lines of a running text under their headings: "inclusion", "exclusion", and "" before either."""
    found: dict[str, list[Words]] = {"inclusion": [], "exclusion": [], "": []}
    current = ""
    for line in lines:
        heading = _HEADING.match(line.text)
        if heading and (heading["rest"] is not None or "criteri" in line.text.lower()):
            current = "inclusion" if heading["which"].lower() == "in" else "exclusion"
            rest, more = heading["rest"] or "", heading["more"].strip()
            found[current] += [Words(f"{more}:", line.where)] if more and not _PREAMBLE.match(f"{more}:") else []
            found[current] += [Words(rest, line.where)] if rest.strip() else []
        else:
            found[current].append(line)
    return found


def read_entries(lines: Iterable[Words]) -> tuple[Entry, ...]:
    """The entries, each with the place where it begins; what is nested under an entry is joined to it."""
    kept = [part for line in lines if line.text.strip(" -*•·\t") for part in _unrolled(line)]
    marked = [(line, _MARKER.match(line.text)) for line in kept]
    tops = [found for _, found in marked if found]
    if not tops:
        return tuple(_unmarked(kept))
    depth = min(len(found["depth"]) for found in tops)
    kind = next(_kind(found) for found in tops if len(found["depth"]) <= depth + 1)
    return tuple(_joined(marked, depth, kind))


def _kind(found: re.Match[str]) -> str:
    return next(name for name in ("number", "letter", "bullet") if found[name])


def _joined(marked: list[tuple[Words, re.Match[str] | None]], depth: int, kind: str) -> Iterator[Entry]:
    """Entries at the outer level, with nested ones and continued lines joined to them."""
    prefix, text, where = "", "", ""
    for line, found in marked:
        top = found and len(found["depth"]) <= depth + 1 and _kind(found) == kind
        if top or (not found and _is_section(line.text, text)):
            if text:
                yield Entry(_tidy(prefix + text), where)
            prefix, text = (prefix, "") if top else (_section(line.text), "")
        if found and top:
            text, where = found["text"], line.where
        elif found:
            text, where = (
                f"{text.rstrip(' ;')}{'' if text.endswith(':') else ';'} {found['text']}",
                where or line.where,
            )
        elif not _is_section(line.text, text):
            text, where = (f"{text} {line.text.strip()}".strip(), where if text else line.where)
    if text:
        yield Entry(_tidy(prefix + text), where)


def _is_section(line: str, text: str) -> bool:
    """Whether a line without a marker heads the entries that follow, rather than continuing the one before."""
    return line.strip().endswith(":") and (not text or len(line.split()) <= 8)


def _section(line: str) -> str:
    """What a heading adds to each entry below it: nothing where it only announces the list."""
    return "" if _PREAMBLE.match(line.strip()) else f"{line.strip()} "


def _unmarked(lines: list[Words]) -> Iterator[Entry]:
    """Entries without marks: one on each line, or one paragraph with numbers or semicolons in it."""
    prefix = ""
    for line in lines:
        if line.text.strip().endswith(":"):
            prefix = _section(line.text)
            continue
        parts = outside_brackets(line.text.strip(), ";") if len(lines) == 1 else [line.text]
        yield from (Entry(_tidy(prefix + part), line.where) for part in parts if part.strip(" ;.,"))


def _unrolled(line: Words) -> list[Words]:
    """A paragraph "1. … 2. … 3. …" as one line for each number."""
    found = list(_INLINE.finditer(line.text))
    if len(found) < 2 or [int(re.sub(r"\D", "", mark[0])) for mark in found] != list(range(1, len(found) + 1)):
        return [line]
    ends = [mark.start() for mark in found[1:]] + [len(line.text)]
    before = [line.text[: found[0].start()]] if line.text[: found[0].start()].strip() else []
    parts = before + [line.text[mark.start() : end] for mark, end in zip(found, ends, strict=True)]
    return [Words(part.strip(), line.where) for part in parts]


def outside_brackets(text: str, sign: str) -> list[str]:
    """The parts of a text between the signs that stand outside brackets."""
    parts, depth = [""], 0
    for char in text:
        depth = max(0, depth + (char in "([") - (char in ")]"))
        if char == sign and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part for part in parts if part.strip()]


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().rstrip(";,").strip()
