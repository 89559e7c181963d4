"""Where things stand in the file: a path into the protocol, and the line it was written on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """The line of every key and entry of one file, by path: `("forms", 0, "items", 1, "unit")` → 41."""

    name: str = "protocol.yaml"
    by_path: Mapping[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int | None:
        """The line of the path, or of the nearest thing around it that was written."""
        while path and path not in self.by_path:
            path = path[:-1]
        return self.by_path.get(path)

    def where(self, path: Path) -> str:
        """The place for a `Problem`: `protocol.yaml:41`, or file and path where there are no lines."""
        line = self.line(path)
        if line is not None:
            return f"{self.name}:{line}"
        return f"{self.name}: {dotted(path)}" if path else self.name


def dotted(path: Path) -> str:
    """The path in one word, as in `forms.0.items.1.unit`."""
    return ".".join(short(part) if isinstance(part, str) else str(part) for part in path)


def short(text: str, most: int = 60) -> str:
    """The text on one line, cut where it is longer than a reader of problems wants it."""
    line = "".join(letter if letter.isprintable() else " " for letter in text[: most + 1])
    return line if len(line) <= most else f"{line[: most - 1]}…"
