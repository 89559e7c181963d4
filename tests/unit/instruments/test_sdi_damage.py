"""Damage: published maxima and cases, the renal rule, and totals that fall."""

import pytest

from equipoise import instruments

SDI = instruments.get("sdi")
NOTHING = {q.id: False if q.type == "yes_no" else "none" for q in SDI.inputs if q.id != "previous_total"}
EVERYTHING = {q.id: True if q.type == "yes_no" else "more_than_one" for q in SDI.inputs if q.id != "previous_total"}

# Maxima of the 12 systems as the Chinese page of the index prints them up to the gut (medix.cn, 1997 form), the others
# as the sums of the published item list (PhenX Toolkit, protocol 171001).
MAXIMA = {"ocular": 2, "neuropsychiatric": 6, "renal": 3, "pulmonary": 5, "cardiovascular": 6, "peripheral_vascular": 5,
          "gastrointestinal": 6, "musculoskeletal": 7, "skin": 3, "gonadal": 1, "diabetes_mellitus": 1,
          "malignancy": 2}  # fmt: skip


def damage(**items):
    return SDI.score(NOTHING | items)


@pytest.mark.parametrize(("system", "most"), MAXIMA.items())
def test_a_system_reaches_its_published_maximum(system, most):
    assert SDI.score(EVERYTHING).results[system] == most


def test_the_largest_total_is_the_sum_of_the_systems():
    assert SDI.score(EVERYTHING).value == sum(MAXIMA.values()) == SDI.score({}).upper


def test_one_cardiovascular_and_two_renal_points_are_three():
    """Public test file of a lupus calculator: cardiovascular 1, renal 2, total 3."""
    result = damage(valvular_disease=True, gfr_below_half=True, nephrotic_proteinuria=True)
    assert (result.results["cardiovascular"], result.results["renal"], result.value) == (1, 2, 3)


def test_cataract_one_infarction_and_two_necrotic_hips_are_four():
    assert damage(cataract=True, myocardial_infarction="one", avascular_necrosis="more_than_one").value == 4


@pytest.mark.parametrize(
    ("gfr", "protein", "end_stage", "points"),
    [(True, False, False, 1), (True, True, False, 2), (True, True, True, 3), (False, False, True, 3)],
)
def test_end_stage_renal_disease_is_three_and_replaces_the_rest(gfr, protein, end_stage, points):
    result = damage(gfr_below_half=gfr, nephrotic_proteinuria=protein, end_stage_renal=end_stage)
    assert result.value == points


def test_once_the_kidneys_have_failed_their_other_items_need_no_answer():
    result = damage(end_stage_renal=True, gfr_below_half=None, nephrotic_proteinuria=None)
    assert (result.value, result.unknown) == (3, ())


@pytest.mark.parametrize(("earlier", "highest", "fell"), [(1, 2, False), (2, 2, False), (3, 3, True)])
def test_a_total_below_the_earlier_one_is_said_and_the_higher_one_kept(earlier, highest, fell):
    result = damage(cataract=True, diabetes=True, previous_total=earlier)
    assert (result.results["running_maximum"], result.results["fell"]) == (highest, fell)


def test_without_an_earlier_total_nobody_knows_whether_it_fell():
    assert damage(cataract=True).results["fell"] is None
    assert damage(cataract=True).value == 1


def test_a_fall_can_be_certain_in_spite_of_an_open_item():
    result = damage(cataract=True, diabetes=None, previous_total=5)
    assert (result.value, result.results["running_maximum"], result.results["fell"]) == (None, 5, True)


def test_whatever_caused_the_damage_it_counts_so_no_answer_says_otherwise():
    result = damage(cataract="not_attributable")
    assert [problem.id for problem in result.problems] == ["instrument.E008"]
    assert result.value is None
