"""The responder index: the worked examples, every limit from both sides, what cannot be judged and what is unknown."""

from decimal import Decimal

import pytest

from equipoise import instruments
from equipoise.instruments.response.bilag_change import GRADES, SYSTEMS

SRI = instruments.get("sri")

# SLEDAI fell from 10 to 6; every system is C as it was; PGA is where it was.
IMPROVED = {f"{system}_{when}": "C" for system in SYSTEMS for when in ("now", "baseline")} | {
    "sledai_baseline": 10, "sledai_now": 6, "pga_baseline": Decimal("1.2"), "pga_now": Decimal("1.2"),
    "treatment_failure": False,
}  # fmt: skip


def sri(variant="sri_4", settings=None, **changed):
    written = {name: Decimal(value) if name.startswith("pga") and value else value for name, value in changed.items()}
    return SRI.score(IMPROVED | written, variant=variant, settings=settings or {})


def test_the_grades_and_systems_are_those_of_bilag_2004():
    assert len(SYSTEMS) == 9
    assert {question.codes for question in SRI.inputs if question.group.startswith("bilag")} == {GRADES}


# --- Worked examples ------------------------------------------------------------------------------------------------


def test_a_b_kept_and_one_b_from_c_with_a_little_more_pga_is_a_response():
    result = sri(renal_baseline="B", renal_now="B", mucocutaneous_now="B", pga_now="1.4")
    assert (result.value, result.results["responder"], result.results["new_b"]) == ("yes", True, 1)
    assert result.contributions == {}


def test_a_rise_of_exactly_0_3_is_worse_although_binary_floats_say_less():
    assert 2.3 - 2.0 < 0.3  # what a program on floats would compare
    result = sri(pga_baseline="2.0", pga_now="2.3")
    assert (result.value, result.results["pga_not_worse"]) == ("no", False)
    assert result.contributions == {"pga_not_worse": "not_met"}


def test_a_b_reached_from_a_is_an_improvement():
    result = sri(renal_baseline="A", renal_now="B", musculoskeletal_baseline="A", musculoskeletal_now="B")
    assert (result.value, result.results["new_b"]) == ("yes", 0)


@pytest.mark.parametrize("baseline", ["C", "D", "E"])
def test_two_new_bs_are_one_too_many(baseline):
    one = {"renal_baseline": baseline, "renal_now": "B"}
    two = one | {"ophthalmic_baseline": baseline, "ophthalmic_now": "B"}
    assert [(r.value, r.results["new_b"]) for r in (sri(**one), sri(**two))] == [("yes", 1), ("no", 2)]


@pytest.mark.parametrize("baseline", ["B", "C", "D", "E"])
def test_one_new_a_is_too_many(baseline):
    """Both conditions are asked: "no new A *or* at most one new B" in the abstract of 2009 is "and" in 2014."""
    result = sri(renal_baseline=baseline, renal_now="A")
    assert (result.value, result.results["new_a"], result.results["new_b"]) == ("no", 1, 0)
    assert sri(renal_baseline="A", renal_now="A").value == "yes"


def test_treatment_failure_is_no_response():
    assert sri(treatment_failure=True).contributions == {"no_treatment_failure": "not_met"}


# --- Limits from both sides -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [4, 5, 6, 7, 8])
def test_the_fall_of_each_variant(k):
    falls = [sri(f"sri_{k}", sledai_baseline=20, sledai_now=20 - fall).value for fall in (k - 1, k, k + 1)]
    assert falls == ["no", "yes", "yes"]


@pytest.mark.parametrize("k", [4, 5, 6, 7, 8])
def test_below_k_at_baseline_a_response_cannot_be_judged(k):
    judged = [sri(f"sri_{k}", sledai_baseline=baseline, sledai_now=0) for baseline in (k - 1, k, k + 1)]
    assert [result.value for result in judged] == ["not_evaluable", "yes", "yes"]
    assert [result.results["responder"] for result in judged] == [False, True, True]


def test_the_rise_of_pga():
    assert [sri(pga_now=now).value for now in ("1.49", "1.5", "1.51")] == ["yes", "no", "no"]


# --- What is unknown ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sledai_now", "pga_now", "pga_baseline", "treatment_failure"])
def test_a_missing_answer_is_unknown_unless_the_analysis_counts_it_as_no(name):
    result = sri(**{name: None})
    assert (result.value, result.results["responder"], result.unknown) == (None, None, (name,))
    counted = sri(settings={"missing_is_no_response": "yes"}, **{name: None})
    assert (counted.value, counted.results["responder"], counted.unknown) == ("no", False, ())


def test_what_cannot_be_judged_is_not_counted_as_no():
    counted = sri(settings={"missing_is_no_response": "yes"}, sledai_baseline=3, pga_now=None)
    assert counted.value == "not_evaluable"


def test_a_missing_grade_matters_only_where_it_could_be_new():
    assert sri(renal_now=None).unknown == ("renal_now",)
    assert sri(renal_now=None, renal_baseline="A").value == "yes"
    assert sri(renal_baseline=None).value == "yes"
    assert sri(renal_baseline=None, renal_now="A").unknown == ("renal_baseline",)
    # One B that may be new is allowed; a second one makes the first matter.
    assert sri(renal_baseline=None, renal_now="B").value == "yes"
    second = sri(renal_baseline=None, renal_now="B", ophthalmic_now="B")
    assert (second.value, second.unknown) == (None, ("renal_baseline",))


def test_a_pga_that_cannot_have_risen_is_known_without_its_baseline():
    assert sri(pga_now="0.29", pga_baseline=None).value == "yes"
    assert sri(pga_now="0.3", pga_baseline=None).value is None


def test_without_a_baseline_sledai_no_response_is_sure_but_not_whether_one_was_possible():
    result = sri(sledai_baseline=None, treatment_failure=True)
    assert (result.value, result.results["responder"], result.unknown) == (None, False, ("sledai_baseline",))
    assert sri(sledai_baseline=3, sledai_now=None).value == "not_evaluable"
