"""A tree of words as YAML with comments: block style, no anchors, and every scalar reads back as the text it was."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

Inner: TypeAlias = "dict[str, Node] | list[Node]"
Node: TypeAlias = "str | dict[str, Node] | list[Node] | Noted"

_WORD: Final = r"A-Za-z0-9\u4e00-\u9fff（），。；？"
_PLAIN: Final = re.compile(rf"[A-Za-z0-9\u4e00-\u9fff](?:[{_WORD}_ .,/%+()<>=*'≤≥·-]*[{_WORD}_%).])?\Z")
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Noted:
    """A part with comments before it."""

    value: Node
    comments: tuple[str, ...]


def write(tree: dict[str, Node]) -> str:
    """The file of a tree."""
    return "".join(f"{line}\n" for line in _mapping(tree, 0))


def _mapping(tree: dict[str, Node], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for key, node in tree.items():
        value, comments = _parted(node)
        yield from (f"{pad}# {_comment(comment)}" for comment in comments)
        inline = _inline(value)
        yield f"{pad}{_scalar(key)}:" + (f" {inline}" if inline is not None else "")
        if inline is None and not isinstance(value, str):
            yield from _inside(value, depth + 1)


def _inside(value: "Inner", depth: int) -> Iterator[str]:
    yield from _mapping(value, depth) if isinstance(value, dict) else _entries(value, depth)


def _entries(entries: list[Node], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for node in entries:
        value, comments = _parted(node)
        yield from (f"{pad}# {_comment(comment)}" for comment in comments)
        inline = _inline(value)
        if inline is not None or isinstance(value, str):
            yield f"{pad}- {inline}"
        else:
            yield from _dashed(pad, list(_inside(value, depth + 1)))


def _dashed(pad: str, lines: list[str]) -> Iterator[str]:
    """The lines of an entry, the dash on the first that is no comment."""
    first = next(i for i, line in enumerate(lines) if not line.lstrip().startswith("#"))
    yield from (f"{pad}{line.lstrip()}" for line in lines[:first])
    yield f"{pad}- {lines[first][len(pad) + 2 :]}"
    yield from lines[first + 1 :]


def _parted(node: Node) -> "tuple[str | Inner, tuple[str, ...]]":
    comments: tuple[str, ...] = ()
    while isinstance(node, Noted):
        comments += node.comments
        node = node.value
    return node, comments


def _inline(value: "str | Inner") -> str | None:
    """A scalar, an empty collection, a list of short words, or a pair of short texts, on one line."""
    if isinstance(value, str):
        return _scalar(value)
    if not value:
        return "{}" if isinstance(value, dict) else "[]"
    texts = [part for part in (value.values() if isinstance(value, dict) else value) if isinstance(part, str)]
    words = [*texts, *value] if isinstance(value, dict) else texts
    if len(texts) < len(value) or sum(map(len, words)) > 90:
        return None
    if isinstance(value, dict):
        inner = ", ".join(f"{_scalar(key)}: {_flow(text)}" for key, text in zip(value, texts, strict=True))
        return f"{{{inner}}}"
    return f"[{', '.join(map(_flow, texts))}]"


def _flow(text: str) -> str:
    """A scalar inside brackets, where a comma would end it."""
    return _scalar(text) if "," not in text else _quoted(text)


def _scalar(text: str) -> str:
    return text if _PLAIN.match(text) and len(text) < 120 else _quoted(text)


def _quoted(text: str) -> str:
    text = _INVISIBLE.sub("\ufffd", text.replace("\t", " ").replace("\n", " "))
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _comment(text: str) -> str:
    return _INVISIBLE.sub("\ufffd", " ".join(text.split()))
