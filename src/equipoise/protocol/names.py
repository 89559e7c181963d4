"""What each name in a rule refers to, made once for each protocol.

A derivation may read what it was at an earlier visit (`previous.score`), but nothing that needs itself at this one.
"""

import weakref
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from graphlib import CycleError, TopologicalSorter
from typing import Final, TypeVar

from equipoise.instruments import InstrumentError, get
from equipoise.items.expression import RuleError, compile_rule
from equipoise.items.file import MEGABYTE
from equipoise.items.item import STATES, Answer, Item
from equipoise.items.missing import REASONS
from equipoise.items.problem import Problem
from equipoise.items.reading import read
from equipoise.items.reported import OtherUnit
from equipoise.protocol.schedule import Visit
from equipoise.protocol.schema import Derivation, Form, FormItem, Label, Protocol

LOG: Final = "log"  # the pseudo-visit under which the rows of repeating forms are kept
RESERVED: Final = frozenset({LOG, "previous", "baseline", "last", "visit", "consent", "site"})
OF_VISIT: Final = ("date", "week", "day")  # visit.date, …
LIMITS: Final = ("uln", "lln")  # alt.uln, …
REPORT: Final = ("below_limit", "above_limit", "reported")  # urine_protein.below_limit, …


@dataclass(frozen=True, slots=True)
class Asked:
    """An item, the form it stands on and the visits at which that form is due (none for a log)."""

    form: Form
    item: FormItem
    visits: tuple[str, ...]

    @property
    def once(self) -> str:
        """The only visit at which it is asked, whose answer holds for the whole trial; or nothing."""
        return self.visits[0] if len(self.visits) == 1 else ""


@dataclass(frozen=True, slots=True)
class Names:
    """The index of a protocol: what a rule may call by name. Of two things with one name it holds the first."""

    items: Mapping[str, Asked]  # of the forms that are due at visits
    logs: Mapping[str, Mapping[str, Asked]]  # form → its items, for the forms that repeat
    groups: Mapping[str, tuple[str, ...]]  # group → its items, of the forms that are due at visits
    derivations: Mapping[str, Derivation]
    visits: Mapping[str, Visit]
    once_forms: frozenset[str]  # the forms due at exactly one visit
    order: tuple[Derivation, ...]  # each after those it needs at the same visit
    typed: Mapping[int, Item]  # by the identity of the protocol's own FormItem
    on_forms: Mapping[str, Mapping[str, Item]]  # form → item → what it accepts
    unasked: Mapping[str, Answer]  # the answers of items that are not asked, where the protocol says so


Found = TypeVar("Found")


def once_for_each_protocol(make: Callable[[Protocol], Found]) -> Callable[[Protocol], Found]:
    """What a function makes of a protocol: the same object for the same protocol, and forgotten with it.

    What is made may not hold the protocol itself, or neither would ever be forgotten.
    """
    known: dict[int, tuple[weakref.ref[Protocol], Found]] = {}

    @wraps(make)
    def made(protocol: Protocol) -> Found:
        found = known.get(id(protocol))
        if found is None or found[0]() is not protocol:
            key = id(protocol)
            found = (weakref.ref(protocol, lambda _: known.pop(key, None)), make(protocol))
            known[key] = found
        return found[1]

    return made


@once_for_each_protocol
def names_of(protocol: Protocol) -> Names:
    """The names of a protocol that `check` found sound; the same object for the same protocol."""
    return index(protocol, protocol.visits)


def index(protocol: Protocol, visits: Iterable[Visit]) -> Names:
    """The names of a protocol with these visits, whether or not it is sound."""
    by_id = {visit.id: visit for visit in reversed(tuple(visits))}
    due = {form.id: tuple(v.id for v in reversed(by_id.values()) if form.id in v.forms) for form in protocol.forms}
    items: dict[str, Asked] = {}
    groups: dict[str, list[str]] = {}
    for form in (form for form in protocol.forms if not form.repeats):
        for item in form.items:
            items.setdefault(item.id, Asked(form, item, due[form.id]))
            if item.group:
                groups.setdefault(item.group, []).append(item.id)
    typed = {id(item): _typed(item, protocol, form) for form in protocol.forms for item in form.items}
    return Names(
        items=items,
        logs={form.id: {i.id: Asked(form, i, ()) for i in form.items} for form in protocol.forms if form.repeats},
        groups={group: tuple(members) for group, members in groups.items()},
        derivations={derivation.id: derivation for derivation in reversed(protocol.derivations)},
        visits=by_id,
        once_forms=frozenset(form for form, visits in due.items() if len(visits) == 1),
        order=ordered(protocol.derivations)[0],
        typed=typed,
        on_forms={form.id: {item.id: typed[id(item)] for item in form.items} for form in protocol.forms},
        unasked={
            name: answer
            for name, asked in items.items()
            if asked.item.unasked is not None
            and not isinstance(answer := read(typed[id(asked.item)], asked.item.unasked), Problem)
        },
    )


# --- Items --------------------------------------------------------------------------------------------------------


def item_of(form_item: FormItem, protocol: Protocol) -> Item:
    """What a question of the protocol accepts, in the words of the items room."""
    return names_of(protocol).typed.get(id(form_item)) or _typed(form_item, protocol)


def codes_of(form_item: FormItem, protocol: Protocol) -> tuple[str, ...]:
    """The codes a question accepts: those of its code list, or the four states."""
    if form_item.type == "state":
        return STATES
    return tuple(entry.code for entry in protocol.code_lists.get(form_item.codes, ()))


def _typed(form_item: FormItem, protocol: Protocol, form: Form | None = None) -> Item:
    low, high = form_item.range or (None, None)
    expected_low, expected_high = form_item.expected or (None, None)
    return Item(
        id=form_item.id,
        type=form_item.type,
        unit=form_item.unit,
        places=form_item.places,
        codes=codes_of(form_item, protocol),
        low=low,
        high=high,
        expected_low=expected_low,
        expected_high=expected_high,
        missing=(form and form.missing) or tuple(REASONS),
        units=tuple(OtherUnit(other.unit, other.exact, other.places) for other in form_item.units),
        below=(form_item.beyond and form_item.beyond.below) or "",
        above=(form_item.beyond and form_item.beyond.above) or "",
        media=form_item.media,
        largest=(form_item.megabytes or 0) * MEGABYTE,
    )


def label_of(name: str, protocol: Protocol) -> tuple[Label, str]:
    """What an item or derivation is called, and its unit."""
    names = names_of(protocol)
    found = names.items[name].item if name in names.items else names.derivations[name]
    return found.label, found.unit


# --- Derivations --------------------------------------------------------------------------------------------------


def order_derivations(protocol: Protocol) -> tuple[Derivation, ...]:
    """The derivations of a sound protocol, each after those it needs at the same visit."""
    return names_of(protocol).order


def ordered(derivations: tuple[Derivation, ...]) -> tuple[tuple[Derivation, ...], tuple[tuple[str, ...], ...]]:
    """The derivations that can be computed, in order, and the circles of those that need themselves."""
    by_id = {derivation.id: derivation for derivation in reversed(derivations)}
    needs = {id_: [need for need in needed(by_id[id_], by_id) if need in by_id] for id_ in reversed(by_id)}
    circles: list[tuple[str, ...]] = []
    while True:
        try:
            return tuple(by_id[id_] for id_ in TopologicalSorter(needs).static_order()), tuple(circles)
        except CycleError as circle:
            found = tuple(reversed(circle.args[1]))
            circles.append(found)
            needs = {id_: [n for n in other if n not in found] for id_, other in needs.items() if id_ not in found}


def needed(derivation: Derivation, derivations: Container[str]) -> tuple[str, ...]:
    """The items, derivations and groups that a derivation reads at the visit for which it is computed.

    `baseline.x`, `last.x` and `week_8.x` count, because the visit may be that one; `previous.x` does not.
    """
    names = (name for rule in rules_of(derivation) for name in names_in(rule) if not name.startswith("previous."))
    read = filter(None, (bare(name, derivations) for name in names))
    return tuple(dict.fromkeys((*read, *_by_their_own_names(derivation))))


def rules_of(derivation: Derivation) -> Iterator[str]:
    """Every rule that is written in a derivation."""
    if derivation.rule is not None:
        yield derivation.rule
    yield from derivation.inputs.values()


def _by_their_own_names(derivation: Derivation) -> tuple[str, ...]:
    """The questions of the instrument for which the protocol gives no rule."""
    try:
        instrument = get(derivation.instrument or "")
    except InstrumentError:
        return ()
    return tuple(question.id for question in instrument.inputs if question.id not in derivation.inputs)


def bare(name: str, derivations: Container[str]) -> str:
    """The item, derivation or group that a dotted name is about; nothing for `visit.date` and its like.

    `previous.activity.total` is about the derivation `activity`, of whose instrument it is one result.
    """
    head, *rest = name.split(".")
    if head in ("visit", "consent"):
        return ""
    while rest and rest[-1] in (*LIMITS, *REPORT):
        rest.pop()
    parts = (head, *rest)
    return parts[-2] if len(parts) > 1 and parts[-2] in derivations else parts[-1]


def names_in(rule: str) -> tuple[str, ...]:
    """The names that a rule reads and the groups it counts in, in alphabetical order; none if it cannot be read."""
    try:
        expression = compile_rule(rule)
    except RuleError:
        return ()
    return tuple(sorted(expression.names | expression.groups))
