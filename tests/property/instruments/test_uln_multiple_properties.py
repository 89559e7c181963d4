"""A multiple of the limit is the exact fraction, to the last of 28 digits, for one result and for many."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments.columns import encode_result

MULTIPLE = instruments.get("uln_multiple")
PAIRS = st.fixed_dictionaries({"value": st.decimals(0, 5000, places=3), "uln": st.decimals("0.001", 500, places=3)})


@settings(deadline=None)
@given(PAIRS)
def test_the_multiple_is_the_exact_fraction(pair):
    exact = Fraction(pair["value"]) / Fraction(pair["uln"])
    assert abs(Fraction(MULTIPLE.score(pair).value) - exact) <= exact * Fraction(1, 10**27)


@settings(deadline=None)
@given(st.lists(PAIRS, min_size=1, max_size=8))
def test_many_results_are_each_what_one_is(pairs):
    columns = {name: MULTIPLE.column(name, [pair[name] for pair in pairs]) for name in ("value", "uln")}
    alone = [encode_result(MULTIPLE.outputs[0], MULTIPLE.score(pair).value) for pair in pairs]
    assert MULTIPLE.score_columns(columns)["multiple"].tolist() == alone
