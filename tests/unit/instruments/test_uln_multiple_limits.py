"""Multiples of the upper limit of normal: exact at a limit of the protocol, and never without the limit."""

from decimal import Decimal

import pytest

from equipoise import instruments
from equipoise.instruments.columns import encode_result

MULTIPLE = instruments.get("uln_multiple")


def score(**answers):
    return MULTIPLE.score({name: Decimal(text) for name, text in answers.items()})


@pytest.mark.parametrize(("value", "uln", "multiple"), [("80", "40", "2"), ("300", "40", "7.5"), ("0", "40", "0")])
def test_multiples_of_the_upper_limit(value, uln, multiple):
    assert score(value=value, uln=uln).value == Decimal(multiple)


def test_exactly_twice_the_limit_is_not_above_twice_the_limit():
    """Eligibility asks for at most 2 × ULN: 80.0 of 40.0 passes, 80.1 does not."""
    assert [score(value=v, uln="40.0").value > 2 for v in ("79.9", "80.0", "80.1")] == [False, False, True]


def test_without_a_limit_there_is_no_multiple():
    assert score(value="80").unknown == ("uln",)
    assert score(uln="40").unknown == ("value",)
    refused = score(value="80", uln="0")
    assert (refused.value, refused.unknown, refused.problems[0].where) == (None, ("uln",), "uln_multiple / uln")
    assert score(uln="0").unknown == ("value", "uln")


def test_many_results_are_each_what_one_is_even_at_a_rounding_tie():
    """Half a millionth goes to the even side; a float cannot be trusted there."""
    pairs = [("0.000001", "2"), ("0.000003", "2"), ("0.000005", "2"), ("1", "3"), ("80", "40"), ("80.1", "40"),
             ("1000000", "0.000001"), ("5", "0"), ("0", "7"), ("123456.789", "0.37")]  # fmt: skip
    rows = [{"value": Decimal(value), "uln": Decimal(uln)} for value, uln in pairs] + [{"value": Decimal(1)}]
    columns = {name: MULTIPLE.column(name, [row.get(name) for row in rows]) for name in ("value", "uln")}
    expected = [encode_result(MULTIPLE.outputs[0], MULTIPLE.score(row).value) for row in rows]
    assert MULTIPLE.score_columns(columns)["multiple"].tolist() == expected
    assert expected[:3] == [0, 2, 2]
