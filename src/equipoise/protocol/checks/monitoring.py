"""Interim monitoring: each look has its time, each person may do their part, and the boundary can be computed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.lines import Path
from equipoise.protocol.monitoring import Boundary, Due, Monitoring
from equipoise.protocol.schema import Estimand, Permission
from equipoise.statistics.design.spending import StoppingRule

STEP: Final = Decimal("0.001")  # of the information: looks that are closer are one look
_PARTS: Final[dict[str, Permission]] = {"statistician": "hold_look", "chair": "recommend"}
_TESTED: Final = ("two_proportions", "survival", "ancova", "mmrm")  # the methods whose effects the looks follow


def people_of_the_committee_may_do_their_part(draft: Draft) -> Iterator[Problem]:
    """Every role exists; who sees or makes the closed report is not masked, and works for the whole study."""
    plan = draft.protocol.monitoring
    if plan is None:
        return
    roles = {role.id: role for role in draft.protocol.roles}
    for path, name in _roles(plan):
        yield from draft.reference("protocol.E122", "role", name, roles, path)
        role = roles.get(name)
        if role is not None and path[1] != "open_report_to":
            if role.masked or role.scope != "study":
                message = f"The role {name!r} is masked or works at a site, and would see results by arm."
                yield draft.problem("protocol.E200", path, message, "Name an unmasked role for the whole study.")
            wanted = _PARTS.get(str(path[1]))
            if wanted is not None and wanted not in role.may:
                yield draft.problem("protocol.E200", path, f"The role {name!r} may not {wanted!r}.")
    if plan.statistician == plan.chair:
        path = ("monitoring", "chair")
        yield draft.problem("protocol.E200", path, "One role would ask for a look and hold it.", "Name two roles.")


def _roles(plan: Monitoring) -> Iterator[tuple[Path, str]]:
    yield ("monitoring", "statistician"), plan.statistician
    yield ("monitoring", "chair"), plan.chair
    for key in ("open_report_to", "closed_report_to"):
        yield from ((("monitoring", key, i), name) for i, name in enumerate(getattr(plan, key)))


def looks_have_a_time(draft: Draft) -> Iterator[Problem]:
    """Each look is due by exactly one measure: information, participants at a visit, or a date."""
    plan = draft.protocol.monitoring
    for i, look in enumerate(plan.looks if plan is not None else ()):
        path: Path = ("monitoring", "looks", i, "when")
        if _measures(look.when) != 1 or (look.when.visit is None) != (look.when.participants is None):
            hint = "Write information, participants with visit, or date."
            yield draft.problem("protocol.E201", path, f"The look {look.id!r} is due by no measure or by two.", hint)
        if look.when.visit is not None and draft.knows_every_visit:
            yield from draft.reference("protocol.E125", "visit", look.when.visit, draft.names.visits, (*path, "visit"))
        if look.when.information is not None and plan is not None and plan.boundary is None:
            message = f"The look {look.id!r} waits for a share of an information that is not planned."
            yield draft.problem("protocol.E201", path, message, "Add `boundary`.")


def _measures(due: Due) -> int:
    return sum(found is not None for found in (due.information, due.participants, due.date))


def looks_at_efficacy_have_a_boundary(draft: Draft) -> Iterator[Problem]:
    """A look that tests is due by information, rises above the one before, and has a boundary to test against."""
    plan = draft.protocol.monitoring
    if plan is None:
        return
    reached = Decimal(0)
    for i, look in enumerate(plan.looks):
        if not look.efficacy:
            continue
        path: Path = ("monitoring", "looks", i)
        if plan.boundary is None or look.when.information is None:
            message = f"The look {look.id!r} tests efficacy without a boundary or a share of the information."
            yield draft.problem("protocol.E202", path, message, "Add `boundary`, and `when: {information: …}`.")
        elif look.when.information - reached < STEP or 1 - look.when.information < STEP:
            message = f"The look {look.id!r} is not between the one before it and the end."
            yield draft.problem("protocol.E202", path, message, "Let each share be larger than the one before.")
        reached = look.when.information or reached


def boundary_names_its_parts(draft: Draft) -> Iterator[Problem]:
    """Estimand and arm exist; the arm is not the reference, and the estimand compares."""
    boundary = draft.protocol.monitoring.boundary if draft.protocol.monitoring is not None else None
    if boundary is None:
        return
    estimands = {estimand.id: estimand for estimand in draft.protocol.estimands}
    path: Path = ("monitoring", "boundary")
    if boundary.estimand not in estimands:
        known = ", ".join(estimands) or "none"
        message = f"There is no estimand {boundary.estimand!r}."
        yield draft.problem("protocol.E203", (*path, "estimand"), message, f"The estimands are {known}.")
    yield from draft.reference(
        "protocol.E123", "arm", boundary.arm, {arm.id for arm in draft.protocol.arms}, (*path, "arm")
    )
    yield from _comparison(draft, boundary, estimands.get(boundary.estimand))


def _comparison(draft: Draft, boundary: Boundary, estimand: Estimand | None) -> Iterator[Problem]:
    if estimand is None:
        return
    if estimand.method.function not in _TESTED:
        message = f"The looks cannot test {estimand.id!r}, whose method is {estimand.method.function}."
        yield draft.problem("protocol.E203", ("monitoring", "boundary", "estimand"), message)
    if boundary.arm == estimand.reference_arm:
        message = f"{boundary.arm!r} is the reference arm of {estimand.id!r}."
        yield draft.problem("protocol.E203", ("monitoring", "boundary", "arm"), message, "Name the arm compared.")


def boundary_can_be_computed(draft: Draft) -> Iterator[Problem]:
    """Parameters are those of their functions; futility belongs to a one-sided test and leaves something to test."""
    boundary = draft.protocol.monitoring.boundary if draft.protocol.monitoring is not None else None
    if boundary is None:
        return
    for key, rule in (("efficacy", boundary.efficacy), ("futility", boundary.futility)):
        if rule is not None:
            try:
                StoppingRule(rule.spending, None if rule.parameter is None else float(rule.parameter))
            except ValueError as wrong:
                yield draft.problem("protocol.E204", ("monitoring", "boundary", key), f"{wrong}.")
    if boundary.futility is not None and boundary.sided == 2:
        message = "Stopping for futility belongs to a one-sided test."
        yield draft.problem("protocol.E204", ("monitoring", "boundary", "futility"), message, "Write `sided: 1`.")
    if boundary.futility is not None and boundary.futility.beta != 1 - boundary.power:
        message = f"Beta is {boundary.futility.beta} and the power {boundary.power}: they do not add up to 1."
        yield draft.problem("protocol.E204", ("monitoring", "boundary", "futility", "beta"), message)
    if float(draft.protocol.analysis.alpha) / 2.0 * boundary.sided >= boundary.power:
        message = "The errors of the first and second kind leave no test."
        yield draft.problem("protocol.E204", ("monitoring", "boundary"), message)


CHECKS: Final[tuple[Check, ...]] = (
    people_of_the_committee_may_do_their_part,
    looks_have_a_time,
    looks_at_efficacy_have_a_boundary,
    boundary_names_its_parts,
    boundary_can_be_computed,
)
