"""The composite assessment: improvement of every active system, every limit from both sides, what is unknown."""

from decimal import Decimal

import pytest

from equipoise import instruments
from equipoise.instruments.response.bilag_change import SYSTEMS

BICLA = instruments.get("bicla")

# One system fell from A to B, one from B to C; everything else is as it was.
IMPROVED = {f"{system}_{when}": "D" for system in SYSTEMS for when in ("now", "baseline")} | {
    "renal_baseline": "A", "renal_now": "B", "mucocutaneous_baseline": "B", "mucocutaneous_now": "C",
    "sledai_baseline": 10, "sledai_now": 10, "pga_baseline": Decimal("2.0"), "pga_now": Decimal("2.0"),
    "treatment_failure": False,
}  # fmt: skip


def bicla(settings=None, **changed):
    written = {name: Decimal(value) if name.startswith("pga") and value else value for name, value in changed.items()}
    return BICLA.score(IMPROVED | written, settings=settings or {})


def test_every_active_system_one_grade_better_is_a_response_without_any_fall_of_sledai():
    result = bicla()
    assert (result.value, result.results["responder"], result.contributions) == ("yes", True, {})


@pytest.mark.parametrize(
    ("system", "criterion", "better"), [("renal", "a_improved", "BCD"), ("mucocutaneous", "b_improved", "CD")]
)
@pytest.mark.parametrize("now", ["A", "B", "C", "D"])
def test_which_grades_are_an_improvement(system, criterion, better, now):
    result = bicla(**{f"{system}_now": now})
    assert result.results[criterion] is (now in better)
    assert result.value == ("yes" if now in better else "no")


def test_one_new_b_is_allowed_two_are_not_and_a_b_from_a_is_none():
    one, two = bicla(ophthalmic_now="B"), bicla(ophthalmic_now="B", musculoskeletal_now="B")
    assert [(r.value, r.results["new_b"]) for r in (bicla(), one, two)] == [("yes", 0), ("yes", 1), ("no", 2)]


def test_a_new_a_breaks_it():
    result = bicla(ophthalmic_now="A")
    assert (result.value, result.results["new_a"]) == ("no", 1)
    assert set(result.contributions) == {"no_a_now", "no_new_a"}


def test_sledai_must_not_rise():
    assert [bicla(sledai_now=now).value for now in (9, 10, 11)] == ["yes", "yes", "no"]


def test_the_two_readings_of_the_pga_limit_part_at_0_3():
    """Below 0.3 as in the TULIP trials, or 10 % of the scale at most as eProvide describes it."""
    values = ("2.29", "2.3", "2.31")
    assert [bicla(pga_now=now).value for now in values] == ["yes", "no", "no"]
    assert [bicla({"pga_rise": "at_most_0_3"}, pga_now=now).value for now in values] == ["yes", "yes", "no"]


def test_without_an_a_or_b_at_baseline_there_is_nothing_to_improve():
    quiet = {"renal_baseline": "C", "renal_now": "D", "mucocutaneous_baseline": "C"}
    result = bicla(**quiet)
    assert (result.value, result.results["responder"]) == ("not_evaluable", False)
    assert bicla({"needs_active_baseline": "no"}, **quiet).value == "yes"


def test_treatment_failure_is_no_response():
    assert bicla(treatment_failure=True).contributions == {"no_treatment_failure": "not_met"}


def test_a_missing_answer_is_unknown_unless_the_analysis_counts_it_as_no():
    assert (bicla(renal_now=None).value, bicla(renal_now=None).unknown) == (None, ("renal_now",))
    assert bicla({"missing_is_no_response": "yes"}, renal_now=None).value == "no"


def test_an_a_now_is_no_response_whatever_it_was_at_baseline():
    """A at baseline did not improve; anything else became a new A."""
    result = bicla(ophthalmic_now="A", ophthalmic_baseline=None)
    assert (result.value, result.results["a_improved"], result.results["no_new_a"]) == ("no", None, None)
    assert result.contributions == {"no_a_now": "not_met"}


def test_whether_a_response_was_possible_can_hang_on_one_missing_baseline():
    quiet = {"renal_baseline": "C", "renal_now": "D", "mucocutaneous_baseline": None, "mucocutaneous_now": "C"}
    result = bicla(**quiet)
    assert (result.value, result.results["responder"], result.unknown) == (None, None, ("mucocutaneous_baseline",))
    assert bicla(treatment_failure=True, **quiet).results["responder"] is False
