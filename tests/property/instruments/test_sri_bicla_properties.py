"""SRI and BICLA against oracles written from their definitions; missing answers against every completion; columns."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments import columns

SYSTEMS = [
    "constitutional", "mucocutaneous", "neuropsychiatric", "musculoskeletal", "cardiorespiratory", "gastrointestinal",
    "ophthalmic", "renal", "haematological",
]  # fmt: skip
PAIRS = list(product("ABCDE", repeat=2))  # baseline, now
HARMLESS = [("A", "B"), ("A", "C"), ("B", "C"), ("B", "D"), ("C", "C"), ("D", "D"), ("E", "E"), ("D", "C")]
pairs = st.sampled_from(HARMLESS * 20 + PAIRS)
pga = st.decimals(0, 3, places=1)


@st.composite
def patients(draw):
    graded = {system: draw(pairs) for system in SYSTEMS}
    baseline, pga_baseline = draw(st.integers(0, 20)), draw(pga)
    return {
        **{f"{system}_baseline": before for system, (before, _) in graded.items()},
        **{f"{system}_now": now for system, (_, now) in graded.items()},
        "sledai_baseline": baseline, "sledai_now": draw(st.integers(0, baseline) | st.integers(0, 20)),
        "pga_baseline": pga_baseline, "pga_now": draw(st.decimals(0, pga_baseline, places=1) | pga),
        "treatment_failure": draw(st.sampled_from([False] * 5 + [True])),
    }  # fmt: skip


def new(p, grade, before):
    return sum(p[f"{s}_now"] == grade and p[f"{s}_baseline"] in before for s in SYSTEMS)


def sri_by_hand(p, variant):
    k = int(variant[-1])
    if p["sledai_baseline"] < k:
        return "not_evaluable"
    holds = (
        p["sledai_baseline"] - p["sledai_now"] >= k
        and new(p, "A", "BCDE") == 0
        and new(p, "B", "CDE") <= 1
        and 10 * p["pga_now"] - 10 * p["pga_baseline"] < 3
        and not p["treatment_failure"]
    )
    return "yes" if holds else "no"


def bicla_by_hand(p, variant):
    if not any(p[f"{s}_baseline"] in "AB" for s in SYSTEMS):
        return "not_evaluable"
    holds = (
        all(p[f"{s}_now"] in "BCDE" for s in SYSTEMS if p[f"{s}_baseline"] == "A")
        and all(p[f"{s}_now"] in "CDE" for s in SYSTEMS if p[f"{s}_baseline"] == "B")
        and new(p, "A", "BCDE") == 0
        and new(p, "B", "CDE") <= 1
        and p["sledai_now"] <= p["sledai_baseline"]
        and 10 * p["pga_now"] - 10 * p["pga_baseline"] < 3
        and not p["treatment_failure"]
    )
    return "yes" if holds else "no"


both = pytest.mark.parametrize("name", ["sri", "bicla"])
BY_HAND = {"sri": sri_by_hand, "bicla": bicla_by_hand}


@both
@settings(deadline=None, max_examples=200)
@given(data=st.data(), patient=patients())
def test_the_response_is_the_one_by_hand(name, data, patient):
    instrument = instruments.get(name)
    variant = data.draw(st.sampled_from(instrument.variants))
    result = instrument.score(patient, variant=variant)
    expected = BY_HAND[name](patient, variant)
    assert (result.value, result.results["responder"]) == (expected, expected == "yes")
    assert result.results["new_a"] == new(patient, "A", "BCDE")
    assert result.results["new_b"] == new(patient, "B", "CDE")
    assert bool(result.contributions) >= (expected == "no")


def completions(patient, hidden):
    """Every way to fill in the hidden answers, numbers at the ends of their scale and on the way."""
    possible = {
        "sledai_now": [0, 3, 6, 105], "sledai_baseline": [0, 4, 8, 105], "treatment_failure": [False, True],
        "pga_now": [Decimal(n) for n in ("0", "1.5", "3")], "pga_baseline": [Decimal(n) for n in ("0", "1.5", "3")],
    }  # fmt: skip
    for filled in product(*(possible.get(name, "ABCDE") for name in hidden)):
        yield patient | dict(zip(hidden, filled, strict=True))


@both
@settings(deadline=None, max_examples=120)
@given(data=st.data(), patient=patients())
def test_unknown_is_said_exactly_when_completions_disagree(name, data, patient):
    instrument = instruments.get(name)
    variant = data.draw(st.sampled_from(instrument.variants))
    hidden = tuple(data.draw(st.sets(st.sampled_from(sorted(patient)), min_size=1, max_size=3)))
    part = instrument.score(patient | dict.fromkeys(hidden), variant=variant)
    by_hand = {BY_HAND[name](full, variant) for full in completions(patient, hidden)}
    responds = {answer == "yes" for answer in by_hand}
    assert part.value == (by_hand.pop() if len(by_hand) == 1 else None)
    assert part.results["responder"] is (responds.pop() if len(responds) == 1 else None)
    assert bool(part.unknown) is (part.value is None)
    assert set(part.unknown) <= set(hidden)


@both
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_columns_give_what_rows_give(name, data):
    instrument = instruments.get(name)
    variant = data.draw(st.sampled_from(instrument.variants))
    chosen = {setting: data.draw(st.sampled_from(part.codes or ("yes", "no")))
              for setting, part in instrument.settings.items()}  # fmt: skip
    rows = [
        patient | dict.fromkeys(data.draw(st.sets(st.sampled_from(sorted(patient)), max_size=4)))
        for patient in data.draw(st.lists(patients(), min_size=1, max_size=5))
    ]
    given_ = {question: instrument.column(question, [row[question] for row in rows]) for question in rows[0]}
    in_columns = instrument.score_columns(given_, variant=variant, settings=chosen)
    by_row = [instrument.score(row, variant=variant, settings=chosen).results for row in rows]
    for output in instrument.outputs:
        assert columns.decode(output, in_columns[output.id]) == [results[output.id] for results in by_row]
