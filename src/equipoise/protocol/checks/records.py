"""Doses, medication and laboratory terms: the items named are there, hold what is meant, and have the codes named."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from equipoise.instruments import get
from equipoise.items.meaning import NUMBER
from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.checks.kinds import scope_of
from equipoise.protocol.checks.scope import Fault
from equipoise.protocol.lines import Path
from equipoise.protocol.names import codes_of
from equipoise.protocol.parts import Part
from equipoise.protocol.schema import FormItem

_DATES, _WORDS = ("date", "partial_date"), ("text", "choice")
_ADMINISTRATION: Final = {
    "given": ("yes_no",), "because": _WORDS, "whole": ("yes_no",), "interrupted": ("yes_no",),
}  # fmt: skip
_INFUSION: Final = {
    "bag": ("text",), "start": ("text",), "minutes": ("integer",), "rate": ("integer",), "volume": ("integer",),
    "reaction": ("choice",),
}  # fmt: skip
_MEDICATION: Final = {
    "drug": _WORDS, "drug_class": _WORDS, "start": _DATES, "stop": _DATES, "ongoing": ("yes_no",),
    "dose": (*_WORDS, "integer", "decimal"), "reason": _WORDS,
}  # fmt: skip
_GRADED: Final = "ctcae_v5"
# The unit in which the limits of a term are printed; every other term has multiples of the normal limits only.
_GRAMS: Final = ("anemia", "hypoalbuminaemia")
_COUNTS: Final = (
    "white_blood_cell_decreased", "lymphocyte_count_decreased", "neutrophil_count_decreased",
    "platelet_count_decreased",
)  # fmt: skip
_UNITS: Final = {**dict.fromkeys(_GRAMS, "g/L"), **dict.fromkeys(_COUNTS, "10^9/L")}


def administration_has_its_items(draft: Draft) -> Iterator[Problem]:
    """What is said of each dose stands on the form of the treatment."""
    treatment = draft.protocol.treatment
    if treatment.administration is not None:
        path = ("treatment", "administration")
        yield from items_stand_on(draft, treatment.administration, treatment.form, _ADMINISTRATION, path)


def infusion_record_has_its_items(draft: Draft) -> Iterator[Problem]:
    """What the record of an infusion says fits the form of the treatment, the adverse events and the vital signs."""
    record, path = draft.protocol.treatment.infusion, ("treatment", "infusion")
    if record is None:
        return
    yield from items_stand_on(draft, record, draft.protocol.treatment.form, _INFUSION, path)
    events = draft.protocol.safety.adverse_events
    on_form, on_row = items_of(draft, draft.protocol.treatment.form), items_of(draft, events.form)
    named = (
        ("no_reaction", on_form.get(record.reaction), (record.no_reaction,)),
        ("grades", on_form.get(record.reaction), record.grades.values()),
        ("grades", on_row.get(events.severity), record.grades),
        ("category", on_row.get(events.category), (record.category,)),
    )
    for key, item, codes in named:
        known = codes_of(item, draft.protocol) if item is not None else ()
        for code in codes if known else ():
            yield from draft.reference("protocol.E133", "code", code, known, (*path, key))
    for sign in record.vital_signs:
        yield from draft.reference("protocol.E121", "item", sign, draft.names.items, (*path, "vital_signs"))


def medication_has_a_log(draft: Draft) -> Iterator[Problem]:
    """Medication is a log, and its items stand on it."""
    medication = draft.protocol.safety.medication
    if medication is None:
        return
    path = ("safety", "medication")
    forms = {form.id: form for form in draft.protocol.forms}
    yield from draft.reference("protocol.E120", "form", medication.form, forms, (*path, "form"))
    if medication.form in forms and not forms[medication.form].repeats:
        message = f"{medication.form!r} does not repeat."
        yield draft.problem("protocol.E197", (*path, "form"), message, "Write `repeats: yes` on the form.")
    yield from items_stand_on(draft, medication, medication.form, _MEDICATION, path)


def background_dose_is_a_number(draft: Draft) -> Iterator[Problem]:
    """The dose taken beside the study treatment is a number that is asked or derived."""
    asked = draft.protocol.safety.background_dose
    if asked is None or not draft.knows_every_visit:
        return
    path = ("safety", "background_dose", "variable")
    meaning = scope_of(draft).meaning(asked.variable)
    if isinstance(meaning, Fault):
        yield draft.problem("protocol.E121", path, meaning.message, meaning.hint)
    elif meaning.kind not in ("", NUMBER):
        yield draft.problem("protocol.E194", path, f"{asked.variable!r} is {meaning}, and a number is needed here.")


def codes_of_adverse_events_exist(draft: Draft) -> Iterator[Problem]:
    """The codes that mean severe, stopped and fatal are codes of their items."""
    events = draft.protocol.safety.adverse_events
    items = items_of(draft, events.form)
    named: tuple[tuple[str, str, str | None, Iterable[str]], ...] = (
        ("severe", "severity", events.severity, (events.severe,) if events.severe else ()),
        ("stopping", "action", events.action, events.stopping),
        ("fatal", "outcome", events.outcome, events.fatal),
    )
    for key, beside, item, codes in named:
        path = ("safety", "adverse_events", key)
        if codes and item is None:
            yield draft.problem("protocol.E198", path, f"{key!r} names codes of {beside!r}, which is not given.")
        known = codes_of(items[item], draft.protocol) if item in items else ()
        for code in codes if known else ():
            yield from draft.reference("protocol.E133", f"code of {item}", code, known, path)


def graded_analytes_have_terms(draft: Draft) -> Iterator[Problem]:
    """An analyte is graded by a term of CTCAE, in the unit in which its limits are printed."""
    laboratory, terms = draft.protocol.laboratory, get(_GRADED).variants
    units = {limits.analyte: limits.unit for limits in laboratory.ranges}
    for analyte, term in laboratory.grades.items():
        path = ("laboratory", "grades", analyte)
        yield from draft.reference("protocol.E154", "analyte", analyte, units, path)
        yield from draft.reference("protocol.E141", f"term of {_GRADED}", term, terms, path)
        wanted = _UNITS.get(term, "")
        if wanted and units.get(analyte, wanted) != wanted:
            yield draft.problem("protocol.E156", path, f"{analyte!r} is in {units[analyte]}, {term!r} in {wanted}.")


def watched_analytes_have_ranges(draft: Draft) -> Iterator[Problem]:
    """What is drawn has a range, and what makes the liver signal has an upper limit."""
    laboratory = draft.protocol.laboratory
    ranges = {limits.analyte for limits in laboratory.ranges}
    open_above = {limits.analyte for limits in laboratory.ranges if limits.upper is None}
    for i, analyte in enumerate(laboratory.drawn):
        yield from draft.reference("protocol.E154", "analyte", analyte, ranges, ("laboratory", "drawn", i))
    for key, analyte in laboratory.liver or ():
        if analyte is None:
            continue
        path = ("laboratory", "liver", key)
        yield from draft.reference("protocol.E154", "analyte", analyte, ranges, path)
        if analyte in open_above:
            yield draft.problem("protocol.E136", path, f"There is no upper limit of normal for {analyte!r}.")


def items_of(draft: Draft, form: str) -> dict[str, FormItem]:
    """The items of a form by their id; none of a form that is not there."""
    return {item.id: item for found in draft.protocol.forms if found.id == form for item in found.items}


def items_stand_on(
    draft: Draft, part: Part, form: str, types: Mapping[str, tuple[str, ...]], path: Path
) -> Iterator[Problem]:
    """The items that a part names under these keys stand on the form and are of one of these types."""
    items = items_of(draft, form)
    for key, wanted in types.items() if items else ():
        name = getattr(part, key)
        if name is None:
            continue
        yield from draft.reference("protocol.E121", f"item of {form}", name, items, (*path, key))
        if name in items and items[name].type not in wanted:
            message = f"{name!r} is of the type {items[name].type}; {key} must be {' or '.join(wanted)}."
            yield draft.problem("protocol.E196", (*path, key), message)


CHECKS: Final[tuple[Check, ...]] = (
    infusion_record_has_its_items,
    administration_has_its_items,
    medication_has_a_log,
    background_dose_is_a_number,
    codes_of_adverse_events_exist,
    graded_analytes_have_terms,
    watched_analytes_have_ranges,
)
