"""Items and code lists: a type, and only what belongs to that type."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from equipoise.items.missing import Missing
from equipoise.items.problem import Problem
from equipoise.items.reading import read
from equipoise.items.units import folded
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.lines import Path
from equipoise.protocol.names import item_of

NUMBERS: Final = ("integer", "decimal")


def choices_have_codes(draft: Draft) -> Iterator[Problem]:
    """A choice names a code list that exists; nothing else has one."""
    lists = draft.protocol.code_lists
    for path, item in draft.all_items():
        if item.type == "choice" and not item.codes:
            yield draft.problem("protocol.E110", path, f"{item.id!r} is a choice without codes.", "Add `codes:`.")
        elif item.type != "choice" and item.codes:
            yield draft.problem(
                "protocol.E110", (*path, "codes"), f"{item.id!r} has codes, but its type is {item.type}.",
                "Make it a choice, or remove the codes.",
            )  # fmt: skip
        elif item.codes:
            yield from draft.reference("protocol.E129", "code list", item.codes, lists, (*path, "codes"))


def links_lead_to_logs(draft: Draft) -> Iterator[Problem]:
    """A link names a form that repeats; nothing else has one."""
    logs = draft.names.logs
    for path, item in draft.all_items():
        if (item.type == "link") != bool(item.to):
            yield draft.problem(
                "protocol.E109", path, f"{item.id!r} has the type {item.type}, and leads {item.to or 'nowhere'}.",
                "Give a link, and nothing else, the form it leads to under `to:`.",
            )  # fmt: skip
        elif item.to:
            yield from draft.reference("protocol.E109", "form that repeats", item.to, logs, (*path, "to"))


def numbers_alone_are_measured(draft: Draft) -> Iterator[Problem]:
    """Units, places, ranges and analytes belong to numbers."""
    for path, item in draft.all_items():
        for key in ("unit", "units", "beyond", "places", "range", "expected", "analyte"):
            wanted = ("decimal",) if key in ("units", "beyond", "places") else NUMBERS
            if getattr(item, key) not in ("", None, ()) and item.type not in wanted:
                yield draft.problem(
                    "protocol.E111", (*path, key), f"{item.id!r} has {key!r}, but its type is {item.type}.",
                    f"Only a {' or '.join(wanted)} has one.",
                )  # fmt: skip


def ranges_are_in_order(draft: Draft) -> Iterator[Problem]:
    """The lower number first, and what is expected inside what is possible."""
    for path, item in draft.all_items():
        for key, span in (("range", item.range), ("expected", item.expected)):
            if span is not None and span[0] >= span[1]:
                yield draft.problem("protocol.E112", (*path, key), f"{span[0]} is not below {span[1]}.")
        if item.range and item.expected and not _within(item.expected, item.range):
            yield draft.problem(
                "protocol.E113", (*path, "expected"),
                f"{_span(item.expected)} is expected, but only {_span(item.range)} can be entered.",
                "Widen the range, or narrow what is expected.",
            )  # fmt: skip


def ranges_can_be_written(draft: Draft) -> Iterator[Problem]:
    """The ends of a range are numbers that the item itself could hold."""
    for path, item in draft.all_items():
        places = 0 if item.type == "integer" else item.places
        for key, span in (("range", item.range), ("expected", item.expected)):
            finer = [end for end in span or () if places is not None and _places(end) > places]
            if finer and item.type in NUMBERS:
                yield draft.problem(
                    "protocol.E114", (*path, key), f"{finer[0]} has more decimal places than {item.id!r}, {places}."
                )


def units_can_be_converted(draft: Draft) -> Iterator[Problem]:
    """Other units stand beside one of the item's own, each once and with a factor above zero."""
    for path, item in draft.all_items():
        known = {folded(item.unit)}
        for i, other in enumerate(item.units):
            if not item.unit or folded(other.unit) in known or not other.exact:
                why = "no factor" if not other.exact else "no unit of its own" if not item.unit else "this unit twice"
                yield draft.problem(
                    "protocol.E118", (*path, "units", i), f"{item.id!r} has {why} for {other.unit!r}.",
                    "Give the item one `unit:`, and each other unit once, with how many of it one is.",
                )  # fmt: skip
            known.add(folded(other.unit))


def code_lists_hold_codes(draft: Draft) -> Iterator[Problem]:
    """At least one code, and none twice."""
    for name, codes in draft.protocol.code_lists.items():
        path: Path = ("code_lists", name)
        if not codes:
            yield draft.problem("protocol.E115", path, f"The code list {name!r} is empty.")
        seen: set[str] = set()
        for i, entry in enumerate(codes):
            if entry.code in seen:
                yield draft.problem("protocol.E115", (*path, i), f"{name!r} has the code {entry.code!r} twice.")
            seen.add(entry.code)


def code_lists_are_used(draft: Draft) -> Iterator[Problem]:
    """A list nobody asks with may be a misspelt one."""
    used = {item.codes for _, item in draft.all_items()}
    for name in draft.protocol.code_lists:
        if name not in used:
            yield draft.warning("protocol.W002", ("code_lists", name), f"No item uses the code list {name!r}.")


def groups_can_be_counted(draft: Draft) -> Iterator[Problem]:
    """The items of a group have codes to count."""
    for path, item in draft.all_items():
        if item.group and item.type not in ("choice", "state"):
            yield draft.problem(
                "protocol.E116", (*path, "group"),
                f"{item.id!r} is in the group {item.group!r}, but its type is {item.type}.",
                "Only choices and states are counted in a group.",
            )  # fmt: skip


def unasked_items_have_an_answer(draft: Draft) -> Iterator[Problem]:
    """What an item is while it is not asked is one of its own answers, and there is a rule for when it is asked."""
    for path, item in draft.all_items():
        if item.unasked is None:
            continue
        answer = read(item_of(item, draft.protocol), item.unasked)
        if item.when is None or answer is None or isinstance(answer, Problem | Missing):
            why = answer.message if isinstance(answer, Problem) else "" if item.when else "It is always asked."
            said = f"{item.id!r} cannot be {item.unasked!r} while it is not asked. {why}"
            hint = "Give it `when:`, and under `unasked:` one of its own answers."
            yield draft.problem("protocol.E117", (*path, "unasked"), said.strip(), hint)


def _within(inner: tuple[Decimal, Decimal], outer: tuple[Decimal, Decimal]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _span(span: tuple[Decimal, Decimal]) -> str:
    return f"{span[0]} to {span[1]}"


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


CHECKS: Final[tuple[Check, ...]] = (
    choices_have_codes,
    links_lead_to_logs,
    numbers_alone_are_measured,
    ranges_are_in_order,
    ranges_can_be_written,
    units_can_be_converted,
    code_lists_hold_codes,
    code_lists_are_used,
    groups_can_be_counted,
    unasked_items_have_an_answer,
)
