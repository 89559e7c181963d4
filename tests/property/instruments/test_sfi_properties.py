"""The flare index against an oracle written from the definition; missing answers against their completions; columns."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments import columns

SFI = instruments.get("sfi")

MILD = ["new_rash", "new_ulcers", "new_pleuritis", "new_pericarditis", "new_arthritis", "new_fever"]
SEVERE = ["new_cns", "new_vasculitis", "new_nephritis", "new_myositis", "new_thrombocytopenia", "new_haemolysis"]
MILD_DRUGS = ["new_nsaid", "new_hydroxychloroquine"]
SEVERE_DRUGS = ["new_cyclophosphamide", "new_azathioprine", "new_methotrexate", "new_mycophenolate"]
OTHER_DRUGS = ["new_calcineurin_inhibitor", "new_leflunomide", "new_biologic"]
BOOLEANS = [*MILD, *SEVERE, *MILD_DRUGS, *SEVERE_DRUGS, *OTHER_DRUGS, "hospitalised"]

rarely = st.sampled_from([False] * 9 + [True])
doses = st.decimals(0, 60, places=1)
assessments = st.decimals(0, 3, places=1)
patients = st.fixed_dictionaries(
    {
        "sledai_now": st.integers(0, 20), "sledai_ref": st.integers(0, 20),
        "pga_now": assessments, "pga_ref": assessments,
        "prednisone_now": doses, "prednisone_ref": doses, "weight": st.decimals(35, 90, places=1),
        **dict.fromkeys(BOOLEANS, rarely), "rater_severity": st.sampled_from(["mild", "moderate"]),
    }
)  # fmt: skip
quiet = patients.map(lambda p: p | {"prednisone_now": p["prednisone_ref"], "pga_now": p["pga_ref"]})
variants = st.sampled_from(SFI.variants)
choices = st.fixed_dictionaries(
    {},
    optional={
        "sv1_requires_rise": st.sampled_from(["yes", "no"]),
        "mm1_cap_removed": st.sampled_from(["yes", "no"]),
        "pga_reading": st.sampled_from(["rise", "rise_to"]),
        "start_counts_as_doubling": st.sampled_from(["yes", "no"]),
        "severe_manifestation_needs_treatment": st.sampled_from(["yes", "no"]),
    },
)


def by_hand(p, variant):
    """The table of the index with its default settings, read from top to bottom, for a patient fully assessed."""
    above_limit = p["prednisone_now"] > p["weight"] / 2
    more_prednisone = p["prednisone_now"] > p["prednisone_ref"]
    doubled = more_prednisone and p["prednisone_now"] >= 2 * p["prednisone_ref"]
    rise = p["sledai_now"] - p["sledai_ref"]
    with_drugs = variant != "thanou_msfi"
    severe = [
        variant != "belimumab_modified" and p["sledai_now"] > 12 and rise > 0,
        any(p[name] for name in SEVERE) and (doubled or above_limit or p["hospitalised"]),
        with_drugs and more_prednisone and above_limit,
        with_drugs and any(p[name] for name in SEVERE_DRUGS),
        p["hospitalised"],
        p["pga_now"] > Decimal("2.5") and p["pga_now"] > p["pga_ref"],
    ]
    mild = [
        rise >= 3 and (p["sledai_now"] <= 12 or variant == "belimumab_modified"),
        any(p[name] for name in MILD),
        with_drugs and more_prednisone and not above_limit,
        with_drugs and any(p[name] for name in MILD_DRUGS),
        p["pga_now"] - p["pga_ref"] >= 1 and p["pga_now"] <= Decimal("2.5"),
    ]
    return "severe" if any(severe) else "mild_moderate" if any(mild) else "none"


def as_answers(patient):
    """Manifestations as states, as a form gives them."""
    return {name: {True: "present", False: "absent"}[a] if name in MILD + SEVERE else a for name, a in patient.items()}


@settings(deadline=None, max_examples=300)
@given(patients | quiet, variants)
def test_the_severity_is_the_one_by_hand(patient, variant):
    result = SFI.score(as_answers(patient), variant=variant)
    expected = by_hand(patient, variant)
    assert result.value == expected
    assert result.results["flare"] is (expected != "none")
    assert result.results["severe"] is (expected == "severe")
    assert result.results["mild_moderate"] is (expected == "mild_moderate")
    assert bool(result.contributions) is (expected != "none")
    told_apart = variant == "thanou_msfi" and expected == "mild_moderate"
    assert result.results["rated"] == (patient["rater_severity"] if told_apart else expected)


@settings(deadline=None, max_examples=200)
@given(patients | quiet, variants, choices, st.sets(st.sampled_from(sorted(SFI.input_by_id)), max_size=6))
def test_an_answer_given_in_spite_of_missing_ones_survives_every_completion(patient, variant, chosen, hidden):
    full = SFI.score(patient, variant=variant, settings=chosen)
    part = SFI.score(patient | dict.fromkeys(hidden), variant=variant, settings=chosen)
    for name, value in part.results.items():
        if name not in ("severity", "rated") and value is not None:
            assert value is full.results[name]
    if part.value not in (None, "flare_severity_unknown"):
        assert part.value == full.value
    if part.results["rated"] is not None:
        assert part.results["rated"] == full.results["rated"]


@settings(deadline=None, max_examples=200)
@given(patients | quiet, variants, st.sets(st.sampled_from(BOOLEANS), min_size=1, max_size=8))
def test_unknown_is_said_only_when_completions_disagree(patient, variant, hidden):
    """Every criterion only gains by a yes: if all-no and all-yes agree, so does everything between."""
    part, least, most = (
        SFI.score(patient | dict.fromkeys(hidden, filled), variant=variant).results for filled in (None, False, True)
    )
    for name in ("flare", "severe"):
        assert part[name] is (least[name] if least[name] is most[name] else None)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(patients | quiet, st.sets(st.sampled_from(sorted(SFI.input_by_id)), max_size=5)), min_size=1,
                max_size=6), variants, choices)  # fmt: skip
def test_columns_give_what_rows_give(drawn, variant, chosen):
    rows = [patient | dict.fromkeys(hidden) for patient, hidden in drawn]
    in_columns = SFI.score_columns(
        {name: SFI.column(name, [row[name] for row in rows]) for name in SFI.input_by_id},
        variant=variant,
        settings=chosen,
    )
    by_row = [SFI.score(row, variant=variant, settings=chosen).results for row in rows]
    for output in SFI.outputs:
        assert columns.decode(output, in_columns[output.id]) == [results[output.id] for results in by_row]
