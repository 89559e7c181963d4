"""SLEDAI: the published weights, the worked examples and every limit from both sides."""

from decimal import Decimal

import pytest

from equipoise import instruments
from equipoise.instruments.activity import sledai, sledai_limits

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
    """0 / 1–5 / 6–10 / 11–19 / ≥ 20, and 0 / 1–4 / 5–10 / > 10 (review table, ard.bmj.com highwire markup 278401)."""
    assert sledai.band(score, bands) == name


# --- Worked examples ------------------------------------------------------------------------------------------------


def scored(variant, *, joints, protein=("0.1", "0.1"), **present):
    measured = {
        "arthritis": sledai_limits.arthritis(Decimal(joints), variant),
        "proteinuria": sledai_limits.proteinuria(*map(Decimal, protein), variant),
    }
    return SLEDAI.score(ALL_ABSENT | measured | present, variant=variant)


@pytest.mark.parametrize(("joints", "variant", "expected"), [
    (3, "sledai_2k", 9), (3, "selena", 9), (3, "original_1992", 9),
    (2, "sledai_2k", 9), (2, "sledai_2k_30d", 9), (2, "selena", 5), (2, "selena_s2k", 5), (2, "original_1992", 5),
])  # fmt: skip
def test_arthritis_rash_both_complements_low_and_white_cells_2_8(joints, variant, expected):
    """4 + 2 + 2 + 1 with three joints; with two, only SLEDAI-2K counts the arthritis. Two low complements are one."""
    result = scored(
        variant,
        joints=joints,
        rash="present",
        low_complement=sledai_limits.low_complement(
            (Decimal("0.5"), Decimal("0.9")), (Decimal("0.05"), Decimal("0.1"))
        ),
        leukopenia=sledai_limits.leukopenia(Decimal("2.8"), due_to_drug=False),
    )
    assert dict(result.results) == {"total": expected, "clinical": expected - 2}


@pytest.mark.parametrize(("variant", "expected"), [
    ("sledai_2k", 4), ("sledai_2k_30d", 4), ("original_1992", 0), ("selena", 0), ("selena_s2k", 4),
])  # fmt: skip
def test_protein_0_8_unchanged_for_a_year(variant, expected):
    assert scored(variant, joints=0, protein=("0.8", "0.8")).value == expected


@pytest.mark.parametrize(("variant", "expected"), [("sledai_2k", 0), ("sledai_2k_30d", 0), ("selena", 1)])
def test_platelets_90_due_to_a_drug(variant, expected):
    low = sledai_limits.thrombocytopenia(Decimal(90), due_to_drug=True, variant=variant)
    assert total(thrombocytopenia=low) == expected


def test_white_cells_2_9_due_to_azathioprine_score_nothing():
    assert total(leukopenia=sledai_limits.leukopenia(Decimal("2.9"), due_to_drug=True)) == 0


def test_exactly_38_0_is_no_fever():
    assert total(fever=sledai_limits.fever(Decimal("38.0"), infection=False)) == 0


# --- Every limit from both sides ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meets", "below", "limit", "above", "expected"),
    [
        (sledai_limits.haematuria, "4", "5", "6", [False, False, True]),
        (sledai_limits.pyuria, "4", "5", "6", [False, False, True]),
        (sledai_limits.increased_dna_binding, "24.9", "25", "25.1", [False, False, True]),
        (lambda v: sledai_limits.fever(v, False), "37.9", "38.0", "38.1", [False, False, True]),
        (lambda v: sledai_limits.leukopenia(v, False), "2.9", "3.0", "3.1", [True, False, False]),
        (lambda v: sledai_limits.thrombocytopenia(v, False, "selena"), "99", "100", "101", [True, False, False]),
        (lambda v: sledai_limits.thrombocytopenia(v, False, "sledai_2k"), "99", "100", "101", [True, False, False]),
        (lambda v: sledai_limits.proteinuria(v, None, "sledai_2k"), "0.49", "0.50", "0.51", [False, False, True]),
        (
            lambda v: sledai_limits.proteinuria(v, Decimal("0.2"), "selena"),
            "0.49",
            "0.50",
            "0.51",
            [False, False, True],
        ),
        (lambda v: sledai_limits.proteinuria(v, Decimal(1), "selena"), "1.49", "1.50", "1.51", [False, False, True]),
        (lambda v: sledai_limits.arthritis(v, "sledai_2k"), "1", "2", "3", [False, True, True]),
        (lambda v: sledai_limits.arthritis(v, "selena"), "2", "3", "4", [False, True, True]),
        (lambda v: sledai_limits.arthritis(v, "original_1992"), "2", "3", "4", [False, True, True]),
        (lambda v: sledai_limits.increased_dna(v, Decimal(100)), "99", "100", "101", [False, False, True]),
        (lambda v: sledai_limits.low_complement((v, Decimal("0.9"))), "0.8", "0.9", "1.0", [True, False, False]),
    ],
)
def test_a_value_exactly_at_its_limit_does_not_score_except_a_number_of_joints(meets, below, limit, above, expected):
    assert [meets(Decimal(value)) for value in (below, limit, above)] == expected


@pytest.mark.parametrize(
    "answer",
    [
        sledai_limits.haematuria(None),
        sledai_limits.fever(Decimal(39), None),
        sledai_limits.proteinuria(Decimal(1), None, "selena"),
        sledai_limits.proteinuria(None, Decimal(1), "sledai_2k"),
        sledai_limits.low_complement((Decimal(1), Decimal("0.9")), (None, Decimal("0.1"))),
        sledai_limits.thrombocytopenia(Decimal(90), None, "sledai_2k"),
        sledai_limits.increased_dna(Decimal(9), None),
    ],
)
def test_what_was_not_measured_is_unknown(answer):
    assert answer is None


def test_a_value_that_cannot_score_needs_no_reason_and_no_reference():
    assert sledai_limits.fever(Decimal(37), None) is False
    assert sledai_limits.proteinuria(Decimal("0.4"), None, "selena") is False
    assert sledai_limits.thrombocytopenia(Decimal(150), None, "sledai_2k") is False
    assert sledai_limits.low_complement((Decimal("0.5"), Decimal("0.9")), (None, None)) is True
