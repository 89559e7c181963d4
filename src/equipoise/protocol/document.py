"""YAML read as text: mappings, lists and words, each with its line, and nothing cleverer than that.

`No`, `1:1`, `1.10` and `0123` stay what was written; the schema gives them types. Anchors, tags, merge keys,
directives and second documents are refused, and so is a file too large, too deep or too full to be a protocol.
The limits are watched on the stream of events, so that nothing large is ever built.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import yaml

from equipoise.items.problem import Problem
from equipoise.protocol.lines import Lines, Path, short

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"

LARGEST: Final = 1_000_000  # bytes
DEEPEST: Final = 30
MOST_VALUES: Final = 100_000

# Control characters, line breaks only YAML knows, characters nobody sees and those that reorder a line of text.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is built in: ten times as fast


class _RefusedError(Exception):
    """Ends the reading with the problem found."""

    def __init__(self, id_: str, line: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.id, self.line, self.message, self.hint = id_, line, message, hint


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, as text, and where."""

    tree: dict[str, Tree]
    lines: Lines


def read_document(data: bytes | str, name: str) -> tuple[Document | None, tuple[Problem, ...]]:
    """The document of a file, or what is wrong with it. No bytes make this raise."""
    try:
        reader = _Reader(_events(_text_of(data)))
        tree = reader.read()
    except _RefusedError as refused:
        return None, (Problem(refused.id, f"{name}:{refused.line}", refused.message, refused.hint),)
    if reader.duplicates:
        return None, tuple(
            Problem(
                "protocol.E008", f"{name}:{line}", f"The key {short(key)!r} stands here twice; line {first} has it too."
            )
            for key, line, first in reader.duplicates[:100]
        )
    return Document(tree, Lines(name, reader.lines)), ()


# --- From bytes to text ---------------------------------------------------------------------------------------------


def _text_of(data: bytes | str) -> str:
    if len(data) > LARGEST:
        raise _RefusedError("protocol.E001", 1, f"The file is larger than {LARGEST:,} bytes. That is no protocol.")
    text = _decoded(data) if isinstance(data, bytes) else data
    if text.startswith("\ufeff"):
        raise _RefusedError(
            "protocol.E003", 1, "The file begins with a byte order mark.", "Save it as UTF-8 without the mark."
        )
    if found := _INVISIBLE.search(text):
        raise _RefusedError(
            "protocol.E003",
            _line_at(text, found.start()),
            f"There is an invisible character here, U+{ord(found[0]):04X}.",
            "Delete it and type the line again.",
        )
    if "\t" in text:
        raise _RefusedError(
            "protocol.E004", _line_at(text, text.index("\t")), "There is a tab here.", "Use spaces: two for each step."
        )
    return text


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise _RefusedError("protocol.E002", line, "This is not UTF-8 text.", "Save the file as UTF-8.") from None


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


# --- From text to events --------------------------------------------------------------------------------------------


def _events(text: str) -> Iterator[yaml.Event]:
    """The parser's events within the limits, its errors in our words."""
    depth = 0
    try:
        for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise _RefusedError("protocol.E006", _line(event), f"This is nested more than {DEEPEST} levels deep.")
            if count > MOST_VALUES:
                raise _RefusedError("protocol.E007", _line(event), f"The file has more than {MOST_VALUES:,} values.")
            yield event
    except yaml.YAMLError as wrong:
        raise _RefusedError("protocol.E005", *_unreadable(wrong)) from None
    except (ValueError, OverflowError):  # the parser without libyaml, on an escape such as "\UFFFFFFFF"
        raise _RefusedError("protocol.E005", 1, "A text in the file has an escape that is no character.") from None


def _unreadable(wrong: yaml.YAMLError) -> tuple[int, str, str]:
    """Line, message and hint of what the parser could not follow."""
    mark = getattr(wrong, "problem_mark", None) or getattr(wrong, "context_mark", None)
    reason = getattr(wrong, "problem", None) or "it cannot be read"
    return (
        mark.line + 1 if mark else 1,
        f"This cannot be read as YAML: {reason}.",
        "Look at the indentation, and put texts with a colon, a quote or a brace into quotation marks.",
    )


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


# --- From events to a tree ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reader:
    """Builds the tree from the events and remembers the lines; the depth is bounded by `_events`."""

    events: Iterator[yaml.Event]
    lines: dict[Path, int] = field(default_factory=dict)
    duplicates: list[tuple[str, int, int]] = field(default_factory=list)

    def read(self) -> dict[str, Tree]:
        tree: Tree = ""
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                _refuse_document(event, documents)
            elif isinstance(event, yaml.NodeEvent):
                self.lines[()] = _line(event)
                tree = self._node(event, ())
        if not isinstance(tree, dict):
            raise _RefusedError(
                "protocol.E012", self.lines.get((), 1), "The file does not begin with a key.", "Begin with equipoise: 1"
            )
        return tree

    def _node(self, event: yaml.Event, path: Path) -> Tree:
        _refuse_cleverness(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event)

    def _sequence(self, path: Path) -> list[Tree]:
        entries: list[Tree] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            here = (*path, len(entries))
            self.lines[here] = _line(event)
            entries.append(self._node(event, here))
        return entries

    def _mapping(self, path: Path) -> dict[str, Tree]:
        entries: dict[str, Tree] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = _key(event)
            here = (*path, key)
            if key in entries:
                self.duplicates.append((key, _line(event), self.lines[here]))
            self.lines[here] = _line(event)
            entries[key] = self._node(next(self.events), here)
        return entries


def _refuse_document(event: yaml.DocumentStartEvent, documents: int) -> None:
    if documents > 1:
        raise _RefusedError("protocol.E011", _line(event), "A second document begins here.", "Remove the line `---`.")
    if event.version or event.tags:
        raise _RefusedError(
            "protocol.E010", _line(event), "A protocol has no directives.", "Remove the lines with `%`."
        )


def _refuse_cleverness(event: yaml.Event) -> None:
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if anchor is not None:
        raise _RefusedError(
            "protocol.E009",
            _line(event),
            f"Anchors and aliases are not used in a protocol, and {short(anchor)!r} is one.",
            "Write the value out, or put a text that begins with & or * into quotation marks.",
        )
    if tag is not None:
        raise _RefusedError(
            "protocol.E010",
            _line(event),
            f"Tags are not used in a protocol, and {short(tag)!r} is one.",
            "Remove it, or put a text that begins with ! into quotation marks.",
        )


def _key(event: yaml.Event) -> str:
    _refuse_cleverness(event)
    if not isinstance(event, yaml.ScalarEvent):
        raise _RefusedError(
            "protocol.E013",
            _line(event),
            "A key must be a word, not a list or a mapping.",
            "Put a text that begins with [ or { into quotation marks.",
        )
    if event.value == "<<":
        raise _RefusedError(
            "protocol.E009", _line(event), "Merge keys are not used in a protocol.", "Write the keys out."
        )
    return _scalar(event)


def _scalar(event: yaml.Event) -> str:
    text = event.value if isinstance(event, yaml.ScalarEvent) else ""
    if found := _INVISIBLE.search(text):
        raise _RefusedError(
            "protocol.E003", _line(event), f"An escape makes an invisible character here, U+{ord(found[0]):04X}."
        )
    return text
