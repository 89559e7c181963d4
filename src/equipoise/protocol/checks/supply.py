"""The supply of kits: packs hold the ratio, limits follow each other, thresholds can be kept, somebody may."""

from collections.abc import Iterator
from typing import Final

from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.lines import Path
from equipoise.protocol.supply import Kits, Threshold


def the_model_has_its_plan(draft: Draft) -> Iterator[Problem]:
    """Kits have a plan, and what a pharmacist prepares has none."""
    supply = draft.protocol.supply
    if supply is not None and (supply.model == "kits") != (supply.kits is not None):
        yield draft.problem(
            "protocol.E240", ("supply", "model"), f"The model {supply.model!r} and `kits` do not go together.",
            "Kits need a plan under `kits`; what a pharmacist prepares has none.",
        )  # fmt: skip


def nothing_is_prepared(draft: Draft) -> Iterator[Problem]:
    """What comes in kits was packed before: no pharmacist prepares the same treatment."""
    if draft.protocol.kits is not None and draft.protocol.treatment.preparation is not None:
        yield draft.problem(
            "protocol.E247", ("treatment", "preparation"), "The treatment comes in kits, and is prepared as well.",
            "Leave `preparation` out where `supply` has `kits`: a kit is handed over as it was packed.",
        )  # fmt: skip


def packs_hold_the_ratio(draft: Draft) -> Iterator[Problem]:
    """A pack holds every arm in exactly the ratio, and more than is kept back of it."""
    plan, each = draft.protocol.kits, sum(draft.protocol.randomisation.ratio.values())
    if plan is not None and plan.reserve >= plan.pack:
        yield draft.problem(
            "protocol.E241", ("supply", "kits", "reserve"), f"A reserve of {plan.reserve} leaves nothing of a pack.",
            "Keep back fewer kits than a pack holds.",
        )  # fmt: skip
    if plan is not None and plan.pack % each:
        yield draft.problem(
            "protocol.E241", ("supply", "kits", "pack"), f"{plan.pack} kits do not hold the ratio.",
            f"Take a multiple of {each}, the larger the less a pack tells.",
        )  # fmt: skip


def limits_of_expiry_follow_each_other(draft: Draft) -> Iterator[Problem]:
    """What is shipped still counts when it arrives, and what counts can still be dispensed."""
    plan = draft.protocol.kits
    if plan is not None and not (
        plan.do_not_ship >= plan.do_not_count + plan.transport and plan.do_not_count >= plan.do_not_dispense
    ):
        yield draft.problem(
            "protocol.E242", ("supply", "kits", "do_not_ship"), "The limits of expiry do not follow each other.",
            "do_not_ship is at least do_not_count and the days of transport, do_not_count at least do_not_dispense.",
        )  # fmt: skip


def thresholds_can_be_kept(draft: Draft) -> Iterator[Problem]:
    """At every site an order fits between the minimum and the maximum."""
    plan = draft.protocol.kits
    if plan is None:
        return
    for path, threshold in _thresholds(plan):
        if threshold.minimum - 1 + plan.ordered > threshold.maximum:
            yield draft.problem(
                "protocol.E243", path,
                f"An order, {plan.ordered} kits above the reserve, does not fit below {threshold.maximum}.",
                "Raise the maximum: just below the minimum, an order must still fit.",
            )  # fmt: skip
    for site in plan.threshold_by_site:
        where: Path = ("supply", "kits", "threshold_by_site", site)
        known = [each.id for each in draft.protocol.sites]
        yield from draft.reference("protocol.E220", "site", site, known, where)


def handouts_are_at_visits_that_dispense(draft: Draft) -> Iterator[Problem]:
    """What a visit hands out otherwise is said of visits at which kits are dispensed."""
    plan, form = draft.protocol.kits, draft.protocol.treatment.form
    forms = {visit.id: visit.forms for visit in draft.visits}
    for visit in plan.handouts if plan is not None and draft.knows_what_is_due else ():
        where: Path = ("supply", "kits", "handouts", visit)
        yield from draft.reference("protocol.E125", "visit", visit, list(forms), where)
        if visit in forms and form not in forms[visit]:
            yield draft.problem(
                "protocol.E248", where, f"Nothing is dispensed at {visit!r}.",
                f"Name visits at which the form {form!r} is due.",
            )  # fmt: skip


def storage_has_a_range(draft: Draft) -> Iterator[Problem]:
    """The lowest temperature is below the highest."""
    plan = draft.protocol.kits
    if plan is not None and plan.storage.lowest >= plan.storage.highest:
        yield draft.problem(
            "protocol.E244", ("supply", "kits", "storage"), "The range of storage runs backwards.",
            "Give the lower temperature first.",
        )  # fmt: skip


def somebody_runs_the_supply(draft: Draft) -> Iterator[Problem]:
    """A role for the whole study may manage the supply, roles at the sites receive and dispense, and all are masked."""
    if draft.protocol.kits is None:
        return
    for permission, scope in (("manage_supply", "study"), ("handle_kits", "site")):
        roles = [role for role in draft.protocol.roles if permission in role.may]
        if not roles or any(role.scope != scope for role in roles):
            yield draft.problem(
                "protocol.E245", ("roles",), f"The kits need roles of the {scope} that may '{permission}'.",
                "Managing the supply is for the whole study; receiving and dispensing kits is for a site.",
            )  # fmt: skip


def depots_are_there(draft: Draft) -> Iterator[Problem]:
    """There is a depot, and each has an id of its own."""
    plan = draft.protocol.kits
    ids = [depot.id for depot in plan.depots] if plan is not None else ["one"]
    if not ids or len(set(ids)) < len(ids):
        yield draft.problem(
            "protocol.E246", ("supply", "kits", "depots"), "The depots have no ids of their own.",
            "Name at least one depot, each with another id.",
        )  # fmt: skip


def _thresholds(plan: Kits) -> Iterator[tuple[Path, Threshold]]:
    yield ("supply", "kits", "threshold"), plan.threshold
    for site, threshold in plan.threshold_by_site.items():
        yield ("supply", "kits", "threshold_by_site", site), threshold


CHECKS: Final[tuple[Check, ...]] = (
    the_model_has_its_plan, nothing_is_prepared, packs_hold_the_ratio, limits_of_expiry_follow_each_other,
    thresholds_can_be_kept, handouts_are_at_visits_that_dispense, storage_has_a_range, somebody_runs_the_supply,
    depots_are_there,
)  # fmt: skip
