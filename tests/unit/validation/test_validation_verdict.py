"""What is found is held against what is expected without bending either."""

from decimal import Decimal
from math import inf, nan

import pytest

from equipoise.validation.shown import as_json_value, as_words
from equipoise.validation.verdict import Each, Failed, Near, Open, Refused, Scored, hold

OPEN = Open(("weight",), ("mild", "severe"))
BOUNDED = Open(("x",), (), Decimal(2), Decimal(9))


@pytest.mark.parametrize(
    ("found", "expected", "tolerance", "verdict"),
    [
        (9, 9, 0, "agree"),
        (Decimal("9.0"), 9, 0, "agree"),
        (Decimal("9.0000001"), 9, 0, "differ"),
        (None, 0, 0, "differ"),
        (0, "NA", 0, "differ"),
        (None, "NA", 0, "agree"),
        (None, None, 0, "agree"),
        (0.0, None, 1e-6, "differ"),
        (True, True, 0, "agree"),
        (True, 1, 0, "differ"),
        (1, True, 0, "differ"),
        ("A", "A", 0, "agree"),
        ("B", "A", 0, "differ"),
        ("A", 4, 0, "differ"),
        (1.0000009, 1, 1e-6, "agree"),
        (1.0000011, 1, 1e-6, "differ"),
        (1e-10, 0, 1e-6, "agree"),
        (1e-8, 0, 1e-6, "differ"),
        (nan, 1, 1e-6, "differ"),
        (inf, "Inf", 1e-6, "agree"),
        (-inf, "Inf", 1e-6, "differ"),
        (5.0, "Inf", 1e-6, "differ"),
        ([1.0, 2.0], [1, 2], 1e-6, "agree"),
        ([1.0], [1, 2], 1e-6, "differ"),
        ([1.0], 1, 1e-6, "agree"),
        (1.0, [1], 1e-6, "agree"),
        ([[1.0, None]], [[1, None]], 1e-6, "agree"),
        (Decimal("54.5"), {"value": 55, "round": 0}, 0, "agree"),
        (Decimal("54.49"), {"value": 55, "round": 0}, 0, "differ"),
        (Decimal("39.75"), {"value": Decimal("39.7"), "tol": Decimal("0.05")}, 0, "agree"),
        (Decimal("39.76"), {"value": Decimal("39.7"), "tol": Decimal("0.05")}, 0, "differ"),
        (None, {"value": 55, "round": 0}, 0, "differ"),
        (True, {"value": 1, "round": 0}, 0, "differ"),
        ({"a": 1, "b": 2}, {"a": 1}, 0, "agree"),
        ({"a": 1}, {"a": 1, "b": 2}, 0, "agree"),
        ({"a": 1}, {"a": 2, "b": 2}, 0, "differ"),
        ({"a": 1}, {"b": 2}, 0, "not_covered"),
        (1, {"a": 1}, 0, "differ"),
        (Near(1.0, 0.01), 1.009, 1e-6, "agree"),
        (Near(1.0, 0.01), Decimal("1.009"), 1e-6, "agree"),
        (Near(1.0, 0.01), 1.011, 1e-6, "differ"),
        (Near(1.0, 0.01), 1.0000001, 1e-6, "agree"),
        (Near(1.0, 0.01), None, 1e-6, "differ"),
        ([Near(1.0, 0.01)], 1.009, 1e-6, "agree"),
        (Refused("no"), "ERROR", 0, "agree"),
        (Refused("no"), "NA", 0, "agree"),
        (Refused("no"), 0, 0, "differ"),
        (None, "ERROR", 0, "differ"),
        (Failed("ValueError"), "NA", 0, "differ"),
        (OPEN, "mild", 0, "open"),
        (OPEN, "none", 0, "differ"),
        (OPEN, "NA", 0, "agree"),
        (BOUNDED, 9, 0, "open"),
        (BOUNDED, 10, 0, "differ"),
        (Scored(4, {"score": 4, "classified": False}), 4, 0, "agree"),
        (Scored(4, {"score": 4, "classified": False}), {"classified": False}, 0, "agree"),
        (Scored(4, {"score": 4, "classified": OPEN}), {"classified": "mild", "score": 4}, 0, "open"),
        (Each(("A", "A")), "A", 0, "agree"),
        (Each(("A", "B")), "A", 0, "differ"),
    ],
)
def test_a_verdict(found, expected, tolerance, verdict):
    assert hold(found, expected, tolerance).verdict == verdict


def test_the_worst_relative_difference_is_told_and_what_is_left_out():
    held = hold({"a": 1.001, "b": [2.0, 2.02]}, {"a": 1, "b": [2, 2], "c": 3}, 0.1)
    assert held.worst == pytest.approx(0.01)
    assert held.left_out == ("c",)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "NA"),
        (0.1 + 0.2, "0.3"),
        (OPEN, "unknown (can be mild, severe)"),
        (BOUNDED, "unknown (from 2 to 9)"),
        (Open(), "unknown (not gradable)"),
        (Refused("x"), "refused (x)"),
        (Failed("x"), "an error (x)"),
        (Each(("A", "B", "A")), "A or B"),
        (Scored("A", {}), "A"),
        ({"a": Decimal("1.5")}, "{'a': 1.5}"),
    ],
)
def test_what_was_found_is_told_in_words(value, words):
    assert as_words(value) == words


def test_a_long_value_is_cut():
    assert len(as_words(["x" * 50] * 20)) == 120


def test_what_is_found_is_told_to_programs():
    assert as_json_value([Scored(Decimal("1.5"), {}), inf, OPEN, {"a": (True, None)}]) == [
        1.5, "inf", "unknown (can be mild, severe)", {"a": [True, None]},
    ]  # fmt: skip


def test_a_number_met_only_because_the_other_program_stops_early_is_marked_and_its_difference_shown():
    early = hold({"a": [Near(1.0, 0.01), 2.0]}, {"a": [1.009, 2.0]}, 1e-6)
    assert (early.verdict, early.excused) == ("agree", True)
    assert early.worst == pytest.approx(0.009 / 1.009)
    assert not hold({"a": [Near(1.0, 0.01)]}, {"a": [1.0]}, 1e-6).excused
    assert not hold(Near(1.0, 0.01), 2.0, 1e-6).excused
    assert as_words(Near(1.25, 0.01)) == "1.25"
    assert as_json_value([Near(1.25, 0.01)]) == [1.25]
