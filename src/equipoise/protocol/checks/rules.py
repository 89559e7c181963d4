"""Rules: each can be read, reads only what exists, compares like with like, and gives what its place needs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from equipoise.items.expression import RuleError, compile_rule
from equipoise.items.meaning import TRUTH
from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.checks.kinds import read_rule, scope_of
from equipoise.protocol.lines import Path
from equipoise.protocol.names import bare, names_in, needed, ordered

_MAY_BE_UNKNOWN: Final = re.compile(r"\b(?:coalesce|known)\s*\(")  # such a rule reckons with what is not there


@dataclass(frozen=True, slots=True)
class Spot:
    """A rule and where it stands; `row` is the log whose row it judges, `decides` whether it must be true or false."""

    path: Path
    rule: str
    row: str = ""
    decides: bool = True


def spots(draft: Draft) -> Iterator[Spot]:
    """Every rule of a protocol."""
    yield from _on_forms(draft)
    for i, derivation in enumerate(draft.protocol.derivations):
        if derivation.rule is not None:
            yield Spot(("derivations", i, "rule"), derivation.rule, decides=False)
        for name, rule in derivation.inputs.items():
            yield Spot(("derivations", i, "inputs", name), rule, decides=False)
    yield from _criteria(draft)
    safety = draft.protocol.safety
    row = safety.adverse_events.form
    for i, interest in enumerate(safety.special_interest):
        yield Spot(("safety", "special_interest", i, "rule"), interest.rule, row)
    for i, clock in enumerate(safety.clocks):
        yield Spot(("safety", "clocks", i, "starts"), clock.starts, row)
    for i, endpoint in enumerate(draft.protocol.endpoints):
        if endpoint.rule is not None:
            yield Spot(("endpoints", i, "rule"), endpoint.rule)
    yield from _of_the_analysis(draft)


def _of_the_analysis(draft: Draft) -> Iterator[Spot]:
    analysis = draft.protocol.analysis
    if analysis.intercurrent.prohibited_medication is not None:
        path: Path = ("analysis", "intercurrent", "prohibited_medication")
        yield Spot(path, analysis.intercurrent.prohibited_medication)
    for i, part in enumerate(analysis.components):
        for j, component in enumerate(part.counted):
            yield Spot(("analysis", "components", i, "counted", j, "rule"), component.rule)


def _on_forms(draft: Draft) -> Iterator[Spot]:
    for i, form in enumerate(draft.protocol.forms):
        row = form.id if form.repeats else ""
        for j, item in enumerate(form.items):
            if item.when is not None:
                yield Spot(("forms", i, "items", j, "when"), item.when, row)
        for j, check in enumerate(form.checks):
            yield Spot(("forms", i, "checks", j, "expect"), check.expect, row)


def _criteria(draft: Draft) -> Iterator[Spot]:
    for kind in ("inclusion", "exclusion"):
        for i, criterion in enumerate(getattr(draft.protocol.eligibility, kind)):
            yield Spot(("eligibility", kind, i, "rule"), criterion.rule)


def rules_can_be_read(draft: Draft) -> Iterator[Problem]:
    """A rule is written in the language of rules."""
    for spot in spots(draft):
        try:
            compile_rule(spot.rule)
        except RuleError as wrong:
            yield draft.problem("protocol.E130", spot.path, wrong.problem.message, wrong.problem.hint)


def rules_fit_what_they_read(draft: Draft) -> Iterator[Problem]:
    """Every name is known, every code is in its list, and numbers are compared with numbers."""
    if not draft.knows_every_visit:
        return
    scope = scope_of(draft)
    for spot in spots(draft):
        meaning, faults = read_rule(spot.rule, scope, spot.row)
        for fault in faults:
            yield draft.problem(fault.id, spot.path, fault.message, fault.hint)
        if spot.decides and meaning.kind not in ("", TRUTH):
            yield draft.problem(
                "protocol.E134", spot.path, f"`{spot.rule[:60]}` is {meaning}; here it must be true or false.",
                "Compare it with something.",
            )  # fmt: skip


def derivations_do_not_need_themselves(draft: Draft) -> Iterator[Problem]:
    """A value is computed from others, never in a circle."""
    derivations = draft.protocol.derivations
    place = {derivation.id: i for i, derivation in reversed(list(enumerate(derivations)))}
    for circle in ordered(derivations)[1]:
        names = " → ".join(circle)
        yield draft.problem(
            "protocol.E135", ("derivations", place[circle[0]]), f"These derivations need each other: {names}.",
            "To read the value of an earlier visit, write previous. before its name.",
        )  # fmt: skip


def items_do_not_hide_themselves(draft: Draft) -> Iterator[Problem]:
    """Whether an item is asked cannot depend on its answer."""
    for path, item in draft.all_items():
        if item.when is not None and item.id in names_in(item.when):
            yield draft.problem("protocol.E138", (*path, "when"), f"{item.id!r} is asked only if it has been answered.")


def criteria_read_what_is_asked_by_then(draft: Draft) -> Iterator[Problem]:
    """What is not asked at the visit of eligibility would leave a criterion unknown for ever."""
    visit = draft.names.visits.get(draft.protocol.eligibility.visit)
    for spot in _criteria(draft) if visit is not None and draft.knows_what_is_due else ():
        for name in names_in(spot.rule) if not _MAY_BE_UNKNOWN.search(spot.rule) else ():
            if not readable_at(draft, name, visit.id if visit else ""):
                yield draft.problem(
                    "protocol.E137", spot.path, f"{name!r} is not asked at {draft.protocol.eligibility.visit!r}.",
                    f"Write last.{name} for the latest answer until then, or ask it at that visit.",
                )  # fmt: skip


def readable_at(draft: Draft, name: str, visit: str) -> bool:
    """Whether a plain name can have a value at a visit; a name that means something else is not judged."""
    asked = draft.names.items.get(name)
    if asked is None or visit not in draft.names.visits:
        return True
    if asked.once:
        return draft.names.visits[asked.once].week <= draft.names.visits[visit].week
    return visit in asked.visits


def derivations_have_one_source(draft: Draft) -> Iterator[Problem]:
    """A rule or an instrument, and what belongs to an instrument only with one."""
    for i, derivation in enumerate(draft.protocol.derivations):
        path: Path = ("derivations", i)
        if (derivation.rule is None) == (derivation.instrument is None):
            what = "neither a rule nor" if derivation.rule is None else "both a rule and"
            yield draft.problem("protocol.E139", path, f"{derivation.id!r} has {what} an instrument.", "Give it one.")
        for key in ("variant", "result", "inputs", "settings"):
            if derivation.instrument is None and getattr(derivation, key):
                yield draft.problem("protocol.E139", (*path, key), f"{derivation.id!r} has {key!r}, but no instrument.")


def reads(draft: Draft, derivation_id: str) -> Iterator[str]:
    """Everything a derivation reads at its visit, directly or through other derivations."""
    waiting, seen = [derivation_id], {derivation_id}
    while waiting:
        derivation = draft.names.derivations.get(waiting.pop())
        needs = needed(derivation, draft.names.derivations) if derivation is not None else ()
        members = (item for need in needs for item in draft.names.groups.get(need, ()))
        for name in (*needs, *members, *(gate for need in needs for gate in _gates(draft, need))):
            if name not in seen:
                seen.add(name)
                waiting.append(name)
                yield name


def _gates(draft: Draft, item: str) -> Iterator[str]:
    """What decides whether an item is asked, where not being asked is an answer."""
    if item in draft.names.unasked:
        yield from (bare(name, draft.names.derivations) for name in names_in(draft.names.items[item].item.when or ""))


CHECKS: Final[tuple[Check, ...]] = (
    rules_can_be_read,
    rules_fit_what_they_read,
    derivations_do_not_need_themselves,
    items_do_not_hide_themselves,
    criteria_read_what_is_asked_by_then,
    derivations_have_one_source,
)
