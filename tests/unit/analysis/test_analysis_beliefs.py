"""Guesses by hand: who counts, what is counted, and the indices against their definitions on the raw answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import fmean

import pytest
from analysis_trials import BELIMUMAB, HYPERTENSION, opened, person
from hypothesis import given
from hypothesis import strategies as st

from equipoise.analysis import cohort
from equipoise.analysis.ard import results
from equipoise.analysis.beliefs import BELIEF, beliefs, guesses, occasions
from equipoise.conduct.unmasking import Unmasking
from equipoise.items import Missing
from equipoise.statistics import NotEstimable

ACTIVE, INACTIVE, UNSURE = "active", "inactive", "do_not_know"
ITEM = "participant_guess/week_4"
FORM = ("week_4", "belief_participant", 1)


def said(code, guess, because="efficacy", **more):
    """Somebody who was seen at week 4; `guess` None is no answer."""
    row = {} if guess is None else {"participant_guess": guess}
    if guess in (ACTIVE, INACTIVE):
        row["participant_guess_because"] = because
    return replace(person(code, {"week_4": 5}), values={FORM: row}, **more)


def found(arms, protocol=HYPERTENSION, unmaskings=()):
    trial = opened(arms)
    register = {each.id: each for each in unmaskings}
    return results(beliefs(cohort(replace(trial, snapshot=replace(trial.snapshot, unmaskings=register)), protocol)))


def group(arm, answers):
    return [said(f"11-{arm}{number}", answer) for number, answer in enumerate(answers)]


ARMS = {
    "high": group(1, [ACTIVE, ACTIVE, ACTIVE, INACTIVE, UNSURE, None]),
    "low": group(2, [ACTIVE, INACTIVE, UNSURE]),
    "placebo": group(3, [ACTIVE, INACTIVE, INACTIVE, Missing("ND")]),
}


def test_answers_are_counted_by_arm_and_in_all():
    rows = found(ARMS)

    def counts(statistic, level=""):
        cells = (rows.get(BELIEF, statistic, variable=ITEM, level=level, arm=arm) for arm in (*ARMS, ""))
        return [(row.n, row.N) for row in cells]

    assert counts("guess", ACTIVE) == [(3, 5), (1, 3), (1, 3), (5, 11)]
    assert counts("guess", INACTIVE) == [(1, 5), (1, 3), (2, 3), (4, 11)]
    assert counts("guess", UNSURE) == [(1, 5), (1, 3), (0, 3), (2, 11)]
    assert counts("unanswered") == [(1, 6), (0, 3), (1, 4), (2, 13)]  # nobody, and somebody marked as missing
    assert counts("because", "efficacy") == [(4, 4), (2, 2), (3, 3), (9, 9)]
    assert counts("because", "told") == [(0, 4), (0, 2), (0, 3), (0, 9)]


def test_the_indices_are_those_of_the_counts():
    """Bang: (3 - 1)/5, (1 - 1)/3, (2 - 1)/3. James, by hand: of 11 two did not know; 9 named, 3 of them wrong."""
    rows = found(ARMS)
    bang = [rows.get(BELIEF, "bang", variable=ITEM, arm=arm).estimate for arm in ARMS]
    assert bang == pytest.approx([2 / 5, 0, 1 / 3])
    observed, expected = 3 / 9, (6 * 4 + 3 * 5) / 81  # 6 on the drug named one, 3 on placebo; 5 said drug, 4 not
    by_hand = (1 + 2 / 11 + 9 / 11 * (observed - expected) / expected) / 2
    james = rows.get(BELIEF, "james", variable=ITEM)
    assert james.estimate == pytest.approx(by_hand)
    assert (james.n, james.N, james.method) == (6, 11, "blinding/james")


ANSWERS = st.lists(st.sampled_from([ACTIVE, INACTIVE, UNSURE, None]), max_size=6)


@given(high=ANSWERS, low=ANSWERS, placebo=ANSWERS)
def test_the_indices_are_what_the_raw_answers_say(high, low, placebo):
    """A slow second reading: each answer of each form as +1 right, -1 wrong, 0 not known; James from every pair."""
    arms = {"high": group(1, high), "low": group(2, low), "placebo": group(3, placebo)}
    rows, everybody = found(arms), []
    for arm, people in arms.items():
        raw = [each.values[FORM].get("participant_guess") for each in people]
        right = INACTIVE if arm == "placebo" else ACTIVE
        scores = [0 if answer == UNSURE else 1 if answer == right else -1 for answer in raw if answer]
        row = rows.get(BELIEF, "bang", variable=ITEM, arm=arm)
        assert row.estimate == (pytest.approx(fmean(scores)) if scores else None)
        assert row.why != NotEstimable("empty_arm", ("treatment",)) or not scores
        everybody += [(right, answer) for answer in raw if answer]
    named = [pair for pair in everybody if pair[1] != UNSURE]
    chance = sum(own != other for own, _ in named for _, other in named)
    james = rows.get(BELIEF, "james", variable=ITEM)
    if {own for own, _ in everybody} != {ACTIVE, INACTIVE} or (named and not chance):
        assert (james.estimate, james.why is None) == (None, False)
    else:
        wrong = sum(own != answer for own, answer in named)
        disagreement = wrong * len(named) / chance - 1 if named else 0
        unsure = 1 - len(named) / len(everybody)
        assert james.estimate == pytest.approx((1 + unsure + (1 - unsure) * disagreement) / 2)


def entry(code, kind, day):
    at = datetime(2024, 5, 6, tzinfo=UTC) + timedelta(days=day)
    return Unmasking(f"{code} {kind} {day}", kind, code, "11", at.date(), at, "i", "investigator")


@pytest.mark.parametrize(
    ("entries", "known"),
    [
        ([("code_break", 27)], True), ([("by_telephone", 28)], True), ([("accidental", 40), ("accidental", 3)], True),
        ([("code_break", 29)], False), ([("suspected", 1)], False), ([], False),
    ],
)  # fmt: skip
def test_who_knew_the_arm_did_not_guess(entries, known):
    """Week 4 was on day 28."""
    one = ARMS["high"][0]
    rows = found(ARMS, unmaskings=[entry(one.code, kind, day) for kind, day in entries])
    assert rows.count(BELIEF, "known", variable=ITEM, arm="high") == known
    assert rows.count(BELIEF, "guess", variable=ITEM, level=ACTIVE, arm="high") == 3 - known
    assert rows.count(BELIEF, "known", variable=ITEM) == known


def test_surer_and_less_sure_answers_count_for_one_treatment():
    def five(arm, answers):
        return [
            replace(person(f"01-{arm}{n}", {"week_4": 5}), values={FORM: {"participant_guess": answer}})
            for n, answer in enumerate(answers)
        ]

    arms = {
        "belimumab": five(1, ["surely_active", "rather_active", "rather_inactive", "do_not_know"]),
        "placebo": five(2, ["surely_inactive", "surely_active", "do_not_know", "do_not_know"]),
    }
    rows = found(arms, BELIMUMAB)
    assert [rows.get(BELIEF, "bang", variable=ITEM, arm=arm).estimate for arm in arms] == [1 / 4, 0]
    assert rows.count(BELIEF, "guess", variable=ITEM, level="surely_active") == 2


def test_every_question_is_asked_at_the_visits_of_its_form():
    assert [each.id for each in occasions(HYPERTENSION)] == [
        "participant_guess/week_4", "participant_guess/week_12", "investigator_guess/week_12",
        "assessor_guess/week_12",
    ]  # fmt: skip


def test_questions_without_reasons_and_trials_without_questions():
    belief = HYPERTENSION.masking.belief
    bare = belief.model_copy(update={"asked": (belief.asked[0].model_copy(update={"because": None}),)})
    asked = HYPERTENSION.model_copy(update={"masking": HYPERTENSION.masking.model_copy(update={"belief": bare})})
    trial = cohort(opened(ARMS), asked)
    assert {guess.because for guess in guesses(trial, occasions(asked)[0])} == {""}
    assert not list(results(beliefs(trial)).of(BELIEF, "because"))
    none = HYPERTENSION.model_copy(update={"masking": HYPERTENSION.masking.model_copy(update={"belief": None})})
    assert list(beliefs(cohort(opened(ARMS), none))) == []


def test_a_day_of_answers_that_was_not_recorded_is_after_any_unmasking():
    one = replace(ARMS["high"][0], visits={})
    rows = found({**ARMS, "high": [one]}, unmaskings=[entry(one.code, "code_break", 90)])
    assert rows.count(BELIEF, "known", variable=ITEM, arm="high") == 1
