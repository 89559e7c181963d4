"""Flares by BILAG-2004 grades against the definitions, spelt out, and against every completion of what is missing."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments

FLARE = instruments.get("bilag2004_flare")
SYSTEMS = tuple(dict.fromkeys(question.group for question in FLARE.inputs))
variants = pytest.mark.parametrize("variant", FLARE.variants)


def by_hand(variant, a):
    """none, mild, moderate or severe with complete answers."""
    changes = [(a[f"reference_{s}"], a[f"grade_{s}"], a[f"new_{s}"]) for s in SYSTEMS]
    if variant == "isenberg":
        fresh = [now for _, now, new in changes if new]
        if "A" in fresh:
            return "severe"
        if fresh.count("B") >= 2:
            return "moderate"
        return "mild" if "B" in fresh or fresh.count("C") >= 3 else "none"
    if any(now == "A" and before != "A" for before, now, _ in changes):
        return "severe"
    new_b = sum(now == "B" and before in "CDE" for before, now, _ in changes)
    return "moderate" if new_b >= (1 if variant == "gordon_2003" else 2) else "none"


def possible(question):
    return question.codes or (True, False)


COMPLETE = st.fixed_dictionaries({q.id: st.sampled_from(possible(q)) for q in FLARE.inputs})


@variants
@settings(max_examples=60, deadline=None)
@given(answers=COMPLETE)
def test_complete_answers_give_the_degree_of_the_definition(variant, answers):
    result = FLARE.score(answers, variant=variant)
    expected = by_hand(variant, answers)
    assert result.results["severity"] == expected
    assert result.value is (expected != "none")


@variants
@settings(max_examples=40, deadline=None)
@given(answers=COMPLETE, data=st.data())
def test_a_degree_is_known_exactly_when_every_completion_agrees(variant, answers, data):
    quiet = {name: "D" for name in answers if name.startswith("grade_")}
    shown = answers | {name: quiet[name] for name in data.draw(st.sets(st.sampled_from(sorted(quiet)), min_size=5))}
    hidden = sorted(data.draw(st.sets(st.sampled_from(sorted(answers)), min_size=1, max_size=3)))
    part = FLARE.score({name: a for name, a in shown.items() if name not in hidden}, variant=variant)
    outcomes = {
        by_hand(variant, shown | dict(zip(hidden, filled, strict=True)))
        for filled in product(*(possible(FLARE.input_by_id[name]) for name in hidden))
    }
    flares = {degree != "none" for degree in outcomes}
    assert part.value == (flares.pop() if len(flares) == 1 else None)
    if len(outcomes) == 1:
        assert part.results["severity"] in outcomes
    else:
        assert part.results["severity"] == (None if "none" in outcomes else "flare_severity_unknown")
        assert set(part.unknown) <= set(hidden)
        assert part.unknown
