"""Ids: each used once, none reserved, and those that rules read are words a rule can hold."""

import keyword
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from equipoise.items.expression import FUNCTIONS
from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.lines import Path
from equipoise.protocol.names import RESERVED

Named: TypeAlias = tuple[str, Path]  # an id and where it stands

_FUNCTIONS: Final = frozenset({*FUNCTIONS, "count"})


def ids_are_used_once(draft: Draft) -> Iterator[Problem]:
    """Among things of one kind, an id names one of them."""
    for kind, entries in _kinds(draft):
        yield from _twice(draft, kind, entries)


def _kinds(draft: Draft) -> Iterator[tuple[str, Iterable[Named]]]:
    protocol = draft.protocol
    lists = {
        "site": ("sites",), "product": ("products",), "arm": ("arms",), "role": ("roles",), "form": ("forms",),
        "objective": ("objectives",), "endpoint": ("endpoints",), "estimand": ("estimands",),
        "analysis set": ("analysis", "sets"), "event of special interest": ("safety", "special_interest"),
        "clock": ("safety", "clocks"),
    }  # fmt: skip
    for kind, path in lists.items():
        yield kind, _listed(draft, path)
    looks = protocol.monitoring
    yield "look", _listed(draft, ("monitoring", "looks")) if looks is not None else ()
    criteria = [*_listed(draft, ("eligibility", "inclusion")), *_listed(draft, ("eligibility", "exclusion"))]
    yield "criterion", criteria
    yield "visit", _visits(draft)
    yield "item or derivation", [*_items(draft), *_listed(draft, ("derivations",))]
    for i, form in enumerate(protocol.forms):
        yield f"check of the form {form.id!r}", _listed(draft, ("forms", i, "checks"))
        if form.repeats:
            yield f"item of the form {form.id!r}", _listed(draft, ("forms", i, "items"))


def _listed(draft: Draft, path: Path) -> list[Named]:
    part: object = draft.protocol
    for step in path:
        part = part[step] if isinstance(part, tuple) and isinstance(step, int) else getattr(part, str(step))
    return [(entry.id, (*path, i, "id")) for i, entry in enumerate(part)] if isinstance(part, tuple) else []


def _visits(draft: Draft) -> list[Named]:
    patterns = list(enumerate(draft.protocol.schedule.visits))
    named = [(p.id, ("schedule", "visits", i, "id")) for i, p in patterns if p.id is not None]
    return [(id_, path) for id_, path in named]


def _items(draft: Draft) -> list[Named]:
    forms = enumerate(draft.protocol.forms)
    return [entry for i, form in forms if not form.repeats for entry in _listed(draft, ("forms", i, "items"))]


def _twice(draft: Draft, kind: str, entries: Iterable[Named]) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for id_, path in entries:
        if id_ in first:
            line = draft.lines.line(first[id_])
            there = f" in line {line}" if line else ""
            yield draft.problem(
                "protocol.E101", path, f"{id_!r} is already that of another {kind}{there}.", "Choose another."
            )
        first.setdefault(id_, path)


def patterns_with_an_id_are_one_visit(draft: Draft) -> Iterator[Problem]:
    """An id can be given to one week only; several weeks take theirs from the number."""
    by_id: dict[str, int] = {}
    for visit in draft.visits:
        by_id[visit.id] = by_id.get(visit.id, 0) + 1
    for i, pattern in enumerate(draft.protocol.schedule.visits):
        if pattern.id is not None and by_id.get(pattern.id, 0) > 1:
            yield draft.problem(
                "protocol.E101",
                ("schedule", "visits", i),
                f"The id {pattern.id!r} would be that of {by_id[pattern.id]} visits.",
                "Leave the id out: a visit without one is called week_8 after its week.",
            )


def ids_are_not_reserved(draft: Draft) -> Iterator[Problem]:
    """`previous`, `visit`, `site` and the like mean something else in every rule."""
    for kind, (id_, path) in _read_by_rules(draft):
        is_baseline = kind == "visit" and id_ == "baseline" == draft.protocol.schedule.baseline
        if id_ in RESERVED and not is_baseline:
            yield draft.problem(
                "protocol.E102", path, f"{id_!r} means something else in a rule.", f"Give this {kind} another id."
            )


def ids_fit_into_rules(draft: Draft) -> Iterator[Problem]:
    """`a-b` in a rule is a subtraction, and `in` is a word of the language."""
    for kind, (id_, path) in _read_by_rules(draft):
        if not id_.isidentifier() or keyword.iskeyword(id_) or id_ in _FUNCTIONS:
            yield draft.problem(
                "protocol.E103", path, f"No rule could read the {kind} {id_!r}.", "Use letters, digits and _ ."
            )


def groups_are_not_visits(draft: Draft) -> Iterator[Problem]:
    """`screening.count` would be an item at a visit."""
    for path, item in draft.all_items():
        if item.group and item.group in draft.names.visits:
            yield draft.problem("protocol.E102", (*path, "group"), f"{item.group!r} is the id of a visit.")


def _read_by_rules(draft: Draft) -> Iterator[tuple[str, Named]]:
    for path, item in draft.all_items():
        yield "item", (item.id, (*path, "id"))
        if item.group:
            yield "group", (item.group, (*path, "group"))
    for i, derivation in enumerate(draft.protocol.derivations):
        yield "derivation", (derivation.id, ("derivations", i, "id"))
    for named in _visits(draft):
        yield "visit", named


def criteria_are_numbered_by_kind(draft: Draft) -> Iterator[Problem]:
    """An inclusion criterion is I and a number, an exclusion criterion E and a number."""
    for kind, letter in (("inclusion", "I"), ("exclusion", "E")):
        for i, criterion in enumerate(getattr(draft.protocol.eligibility, kind)):
            if not criterion.id.startswith(letter):
                yield draft.problem(
                    "protocol.E107",
                    ("eligibility", kind, i, "id"),
                    f"{criterion.id!r} stands among the {kind} criteria, whose ids begin with {letter}.",
                )


def lists_have_entries(draft: Draft) -> Iterator[Problem]:
    """A trial without arms, roles or questions is not one."""
    protocol = draft.protocol
    needed: list[tuple[Path, object]] = [
        (("languages",), protocol.languages), (("objectives",), protocol.objectives), (("sites",), protocol.sites),
        (("products",), protocol.products), (("arms",), protocol.arms), (("roles",), protocol.roles),
        (("schedule", "visits"), protocol.schedule.visits), (("forms",), protocol.forms),
        (("eligibility", "inclusion"), protocol.eligibility.inclusion), (("endpoints",), protocol.endpoints),
        (("analysis", "sets"), protocol.analysis.sets), (("study", "conditions"), protocol.study.conditions),
    ]  # fmt: skip
    needed += [(("forms", i, "items"), form.items) for i, form in enumerate(protocol.forms)]
    needed += [(("forms", i, "filled_by"), form.filled_by) for i, form in enumerate(protocol.forms)]
    for path, entries in needed:
        if not entries:
            yield draft.problem("protocol.E106", path, f"There is nothing under {path[-1]!r}.", "Write at least one.")


CHECKS: Final[tuple[Check, ...]] = (
    ids_are_used_once,
    patterns_with_an_id_are_one_visit,
    ids_are_not_reserved,
    ids_fit_into_rules,
    groups_are_not_visits,
    criteria_are_numbered_by_kind,
    lists_have_entries,
)
