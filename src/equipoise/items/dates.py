"""Dates as people know them: sometimes only the month, sometimes only the year."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_SHAPE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?\Z")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the day, or the month and the day, may be unknown. Nothing is imputed."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError("a day needs its month")
        month, day = (1 if part is None else part for part in (self.month, self.day))
        date(self.year, month, day)

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"] + [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    @property
    def exact(self) -> date | None:
        """The date itself when year, month and day are all known."""
        if self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    @property
    def earliest(self) -> date:
        """The first day it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day it can be."""
        if self.day is not None:
            return self.earliest
        if self.month is None or self.month == 12:
            return date(self.year, 12, 31)
        return date(self.year, self.month + 1, 1) - timedelta(days=1)


def read_partial_date(text: str) -> PartialDate:
    """Read "2021", "2021-03" or "2021-03-19"; anything else raises ValueError."""
    found = _SHAPE.match(text)
    if not found:
        raise ValueError(f"{text!r} is not a date")
    year, month, day = found.groups()
    return PartialDate(int(year), int(month) if month else None, int(day) if day else None)
