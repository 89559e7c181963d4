"""Minimisation in simulated trials: arm for arm the exact rule, and its balance, guesses and randomisation test."""

from fractions import Fraction
from itertools import accumulate, product
from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.randomisation.minimisation import Minimisation, probabilities, scores, totals
from equipoise.randomisation.minimised_lists import best_of, chances_of, minimised_lists
from equipoise.simulation.design.acting import opened
from equipoise.simulation.design.lines import lines_of
from equipoise.simulation.design.minimising_kernels import count_extreme_minimised
from equipoise.simulation.design.outcome import outcome_of
from equipoise.simulation.design.philox_kernels import CORE, words
from equipoise.simulation.design.replay import participants_of, replay
from equipoise.simulation.design.room import Room
from equipoise.simulation.design.running import Order, key_of, simulate
from equipoise.simulation.design.scheme import log_rank_scores
from tests.unit.simulation.designs import SIMPLE, in_ratio, near, read, study

FIRST = "time_to_first_flare_itt"
MINIMISED = {"procedure": "minimisation"}
SEX = {"sex": {"levels": {"female": {"share": "4"}, "male": {"share": "1"}}}}
FACTORS = ("site", "sex")


def stratified(*strata, procedure="permuted_blocks", ratio=(1, 1)):
    """The reference trial with these strata, its two arms in some ratio."""
    trial = in_ratio(belimumab=ratio[0], placebo=ratio[1])
    changed = {"strata": strata, "procedure": procedure}
    return trial.model_copy(update={"randomisation": trial.randomisation.model_copy(update=changed)})


def followed(design, factors, profiles, points):
    """Arms, the chances behind each of them, and the best arms, from the whole history in exact fractions."""
    history, known, best = [], [], []
    for profile, point in zip(profiles, points, strict=True):
        counts = totals(history, factors, len(design.shares))
        after = scores(design, counts, profile)
        known.append(probabilities(design, counts, profile))
        best.append([arm for arm, score in enumerate(after) if score == min(after)])
        arm = next(arm for arm, end in enumerate(accumulate(known[-1])) if point < end)
        history.append((profile, arm))
    return [arm for _, arm in history], known, best


def profiles_of(rows):
    """The levels of everybody at the factors."""
    pairs = zip(rows.site.tolist(), rows.covariates[0].tolist(), strict=True)
    return [{"site": str(site), "sex": str(int(sex))} for site, sex in pairs]


def points_of(seed, number, participants):
    """The uniform numbers behind the arms of a trial, exactly."""
    drawn = (int(words(i, CORE, number, key_of(seed))[3]) for i in range(participants))
    return [(word + Fraction(1, 2)) / 2**32 for word in drawn]


@st.composite
def schemes(draw):
    """What a scenario says of minimisation, and the same as the randomisation room has it."""
    shares = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    weights = draw(st.dictionaries(st.sampled_from(FACTORS), st.integers(0, 3)))
    measure = draw(st.sampled_from(("range", "variance", "standard_deviation")))
    favour = draw(st.fractions(Fraction(1, 2), Fraction(9, 10), max_denominator=10))
    told = {"probability": str(favour), "measure": measure, "factor_weights": {k: str(w) for k, w in weights.items()}}
    return {**MINIMISED, **told}, Minimisation(shares, weights, measure, favour)


@settings(max_examples=20)
@given(schemes(), st.integers(0, 2**63), st.integers(0, 2**40))
def test_arms_and_what_is_told_of_them_are_those_of_the_exact_rule(scheme, seed, number):
    told, design = scheme
    one = study(stratified(*FACTORS, ratio=design.shares), participants="30", randomisation=told, covariates=SEX,
                predictability="yes")  # fmt: skip
    trial = replay(one.design, seed, number)
    arms, known, best = followed(design, FACTORS, profiles_of(trial.rows), points_of(seed, number, 30))
    assert trial.rows.arm.tolist() == arms
    right = sum(Fraction(arm in bets, len(bets)) for arm, bets in zip(arms, best, strict=True)) / 30
    assert trial.facts["guessed"] == pytest.approx(float(right))
    entropy = -sum(float(chance) * log2(chance) for chances in known for chance in chances)
    assert trial.told["entropy_bits"] == pytest.approx(entropy)
    forced = sum(4 * abs(chances[0] - Fraction(1, 2)) for chances in known) / 30
    assert trial.told["forcing_index"] == pytest.approx(float(forced), abs=1e-12)
    ahead = list(accumulate(1 - 2 * arm for arm in arms))
    assert trial.told["largest_imbalance"] == max(map(abs, ahead))
    assert trial.told["deterministic"] == 0


def test_imbalance_and_guesses_are_those_of_the_randomisation_rooms_own_trials():
    """Other streams, the same law: |D| at the end, and how often the favoured arm is met."""
    *_, sums = simulate(study(stratified(*FACTORS), randomisation=MINIMISED, covariates=SEX).design, Order(4000, 3))
    one = study(stratified(*FACTORS), randomisation=MINIMISED, covariates=SEX)
    outcome, rng, design = outcome_of(one, 3, sums), np.random.default_rng(8), Minimisation((1, 1))
    levels = np.stack([rng.integers(0, 3, (4000, 60)), rng.random((4000, 60)) < 0.2], axis=2)
    lists = minimised_lists(design, FACTORS, levels.astype(np.int64), 9, trials=4000)
    apart = np.abs((1 - 2 * lists.arms.astype(np.int64)).sum(axis=1))
    told = outcome.of("imbalance")
    assert near(told.value, apart.mean(), np.hypot(told.error, apart.std() / 4000**0.5))
    bets = [max(chances) if best_of(best, 2) else 0 for best, chances in enumerate(chances_of(design))]
    guessed, told = float(lists.met @ np.array(bets, float) / lists.met.sum()), outcome.of("correct_guess")
    assert near(told.value, guessed, 1.5 * told.error)


def test_lists_drawn_anew_are_as_often_extreme_as_all_lists_of_the_exact_rule():
    """Of seven participants all 128 lists, each with its exact probability, given who came in which order."""
    one = study(stratified(*FACTORS), participants="7", leaves=None, event={"risk": "0.7"}, randomisation=MINIMISED,
                covariates=SEX, analyses=[{"estimand": FIRST}], randomisation_test={"estimand": FIRST})  # fmt: skip
    room, lists, design = Room(one.design.plan, key_of(1), {}), 20_000, Minimisation((1, 1))
    for number in (1, 4):
        lines_of(one.design, room, number, 1)
        rows, space = room.rows, room.space
        scored, profiles, exact = log_rank_scores(rows.time, rows.event), profiles_of(rows), Fraction(0)
        extreme = abs(scored[rows.arm == 0].sum()) - 1e-9
        for arms in product((0, 1), repeat=7):
            history = list(zip(profiles, arms, strict=True))
            chance = Fraction(1)
            for i, (profile, arm) in enumerate(history):
                chance *= probabilities(design, totals(history[:i], FACTORS, 2), profile)[arm]
            exact += chance * (abs(scored[np.array(arms) == 0].sum()) >= extreme)
        counted = count_extreme_minimised(
            scored, extreme, lists, number, room.key, one.design.plan.allocation, space.places,
            np.zeros((4, *space.taken.shape), np.int64), space.score, np.zeros(4),
        )  # fmt: skip
        p = counted / lists
        assert near(p, float(exact), np.sqrt(max(p * (1 - p), 1e-9) / lists))


def test_the_randomisation_test_holds_its_level():
    one = study(randomisation=MINIMISED, effect={"hazard_ratio": "1"}, analyses=[{"estimand": FIRST}],
                randomisation_test={"estimand": FIRST, "lists": "99"})  # fmt: skip
    *_, sums = simulate(one.design, Order(1500, 1, 2))
    level = outcome_of(one, 1, sums).of("rejected", FIRST, "randomisation_test")
    assert near(level.value, 0.05, level.error)


def test_a_protocol_that_minimises_does_so_where_a_scenario_says_nothing():
    trial = stratified("site", procedure="minimisation")
    default, said = study(trial, randomisation=None), study(trial, randomisation=MINIMISED)
    assert replay(default.design, 1, 3).rows.arm.tolist() == replay(said.design, 1, 3).rows.arm.tolist()
    assert default.design.plan.allocation.minimising.levels == len(trial.sites)
    stronger = study(trial, randomisation={"probability": "9/10"}).design.plan.allocation
    assert stronger.ends[1].tolist() == pytest.approx([0.9, 1.0])


def test_a_minimised_trial_opens_as_a_snapshot_with_everybodys_factors():
    trial = stratified(*FACTORS, procedure="minimisation")
    one = study(trial, randomisation=None, covariates=SEX, participants="20", observed="at_visits")
    replayed = replay(one.design, 1, 5)
    people, arms = opened(one, replayed, trial), participants_of(replayed)
    factors = [f"site={trial.sites[site - 1].id}|sex={sex}" for site, sex in arms.select("site", "sex").iter_rows()]
    assert [each.stratum for each in people.snapshot.subjects.values()] == factors
    assert list(people.arms.values()) == arms["arm"].to_list()


def test_a_protocol_that_draws_lists_needs_to_be_told_how():
    """Nobody but the restricted file knows the block sizes."""
    _, problems = read({key: part for key, part in SIMPLE.items() if key != "randomisation"})
    assert [problem.id for problem in problems] == ["randomisation.E010"]


@pytest.mark.parametrize(("scheme", "ids"), [
    ({**MINIMISED, "strata": "none"}, ["randomisation.E040"]),
    ({**MINIMISED, "sizes": ["4"]}, ["randomisation.E009"]),
    ({**MINIMISED, "limit": "0"}, ["randomisation.E009"]),
    ({**MINIMISED, "probability": "1"}, ["randomisation.E042"]),
    ({**MINIMISED, "probability": "0"}, ["randomisation.E042"]),
    ({**MINIMISED, "factor_weights": {"sex": "1"}}, ["randomisation.E041"]),
    ({**MINIMISED, "factor_weights": {"site": "-1"}}, ["protocol.E024"]),
    ({**MINIMISED, "factor_weights": {"site": "999999999999"}}, ["randomisation.E046"]),
    ({**MINIMISED, "measure": "rang"}, ["protocol.E023"]),
    ({**MINIMISED, "mesure": "range"}, ["protocol.E021"]),
    ({"procedure": "complete", "measure": "range"}, ["randomisation.E009"]),
    ({"procedure": "complete", "factor_weights": {"site": "1"}}, ["randomisation.E009"]),
])  # fmt: skip
def test_what_cannot_be_minimised_is_said_with_its_line(scheme, ids):
    studies, problems = read({**SIMPLE, "randomisation": scheme})
    assert studies == ()
    assert [problem.id for problem in problems] == ids
    assert problems[0].where.startswith("1.yaml:")


def test_factors_without_levels_are_named():
    _, problems = read({**SIMPLE, "randomisation": MINIMISED}, trial=stratified(*FACTORS))
    assert [problem.id for problem in problems] == ["scenario.E011"]
