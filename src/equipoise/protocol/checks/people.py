"""Roles and masking: who fills and signs what, and what must stay hidden from those who must not know the arm."""

from collections.abc import Iterator
from typing import Final

from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.checks.rules import reads
from equipoise.protocol.lines import Path
from equipoise.protocol.names import bare, names_in, needed
from equipoise.protocol.schema import Role

_REVEALING: Final = ("dispense", "account", "open_list")
_NEEDED: Final = {
    "randomise": "randomises", "dispense": "dispenses the treatment", "lock": "locks the trial",
    "open_list": "opens the allocation list",
}  # fmt: skip


def roles_exist(draft: Draft) -> Iterator[Problem]:
    """Every role that is named has been described."""
    known = {role.id for role in draft.protocol.roles}
    for path, name in _role_names(draft):
        yield from draft.reference("protocol.E122", "role", name, known, path)


def _role_names(draft: Draft) -> Iterator[tuple[Path, str]]:
    protocol = draft.protocol
    for i, form in enumerate(protocol.forms):
        yield from ((("forms", i, "filled_by", j), name) for j, name in enumerate(form.filled_by))
        if form.signed_by is not None:
            yield ("forms", i, "signed_by"), form.signed_by
    for i, apart in enumerate(protocol.separate_duties):
        yield from ((("separate_duties", i, "roles", j), name) for j, name in enumerate(apart.roles))
    for i, derivation in enumerate(protocol.derivations):
        yield from ((("derivations", i, "shown_to", j), name) for j, name in enumerate(derivation.shown_to or ()))
    for i, item in enumerate(protocol.masking.items):
        yield from ((("masking", "items", i, "hidden_from", j), name) for j, name in enumerate(item.hidden_from))


def hidden_things_exist(draft: Draft) -> Iterator[Problem]:
    """What is hidden from a role is a form or an item of the protocol."""
    forms = {form.id for form in draft.protocol.forms}
    items = {item.id for _, item in draft.all_items()} | set(draft.names.derivations)
    for i, role in enumerate(draft.protocol.roles):
        for j, form in enumerate(role.hidden_forms):
            yield from draft.reference("protocol.E120", "form", form, forms, ("roles", i, "hidden_forms", j))
        for j, item in enumerate(role.hidden_items):
            yield from draft.reference("protocol.E121", "item", item, items, ("roles", i, "hidden_items", j))
    for i, masked in enumerate(draft.protocol.masking.items):
        yield from draft.reference("protocol.E121", "item", masked.item, items, ("masking", "items", i, "item"))


def masked_roles_cannot_see_the_arm(draft: Draft) -> Iterator[Problem]:
    """Who prepares the treatment or opens the list learns the arm, and cannot be masked."""
    for i, role in enumerate(draft.protocol.roles):
        for j, permission in enumerate(role.may):
            if role.masked and permission in _REVEALING:
                yield draft.problem(
                    "protocol.E180", ("roles", i, "may", j),
                    f"The role {role.id!r} is masked, and {permission!r} would tell it the arm.",
                    "Give the permission to an unmasked role.",
                )  # fmt: skip


def somebody_may_do_it(draft: Draft) -> Iterator[Problem]:
    """What every trial needs done, some role may do."""
    given = {permission for role in draft.protocol.roles for permission in role.may}
    for permission, what in _NEEDED.items():
        if permission not in given:
            yield draft.problem("protocol.E181", ("roles",), f"Nobody {what}: no role may {permission!r}.")


def fillers_may_enter(draft: Draft) -> Iterator[Problem]:
    """Who fills or signs a form needs the permission, and must see the form."""
    roles = {role.id: role for role in draft.protocol.roles}
    for i, form in enumerate(draft.protocol.forms):
        wanted: list[tuple[Path, str, str]] = [(("filled_by", j), n, "enter") for j, n in enumerate(form.filled_by)]
        wanted += [(("signed_by",), form.signed_by, "sign")] if form.signed_by else []
        for step, name, permission in wanted:
            role = roles.get(name)
            if role is not None and permission not in role.may:
                message = f"{name!r} is named for the form {form.id!r}, but may not {permission!r}."
                yield draft.warning("protocol.W005", ("forms", i, *step), message)
            if role is not None and form.id in role.hidden_forms:
                message = f"The form {form.id!r} is hidden from {name!r}, who is to fill or sign it."
                yield draft.problem("protocol.E182", ("forms", i, *step), message)


def masked_items_are_not_entered_by_the_masked(draft: Draft) -> Iterator[Problem]:
    """A result that could tell the arm is not typed in by somebody who must not know it."""
    masked = _masked_roles(draft)
    for path, item in draft.all_items():
        form = draft.protocol.forms[int(path[1])]
        fillers = [name for name in form.filled_by if name in masked]
        if item.id in draft.masked_items and fillers:
            yield draft.problem(
                "protocol.E183", path, f"{item.id!r} is masked, but the masked role {fillers[0]!r} fills {form.id!r}.",
                "Move it to a form that only unmasked roles fill.",
            )  # fmt: skip


def masked_items_do_not_show_through(draft: Draft) -> Iterator[Problem]:
    """A value computed from a masked result is shown to unmasked roles only."""
    masked = _masked_roles(draft)
    for i, derivation in enumerate(draft.protocol.derivations):
        seen_by = [name for name in (masked if derivation.shown_to is None else derivation.shown_to) if name in masked]
        direct = draft.masked_items & set(needed(derivation, draft.names.derivations))
        through = direct or draft.masked_items & set(reads(draft, derivation.id))
        if seen_by and through:
            say = draft.problem if direct else draft.warning
            yield say(
                "protocol.E184" if direct else "protocol.W006", ("derivations", i),
                f"{derivation.id!r} is computed from {min(through)!r}, which is masked; {seen_by[0]!r} would see it.",
                "List unmasked roles under `shown_to`.",
            )  # fmt: skip


def masked_items_ask_no_questions_of_the_masked(draft: Draft) -> Iterator[Problem]:
    """A check or a question that depends on a masked result would tell it to the person filling the form."""
    masked = _masked_roles(draft)
    for i, form in enumerate(draft.protocol.forms):
        rules = [(("forms", i, "items", j, "when"), item.when) for j, item in enumerate(form.items) if item.when]
        rules += [(("forms", i, "checks", j, "expect"), check.expect) for j, check in enumerate(form.checks)]
        for path, rule in rules if masked & set(form.filled_by) else ():
            read = draft.masked_items & _told(draft, rule)
            if read:
                message = f"The form {form.id!r} is filled by a masked role, and this reads {min(read)!r}."
                yield draft.problem("protocol.E185", path, message, "Move it to a form of unmasked roles.")


def _told(draft: Draft, rule: str) -> set[str]:
    """Everything a rule reads, directly or through derivations."""
    read = {bare(name, draft.names.derivations) for name in names_in(rule)}
    return read.union(*(reads(draft, name) for name in read))


def levels_of_masking_are_used_as_meant(draft: Draft) -> Iterator[Problem]:
    """`masked` is kept from every masked role by itself; `soft` names those it is kept from."""
    for i, item in enumerate(draft.protocol.masking.items):
        if (item.level == "soft") != bool(item.hidden_from):
            words = "names nobody it is hidden from" if item.level == "soft" else "is kept from all masked roles anyway"
            yield draft.warning("protocol.W007", ("masking", "items", i), f"{item.item!r} is {item.level} and {words}.")


def an_alarm_tells_somebody_unmasked(draft: Draft) -> Iterator[Problem]:
    """Whoever is told of repeated code breaks is unmasked and works for the whole study."""
    alarm, roles = draft.protocol.masking.code_break_alarm, {role.id: role for role in draft.protocol.roles}
    if alarm is None:
        return
    where = ("masking", "code_break_alarm", "tells")
    yield from draft.reference("protocol.E122", "role", alarm.tells, roles, where)
    told = roles.get(alarm.tells)
    if told is not None and (told.masked or told.scope != "study" or "view" not in told.may):
        yield draft.problem(
            "protocol.E178", where, f"{alarm.tells!r} is masked, works at a site only, or may not view.",
            "Name an unmasked role of the whole study that may 'view'.",
        )  # fmt: skip


def everyone_masked_has_a_role_for_it(draft: Draft) -> Iterator[Problem]:
    """A trial that masks somebody has a masked role."""
    if draft.protocol.masking.masked and draft.protocol.roles and not _masked_roles(draft):
        yield draft.problem("protocol.E186", ("masking", "masked"), "The trial is masked, but no role is.")


def _masked_roles(draft: Draft) -> frozenset[str]:
    return frozenset(role.id for role in draft.protocol.roles if _is_masked(role))


def _is_masked(role: Role) -> bool:
    return role.masked


CHECKS: Final[tuple[Check, ...]] = (
    roles_exist,
    hidden_things_exist,
    masked_roles_cannot_see_the_arm,
    somebody_may_do_it,
    fillers_may_enter,
    masked_items_are_not_entered_by_the_masked,
    masked_items_do_not_show_through,
    masked_items_ask_no_questions_of_the_masked,
    levels_of_masking_are_used_as_meant,
    an_alarm_tells_somebody_unmasked,
    everyone_masked_has_a_role_for_it,
)
