"""Visits outside the schedule: which forms may be used at one, and no planned visit that is taken for one."""

from collections.abc import Iterator
from typing import Final

from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.lines import Path
from equipoise.protocol.schedule import unscheduled_number
from equipoise.protocol.schema import Form

_PATH: Final[Path] = ("schedule", "unscheduled")


def forms_can_be_used_outside_the_schedule(draft: Draft) -> Iterator[Problem]:
    """Each form exists once, and can be filled in again: no log, not the treatment's, none that holds for the trial."""
    plan, forms = draft.protocol.schedule.unscheduled, draft.protocol.forms
    by_id = {form.id: form for form in forms}
    listed = plan.forms if plan is not None else ()
    for i, id_ in enumerate(listed):
        path = (*_PATH, "forms", i)
        yield from draft.reference("protocol.E120", "form", id_, by_id, path)
        if id_ in listed[:i]:
            yield draft.problem("protocol.E167", path, f"The form {id_!r} is listed twice.")
        elif id_ in by_id and (why := _unfit(draft, by_id[id_])):
            yield draft.problem("protocol.E250", path, why, "Take it out of the list.")


def _unfit(draft: Draft, form: Form) -> str:
    """Why a form cannot be used at a visit outside the schedule; "" where it can."""
    if form.repeats:
        return f"{form.id!r} repeats, so it is open at any time and belongs to no visit."
    if form.id == draft.protocol.treatment.form:
        return f"{form.id!r} is the treatment's form, and treatment is given as planned."
    if form.id in draft.names.once_forms:
        return f"{form.id!r} is due at one visit, and what it says holds for the whole trial."
    return ""


def labels_number_the_visits(draft: Draft) -> Iterator[Problem]:
    """A participant can have several, and their names differ."""
    plan = draft.protocol.schedule.unscheduled
    for text in plan.label.model_dump().values() if plan is not None else ():
        if text and "{number}" not in text:
            hint = "Write {number} where the number stands."
            yield draft.problem("protocol.E251", (*_PATH, "label"), f"{text!r} is the name of every such visit.", hint)


def planned_visits_are_not_taken_for_others(draft: Draft) -> Iterator[Problem]:
    """The ids of visits outside the schedule are kept for them."""
    for i, pattern in enumerate(draft.protocol.schedule.visits):
        if pattern.id is not None and unscheduled_number(pattern.id) is not None:
            message = f"{pattern.id!r} is the id of a visit outside the schedule."
            yield draft.problem("protocol.E252", ("schedule", "visits", i, "id"), message)


CHECKS: Final[tuple[Check, ...]] = (
    forms_can_be_used_outside_the_schedule, labels_number_the_visits, planned_visits_are_not_taken_for_others,
)  # fmt: skip
