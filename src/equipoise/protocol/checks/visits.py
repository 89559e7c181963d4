"""The schedule: weeks that can be read, windows apart, and every form due where it should be."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from equipoise.items.problem import Problem, unknown
from equipoise.protocol.checks.draft import FIRST_WEEK, LAST_WEEK, MOST_VISITS, Check, Draft, only_weeks, weeks_of
from equipoise.protocol.lines import Path
from equipoise.protocol.schedule import Visit

_WEEK_IN_A_LABEL: Final = re.compile(r"\b[Ww]eek\s*([-−–]?\d+)|第\s*([-−–]?\d+)\s*周")


def weeks_can_be_read(draft: Draft) -> Iterator[Problem]:
    """A list such as "0, 2, 4, 8 to 52 by 4", within a lifetime."""
    for i, pattern in enumerate(draft.protocol.schedule.visits):
        if not only_weeks(pattern.weeks):
            yield _unreadable(draft, ("schedule", "visits", i, "weeks"), pattern.weeks, "")
    for path, at in _times(draft):
        if weeks_of(at) is None:
            yield _unreadable(draft, path, at, ", and ids of visits")


def _unreadable(draft: Draft, path: Path, text: str, more: str) -> Problem:
    return draft.problem(
        "protocol.E160", path, f"{text!r} is not a list of weeks.",
        f"Write weeks from {FIRST_WEEK} to {LAST_WEEK}{more}, as in 0, 2, 4, 8 to 52 by 4.",
    )  # fmt: skip


def _times(draft: Draft) -> Iterator[tuple[Path, str]]:
    for i, activity in enumerate(draft.protocol.schedule.activities):
        yield ("schedule", "activities", i, "at"), activity.at
    yield ("treatment", "at"), draft.protocol.treatment.at


def visits_are_not_too_many(draft: Draft) -> Iterator[Problem]:
    """More visits than any trial has are a slip of the pen."""
    if len(draft.visits) >= MOST_VISITS:
        yield draft.problem("protocol.E161", ("schedule", "visits"), f"There are {MOST_VISITS} visits or more.")


def windows_do_not_overlap(draft: Draft) -> Iterator[Problem]:
    """On each day at most one visit is due, so that a contact belongs to one visit."""
    place = {visit.id: path for path, visit in _with_paths(draft)}
    for earlier, later in pairwise(draft.visits):
        if earlier.latest >= later.earliest:
            yield draft.problem(
                "protocol.E162", place.get(later.id, ("schedule", "visits")),
                f"The windows of {earlier.id} and {later.id} overlap.",
                f"Let {later.id} open after day {earlier.latest}.",
            )  # fmt: skip


def labels_say_the_right_week(draft: Draft) -> Iterator[Problem]:
    """A label that says "Week 8" is that of week 8."""
    for path, visit in _with_paths(draft):
        for language in draft.protocol.languages:
            for found in _WEEK_IN_A_LABEL.finditer(getattr(visit.label, language)):
                said = int((found[1] or found[2]).replace("−", "-").replace("–", "-"))
                if said != visit.week:
                    message = f"The label says {found[0]!r}, but this is week {visit.week}."
                    yield draft.problem("protocol.E163", (*path, "label"), message, "Write {week} for the number.")


def _with_paths(draft: Draft) -> Iterator[tuple[Path, Visit]]:
    """The visits with the path of the pattern that made them."""
    by_week = {week: i for i, p in reversed(list(enumerate(draft.protocol.schedule.visits))) if only_weeks(p.weeks)
               for week in weeks_of(p.weeks) or ()}  # fmt: skip
    for visit in draft.visits:
        yield ("schedule", "visits", by_week[visit.week]), visit


def baseline_is_week_zero(draft: Draft) -> Iterator[Problem]:
    """Time is counted from randomisation, which is the baseline visit."""
    baseline = draft.protocol.schedule.baseline
    visit = draft.names.visits.get(baseline)
    path = ("schedule", "baseline")
    if visit is not None and visit.week != 0:
        yield draft.problem("protocol.E164", path, f"The baseline visit {baseline!r} is in week {visit.week}, not 0.")
    elif visit is None and draft.knows_every_visit:
        yield draft.problem("protocol.E125", path, unknown("visit", baseline, draft.names.visits))


def eligibility_is_judged_by_baseline(draft: Draft) -> Iterator[Problem]:
    """Nobody is randomised first and judged afterwards."""
    name = draft.protocol.eligibility.visit
    visit = draft.names.visits.get(name)
    if visit is not None and visit.week > 0:
        yield draft.problem("protocol.E165", ("eligibility", "visit"), f"{name!r} is after randomisation.")
    elif visit is None and draft.knows_every_visit:
        yield draft.problem("protocol.E125", ("eligibility", "visit"), unknown("visit", name, draft.names.visits))


def activities_name_visits(draft: Draft) -> Iterator[Problem]:
    """Every week or visit of an activity is planned."""
    planned = {visit.week for visit in draft.visits}
    for path, at in _times(draft) if draft.knows_every_visit else ():
        for time in weeks_of(at) or ():
            if isinstance(time, int) and time not in planned:
                yield draft.problem("protocol.E125", path, f"There is no visit in week {time}.")
            elif isinstance(time, str):
                yield from draft.reference("protocol.E125", "visit", time, draft.names.visits, path)


def activities_name_forms(draft: Draft) -> Iterator[Problem]:
    """The form of an activity exists, and is not a log."""
    forms = {form.id: form for form in draft.protocol.forms}
    for i, activity in enumerate(draft.protocol.schedule.activities):
        path: Path = ("schedule", "activities", i, "form")
        yield from draft.reference("protocol.E120", "form", activity.form, forms, path)
        if activity.form in forms and forms[activity.form].repeats:
            yield draft.problem(
                "protocol.E166", path, f"{activity.form!r} repeats, so it is open at any time and due at no visit.",
                "Take it out of the activities.",
            )  # fmt: skip


def forms_are_due_once_at_a_visit(draft: Draft) -> Iterator[Problem]:
    """The same form twice at one visit would be one form."""
    for visit in draft.visits:
        for form in sorted({form for form in visit.forms if visit.forms.count(form) > 1}):
            path = ("schedule", "activities", _last_activity(draft, form))
            yield draft.problem("protocol.E167", path, f"The form {form!r} is due twice at {visit.id}.")


def _last_activity(draft: Draft, form: str) -> int:
    return max(i for i, activity in enumerate(draft.protocol.schedule.activities) if activity.form == form)


def forms_are_due_somewhere(draft: Draft) -> Iterator[Problem]:
    """A form that is due at no visit is never filled."""
    listed = {each.form for each in draft.protocol.schedule.activities}
    listed.update(form for visit in draft.protocol.outside for form in visit.forms)
    for i, form in enumerate(draft.protocol.forms) if draft.knows_what_is_due else ():
        if not form.repeats and form.id not in listed:
            yield draft.problem(
                "protocol.E168", ("forms", i), f"The form {form.id!r} is due at no visit.",
                "Add it to the activities, or write `repeats: yes` if it is a log.",
            )  # fmt: skip


def treatment_is_recorded_when_given(draft: Draft) -> Iterator[Problem]:
    """The treatment's form is due exactly at the visits of the treatment."""
    treatment = draft.protocol.treatment
    forms = {form.id for form in draft.protocol.forms}
    yield from draft.reference("protocol.E120", "form", treatment.form, forms, ("treatment", "form"))
    at = weeks_of(treatment.at)
    if treatment.form not in forms or at is None or not draft.knows_what_is_due:
        return
    given = [visit for visit in draft.visits if visit.id in at or visit.week in at]
    due = [visit for visit in draft.visits if treatment.form in visit.forms]
    for visit in [visit for visit in draft.visits if (visit in given) != (visit in due)]:
        states = ("not given", "due") if visit in due else ("given", "not due")
        message = f"Treatment is {states[0]} at {visit.id}, but its form {treatment.form!r} is {states[1]} there."
        hint = "Write the same weeks here and in the form's activity."
        yield draft.problem("protocol.E169", ("treatment", "at"), message, hint)


CHECKS: Final[tuple[Check, ...]] = (
    weeks_can_be_read,
    visits_are_not_too_many,
    windows_do_not_overlap,
    labels_say_the_right_week,
    baseline_is_week_zero,
    eligibility_is_judged_by_baseline,
    activities_name_visits,
    activities_name_forms,
    forms_are_due_once_at_a_visit,
    forms_are_due_somewhere,
    treatment_is_recorded_when_given,
)
