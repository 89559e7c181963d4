"""Classification: published cases, every limit from both sides, and where the three sets part ways."""

from decimal import Decimal

import pytest

from equipoise import instruments

EULAR, SLICC, ACR = (instruments.get(name) for name in ("eular_acr_2019", "slicc_2012", "acr_1997"))


def judged(criteria, *present, **other):
    """A patient with these criteria present and every other question answered with absent or no."""
    answers = {q.id: False if q.type == "yes_no" else "absent" for q in criteria.inputs}
    return criteria.score(answers | dict.fromkeys(present, "present") | other)


def eular(*present, ana_positive=True):
    return judged(EULAR, *present, ana_positive=ana_positive)


# --- EULAR/ACR 2019 -------------------------------------------------------------------------------------------------


def test_three_blood_criteria_give_the_points_of_one():
    """Public test-case document for these criteria, TC-MAX-HEMA-01: score 4, eligible, not classified."""
    result = eular("leukopenia", "thrombocytopenia", "autoimmune_haemolysis")
    assert (result.results["score"], result.results["eligible"], result.value) == (4, True, False)


def test_class_iii_or_iv_nephritis_with_ana_is_enough_by_itself():
    """Public test-case document for these criteria, TC-MAX-RENAL-01: score 10, classified."""
    result = eular("proteinuria", "biopsy_ii_v", "biopsy_iii_iv")
    assert (result.results["score"], result.value) == (10, True)


@pytest.mark.parametrize(
    ("present", "score", "classified"),
    [
        (("acute_pericarditis", "leukopenia"), 9, False),
        (("joint_involvement", "proteinuria"), 10, True),
        (("joint_involvement", "effusion"), 11, True),
    ],
)
def test_ten_points_classify_nine_do_not(present, score, classified):
    result = eular(*present)
    assert (result.results["score"], result.value) == (score, classified)


def test_twelve_immunologic_points_do_not_classify_without_a_clinical_criterion():
    antibodies = ("anticardiolipin", "low_c3", "low_c4", "anti_dsdna")
    assert (eular(*antibodies).results["score"], eular(*antibodies).value) == (12, False)
    assert eular(*antibodies, "fever").value is True


def test_without_ana_nobody_is_classified_whatever_the_score():
    everything = eular(*(q.id for q in EULAR.inputs if q.type == "state"), ana_positive=False)
    assert (everything.results["score"], everything.value) == (51, False)


@pytest.mark.parametrize(("low", "points"), [((), 0), (("low_c3",), 3), (("low_c4",), 3), (("low_c3", "low_c4"), 4)])
def test_one_low_complement_gives_three_points_and_both_give_four(low, points):
    assert eular(*low).results["complement"] == points


def test_what_another_cause_explains_does_not_count():
    assert judged(EULAR, "joint_involvement", ana_positive=True, fever="not_attributable").results["score"] == 6


def test_a_classification_can_be_certain_although_most_is_unknown():
    result = EULAR.score({"ana_positive": True, "biopsy_iii_iv": "present"})
    assert (result.value, result.unknown, result.results["score"]) == (True, (), None)
    assert (result.results["score_at_least"], result.results["score_at_most"]) == (10, 51)


def test_only_what_could_still_raise_the_points_is_named_as_lacking():
    still_open = dict.fromkeys(("ana_positive", "leukopenia", "low_c4", "fever", "joint_involvement"))
    result = judged(EULAR, "autoimmune_haemolysis", "low_c3", **still_open)
    assert result.unknown == ("ana_positive", "fever", "joint_involvement", "low_c4")


# --- SLICC 2012 -----------------------------------------------------------------------------------------------------

THREE = ("synovitis", "serositis", "ana")


@pytest.mark.parametrize(("more", "classified"), [((), False), (("renal",), True), (("renal", "neurologic"), True)])
def test_slicc_takes_four_criteria(more, classified):
    assert judged(SLICC, *THREE, *more).value is classified


def test_slicc_takes_one_of_either_kind():
    clinical = ("synovitis", "serositis", "renal", "neurologic", "thrombocytopenia")
    immunologic = ("ana", "anti_dsdna", "anti_sm", "low_complement")
    assert judged(SLICC, *clinical).value is False
    assert judged(SLICC, *immunologic).value is False


def test_leukopenia_and_lymphopenia_are_one_criterion():
    assert judged(SLICC, "leukopenia", "lymphopenia").results["count"] == 1


def test_a_coombs_test_counts_only_without_haemolytic_anaemia():
    assert judged(SLICC, "direct_coombs").results["immunologic"] == 1
    assert dict(judged(SLICC, "direct_coombs", "haemolytic_anaemia").results) == {
        "classified": False, "count": 1, "clinical": 1, "immunologic": 0, "nephritis_suffices": False,
    }  # fmt: skip


def test_a_new_haemolytic_anaemia_can_undo_a_classification_that_rested_on_the_coombs_test():
    four = ("synovitis", "serositis", "renal", "direct_coombs")
    assert judged(SLICC, *four).value is True
    assert judged(SLICC, *four, "haemolytic_anaemia").value is False
    assert judged(SLICC, *four, haemolytic_anaemia=None).value is None


def test_with_another_antibody_it_does_not_matter_whether_there_is_haemolysis():
    result = judged(SLICC, "synovitis", "serositis", "ana", "direct_coombs", haemolytic_anaemia=None)
    assert (result.value, result.results["count"]) == (True, 4)
    assert (result.results["clinical"], result.results["immunologic"]) == (None, None)


@pytest.mark.parametrize(("antibody", "classified"), [("ana", True), ("anti_dsdna", True), ("anti_sm", False)])
def test_nephritis_on_biopsy_with_ana_or_anti_dsdna_is_enough(antibody, classified):
    assert judged(SLICC, "nephritis_biopsy", antibody).value is classified


def test_a_patient_short_of_immunology_is_not_asked_for_more_organs():
    result = judged(SLICC, "synovitis", "serositis", "renal", "neurologic", anti_sm=None, thrombocytopenia=None)
    assert (result.value, result.unknown) == (None, ("anti_sm",))


# --- ACR 1997 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("more", "classified"), [((), False), (("ana",), True), (("ana", "seizures"), True)])
def test_acr_takes_four_criteria(more, classified):
    assert judged(ACR, "malar_rash", "arthritis", "oral_ulcers", *more).value is classified


def test_several_signs_of_one_criterion_are_one():
    blood = ("haemolytic_anaemia", "leukopenia", "lymphopenia", "thrombocytopenia")
    immunology = ("anti_dsdna", "anti_sm", "antiphospholipid")
    organs = ("pleuritis", "pericarditis", "proteinuria", "cellular_casts", "seizures", "psychosis")
    assert judged(ACR, *blood, *immunology, *organs).results["count"] == 5


def test_acr_counts_skin_alone_and_slicc_does_not():
    assert judged(ACR, "malar_rash", "discoid_rash", "photosensitivity", "oral_ulcers").value is True
    assert (
        judged(SLICC, "acute_cutaneous", "chronic_cutaneous", "oral_or_nasal_ulcers", "nonscarring_alopecia").value
        is False
    )


# --- Limits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criteria", "limit", "below", "at", "above"),
    [
        (EULAR, "fever", False, False, True),
        (EULAR, "ana_titre", False, True, True),
        (EULAR, "proteinuria", False, False, True),
        (EULAR, "leukopenia", True, False, False),
        (EULAR, "thrombocytopenia", True, False, False),
        (SLICC, "leukopenia", True, False, False),
        (SLICC, "lymphopenia", True, False, False),
        (SLICC, "thrombocytopenia", True, False, False),
        (SLICC, "proteinuria", False, True, True),
        (SLICC, "anti_dsdna_elisa", False, False, True),
        (ACR, "leukopenia", True, False, False),
        (ACR, "lymphopenia", True, False, False),
        (ACR, "thrombocytopenia", True, False, False),
        (ACR, "proteinuria", False, False, True),
        (ACR, "occasions", False, True, True),
    ],
)
def test_a_laboratory_limit_counts_on_the_published_side(criteria, limit, below, at, above):
    threshold, step = criteria.thresholds[limit], Decimal("0.01")
    values = (threshold.value - step, threshold.value, threshold.value + step)
    assert tuple(map(threshold.met, values)) == (below, at, above)


def test_lymphocytes_of_1_2_are_low_for_acr_and_not_for_slicc():
    low = {criteria.id: criteria.thresholds["lymphopenia"].met(Decimal("1.2")) for criteria in (ACR, SLICC)}
    assert low == {"acr_1997": True, "slicc_2012": False}
    assert "lymphopenia" not in EULAR.thresholds
