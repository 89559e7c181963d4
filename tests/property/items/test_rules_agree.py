"""One patient, a column of patients and a slow second reading give the same value of every rule."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from rule_oracle import Days, evaluate, plain, spelled

from equipoise.items import Column, Missing, PartialDate, RuleError, compile_rule

ordinary = st.integers(-30, 30) | st.decimals("-20", "20", places=1) | st.decimals("-2", "2", places=2)
large = st.integers(-(10**19), 10**19) | st.decimals(-(10**12), 10**12, places=6)
days = st.dates(date(2019, 12, 20), date(2020, 3, 10)) | st.sampled_from([date(1, 1, 2), date(9999, 12, 30)])
months = st.builds(PartialDate, st.integers(2019, 2020), st.integers(1, 12))
partial = (
    months | st.builds(PartialDate, st.just(2020)) | st.builds(PartialDate, st.just(2020), st.just(2), st.just(29))
)
words = st.sampled_from(["A", "B", "absent", "not_assessed"])
absent = st.none() | st.just(Missing("ND"))

ANSWERS = {
    "n.one": ordinary | absent, "n_two": ordinary | absent, "big": ordinary | large | absent,
    "t1": st.booleans() | absent, "t2": st.booleans() | absent, "s1": words | absent, "s2": words | absent,
    "d1": days | absent, "d2": days | partial | absent, "nothing": absent,
    "mixed": ordinary | st.booleans() | words | days | partial | absent,
}  # fmt: skip
GROUPS = ("g.none", "g.two")

environments = st.fixed_dictionaries(
    {**ANSWERS, "g.none": st.just(()), "g.two": st.tuples(words | absent, words | absent)}
)


def name(*names):
    return st.tuples(st.just("name"), st.sampled_from(names))


any_name = name(*ANSWERS, "not_there")
numerals = st.sampled_from([0, 1, 2, 7, Decimal("0.5"), Decimal("1.10"), Decimal("12.25")])
numeral = st.tuples(st.just("literal"), numerals)
word = st.tuples(st.just("literal"), st.sampled_from(["A", "B", "absent", "C"]))
counts = st.tuples(st.just("count"), st.sampled_from(GROUPS), st.sampled_from(["A", "absent"]))
date_names = name("d1", "d2", "mixed")


def made(kind, details, *parts):
    return st.tuples(st.just(kind), details, *parts)


none = st.none()
signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


def numbers(inner):
    pair = (inner, inner)
    return st.one_of(
        made("arithmetic", st.sampled_from("+-*/"), *pair), made("negative", none, inner), made("abs", none, inner),
        made("round", st.integers(0, 2), inner), made("min", none, *pair), made("max", none, *pair, inner),
        made("coalesce", none, *pair), made("if", none, name("t1", "t2", "mixed"), *pair),
    )  # fmt: skip


number = st.recursive(numeral | name("n.one", "n_two", "big") | any_name | counts, numbers, max_leaves=5).filter(
    lambda tree: "literal" not in str(tree) or not _divides_by_literal_zero(tree)
)


def _divides_by_literal_zero(tree):
    if not isinstance(tree, tuple):
        return False
    zero = tree[:2] == ("arithmetic", "/") and spelled(tree[3]).strip("(-)") == "0"
    return zero or any(_divides_by_literal_zero(part) for part in tree)


dated = st.one_of(
    date_names,
    made("arithmetic", st.sampled_from("+-"), date_names, numeral | any_name),
    made("arithmetic", st.sampled_from("+-"), date_names, date_names),
    made("days_between", none, date_names, date_names),
    made("years_between", none, date_names, date_names),
    made("min", none, date_names, date_names), made("max", none, date_names, date_names),
    made("if", none, name("t1", "t2"), date_names, date_names), made("coalesce", none, date_names, date_names),
)  # fmt: skip
texts = st.one_of(
    name("s1", "s2", "mixed"),
    made("if", none, name("t1", "t2"), name("s1", "s2"), name("s1", "s2") | word),
    made("coalesce", none, name("s1", "s2"), name("s1", "s2", "mixed") | word),
)
simple_truths = st.one_of(
    any_name,
    made("compare", signs, number, number), made("compare", signs, dated, dated),
    made("compare", st.sampled_from(["==", "!="]), texts, texts | word), made("compare", signs, any_name, any_name),
    st.builds(lambda kind, value, members: (kind, None, value, *members), st.sampled_from(["in", "not in"]),
              texts, st.lists(word, min_size=1, max_size=3)),
    st.builds(lambda kind, value, members: (kind, None, value, *members), st.sampled_from(["in", "not in"]),
              number, st.lists(numeral, min_size=1, max_size=3)),
    made("known", none, any_name | number | dated),
).filter(lambda tree: not _in_with_literal(tree))  # fmt: skip


def _in_with_literal(tree):
    return tree[0] in ("in", "not in") and tree[2][0] == "literal"


def junctions(inner):
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        st.builds(lambda kind, parts: (kind, None, *parts), st.sampled_from(["and", "or"]), several),
        made("not", none, inner),
        made("if", none, inner, inner, inner),
    )


truth = st.recursive(simple_truths, junctions, max_leaves=4)
rules = truth | number | dated | texts


@st.composite
def rules_and_rows(draw):
    return draw(rules), draw(st.lists(environments, max_size=4))


def _columns(rows):
    columns = {key: Column.of([row[key] for row in rows]) for key in ANSWERS}
    columns["g.none"] = ()
    columns["g.two"] = tuple(Column.of([row["g.two"][place] for row in rows]) for place in range(2))
    return columns


def _kept(found):
    """An oracle value beside an answer of the room."""
    return found.possible if isinstance(found, Days) else (type(found).__name__, found)


@settings(max_examples=300, deadline=None)
@given(rules_and_rows())
def test_one_patient_a_column_and_the_slow_reading_agree(case):
    tree, rows = case
    rule = compile_rule(spelled(tree))
    one_by_one = [rule.evaluate(row) for row in rows]
    assert list(map(_kept, map(plain, one_by_one))) == [_kept(evaluate(tree, row)) for row in rows]
    at_once = rule.evaluate_columns(_columns(rows), len(rows)).answers()
    assert list(map(_kept, map(plain, at_once))) == list(map(_kept, map(plain, one_by_one)))
    event("something known" if any(value is not None for value in one_by_one) else "nothing known")


@settings(max_examples=150, deadline=None)
@given(truth, environments, st.sampled_from(sorted(ANSWERS)))
def test_learning_one_more_answer_never_turns_a_decided_rule(tree, environment, missing):
    """Unless the rule asks whether something is known: what was certain without an answer stays certain with it."""
    if any(word in spelled(tree) for word in ("known", "coalesce")):
        return
    rule = compile_rule(spelled(tree))
    before, after = rule.evaluate({**environment, missing: None}), rule.evaluate(environment)
    assert before is None or before == after


ANYTHING = st.text(max_size=60) | st.text("abx1. ()'\"=<>+-*/,[]\\\n#:not andifelsecount", max_size=80)


@settings(max_examples=600)
@given(ANYTHING)
def test_any_text_is_a_rule_or_a_rule_error(text):
    try:
        rule = compile_rule(text)
    except RuleError as error:
        refused = error.problem
    else:
        refused = None
    if refused is None:
        assert rule.evaluate_columns({}, 1).answers() == [rule.evaluate({})]
    else:
        assert refused.id.startswith("rule.E")
        assert refused.hint


@settings(max_examples=200)
@given(st.sampled_from(["(", "[", "-", "not ", "a if "]), st.integers(21, 990), st.text(max_size=3))
def test_long_rows_of_brackets_and_signs_are_refused_calmly(sign, times, end):
    with pytest.raises(RuleError):
        compile_rule(sign * times + end)


@given(st.sampled_from(sorted(ANSWERS)).flatmap(lambda key: st.lists(ANSWERS[key], max_size=8)))
def test_a_column_gives_back_its_answers(answers):
    expected = [None if isinstance(answer, Missing) else answer for answer in answers]
    whole = [answer.exact or answer if isinstance(answer, PartialDate) else answer for answer in expected]
    found = Column.of(answers).answers()
    assert found == whole
    assert [type(a) is bool for a in found] == [type(a) is bool for a in whole]
