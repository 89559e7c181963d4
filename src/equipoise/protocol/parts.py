"""What the schema is made of: ids, dates, texts in several languages, and the schedule that becomes visits."""

import re
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Rule = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Language = Literal["en", "zh"]
Weeks = Annotated[str, StringConstraints(min_length=1, max_length=200)]


def _yes_or_no(value: object) -> object:
    """Only `yes`, `no`, `true` and `false` are truth values in a protocol file."""
    words = {"yes": True, "true": True, "no": False, "false": False}
    return words.get(value.lower(), value) if isinstance(value, str) else value


def _written_out(value: object) -> object:
    """Only year-month-day is a date in a protocol file; a bare number of seconds is not."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        raise ValueError(f"{value[:60]!r} is not a date")
    return value


Day = Annotated[date, BeforeValidator(_written_out)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no), Field(strict=True)]


class Part(BaseModel):
    """Any part of the protocol: frozen, and a key nobody defined is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, ignored_types=(cached_property,))


def later(default: object = None, **rules: Any) -> Any:
    """A key younger than protocols in use: while it says what held before it, it stays out of a protocol's digest."""
    return Field(default=default, exclude_if=lambda value: value == default, **rules)


class Label(Part):
    """A text in the languages of the trial."""

    en: str = Field(min_length=1)
    zh: str = ""

    def __str__(self) -> str:
        return self.en

    def in_(self, language: str) -> str:
        """The text in a language, or in English where there is no other."""
        return (self.zh if language == "zh" else self.en) or self.en


# --- When things happen -----------------------------------------------------------------------------------------


class Window(Part):
    """How many days before and after its target day a visit may take place."""

    before: int = Field(default=0, ge=0, le=3650)
    after: int = Field(default=0, ge=0, le=3650)


class VisitPattern(Part):
    """One visit, or several at the listed weeks ("2, 4, 8 to 52 by 4"); `{week}` in a label is filled in."""

    id: Identifier | None = None
    weeks: Weeks
    label: Label
    window: Window = Window()


class Activity(Part):
    """A form that is due at these visits."""

    form: Identifier
    at: Weeks
    note: str = ""


class OutsideSchedule(Part):
    """A visit that no week calls for. Where it `counts`, it is an assessment: endpoints and later visits read it."""

    label: Label
    forms: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    counts: bool = False


class Schedule(Part):
    """The schedule of activities, and the visits outside it: those nobody planned, and that of who leaves early."""

    anchor: Literal["randomisation"] = "randomisation"
    baseline: Identifier
    visits: tuple[VisitPattern, ...]
    activities: tuple[Activity, ...]
    unscheduled: OutsideSchedule | None = later()
    early_termination: OutsideSchedule | None = later()
