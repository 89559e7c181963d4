"""What a rule asks about a participant: a question of the screening form, and the rule that reads it."""

import re
from dataclasses import dataclass
from typing import Final, Literal

_PYTHON_WORDS: Final = frozenset(
    {"and", "or", "not", "in", "is", "if", "else", "for", "none", "true", "false", "lambda"}
)


@dataclass(frozen=True, slots=True)
class Question:
    """An item that a rule needs."""

    id: str
    label: str
    type: Literal["yes_no", "integer", "decimal", "choice"]
    zh: str = ""
    unit: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """A criterion as a rule: true where the words of the criterion are true. `doubts` are for a person to confirm."""

    rule: str
    questions: tuple[Question, ...]
    doubts: tuple[str, ...] = ()


def slug(text: str, *, words: int = 6, length: int = 48) -> str:
    """An identifier made of the first words of a text; "" where it has no letters of the Latin alphabet."""
    parts = [part for part in re.findall(r"[a-z0-9]+", text.lower()) if part not in ("the", "a", "an", "any")]
    name = ""
    for part in parts[:words]:
        if len(name) + len(part) + 1 > length:
            break
        name = f"{name}_{part}" if name else part
    if not name:
        return ""
    return name if name[0].isalpha() and name not in _PYTHON_WORDS else f"item_{name}"


def joined(parts: list[Understood], word: str) -> Understood:
    """Several criteria as one, by "and" or by "or"."""
    rules = [f"({part.rule})" if _loose(part.rule) and len(parts) > 1 else part.rule for part in parts]
    questions = {question.id: question for part in parts for question in part.questions}
    doubts = tuple(dict.fromkeys(doubt for part in parts for doubt in part.doubts))
    return Understood(f" {word} ".join(rules), tuple(questions.values()), doubts)


def _loose(rule: str) -> bool:
    """Whether a rule must stand in brackets beside another."""
    return " or " in rule or " and " in rule
