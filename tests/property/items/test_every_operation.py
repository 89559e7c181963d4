"""Every operation of the rules on every pair of telling answers: one patient, a column, and the slow reading."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from rule_oracle import Days, evaluate, plain, spelled

from equipoise.items import Column, Missing, PartialDate, compile_rule

D = Decimal
SMALL = [
    0,
    1,
    -1,
    2,
    7,
    D("0.5"),
    D("-0.5"),
    D("1.5"),
    D("2.5"),
    D("-2.5"),
    D("0.05"),
    D("-0.15"),
    D("1.10"),
    D(3),
    None,
]
LARGE = [10**12, -(10**18), 10**18 + 1, D("123456.789012"), D("-0.000001"), 4 * 10**18, 3, None]
WHOLE = [0, 1, -1, 30, -366, None]
WIDE = [10**12, -(10**18), 4 * 10**18, 2**62 - 1, -(2**62) + 1, 3, 0, None]
FINE = [D("123456.789012"), D("-99999999999.999999"), D("0.000001"), 0, None]
HUGE = [10**19, -(10**25), D("10") ** 20 + D("0.1"), 2, None]
EXACT = [date(2020, 2, 29), date(2021, 2, 28), date(2021, 3, 1), date(2020, 3, 1), date(2019, 12, 31), None]
EDGES = [date(1, 1, 1), date(9999, 12, 31), date(2020, 2, 29), None]
PARTIAL = [PartialDate(2020, 2), PartialDate(2020, 3), PartialDate(2020), PartialDate(2020, 2, 29),
           PartialDate(2019, 12), PartialDate(2021), date(2020, 2, 29), date(2020, 2, 1), date(2020, 3, 1),
           Missing("UNK")]  # fmt: skip
TEXTS = ["A", "B", "absent", "not_assessed", "", Missing("ND")]
TRUTHS = [True, False, None]
MIXED = [1, D("0.5"), True, "A", "not_assessed", date(2020, 2, 29), PartialDate(2020, 2), None]
NOTHING = [None, Missing("ND")]
KINDS = {
    "small": SMALL, "whole": WHOLE, "wide": WIDE, "fine": FINE, "large": LARGE, "huge": HUGE,
    "exact": EXACT, "edges": EDGES, "partial": PARTIAL, "texts": TEXTS, "truths": TRUTHS,
    "mixed": MIXED, "nothing": NOTHING,
}  # fmt: skip

A, B, C = ("name", "a"), ("name", "b"), ("name", "c")
TWO = [
    *[("compare", sign, A, B) for sign in ("==", "!=", "<", "<=", ">", ">=")],
    *[("arithmetic", sign, A, B) for sign in "+-*/"],
    *[(kind, None, A, B) for kind in ("and", "or", "min", "max", "coalesce", "days_between", "years_between")],
]
ONE = [
    *[(kind, None, A) for kind in ("not", "negative", "abs", "known")],
    *[("round", places, A) for places in (0, 1, 2)],
    *[(kind, None, A, *members) for kind in ("in", "not in") for members in (
        [("literal", "A"), ("literal", "B")], [("literal", 1), ("literal", D("0.5"))])],
]  # fmt: skip
PAIRS = [
    ("small", "small"), ("small", "large"), ("large", "large"), ("huge", "small"), ("exact", "exact"),
    ("exact", "partial"), ("partial", "exact"), ("partial", "partial"), ("exact", "small"), ("small", "exact"),
    ("partial", "small"), ("edges", "small"), ("edges", "large"), ("texts", "texts"), ("truths", "truths"),
    ("truths", "small"), ("texts", "small"), ("texts", "truths"), ("mixed", "mixed"), ("mixed", "small"),
    ("exact", "whole"), ("whole", "partial"), ("partial", "whole"), ("edges", "whole"), ("edges", "wide"),
    ("wide", "wide"), ("wide", "fine"), ("fine", "fine"), ("wide", "small"), ("fine", "whole"),
    ("nothing", "small"), ("truths", "nothing"), ("nothing", "nothing"), ("partial", "texts"),
]  # fmt: skip


def _kept(found):
    return found.possible if isinstance(found, Days) else (type(found).__name__, found)


def _check(tree, rows):
    rule = compile_rule(spelled(tree))
    expected = [_kept(evaluate(tree, row)) for row in rows]
    assert [_kept(plain(rule.evaluate(row))) for row in rows] == expected
    columns = {key: Column.of([row[key] for row in rows]) for key in rows[0]}
    assert [_kept(plain(answer)) for answer in rule.evaluate_columns(columns, len(rows)).answers()] == expected


@pytest.mark.parametrize("kinds", PAIRS, ids="-".join)
@pytest.mark.parametrize("tree", TWO, ids=spelled)
def test_two(tree, kinds):
    _check(tree, [{"a": a, "b": b} for a, b in product(*map(KINDS.get, kinds))])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tree", ONE, ids=spelled)
def test_one(tree, kind):
    _check(tree, [{"a": a} for a in KINDS[kind]])


@pytest.mark.parametrize(("kinds"), [*PAIRS, ("large", "huge")], ids="-".join)
def test_if(kinds):
    rows = [{"a": a, "b": b, "c": c} for a, b, c in product(TRUTHS, *map(KINDS.get, kinds))]
    _check(("if", None, A, B, C), rows)


@pytest.mark.parametrize("kind", ["mixed", "small", "nothing"])
def test_if_on_what_is_no_truth(kind):
    _check(("if", None, A, B, C), [{"a": a, "b": b, "c": c} for a, b, c in product(KINDS[kind], TEXTS, TEXTS)])


@pytest.mark.parametrize("operation", ["and", "or", "min", "max", "coalesce"])
@pytest.mark.parametrize("kind", ["small", "truths", "exact", "texts", "partial"])
def test_three(operation, kind):
    few = KINDS[kind][-6:]
    rows = [{"a": a, "b": b, "c": c} for a, b, c in product(few, few, few)]
    _check((operation, None, A, B, C), rows[:: 1 if kind != "partial" else 5])


@pytest.mark.parametrize("sign", "+-*")
@pytest.mark.parametrize("kinds", [("wide", "wide"), ("fine", "wide"), ("whole", "fine")], ids="-".join)
def test_a_result_is_calculated_with_again(sign, kinds):
    rows = [{"a": a, "b": b} for a, b in product(*map(KINDS.get, kinds))]
    for first in "+-*":
        _check(("arithmetic", sign, ("arithmetic", first, A, B), ("arithmetic", first, A, A)), rows)


@pytest.mark.parametrize("sign", "+-*/")
def test_literals_are_exact(sign):
    _check(("arithmetic", sign, A, ("literal", D("0.1"))), [{"a": a} for a in (*SMALL, *LARGE)])


@pytest.mark.parametrize("wanted", ["A", "absent"])
def test_count_in_a_group(wanted):
    members = list(product(TEXTS, TEXTS, [1, "A"]))
    rule = compile_rule(f'g.count("{wanted}")')
    expected = [evaluate(("count", "g", wanted), {"g": row}) for row in members]
    assert [rule.evaluate({"g": row}) for row in members] == expected
    columns = tuple(Column.of([row[place] for row in members]) for place in range(3))
    assert rule.evaluate_columns({"g": columns}, len(members)).answers() == expected
