"""SLEDAI: the published weights, the worked examples and every limit from both sides."""

from decimal import Decimal

import pytest

from equipoise import instruments
from equipoise.instruments.activity import sledai

SLEDAI = instruments.get("sledai")
ALL_ABSENT = dict.fromkeys(sledai.WEIGHTS, "absent")
FAMILY = ("original_1992", "sledai_2k", "sledai_2k_30d", "selena", "selena_s2k")


def total(**present):
    return SLEDAI.score(ALL_ABSENT | present).value


def test_24_items_weigh_105_together_and_101_without_serology():
    """The same range is stated in the registry's results of NCT03312907."""
    everything = SLEDAI.score(dict.fromkeys(sledai.WEIGHTS, "present"))
    assert len(sledai.WEIGHTS) == 24
    assert dict(everything.results) == {"total": 105, "clinical": 101}


def test_the_weights_are_eight_eights_six_fours_seven_twos_and_three_ones():
    """Bombardier 1992."""
    assert [list(sledai.WEIGHTS.values()).count(weight) for weight in (8, 4, 2, 1)] == [8, 6, 7, 3]


def test_two_of_weight_8_three_of_4_one_of_2_and_two_of_1_are_32():
    """Public test file of a set of clinical calculators, `test_sledai_2k_uses_coded_weight_counts`."""
    by_weight = {weight: [name for name, w in sledai.WEIGHTS.items() if w == weight] for weight in (8, 4, 2, 1)}
    chosen = [*by_weight[8][:2], *by_weight[4][:3], by_weight[2][0], *by_weight[1][:2]]
    assert total(**dict.fromkeys(chosen, "present")) == 32


def test_the_organ_groups_reach_their_published_maxima():
    maxima = {}
    for name, weight in sledai.WEIGHTS.items():
        maxima[sledai.GROUPS[name]] = maxima.get(sledai.GROUPS[name], 0) + weight
    assert maxima == {
        "cns": 56, "vascular": 8, "musculoskeletal": 8, "renal": 16, "mucocutaneous": 6,
        "cardiorespiratory": 4, "immunologic": 4, "constitutional": 1, "haematologic": 2,
    }  # fmt: skip


def test_physician_and_laboratory_share_the_items_between_them():
    numbers = {who: sorted(map(sledai.ITEM_NUMBERS.get, items)) for who, items in (
        ("physician", sledai.PHYSICIAN_ITEMS), ("laboratory", sledai.LABORATORY_ITEMS))}  # fmt: skip
    assert numbers["laboratory"] == [11, 12, 13, 14, 20, 21, 23, 24]
    assert numbers["physician"] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 17, 18, 19, 22]


def test_the_window_is_ten_days_except_in_the_thirty_day_form():
    assert {variant: sledai.WINDOW_DAYS[variant] for variant in FAMILY} == dict.fromkeys(FAMILY, 10) | {
        "sledai_2k_30d": 30
    }


def test_every_difference_between_variants_is_about_an_item():
    assert set(sledai.DIFFERENCES) <= set(sledai.WEIGHTS)


def test_not_attributable_does_not_score_and_is_not_missing():
    result = SLEDAI.score(ALL_ABSENT | {"haematuria": "not_attributable"})
    assert (result.value, result.unknown) == (0, ())


def test_an_item_not_assessed_leaves_bounds_and_the_clinical_total_where_it_can():
    result = SLEDAI.score(ALL_ABSENT | {"rash": "present", "low_complement": "not_assessed"})
    assert dict(result.results) == {"total": None, "clinical": 2}
    assert (result.unknown, result.lower, result.upper) == (("low_complement",), 2, 4)
    assert result.contributions["rash"] == 2
    assert "low_complement" not in result.contributions


def test_a_rule_on_laboratory_results_answers_an_item_with_its_truth_value():
    result = SLEDAI.score(ALL_ABSENT | {"leukopenia": True, "pyuria": False})
    assert result.value == 1


@pytest.mark.parametrize(
    ("bands", "score", "name"),
    [
        ("set_a", 0, "none"), ("set_a", 1, "mild"), ("set_a", 5, "mild"), ("set_a", 6, "moderate"),
        ("set_a", 10, "moderate"), ("set_a", 11, "high"), ("set_a", 19, "high"), ("set_a", 20, "very_high"),
        ("set_b", 0, "remission"), ("set_b", 1, "low"), ("set_b", 4, "low"), ("set_b", 5, "moderate"),
        ("set_b", 10, "moderate"), ("set_b", 11, "high"), ("set_a", 105, "very_high"), ("set_b", None, None),
    ],
)  # fmt: skip
def test_the_two_sets_of_bands_are_kept_apart(bands, score, name):
    """0 / 1–5 / 6–10 / 11–19 / ≥ 20, and 0 / 1–4 / 5–10 / > 10 (review table in Ann Rheum Dis, ard.bmj.com)."""
    assert sledai.band(score, bands) == name


# --- Worked examples, by the bedside and by the laboratory ------------------------------------------------------------

LABORATORY = instruments.get("sledai_laboratory")
NORMAL = {
    "urine_cast": "none", "urine_rbc": Decimal(0), "urine_wbc": Decimal(0), "urine_protein": Decimal("0.1"),
    "previous_urine_protein": Decimal("0.1"), "c3": Decimal(1), "c3_lln": Decimal("0.7"), "c4": Decimal("0.2"),
    "c4_lln": Decimal("0.1"), "anti_dsdna": Decimal(10), "anti_dsdna_uln": Decimal(100), "platelets": Decimal(200),
    "white_cells": Decimal(5),
}  # fmt: skip


def scored(variant, *, joints=0, measured=None, **seen):
    """The total of a patient who is normal but for so many inflamed joints, these measurements and these items."""
    items = LABORATORY.score(NORMAL | (measured or {}), variant=variant)
    assert items.problems == ()
    judged = {name: items.results[name] for name in sledai.LABORATORY_ITEMS}
    judged |= {"arthritis": sledai.arthritis(Decimal(joints), variant)}
    return SLEDAI.score(ALL_ABSENT | judged | seen, variant=variant)


@pytest.mark.parametrize(("joints", "variant", "expected"), [
    (3, "sledai_2k", 9), (3, "selena", 9), (3, "original_1992", 9),
    (2, "sledai_2k", 9), (2, "sledai_2k_30d", 9), (2, "selena", 5), (2, "selena_s2k", 5), (2, "original_1992", 5),
])  # fmt: skip
def test_arthritis_rash_both_complements_low_and_white_cells_2_8(joints, variant, expected):
    """4 + 2 + 2 + 1 with three joints; with two, only SLEDAI-2K counts the arthritis. Two low complements are one."""
    low = {"c3": Decimal("0.5"), "c4": Decimal("0.05"), "white_cells": Decimal("2.8"), "leukopenia_sle": True}
    result = scored(variant, joints=joints, measured=low, rash="present")
    assert dict(result.results) == {"total": expected, "clinical": expected - 2}


@pytest.mark.parametrize(("variant", "expected"), [
    ("sledai_2k", 4), ("sledai_2k_30d", 4), ("original_1992", 0), ("selena", 0), ("selena_s2k", 4),
])  # fmt: skip
def test_protein_0_8_unchanged_for_a_year(variant, expected):
    protein = {"urine_protein": Decimal("0.8"), "previous_urine_protein": Decimal("0.8"), "proteinuria_sle": True}
    assert scored(variant, measured=protein).value == expected


@pytest.mark.parametrize(("variant", "expected"), [
    ("sledai_2k", 0), ("sledai_2k_30d", 0), ("selena", 1), ("selena_s2k", 1), ("original_1992", 1),
])  # fmt: skip
def test_platelets_90_due_to_a_drug(variant, expected):
    assert scored(variant, measured={"platelets": Decimal(90), "thrombocytopenia_drug": True}).value == expected


@pytest.mark.parametrize("variant", FAMILY)
def test_white_cells_2_9_due_to_azathioprine_score_nothing(variant):
    assert scored(variant, measured={"white_cells": Decimal("2.9"), "leukopenia_sle": False}).value == 0


def test_exactly_38_0_is_no_fever():
    assert total(fever=sledai.fever(Decimal("38.0"), infection=False)) == 0


# --- Limits of the bedside items from both sides ----------------------------------------------------------------------


@pytest.mark.parametrize(("variant", "least"), [
    ("selena", 3), ("selena_s2k", 3), ("original_1992", 3), ("sledai_2k", 2), ("sledai_2k_30d", 2),
])  # fmt: skip
def test_how_many_joints_are_arthritis(variant, least):
    joints = [sledai.arthritis(Decimal(number), variant) for number in (least - 1, least, least + 1)]
    assert joints == [False, True, True]
    assert sledai.arthritis(None, variant) is None


def test_fever_is_above_38_0_and_not_infection():
    assert [sledai.fever(Decimal(t), infection=False) for t in ("37.9", "38.0", "38.1")] == [False, False, True]
    assert sledai.fever(Decimal(39), infection=True) is False
    assert sledai.fever(Decimal(39), infection=None) is None
    assert sledai.fever(Decimal(37), infection=None) is False
