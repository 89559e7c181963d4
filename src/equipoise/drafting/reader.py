"""A record on its way to being understood: values taken from words, and a to-do wherever the words do not give one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from equipoise.drafting.record import Read
from equipoise.drafting.todo import CONFLICT, LEFT_OUT, NOT_TOLD, NOT_UNDERSTOOD, shortened, todo
from equipoise.drafting.told import Told, Words
from equipoise.items.problem import Problem

T = TypeVar("T")
LONGEST_TEXT: Final = 4000


@dataclass(slots=True)
class Reader:
    """A record on its way to being understood, and the to-dos found so far."""

    told: Told
    todos: list[Problem] = field(default_factory=list)

    def note(self, id_: str, where: str, message: str, hint: str) -> None:
        """Leave something to a person."""
        self.todos.append(todo(id_, where, message, hint))

    def text(self, *names: str) -> Read[str] | None:
        """The words of the first of these fields that is told."""
        words = self.told.first(*names)
        return Read(words.text.strip()[:LONGEST_TEXT], words.text.strip(), words.where) if words else None

    def needed(self, what: str, *names: str) -> Read[str] | None:
        """A text that every protocol has."""
        found = self.text(*names)
        if found is None:
            self.note(NOT_TOLD, self.told.name, f"The record does not tell the {what}.", "Write it in the draft.")
        return found

    def texts(self, name: str) -> tuple[Read[str], ...]:
        """All entries of a list."""
        found = (Read(w.text.strip()[:500], w.text.strip(), w.where) for w in self.told.every(name))
        return tuple({read.value.lower(): read for read in reversed(list(found))}.values())[::-1]

    def word(self, what: str, name: str, read: Callable[[str], T | None]) -> Read[T] | None:
        """A value from a closed vocabulary; two different ones in one record are a conflict, and neither is taken."""
        pieces = self.told.every(name)
        if not pieces:
            self.note(NOT_TOLD, self.told.name, f"The record does not tell the {what}.", "Write it in the draft.")
            return None
        found = [(read(piece.text), piece) for piece in pieces]
        known = [(value, piece) for value, piece in found if value is not None]
        if not known:
            self.not_understood(what, pieces[0])
            return None
        if any(value != known[0][0] for value, _ in known):
            said = " and ".join(repr(shortened(piece.text, 60)) for _, piece in known)
            self.note(CONFLICT, known[1][1].where, f"The record tells the {what} as {said}.", "Write the right one.")
            return None
        return Read(known[0][0], known[0][1].text.strip(), known[0][1].where)

    def not_understood(self, what: str, words: Words) -> None:
        """Words that stand for nothing known."""
        message = f"The {what} {shortened(words.text, 80)!r} could not be read."
        self.note(NOT_UNDERSTOOD, words.where, message, "Write it in the draft.")

    def at_most(self, parts: tuple[T, ...], most: int, what: str) -> tuple[T, ...]:
        """The first parts of a list, and a to-do where there are more."""
        if len(parts) > most:
            message = f"The record has {len(parts)} {what}; the draft holds the first {most}."
            self.note(LEFT_OUT, self.told.name, message, "Add the others by hand.")
        return parts[:most]
