"""A cell of a file is read as the question means it, or it is a problem and no answer."""

from decimal import Decimal

import pytest

from equipoise.instruments.columns import UNKNOWN
from equipoise.instruments.parts import Input
from equipoise.items import Missing
from equipoise.scoring.cells import question_item, read_cell
from equipoise.scoring.messages import MESSAGES, in_chinese, printable, problem


def asked(kind, **more):
    return Input("x", "X", "X", kind, **more)


def reading(question, cell):
    return read_cell(question, question_item(question), cell)


NUMBER = asked("decimal", unit="kg", low=Decimal(20), high=Decimal(300))


@pytest.mark.parametrize(
    ("question", "cell", "known", "column"),
    [
        (asked("state"), "present", True, 1),
        (asked("state"), "absent", False, 0),
        (asked("state"), "not_attributable", False, 0),
        (asked("state"), "not_assessed", None, UNKNOWN),
        (asked("state"), True, True, 1),
        (asked("state"), "?ND", None, UNKNOWN),
        (asked("yes_no"), "yes", True, 1),
        (asked("yes_no"), "0", False, 0),
        (asked("yes_no"), " 1 ", True, 1),
        (asked("yes_no"), "TRUE", True, 1),
        (asked("yes_no"), False, False, 0),
        (asked("integer"), "12", Decimal(12), 12_000_000),
        (asked("integer"), "3.0", Decimal("3.0"), 3_000_000),
        (NUMBER, "60.5", Decimal("60.5"), 60_500_000),
        (NUMBER, "", None, UNKNOWN),
        (NUMBER, None, None, UNKNOWN),
        (asked("choice", codes=("E", "A")), "A", "A", 1),
    ],
)
def test_an_answer_is_read(question, cell, known, column):
    found = reading(question, cell)
    assert (found.known, found.cell, found.problem) == (known, column, None)
    assert found.fits


@pytest.mark.parametrize(
    ("question", "cell", "id_"),
    [
        (asked("state"), "presnt", "items.E013"),
        (asked("state"), "1", "items.E012"),
        (asked("state"), "yes", "items.E012"),
        (asked("yes_no"), "2", "items.E014"),
        (asked("yes_no"), "perhaps", "items.E014"),
        (asked("integer"), "3.5", "table.E011"),
        (asked("integer"), True, "items.E004"),
        (NUMBER, "1,5", "items.E005"),
        (NUMBER, "19.9", "items.E007"),
        (NUMBER, "300.1", "items.E008"),
        (NUMBER, "1e2", "items.E004"),
        (NUMBER, "NaN", "items.E004"),
        (NUMBER, "?XX", "items.E001"),
        (NUMBER, "9" * 5000, "items.E002"),
        (asked("choice", codes=("E", "A")), "a", "items.E013"),
    ],
)
def test_what_cannot_be_an_answer_is_no_answer_and_is_named(question, cell, id_):
    found = reading(question, cell)
    assert (found.answer, found.known, found.cell) == (None, None, UNKNOWN)
    assert found.problem.id == id_


def test_a_declared_missing_answer_keeps_its_reason_for_the_digest():
    assert reading(NUMBER, "?LOST").answer == Missing("LOST")


@pytest.mark.parametrize(
    ("cell", "fits"), [("60.123456", True), ("60.1234567", False), ("60.12345600", True), ("60", True)]
)
def test_a_number_with_more_than_six_places_does_not_fit_a_column(cell, fits):
    found = reading(NUMBER, cell)
    assert (found.fits, found.known) == (fits, Decimal(cell))
    assert (found.cell == UNKNOWN) == (not fits)


def test_a_number_too_large_for_a_column_does_not_fit():
    assert not reading(asked("decimal"), "1" + "0" * 13).fits


def test_a_message_shows_nothing_that_a_terminal_would_obey():
    told = reading(asked("state"), "\x1b[31mred\x07").problem.message
    assert all(sign.isprintable() for sign in told)
    assert len(printable("x" * 1000)) == 80


def test_every_message_is_said_in_chinese():
    params = dict.fromkeys(
        ("format", "reason", "name", "found", "expected", "instrument", "meant", "columns", "why"), "weight"
    )
    for id_ in MESSAGES:
        told = in_chinese(problem(id_, "t.csv:1", **params))
        assert id_ == "table.E011" or any("\u4e00" <= sign <= "\u9fff" for sign in told.message)
        assert any("\u4e00" <= sign <= "\u9fff" for sign in told.hint)
    assert "数值" in in_chinese(reading(NUMBER, "x").problem).message
