"""Answers as people type them: what is taken, what is refused with which problem, and what is only unlikely."""

from datetime import date
from decimal import Decimal

import pytest

from equipoise.items import (
    MESSAGES,
    Item,
    Missing,
    PartialDate,
    Problem,
    in_chinese,
    parse,
    read,
    shown,
    unlikely,
    write,
)

D = Decimal
AGE = Item("age", "integer", unit="years", low=D(18), high=D(120), expected_high=D(80), expected_low=D(20))
COUNT = Item("count", "integer")
PLATELETS = Item("platelets", "decimal", places=1, low=D(0), high=D("5000.5"), expected_low=D("100"))
FREE = Item("free", "decimal")
WEIGHT = Item("weight", "decimal", unit="kg")
LOSS = Item("loss", "decimal", missing=("ND", "LOST"))
LINK = Item("link", "link")
DAY = Item("day", "date")
ONSET = Item("onset", "partial_date")
GRADE = Item("grade", "choice", codes=("A", "B", "ANA", "mild_rash"))
DONE = Item("done", "yes_no")
RASH = Item("rash", "state")
NOTE = Item("note", "text", max_length=20)

TAKEN = [
    (AGE, "42", 42), (AGE, " ４２ ", 42), (AGE, "018", 18), (AGE, "120", 120), (COUNT, "-3", -3), (COUNT, "−3", -3),
    (COUNT, "+3", 3), (COUNT, "-0", 0), (COUNT, "０", 0),
    (PLATELETS, "88.5", D("88.5")), (PLATELETS, "88", D(88)), (PLATELETS, "８８．５", D("88.5")),
    (PLATELETS, ".5", D("0.5")),
    (PLATELETS, "5000.5", D("5000.5")), (PLATELETS, "-0", D(0)), (FREE, "1.10", D("1.10")),
    (FREE, "-0.0000001", D("-1E-7")), (WEIGHT, "56.5 KG", D("56.5")), (WEIGHT, "５６kg", D(56)),
    (WEIGHT, "-0 kg", D(0)),
    (DAY, "2021-03-19", date(2021, 3, 19)), (DAY, "19MAR2021", date(2021, 3, 19)),
    (DAY, "19-MAR-2021", date(2021, 3, 19)),
    (DAY, "19 Mar 2021", date(2021, 3, 19)), (DAY, "9/mar/2021", date(2021, 3, 9)),
    (DAY, "2021/3/19", date(2021, 3, 19)),
    (DAY, "2021.3.9", date(2021, 3, 9)), (DAY, "20210319", date(2021, 3, 19)),
    (DAY, "2021年3月19日", date(2021, 3, 19)),
    (DAY, "2021年3月19号", date(2021, 3, 19)), (DAY, "２０２１年３月１９日", date(2021, 3, 19)),
    (DAY, "2021 年 3 月 19 日", date(2021, 3, 19)),
    (DAY, "2020-02-29", date(2020, 2, 29)), (DAY, "9999-12-31", date(9999, 12, 31)),
    (DAY, "1900-01-01", date(1900, 1, 1)),
    (ONSET, "2021-03-19", PartialDate(2021, 3, 19)), (ONSET, "2021-03", PartialDate(2021, 3)),
    (ONSET, "2021", PartialDate(2021)),
    (ONSET, "UNK-MAR-2021", PartialDate(2021, 3)), (ONSET, "UN-UNK-2021", PartialDate(2021)),
    (ONSET, "unkmar2021", PartialDate(2021, 3)),
    (ONSET, "MAR2021", PartialDate(2021, 3)), (ONSET, "Mar 2021", PartialDate(2021, 3)),
    (ONSET, "2021-03-UNK", PartialDate(2021, 3)),
    (ONSET, "2021-UN-UN", PartialDate(2021)), (ONSET, "2021年", PartialDate(2021)),
    (ONSET, "2021年12月", PartialDate(2021, 12)),
    (ONSET, "UNK2021", PartialDate(2021)), (ONSET, "2021年3月不详日", PartialDate(2021, 3)),
    (ONSET, "2021年3月未知", PartialDate(2021, 3)), (ONSET, "2021年不详", PartialDate(2021)),
    (ONSET, "2021年不详月不详日", PartialDate(2021)), (ONSET, "2021-03-不详", PartialDate(2021, 3)),
    (ONSET, "2021-不明-不明", PartialDate(2021)),
    (GRADE, "A", "A"), (GRADE, "Ａ", "A"), (GRADE, " mild_rash ", "mild_rash"),
    (DONE, "yes", True), (DONE, "Y", True), (DONE, "是", True), (DONE, "TRUE", True), (DONE, "no", False),
    (DONE, "n", False),
    (DONE, "否", False), (DONE, "false", False), (DONE, "ＹＥＳ", True),
    (RASH, "present", "present"), (RASH, "not_assessed", "not_assessed"),
    (RASH, "not_attributable", "not_attributable"),
    (LINK, "3", "3"), (LINK, "１２", "12"),
    (NOTE, "  发热 38.5℃ ", "发热 38.5℃"), (NOTE, "a\r\nb\rc", "a\nb\nc"), (NOTE, "e\u0301", "é"), (NOTE, "５²", "５²"),
    (NOTE, "?lupus", "?lupus"), (NOTE, "x" * 20, "x" * 20),
]  # fmt: skip

REFUSED = [
    (AGE, "?XX", "items.E001"), (LOSS, "?NASK", "items.E001"), (DAY, "?", "items.E001"),
    (AGE, "1" * 61, "items.E002"), (NOTE, "x" * 21, "items.E002"),
    (AGE, "42.0", "items.E003"), (AGE, "forty", "items.E003"), (AGE, "1e2", "items.E003"), (AGE, "4 2", "items.E003"),
    (AGE, "5²", "items.E003"), (AGE, "①", "items.E003"), (AGE, "٤٢", "items.E003"), (AGE, "1_000", "items.E003"),
    (FREE, "1e3", "items.E004"), (FREE, "NaN", "items.E004"), (FREE, "inf", "items.E004"),
    (FREE, "1.2.3", "items.E004"),
    (FREE, "5.", "items.E004"), (FREE, ".", "items.E004"), (FREE, "<5", "items.E018"), (FREE, "5 kg", "items.E004"),
    (AGE, "<5", "items.E003"),
    (WEIGHT, "1e2", "items.E004"), (WEIGHT, "5 E-1", "items.E004"),
    (WEIGHT, "5 lb", "items.E017"), (WEIGHT, ">5", "items.E018"), (WEIGHT, "<=5", "items.E018"),
    (FREE, "½", "items.E004"),
    (FREE, "1。5", "items.E004"),
    (FREE, "1,5", "items.E005"), (FREE, "１，５", "items.E005"), (FREE, "1,000.5", "items.E005"),
    (PLATELETS, "88.55", "items.E006"), (PLATELETS, "88.50", "items.E006"),
    (AGE, "17", "items.E007"), (PLATELETS, "-0.1", "items.E007"), (AGE, "121", "items.E008"),
    (PLATELETS, "5000.6", "items.E008"),
    (DAY, "03/19/2021", "items.E009"), (DAY, "19-03-2021", "items.E009"), (DAY, "yesterday", "items.E009"),
    (DAY, "202103", "items.E009"),
    (DAY, "2021-3/19", "items.E009"), (DAY, "19XYZ2021", "items.E009"), (DAY, "2021-UNK-19", "items.E009"),
    (DAY, "2021年319日", "items.E009"), (DAY, "2021年3月19", "items.E009"), (ONSET, "不详", "items.E009"),
    (ONSET, "2021年不详19日", "items.E009"),
    (DAY, "21-03-19", "items.E009"),
    (ONSET, "19-UNK-2021", "items.E009"), (DAY, "2021-W11-5", "items.E009"), (ONSET, "UNK", "items.E009"),
    (DAY, "2021-03-19T08:00", "items.E009"),
    (DAY, "2021-02-30", "items.E010"), (DAY, "30FEB2021", "items.E010"), (DAY, "2021-13-01", "items.E010"),
    (DAY, "2021-00-10", "items.E010"),
    (DAY, "2021-01-00", "items.E010"), (ONSET, "2021-13", "items.E010"), (DAY, "2021-02-29", "items.E010"),
    (ONSET, "2021年0月", "items.E010"),
    (DAY, "2021-03", "items.E011"), (DAY, "2021", "items.E011"), (DAY, "UNK-MAR-2021", "items.E011"),
    (GRADE, "zzz", "items.E012"), (GRADE, "ana", "items.E013"), (GRADE, "mild rash", "items.E013"),
    (RASH, "Present", "items.E013"),
    (LINK, "0", "items.E019"), (LINK, "x", "items.E019"), (LINK, "10000", "items.E019"),
    (RASH, "1", "items.E012"), (RASH, "not assessed", "items.E013"),
    (DONE, "maybe", "items.E014"), (DONE, "1", "items.E014"), (DONE, "on", "items.E014"),
    (NOTE, "a\x00b", "items.E015"), (NOTE, "a\tb", "items.E015"), (NOTE, "\ud800", "items.E015"),
    (NOTE, "a\u202eb", "items.E015"),
    (NOTE, "a\u2028b", "items.E015"), (NOTE, "a\x85b", "items.E015"),
    (DAY, "1899-12-31", "items.E016"), (DAY, "0021-03-19", "items.E016"), (DAY, "0000-01-01", "items.E016"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "text", "expected"), TAKEN)
def test_taken(item, text, expected):
    found = read(item, text)
    assert found == expected
    assert type(found) is type(expected)
    assert str(found) == str(expected)


@pytest.mark.parametrize(("item", "text", "identifier"), REFUSED, ids=ascii)
def test_refused(item, text, identifier):
    found = read(item, text)
    assert isinstance(found, Problem)
    assert (found.id, found.where, found.level) == (identifier, item.id, "error")
    assert found.hint
    assert in_chinese(found).message != found.message


def test_every_message_about_answers_is_reached():
    reached = {identifier for *_, identifier in REFUSED} | {"items.W001", "items.W002"}
    assert reached == {identifier for identifier in MESSAGES if identifier.startswith("items.")}


@pytest.mark.parametrize("item", [AGE, PLATELETS, DAY, ONSET, GRADE, DONE, RASH, NOTE], ids=lambda item: item.type)
def test_nothing_and_missing(item):
    assert read(item, "") is None
    assert read(item, " \u3000\n") is None
    assert read(item, "?ND") == Missing("ND")
    assert read(item, " ？unk ") == Missing("UNK")


def test_the_message_carries_the_numbers_in_both_languages():
    found = read(AGE, "17")
    assert str(found) == (
        "age: error items.E007: 17 years is impossible: the least that can be is 18 years. "
        "Check the number and its unit against the source."
    )
    assert in_chinese(found).message == "17 years 不可能出现：下限为 18 years。"
    assert in_chinese(found).id == "items.E007"
    assert "'ANA'" in read(GRADE, "ana").hint


def test_a_problem_from_elsewhere_stays_as_it_is():
    other = Problem("protocol.E014", "protocol.yaml:41", "The windows overlap.")
    assert in_chinese(other) is other


@pytest.mark.parametrize(("item", "answer", "identifier"), [
    (AGE, 81, "items.W002"), (AGE, 19, "items.W001"), (AGE, 80, None), (AGE, 20, None),
    (PLATELETS, D("99.9"), "items.W001"),
    (PLATELETS, D("10000"), None), (AGE, None, None), (AGE, Missing("ND"), None), (AGE, True, None), (NOTE, "x", None),
    (DAY, date(2021, 3, 19), None),
])  # fmt: skip
def test_unlikely(item, answer, identifier):
    found = unlikely(item, answer)
    assert (found and found.id) == identifier
    assert found is None or found.level == "warning"


WRITTEN = [
    ("yes_no", True, "yes"), ("yes_no", False, "no"), ("integer", -12, "-12"), ("decimal", D("1.10"), "1.10"),
    ("decimal", D("1E+3"), "1000"), ("decimal", D("1E-7"), "0.0000001"), ("decimal", D("-0.0"), "0.0"),
    ("date", date(2021, 3, 19), "2021-03-19"), ("partial_date", PartialDate(2021, 3), "2021-03"),
    ("partial_date", PartialDate(2021, 3, 9), "2021-03-09"), ("text", "", ""), ("choice", "A", "A"),
    ("state", "absent", "absent"), ("text", Missing("ND"), {"missing": "ND"}), ("date", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("item_type", "answer", "written"), WRITTEN)
def test_written_and_parsed(item_type, answer, written):
    assert write(answer) == written
    assert parse(item_type, written) == answer


@pytest.mark.parametrize(("item_type", "written"), [
    ("integer", "1.0"), ("integer", "１"), ("integer", "1_0"), ("integer", " 1"), ("integer", "01"), ("integer", 1),
    ("decimal", "NaN"), ("decimal", "Infinity"), ("decimal", "1E+3"), ("decimal", "-0"), ("decimal", "x"),
    ("decimal", 1.5),
    ("date", "20210319"), ("date", "2021-W11-5"), ("date", "2021-03"), ("date", "2021-02-30"), ("date", 5),
    ("partial_date", "2021-3"), ("partial_date", "２０２１"), ("partial_date", "2021-00"), ("yes_no", "Yes"),
    ("yes_no", True),
    ("state", "maybe"), ("text", {"missing": "XX"}), ("text", {}), ("text", 5), ("colour", "red"), ("choice", ["A"]),
])  # fmt: skip
def test_what_was_never_written_is_an_error(item_type, written):
    with pytest.raises(ValueError):  # noqa: PT011 - each reader says it in its own words
        parse(item_type, written)


def test_not_a_number_is_never_written():
    with pytest.raises(ValueError, match="NaN is not a number"):
        write(D("NaN"))


def test_shown():
    assert [shown(answer) for answer in (None, Missing("ND"), True, D("1.10"), PartialDate(2021), "张")] == [
        "", "?ND", "yes", "1.10", "2021", "张",
    ]  # fmt: skip
