"""Weeks become visits: the schedule is written as weeks, and nothing is numbered by hand."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final

from equipoise.protocol.parts import Activity, Label, Schedule, VisitPattern

_RANGE: Final = re.compile(r"(-?\d+)\s+to\s+(-?\d+)\s+by\s+(\d+)\Z")
_MOST_WEEKS: Final = 1000
_WEEK: Final = re.compile(r"-?\d+\Z")
EARLY_TERMINATION: Final = "early_termination"
_UNSCHEDULED: Final = re.compile(r"unscheduled_([1-9]\d{0,2})\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """A contact at which forms are filled in, planned or not. Where it `counts`, it is an assessment of endpoints."""

    id: str
    label: Label
    forms: tuple[str, ...] = ()
    counts: bool = True

    @property
    def unscheduled(self) -> bool:
        """Whether it is one of the visits nobody planned, at which forms are offered and none is due."""
        return unscheduled_number(self.id) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(Encounter):
    """A planned contact: its week, its target day (week 0 is day 0), and the first and last day it may take place."""

    week: int
    earliest: int
    latest: int

    @property
    def day(self) -> int:
        """Days from the anchor."""
        return 7 * self.week


@lru_cache(maxsize=4096)
def read_weeks(text: str) -> tuple[int | str, ...]:
    """The weeks, and the visit ids, of a list such as "screening, 0, 2, 4, 8 to 52 by 4".

    Raises ValueError for an empty part, a range that runs backwards, a step of zero or more than a thousand weeks.
    """
    weeks = tuple(islice((week for part in text.split(",") for week in _read_part(part.strip())), _MOST_WEEKS + 1))
    if len(weeks) > _MOST_WEEKS:
        raise ValueError(f"{text[:60]!r} lists more than {_MOST_WEEKS} weeks")
    return weeks


def _read_part(part: str) -> Iterator[int | str]:
    if span := _RANGE.match(part):
        first, last, step = (int(number) for number in span.groups())
        if step == 0 or last < first or (last - first) % step or last - first > 2000:
            raise ValueError(f"{part!r} does not step evenly from its first week to its last")
        yield from range(first, last + 1, step)
    elif _WEEK.match(part):
        yield int(part)
    elif re.fullmatch(r"[a-z][a-z0-9_-]*", part):
        yield part
    else:
        raise ValueError(f"{part!r} is neither a week, a range of weeks nor the id of a visit")


def resolve_visits(schedule: Schedule) -> tuple[Visit, ...]:
    """Every visit of a schedule that `check` found sound, in the order of weeks, with the forms due at it."""
    return with_forms((visit for pattern in schedule.visits for visit in visits_of(pattern)), schedule.activities)


def with_forms(visits: Iterable[Visit], activities: Iterable[Activity]) -> tuple[Visit, ...]:
    """The visits in the order of weeks, each with the forms due at it."""
    due = [(activity.form, frozenset(read_weeks(activity.at))) for activity in activities]
    return tuple(
        replace(visit, forms=tuple(form for form, at in due if visit.id in at or visit.week in at))
        for visit in sorted(visits, key=lambda visit: visit.week)
    )


def forms_due(visit: Visit, activities: Sequence[Activity]) -> tuple[str, ...]:
    """The forms due at a visit, in the order the protocol lists them."""
    return with_forms((visit,), activities)[0].forms


def visits_of(pattern: VisitPattern) -> Iterator[Visit]:
    """The visits of one pattern, without their forms. Raises ValueError where its weeks cannot be read."""
    for week in read_weeks(pattern.weeks):
        if isinstance(week, str):
            raise ValueError(f"{week!r} is not a week")
        yield Visit(
            id=pattern.id or default_id(week),
            week=week,
            label=fill_week(pattern.label, week),
            earliest=7 * week - pattern.window.before,
            latest=7 * week + pattern.window.after,
        )


def default_id(week: int) -> str:
    """The id of a visit that was given none: `week_8`, and `week_minus_4` before the anchor."""
    return f"week_{week}" if week >= 0 else f"week_minus_{-week}"


def unscheduled_id(number: int) -> str:
    """The id of a participant's first, second, … visit outside the schedule."""
    return f"unscheduled_{number}"


def unscheduled_number(id_: str) -> int | None:
    """Which visit outside the schedule an id stands for, from 1; None for any other id."""
    found = _UNSCHEDULED.match(id_)
    return int(found[1]) if found else None


def visit_outside(schedule: Schedule, id_: str) -> Encounter | None:
    """The visit outside the schedule of an id; None for any other id, and where the protocol has no such visit."""
    number, ends = unscheduled_number(id_), id_ == EARLY_TERMINATION
    plan = schedule.early_termination if ends else schedule.unscheduled if number is not None else None
    if plan is None:
        return None
    label = plan.label if number is None else _fill(plan.label, "{number}", f"{number:02}")
    return Encounter(id=id_, label=label, forms=plan.forms, counts=plan.counts)


def fill_week(label: Label, week: int) -> Label:
    """The label with `{week}` replaced by the number."""
    return _fill(label, "{week}", str(week))


def _fill(label: Label, mark: str, number: str) -> Label:
    texts = {language: text.replace(mark, number) for language, text in label.model_dump().items()}
    return type(label)(**texts)
