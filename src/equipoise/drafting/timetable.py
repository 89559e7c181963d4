"""When things happen: the weeks of treatment, the visits they need, and the forms due at them."""

from dataclasses import dataclass
from typing import Final

from equipoise.drafting.chinese import label, unwritten
from equipoise.drafting.cited import cited, placed
from equipoise.drafting.reading.regimen import Regimen
from equipoise.drafting.record import Read, Record
from equipoise.drafting.scaffold import STANDARD
from equipoise.drafting.todo import CONFLICT, NOT_EXPRESSIBLE, NOT_TOLD, SCAFFOLD, todo
from equipoise.drafting.yaml_text import Node, Noted
from equipoise.items.problem import Problem

SCREENING_WEEK: Final = -2
_LONGEST: Final = 200
_END_UNKNOWN: Final = 1


@dataclass(frozen=True, slots=True)
class Timetable:
    """The weeks of treatment as read, the weeks of visits after baseline, and the last of them."""

    dosing: Read[Regimen] | None
    at: str
    weeks: tuple[int, ...]
    end: int
    end_is_known: bool
    todos: tuple[Problem, ...]


def timetable(record: Record) -> Timetable:
    """The timetable of a record; where it names no week, one visit after baseline holds the place."""
    todos: list[Problem] = []
    dosing = _regimen(record, todos)
    regimen = dosing.value if dosing else Regimen()
    at = spans(regimen.weeks or (0,))
    if len(at) > _LONGEST:
        message = f"Treatment has {len(regimen.weeks)} days, more than one line of weeks can hold."
        todos.append(todo(NOT_EXPRESSIBLE, dosing.where if dosing else record.name, message, "Write `treatment.at`."))
        regimen, at = Regimen(), "0"
    if regimen.daily:
        message = f"Treatment is taken {regimen.daily}; the draft records it at baseline only."
        where = dosing.where if dosing else record.name
        todos.append(todo(NOT_EXPRESSIBLE, where, message, "Add the visits at which it is dispensed."))
    known = {*regimen.weeks, *(outcome.week for outcome in record.outcomes if outcome.week)}
    known |= {regimen.through} if regimen.through else set()
    weeks = tuple(sorted(week for week in known if week > 0))
    if not weeks:
        message = "The record names no week after baseline, so the end of follow-up is not known."
        todos.append(todo(NOT_TOLD, record.name, message, "Write the visits of the schedule."))
    todos.append(todo(SCAFFOLD, record.name, "The week of screening and all windows are placeholders.", "Write them."))
    end = weeks[-1] if weeks else _END_UNKNOWN
    return Timetable(dosing, at, weeks or (_END_UNKNOWN,), end, bool(weeks), tuple(todos))


def _regimen(record: Record, todos: list[Problem]) -> Read[Regimen] | None:
    """The regimen of the arms; where they differ, the first one, since a protocol has a single timetable."""
    found = [arm.regimen for arm in record.arms if arm.regimen]
    times = {(read.value.weeks, read.value.daily, read.value.through) for read in found}
    if len(times) > 1:
        message = "The arms are treated at different times; a protocol has one timetable for all."
        todos.append(todo(CONFLICT, found[1].where, message, "The draft follows the first arm; change `treatment.at`."))
    return found[0] if found else None


def spans(weeks: tuple[int, ...]) -> str:
    """Weeks as a protocol writes them: "0, 2, 4, 8 to 48 by 4"."""
    parts: list[str] = []
    rest = list(weeks)
    while rest:
        count = _run(rest)
        if count >= 4:
            parts.append(f"{rest[0]} to {rest[count - 1]} by {rest[1] - rest[0]}")
            rest = rest[count:]
        else:
            parts.append(str(rest.pop(0)))
    return ", ".join(parts)


def _run(weeks: list[int]) -> int:
    """How many of the first weeks step evenly."""
    if len(weeks) < 3:
        return 1
    step = weeks[1] - weeks[0]
    return next((i for i in range(1, len(weeks)) if weeks[i] - weeks[i - 1] != step), len(weeks))


def schedule(record: Record, times: Timetable, *, has_screening: bool) -> dict[str, Node]:
    """Visits and activities."""
    week_label: Node = {"en": "Week {week}", "zh": "第{week}周"}
    visits: list[Node] = [
        placed(
            {"id": "screening", "weeks": str(SCREENING_WEEK), "label": label("Screening", "筛选")},
            "the week of screening.",
        ),
        {"id": "baseline", "weeks": "0", "label": label("Baseline", "基线")},
    ]
    ends = tuple(outcome.measure for outcome in record.outcomes if outcome.week == times.end)[:1]
    visits += [
        cited({"weeks": spans(chunk), "label": week_label}, times.dosing, *ends) for chunk in _chunks(times.weeks)
    ]
    if not times.end_is_known:
        end = unwritten("end of follow-up", "随访结束")
        visits[-1] = placed({"weeks": str(times.end), "label": end}, "the record names no week after baseline.")
    forms = {
        "demographics": "screening",
        "screening": "screening" if has_screening else "",
        "vital_signs": "screening, 0" + (f", {times.end}" if times.end else ""),
        "treatment": times.at,
        "outcomes": _assessed(record, times),
    }
    activities: list[Node] = [{"form": form, "at": at} for form, at in forms.items() if at]
    return {"baseline": "baseline", "visits": visits, "activities": Noted(activities, (STANDARD,))}


def _chunks(weeks: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The weeks in lines that are not too long."""
    size = 30
    return [weeks[i : i + size] for i in range(0, len(weeks), size)] if len(spans(weeks)) > _LONGEST else [weeks]


def _assessed(record: Record, times: Timetable) -> str:
    """Baseline, the weeks of the outcomes, and the end."""
    weeks = sorted({0, times.end, *(outcome.week for outcome in record.outcomes if outcome.week)})
    text = spans(tuple(weeks))
    return text if len(text) <= _LONGEST else f"0, {times.end}"
