"""Hy's law: every limit from both sides, every leg that decides alone, and what it leaves to the clinician."""

from decimal import Decimal

import pytest

from equipoise import instruments

LIVER = instruments.get("hys_law")
LIMITS = {"alt_uln": "40", "ast_uln": "35", "bilirubin_uln": "20", "alp_uln": "120"}
SIGNAL = {"alt": "200", "ast": "30", "bilirubin": "50", "alp": "100", **LIMITS}


def score(settings=None, without=(), **answers):
    known = {name: a for name, a in (SIGNAL | answers).items() if name not in without}
    typed = {name: Decimal(a) if isinstance(a, str) else a for name, a in known.items()}
    return LIVER.score(typed, settings=settings or {})


def test_a_published_case_without_signal():
    """A public test file: ALT 300, AST 250 (ULN 40), bilirubin 1.0 (ULN 1.2), ALP 80: not Hy's law. ALP's ULN is not
    stated there; 120 U/L is taken."""
    case = score(alt="300", alt_uln="40", ast="250", ast_uln="40", bilirubin="1.0", bilirubin_uln="1.2", alp="80")
    assert (case.value, case.results["biochemical"], case.results["quadrant"]) == (False, False, "temple")
    assert case.results["alt_multiple"] == Decimal("7.5")


# --- The limits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("test", ["alt", "ast"])
@pytest.mark.parametrize(("comparator", "value", "screen"), [
    ("at_least", "119.9", False), ("at_least", "120", True), ("at_least", "120.1", True),
    ("above", "119.9", False), ("above", "120", False), ("above", "120.1", True),
])  # fmt: skip
def test_three_times_the_limit_of_either_aminotransferase(test, comparator, value, screen):
    other = {"alt": "ast", "ast": "alt"}[test]
    answers = {test: value, f"{test}_uln": "40", other: "10"}
    assert score({"aminotransferase": comparator}, **answers).value is screen


@pytest.mark.parametrize(("comparator", "value", "screen"), [
    ("above", "39.9", False), ("above", "40", False), ("above", "40.1", True),
    ("at_least", "39.9", False), ("at_least", "40", True), ("at_least", "40.1", True),
])  # fmt: skip
def test_twice_the_limit_of_bilirubin(comparator, value, screen):
    """FDA 2009 asks for more than 2 x ULN; JMP Clinical documents 2 x ULN or more."""
    assert score({"bilirubin": comparator}, bilirubin=value).value is screen


@pytest.mark.parametrize(("leg", "alp", "biochemical"), [
    ("below_2_uln", "239.9", True), ("below_2_uln", "240", False), ("below_2_uln", "240.1", False),
    ("normal", "119.9", True), ("normal", "120", True), ("normal", "120.1", False),
    ("not_asked", "2000", True),
])  # fmt: skip
def test_alkaline_phosphatase_changes_the_signal_and_not_the_screen(leg, alp, biochemical):
    result = score({"alp": leg}, alp=alp)
    assert (result.value, result.results["biochemical"]) == (True, biochemical)


@pytest.mark.parametrize(("days", "screen"), [(6, True), (7, True), (8, False)])
def test_samples_within_the_window_belong_together(days, screen):
    assert score({"samples": "within_window", "window_days": "7"}, days_between=days).value is screen


# --- What is not known ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("without", "answers", "value", "unknown"), [
    (("ast",), {}, True, ()),  # ALT is enough
    (("alt",), {}, None, ("alt",)),
    (("alt", "ast_uln"), {}, None, ("alt", "ast_uln")),
    (("alt",), {"bilirubin": "20"}, False, ()),  # without jaundice there is no signal
    (("bilirubin_uln",), {}, None, ("bilirubin_uln",)),
    (("bilirubin",), {"alt": "40"}, False, ()),
    (("alp", "alp_uln"), {}, True, ()),
])  # fmt: skip
def test_one_leg_decides_when_it_can(without, answers, value, unknown):
    result = score(without=without, **answers)
    assert (result.value, result.unknown) == (value, unknown)


def test_without_alkaline_phosphatase_the_screen_stands_and_the_signal_is_open():
    result = score(without=("alp",))
    assert (result.value, result.results["biochemical"], result.results["candidate"]) == (True, None, None)


def test_a_window_without_its_days_is_unknown_unless_another_leg_is_false():
    window = {"samples": "within_window"}
    assert score(window).unknown == ("days_between",)
    assert score(window, alt="40").value is False


def test_days_between_are_refused_when_the_protocol_takes_one_sample():
    assert score(days_between=0).value is True
    result = score(days_between=3)
    assert (result.value, result.unknown) == (None, ("days_between",))
    assert [problem.where for problem in result.problems] == ["hys_law / days_between"]


def test_a_missing_multiple_is_unknown_and_the_others_stand():
    results = score(without=("ast_uln",)).results
    assert (results["ast_multiple"], results["alt_multiple"], results["bilirubin_multiple"]) == (
        None,
        5,
        Decimal("2.5"),
    )


# --- What it leaves to the clinician ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("answers", "candidate"), [
    ({}, "to_be_assessed"), ({"other_causes_excluded": True}, "no_other_cause_found"),
    ({"other_causes_excluded": False}, "other_cause_found"),
    ({"alt": "40", "other_causes_excluded": True}, "no_signal"), ({"alp": "240"}, "no_signal"),
])  # fmt: skip
def test_it_flags_a_candidate_and_never_a_case(answers, candidate):
    assert score(**answers).results["candidate"] == candidate


@pytest.mark.parametrize(("alt", "bilirubin", "quadrant"), [
    ("119", "40", "normal"), ("119", "41", "cholestasis"), ("120", "40", "temple"), ("120", "41", "hys_law"),
])  # fmt: skip
def test_the_quadrants_are_parted_by_the_same_limits(alt, bilirubin, quadrant):
    assert score(alt=alt, bilirubin=bilirubin).results["quadrant"] == quadrant


def test_the_quadrant_can_stand_on_alt_alone():
    high_ast = {"alt": "40", "ast": "700"}
    assert score(**high_ast).results["quadrant"] == "hys_law"
    assert score({"quadrant": "alt"}, **high_ast).results["quadrant"] == "cholestasis"
    assert score({"quadrant": "alt"}, **high_ast).value is True
