"""The compiled parts of a rule: each says what it is of one patient, and of a column of many."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from equipoise.items import column_meaning, meaning
from equipoise.items.columns import NOTHING_KNOWN, Column
from equipoise.items.meaning import KIND, NUMBER, TRUTH, Known


class Environment(Protocol):
    """Where a rule finds its names: an answer, or for a group the tuple of its members' answers."""

    def get(self, name: str, /) -> Any:
        """The answer of a name; None and `Missing` are unknown."""


Columns: TypeAlias = Mapping[str, Column | tuple[Column, ...]]


@dataclass(frozen=True, slots=True)
class Node:
    """A compiled part of a rule: what it says of one patient, of many, and what kind its value is for certain."""

    one: Callable[[Environment], Known]
    many: Callable[[Columns], Column]
    kind: str | None = None
    literal: bool = False


def literal(value: Any) -> Node:
    """A value written in the rule."""
    return Node(lambda environment: value, lambda columns: Column.of([value]), KIND[type(value)], literal=True)


def lookup(name: str) -> Node:
    """The answer of a name."""

    def one(environment: Environment) -> Known:
        value = environment.get(name)
        return value if type(value) in KIND else None

    def many(columns: Columns) -> Column:
        column = columns.get(name)
        return column if isinstance(column, Column) else NOTHING_KNOWN

    return Node(one, many)


def apply(operation: str, nodes: list[Node], kind: str | None, one: Callable[..., Known] | None = None) -> Node:
    """An operation on the values of other nodes: by its arrays where they can say it, else row by row."""
    function: Callable[..., Known] = getattr(meaning, operation)
    twin: Callable[..., Column | None] | None = column_meaning.TWINS.get(operation)
    parts = [node.many for node in nodes]

    def many(columns: Columns) -> Column:
        given = [part(columns) for part in parts]
        found = twin(*given) if twin is not None else None
        return _row_by_row(function, given) if found is None else found

    return Node(one or _of_one(function, [node.one for node in nodes]), many, kind)


def _of_one(function: Callable[..., Known], parts: list[Callable[[Environment], Known]]) -> Callable[..., Known]:
    """Spelled out for one and two arguments, which are nearly all."""
    match parts:
        case [first]:
            return lambda environment: function(first(environment))
        case [first, second]:
            return lambda environment: function(first(environment), second(environment))
    return lambda environment: function(*[part(environment) for part in parts])


def deciding(parts: list[Callable[[Environment], Known]], decides: bool) -> Callable[[Environment], Known]:
    """And / or for one patient, which stop at the first part that decides."""

    def one(environment: Environment) -> bool | None:
        result: bool | None = not decides
        for part in parts:
            value = part(environment)
            if value is decides:
                return decides
            if type(value) is not bool:
                result = None
        return result

    return one


def _row_by_row(function: Callable[..., Known], given: list[Column]) -> Column:
    rows = max(map(len, given)) if all(map(len, given)) else 0
    answers = [column.stretched(rows).answers() for column in given]
    return Column.of([function(*row) for row in zip(*answers, strict=True)])


def among(value: Node, members: list[Node], outside: bool) -> Node:
    """Whether a value is one of a list of literals, or none of them."""
    wanted = tuple(member.one({}) for member in members)

    def one(environment: Environment) -> Known:
        return meaning.among(value.one(environment), wanted)

    def many(columns: Columns) -> Column:
        column = value.many(columns)
        return column_meaning.any_true([_equal(column, Column.of([member])) for member in wanted])

    inside = Node(one, many, TRUTH)
    return apply("negation", [inside], TRUTH) if outside else inside


def count(name: str, wanted: Node) -> Node:
    """How many members of a group equal a literal."""
    value = wanted.one({})

    def one(environment: Environment) -> Known:
        return meaning.count(environment.get(name), value)

    def many(columns: Columns) -> Column:
        members = columns.get(name)
        if not isinstance(members, tuple):
            return NOTHING_KNOWN
        return column_meaning.total([_equal(member, Column.of([value])) for member in members])

    return Node(one, many, NUMBER)


def _equal(left: Column, right: Column) -> Column:
    found = column_meaning.equal(left, right)
    return _row_by_row(meaning.equal, [left, right]) if found is None else found
