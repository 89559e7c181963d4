"""The inputs of a case as an adapter reads them: each by name and type, and none passed over unread."""

import csv
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

_REQUIRED: Final = object()


class NotMappedError(LookupError):
    """The case has something that its adapter cannot say to the function: it is then not covered, with this reason."""


class Vector:
    """The inputs of one case. `method` is its name; what stands in it after a slash is `flavour`."""

    def __init__(self, method: str, inputs: Mapping[str, Any], folder: Path = Path()) -> None:
        self.method = method
        self._inputs = inputs
        self._folder = folder
        self._read: set[str] = set()

    @property
    def flavour(self) -> str:
        """What follows the first slash of the method's name."""
        return self.method.partition("/")[2]

    @property
    def unread(self) -> tuple[str, ...]:
        """The inputs that nobody asked for."""
        return tuple(name for name in self._inputs if name not in self._read)

    def __contains__(self, name: str) -> bool:
        return name in self._inputs

    def remaining(self) -> dict[str, Any]:
        """Everything not read yet, which is hereby read."""
        names = self.unread
        self._read.update(names)
        return {name: self._inputs[name] for name in names}

    def take(self, name: str, default: Any = _REQUIRED) -> Any:
        """An input as it stands in the case."""
        if name not in self._inputs:
            if default is _REQUIRED:
                raise NotMappedError(f"the input {name!r} is not there")
            return default
        self._read.add(name)
        return self._inputs[name]

    def one_of(self, *names: str, default: Any = _REQUIRED) -> Any:
        """The first of several names that is there."""
        present = [name for name in names if name in self._inputs]
        if not present and default is _REQUIRED:
            raise NotMappedError(f"none of the inputs {', '.join(names)} is there")
        return self.take(present[0]) if present else default

    def number(self, name: str, default: Any = _REQUIRED) -> float:
        """A number for a statistical function."""
        return float(self.take(name, default))

    def integer(self, name: str) -> int:
        """A whole number."""
        return int(self.take(name))

    def decimal(self, name: str, default: Any = _REQUIRED) -> Decimal | None:
        """An exact number, or nothing where the case has null."""
        return exact(self.take(name, default))

    @cached_property
    def data(self) -> dict[str, list[str]]:
        """The rows of the data that the case names and asks for, as columns of text."""
        rows = read_rows(self._folder / "data" / Path(str(self.take("data"))).name)
        wanted = {name: str(value) for name, value in self.take("where", {}).items()}
        unknown = [name for name in wanted if rows and name not in rows[0]]
        if unknown:
            raise NotMappedError(f"the data have no column {', '.join(unknown)}")
        rows = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
        if not rows:
            raise NotMappedError("no row of the data is left")
        return {name: [row[name] for row in rows] for name in rows[0]}

    def floats(self, column: str) -> list[float]:
        """A column of the data as numbers."""
        if column not in self.data:
            raise NotMappedError(f"the data have no column {column!r}")
        return [float(text) for text in self.data[column]]


def exact(value: Any) -> Decimal | None:
    """A number of a case without a binary fraction; nothing for null."""
    return None if value is None else Decimal(str(value))


@lru_cache(maxsize=16)
def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a data file, read once."""
    if not path.is_file():
        raise NotMappedError(f"there is no data file {path.name}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
