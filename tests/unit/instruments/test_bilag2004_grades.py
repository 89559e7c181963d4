"""BILAG-2004: published grades of the symptom systems, what is new, D and E, and the totals."""

import pytest

from equipoise.instruments.activity.bilag2004_rules import LISTS
from equipoise.items.missing import Missing
from tests.unit.instruments.bilag2004_patient import BILAG, QUIET, grade, score

SCALE = ("not_present", "improving", "same", "worse", "new")
CONSTITUTIONAL = ("pyrexia", "weight_loss", "lymphadenopathy_splenomegaly", "anorexia")


def scored(**items):
    return {f"bilag_{name}": SCALE[value] for name, value in items.items()}


@pytest.mark.parametrize(
    ("items", "before", "expected"),
    [((0, 0, 0, 0), True, "D"), ((3, 1, 0, 0), False, "B"), ((0, 0, 0, 1), False, "C")],
)
def test_the_constitutional_system_is_graded_as_published(items, before, expected):
    """JSLE-REDCap (UK JSLE Cohort Study), published test vectors."""
    answers = scored(**dict(zip(CONSTITUTIONAL, items, strict=True)))
    assert grade("constitutional", answers | {"bilag_constitutional_before": before}) == expected


@pytest.mark.parametrize(
    ("system", "name", "value", "expected"),
    [
        ("mucocutaneous", "A", 4, "A"),
        ("mucocutaneous", "B", 3, "B"),
        ("musculoskeletal", "A", 2, "A"),
        ("musculoskeletal", "C", 1, "C"),
        ("cardiorespiratory", "A", 4, "A"),
        ("cardiorespiratory", "B", 3, "B"),
        ("gastrointestinal", "A", 4, "A"),
        ("ophthalmic", "A", 4, "A"),
    ],
)
def test_any_single_item_of_a_list_gives_the_published_grade(system, name, value, expected):
    """JSLE-REDCap, published test vectors."""
    found = {item: grade(system, {item: SCALE[value]}) for item in LISTS[system, name]}
    assert set(found.values()) == {expected}


def test_published_grades_of_named_items():
    """JSLE-REDCap, published test vectors; items 59, 64 and 75."""
    assert grade("gastrointestinal", scored(malabsorption=2)) == "B"
    assert grade("gastrointestinal", scored(pancreatitis=3)) == "A"
    assert grade("ophthalmic", scored(cotton_wool_spots=2)) == "C"


def test_an_improving_a_item_beside_an_improving_b_item_is_b():
    """JSLE-REDCap, published test vectors: any pair of the two lists."""
    for a in LISTS["neuropsychiatric", "A"]:
        for b in LISTS["neuropsychiatric", "B"]:
            assert grade("neuropsychiatric", {a: "improving", b: "improving"}) == "B"


def test_nothing_now_is_d_with_involvement_before_and_e_without():
    """JSLE-REDCap, published test vectors."""
    assert grade("neuropsychiatric", {"bilag_neuropsychiatric_before": False}) == "E"
    assert grade("ophthalmic", {"bilag_ophthalmic_before": True}) == "D"


def test_only_a_renal_a_and_the_rest_never_involved_is_tallied_as_one_a_and_eight_e():
    result = score({"bilag_active_sediment": True, "bilag_active_nephritis_histology": True})
    assert [result.results[f"count_{g}"] for g in "abcde"] == [1, 0, 0, 0, 8]
    assert result.value == 12


@pytest.mark.parametrize(
    ("system", "items", "expected"),
    [
        ("constitutional", {"pyrexia": 4, "weight_loss": 1, "lymphadenopathy_splenomegaly": 1}, "B"),
        ("constitutional", {"pyrexia": 2, "weight_loss": 2, "anorexia": 2}, "A"),
        ("constitutional", {"pyrexia": 1, "weight_loss": 2, "anorexia": 2}, "B"),
        ("constitutional", {"pyrexia": 1, "weight_loss": 2, "anorexia": 1}, "C"),
        ("mucocutaneous", {"mucosal_ulceration_severe": 1, "skin_eruption_severe": 3}, "A"),
        ("mucocutaneous", {"skin_eruption_severe": 1, "mucosal_ulceration_severe": 4}, "A"),
        ("musculoskeletal", {"arthritis_severe": 1, "arthritis_mild": 2}, "B"),
        ("musculoskeletal", {"arthritis_moderate": 1}, "C"),
    ],
)
def test_an_improving_item_counts_one_grade_less_and_never_hides_another(system, items, expected):
    """A public program returns B at the first A item that improves and so misses a later one that is worse."""
    assert grade(system, scored(**items)) == expected


def test_the_total_is_twelve_eight_and_one():
    """Yee 2010: A, B, B, C and five times D make 12 + 8 + 8 + 1."""
    changed = scored(psychosis=2, skin_eruption_mild=2, arthritis_moderate=2, cotton_wool_spots=2)
    result = score(changed | {name: True for name in QUIET if name.endswith("_before")})
    assert result.value == 12 + 8 + 8 + 1
    assert [result.results[f"count_{g}"] for g in "abcde"] == [1, 2, 1, 5, 0]


def test_everything_at_its_worst_is_108():
    worst = {q.id: q.codes[-1] if q.codes else True for q in BILAG.inputs if q.id in QUIET and q.id not in _NUMBERS}
    assert score(worst | {"haemoglobin": 60}).value == 108


_NUMBERS = {q.id for q in BILAG.inputs if q.type == "decimal"}


@pytest.mark.parametrize(
    ("changed", "low"),
    [
        (scored(skin_eruption_mild=2, arthritis_mild=2, episcleritis=2, anorexia=2), True),
        (scored(skin_eruption_mild=2, arthritis_moderate=2), False),
        (scored(psychosis=2), False),
        ({}, True),
    ],
)
def test_low_activity_is_no_a_and_at_most_one_b(changed, low):
    assert score(changed).results["low_activity"] is low


def test_low_activity_is_excluded_by_two_systems_that_may_be_a_or_b():
    changed = scored(skin_eruption_mild=2, arthritis_moderate=2)
    open_items = {"bilag_skin_eruption_severe": None, "bilag_arthritis_severe": None}
    result = score(changed | open_items)
    assert result.value is None
    assert result.results["low_activity"] is False


# --- What is new ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "items", "new"),
    [
        ("mucocutaneous", {"skin_eruption_severe": 2, "skin_eruption_mild": 4}, False),
        ("mucocutaneous", {"skin_eruption_severe": 3}, True),
        ("mucocutaneous", {"skin_eruption_severe": 1, "alopecia_severe": 2, "alopecia_mild": 4}, False),
        ("mucocutaneous", {"skin_eruption_severe": 1, "alopecia_severe": 3}, True),
        ("mucocutaneous", {"alopecia_severe": 1, "alopecia_mild": 4}, True),
        ("constitutional", {"pyrexia": 2, "weight_loss": 4}, False),
        ("constitutional", {"pyrexia": 2, "weight_loss": 4, "anorexia": 2}, True),
        ("constitutional", {"weight_loss": 2, "anorexia": 3}, True),
        ("constitutional", {"pyrexia": 1, "anorexia": 2}, False),
        ("constitutional", {}, False),
    ],
)
def test_a_grade_is_new_only_through_the_items_that_give_it(system, items, new):
    assert score(scored(**items)).results[f"new_{system}"] is new


# --- What is not done -----------------------------------------------------------------------------------------------


def test_an_item_not_done_leaves_the_grade_open_only_where_it_could_raise_it():
    severe, mild = "bilag_skin_eruption_severe", "bilag_alopecia_mild"
    at_b = scored(skin_eruption_mild=2)
    open_above = score(at_b | {severe: Missing("ND")})
    assert open_above.results["grade_mucocutaneous"] is None
    assert open_above.contributions["mucocutaneous"] == "B"
    assert (open_above.lower, open_above.upper, open_above.unknown) == (8, 12, (severe,))
    below = score(at_b | {mild: Missing("ND")})
    assert below.results["grade_mucocutaneous"] == "B"
    assert below.unknown == ()


def test_involvement_before_is_not_needed_where_a_grade_is_certain_and_never_for_the_score():
    nothing_before = {name: None for name in QUIET if name.endswith("_before")}
    result = score(scored(psychosis=2) | nothing_before)
    assert result.value == 12
    assert result.unknown == ()
    assert result.results["grade_neuropsychiatric"] == "A"
    assert result.results["grade_ophthalmic"] is None
    assert result.results["count_a"] == 1
    assert result.results["count_d"] is None


def test_an_open_item_of_a_constitutional_system_counts_only_while_it_can_decide():
    two_others = scored(lymphadenopathy_splenomegaly=2, anorexia=2)
    only_fever = score(two_others | {"bilag_pyrexia": None, "bilag_weight_loss": None})
    assert only_fever.unknown == ("bilag_pyrexia",)
    assert (only_fever.lower, only_fever.upper) == (8, 12)
    another = score(scored(pyrexia=2, anorexia=2) | {"bilag_weight_loss": None})
    assert another.unknown == ("bilag_weight_loss",)
    cannot = score(scored(pyrexia=3) | {"bilag_weight_loss": None})
    assert cannot.results["grade_constitutional"] == "B"
