"""The rule language as a clinician would read it aloud."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from equipoise.items import Column, Missing, PartialDate, compile_rule

ELIGIBLE = compile_rule('age >= 18 and sledai_total <= 6 and bilag.count("A") == 0')


def value(text, **answers):
    return compile_rule(text).evaluate({name.replace("__", "."): answer for name, answer in answers.items()})


def test_names_and_groups():
    rule = compile_rule('alt <= 2 * alt.uln and previous.sledai_total > 3 and bilag.count("A") == 0')
    assert rule.names == {"alt", "alt.uln", "previous.sledai_total"}
    assert rule.groups == {"bilag"}
    assert "count" in rule.text


@pytest.mark.parametrize(("age", "total", "grades", "expected"), [
    (18, 6, ("B", "C"), True), (17, 6, ("B", "C"), False), (18, 7, ("B", "C"), False), (18, 6, ("A", "C"), False),
    (None, 6, ("B",), None), (Missing("UNK"), 7, ("B",), False), (18, 6, ("B", None), None), (18, 7, (None,), False),
    (18, 6, (), True), (18, 6, None, None), (18, 6, ("not_assessed", "B"), None),
])  # fmt: skip
def test_missing_is_unknown_and_never_no(age, total, grades, expected):
    assert ELIGIBLE.evaluate({"age": age, "sledai_total": total, "bilag": grades}) is expected


def test_decimals_compare_exactly():
    assert value("0.1 + 0.2 == 0.3") is True
    assert value("alt <= 2 * alt.uln", alt=Decimal("80.2"), alt__uln=Decimal("40.1")) is True
    assert value("alt <= 2 * alt.uln", alt=Decimal("80.20000000000000000001"), alt__uln=Decimal("40.1")) is False
    assert value("x == 1.10", x=Decimal("1.1")) is True


@pytest.mark.parametrize(("text", "expected"), [
    ("round(0.125, 2)", "0.13"), ("round(-2.5)", "-3"), ("round(2.5)", "3"), ("1 / 3 * 3", "0." + "9" * 28),
    ("7 / 2", "3.5"), ("-(3 - 5)", "2"), ("abs(-0.5)", "0.5"), ("min(3, 1.5, 2)", "1.5"), ("max(1, 2) - 1", "1"),
    ("2 + 3 * 4", "14"), ("10 - 3 - 2", "5"), ("8 / 4 / 2", "1"),
])  # fmt: skip
def test_arithmetic(text, expected):
    assert value(text) == Decimal(expected)


def test_a_number_beyond_200_digits_is_unknown():
    assert value("x * y", x=Decimal("1E+150") + 0, y=Decimal("1." + "1" * 199)) is not None
    assert value("x + y", x=Decimal("1E+250"), y=Decimal(1)) is None
    assert value("x / y", x=Decimal("1E+999999"), y=Decimal("1E-999999")) is None


def test_dates():
    assert value("visit.date - onset", visit__date=date(2021, 3, 19), onset=date(2021, 3, 1)) == 18
    assert value("onset + 30", onset=date(2021, 3, 1)) == date(2021, 3, 31)
    assert value("30 + onset", onset=PartialDate(2021, 3, 1)) == date(2021, 3, 31)
    assert value("onset - 1", onset=date(2021, 3, 1)) == date(2021, 2, 28)
    assert value("onset + 0.5", onset=date(2021, 3, 1)) is None
    assert value("onset + 9999999", onset=date(2021, 3, 1)) is None
    assert value("onset", onset=PartialDate(2021, 3, 1)) == date(2021, 3, 1)
    assert value("onset", onset=PartialDate(2021, 3)) == PartialDate(2021, 3)


@pytest.mark.parametrize(("birth", "visit", "expected"), [
    (date(2003, 3, 19), date(2021, 3, 19), 18), (date(2003, 3, 20), date(2021, 3, 19), 17),
    (date(2000, 2, 29), date(2021, 2, 28), 20), (date(2000, 2, 29), date(2021, 3, 1), 21),
    (PartialDate(2003, 2), date(2021, 3, 19), 18), (PartialDate(2003, 3), date(2021, 3, 19), None),
    (PartialDate(2003), date(2021, 12, 31), 18), (date(2021, 3, 20), date(2021, 3, 19), -1),
])  # fmt: skip
def test_completed_years(birth, visit, expected):
    assert value("years_between(birth, visit.date)", birth=birth, visit__date=visit) == expected


@pytest.mark.parametrize(("sign", "day", "expected"), [
    ("<", date(2021, 4, 1), True), ("<", date(2021, 3, 31), None), ("<", date(2021, 3, 1), False),
    ("<=", date(2021, 3, 31), True), ("<=", date(2021, 3, 1), None), ("<=", date(2021, 2, 28), False),
    (">", date(2021, 2, 28), True), (">", date(2021, 3, 1), None), (">", date(2021, 3, 31), False),
    (">=", date(2021, 3, 1), True), (">=", date(2021, 3, 2), None), (">=", date(2021, 4, 1), False),
    ("==", date(2021, 3, 5), None), ("==", date(2021, 4, 1), False), ("!=", date(2021, 4, 1), True),
])  # fmt: skip
def test_a_month_compares_where_every_day_of_it_agrees(sign, day, expected):
    assert value(f"onset {sign} day", onset=PartialDate(2021, 3), day=day) is expected


def test_not_assessed_is_unknown():
    assert value('rash == "present"', rash="not_assessed") is None
    assert value('rash != "present"', rash="not_assessed") is None
    assert value('rash in ("present", "absent")', rash="not_assessed") is None
    assert value("known(rash)", rash="not_assessed") is False
    assert value('coalesce(rash, "absent")', rash="not_assessed") == "absent"
    assert value("rash", rash="not_assessed") == "not_assessed"


def test_choice_and_lists_of_parts():
    assert value("1 if known(x) else 2", x=Missing("ND")) == 2
    assert value("x if y > 1 else 3", x=3, y=None) == 3
    assert value("x if y > 1 else 4", x=3, y=None) is None
    assert value("any_of(a, b)", a=None, b=True) is True
    assert value("all_of(a, b)", a=None, b=False) is False
    assert value("18 <= age < 65", age=65) is False
    assert value("18 <= age < 65", age=None) is None
    assert value("x not in (1, 2.0)", x=2) is False
    assert value("x in [-1, 1]", x=-1) is True


def test_kinds_that_clash_are_unknown():
    assert value("a == b", a=1, b="1") is None
    assert value("a == b", a=1, b=True) is None
    assert value("a < b", a="A", b="B") is None
    assert value("a and b", a=1, b=True) is None
    assert value("a + b", a=True, b=1) is None
    assert value("a", a=(1, 2)) is None
    assert value('a.count("A")', a="A") is None


def test_division_by_zero_is_unknown():
    assert value("1 / x", x=0) is None
    assert value("1 / x", x=Decimal("0.0")) is None


def test_a_rule_on_several_lines_is_one_rule():
    assert value("age >= 18\n  and\tage < 65\r\n", age=30) is True
    assert value("name == '张 三'", name="张 三") is True


def test_compiled_once():
    assert compile_rule("age >= 18") is compile_rule("age >= 18")


def test_a_column_without_a_name_is_unknown_and_lengths_must_agree():
    rule = compile_rule("a > 1")
    assert rule.evaluate_columns({}, 3).answers() == [None, None, None]
    assert rule.evaluate_columns({"a": Column.of([])}, 0).answers() == []
    assert compile_rule("1 < 2").evaluate_columns({}, 2).answers() == [True, True]
    with pytest.raises(ValueError, match="'a' does not have 3 rows"):
        rule.evaluate_columns({"a": Column.of([1])}, 3)
    with pytest.raises(ValueError, match="'g' does not have 1 rows"):
        compile_rule('g.count("A")').evaluate_columns({"g": (Column.of(["A", "B"]),)}, 1)
    assert compile_rule('g.count("A")').evaluate_columns({"g": Column.of([1])}, 1).answers() == [None]
    assert compile_rule('g.count("A")').evaluate_columns({"g": ()}, 2).answers() == [0, 0]


def test_columns_from_arrays():
    known = np.array([True, False])
    assert Column(np.array([125, 0], np.int32), known, scale=2).answers() == [Decimal("1.25"), None]
    assert Column(np.array(["2021-03-19", "2021-03-20"], "M8[s]"), known).answers() == [date(2021, 3, 19), None]
    assert Column(np.array([True, True]), known).kind == "truth"
    with pytest.raises(TypeError, match="whole numbers and a scale"):
        Column(np.array([0.1, 0.2]), known)


def test_a_column_of_different_scales():
    rule = compile_rule("a + b == 0.30")
    columns = {"a": Column.of([Decimal("0.1"), 1]), "b": Column.of([Decimal("0.200"), None])}
    assert rule.evaluate_columns(columns, 2).answers() == [True, None]


def test_rounding_a_product_of_very_many_places():
    rule = compile_rule("round(a * a * a * a, 1) == 0")
    column = Column.of([Decimal("0.000001"), None, 0])
    assert rule.evaluate_columns({"a": column}, 3).answers() == [True, None, True]
