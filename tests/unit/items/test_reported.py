"""Numbers as a laboratory reports them: the report is kept digit by digit, and what it counts as is exact."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.items import (
    Item,
    Missing,
    OtherUnit,
    Problem,
    Reported,
    beyond,
    counted,
    in_own_unit,
    in_words,
    parse,
    read,
    report_of,
    shown,
    unlikely,
    write,
)  # fmt: skip

D = Decimal
# 1 mg/dL = 88.4 µmol/L: creatinine of 113.12 g/mol, AMA Manual of Style, table of SI conversions.
CREATININE = Item(
    "creatinine", "decimal", unit="µmol/L", places=1, low=D(10), high=D(2500), expected_low=D(30), expected_high=D(150),
    units=(OtherUnit("mg/dL", Fraction("88.4"), 2),),
)  # fmt: skip
PROTEIN = Item(
    "urine_protein", "decimal", unit="g/24h", places=2, low=D(0), high=D(50), expected_high=D(5),
    units=(OtherUnit("mg/24h", Fraction(1, 1000), 1),), below="half",
)  # fmt: skip
DNA = Item("anti_dsdna", "decimal", unit="IU/mL", below="limit", above="limit")
LEVEL = Item("level", "decimal", unit="ng/mL", below="missing", above="missing")
UREA = Item("urea", "decimal", unit="mmol/L", units=(OtherUnit("mg/dL", Fraction(10) / Fraction("60.06")),))

TAKEN = [
    (CREATININE, "1.2 mg/dL", Reported(D("1.2"), "", "mg/dL"), D("106.08")),
    (CREATININE, "1.20mg/dl", Reported(D("1.20"), "", "mg/dL"), D("106.08")),
    (CREATININE, "１．２ mg／dL", Reported(D("1.2"), "", "mg/dL"), D("106.08")),
    (CREATININE, "88 μmol/L", D(88), D(88)),  # the Greek letter, where the protocol has the micro sign
    (PROTEIN, "<0.1", Reported(D("0.1"), "<"), D("0.05")),
    (PROTEIN, "＜ ０．１", Reported(D("0.1"), "<"), D("0.05")),
    (PROTEIN, "≤100 mg/24h", Reported(D(100), "<=", "mg/24h"), D("0.05")),
    (PROTEIN, "150.5 mg/24h", Reported(D("150.5"), "", "mg/24h"), D("0.1505")),
    (DNA, "<5", Reported(D(5), "<"), D(5)), (DNA, "> 800", Reported(D(800), ">"), D(800)),
    (DNA, "≥800 IU/mL", Reported(D(800), ">="), D(800)), (LEVEL, "<0.5", Reported(D("0.5"), "<"), None),
    (LEVEL, ">=90", Reported(D(90), ">="), None), (UREA, "30 mg/dL", Reported(D(30), "", "mg/dL"), D("4.995005")),
]  # fmt: skip


@pytest.mark.parametrize(("item", "text", "answer", "number"), TAKEN)
def test_the_report_is_kept_and_what_it_counts_as_is_computed(item, text, answer, number):
    found = read(item, text)
    assert (found, str(found)) == (answer, str(answer))
    assert counted(item, found) == number
    assert parse("decimal", write(found)) == found
    assert read(item, shown(found)) == found


@pytest.mark.parametrize(
    ("item", "text", "identifier"),
    [
        (CREATININE, "1.234 mg/dL", "items.E006"), (CREATININE, "0.1 mg/dL", "items.E007"),
        (CREATININE, "88 mg/dL", "items.E008"), (CREATININE, "1.2 g/L", "items.E017"),
        (CREATININE, "<30", "items.E018"), (PROTEIN, ">50", "items.E018"), (PROTEIN, "<0", "items.E007"),
        (PROTEIN, "<0,1", "items.E005"), (PROTEIN, "<<0.1", "items.E004"), (PROTEIN, "< ", "items.E004"),
    ],
)  # fmt: skip
def test_ranges_hold_in_the_unit_of_the_item_and_signs_only_where_they_are_taken(item, text, identifier):
    found = read(item, text)
    assert isinstance(found, Problem)
    assert (found.id, found.where) == (identifier, item.id)


def test_the_refusal_shows_both_units():
    assert "88 mg/dL = 7779.2 µmol/L is impossible" in read(CREATININE, "88 mg/dL").message
    assert unlikely(CREATININE, Reported(D("2.0"), "", "mg/dL")).message.startswith("2.0 mg/dL = 176.8 µmol/L")
    assert unlikely(CREATININE, Reported(D("1.0"), "", "mg/dL")) is None
    assert unlikely(CREATININE, 200) is not None
    assert unlikely(PROTEIN, Reported(D("0.1"), "<")) is None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (D("0.10"), "0.10"), (Reported(D("0.10"), "<"), "<0.10"), (Reported(D(80), "", "mg/24h"), "80 mg/24h = 0.08"),
        (Reported(D(80), "<", "mg/24h"), "<80 mg/24h = <0.08"), (Reported(D(80), "", "mg"), "80 mg"),
    ],
)  # fmt: skip
def test_a_report_in_words(answer, words):
    assert in_words(PROTEIN, answer) == words


def test_what_an_amended_protocol_no_longer_takes_is_unknown_and_never_a_number():
    plain = Item("urine_protein", "decimal", unit="g/24h", high=D(50))
    assert counted(plain, Reported(D("0.1"), "<")) is None
    assert counted(plain, Reported(D(100), "", "mg/24h")) is None
    assert in_own_unit(plain, Reported(D(100), "", "mg/24h")) is None
    assert unlikely(plain, Reported(D(100), "", "mg/24h")) is None


@pytest.mark.parametrize("answer", [None, Missing("ND"), D("0.3"), 3, True, "present"])
def test_other_answers_count_as_they_are(answer):
    assert counted(PROTEIN, answer) is answer


@pytest.mark.parametrize(
    ("answer", "below", "above", "reported"),
    [
        (None, None, None, None), (Missing("ND"), None, None, None), (D(3), False, False, D(3)),
        (Reported(D(5), "<"), True, False, D(5)), (Reported(D(5), ">="), False, True, D(5)),
    ],
)  # fmt: skip
def test_the_parts_of_a_report(answer, below, above, reported):
    assert report_of(LEVEL, answer, "below_limit") is below
    assert report_of(LEVEL, answer, "above_limit") is above
    assert report_of(LEVEL, answer, "reported") == reported


@pytest.mark.parametrize("written", ["< 0.1", "<0.1 ", "+1 mg/dL", "1.2mg/dL", "<.5", "abc", "", "≤5", "<5  g"])
def test_only_what_is_written_is_parsed(written):
    with pytest.raises(ValueError, match="is not"):
        parse("decimal", written)


NUMBERS = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False, allow_infinity=False)


@given(NUMBERS, st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=10**6))
def test_conversion_is_the_nearest_millionth_of_the_exact_product(number, factor):
    item = Item("x", "decimal", unit="a", units=(OtherUnit("b", factor),))
    own = Fraction(in_own_unit(item, Reported(number, "", "b")))
    exact = Fraction(number) * factor
    assert (own * 10**6).denominator == 1
    assert abs(own - exact) <= Fraction(1, 2 * 10**6)
    if (exact * 10**6).denominator == 1:
        assert own == exact


@given(NUMBERS, NUMBERS, st.sampled_from(["", "<", "<=", ">", ">="]))
def test_a_sign_moves_a_number_less_than_any_difference(number, bound, operator):
    answer = Reported(number, operator)
    nudge = {"<": -Fraction(1, 10**9), ">": Fraction(1, 10**9)}.get(operator, Fraction(0))
    beside = Fraction(number) + nudge - Fraction(bound)
    assert beyond(number, answer, bound) == (beside > 0) - (beside < 0)
