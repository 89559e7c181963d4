"""Looks combined: with means, within strata, and with a number of participants that is reconsidered.

Trial by trial against an obvious way to do the same, and (slow) the error of the first kind against the boundary's own.
"""

from math import copysign, sqrt

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from equipoise.analysis.sequential import planned_design
from equipoise.simulation.design.outcome import outcome_of
from equipoise.simulation.design.replay import replay
from equipoise.simulation.design.running import Order, simulate
from equipoise.statistics import LogRank, logrank
from tests.unit.simulation.designs import near, protocol, study
from tests.unit.simulation.test_design_looks import boundary, judged
from tests.unit.simulation.test_design_sizes import BLINDED, PROMISING, normal_statistic, tabulated

ANY, FIRST, SCORE = "any_flare_itt", "time_to_first_flare_itt", "sledai_change_itt"
SLEDAI = {"variable": "sledai_total", "mean": "4", "deviation": "2", "within": ["-99", "99"], "step": "0.01"}
NULL = {"effect": {"hazard_ratio": "1"}, "accrual": {"per_week": "4"}}


def within_sites(estimand):
    """The reference trial with the main analysis of an estimand compared within sites."""
    given, changes = protocol(), {"strata": ("site",)}
    if estimand == ANY:
        changes |= {"test": "cmh", "interval": "miettinen_nurminen"}
    estimands = [
        one.model_copy(update={"method": one.method.model_copy(update=changes)}) if one.id == estimand else one
        for one in given.estimands
    ]
    return given.model_copy(update={"estimands": tuple(estimands)})


def looking(estimand, information, looks=("0.5",), **changes):
    told = {"looks": list(looks), "boundary": boundary(information, estimand)}
    return study(**{**NULL, "analyses": [{"estimand": estimand}], "monitoring": told, **changes})


def means(**changes):
    return looking(SCORE, 110, ("0.4", "0.7"), participants="120", observed="at_visits", score=SLEDAI, **changes)


def strata(estimand, information, **changes):
    return looking(estimand, information, ("0.4", "0.7"), trial=within_sites(estimand), participants="150",
                   between_sites="0.5", leaves=None, **changes)  # fmt: skip


def sized(rule, **changes):
    return looking(ANY, 120, ("0.25", "0.5", "0.75"), participants="120", leaves=None, re_estimation=rule, **changes)


def adjusted(rows, there):
    """The t statistic of the arm in a regression on baseline and site, as a normal deviate of the same p value."""
    there = there & ~np.isnan(rows.base[0] + rows.final[0])
    sites = [(rows.site[there] == site).astype(float) for site in (1, 2)]
    design = np.column_stack([np.ones(there.sum()), rows.arm[there] == 0, rows.base[0, there], *sites])
    outcome = rows.final[0, there] - rows.base[0, there]
    beta, squares, rank, _ = np.linalg.lstsq(design, outcome, rcond=None)
    freedom = there.sum() - rank
    error = sqrt(squares[0] / freedom * np.linalg.inv(design.T @ design)[1, 1])
    p = 2.0 * student.sf(abs(beta[1] / error), freedom)
    return copysign(norm.isf(p / 2.0), -beta[1])


def test_looks_at_means_are_those_of_a_person_with_a_regression():
    one, outcomes = means(), set()
    told = one.scenario.monitoring.boundary
    for number in range(30):
        trial = replay(one.design, 3, number)
        rows = trial.rows
        known = rows.entered + judged(one, trial)
        counted = ~np.isnan(rows.final[0])
        days = np.sort(known[counted])
        design = planned_design(told, 0.025, (44 / 110, 77 / 110, 1.0))
        stop = None
        for look, due in enumerate((44, 77)):
            if stop is None and adjusted(rows, known <= days[due - 1] + 1e-6) >= design.upper[look]:
                stop = look
        assert [trial.told["efficacy_at_look_1"], trial.told["efficacy_at_look_2"]] == [stop == 0, stop == 1]
        if stop is None:
            last = planned_design(told, 0.025, (44 / days.size, 77 / days.size, 1.0), (44 / 110, 77 / 110, 1.0))
            assert trial.results(1)["rejected"] == (adjusted(rows, counted) >= last.upper[-1])
        outcomes.add(stop)
    assert outcomes >= {None}


def test_looks_within_sites_are_stratified():
    """The monitored test is the log-rank test within sites of what a person sees on the day of the look."""
    one = strata(FIRST, 60, effect={"hazard_ratio": "0.4"})
    stopped = 0
    for number in range(12):
        trial = replay(one.design, 2, number)
        rows, told = trial.rows, trial.told
        days = np.sort((rows.entered + rows.time)[rows.event == 1])
        for look, due in enumerate((24, 42), start=1):
            if due >= days.size:
                break
            day = days[due - 1]
            there = rows.entered <= day
            since = np.minimum(rows.time, day - rows.entered + 1e-6)[there]
            event = (rows.event == 1)[there] & (rows.time[there] <= since)
            test = logrank(since, event, rows.arm[there], rows.site[there])
            assert isinstance(test, LogRank)
            if told[f"efficacy_at_look_{look}"]:
                assert trial.results(1)["statistic"] == pytest.approx(test.statistic, rel=1e-9)
                stopped += 1
                break
    assert stopped > 3


def test_a_promising_zone_keeps_the_weights_of_the_plan_at_every_later_look():
    one, grown = sized({**PROMISING, "at": "0.4"}, effect={"hazard_ratio": "0.65"}), 0
    design = planned_design(one.scenario.monitoring.boundary, 0.025, (0.25, 0.5, 0.75, 1.0))
    for number in range(60):
        trial = replay(one.design, 4, number)
        size = int(trial.told["final_participants"])
        if size == 120:
            continue
        known = np.sort(trial.rows.entered + judged(one, trial))
        first = statistic(one, trial, known[47])
        expected = []
        for planned, bound in zip((30, 60, 90, 120), design.upper, strict=True):
            due = planned if planned <= 48 else 48 + -int(-((planned - 48) * (size - 48)) // 72)
            z = statistic(one, trial, known[due - 1])
            if planned > 48:
                second = (sqrt(due) * z - sqrt(48) * first) / sqrt(due - 48)
                z = (sqrt(48) * first + sqrt(planned - 48) * second) / sqrt(planned)
            expected.append(z >= bound)
        stop = expected.index(True) if True in expected[:3] else None
        assert [trial.told[f"efficacy_at_look_{look}"] for look in (1, 2, 3)] == [stop == at for at in range(3)]
        assert trial.results(1)["rejected"] == (stop is not None or expected[3])
        grown += 1
    assert grown > 5


def statistic(one, trial, day):
    return normal_statistic(tabulated(trial.rows, trial.rows.entered + judged(one, trial) <= day + 1e-6))


@pytest.mark.slow
@pytest.mark.parametrize(("one", "trials"), [
    (lambda: means(), 6000), (lambda: strata(FIRST, 60), 12_000), (lambda: strata(ANY, 150), 12_000),
    (lambda: sized(BLINDED), 12_000), (lambda: sized({**PROMISING, "at": "0.4"}), 12_000),
    (lambda: looking(FIRST, 60, ("0.5",), participants="150", re_estimation={**BLINDED, "estimand": ANY},
                     analyses=[{"estimand": FIRST}, {"estimand": ANY}]), 12_000),
], ids=["means", "times in sites", "risks in sites", "blinded", "promising zone", "times, blinded"])  # fmt: skip
def test_the_error_of_the_first_kind_is_the_boundarys(one, trials):
    one = one()
    *_, sums = simulate(one.design, Order(trials, 5, 2))
    asked = one.design.analyses[-1]
    assert asked.variant == "monitored"
    rejected = outcome_of(one, 5, sums).of("rejected", asked.estimand.id, "monitored")
    # 2.5 % on one side by the normal law; tests of few outcomes are off by a few parts in a thousand.
    assert near(rejected.value, 0.025, rejected.error + 0.0006)
