"""Reference ranges: in order, complete for both sexes, and in the unit of the item that is read against them."""

from collections.abc import Iterator
from typing import Final

from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.names import codes_of
from equipoise.protocol.schema import ReferenceRange


def limits_are_in_order(draft: Draft) -> Iterator[Problem]:
    """At least one limit, and the lower below the upper."""
    for i, limits in enumerate(draft.protocol.laboratory.ranges):
        path = ("laboratory", "ranges", i)
        if limits.lower is None and limits.upper is None:
            yield draft.problem("protocol.E150", path, f"{limits.analyte!r} has neither a lower nor an upper limit.")
        elif limits.lower is not None and limits.upper is not None and limits.lower >= limits.upper:
            yield draft.problem("protocol.E151", path, f"{limits.lower} is not below {limits.upper}.")


def both_sexes_have_a_range(draft: Draft) -> Iterator[Problem]:
    """One range for everybody, or one for each sex."""
    for analyte, found in _by_analyte(draft).items():
        sexes = [limits.sex for _, limits in found]
        if sorted(str(sex) for sex in sexes) not in (["None"], ["female", "male"]):
            said = ", ".join(sex or "everybody" for sex in sexes)
            yield draft.problem(
                "protocol.E152", ("laboratory", "ranges", found[-1][0]), f"{analyte!r} has ranges for: {said}.",
                "Give one range without `sex:`, or one for female and one for male.",
            )  # fmt: skip


def sex_is_asked(draft: Draft) -> Iterator[Problem]:
    """Ranges by sex need the item that says it, with the codes female and male."""
    laboratory = draft.protocol.laboratory
    if not any(limits.sex for limits in laboratory.ranges):
        return
    asked = draft.names.items.get(laboratory.sex_item)
    path = ("laboratory", "sex_item") if "sex_item" in laboratory.model_fields_set else ("laboratory",)
    if asked is None:
        yield from draft.reference("protocol.E121", "item", laboratory.sex_item, draft.names.items, path)
    elif not {"female", "male"} <= set(codes_of(asked.item, draft.protocol)):
        message = f"{laboratory.sex_item!r} has not the codes female and male, by which the ranges are told apart."
        yield draft.problem("protocol.E153", path, message)


def analytes_have_a_range_in_their_unit(draft: Draft) -> Iterator[Problem]:
    """An item is read only against a range in its own unit."""
    ranges = _by_analyte(draft)
    for path, item in draft.all_items():
        if item.analyte:
            yield from draft.reference("protocol.E154", "analyte", item.analyte, ranges, (*path, "analyte"))
        for _, limits in ranges.get(item.analyte, ()):
            if limits.unit != item.unit:
                yield draft.problem(
                    "protocol.E155", (*path, "unit"),
                    f"{item.id!r} is in {item.unit or 'no unit'}, the range of {item.analyte!r} in {limits.unit}.",
                )  # fmt: skip


def _by_analyte(draft: Draft) -> dict[str, list[tuple[int, ReferenceRange]]]:
    found: dict[str, list[tuple[int, ReferenceRange]]] = {}
    for i, limits in enumerate(draft.protocol.laboratory.ranges):
        found.setdefault(limits.analyte, []).append((i, limits))
    return found


CHECKS: Final[tuple[Check, ...]] = (
    limits_are_in_order,
    both_sexes_have_a_range,
    sex_is_asked,
    analytes_have_a_range_in_their_unit,
)
