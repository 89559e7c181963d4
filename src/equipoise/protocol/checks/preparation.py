"""How a dose is prepared: every arm can be, in the same way, and no dose waits for a weight that nobody enters."""

from collections.abc import Iterator
from typing import Final

from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft


def every_product_says_its_unit(draft: Draft) -> Iterator[Problem]:
    """Where doses are prepared, every product says what its unit is: one left out would tell the others."""
    if draft.protocol.treatment.preparation is None:
        return
    for i, product in enumerate(draft.protocol.products):
        if product.unit is None:
            yield draft.problem(
                "protocol.E230", ("products", i), f"Doses are prepared, but {product.id!r} does not say its unit.",
                "Give each product a `unit`.",
            )  # fmt: skip


def the_weight_is_an_item(draft: Draft) -> Iterator[Problem]:
    """The item of the body weight exists and is a number; a dose per kilogram has one."""
    plan = draft.protocol.treatment.preparation
    if plan is None:
        return
    if plan.weight is not None:
        where = ("treatment", "preparation", "weight")
        types = {item.id: item.type for _, item in draft.all_items()}
        yield from draft.reference("protocol.E121", "item", plan.weight, types, where)
        if types.get(plan.weight, "decimal") not in ("decimal", "integer"):
            yield draft.problem("protocol.E231", where, f"{plan.weight!r} is no number, and cannot be a weight.")
        return
    for i, arm in enumerate(draft.protocol.arms):
        if arm.dose is not None and arm.dose.unit == "mg/kg":
            yield draft.problem(
                "protocol.E232", ("arms", i, "dose"), f"The dose of {arm.id!r} goes by weight, and no item is named.",
                "Name the item under `treatment.preparation.weight`.",
            )  # fmt: skip


def strengths_are_in_the_unit_of_the_dose(draft: Draft) -> Iterator[Problem]:
    """A unit's strength and an arm's dose can be divided by each other."""
    for i, arm in enumerate(draft.protocol.arms):
        product = draft.protocol.product_by_id.get(arm.product)
        strength = product.unit.strength if product is not None and product.unit is not None else None
        wanted = "mg" if arm.dose is not None and arm.dose.unit == "mg/kg" else arm.dose.unit if arm.dose else ""
        if strength is not None and wanted and strength.unit != wanted:
            yield draft.problem(
                "protocol.E233", ("arms", i, "dose"),
                f"The dose of {arm.id!r} is in {wanted}, and one unit of {arm.product!r} in {strength.unit}.",
                "Write both in the same unit.",
            )  # fmt: skip


CHECKS: Final[tuple[Check, ...]] = (
    every_product_says_its_unit,
    the_weight_is_an_item,
    strengths_are_in_the_unit_of_the_dose,
)
