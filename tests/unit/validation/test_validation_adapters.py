"""The words of other programs reach the right questions: each number below is made by hand from the published rule."""

from decimal import Decimal

import pytest

from equipoise.instruments.registry import all_instruments
from equipoise.validation import run
from equipoise.validation.adapters import adapter_of, adapters
from equipoise.validation.cases import Case


def finding(method, inputs, expected):
    (found,) = run([Case("instruments", method, inputs, expected, "by hand", "x")])
    return found


BY_HAND = [
    # SLEDAI: weights of Bombardier 1992.
    ("sledai_selena", {"items": ["arthritis", "rash", "Low complement"]}, 8),
    ("sledai_2k", {"arthritis": 1, "hematuria": 0, "anti_dsdna": True}, {"total": 6, "clinical": 4}),
    ("sledai_2k", {"count_weight_1": 4}, "ERROR"),
    ("sledai_2k_band", {"banding": "0 / 1-5 / 6-10 / 11-19 / >=20", "score": 20}, "very_high"),
    ("sledai_2k_band", {"banding": "0 / 1-4 / 5-10 / >10", "score": 4}, "low"),
    # Flare index: 60 kg, so that the limit is 30 mg.
    ("sfi_classic", {"sledai": 4, "weight_kg": 60, "hospitalized": False, "pga": 1, "new_or_worse": [],
      "previous": {"sledai": 4, "pga": 1, "prednisone_mg_day": 20}, "treatment": {"prednisone_mg_day": 30}},
     "mild_moderate"),
    ("sfi_classic", {"sledai": 14, "weight_kg": 60, "hospitalised": False, "pga": 1, "new_or_worse": [],
      "previous": {"sledai": 10, "pga": 1, "prednisone_mg_day": 20}, "treatment": {"change": "none"}}, "severe"),
    ("sfi_belimumab_modified", {"sledai": 14, "weight_kg": 60, "hospitalised": False, "pga": 1, "new_or_worse": [],
      "previous": {"sledai": 10, "pga": 1, "prednisone_mg_day": 20}, "treatment": {"change": "none"}},
     "mild_moderate"),
    ("sfi_classic", {"sledai": 4, "weight_kg": 60, "hospitalised": False, "pga": 1, "new_or_worse": [],
      "previous": {"sledai": 4, "pga": 1, "prednisone_mg_day": 5}, "treatment": {"azathioprine": "added"}}, "severe"),
    ("sfi_classic", {"sledai": 4, "weight_kg": 60, "hospitalised": False, "pga": 1, "new_or_worse": [],
      "previous": {"sledai": 4, "pga": 1, "prednisone_mg_day": 5}, "treatment": {"azathioprine": "increased"}}, "none"),
    # BILAG-2004: worked examples of the lists, in any order of items.
    ("bilag2004_constitutional", {"pyrexia": 4, "weight_loss": 1, "anorexia": 0}, "B"),
    ("bilag2004_mucocutaneous", {"9": 1, "5": 3}, "A"),
    ("bilag2004_musculoskeletal", {"41_arthritis_severe": 1, "item_43": 2}, "B"),
    ("bilag2004_ophthalmic", {"all_items": "ND"}, "NA"),
    ("bilag2004_renal", {"pcr": 130, "prev": {"pcr": 120}}, "B"),
    ("bilag2004_renal", {"pcr": 130, "sediment": 1, "prev": {"pcr": 120}}, "A"),
    ("bilag2004_renal", {"pcr": 110, "prev": {"pcr": 160}}, "C"),
    ("bilag2004_haematological", {"hb": 7.9, "haemolysis": 1}, "A"),
    ("bilag2004_haematological", {"hb": 79}, "B"),
    ("bilag2004_haematological", {"platelets": 60}, "C"),
    ("bilag2004_haematological", {"ttp": 1}, "B"),
    ("bilag2004_haematological", {"previous_involvement": True}, "D"),
    ("bilag2004_numeric", {"A": 1, "B": 2, "C": 1, "D": 5}, 29),
    ("bilag2004_tally", {"constitutional": "B", "haematological": "C", "renal": "C", "others": "D"},
     {"A": 0, "B": 1, "C": 2, "D": 6, "E": 0}),
    ("bilag2004_flare", {"new_or_worse_grades": {"B": 2}}, "moderate"),
    ("bilag2004_flare", {"new_or_worse_grades": {"C": 2}}, "none"),
    ("bilag2004_flare", {"new_or_worse_grades": {"B": 10}}, "ERROR"),
    ("bilag_classic", {"renal": "A", "others": "E"}, 9),
    # SLE-DAS: the published examples, printed with two places.
    ("sle_das", {"swollen_joints": 3, "low_complement": 1}, Decimal("5.61")),
    ("sle_das", {"proteinuria_mg_24h": 1200, "anti_dsdna": 1}, Decimal("10.76")),
    ("sle_das_consistency", {"local_rash": 1, "generalized_rash": 1}, "reject"),
    ("sle_das_consistency", {"platelets_1e9_l": 99, "thrombocytopenia_flag": 1}, "valid"),
    ("pga", {"mm": 38, "length": 100}, Decimal("1.14")),
    ("pga", {"value": 5, "scale": 10}, Decimal("1.5")),
    # Targets and response.
    ("lldas", {"sledai_2k": 4, "pga": 1, "prednisolone_mg_day": 7.5, "new_activity": False}, True),
    ("lldas", {"sledai_2k": 4, "pga": 1, "prednisolone_mg_day": 7.5, "new_activity": False,
      "major_organ_activity": True}, False),
    ("doris_2021", {"csledai": 0, "pga": 0.5, "prednisolone_mg_day": 0}, False),
    ("sri", {"sledai_baseline": 10, "sledai_now": 6, "pga_baseline": 1.2, "pga_now": 1.4,
      "bilag_baseline": {"renal": "B", "mucocutaneous": "C"}, "bilag_now": {"renal": "B", "mucocutaneous": "B"}}, True),
    ("sri_5", {"sledai_baseline": 10, "sledai_now": 6, "pga_baseline": 1, "pga_now": 1}, False),
    ("sri_4", {"sledai_baseline": 3, "sledai_now": 0, "pga_baseline": 1, "pga_now": 1}, "NA"),
    ("bicla", {"sledai_baseline": 10, "sledai_now": 10, "pga_baseline": 1, "pga_now": 1,
      "bilag_baseline": {"renal": "A"}, "bilag_now": {"renal": "B"}}, True),
    # Classification and damage.
    ("eular_acr_2019", {"ana_positive": True, "criteria": ["fever", "oral_ulcers", "joints", "low_c3_or_c4"]},
     {"classified": True, "score": 13}),
    ("eular_acr_2019", {"ana_positive": True, "criteria": ["anti_sm", "low_c3_and_c4"]},
     {"classified": False, "score": 10}),
    ("slicc_2012", {"criteria": ["malar_rash", "arthritis", "ana", "anti_dsdna"]}, True),
    ("acr_1997", {"criteria": ["malar_rash", "arthritis", "ana"]}, False),
    ("sdi", {"renal": 3}, 3),
    ("sdi", {"cardiovascular": 6, "diabetes": 1, "malignancy": 2}, 9),
    ("sdi", {"diabetes": 2}, "ERROR"),
    ("sdi", {"cataract": 1, "myocardial_infarction": "one"}, 2),
    # Laboratory.
    ("cockcroft_gault", {"age": 45, "sex": "F", "weight_kg": 55, "creatinine": 70, "unit": "umol/L"},
     {"value": Decimal("77.90"), "round": 2}),
    ("ckd_epi_2021", {"age": 40, "sex": "F", "creatinine": 0.9, "unit": "mg/dL"},
     {"value": Decimal("82.88"), "round": 2}),
    ("ckd_epi_2021", {"age": 40, "sex": "F", "creatinine": 0.9, "unit": "mg"}, "NA"),
    ("hys_law", {"alt": 120, "ast": 40, "bilirubin": 2.5, "alp": 100,
      "uln": {"alt": 40, "ast": 40, "bilirubin": 1.2, "alp": 120}}, True),
    ("ctcae5_anemia", {"lln": 14, "unit": "g/dL", "value": 10}, 1),
    ("ctcae5_albumin", {"lln": 35, "unit": "g/L", "value": 19}, 3),
    ("ctcae5_alp", {"baseline": "normal", "uln": 100, "value": 251}, 2),
    ("ctcae5_neutrophils", {"lln": 2000, "unit": "/mm3", "value": 499}, 4),
    ("uln_multiple", {"value": 120, "uln": 40}, 3),
    ("upcr", {"mg_per_mmol": 50}, 442),
    ("upcr", {"protein_mg_dl": 50, "creatinine_mg_dl": 100}, 500),
    ("upcr", {"protein_g_l": 1, "creatinine_mmol_l": 10}, 100),
    ("belimumab_dose", {"weight_kg": 5, "mg_per_kg": 2}, "ERROR"),
    ("steroid_equivalence", {"from": "aspirin", "mg": 5}, "ERROR"),
    ("sri", {"sledai_baseline": 10, "sledai_now": None, "pga_baseline": 1, "pga_now": 1}, "NA"),
    ("sle_das", {"proteinuria": 1, "urine_protein_mg_24h": 1200, "anti_dsdna": 1}, Decimal("10.76")),
    ("bilag2004_mucocutaneous", {"one_A_list_item": 9}, "ERROR"),
    ("upcr", {"units": "mg_dl", "protein": 50, "creatinine": 100}, 500),
    # Treatment.
    ("steroid_equivalence", {"from": "methylprednisolone", "mg": 6, "to": "prednisone"}, Decimal("7.5")),
    ("steroid_equivalence", {"from": "prednisone", "mg": 5, "to": "hydrocortisone"}, 20),
    ("belimumab_dose", {"weight_kg": 65, "mg_per_kg": 2},
     {"dose": 130, "ml": Decimal("1.625"), "vials_120": 2, "waste_mg": 110}),
    ("belimumab_dose", {"fixed_mg": 120}, 120),
    # The instruments' own names.
    ("joint_counts", {"tender_knee_left": 1}, "NA"),
    ("sledai_laboratory/sledai_2k", {"white_cells": "2.9", "leukopenia_sle": True}, {"leukopenia": "present"}),
    ("pga/value", {"value": 1}, 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "inputs", "expected"), BY_HAND, ids=[f"{one[0]}-{n}" for n, one in enumerate(BY_HAND)]
)
def test_a_case_made_by_hand_agrees(method, inputs, expected):
    found = finding(method, inputs, expected)
    assert found.verdict == "agree", (found.found, found.reason)


def test_an_unprinted_weight_leaves_a_rise_of_prednisone_open():
    inputs = {"sledai": 4, "hospitalised": False, "pga": 1, "new_or_worse": [], "treatment": {"prednisone_mg_day": 30},
              "previous": {"sledai": 4, "pga": 1, "prednisone_mg_day": 20}}  # fmt: skip
    assert finding("sfi_classic", inputs, "severe").verdict == "open"
    assert finding("sfi_classic", inputs, "none").verdict == "differ"


def test_a_treatment_that_is_no_drug_of_the_index_leaves_it_open():
    inputs = {"sledai": 4, "hospitalised": False, "pga": 1, "new_or_worse": [], "weight_kg": 60,
              "previous": {"sledai": 4, "pga": 1, "prednisone_mg_day": 20, "smoker": True}}  # fmt: skip
    assert finding("sfi_classic", {**inputs, "treatment": {"plasma_exchange": "started"}}, "none").verdict == "open"
    assert finding("sfi_classic", {**inputs, "treatment": {"belimumab": "started"}}, "none").verdict == "agree"


def test_a_ticked_flag_without_its_measurement_leaves_the_score_open():
    assert finding("sle_das", {"thrombocytopenia": 1}, 5).verdict == "open"
    assert (
        finding("sle_das", {"arthritis": 1, "swollen_joints": 3, "low_complement": 1}, Decimal("5.61")).verdict
        == "agree"
    )


def test_a_baseline_that_nobody_knows_is_not_the_same_as_none():
    inputs = {"uln": 40, "value": 61}
    assert finding("ctcae5_creatinine", inputs, 2).verdict == "agree"
    assert finding("ctcae5_creatinine", {**inputs, "baseline_value": None}, "NA").verdict == "agree"
    assert finding("ctcae5_alt", {"uln": 40, "value": 121}, 2).verdict == "agree"


def test_a_manifestation_that_may_be_one_of_the_index_leaves_it_open():
    inputs = {"sledai": 4, "hospitalised": True, "weight_kg": 60, "pga": 1, "treatment": {"change": "none"},
              "previous": {"sledai": 4, "pga": 1, "prednisone_mg_day": 20}}  # fmt: skip
    assert (
        finding("sfi_thanou_msfi", {**inputs, "hospitalised": False, "new_or_worse": ["vertigo"]}, "none").verdict
        == "open"
    )
    assert (
        finding("sfi_thanou_msfi", {**inputs, "hospitalised": False, "new_or_worse": ["alopecia"]}, "none").verdict
        == "agree"
    )


def test_liver_results_without_a_limit_of_alp_leave_the_law_open():
    inputs = {"alt": 300, "ast": 40, "bilirubin": 3, "alp": 300, "uln": {"alt": 40, "ast": 40, "bilirubin": 1.2}}
    assert [finding("hys_law", inputs, expected).verdict for expected in (True, False)] == ["open", "open"]


@pytest.mark.parametrize(
    ("method", "inputs", "reason"),
    [
        ("sledai_2k_band", {"banding": "0 / 1-3", "score": 1}, "bands"),
        ("sri_9", {"sledai_now": 1}, "SRI-9"),
        ("bilag2004_mucocutaneous", {"98": 1}, "98"),
        ("bilag2004_neuropsychiatric", {"one_C_list_item": 1}, "no item"),
        ("bilag2004_renal", {"kidney": 1}, "kidney"),
        ("ctcae5_alt", {"value": 1, "uln": 1, "baseline": "strange"}, "strange"),
        ("upcr", {"units": "stone"}, "stone"),
        ("pga/circle", {"value": 1}, "circle"),
        ("sfi_classic", {"shoe_size": 1}, "shoe_size"),
        ("steroid_equivalence", {"from": "prednisone", "mg": 5, "route": "oral"}, "route"),
    ],
)
def test_what_is_not_known_is_not_covered(method, inputs, reason):
    found = finding(method, inputs, 1)
    assert found.verdict == "not_covered"
    assert reason in found.reason


def test_every_instrument_can_be_asked_by_its_own_name():
    assert all(adapter_of("instruments", one.id) for one in all_instruments())
    assert all(
        adapter_of("instruments", f"{one.id}/{variant}") for one in all_instruments() for variant in one.variants
    )


def test_a_pattern_is_for_names_that_have_no_adapter_of_their_own():
    assert adapter_of("instruments", "sri_4") is adapters("instruments")["sri_*"]
    assert adapter_of("statistics", "sri_4") is None
