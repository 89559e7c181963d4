"""The closed rule language: eligibility, edit checks, skip logic and derivations as expressions with three values.

    age >= 18 and sledai_total <= 6 and bilag.count("A") == 0

A missing answer gives *unknown*, never *no*. A rule is compiled once and reads one patient or a column of many;
`meaning` says what each operation is. Its words are those of `FUNCTIONS`, and / or / not, comparisons, `in` a list
of literals, + - * /, `a if c else b`, numbers, texts, True, False, and the names of items.
"""

import ast
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

from equipoise.items import meaning
from equipoise.items.columns import Column
from equipoise.items.dates import PartialDate
from equipoise.items.grammar import LONGEST_NAME, PLAIN_NUMBER, RuleError, tree
from equipoise.items.meaning import DATE, NUMBER, TEXT, TRUTH, Known
from equipoise.items.nodes import Columns, Environment, Node, among, apply, count, deciding, literal, lookup
from equipoise.items.problem import meant

__all__ = ["FUNCTIONS", "Columns", "Environment", "Expression", "RuleError", "compile_rule"]


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A compiled rule, the names of items it reads, and the names of groups it counts in."""

    text: str
    names: frozenset[str]
    groups: frozenset[str]
    root: Node

    def evaluate(self, environment: Environment) -> Known:
        """The value for one patient, or None when it is unknown. A date known to the day comes as a date."""
        value = self.root.one(environment)
        return (value.exact or value) if type(value) is PartialDate else value

    def evaluate_columns(self, columns: Columns, rows: int) -> Column:
        """The values for many patients: row by row what `evaluate` gives. A name without a column is unknown.

        `columns` maps a name to its `Column` and a group to the tuple of its members' columns.
        """
        for name in sorted((self.names | self.groups) & columns.keys()):
            found = columns[name]
            if any(len(column) != rows for column in (found if isinstance(found, tuple) else (found,))):
                raise ValueError(f"the column {name!r} does not have {rows} rows")
        return self.root.many(columns).stretched(rows)


# --- The functions of the language ------------------------------------------------------------------------------


class Function(NamedTuple):
    """A function of the language: how many arguments, of which kinds, and what kind it gives (None: theirs)."""

    operation: str
    fewest: int
    most: int
    takes: frozenset[str]
    gives: str | None


_ANY: Final = frozenset({TRUTH, NUMBER, TEXT, DATE})
_NUMBERS: Final = frozenset({NUMBER})
_ORDERED: Final = frozenset({NUMBER, DATE})
_TRUTHS: Final = frozenset({TRUTH})
_DATES: Final = frozenset({DATE})
_NEEDED: Final = {_TRUTHS: "rule.E013", _NUMBERS: "rule.E021", _ORDERED: "rule.E022", _DATES: "rule.E023"}
_MANY: Final = 50
_MOST_PLACES: Final = 10

FUNCTIONS: Final[dict[str, Function]] = {
    "abs": Function("absolute", 1, 1, _NUMBERS, NUMBER),
    "all_of": Function("conjunction", 1, _MANY, _TRUTHS, TRUTH),
    "any_of": Function("disjunction", 1, _MANY, _TRUTHS, TRUTH),
    "coalesce": Function("first_known", 2, _MANY, _ANY, None),
    "days_between": Function("days_between", 2, 2, _DATES, NUMBER),
    "known": Function("known", 1, 1, _ANY, TRUTH),
    "max": Function("greatest", 2, _MANY, _ORDERED, None),
    "min": Function("least", 2, _MANY, _ORDERED, None),
    "round": Function("rounded", 1, 2, _NUMBERS, NUMBER),
    "years_between": Function("years_between", 2, 2, _DATES, NUMBER),
}

_COMPARISONS: Final[dict[type, str]] = {
    ast.Eq: "equal", ast.NotEq: "unequal", ast.Lt: "less", ast.LtE: "less_or_equal", ast.Gt: "greater",
    ast.GtE: "greater_or_equal",
}  # fmt: skip
_ARITHMETIC: Final[dict[type, tuple[str, frozenset[str]]]] = {
    ast.Add: ("plus", _ORDERED), ast.Sub: ("minus", _ORDERED), ast.Mult: ("times", _NUMBERS),
    ast.Div: ("divided", _NUMBERS),
}  # fmt: skip


# --- Compiling --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def compile_rule(text: str) -> Expression:
    """The compiled rule. Raises RuleError, and nothing else, for a text that is not in the language."""
    line, parsed = tree(text)
    compiler = _Compiler(line.encode())
    root = compiler.node(parsed)
    return Expression(text, frozenset(compiler.names), frozenset(compiler.groups), root)


class _Compiler:
    """One rule on its way from a syntax tree to nodes, collecting the names it meets."""

    def __init__(self, line: bytes) -> None:
        self.line = line
        self.names: set[str] = set()
        self.groups: set[str] = set()

    def source(self, part: ast.expr) -> str:
        """The part as it was written."""
        return self.line[part.col_offset : part.end_col_offset].decode()

    def node(self, part: ast.expr) -> Node:
        """Compile a part; whatever has no case here is not in the language."""
        match part:
            case ast.Constant():
                return literal(self.value(part))
            case ast.Name() | ast.Attribute():
                return self.name(part)
            case ast.BoolOp():
                return self.junction(part)
            case ast.UnaryOp(op=ast.Not()):
                return apply("negation", [self.needing(_TRUTHS, part.operand)], TRUTH)
            case ast.UnaryOp(op=ast.USub()):
                return self.negative(part)
            case ast.BinOp() if type(part.op) in _ARITHMETIC:
                return self.arithmetic(part)
            case ast.Compare() if not any(isinstance(op, ast.Is | ast.IsNot) for op in part.ops):
                return self.comparisons(part)
            case ast.IfExp():
                return self.choice(part)
            case ast.Call():
                return self.call(part)
        raise RuleError("rule.E003", part=self.source(part))

    def value(self, part: ast.Constant) -> Any:
        """A literal from its own text, so that no binary fraction comes in."""
        if type(part.value) in (bool, str):
            return part.value
        source = self.source(part)
        if not PLAIN_NUMBER.match(source):
            raise RuleError("rule.E007", part=source)
        return int(source) if source.isdigit() else Decimal(source)

    def name(self, part: ast.Name | ast.Attribute) -> Node:
        name = self.dotted(part)
        if name in FUNCTIONS:
            raise RuleError("rule.E018", name=name, instead=f"{name}(...)")
        if name.endswith(".count"):
            raise RuleError("rule.E018", name="count", instead=f'{name}("A")')
        self.names.add(name)
        return lookup(name)

    def dotted(self, part: ast.expr) -> str:
        """A name, or several joined by points, which is one name to the language."""
        parts: list[str] = []
        inner = part
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name) or len(parts) >= LONGEST_NAME:
            raise RuleError("rule.E009", part=self.source(part), most=str(LONGEST_NAME))
        return ".".join([inner.id, *reversed(parts)])

    def needing(self, kinds: frozenset[str], part: ast.expr) -> Node:
        """A part whose value must be of one of these kinds, refused when it certainly is not."""
        node = self.node(part)
        if node.kind is not None and node.kind not in kinds:
            raise RuleError(_NEEDED[kinds], part=self.source(part))
        return node

    def junction(self, part: ast.BoolOp) -> Node:
        nodes = [self.needing(_TRUTHS, value) for value in part.values]
        decides = isinstance(part.op, ast.Or)
        operation = "disjunction" if decides else "conjunction"
        return apply(operation, nodes, TRUTH, deciding([node.one for node in nodes], decides))

    def negative(self, part: ast.UnaryOp) -> Node:
        node = self.needing(_NUMBERS, part.operand)
        if node.literal:
            return literal(meaning.negative(node.one({})))
        return apply("negative", [node], NUMBER)

    def arithmetic(self, part: ast.BinOp) -> Node:
        operation, kinds = _ARITHMETIC[type(part.op)]
        left, right = self.needing(kinds, part.left), self.needing(kinds, part.right)
        if operation == "divided" and right.literal and not right.one({}):
            raise RuleError("rule.E020", part=self.source(part))
        certain = kinds == _NUMBERS or left.kind == right.kind == NUMBER
        return apply(operation, [left, right], NUMBER if certain else None)

    def comparisons(self, part: ast.Compare) -> Node:
        """A chain `a < b <= c` is `a < b and b <= c`."""
        sides = [part.left, *part.comparators]
        nodes = [self.comparison(part, op, *pair) for op, pair in zip(part.ops, pairwise(sides), strict=True)]
        return nodes[0] if len(nodes) == 1 else apply("conjunction", nodes, TRUTH)

    def comparison(self, whole: ast.Compare, op: ast.cmpop, left: ast.expr, right: ast.expr) -> Node:
        if isinstance(op, ast.In | ast.NotIn):
            return self.membership(op, left, right)
        pair = [self.node(left), self.node(right)]
        kinds = {node.kind for node in pair} - {None}
        self.refuse_not_assessed(whole, pair)
        if len(kinds) > 1:
            raise RuleError("rule.E014", part=self.source(whole))
        if kinds - _ORDERED and not isinstance(op, ast.Eq | ast.NotEq):
            raise RuleError("rule.E015", part=self.source(whole))
        return apply(_COMPARISONS[type(op)], pair, TRUTH)

    def refuse_not_assessed(self, whole: ast.expr, nodes: list[Node]) -> None:
        if any(node.literal and node.one({}) == meaning.NOT_ASSESSED for node in nodes):
            raise RuleError("rule.E017", part=self.source(whole))

    def membership(self, op: ast.cmpop, left: ast.expr, right: ast.expr) -> Node:
        if not isinstance(right, ast.Tuple | ast.List) or not right.elts:
            raise RuleError("rule.E016", part=self.source(right))
        members = [self.node(element) for element in right.elts]
        kinds = {member.kind for member in members}
        if len(kinds) != 1 or not all(member.literal for member in members):
            raise RuleError("rule.E016", part=self.source(right))
        self.refuse_not_assessed(right, members)
        value = self.node(left)
        if value.kind not in (None, *kinds):
            raise RuleError("rule.E014", part=f"{self.source(left)} in {self.source(right)}")
        return among(value, members, isinstance(op, ast.NotIn))

    def choice(self, part: ast.IfExp) -> Node:
        condition = self.needing(_TRUTHS, part.test)
        then, otherwise = self.node(part.body), self.node(part.orelse)
        return apply("chosen", [condition, then, otherwise], then.kind if then.kind == otherwise.kind else None)

    def call(self, part: ast.Call) -> Node:
        if part.keywords or any(isinstance(argument, ast.Starred) for argument in part.args):
            raise RuleError("rule.E003", part=self.source(part))
        match part.func:
            case ast.Attribute(attr="count"):
                return self.count(part, part.func.value)
            case ast.Name(id=name) if name in FUNCTIONS:
                return self.function(part, name, FUNCTIONS[name])
        name = self.source(part.func)
        near = meant(name, FUNCTIONS)
        if near:
            raise RuleError("rule.E011", name=name, meant=near)
        raise RuleError("rule.E010", name=name, functions=", ".join(FUNCTIONS))

    def count(self, part: ast.Call, group: ast.expr) -> Node:
        name = self.dotted(group)
        wanted = [self.node(argument) for argument in part.args]
        if len(wanted) != 1 or not wanted[0].literal:
            raise RuleError(
                "rule.E012", name=f"{name}.count", expected='1 (a literal such as "A")', given=str(len(wanted))
            )
        self.refuse_not_assessed(part, wanted)
        self.groups.add(name)
        return count(name, wanted[0])

    def function(self, part: ast.Call, name: str, function: Function) -> Node:
        given, fewest, most = len(part.args), function.fewest, function.most
        if not fewest <= given <= most:
            expected = str(fewest) if fewest == most else f"{fewest}–{most}"
            raise RuleError("rule.E012", name=name, expected=expected, given=str(given))
        nodes = [self.needing(function.takes, argument) for argument in part.args]
        if name == "round" and given == 2:
            self.check_places(part.args[1], nodes[1])
        kinds = {node.kind for node in nodes}
        return apply(function.operation, nodes, function.gives or (kinds.pop() if len(kinds) == 1 else None))

    def check_places(self, part: ast.expr, node: Node) -> None:
        places = node.one({}) if node.literal else None
        if type(places) is not int or not 0 <= places <= _MOST_PLACES:
            raise RuleError("rule.E019", part=self.source(part), most=str(_MOST_PLACES))
