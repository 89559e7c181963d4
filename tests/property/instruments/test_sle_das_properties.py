"""SLE-DAS against the formula written out on floats, its bounds against completions, and columns."""

from decimal import Decimal
from math import log

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments import columns

SLE_DAS = instruments.get("sle_das")

ITEMS = {
    "mucocutaneous_vasculitis": 4.408, "local_rash": 3.138, "generalised_rash": 3.887, "alopecia": 0.973,
    "mucosal_ulcers": 2.769, "low_complement": 0.754, "increased_dna": 0.956, "neuropsychiatric": 18,
    "systemic_vasculitis": 18, "cardiopulmonary": 18, "myositis": 9, "serositis": 6, "haemolytic_anaemia": 9,
}  # fmt: skip
CATEGORIES = ("remission", "mild", "moderate_severe")

rarely = st.sampled_from([False] * 6 + [True])
patients = (
    st.fixed_dictionaries(
        {
            **dict.fromkeys(ITEMS, rarely), "swollen_joints": st.sampled_from([0, 0, 0, 1, 2, 5, 28]),
            "urine_protein": st.decimals(0, 5000, places=2), "platelets": st.decimals(1, 400, places=2),
            "leukocytes": st.decimals("0.1", 12, places=2),
        }
    ).map(lambda p: p | {"local_rash": p["local_rash"] and not p["generalised_rash"]})
)  # fmt: skip


def by_hand(p):
    score = 0.366 + sum(weight for name, weight in ITEMS.items() if p[name])
    score += 3.132 * (p["swollen_joints"] > 0) + 0.454 * p["swollen_joints"]
    protein, platelets, leukocytes = (float(p[name]) for name in ("urine_protein", "platelets", "leukocytes"))
    score += -17.584 + 3.811 * log(protein) if protein > 500 else 0
    score += 26.105 - 5.577 * log(platelets) if platelets < 100 else 0
    score += 6.118 - 5.058 * log(leukocytes) if leukocytes < 3 else 0
    return score


@settings(deadline=None, max_examples=300)
@given(patients)
def test_the_score_and_its_category_are_those_by_hand(patient):
    result = SLE_DAS.score(patient)
    assert float(result.value) == pytest.approx(by_hand(patient), abs=1e-9)  # floats against decimals
    assert result.results["category"] == CATEGORIES[(result.value > Decimal("2.08")) + (result.value > Decimal("7.64"))]
    flags = {"arthritis": patient["swollen_joints"] > 0, "proteinuria": patient["urine_protein"] > 500,
             "thrombocytopenia": patient["platelets"] < 100, "leukopenia": patient["leukocytes"] < 3}  # fmt: skip
    assert {name: result.results[name] for name in flags} == flags
    assert result.lower == result.upper == result.value


@settings(deadline=None, max_examples=200)
@given(patients, st.sets(st.sampled_from(sorted(SLE_DAS.input_by_id)), min_size=1, max_size=6))
def test_the_bounds_are_the_scores_of_the_least_and_the_most_active_completion(patient, hidden):
    least = dict.fromkeys(ITEMS, False) | {
        "swollen_joints": 0, "urine_protein": Decimal(0), "platelets": Decimal(5000), "leukocytes": Decimal(1000),
    }  # fmt: skip
    most = dict.fromkeys(ITEMS, True) | {
        "swollen_joints": 28, "urine_protein": Decimal(50000), "platelets": Decimal(1), "leukocytes": Decimal("0.1"),
        "local_rash": not patient["generalised_rash"] and "generalised_rash" not in hidden,
        "generalised_rash": not (patient["local_rash"] and "local_rash" not in hidden),
    }  # fmt: skip
    part = SLE_DAS.score(patient | dict.fromkeys(hidden))
    low, high = (SLE_DAS.score(patient | {name: end[name] for name in hidden}) for end in (least, most))
    assert (part.lower, part.upper) == (low.value, high.value)
    assert part.value == (low.value if low.value == high.value else None)
    categories = {low.results["category"], high.results["category"]}
    assert part.results["category"] == (categories.pop() if len(categories) == 1 else None)
    assert set(part.unknown) <= hidden


@settings(deadline=None, max_examples=60)
@example([(dict.fromkeys(ITEMS, True) | {"swollen_joints": 0, "urine_protein": Decimal(1), "platelets": Decimal(1),
                                         "leukocytes": Decimal(1)}, set())])  # fmt: skip
@given(
    st.lists(
        st.tuples(patients, st.sets(st.sampled_from(sorted(SLE_DAS.input_by_id)), max_size=4)), min_size=1, max_size=6
    )
)
def test_columns_give_what_rows_give_rounded_to_millionths(drawn):
    rows = [patient | dict.fromkeys(hidden) for patient, hidden in drawn]
    in_columns = SLE_DAS.score_columns(
        {name: SLE_DAS.column(name, [row[name] for row in rows]) for name in SLE_DAS.input_by_id}
    )
    by_row = [SLE_DAS.score(row).results for row in rows]
    for output in SLE_DAS.outputs:
        expected = [columns.encode_result(output, results[output.id]) for results in by_row]
        assert in_columns[output.id].tolist() == expected
