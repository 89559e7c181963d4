"""Reference-based imputation in the analysis: which gaps follow the reference, and which are missing at random."""

from datetime import timedelta
from math import isclose

import pytest
from analysis_trials import MISSED, START, estimand, opened, person, with_estimands

from equipoise.analysis import analyse
from equipoise.protocol.schema import Estimand
from equipoise.statistics import reference_based

LEFT = START + timedelta(days=35)
HYPOTHETICAL = [
    {"event": event, "strategy": "hypothetical", "text": {"en": "x", "zh": "某"}}
    for event in ("treatment_stopped", "withdrawn", "missed_assessment")
]
# Of each participant: arm, baseline, week 4, week 8 (None: missing), and whether they left after week 4.
PEOPLE = [
    ("active", 6, 5, 3, False), ("active", 8, 7, 4, False), ("active", 7, 4, 4, False), ("active", 5, 5, 2, False),
    ("active", 9, 6, None, True), ("active", 6, 4, None, True), ("active", 7, 6, 5, False),
    ("control", 6, 6, 6, False), ("control", 8, 7, 7, False), ("control", 7, 8, 6, False), ("control", 5, 4, 5, False),
    ("control", 9, 9, 8, False), ("control", 6, 7, None, True), ("control", 8, 6, 7, False),
]  # fmt: skip


def trial(people=PEOPLE):
    arms = {"active": [], "control": []}
    for place, (arm, baseline, middle, final, left) in enumerate(people):
        course = {"week_0": baseline, "week_4": middle, "week_8": MISSED if final is None else final}
        more = {"ended": LEFT, "how_ended": "withdrew"} if left else {}
        arms[arm].append(person(f"01-{place:03d}", course, **more))
    return arms


def fitted(people=PEOPLE, arms=None, **method):
    asked = estimand("itch", "reference_based", **method)
    asked = Estimand.model_validate({**asked.model_dump(), "intercurrent_events": HYPOTHETICAL})
    return analyse(opened(trial(people) if arms is None else arms), with_estimands(asked)).results


@pytest.mark.parametrize(("imputation", "strategy"), [("jump_to_reference", "JR"), ("copy_increments", "CIR")])
def test_who_left_follows_the_reference(imputation, strategy):
    """The room of statistics, asked by hand: a row for each visit, changes from baseline, and who left after week 4."""
    codes = [f"01-{place:03d}" for place in range(len(PEOPLE))]
    rows = [(code, visit, arm, None if value is None else value - baseline, baseline)
            for code, (arm, baseline, middle, final, _) in zip(codes, PEOPLE, strict=True)
            for visit, value in (("week_4", middle), ("week_8", final))]  # fmt: skip
    subject, visit, arm, change, baseline = zip(*rows, strict=True)
    by_hand = reference_based(
        change, arm, subject, visit, {"baseline": list(baseline)}, reference="control", strategy=strategy,
        withdrawn_after={code: "week_4" for code, one in zip(codes, PEOPLE, strict=True) if one[4]},
        by_visit=["baseline"], visits=["week_4", "week_8"],
    ).difference("active", "week_8")  # fmt: skip
    row = fitted(imputation=imputation).get("asked", "mean_difference", arm="active")
    assert (row.estimate, row.standard_error) == pytest.approx((by_hand.estimate, by_hand.standard_error))
    assert row.method == f"reference_based/{strategy.lower()}/jackknife"
    assert row.n == len(PEOPLE)


def test_jumping_to_the_reference_takes_the_effect_of_those_who_left():
    differences = [
        fitted(imputation=name).get("asked", "mean_difference", arm="active").estimate
        for name in ("missing_at_random", "jump_to_reference")
    ]
    assert differences[0] < differences[1] < 0


def test_a_visit_that_was_missed_is_missing_at_random():
    """Without anybody who left, the imputation has nothing to say."""
    stayed = [(*one[:4], False) for one in PEOPLE]
    found = {
        fitted(stayed, imputation=name).get("asked", "mean_difference", arm="active").estimate
        for name in ("missing_at_random", "jump_to_reference", "copy_reference")
    }
    assert len(found) == 1


def test_without_gaps_it_is_the_analysis_of_covariance():
    whole = [(*one[:3], 5 if one[3] is None else one[3], False) for one in PEOPLE]
    imputed = fitted(whole).get("asked", "mean_difference", arm="active").estimate
    covariance = analyse(opened(trial(whole)), with_estimands(estimand("itch", "ancova"))).results
    assert isclose(imputed, covariance.get("asked", "mean_difference", arm="active").estimate, rel_tol=1e-9)


def test_values_after_treatment_stopped_are_set_aside_and_imputed():
    """Who stopped on day 35 and stayed is as if gone after week 4; who stopped before week 4, as if gone at once."""
    arms = trial()
    arms["active"][0] = person("01-000", {"week_0": 6, "week_4": 5, "week_8": 3}, treatment_stopped=LEFT)
    early = START + timedelta(days=3)
    arms["active"][1] = person("01-001", {"week_0": 8, "week_4": 7, "week_8": 4}, treatment_stopped=early)
    changed = [(*PEOPLE[0][:3], None, True), (*PEOPLE[1][:2], None, None, True), *PEOPLE[2:]]
    without = trial(changed)
    without["active"][1] = person("01-001", {"week_0": 8}, ended=early, how_ended="withdrew")
    found = [fitted(arms=each).get("asked", "mean_difference", arm="active").estimate for each in (arms, without)]
    assert isclose(*found)


@pytest.mark.parametrize("people", [[], [("active", 6, None, None, True)]], ids=["nobody", "nobody seen again"])
def test_without_any_value_there_is_nothing_to_impute(people):
    arms = {"active": [person("01-001", {"week_0": 6})]} if people else {}
    row = fitted(arms=arms).get("asked", "mean_difference", arm="active")
    assert (row.estimate, row.why.reason) == (None, "no_subjects")
