"""The laboratory items of SLEDAI: every limit from both sides, attribution, what persists, window and settings."""

from decimal import Decimal

import pytest

from equipoise import instruments
from equipoise.instruments.activity import sledai
from equipoise.instruments.activity.sledai_laboratory_rules import CODES, ITEM_WEIGHTS

LABORATORY = instruments.get("sledai_laboratory")
NORMAL = {
    "urine_cast": "none", "urine_rbc": 0, "urine_wbc": 0, "urine_protein": "0.1", "previous_urine_protein": "0.1",
    "c3": "1.0", "c3_lln": "0.7", "c4": "0.2", "c4_lln": "0.1", "anti_dsdna": 10, "anti_dsdna_uln": 100,
    "platelets": 200, "white_cells": 5,
}  # fmt: skip
DUE_TO_LUPUS = dict.fromkeys(["haematuria_sle", "pyuria_sle", "proteinuria_sle", "leukopenia_sle"], True)


def scored(variant="selena", settings=None, **changed):
    answers = {
        name: Decimal(a) if isinstance(a, int | str) and not isinstance(a, bool) and str(a)[0].isdigit() else a
        for name, a in (NORMAL | DUE_TO_LUPUS | changed).items()
    }
    return LABORATORY.score(answers, variant=variant, settings=settings or {})


def item(name, variant="selena", settings=None, **changed):
    return scored(variant, settings, **changed).results[name]


@pytest.mark.parametrize("variant", LABORATORY.variants)
def test_normal_values_score_nothing_and_need_no_attribution(variant):
    quiet = dict.fromkeys(DUE_TO_LUPUS)
    result = scored(variant, **quiet)
    assert result.value == 0
    assert {result.results[name] for name in ITEM_WEIGHTS} == {"absent"}
    assert result.unknown == ()


def test_the_items_and_their_weights_are_those_of_sledai():
    assert set(ITEM_WEIGHTS) == set(sledai.LABORATORY_ITEMS)
    assert sum(ITEM_WEIGHTS.values()) == 22
    assert all(output.codes == CODES for output in LABORATORY.outputs[1:])


# --- Limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "measure", "below", "limit", "above", "side"),
    [
        ("haematuria", "urine_rbc", "4", "5", "6", "above"),
        ("haematuria", "urine_rbc", "4.9", "5.0", "5.1", "above"),
        ("pyuria", "urine_wbc", "4", "5", "6", "above"),
        ("proteinuria", "urine_protein", "0.49", "0.50", "0.51", "above"),
        ("increased_dna", "anti_dsdna", "99.9", "100", "100.1", "above"),
        ("low_complement", "c3", "0.69", "0.70", "0.71", "below"),
        ("low_complement", "c4", "0.09", "0.10", "0.11", "below"),
        ("thrombocytopenia", "platelets", "99", "100", "101", "below"),
        ("leukopenia", "white_cells", "2.99", "3.00", "3.01", "below"),
    ],
)
@pytest.mark.parametrize("variant", LABORATORY.variants)
def test_a_value_exactly_at_its_limit_does_not_score(variant, name, measure, below, limit, above, side):
    states = [item(name, variant, thrombocytopenia_drug=False, **{measure: v}) for v in (below, limit, above)]
    assert states == {"above": ["absent", "absent", "present"], "below": ["present", "absent", "absent"]}[side]


@pytest.mark.parametrize(("cast", "state"), [
    ("none", "absent"), ("hyaline", "absent"), ("haem_granular", "present"), ("red_cell", "present"),
    ("other", "absent"), (None, None),
])  # fmt: skip
def test_which_casts_score(cast, state):
    assert item("urinary_casts", urine_cast=cast) == state


def test_two_low_complements_score_once():
    assert scored(c3="0.5").value == scored(c4="0.05").value == scored(c3="0.5", c4="0.05").value == 2


def test_one_low_complement_is_enough_and_normal_needs_all():
    assert item("low_complement", c3="0.5", c4=None) == "present"
    assert item("low_complement", c4=None) is None
    assert item("low_complement", c3_lln=None) is None


# --- Proteinuria ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "now", "state"), [
    ("0.8", "0.8", "absent"), ("0.8", "1.29", "absent"), ("0.8", "1.30", "absent"), ("0.8", "1.31", "present"),
    ("0.50", "0.51", "present"), ("0.51", "0.52", "absent"), ("3", "0.8", "absent"), ("0.2", "0.5", "absent"),
])  # fmt: skip
def test_protein_scores_in_selena_when_new_or_risen_by_more_than_half_a_gram(before, now, state):
    for variant in ("selena", "original_1992"):
        assert item("proteinuria", variant, previous_urine_protein=before, urine_protein=now) == state
    for variant in ("sledai_2k", "sledai_2k_30d", "selena_s2k"):
        persists = "present" if Decimal(now) > Decimal("0.5") else "absent"
        assert item("proteinuria", variant, previous_urine_protein=before, urine_protein=now) == persists


@pytest.mark.parametrize(("said", "state"), [(True, "present"), (False, "absent"), (None, None)])
def test_without_a_result_before_the_clinician_says_whether_protein_is_recent(said, state):
    result = scored(urine_protein="0.8", previous_urine_protein=None, proteinuria_recent=said)
    assert result.results["proteinuria"] == state
    assert result.unknown == (("previous_urine_protein", "proteinuria_recent") if said is None else ())


@pytest.mark.parametrize(("before", "said", "state"), [("0.8", True, "absent"), ("0.2", False, "present")])
def test_the_result_before_decides_against_the_clinicians_word_and_the_contradiction_is_reported(before, said, state):
    result = scored(urine_protein="0.9", previous_urine_protein=before, proteinuria_recent=said)
    assert result.results["proteinuria"] == state
    assert [problem.where for problem in result.problems] == ["sledai_laboratory / proteinuria_recent"]
    assert scored(urine_protein="0.4", previous_urine_protein=before, proteinuria_recent=said).problems == ()
    assert scored("sledai_2k", urine_protein="0.9", proteinuria_recent=said).problems == ()


def test_protein_of_another_cause_is_not_attributable_whether_it_is_new_or_not():
    for before in ("0.1", "0.8"):
        state = item("proteinuria", urine_protein="0.8", previous_urine_protein=before, proteinuria_sle=False)
        assert state == "not_attributable"


@pytest.mark.parametrize(("protein", "below", "limit", "above"), [
    ("upcr_56_6", "56.5", "56.6", "56.7"), ("upcr_50", "49.9", "50", "50.1"),
])  # fmt: skip
def test_the_ratio_to_creatinine_stands_for_24_hours_where_the_protocol_says_so(protein, below, limit, above):
    by_ratio = {"protein": protein}
    new = [item("proteinuria", "selena", by_ratio, upcr=v, previous_upcr="10") for v in (below, limit, above)]
    assert new == ["absent", "absent", "present"]
    risen = [Decimal(100) + Decimal(v) for v in (below, limit, above)]
    assert [item("proteinuria", "selena", by_ratio, upcr=str(v), previous_upcr="100") for v in risen] == new
    assert item("proteinuria", "selena", by_ratio, urine_protein="3") is None


# --- Attribution ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "measured", "attribution"), [
    ("haematuria", {"urine_rbc": 8}, "haematuria_sle"), ("pyuria", {"urine_wbc": 8}, "pyuria_sle"),
    ("proteinuria", {"urine_protein": "0.8"}, "proteinuria_sle"),
    ("leukopenia", {"white_cells": "2.9"}, "leukopenia_sle"),
])  # fmt: skip
def test_a_value_that_scores_asks_whether_lupus_is_the_cause(name, measured, attribution):
    states = [item(name, **measured, **{attribution: said}) for said in (True, False, None)]
    assert states == ["present", "not_attributable", None]
    assert scored(**measured, **{attribution: None}).unknown == (attribution,)


@pytest.mark.parametrize(("variant", "states"), [
    ("sledai_2k", ["not_attributable", "present", None]), ("sledai_2k_30d", ["not_attributable", "present", None]),
    ("selena", ["present"] * 3), ("selena_s2k", ["present"] * 3), ("original_1992", ["present"] * 3),
])  # fmt: skip
def test_only_2k_asks_whether_a_drug_has_lowered_the_platelets(variant, states):
    said = [item("thrombocytopenia", variant, platelets=90, thrombocytopenia_drug=s) for s in (True, False, None)]
    assert said == states


def test_the_points_are_known_where_no_answer_could_add_any():
    """Nobody measured the red cells, but whatever they are, they are not due to lupus."""
    result = scored(urine_rbc=None, haematuria_sle=False)
    assert (result.value, result.results["haematuria"], result.unknown) == (0, None, ())


def test_unknown_points_have_bounds():
    result = scored(c3="0.5", urine_rbc=None, anti_dsdna=None)
    assert (result.value, result.lower, result.upper) == (None, 2, 8)
    assert result.unknown == ("urine_rbc", "anti_dsdna")
    assert result.contributions == {"low_complement": 2}


# --- Settings ---------------------------------------------------------------------------------------------------------


def test_a_trial_names_the_complements_it_measures():
    assert item("low_complement", settings={"complement": "c3"}, c4=None) == "absent"
    low = {"ch50": "20", "ch50_lln": "30"}
    assert item("low_complement", **low) == "absent"
    assert item("low_complement", settings={"complement": "c3_c4_ch50"}, **low) == "present"
    assert item("low_complement", settings={"complement": "c3_c4_ch50"}) is None
    assert item("low_complement", settings={"complement": "ch50"}, c3=None, c4=None, **low) == "present"


def test_farr_binding_is_raised_above_25_percent():
    farr = {"anti_dsdna_assay": "farr"}
    assert [item("increased_dna", "selena", farr, farr_binding=v) for v in ("24.9", "25", "25.1", None)] == [
        "absent", "absent", "present", None]  # fmt: skip


@pytest.mark.parametrize(("variant", "window"), [
    ("selena", 10), ("original_1992", 10), ("sledai_2k", 10), ("sledai_2k_30d", 30), ("selena_s2k", 10),
])  # fmt: skip
def test_a_sample_outside_the_window_leaves_every_item_not_assessed(variant, window):
    for days in (0, window):
        assert scored(variant, sample_days=days).value == 0
    for days in (Decimal(-1), Decimal(window + 1)):
        result = scored(variant, sample_days=days, c3="0.5")
        assert set(result.results.values()) == {None}
        assert [problem.where for problem in result.problems] == ["sledai_laboratory / sample_days"]
        assert (result.unknown, result.lower, result.upper) == (("sample_days",), 0, 22)


def test_a_protocol_may_widen_the_window():
    assert scored(sample_days=14).value is None
    assert scored(settings={"window_days": "14"}, sample_days=14).value == 0
