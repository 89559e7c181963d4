"""Prednisone equivalents: published conversions, frequencies, routes, and what is zero and what is unknown."""

from decimal import Decimal

import pytest

from equipoise import instruments
from equipoise.instruments.treatment import prednisone_equivalent

INSTRUMENT = instruments.get("prednisone_equivalent")


def score(variant="", settings=None, **answers):
    typed = {key: Decimal(a) if isinstance(a, str) and a[0].isdigit() else a for key, a in answers.items()}
    return INSTRUMENT.score(typed, variant=variant, settings=settings or {})


@pytest.mark.parametrize(
    ("drug", "dose", "frequency", "expected"),
    [
        ("methylprednisolone", "16", "once_daily", "20"),  # public test file of steroid equivalences
        ("dexamethasone", "9", "once_daily", "60"),  # droracle.ai article 358919
        ("methylprednisolone", "6", "once_daily", "7.5"),
        ("prednisone", "10", "alternate_days", "5"),
        ("prednisolone", "5", "twice_daily", "10"),
        ("hydrocortisone", "20", "once_daily", "5"),
        ("cortisone", "25", "once_daily", "5"),
        ("triamcinolone", "4", "three_times_daily", "15"),
        ("betamethasone", "0.75", "once_daily", "5"),
        ("deflazacort", "6", "four_times_daily", "20"),
        ("prednisone", "35", "twice_weekly", "10"),
        ("prednisone", "35", "once_weekly", "5"),
        ("prednisone", "0", "once_daily", "0"),
    ],
)
def test_equivalents_per_day(drug, dose, frequency, expected):
    result = score(drug=drug, dose=dose, frequency=frequency)
    assert result.value == Decimal(expected)


def test_betamethasone_in_the_other_table():
    answers = {"drug": "betamethasone", "dose": "0.6", "frequency": "once_daily"}
    assert score(settings={"table": "table_1_betamethasone_0_6"}, **answers).value == 5
    assert score(**answers).value == 4


def test_no_glucocorticoid_is_zero_and_no_answer_is_unknown():
    assert score(drug="none").value == 0
    assert score(dose="5", frequency="once_daily").value is None
    assert score(drug="prednisone", dose="5").unknown == ("frequency",)


def test_every_table_and_every_frequency_knows_every_code():
    question = instruments.get("prednisone_equivalent").input_by_id
    assert all(set(table) == set(question["drug"].codes) for table in prednisone_equivalent.TABLES.values())
    assert set(prednisone_equivalent.FREQUENCIES) == set(question["frequency"].codes)


@pytest.mark.parametrize(("route", "expected"), [
    ("oral", "10"), ("intravenous", "10"), ("intramuscular", "0"), ("intra_articular", "0"), ("topical", "0"),
    ("inhaled", "0"),
])  # fmt: skip
def test_by_mouth_and_into_a_vein_count_and_nothing_else(route, expected):
    answers = {"drug": "prednisone", "dose": "10", "frequency": "once_daily", "route": route}
    assert score("by_route", **answers).value == Decimal(expected)


def test_a_protocol_may_count_an_injection_into_a_muscle():
    answers = {"drug": "triamcinolone", "dose": "40", "frequency": "once_weekly", "route": "intramuscular"}
    result = score("by_route", {"routes": "oral, intravenous, intramuscular"}, **answers)
    assert result.value == Decimal(40) * 5 / (7 * 4)


def test_a_route_that_was_asked_and_not_answered_is_unknown_and_not_by_mouth():
    taken = {"drug": "prednisone", "dose": "10", "frequency": "once_daily"}
    assert (score("by_route", **taken).value, score("by_route", **taken).unknown) == (None, ("route",))
    assert score("daily", **taken).value == 10


def test_a_cream_of_unknown_strength_is_zero():
    assert score("by_route", route="topical").value == 0
