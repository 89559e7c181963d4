"""What is wrong, as a value: an id that never changes, a place, words the reader knows, and what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    id: str  # "protocol.E014": stable, searchable, documented
    where: str  # "protocol.yaml:41" or "S-0012 / week_12 / sledai / rash"
    message: str  # what is wrong, in the reader's words
    hint: str = ""  # what to do about it
    level: Level = "error"
    # What fills the places of the message, so that it can be said in another language.
    params: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __str__(self) -> str:
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.where}: {self.level} {self.id}: {self.message}{hint}"


def meant(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or "" when none is near."""
    return next(iter(get_close_matches(name, list(known), n=1)), "")


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is not known, and which one was probably meant."""
    near = meant(name, known)
    return f"There is no {kind} {name!r}." + (f" Did you mean {near!r}?" if near else "")
