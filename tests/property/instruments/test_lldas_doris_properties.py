"""LLDAS and DORIS against oracles written from their definitions, against each other, and missing answers."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments import columns

LLDAS, DORIS, SLEDAI = map(instruments.get, ("lldas", "doris_2021", "sledai"))

MAJOR = [
    "urinary_casts", "haematuria", "proteinuria", "pyuria", "seizure", "psychosis", "organic_brain", "visual",
    "cranial_nerve", "lupus_headache", "cva", "pleurisy", "pericarditis", "vasculitis", "fever",
]  # fmt: skip
OTHER = [
    "arthritis", "myositis", "rash", "alopecia", "mucosal_ulcers", "thrombocytopenia", "leukopenia", "low_complement",
    "increased_dna",
]  # fmt: skip
NEVER = ["haemolytic_anaemia", "gastrointestinal_activity", "new_activity"]

rarely = st.sampled_from([False] * 19 + [True])
sometimes = st.booleans()
treatment = {"prednisolone_daily": st.decimals(0, 10, places=1), "pga": st.decimals(0, 2, places=1)}
patients = st.fixed_dictionaries(
    {
        "sledai_2k": st.integers(0, 6), "sfi_severity": st.sampled_from(["none", "none", "mild_moderate", "severe"]),
        "first_assessment": rarely, "standard_treatment": st.sampled_from([True, True, False]), **treatment,
        **dict.fromkeys([*MAJOR, *NEVER], rarely), **dict.fromkeys(OTHER, sometimes),
        **dict.fromkeys([f"{item}_previous" for item in OTHER], st.sampled_from([True, True, False])),
    }
)  # fmt: skip
variants = st.sampled_from(LLDAS.variants)


def by_hand(p, variant):
    new = {
        "previous_assessment": p["new_activity"],
        "sledai_items": any(p[item] and not p[f"{item}_previous"] for item in OTHER),
        "sfi": p["sfi_severity"] != "none",
    }[variant]
    return (
        p["sledai_2k"] <= 4 and not any(p[item] for item in MAJOR) and not p["haemolytic_anaemia"]
        and not p["gastrointestinal_activity"] and not new and p["pga"] <= 1
        and p["prednisolone_daily"] <= Decimal("7.5") and p["standard_treatment"]
    )  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(patients, variants)
def test_the_state_is_the_one_by_hand(patient, variant):
    result = LLDAS.score(patient, variant=variant)
    assert result.value is by_hand(patient, variant)
    assert bool(result.contributions) is not result.value


@settings(deadline=None, max_examples=200)
@given(patients, variants, st.sets(st.sampled_from(sorted(LLDAS.input_by_id)), min_size=1, max_size=6))
def test_unknown_is_said_only_when_completions_disagree(patient, variant, hidden):
    """Every criterion only loses by activity and treatment: the best and the worst completion decide."""
    best = dict.fromkeys(LLDAS.input_by_id, False) | {
        "sledai_2k": 0, "sfi_severity": "none", "pga": Decimal(0), "prednisolone_daily": Decimal(0),
        "standard_treatment": True, **dict.fromkeys([f"{item}_previous" for item in OTHER], True),
    }  # fmt: skip
    worst = dict.fromkeys(LLDAS.input_by_id, True) | {
        "sledai_2k": 105, "sfi_severity": "severe", "pga": Decimal(3), "prednisolone_daily": Decimal(1500),
        "standard_treatment": False, **dict.fromkeys([f"{item}_previous" for item in OTHER], False),
    }  # fmt: skip
    part = LLDAS.score(patient | dict.fromkeys(hidden), variant=variant)
    ends = {by_hand(patient | {name: end[name] for name in hidden}, variant) for end in (best, worst)}
    assert part.value is (ends.pop() if len(ends) == 1 else None)
    assert bool(part.unknown) is (part.value is None)
    assert set(part.unknown) <= hidden


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(patients, st.sets(st.sampled_from(sorted(LLDAS.input_by_id)), max_size=5)), min_size=1, max_size=6
    ),
    variants,
    st.fixed_dictionaries({name: st.sampled_from(["yes", "no"]) for name in LLDAS.settings}),
)
def test_columns_give_what_rows_give(drawn, variant, chosen):
    rows = [patient | dict.fromkeys(hidden) for patient, hidden in drawn]
    given_ = {name: LLDAS.column(name, [row[name] for row in rows]) for name in LLDAS.input_by_id}
    in_columns = LLDAS.score_columns(given_, variant=variant, settings=chosen)
    by_row = [LLDAS.score(row, variant=variant, settings=chosen).results for row in rows]
    for output in LLDAS.outputs:
        assert columns.decode(output, in_columns[output.id]) == [results[output.id] for results in by_row]


# --- Remission ------------------------------------------------------------------------------------------------------

remitting = st.fixed_dictionaries(
    {
        "clinical_sledai": st.sampled_from([0, 0, 0, 1]), "pga": st.decimals(0, 1, places=1),
        "prednisolone_daily": st.decimals(0, 8, places=1), "stable_treatment": st.sampled_from([True, True, False]),
    }
)  # fmt: skip
readings = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(part.codes) for name, part in DORIS.settings.items()}
)


@settings(deadline=None, max_examples=200)
@given(remitting, readings, st.sets(st.sampled_from(sorted(DORIS.input_by_id))))
def test_remission_is_the_one_by_hand_and_unknown_unless_something_known_rules_it_out(patient, chosen, hidden):
    pga, dose = patient["pga"], patient["prednisolone_daily"]
    holds = {
        "clinical_sledai": patient["clinical_sledai"] == 0,
        "pga": pga <= Decimal("0.5") if chosen.get("pga_limit") == "at_most_0_5" else pga < Decimal("0.5"),
        "prednisolone_daily": dose < 5 if chosen.get("prednisolone_limit") == "below_5" else dose <= 5,
        "stable_treatment": patient["stable_treatment"],
    }
    known = [holds[name] for name in holds if name not in hidden]
    result = DORIS.score({name: a for name, a in patient.items() if name not in hidden}, settings=chosen)
    assert result.value is (False if False in known else None if hidden else True)
    assert set(result.unknown) == (hidden if result.value is None else set())


@settings(deadline=None, max_examples=200)
@given(remitting, readings, st.fixed_dictionaries(dict.fromkeys(SLEDAI.input_by_id, rarely)), variants)
def test_remission_is_low_disease_activity_unless_something_is_new_or_outside_the_sledai(
    patient, chosen, items, variant
):
    sledai = SLEDAI.score(items, variant="sledai_2k").results
    remission = DORIS.score(patient | {"clinical_sledai": sledai["clinical"]}, settings=chosen)
    same = {"pga": patient["pga"], "prednisolone_daily": patient["prednisolone_daily"],
            "standard_treatment": patient["stable_treatment"], "sledai_2k": sledai["total"], **items}  # fmt: skip
    nothing_new = {f"{item}_previous": items[item] for item in OTHER} | {"sfi_severity": "none"}
    low = LLDAS.score(same | nothing_new | dict.fromkeys(NEVER, False), variant=variant)
    assert low.value or not remission.value
