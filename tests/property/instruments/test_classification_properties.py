"""The three sets of criteria against oracles written from the papers, with gaps filled in every possible way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from tests.property.instruments.completions_by_hand import full_answers, some_of, what_all_agree_on, without

EULAR, SLICC, ACR = (instruments.get(name) for name in ("eular_acr_2019", "slicc_2012", "acr_1997"))
few = settings(max_examples=60, deadline=None)


def points(table, world):
    return max((weight for name, weight in table.items() if world[name] == "present"), default=0)


def eular_by_hand(world):
    """Aringer 2019, table of weights, written out a second time."""
    both = {"low_c3", "low_c4"} <= {name for name, answer in world.items() if answer == "present"}
    clinical = {
        "constitutional": points({"fever": 2}, world),
        "haematologic": points({"leukopenia": 3, "thrombocytopenia": 4, "autoimmune_haemolysis": 4}, world),
        "neuropsychiatric": points({"delirium": 2, "psychosis": 3, "seizure": 5}, world),
        "mucocutaneous": points(
            {"nonscarring_alopecia": 2, "oral_ulcers": 2, "subacute_or_discoid": 4, "acute_cutaneous": 6}, world
        ),
        "serosal": points({"effusion": 5, "acute_pericarditis": 6}, world),
        "musculoskeletal": points({"joint_involvement": 6}, world),
        "renal": points({"proteinuria": 4, "biopsy_ii_v": 8, "biopsy_iii_iv": 10}, world),
    }
    immunologic = {
        "antiphospholipid": points({"anticardiolipin": 2, "anti_beta2gp1": 2, "lupus_anticoagulant": 2}, world),
        "complement": 4 if both else points({"low_c3": 3, "low_c4": 3}, world),
        "sle_antibodies": points({"anti_dsdna": 6, "anti_sm": 6}, world),
    }
    score = sum(clinical.values()) + sum(immunologic.values())
    any_clinical = any(clinical.values())
    classified = world["ana_positive"] and score >= 10 and any_clinical
    return {"classified": classified, "eligible": world["ana_positive"], "score": score, "clinical": any_clinical,
            **clinical, **immunologic}  # fmt: skip


def slicc_by_hand(world):
    """Petri 2012."""
    has = {name for name, answer in world.items() if answer == "present"}
    organs = {"acute_cutaneous", "chronic_cutaneous", "oral_or_nasal_ulcers", "nonscarring_alopecia", "synovitis",
              "serositis", "renal", "neurologic", "haemolytic_anaemia", "thrombocytopenia"}  # fmt: skip
    clinical = len(has & organs)
    clinical += "leukopenia" in has or "lymphopenia" in has
    immunologic = len(has & {"ana", "anti_dsdna", "anti_sm", "antiphospholipid", "low_complement"})
    immunologic += "direct_coombs" in has and "haemolytic_anaemia" not in has
    nephritis = "nephritis_biopsy" in has and bool(has & {"ana", "anti_dsdna"})
    enough = clinical + immunologic >= 4 and clinical >= 1 and immunologic >= 1
    return {"classified": nephritis or enough, "count": clinical + immunologic, "clinical": clinical,
            "immunologic": immunologic, "nephritis_suffices": nephritis}  # fmt: skip


def acr_by_hand(world):
    """Tan 1982 and Hochberg 1997."""
    has = {name for name, answer in world.items() if answer == "present"}
    criteria = [
        {"malar_rash"}, {"discoid_rash"}, {"photosensitivity"}, {"oral_ulcers"}, {"arthritis"},
        {"pleuritis", "pericarditis"}, {"proteinuria", "cellular_casts"}, {"seizures", "psychosis"},
        {"haemolytic_anaemia", "leukopenia", "lymphopenia", "thrombocytopenia"},
        {"anti_dsdna", "anti_sm", "antiphospholipid"}, {"ana"},
    ]  # fmt: skip
    count = sum(bool(has & criterion) for criterion in criteria)
    return {"classified": count >= 4, "count": count}


SETS = [pytest.param(EULAR, eular_by_hand, id="eular"), pytest.param(SLICC, slicc_by_hand, id="slicc"),
        pytest.param(ACR, acr_by_hand, id="acr")]  # fmt: skip
every_set = pytest.mark.parametrize(("criteria", "by_hand"), SETS)


@every_set
@few
@given(data=st.data())
def test_a_result_is_known_exactly_when_every_way_of_filling_the_gaps_agrees(criteria, by_hand, data):
    answers = data.draw(full_answers(criteria, likely=data.draw(st.sampled_from([1, 3, 5]))))
    hidden = data.draw(some_of(answers, 6))
    result = criteria.score(without(answers, hidden))
    expected = what_all_agree_on(criteria, answers, hidden, by_hand)
    assert {name: result.results[name] for name in expected} == expected


@every_set
@few
@given(data=st.data())
def test_answering_what_is_named_as_lacking_is_enough(criteria, by_hand, data):
    answers = data.draw(full_answers(criteria, likely=3))
    hidden = data.draw(some_of(answers, len(answers)))
    result = criteria.score(without(answers, hidden))
    assert (result.value is None) == bool(result.unknown)
    assert set(result.unknown) <= hidden
    completed = criteria.score(without(answers, hidden - set(result.unknown)))
    assert completed.value == by_hand(answers)["classified"]


@few
@given(data=st.data())
def test_the_bounds_of_the_points_are_the_least_and_the_most_of_all_completions(data):
    answers = data.draw(full_answers(EULAR, likely=2))
    hidden = data.draw(some_of(answers, len(answers)))
    result = EULAR.score(without(answers, hidden))
    nothing = dict.fromkeys(hidden - {"ana_positive"}, "absent")
    everything = dict.fromkeys(hidden - {"ana_positive"}, "present")
    assert result.results["score_at_least"] == eular_by_hand(answers | nothing)["score"]
    assert result.results["score_at_most"] == eular_by_hand(answers | everything)["score"]
    assert sum(result.contributions.values()) == result.results["score_at_least"]


@few
@given(data=st.data())
def test_haemolytic_anaemia_alone_can_undo_a_classification_and_only_through_the_coombs_test(data):
    answers = data.draw(full_answers(SLICC, likely=2))
    without_it, with_it = (SLICC.score(answers | {"haemolytic_anaemia": state}) for state in ("absent", "present"))
    if without_it.value and not with_it.value:
        assert answers["direct_coombs"] == "present"
        assert with_it.results["immunologic"] == 0
    if answers["direct_coombs"] == "absent":
        assert with_it.results["count"] == without_it.results["count"] + 1
