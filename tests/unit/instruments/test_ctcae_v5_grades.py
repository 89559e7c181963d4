"""CTCAE v5.0: every printed limit from both sides, published grades, what a gap leaves open, and every setting."""

from decimal import Decimal

import pytest

from equipoise import instruments

GRADES = instruments.get("ctcae_v5")

# As printed in CTCAE v5.0: where grade 2, 3 and 4 begin, strictly below the limit (units g/L or 10^9/L).
FALLING = {
    "anemia": ("120", ["100", "80"]),
    "white_blood_cell_decreased": ("4", ["3.0", "2.0", "1.0"]),
    "lymphocyte_count_decreased": ("1.1", ["0.8", "0.5", "0.2"]),
    "neutrophil_count_decreased": ("1.8", ["1.5", "1.0", "0.5"]),
    "platelet_count_decreased": ("125", ["75", "50", "25"]),
    "hypoalbuminaemia": ("40", ["30", "20"]),
}
# Where grade 1, 2, 3 and 4 begin, strictly above the multiple of ULN.
RISING = {
    "alt_increased": ["1", "3", "5", "20"], "ast_increased": ["1", "3", "5", "20"],
    "bilirubin_increased": ["1", "1.5", "3", "10"], "alp_increased": ["1", "2.5", "5", "20"],
    "creatinine_increased": ["1", "1.5", "3", "6"],
}  # fmt: skip
# The multiple of an abnormal baseline at which grade 1 begins, and whether it begins at it or above it.
FROM_BASELINE = {"alt_increased": ("1.5", 1), "ast_increased": ("1.5", 1), "bilirubin_increased": ("1", 0),
                 "alp_increased": ("2", 1)}  # fmt: skip
STEP = Decimal("0.01")


def score(term, settings=None, **answers):
    typed = {name: a if isinstance(a, bool | None) else Decimal(a) for name, a in answers.items()}
    return GRADES.score(typed, variant=term, settings=settings or {})


def grade(term, settings=None, **answers):
    return score(term, settings, **answers).value


# --- Every printed limit ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("term", "limit", "reached"), [
    (term, limit, place) for term, (_, limits) in FALLING.items() for place, limit in enumerate(limits, 2)
])  # fmt: skip
def test_a_grade_begins_strictly_below_its_printed_limit(term, limit, reached):
    lln, limit = FALLING[term][0], Decimal(limit)
    found = [grade(term, value=limit + step, lln=lln) for step in (-STEP, Decimal(0), STEP)]
    assert found == [reached, reached - 1, reached - 1]


@pytest.mark.parametrize("term", FALLING)
def test_grade_1_begins_strictly_below_the_lower_limit_of_normal(term):
    lln = Decimal(FALLING[term][0])
    assert [grade(term, value=lln + step, lln=lln) for step in (-STEP, Decimal(0), STEP)] == [1, 0, 0]


@pytest.mark.parametrize(("term", "times", "reached"), [
    (term, times, place) for term, limits in RISING.items() for place, times in enumerate(limits, 1)
])  # fmt: skip
def test_a_grade_begins_strictly_above_its_multiple_of_uln(term, times, reached):
    uln = Decimal(40)
    values = [uln * Decimal(times) + step for step in (-STEP, Decimal(0), STEP)]
    usual = {"uln": uln, "baseline": "30"} | ({} if term == "creatinine_increased" else {"baseline_uln": uln})
    without = {"creatinine_against_baseline": "no"}
    assert [grade(term, without, value=v, **usual) for v in values] == [reached - 1, reached - 1, reached]


@pytest.mark.parametrize(("term", "times", "reached"), [
    (term, times, place) for term in FROM_BASELINE for place, times in enumerate(RISING[term][1:], 2)
])  # fmt: skip
def test_after_an_abnormal_baseline_the_multiples_are_of_baseline(term, times, reached):
    high = {"uln": "40", "baseline": "60", "baseline_uln": "40"}
    values = [60 * Decimal(times) + step for step in (-STEP, Decimal(0), STEP)]
    assert [grade(term, value=v, **high) for v in values] == [reached - 1, reached - 1, reached]


@pytest.mark.parametrize("term", FROM_BASELINE)
def test_grade_1_of_an_abnormal_baseline_includes_its_multiple_where_printed_so(term):
    """ALT, AST: 1.5 - 3.0 x baseline; ALP: 2.0 - 2.5; bilirubin: > 1.0 - 1.5."""
    times, included = FROM_BASELINE[term]
    high = {"uln": "40", "baseline": "60", "baseline_uln": "40"}
    values = [60 * Decimal(times) + step for step in (-STEP, Decimal(0), STEP)]
    assert [grade(term, value=v, **high) for v in values] == [0, included, 1]
    assert [grade(term, {"grade_1_of_baseline": "above"}, value=v, **high) for v in values] == [0, 0, 1]


@pytest.mark.parametrize(("baseline", "abnormal"), [("39.99", False), ("40", False), ("40.01", True)])
def test_a_baseline_is_abnormal_strictly_above_its_own_limit(baseline, abnormal):
    """A value of 41 is above ULN 40, and below 1.5 times an abnormal baseline."""
    assert grade("alt_increased", value="41", uln="40", baseline=baseline, baseline_uln="40") == int(not abnormal)


@pytest.mark.parametrize(("times", "reached"), [("1.5", 2), ("3", 3)])
def test_creatinine_is_also_graded_on_multiples_of_baseline(times, reached):
    values = [60 * Decimal(times) + step for step in (-STEP, Decimal(0), STEP)]
    found = [grade("creatinine_increased", value=v, uln="1000", baseline="60") for v in values]
    assert found == [0 if reached == 2 else 2, 0 if reached == 2 else 2, reached]


# --- Published grades -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "answers", "expected"),
    [
        # pharmaverse/admiral, documented expectations of its NCI-CTCAE grading; ULN 40 unless said.
        ("alt_increased", {"value": "120", "uln": "40", "baseline_abnormal": False}, 1),
        ("alt_increased", {"value": None, "uln": "40", "baseline_abnormal": False}, None),
        ("alt_increased", {"value": "200", "uln": "39", "baseline": "40", "baseline_abnormal": True}, 2),
        ("ast_increased", {"value": "201", "uln": "40", "baseline_abnormal": False}, 3),
        ("ast_increased", {"value": "120", "uln": "40", "baseline_abnormal": False}, 1),
        ("bilirubin_increased", {"value": "401", "uln": "40", "baseline_abnormal": False}, 4),
        ("bilirubin_increased", {"value": "400", "uln": "40", "baseline_abnormal": False}, 3),
        ("bilirubin_increased", {"value": "120", "uln": "40", "baseline_abnormal": False}, 2),
        ("platelet_count_decreased", {"value": "24", "lln": "100"}, 4),
        ("platelet_count_decreased", {"value": "49", "lln": "100"}, 3),
        ("platelet_count_decreased", {"value": None, "lln": "100"}, None),
        ("neutrophil_count_decreased", {"value": "0.99", "lln": "2.0"}, 3),
        ("neutrophil_count_decreased", {"value": "1.5"}, None),
        ("anemia", {"value": "140"}, None),
        ("anemia", {"value": "139"}, None),
        ("lymphocyte_count_decreased", {"value": "0.2"}, 3),
        ("lymphocyte_count_decreased", {"value": "0.49"}, 3),
        ("lymphocyte_count_decreased", {"value": "1.09"}, None),
        ("white_blood_cell_decreased", {"value": "1.9", "lln": "5.0"}, 3),
        ("white_blood_cell_decreased", {"value": "2.0", "lln": "5.0"}, 2),
        ("white_blood_cell_decreased", {"value": "3.0"}, None),
        ("creatinine_increased", {"value": "121", "uln": "40", "baseline": "120"}, 3),
        ("creatinine_increased", {"value": "41", "uln": "40", "baseline": "41"}, 1),
        ("creatinine_increased", {"value": "40", "uln": "40", "baseline": "40"}, 0),
        # A public test file of a clinical toolkit: 1200/mm³ with LLN 2000/mm³, here in 10^9/L.
        ("neutrophil_count_decreased", {"value": "1.2", "lln": "2.0"}, 2),
    ],
)
def test_published_grades(term, answers, expected):
    assert grade(term, **answers) == expected


# --- What a gap leaves open -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("term", FALLING)
def test_without_a_limit_of_normal_an_absolute_grade_is_known_and_a_milder_one_is_not(term):
    first = Decimal(FALLING[term][1][0])
    assert grade(term, value=first - STEP) == 2
    result = score(term, value=first)
    assert (result.value, result.unknown, result.lower, result.upper) == (None, ("lln",), 0, 1)


def test_a_value_that_is_lacking_is_never_grade_0():
    for term in GRADES.variants:
        result = score(term)
        assert result.value is None
        assert result.unknown[0] == "value"
        assert (result.lower, result.upper) == (0, 3 if term in ("anemia", "hypoalbuminaemia") else 4)


@pytest.mark.parametrize(("answers", "value", "unknown", "bounds"), [
    # The baseline is not known: the grade stands only where both readings agree.
    ({"value": "130", "uln": "40"}, None, ("baseline", "baseline_uln"), (0, 4)),
    ({"value": "130", "uln": "40", "baseline": "42"}, 2, (), (2, 2)),
    ({"value": "130", "uln": "40", "baseline": "50"}, None, ("baseline_uln",), (1, 2)),
    # The baseline was abnormal: ULN is not needed; normal: the baseline is not needed.
    ({"value": "130", "baseline": "50", "baseline_abnormal": True}, 1, (), (1, 1)),
    ({"value": "130", "uln": "40", "baseline_abnormal": False}, 2, (), (2, 2)),
    ({"value": "130", "baseline_abnormal": False}, None, ("uln",), (0, 4)),
    ({"value": "130", "uln": "40", "baseline_abnormal": True}, None, ("baseline",), (0, 4)),
    # An abnormal baseline was above its limit, so 1.5 times it is above 60.
    ({"value": "60", "uln": "70", "baseline_uln": "40"}, 0, (), (0, 0)),
    ({"value": "61", "uln": "70", "baseline_uln": "40"}, None, ("baseline",), (0, 1)),
])  # fmt: skip
def test_an_unknown_baseline_leaves_open_what_it_decides(answers, value, unknown, bounds):
    result = score("alt_increased", **answers)
    assert (result.value, result.unknown, (result.lower, result.upper)) == (value, unknown, bounds)


@pytest.mark.parametrize(("value", "found", "bounds"), [
    ("40", None, (0, 3)), ("61", None, (2, 3)), ("120", None, (2, 3)), ("121", 3, (3, 3)), ("240", 3, (3, 3)),
    ("241", 4, (4, 4)),
])  # fmt: skip
def test_without_a_baseline_creatinine_is_known_from_three_times_uln(value, found, bounds):
    result = score("creatinine_increased", value=value, uln="40")
    assert (result.value, (result.lower, result.upper)) == (found, bounds)
    assert result.unknown == (() if found else ("baseline",))


def test_a_baseline_said_to_be_abnormal_against_its_own_numbers_is_refused():
    result = score("alt_increased", value="130", uln="40", baseline="30", baseline_uln="40", baseline_abnormal=True)
    assert result.value == 2
    assert [problem.where for problem in result.problems] == ["ctcae_v5 / baseline_abnormal"]


# --- Settings ---------------------------------------------------------------------------------------------------------


def test_a_protocol_may_grade_on_multiples_of_uln_throughout():
    high = {"value": "130", "uln": "40", "baseline": "60", "baseline_uln": "40"}
    assert grade("alt_increased", **high) == 1
    assert grade("alt_increased", {"abnormal_baseline": "multiples_of_uln"}, **high) == 2
    assert score("alt_increased", {"abnormal_baseline": "multiples_of_uln"}, value="130").unknown == ("uln",)


def test_a_protocol_may_grade_creatinine_without_its_baseline():
    low = {"value": "35", "uln": "40", "baseline": "20"}
    assert grade("creatinine_increased", **low) == 2  # 1.75 times baseline, within normal
    assert grade("creatinine_increased", {"creatinine_against_baseline": "no"}, **low) == 0


@pytest.mark.parametrize(
    ("term", "value", "expected"), [("alt_increased", "130", 2), ("creatinine_increased", "61", 2)]
)
def test_a_protocol_may_leave_an_unknown_baseline_out(term, value, expected):
    assert grade(term, value=value, uln="40") is None
    assert grade(term, {"unknown_baseline": "not_compared"}, value=value, uln="40") == expected


# --- Traps ------------------------------------------------------------------------------------------------------------


def test_anaemia_and_low_albumin_have_no_laboratory_grade_4():
    """Haemoglobin below 65 g/L was grade 4 in CTCAE v3; in v5 grade 4 is a clinical judgement."""
    assert grade("anemia", value="64", lln="120") == 3
    assert grade("hypoalbuminaemia", value="7", lln="35") == 3


def test_an_absolute_grade_stands_even_above_an_unusually_low_limit_of_normal():
    assert grade("lymphocyte_count_decreased", value="0.75", lln="0.7") == 2


@pytest.mark.parametrize(("term", "value"), [
    ("anemia", "12.5"), ("platelet_count_decreased", "24000"), ("neutrophil_count_decreased", "1200"),
    ("white_blood_cell_decreased", "4500"), ("lymphocyte_count_decreased", "800"), ("hypoalbuminaemia", "3.5"),
])  # fmt: skip
@pytest.mark.parametrize("question", ["value", "lln"])
def test_a_result_in_another_unit_is_refused_and_not_graded(term, value, question):
    answers = {"value": FALLING[term][0], "lln": FALLING[term][0]} | {question: value}
    result = score(term, **answers)
    assert result.value is None
    assert result.unknown == (question,)
    assert [problem.where for problem in result.problems] == [f"ctcae_v5 / {question}"]


@pytest.mark.parametrize(("term", "limit", "inside"), [
    ("anemia", "20", 1), ("anemia", "300", -1), ("hypoalbuminaemia", "7", 1), ("hypoalbuminaemia", "100", -1),
    ("white_blood_cell_decreased", "1000", -1), ("lymphocyte_count_decreased", "500", -1),
    ("neutrophil_count_decreased", "300", -1), ("platelet_count_decreased", "5000", -1),
])  # fmt: skip
def test_what_a_result_cannot_be_begins_beyond_its_limit(term, limit, inside):
    lln, limit = FALLING[term][0], Decimal(limit)
    known = [grade(term, value=limit + step * inside, lln=lln) is not None for step in (-STEP, Decimal(0), STEP)]
    assert known == [False, True, True]


@pytest.mark.parametrize("term", GRADES.variants)
def test_the_side_that_is_graded_goes_with_the_grade(term):
    assert score(term).results["direction"] == ("low" if term in FALLING else "high")


def test_the_criterion_that_gave_the_grade_is_named():
    assert score("platelet_count_decreased", value="24").contributions == {"absolute_4": 4}
    assert score("creatinine_increased", value="70", uln="40", baseline="40").contributions == {
        "uln_2": 2, "baseline_2": 2}  # fmt: skip
