"""SLE-DAS: published values, the jump at every flag, categories, exclusive rashes, and what is unknown."""

from decimal import Decimal
from math import log

import pytest

from equipoise import instruments
from equipoise.instruments import columns

SLE_DAS = instruments.get("sle_das")
NOTHING = {question.id: "absent" for question in SLE_DAS.inputs if question.type == "state"} | {
    "swollen_joints": 0, "urine_protein": Decimal(100), "platelets": Decimal(250), "leukocytes": Decimal(6),
}  # fmt: skip


def das(**changed):
    return SLE_DAS.score(NOTHING | changed)


def printed(result, places="0.001"):
    return str(result.value.quantize(Decimal(places)))


# --- Published values -----------------------------------------------------------------------------------------------


def test_no_activity_is_the_constant_and_serositis_adds_six():
    """Two values of a public test of another program, printed to two places; formula of Jesus 2019."""
    assert printed(das(), "0.01") == "0.37"
    assert printed(das(serositis="present"), "0.01") == "6.37"


def test_serology_alone_is_where_remission_ends():
    """Constant + low complement + anti-dsDNA reproduces the published limit of 2.08 (Jesus 2021)."""
    result = das(low_complement="present", increased_dna="present")
    assert (result.value, result.results["category"]) == (Decimal("2.076"), "remission")


def test_worked_by_hand():
    assert das(swollen_joints=3, low_complement="present").value == Decimal("5.614")
    assert printed(das(urine_protein=Decimal(1200), increased_dna="present")) == "10.758"


def test_the_contributions_sum_to_the_score():
    result = das(swollen_joints=2, platelets=Decimal(40), alopecia="present")
    assert sum(result.contributions.values()) == result.value == result.lower == result.upper
    assert result.contributions["constant"] == Decimal("0.366")
    assert result.contributions["swollen_joints"] == Decimal("4.04")


# --- Flags and limits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "flag", "values", "expected"),
    [
        ("urine_protein", "proteinuria", ("499.9", "500", "500.1"), [False, False, True]),
        ("platelets", "thrombocytopenia", ("99.9", "100", "100.1"), [True, False, False]),
        ("leukocytes", "leukopenia", ("2.9", "3", "3.1"), [True, False, False]),
        ("swollen_joints", "arthritis", ("0", "1", "2"), [False, True, True]),
    ],
)
def test_a_measurement_counts_only_while_its_flag_holds(measure, flag, values, expected):
    results = [das(**{measure: Decimal(value)}) for value in values]
    assert [result.results[flag] for result in results] == expected
    assert [result.value > Decimal("0.366") for result in results] == expected


@pytest.mark.parametrize(
    ("measure", "value", "by_hand"),
    [
        ("urine_protein", "500.000001", -17.584 + 3.811 * log(500.000001)),
        ("urine_protein", "3500", -17.584 + 3.811 * log(3500)),
        ("platelets", "99.999999", 26.105 - 5.577 * log(99.999999)),
        ("platelets", "20", 26.105 - 5.577 * log(20)),
        ("leukocytes", "2.999999", 6.118 - 5.058 * log(2.999999)),
        ("leukocytes", "1.2", 6.118 - 5.058 * log(1.2)),
    ],
)
def test_the_logarithm_is_natural_and_what_it_adds_is_never_negative(measure, value, by_hand):
    added = das(**{measure: Decimal(value)}).contributions[measure]
    assert added > 0
    assert float(added) == pytest.approx(by_hand, abs=1e-9)  # the coefficients have three places


def test_the_score_jumps_where_proteinuria_begins():
    assert das(urine_protein=Decimal("500.000001")).value - das(urine_protein=Decimal(500)).value > 6


@pytest.mark.parametrize(
    ("answers", "score", "category"),
    [
        ({"low_complement": "present", "increased_dna": "present"}, "2.076", "remission"),
        ({"low_complement": "present", "alopecia": "present"}, "2.093", "mild"),
        ({"mucocutaneous_vasculitis": "present", "mucosal_ulcers": "present"}, "7.543", "mild"),
        ({"mucocutaneous_vasculitis": "present", "local_rash": "present"}, "7.912", "moderate_severe"),
    ],
)
def test_the_categories(answers, score, category):
    result = das(**answers)
    assert (result.value, result.results["category"]) == (Decimal(score), category)


def test_a_score_is_not_rounded_before_it_is_compared():
    result = das(low_complement="present", leukocytes=Decimal("2.77"))
    assert (printed(result, "0.01"), result.results["category"]) == ("2.08", "mild")


# --- What cannot be, and what is unknown ----------------------------------------------------------------------------


def test_two_rashes_are_refused_together():
    result = das(local_rash="present", generalised_rash="present")
    assert {problem.where for problem in result.problems} == {"sle_das / local_rash", "sle_das / generalised_rash"}
    assert (result.value, result.unknown) == (None, ("local_rash", "generalised_rash"))
    assert (result.lower, result.upper) == (Decimal("0.366"), Decimal("4.253"))


def test_one_rash_says_that_the_other_is_not_there():
    assert das(local_rash="present", generalised_rash=None).value == Decimal("3.504")
    assert das(local_rash=None, generalised_rash="present").value == Decimal("4.253")
    assert das(local_rash=None).unknown == ("local_rash",)


@pytest.mark.parametrize(("measure", "value"), [("platelets", 0), ("leukocytes", 0), ("swollen_joints", 29)])
def test_a_count_without_a_logarithm_or_beyond_28_joints_is_impossible(measure, value):
    result = das(**{measure: Decimal(value)})
    assert [problem.id for problem in result.problems] == ["instrument.E008"]
    assert result.unknown == (measure,)


def test_a_category_can_be_certain_while_the_score_is_not():
    low = das(low_complement=None, increased_dna=None)
    high = das(systemic_vasculitis="present", platelets=None)
    open_ = das(serositis=None)
    assert [(r.value, r.results["category"]) for r in (low, high, open_)] == [
        (None, "remission"), (None, "moderate_severe"), (None, None)]  # fmt: skip
    assert high.results["thrombocytopenia"] is None


def test_two_open_rashes_cannot_both_be_there():
    """Ulcers and the larger rash are mild; ulcers and both rashes would not be."""
    answers = NOTHING | {"mucosal_ulcers": "present", "local_rash": None, "generalised_rash": None}
    result = SLE_DAS.score(answers)
    assert (result.upper, result.results["category"]) == (Decimal("7.022"), "mild")
    in_columns = SLE_DAS.score_columns({name: SLE_DAS.column(name, [answer]) for name, answer in answers.items()})
    assert [(output.id, columns.decode(output, in_columns[output.id])[0]) for output in SLE_DAS.outputs[:2]] == [
        ("score", None), ("category", "mild")]  # fmt: skip
