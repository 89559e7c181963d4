"""What a scheme costs and gives in simulated trials, against the exact metrics and the exact randomisation test."""

import numpy as np
import pytest

from equipoise.randomisation.metrics import metrics
from equipoise.randomisation.rerandomisation import exact_test
from equipoise.simulation.design.fitting import specification
from equipoise.simulation.design.outcome import outcome_of
from equipoise.simulation.design.replay import replay
from equipoise.simulation.design.room import Room
from equipoise.simulation.design.running import Order, key_of, simulate
from equipoise.simulation.design.scheme import log_rank_scores
from equipoise.simulation.design.scheme_kernels import count_extreme
from equipoise.statistics import LogRank, logrank
from tests.unit.simulation.designs import SIMPLE, in_ratio, near, protocol, read, study

FIRST = "time_to_first_flare_itt"
SCHEMES = [
    {"procedure": "permuted_blocks", "sizes": ["4", "6"], "weights": ["1", "1"]}, {"procedure": "complete"},
    {"procedure": "big_stick", "limit": "3"}, {"procedure": "biased_coin", "probability": "2/3"},
]  # fmt: skip


def found(one, trials, seed=1):
    *_, sums = simulate(one.design, Order(trials, seed, 2))
    return outcome_of(one, seed, sums)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme["procedure"])
def test_predictability_is_that_of_the_exact_metrics(scheme):
    one = study(randomisation={**scheme, "strata": "none"}, predictability="yes")
    outcome = found(one, 3000)
    exact = metrics(specification(one.scenario, protocol()), (1, 1), 60)
    for name, value in (
        ("deterministic", exact.deterministic), ("entropy_bits", exact.entropy_bits),
        ("forcing_index", exact.forcing_index), ("correct_guess", exact.correct_guess),
        ("imbalance", exact.mean_absolute),
    ):  # fmt: skip
        told = outcome.of(name)
        assert near(told.value, value, told.error), name


def test_imbalances_are_counted_along_the_list():
    one = study(predictability="yes", randomisation={"procedure": "complete"}, sites={"01": {"share": "2"}})
    for number in range(20):
        trial = replay(one.design, 1, number)
        ahead = np.where(trial.rows.arm == 0, 1, -1)
        assert trial.told["largest_imbalance"] == np.abs(np.cumsum(ahead)).max()
        by_site = [abs(ahead[trial.rows.site == site].sum()) for site in range(3)]
        assert trial.told["largest_site_imbalance"] == max(by_site)


def test_in_unequal_ratio_there_is_predictability_too():
    one = study(in_ratio(belimumab=2, placebo=1), predictability="yes",
                randomisation={"procedure": "permuted_blocks", "sizes": ["3"], "strata": "none"})  # fmt: skip
    trial = replay(one.design, 1, 1)
    # Of every block of three, D D P in any order: the last is always certain, the second after a P; else it is a coin.
    coins = int((trial.rows.arm.reshape(20, 3)[:, 0] == 0).sum())
    assert trial.told["deterministic"] == pytest.approx((20 + 20 - coins) / 60)
    first = -(np.log2(1 / 3) / 3 + 2 * np.log2(2 / 3) / 3)
    assert trial.told["entropy_bits"] == pytest.approx(20 * first + coins)


def test_scores_add_up_to_nought_and_give_the_log_rank_difference():
    rows = replay(study().design, 1, 5).rows
    scores = log_rank_scores(rows.time, rows.event)
    test = logrank(rows.time, rows.event.astype(bool), rows.arm)
    assert isinstance(test, LogRank)
    assert scores.sum() == pytest.approx(0.0, abs=1e-12)
    assert scores[rows.arm == 1].sum() == pytest.approx(test.observed[1] - test.expected[1])


def test_lists_drawn_anew_are_those_of_the_exact_reference_set():
    """Of the lists of twelve participants as many are extreme as the exact test says."""
    one = study(participants="12", leaves=None, event={"risk": "0.7"}, randomisation_test={"estimand": FIRST})
    room, lists = Room(one.design.plan, key_of(1), {}), 40_000
    for number in (1, 2, 3):
        rows = replay(one.design, 1, number).rows
        scores = log_rank_scores(rows.time, rows.event)
        exact = exact_test(scores, (rows.arm == 0).astype(int), specification(one.scenario, protocol()),
                           statistic="score_sum")  # fmt: skip
        extreme = abs(scores[rows.arm == 0].sum()) - 1e-9
        counted = count_extreme(scores, extreme, lists, number, room.key, one.design.plan.allocation, rows.stratum,
                                np.zeros((3, 4), np.int64), np.zeros(4))  # fmt: skip
        p = counted / lists
        assert near(p, exact.p_value, np.sqrt(p * (1 - p) / lists))


@pytest.mark.parametrize("scheme", [{"procedure": "permuted_blocks", "sizes": ["4"]}, {"procedure": "complete"}])
def test_the_randomisation_test_holds_its_level_and_has_the_power_of_the_log_rank_test(scheme):
    asked = {"estimand": FIRST, "lists": "199"}
    told = {"randomisation_test": asked, "analyses": [{"estimand": FIRST}], "randomisation": scheme}
    null, power = (
        found(study(effect=effect, **told), 1500) for effect in ({"hazard_ratio": "1"}, {"hazard_ratio": "0.4"})
    )
    level = null.of("rejected", FIRST, "randomisation_test")
    assert near(level.value, 0.05, level.error)
    again, plain = (power.of("rejected", FIRST, variant) for variant in ("randomisation_test", ""))
    assert again.value == pytest.approx(plain.value, abs=0.04)
    assert power.value("mean_estimate", FIRST, "randomisation_test") == power.value("mean_estimate", FIRST)


def test_without_events_nothing_is_extreme():
    one = study(event={"per_year": "0"}, randomisation_test={"estimand": FIRST, "lists": "19"})
    assert replay(one.design, 1, 1).results(len(one.design.analyses) - 1)["rejected"] == 0.0


@pytest.mark.parametrize("estimand", ["any_flare_itt", "any_flair_itt"])
def test_the_randomisation_test_is_of_a_time(estimand):
    _, problems = read({**SIMPLE, "randomisation_test": {"estimand": estimand}})
    assert [(problem.id, problem.where.partition(":")[0]) for problem in problems] == [("scenario.E020", "1.yaml")]
