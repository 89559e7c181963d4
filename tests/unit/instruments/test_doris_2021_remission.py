"""DORIS 2021: every limit from both sides, the two readings of the conflicting ones, and what is unknown."""

from decimal import Decimal

import pytest

from equipoise import instruments

DORIS = instruments.get("doris_2021")
IN_REMISSION = {
    "clinical_sledai": 0, "pga": Decimal("0.2"), "prednisolone_daily": Decimal(0), "stable_treatment": True,
}  # fmt: skip


def remission(settings=None, **changed):
    return DORIS.score(IN_REMISSION | changed, settings=settings or {}).value


def test_a_patient_without_activity_is_in_remission_whatever_the_serology():
    """The definition asks the clinical SLEDAI, so that no answer about complement or anti-dsDNA can enter."""
    assert remission() is True
    assert not {"low_complement", "increased_dna", "sledai_2k"} & set(DORIS.input_by_id)


def test_any_clinical_point_ends_it():
    assert [remission(clinical_sledai=points) for points in (0, 1, 2)] == [True, False, False]


@pytest.mark.parametrize(
    ("limit", "expected"), [("below_0_5", [True, False, False]), ("at_most_0_5", [True, True, False])]
)
def test_the_two_wordings_of_the_pga_limit(limit, expected):
    assert [remission({"pga_limit": limit}, pga=Decimal(pga)) for pga in ("0.49", "0.5", "0.51")] == expected


@pytest.mark.parametrize(("limit", "expected"), [("at_most_5", [True, True, False]), ("below_5", [True, False, False])])
def test_the_two_readings_of_the_prednisolone_limit(limit, expected):
    """5 mg or less in the abstract, below 5 mg in table 2 of the same paper."""
    doses = [Decimal(dose) for dose in ("4.99", "5", "5.01")]
    assert [remission({"prednisolone_limit": limit}, prednisolone_daily=dose) for dose in doses] == expected


def test_the_defaults_are_below_0_5_and_5_mg_or_less():
    assert remission(pga=Decimal("0.5")) is False
    assert remission(prednisolone_daily=Decimal(5)) is True


def test_a_missing_answer_is_unknown_unless_another_criterion_is_broken():
    result = DORIS.score(IN_REMISSION | {"stable_treatment": None})
    assert (result.value, result.unknown) == (None, ("stable_treatment",))
    broken = DORIS.score({"pga": Decimal(2)})
    assert (broken.value, broken.unknown, broken.contributions) == (False, (), {"pga_low": "not_met"})
