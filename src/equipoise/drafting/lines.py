"""Bytes become clean lines: encodings, entities, odd spaces and zero-width characters, but never the words."""

import html
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_SPACES: Final = re.compile(r"[^\S\n\t]")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_ESCAPED: Final = re.compile(r"\\([\\\[\](){}<>*_~#.+\-=!|`])")
_BLOCKS: Final = re.compile(r"(?i)<\s*(?:br|/p|/div|/li|/tr|/h[1-6]|/td|/th|/dt|/dd)\b[^>]*>")
_TAGS: Final = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<!--.*?-->|</?[a-z][^<>]*>|<!doctype[^>]*>")
_HEADING_INSIDE: Final = re.compile(
    r"(?i)(?<=[.;:,)\w\]])[ \t]+(?=(?:(?:key|main|principal) )?(?:in|ex)clusion criteria ?:)"
)
_BULLET: Final = re.compile(r"^\s*(?:[-*•·●○◦▪■□➢➤–—]|o(?=\s))\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line and its number; `depth` is how far it is indented."""

    number: int
    text: str
    depth: int = 0

    @property
    def bare(self) -> str:
        """The line without a leading bullet."""
        return _BULLET.sub("", self.text).strip()

    @property
    def is_entry(self) -> bool:
        """Whether it begins like an entry of a list."""
        return bool(re.match(r"\s*(?:[-*•·●○◦▪■□➢➤–—]|\(?\d{1,2}[.)、]|\(?[a-z][.)])\s*\S", self.text))


def decode(data: bytes) -> str:
    """The text of a file, whatever its encoding; a byte that means nothing becomes the replacement character."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def clean(text: str) -> str:
    """The text with entities resolved, spaces plain, and nothing invisible or unprintable left in it."""
    text = _ESCAPED.sub(r"\1", html.unescape(text))
    text = re.sub(r"\r\n?|\x0b|\x0c|\u0085|\u2028|\u2029", "\n", text)
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    return "".join(char if _printable(char) else "\ufffd" for char in text)


def _printable(char: str) -> bool:
    return char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs", "Cn", "Co")


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of a page; saved HTML is read as its text, and a heading inside a paragraph begins a line."""
    if re.match(r"(?i)\s*(?:<!doctype html|<html)", text):
        text = _TAGS.sub("", _BLOCKS.sub("\n", text))
    return tuple(
        Line(number, part.rstrip(), len(part) - len(part.lstrip()))
        for number, line in enumerate(clean(text).split("\n"), start=1)
        for part in _HEADING_INSIDE.split(line)
    )


def plain(text: str) -> str:
    """The text as the readers compare it: compatibility forms folded, comparison signs unified, spaces single."""
    text = re.sub("10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: "10^" + found[1], text)
    text = unicodedata.normalize("NFKC", text)
    for signs, sign in (("≦ ⩽ =< <=", "≤"), ("≧ ⩾ => >=", "≥"), ("‐ ‑ ‒ – — −", "-"), ("’ ‘ `", "'"), ("“ ”", '"')):
        for written in signs.split():
            text = text.replace(written, sign)
    return re.sub(r"\s+", " ", text).strip()
