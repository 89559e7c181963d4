"""The laboratory items against the same items written as rules of a protocol: another language, another three-valued
logic, evaluated for one patient at a time; and against every completion of what is missing.
"""

from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments import columns
from equipoise.items.expression import compile_rule

LABORATORY = instruments.get("sledai_laboratory")
SLEDAI = instruments.get("sledai")
WEIGHT = {
    "urinary_casts": 4, "haematuria": 4, "proteinuria": 4, "pyuria": 4, "low_complement": 2, "increased_dna": 2,
    "thrombocytopenia": 1, "leukopenia": 1,
}  # fmt: skip

# SELENA-SLEDAI, as a trial would derive the items by its own rules.
RULES = {
    "urinary_casts": '"present" if urine_cast in ("haem_granular", "red_cell") else "absent"',
    "haematuria": '"absent" if urine_rbc <= 5 else "present" if haematuria_sle else "not_attributable"',
    "proteinuria": '"absent" if urine_protein <= 0.5 else "not_attributable" if not proteinuria_sle else "present" if '
    "(previous_urine_protein <= 0.5 or urine_protein - previous_urine_protein > 0.5 if known(previous_urine_protein) "
    'else proteinuria_recent) else "absent"',
    "pyuria": '"absent" if urine_wbc <= 5 else "present" if pyuria_sle else "not_attributable"',
    "low_complement": '"present" if c3 < c3_lln or c4 < c4_lln else "absent"',
    "increased_dna": '"present" if anti_dsdna > anti_dsdna_uln else "absent"',
    "thrombocytopenia": '"present" if platelets < 100 else "absent"',
    "leukopenia": '"absent" if white_cells >= 3.0 else "present" if leukopenia_sle else "not_attributable"',
}


def around(*limits):
    """Values at a limit and a step to either side."""
    steps = [Decimal(limit) + step for limit in limits for step in (Decimal("-0.1"), Decimal(0), Decimal("0.1"))]
    return st.sampled_from(steps)


patients = st.fixed_dictionaries(
    {
        "urine_cast": st.sampled_from(["none", "hyaline", "haem_granular", "red_cell", "other"]),
        "urine_rbc": around(5), "urine_wbc": around(5), "urine_protein": around("0.5", "1.0", "1.5"),
        "previous_urine_protein": around("0.5", "1.0"), "c3": around("0.7"), "c3_lln": around("0.7"),
        "c4": around("0.2"), "c4_lln": around("0.2"), "anti_dsdna": around(100), "anti_dsdna_uln": around(100),
        "platelets": around(100), "white_cells": around(3), "sample_days": st.sampled_from([0, 9, 10, 11, 30, -1]),
        **dict.fromkeys(
            ["haematuria_sle", "proteinuria_sle", "proteinuria_recent", "pyuria_sle", "leukopenia_sle",
             "thrombocytopenia_drug"], st.booleans()),
    }
)  # fmt: skip
hidden = st.sets(st.sampled_from(["previous_urine_protein", *sorted(LABORATORY.input_by_id)]), max_size=6)
variants = st.sampled_from(LABORATORY.variants)


@settings(deadline=None, max_examples=300)
@given(patients, hidden)
def test_in_selena_every_item_is_what_the_rule_says(patient, gaps):
    answers = {name: answer for name, answer in patient.items() if name not in gaps and name != "sample_days"}
    result = LABORATORY.score(answers, variant="selena")
    for name, rule in RULES.items():
        expected = compile_rule(rule).evaluate(answers)
        assert result.results[name] == expected or (expected is None and completions_agree(answers, name, result))


def completions_agree(answers, name, result):
    """Where the rule gives up, the instrument may know more: then every completion of the item's answers says so."""
    open_names = [n for n in compile_rule(RULES[name]).names if n not in answers]
    options = {
        "urine_cast": ["none", "red_cell"], **{name: [Decimal(0), Decimal(5000)] for name in LABORATORY.input_by_id},
        **{q.id: [True, False] for q in LABORATORY.inputs if q.type == "yes_no"},
        "proteinuria_recent": [answers.get("proteinuria_recent")] if "proteinuria_recent" in answers else [True, False],
        "previous_urine_protein": [None],
    }  # fmt: skip
    said = {
        compile_rule(RULES[name]).evaluate(answers | dict(zip(open_names, filled, strict=True)))
        for filled in product(*(options[n] for n in open_names))
    }
    return said == {result.results[name]}


@settings(deadline=None, max_examples=200)
@given(patients, variants)
def test_the_points_are_what_sledai_gives_for_the_items(patient, variant):
    result = LABORATORY.score(patient, variant=variant)
    judged = {name: result.results[name] for name in WEIGHT}
    others = dict.fromkeys(set(SLEDAI.input_by_id) - set(WEIGHT), "absent")
    assert SLEDAI.score(others | judged, variant=variant).value == result.value
    if result.value is not None:
        assert result.value == sum(WEIGHT[name] for name, state in judged.items() if state == "present")


@settings(deadline=None, max_examples=150)
@given(patients, variants, hidden)
def test_an_answer_given_in_spite_of_missing_ones_survives_when_they_come(patient, variant, gaps):
    patient = patient | {"sample_days": 5}
    full = LABORATORY.score(patient, variant=variant)
    part = LABORATORY.score(patient | dict.fromkeys(gaps), variant=variant)
    if not full.problems:
        for name, value in part.results.items():
            assert value is None or value == full.results[name]
        assert part.lower <= full.value <= part.upper


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(patients, hidden), min_size=1, max_size=6), variants,
       st.sampled_from(["g_per_24h", "upcr_50"]), st.sampled_from(["c3_c4", "c4", "c3_c4_ch50"]),
       st.sampled_from(["of_variant", "7", "30"]))  # fmt: skip
def test_columns_give_what_rows_give(drawn, variant, protein, complement, window):
    chosen = {"protein": protein, "complement": complement, "window_days": window}
    rows = [patient | dict.fromkeys(gaps) for patient, gaps in drawn]
    in_columns = LABORATORY.score_columns(
        {name: LABORATORY.column(name, [row.get(name) for row in rows]) for name in LABORATORY.input_by_id},
        variant=variant,
        settings=chosen,
    )
    by_row = [LABORATORY.score(row, variant=variant, settings=chosen) for row in rows]
    for output in LABORATORY.outputs:
        assert columns.decode(output, in_columns[output.id]) == [result.results[output.id] for result in by_row]
    assert in_columns["lower"].tolist() == [result.lower for result in by_row]
    assert in_columns["upper"].tolist() == [result.upper for result in by_row]
