"""The words and signs of the rule language: everything that is not listed here is refused before it is parsed."""

import ast
import keyword
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from equipoise.items.messages import problem

LONGEST: Final = 1000
DEEPEST: Final = 20
MOST_PARTS: Final = 200
LONGEST_NUMBER: Final = 30
LONGEST_NAME: Final = 4  # parts joined by points

_TOKEN: Final = re.compile(
    r"""(?P<space>[ ]+)
      | (?P<text>"[^"\\\x00-\x1f\x7f\ud800-\udfff]*"|'[^'\\\x00-\x1f\x7f\ud800-\udfff]*')
      | (?P<number>[0-9](?:[0-9A-Za-z_]|\.(?=[0-9A-Za-z_]))*)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<refused>\*\*|//|:=|&&|\|\||<>|<<|>>|=>|=<)
      | (?P<sign>==|!=|<=|>=|[-+*/<>(),.\[\]])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
PLAIN_NUMBER: Final = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*\Z")
_WORDS: Final = frozenset({"and", "or", "not", "in", "if", "else", "True", "False"})
_INSTEAD: Final = {
    "=": "==", "<>": "!=", "=>": ">=", "=<": "<=", "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "/", "−": "-",
    "&": "and", "&&": "and", "|": "or", "||": "or", "!": "not", "“": '"', "”": '"', "‘": "'", "’": "'",
    "，": ",", "（": "(", "）": ")", "None": "known(...)", "is": "==", "AND": "and", "OR": "or", "NOT": "not",
    "IN": "in", "true": "True", "false": "False", "null": "known(...)",
}  # fmt: skip


class RuleError(Exception):
    """A rule that is not in the language. `problem` says what is wrong and what to do."""

    def __init__(self, identifier: str, **params: str) -> None:
        self.problem = problem(identifier, "rule", **params)
        super().__init__(str(self.problem))


class Token(NamedTuple):
    """A word or sign of a rule and where it stands."""

    kind: str
    text: str
    start: int


def tree(text: str) -> tuple[str, ast.expr]:
    """The text on one line, and its syntax tree. Raises only RuleError, for what is not in the language."""
    if len(text) > LONGEST:
        raise RuleError("rule.E002", length=str(len(text)), most=str(LONGEST))
    line = text.translate({9: " ", 10: " ", 13: " "}).strip(" ")
    if not line:
        raise RuleError("rule.E001")
    tokens = list(_tokens(line))
    _refuse_pairs(tokens)
    _refuse_depth(tokens)
    parsed = _parsed(line, tokens)
    _refuse_size(parsed)
    return line, parsed


def _tokens(line: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(line):
        token = Token(found.lastgroup or "", found.group(), found.start())
        if token.kind != "space":
            _refuse(token)
            yield token


def _refuse(token: Token) -> None:
    match token.kind:
        case "number" if not PLAIN_NUMBER.match(token.text) or len(token.text) > LONGEST_NUMBER:
            raise RuleError("rule.E007", part=token.text)
        case "name" if token.text not in _WORDS and (keyword.iskeyword(token.text) or token.text in _INSTEAD):
            raise _not_in_the_language(token.text)
        case "name" if token.text not in _WORDS and not _NAME.match(token.text):
            raise RuleError("rule.E009", part=token.text, most=str(LONGEST_NAME))
        case "other" if token.text in "\"'":
            raise RuleError("rule.E005", part=token.text)
        case "refused" | "other":
            raise _not_in_the_language(token.text)


def _not_in_the_language(part: str) -> RuleError:
    if part in _INSTEAD:
        return RuleError("rule.E004", part=part, instead=_INSTEAD[part])
    return RuleError("rule.E003", part=part if part.isprintable() else f"U+{ord(part[0]):04X}")


def _refuse_pairs(tokens: list[Token]) -> None:
    """Two texts side by side, and a letter before a text, mean something in Python; here they mean nothing."""
    for left, right in pairwise(tokens):
        touching = left.start + len(left.text) == right.start
        if right.kind == "text" and (left.kind == "text" or (left.kind in ("name", "number") and touching)):
            raise RuleError("rule.E008", part=f"{left.text} {right.text}")


def _refuse_depth(tokens: list[Token]) -> None:
    """Brackets are counted before Python's parser sees them."""
    depth = 0
    for token in tokens:
        if token.kind == "sign":
            depth += (token.text in "([") - (token.text in ")]")
        if depth > DEEPEST:
            raise RuleError("rule.E006")


def _parsed(line: str, tokens: list[Token]) -> ast.expr:
    try:
        return ast.parse(line, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        at = (getattr(error, "offset", None) or 1) - 1
        near = next((token.text for token in tokens if token.start >= at), tokens[-1].text)
        raise RuleError("rule.E005", part=near) from None


def _refuse_size(parsed: ast.expr) -> None:
    """A sum of many terms is long, not deep: the left side of an operator stands on the level of the whole."""
    waiting: list[tuple[ast.AST, int]] = [(parsed, 1)]
    parts = 0
    while waiting:
        node, depth = waiting.pop()
        parts += 1
        if depth > DEEPEST or parts > MOST_PARTS:
            raise RuleError("rule.E006")
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                first = isinstance(node, ast.BinOp) and child is node.left
                waiting.append((child, depth if first else depth + 1))
