"""Visits outside the schedule: which forms may be used at one, and no planned visit that is taken for one."""

from collections.abc import Iterator
from typing import Final

from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.lines import Path
from equipoise.protocol.parts import OutsideSchedule
from equipoise.protocol.schedule import EARLY_TERMINATION, unscheduled_number
from equipoise.protocol.schema import Form


def forms_can_be_used_outside_the_schedule(draft: Draft) -> Iterator[Problem]:
    """Each form exists once, and can be filled in again: no log, not the treatment's, none that holds for the trial."""
    schedule = draft.protocol.schedule
    for key, plan in (("unscheduled", schedule.unscheduled), ("early_termination", schedule.early_termination)):
        if plan is not None:
            yield from _forms(draft, plan, ("schedule", key, "forms"))


def _forms(draft: Draft, plan: OutsideSchedule, path: Path) -> Iterator[Problem]:
    by_id = {form.id: form for form in draft.protocol.forms}
    for i, id_ in enumerate(plan.forms):
        yield from draft.reference("protocol.E120", "form", id_, by_id, (*path, i))
        if id_ in plan.forms[:i]:
            yield draft.problem("protocol.E167", (*path, i), f"The form {id_!r} is listed twice.")
        elif id_ in by_id and (why := _unfit(draft, by_id[id_])):
            yield draft.problem("protocol.E250", (*path, i), why, "Take it out of the list.")


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
    """A participant can have several unscheduled visits, and their names differ."""
    plan = draft.protocol.schedule.unscheduled
    for text in plan.label.model_dump().values() if plan is not None else ():
        if text and "{number}" not in text:
            hint = "Write {number} where the number stands."
            path = ("schedule", "unscheduled", "label")
            yield draft.problem("protocol.E251", path, f"{text!r} is the name of every such visit.", hint)


def planned_visits_are_not_taken_for_others(draft: Draft) -> Iterator[Problem]:
    """The ids of visits outside the schedule are kept for them."""
    for i, pattern in enumerate(draft.protocol.schedule.visits):
        if pattern.id is not None and (pattern.id == EARLY_TERMINATION or unscheduled_number(pattern.id) is not None):
            message = f"{pattern.id!r} is the id of a visit outside the schedule."
            yield draft.problem("protocol.E252", ("schedule", "visits", i, "id"), message)


CHECKS: Final[tuple[Check, ...]] = (
    forms_can_be_used_outside_the_schedule, labels_number_the_visits, planned_visits_are_not_taken_for_others,
)  # fmt: skip
