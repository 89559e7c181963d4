"""The damage index against an oracle written from the list, with gaps filled in every possible way."""

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from tests.property.instruments.completions_by_hand import full_answers, some_of, what_all_agree_on, without

SDI = instruments.get("sdi")
few = settings(max_examples=60, deadline=None)

# Gladman 1996, written out a second time; the items in capitals count up to 2.
LIST = {
    "ocular": "cataract retina_or_optic_nerve",
    "neuropsychiatric": "cognition_or_psychosis seizures STROKE neuropathy transverse_myelitis",
    "renal": "gfr_below_half nephrotic_proteinuria",
    "pulmonary": "pulmonary_hypertension pulmonary_fibrosis shrinking_lung pleural_fibrosis pulmonary_infarction",
    "cardiovascular": "angina_or_bypass MYOCARDIAL_INFARCTION cardiomyopathy valvular_disease pericarditis",
    "peripheral_vascular": "claudication minor_tissue_loss MAJOR_TISSUE_LOSS venous_thrombosis",
    "gastrointestinal": "INFARCTION_OR_RESECTION mesenteric_insufficiency chronic_peritonitis stricture_or_surgery "
    "pancreatic_insufficiency",
    "musculoskeletal": "muscle_atrophy deforming_arthritis osteoporotic_fracture AVASCULAR_NECROSIS osteomyelitis "
    "tendon_rupture",
    "skin": "scarring_alopecia extensive_scarring skin_ulcer",
    "gonadal": "gonadal_failure",
    "diabetes_mellitus": "diabetes",
    "malignancy": "MALIGNANT_TUMOURS",
}
WORDS = {"none": 0, "one": 1, "more_than_one": 2, False: 0, True: 1}
ITEMS = [name.lower() for names in LIST.values() for name in names.split()] + ["end_stage_renal"]


def by_hand(world):
    domains = {domain: sum(WORDS[world[name.lower()]] for name in names.split()) for domain, names in LIST.items()}
    if world["end_stage_renal"]:
        domains["renal"] = 3
    total, earlier = sum(domains.values()), world["previous_total"]
    return {"total": total, "running_maximum": max(total, earlier), "fell": total < earlier, **domains}


def test_the_list_has_41_items_in_12_systems():
    assert sorted(ITEMS) == sorted(set(SDI.input_by_id) - {"previous_total"})
    assert (len(ITEMS), len(LIST)) == (41, 12)


@few
@given(data=st.data())
def test_a_result_is_known_exactly_when_every_way_of_filling_the_gaps_agrees(data):
    answers = data.draw(full_answers(SDI, likely=4))
    hidden = data.draw(some_of(ITEMS, 4) | st.sets(st.sampled_from([*LIST["renal"].split(), "end_stage_renal"])))
    result = SDI.score(without(answers, hidden))
    expected = what_all_agree_on(SDI, answers, hidden, by_hand)
    assert dict(result.results) == {name: expected[name] for name in SDI.results}


@few
@given(data=st.data())
def test_the_bounds_hold_every_completion_and_what_is_named_as_lacking_is_enough(data):
    answers = data.draw(full_answers(SDI, likely=3))
    hidden = data.draw(some_of(ITEMS, 41))
    result = SDI.score(without(answers, hidden))
    assert result.lower <= by_hand(answers)["total"] <= result.upper
    assert sum(result.contributions.values()) == result.lower
    assert (result.lower == result.upper) == (result.value is not None)
    assert SDI.score(without(answers, hidden - set(result.unknown))).value == by_hand(answers)["total"]
