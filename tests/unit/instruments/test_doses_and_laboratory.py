"""BILAG counts: worked examples and what stays unknown."""

from decimal import Decimal

from equipoise import instruments
from equipoise.instruments.activity import bilag_count
from equipoise.items.missing import Missing


def score(name, variant="", settings=None, **answers):
    typed = {key: Decimal(a) if isinstance(a, str) and a[0].isdigit() else a for key, a in answers.items()}
    return instruments.get(name).score(typed, variant=variant, settings=settings or {})


# --- BILAG -----------------------------------------------------------------------------------------------------------


def grades(text):
    return dict(zip(bilag_count.SYSTEMS, text, strict=True))


def test_a_b_b_c_and_the_rest_d_are_16_in_the_classic_score():
    """9 + 3 + 3 + 1; BILAG-2004 would be 29 with its 12, 8, 1."""
    result = score("bilag_count", **grades("ABBCDDDD"))
    assert dict(result.results) == {"score": 16, "count_a": 1, "count_b": 2, "count_c": 1, "count_d": 4, "count_e": 0}


def test_eight_times_a_is_72():
    assert score("bilag_count", **grades("AAAAAAAA")).value == 72


def test_one_a_and_all_other_systems_e():
    """Public oracle test file, `bilag-2004-index` tally, here with the eight classic systems."""
    result = score("bilag_count", **grades("EEEEEEAE"))
    assert [result.results[f"count_{grade}"] for grade in "abcde"] == [1, 0, 0, 0, 7]


def test_a_system_without_grade_leaves_score_and_counts_unknown_with_bounds():
    result = score("bilag_count", **grades("BDDDDDDD") | {"renal": Missing("ND")})
    assert set(result.results.values()) == {None}
    assert (result.unknown, result.lower, result.upper) == (("renal",), 3, 12)
