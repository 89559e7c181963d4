"""SLEDAI against an oracle written from the definition, row by row and in columns."""

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments import columns
from equipoise.items.item import STATES
from equipoise.items.missing import Missing

SLEDAI = instruments.get("sledai")

# Bombardier 1992, written out a second time.
EIGHTS = "seizure psychosis organic_brain visual cranial_nerve lupus_headache cva vasculitis"
FOURS = "arthritis myositis urinary_casts haematuria proteinuria pyuria"
TWOS = "rash alopecia mucosal_ulcers pleurisy pericarditis low_complement increased_dna"
ONES = "fever thrombocytopenia leukopenia"
WEIGHT = {name: w for w, names in ((8, EIGHTS), (4, FOURS), (2, TWOS), (1, ONES)) for name in names.split()}

states = st.sampled_from([*STATES, None, True, False, Missing("ND")])
patients = st.fixed_dictionaries(dict.fromkeys(WEIGHT, states))
mostly_known = st.fixed_dictionaries(
    {name: st.sampled_from(["present", "absent", "not_attributable"]) for name in WEIGHT}
)


def by_hand(answers, names):
    total = 0
    for name in names:
        if answers[name] in ("present", True):
            total += WEIGHT[name]
        elif answers[name] not in ("absent", "not_attributable", False):
            return None
    return total


@settings(deadline=None)
@given(patients | mostly_known, st.sampled_from(SLEDAI.variants))
def test_total_and_clinical_total_are_the_sums_by_hand(answers, variant):
    result = SLEDAI.score(answers, variant=variant)
    clinical = set(WEIGHT) - {"low_complement", "increased_dna"}
    assert result.results["total"] == by_hand(answers, WEIGHT)
    assert result.results["clinical"] == by_hand(answers, clinical)
    assert (result.value is None) == bool(result.unknown)


@settings(deadline=None)
@given(patients)
def test_the_bounds_are_the_totals_with_every_open_item_absent_and_present(answers):
    result = SLEDAI.score(answers)
    unknown = dict.fromkeys(result.unknown)
    assert result.lower == by_hand(answers | dict.fromkeys(unknown, "absent"), WEIGHT)
    assert result.upper == by_hand(answers | dict.fromkeys(unknown, "present"), WEIGHT)
    assert sum(result.contributions.values()) == result.lower


@settings(deadline=None, max_examples=40)
@given(st.lists(patients | mostly_known, min_size=1, max_size=6), st.sampled_from(SLEDAI.variants))
def test_columns_give_what_rows_give(rows, variant):
    in_columns = SLEDAI.score_columns(
        {name: SLEDAI.column(name, [row[name] for row in rows]) for name in WEIGHT}, variant=variant
    )
    by_row = [SLEDAI.score(row, variant=variant) for row in rows]
    for output in SLEDAI.outputs:
        assert columns.decode(output, in_columns[output.id]) == [result.results[output.id] for result in by_row]
    assert in_columns["lower"].tolist() == [result.lower for result in by_row]
    assert in_columns["upper"].tolist() == [result.upper for result in by_row]
