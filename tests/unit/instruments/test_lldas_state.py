"""The low disease activity state: every criterion, the three readings of a new feature, and the first assessment."""

from decimal import Decimal
from itertools import product

import pytest

from equipoise import instruments
from equipoise.instruments import columns
from equipoise.instruments.response.lldas import MAJOR_ORGAN_ITEMS, OTHER_ITEMS, doses_within_caps

LLDAS = instruments.get("lldas")
QUIET = {question.id: "absent" for question in LLDAS.inputs if question.type == "state"} | {
    "sledai_2k": 2, "pga": Decimal("0.5"), "prednisolone_daily": Decimal(5), "haemolytic_anaemia": False,
    "gastrointestinal_activity": False, "new_activity": False, "sfi_severity": "none", "standard_treatment": True,
}  # fmt: skip


def state(variant="previous_assessment", settings=None, **changed):
    return LLDAS.score(QUIET | changed, variant=variant, settings=settings or {})


@pytest.mark.parametrize("variant", LLDAS.variants)
def test_little_activity_on_little_treatment_is_the_state(variant):
    result = state(variant)
    assert (result.value, result.unknown, result.contributions) == (True, (), {})


def test_the_items_are_those_of_the_sledai_and_every_item_is_one_or_the_other():
    sledai = instruments.get("sledai").input_by_id
    assert set(MAJOR_ORGAN_ITEMS) | set(OTHER_ITEMS) == set(sledai)
    assert not set(MAJOR_ORGAN_ITEMS) & set(OTHER_ITEMS)
    for item in (*MAJOR_ORGAN_ITEMS, *OTHER_ITEMS):
        assert LLDAS.input_by_id[item].label_zh == sledai[item].label_zh


@pytest.mark.parametrize("item", MAJOR_ORGAN_ITEMS)
def test_an_item_of_a_major_organ_breaks_it_even_within_four_points(item):
    result = state(**{item: "present"})
    assert (result.value, result.contributions) == (False, {"no_major_organ_activity": "not_met"})


@pytest.mark.parametrize("item", OTHER_ITEMS)
def test_any_other_item_is_tolerated_within_four_points(item):
    assert state(**{item: "present"}).value is True


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("sledai_2k", (3, 4, 5), [True, True, False]),
        ("pga", (Decimal("0.99"), Decimal(1), Decimal("1.01")), [True, True, False]),
        ("prednisolone_daily", (Decimal("7.49"), Decimal("7.5"), Decimal("7.51")), [True, True, False]),
    ],
)
def test_each_limit_from_both_sides(name, values, expected):
    assert [state(**{name: value}).value for value in values] == expected


@pytest.mark.parametrize(
    ("name", "answer", "criterion"),
    [
        ("haemolytic_anaemia", True, "no_haemolytic_anaemia"),
        ("gastrointestinal_activity", True, "no_gastrointestinal_activity"),
        ("new_activity", True, "no_new_feature"),
        ("standard_treatment", False, "treatment_standard"),
    ],
)
def test_what_is_outside_the_sledai_has_a_question_of_its_own(name, answer, criterion):
    assert state(**{name: answer}).contributions == {criterion: "not_met"}


# --- Three readings of a new feature --------------------------------------------------------------------------------


@pytest.mark.parametrize("item", OTHER_ITEMS)
def test_an_item_is_new_when_the_previous_assessment_did_not_have_it(item):
    now_and_before = [
        state("sledai_items", **{item: now, f"{item}_previous": before}).value
        for now in ("absent", "present") for before in ("absent", "present")
    ]  # fmt: skip
    assert now_and_before == [True, True, False, True]


def test_new_serology_may_be_left_out_of_the_comparison():
    without = {"new_serology_counts": "no"}
    for item in ("low_complement", "increased_dna"):
        assert state("sledai_items", without, **{item: "present"}).value is True
    assert state("sledai_items", without, rash="present").value is False


@pytest.mark.parametrize(
    ("severity", "expected"),
    [("none", True), ("mild_moderate", False), ("flare_severity_unknown", False), ("severe", False)],
)
def test_by_the_flare_index_any_flare_is_new(severity, expected):
    """The index has no class for a moderate flare alone: mild and moderate are one."""
    assert state("sfi", sfi_severity=severity).value is expected


@pytest.mark.parametrize("variant", LLDAS.variants)
def test_a_variant_asks_only_for_its_own_reading(variant):
    own = {"previous_assessment": {"new_activity"}, "sfi": {"sfi_severity"},
           "sledai_items": {*OTHER_ITEMS, *(f"{item}_previous" for item in OTHER_ITEMS)}}  # fmt: skip
    others = set().union(*own.values()) - own[variant]
    assert state(variant, **dict.fromkeys(others)).value is True
    assert set(LLDAS.score({}, variant=variant).unknown) & (own[variant] | others) == own[variant]


# --- First assessment and missing answers ---------------------------------------------------------------------------


@pytest.mark.parametrize("variant", LLDAS.variants)
def test_at_a_first_assessment_new_is_unknown_unless_the_protocol_decides(variant):
    unanswered = dict.fromkeys(["new_activity", "sfi_severity", *(f"{item}_previous" for item in OTHER_ITEMS)])
    first = unanswered | {"first_assessment": True, "rash": "present"}
    decided = {"nothing_new_at_first_assessment": "yes"}
    assert state(variant, **first).value is None
    assert state(variant, decided, **first).value is True
    assert state(variant, decided, **first | {"first_assessment": None}).value is None
    assert state(variant, decided, **first | {"first_assessment": False}).value is None


def test_what_was_answered_is_not_overruled_at_a_first_assessment():
    decided = {"nothing_new_at_first_assessment": "yes"}
    assert state("previous_assessment", decided, first_assessment=True, new_activity=True).value is False


@pytest.mark.parametrize("decided", ["yes", "no"])
def test_first_assessments_in_columns_are_judged_as_in_rows(decided):
    rows = [QUIET | dict(zip(("first_assessment", "new_activity"), both, strict=True))
            for both in product((True, False, None), repeat=2)]  # fmt: skip
    given = {name: LLDAS.column(name, [row.get(name) for row in rows]) for name in LLDAS.input_by_id}
    chosen = {"nothing_new_at_first_assessment": decided}
    in_columns = LLDAS.score_columns(given, settings=chosen)["lldas"]
    by_row = [state(settings=chosen, **row).value for row in rows]
    assert columns.decode(LLDAS.outputs[0], in_columns) == by_row
    assert by_row == [False, True, True if decided == "yes" else None, False, True, None, False, True, None]


def test_only_previous_items_that_matter_are_asked_for():
    result = state("sledai_items", rash="present", rash_previous=None, alopecia_previous=None)
    assert (result.value, result.unknown) == (None, ("rash_previous",))


def test_one_broken_criterion_is_enough_whatever_else_is_missing():
    result = LLDAS.score({"fever": "present"})
    assert (result.value, result.unknown) == (False, ())


# --- Doses ----------------------------------------------------------------------------------------------------------

CAPS = {  # Golder 2016, table 3
    "hydroxychloroquine": 400, "methotrexate": 30, "azathioprine": 200, "mycophenolate_mofetil": 3000,
    "mycophenolic_acid": 2160, "leflunomide": 20,
}  # fmt: skip


@pytest.mark.parametrize("drug", CAPS)
def test_a_dose_may_reach_its_cap_and_not_exceed_it(drug):
    none = dict.fromkeys(CAPS, Decimal(0))
    doses = [CAPS[drug] + step for step in (-1, 0, 1)]
    assert [doses_within_caps(none | {drug: Decimal(dose)}) for dose in doses] == [True, True, False]
    assert doses_within_caps(none | {drug: None}) is None


def test_a_drug_that_is_not_named_is_not_known():
    assert doses_within_caps({"hydroxychloroquine": Decimal(200)}) is None
    assert doses_within_caps({"hydroxychloroquine": Decimal(600)}) is False
    assert {name.removesuffix("_cap") for name in LLDAS.thresholds if name.endswith("_cap")} == set(CAPS)
