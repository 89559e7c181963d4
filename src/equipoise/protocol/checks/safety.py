"""Adverse events: the log that holds them, and the items that say what the clocks and the tables need."""

from collections.abc import Iterator
from typing import Final

from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft

_TYPES: Final = {
    "term": ("text", "choice"), "category": ("choice", "text"), "severity": ("choice", "integer"),
    "serious": ("yes_no",), "related": ("yes_no", "choice"), "onset": ("date", "partial_date"),
    "end": ("date", "partial_date"), "action": ("choice", "text"), "outcome": ("choice", "text"),
    "coded": ("text", "choice"), "seriousness": ("choice",), "aware": ("date",),
}  # fmt: skip


def adverse_events_have_a_log(draft: Draft) -> Iterator[Problem]:
    """The form exists and repeats."""
    name = draft.protocol.safety.adverse_events.form
    forms = {form.id: form for form in draft.protocol.forms}
    path = ("safety", "adverse_events", "form")
    yield from draft.reference("protocol.E120", "form", name, forms, path)
    if name in forms and not forms[name].repeats:
        yield draft.problem("protocol.E190", path, f"{name!r} does not repeat.", "Write `repeats: yes` on the form.")


def adverse_events_have_their_items(draft: Draft) -> Iterator[Problem]:
    """Each item stands on that form, with a type that can hold what is meant."""
    events = draft.protocol.safety.adverse_events
    form = next((form for form in draft.protocol.forms if form.id == events.form), None)
    items = {item.id: item for item in form.items} if form is not None else {}
    for key in _TYPES if form is not None else ():
        path = ("safety", "adverse_events", key)
        name = getattr(events, key)
        if name is None:
            continue
        yield from draft.reference("protocol.E121", f"item of {events.form}", name, items, path)
        if name in items and items[name].type not in _TYPES[key]:
            wanted = " or ".join(_TYPES[key])
            message = f"{name!r} is of the type {items[name].type}; {key} must be {wanted}."
            yield draft.problem("protocol.E191", path, message)


CHECKS: Final[tuple[Check, ...]] = (adverse_events_have_a_log, adverse_events_have_their_items)
