"""What a rule gives, worked out from what it reads: a truth, a number, a text with its codes, or a date."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from equipoise.items.expression import RuleError, compile_rule
from equipoise.items.grammar import tree
from equipoise.items.meaning import DATE, NUMBER, TEXT, TRUTH
from equipoise.items.problem import unknown
from equipoise.protocol.checks.draft import Draft
from equipoise.protocol.checks.scope import (
    A_DATE,
    A_NUMBER,
    AN,
    NOT_KNOWN,
    TRUE_OR_FALSE,
    Fault,
    Meaning,
    Scope,
    of_output,
    outputs_of,
)
from equipoise.protocol.schema import Derivation


def scope_of(draft: Draft) -> Scope:
    """The names of a protocol with what each derivation gives; those that need themselves are not known."""
    derived = dict.fromkeys(draft.names.derivations, NOT_KNOWN)
    scope = Scope(draft, derived)
    for derivation in draft.names.order:
        derived[derivation.id] = _of_derivation(derivation, scope)
    return scope


def _of_derivation(derivation: Derivation, scope: Scope) -> Meaning:
    if derivation.rule is None:
        return _of_instrument(derivation)
    meaning = read_rule(derivation.rule, scope)[0]
    return Meaning(meaning.kind, meaning.codes, derivation.unit or meaning.unit)


def _of_instrument(derivation: Derivation) -> Meaning:
    outputs = outputs_of(derivation)
    output = outputs.get(derivation.result or next(iter(outputs), ""))
    return of_output(output, derivation.unit) if output is not None else NOT_KNOWN


# --- Reading a rule -------------------------------------------------------------------------------------------------


def read_rule(text: str, scope: Scope, row: str = "") -> tuple[Meaning, tuple[Fault, ...]]:
    """What a rule gives and what is wrong with what it reads; nothing of a rule that cannot be parsed."""
    try:
        compile_rule(text)
        _, parsed = tree(text)
    except RuleError:
        return NOT_KNOWN, ()
    reading = _Reading(scope, row)
    meaning = reading.of(parsed)
    return meaning, tuple(dict.fromkeys(reading.faults))


@dataclass(slots=True)
class _Reading:
    """One walk over the tree of a rule. What the language itself refuses is left to its compiler."""

    scope: Scope
    row: str
    faults: list[Fault] = field(default_factory=list)

    def of(self, node: ast.AST) -> Meaning:
        reader = _READERS.get(type(node))
        return reader(self, node) if reader else NOT_KNOWN

    def name(self, node: ast.AST) -> Meaning:
        found = self.scope.meaning(ast.unparse(node), self.row)
        if isinstance(found, Fault):
            self.faults.append(found)
            return NOT_KNOWN
        return found

    def literal(self, node: ast.Constant) -> Meaning:
        match node.value:
            case bool():
                return TRUE_OR_FALSE
            case str() as code:
                return Meaning(TEXT, (code,))
            case _:
                return A_NUMBER

    def logic(self, node: ast.BoolOp) -> Meaning:
        for part in node.values:
            self.expect(part, TRUTH)
        return TRUE_OR_FALSE

    def unary(self, node: ast.UnaryOp) -> Meaning:
        if isinstance(node.op, ast.Not):
            self.expect(node.operand, TRUTH)
            return TRUE_OR_FALSE
        self.expect(node.operand, NUMBER)
        return A_NUMBER

    def comparison(self, node: ast.Compare) -> Meaning:
        sides = [node.left, *node.comparators]
        meanings = [self.of(side) for side in sides]
        for i, right in enumerate(node.comparators):
            members = right.elts if isinstance(right, ast.Tuple | ast.List) else [right]
            read = [self.of(member) for member in members] if members != [right] else [meanings[i + 1]]
            for member in read:
                self._compare(node, sides[i], meanings[i], member)
                if members == [right]:
                    self._compare(node, right, member, meanings[i])
        return TRUE_OR_FALSE

    def _compare(self, node: ast.AST, named: ast.AST, left: Meaning, right: Meaning) -> None:
        if left.kind and right.kind and left.kind != right.kind:
            self.faults.append(_mixed(ast.unparse(node), left, right))
        elif left.codes and right.codes and len(right.codes) == 1 and not isinstance(named, ast.Constant):
            self._code(right.codes[0], left.codes, ast.unparse(named))

    def _code(self, code: str, codes: tuple[str, ...], of: str) -> None:
        if code not in codes:
            hint = f"The codes are {', '.join(codes[:20])}{' …' if len(codes) > 20 else ''}."
            self.faults.append(Fault("protocol.E133", unknown(f"code of {of}", code, codes), hint))

    def arithmetic(self, node: ast.BinOp) -> Meaning:
        left, right = self.of(node.left), self.of(node.right)
        for side, meaning in ((node.left, left), (node.right, right)):
            if meaning.kind in (TEXT, TRUTH):
                self.faults.append(_wrong(ast.unparse(side), meaning, "a number"))
        dates = (left.kind == DATE) + (right.kind == DATE)
        if not (left.kind and right.kind) or not dates:
            return A_NUMBER if not dates else NOT_KNOWN
        return A_DATE if dates == 1 else A_NUMBER

    def choice(self, node: ast.IfExp) -> Meaning:
        self.expect(node.test, TRUTH)
        return self._either(node, [self.of(node.body), self.of(node.orelse)])

    def _either(self, node: ast.AST, meanings: list[Meaning]) -> Meaning:
        """What one of several values is; they must be of one kind."""
        kinds = {meaning.kind for meaning in meanings if meaning.kind}
        if len(kinds) > 1:
            known = [meaning for meaning in meanings if meaning.kind]
            other = next(meaning for meaning in known if meaning.kind != known[0].kind)
            self.faults.append(_mixed(ast.unparse(node), known[0], other))
        if len(kinds) != 1 or not all(meaning.kind for meaning in meanings):
            return NOT_KNOWN
        codes = None if any(m.codes is None for m in meanings) else tuple(_merged(meanings))
        units = {meaning.unit for meaning in meanings}
        return Meaning(kinds.pop(), codes, units.pop() if len(units) == 1 else "")

    def call(self, node: ast.Call) -> Meaning:
        if isinstance(node.func, ast.Attribute):
            return self._count(node, node.func)
        function = node.func.id if isinstance(node.func, ast.Name) else ""
        if function in _TAKES:
            for argument in node.args:
                self.expect(argument, _TAKES[function])
            return TRUE_OR_FALSE if _TAKES[function] == TRUTH else A_NUMBER
        meanings = [self.of(argument) for argument in node.args]
        if function == "known":
            return TRUE_OR_FALSE
        return self._either(node, meanings) if function in ("min", "max", "coalesce") else NOT_KNOWN

    def _count(self, node: ast.Call, function: ast.Attribute) -> Meaning:
        group = ast.unparse(function.value)
        codes = self.scope.group(group)
        if codes is None:
            self.faults.append(Fault("protocol.E131", unknown("group of items", group, self.scope.draft.names.groups)))
            return A_NUMBER
        wanted = self.of(node.args[0])
        if wanted.kind == TEXT:
            self._code((wanted.codes or ("",))[0], codes, group)
        else:
            self.faults.append(_wrong(ast.unparse(node.args[0]), wanted, "a text"))
        return A_NUMBER

    def expect(self, node: ast.AST, kind: str) -> None:
        """Read a part that must be of one kind."""
        meaning = self.of(node)
        if meaning.kind and meaning.kind != kind:
            self.faults.append(_wrong(ast.unparse(node), meaning, AN[kind]))


_TAKES: Final = {
    "abs": NUMBER, "round": NUMBER, "any_of": TRUTH, "all_of": TRUTH, "days_between": DATE, "years_between": DATE,
}  # fmt: skip
# Each reader takes the type of node that it stands beside.
_READERS: Final[Mapping[type[ast.AST], Callable[[_Reading, Any], Meaning]]] = {
    ast.Name: _Reading.name,
    ast.Attribute: _Reading.name,
    ast.Constant: _Reading.literal,
    ast.BoolOp: _Reading.logic,
    ast.UnaryOp: _Reading.unary,
    ast.Compare: _Reading.comparison,
    ast.BinOp: _Reading.arithmetic,
    ast.IfExp: _Reading.choice,
    ast.Call: _Reading.call,
}


def _merged(meanings: list[Meaning]) -> Iterator[str]:
    return iter(dict.fromkeys(code for meaning in meanings for code in meaning.codes or ()))


def _mixed(part: str, left: Meaning, right: Meaning) -> Fault:
    return Fault("protocol.E132", f"`{part}` puts {left} beside {right}.", _quotes(left, right))


def _wrong(part: str, meaning: Meaning, wanted: str) -> Fault:
    return Fault("protocol.E132", f"`{part}` is {meaning}, and {wanted} is needed here.")


def _quotes(left: Meaning, right: Meaning) -> str:
    return 'A code stands in quotation marks: "2".' if {left.kind, right.kind} == {TEXT, NUMBER} else ""
