"""Looks before the end: against the exact recursion, and look by look against an obvious way to do the same."""

from decimal import Decimal
from math import ceil, copysign, sqrt

import numpy as np
import pytest

from equipoise.analysis.sequential import planned_design
from equipoise.protocol.monitoring import Monitoring
from equipoise.simulation.design.outcome import outcome_of
from equipoise.simulation.design.replay import replay
from equipoise.simulation.design.running import Order, simulate
from equipoise.statistics import LogRank, TwoByTwo, chi_square, exit_probabilities, logrank
from equipoise.statistics.result import HypothesisTest
from tests.unit.simulation.designs import SIMPLE, in_ratio, near, protocol, read, study

FIRST, ANY = "time_to_first_flare_itt", "any_flare_itt"
FUTILE = {"spending": "hwang_shih_decani", "parameter": "-2", "beta": "0.2"}


def boundary(information, estimand=FIRST, **more):
    return {"estimand": estimand, "arm": "belimumab", "information": str(information), "power": "0.8",
            "efficacy": {"spending": "lan_demets_of"}, **more}  # fmt: skip


def looking(information=90, looks=("0.4", "0.7"), **changes):
    more = changes.pop("boundary", {})
    told = {"looks": list(looks), "boundary": boundary(information, **more)}
    return study(**{"accrual": {"per_week": "5"}, "monitoring": told, **changes})


def found(one, trials, seed=1):
    *_, sums = simulate(one.design, Order(trials, seed, 2))
    return outcome_of(one, seed, sums)


@pytest.mark.parametrize("more", [
    {}, {"sided": "2"}, {"futility": FUTILE}, {"futility": {**FUTILE, "binding": "yes"}}
], ids=["one side", "two sides", "futility", "binding"])  # fmt: skip
def test_stops_are_as_frequent_as_the_exact_recursion_says(more):
    """Without an effect the log-rank statistics of the looks are a Brownian motion without drift (Tsiatis 1982)."""
    one = looking(participants="334", effect={"hazard_ratio": "1"}, boundary=more)
    outcome, told = found(one, 12_000), one.scenario.monitoring.boundary
    exact = exit_probabilities(planned_design(told, 0.025 * told.sided, (36 / 90, 63 / 90, 1.0)), 0.0)
    below = "harm" if told.sided == 2 else "futility"
    for look in (1, 2):
        for side, expected in (("efficacy", exact.upper[look - 1]), (below, exact.lower[look - 1])):
            stopped = outcome.of(f"{side}_at_look_{look}", FIRST, "monitored")
            # The normal law is a limit: with 36 events its tails are off by a few parts in a thousand.
            assert near(stopped.value, expected, stopped.error + 0.0008), (side, look)
    rejected = outcome.of("rejected", FIRST, "monitored")
    if "futility" not in more:
        assert near(rejected.value, 0.025 * told.sided, rejected.error + 0.0005)
    assert outcome.value("rejected", FIRST) == pytest.approx(0.05, abs=0.01)


def test_an_effect_stops_trials_as_its_drift_says():
    """Schoenfeld: with d events the statistic has mean √(d/4)·log HR, so the recursion knows the rest."""
    one = looking(200, ("0.5",), participants="600", event={"per_year": "0.5"}, effect={"hazard_ratio": "0.75"},
                  leaves=None, boundary={"futility": FUTILE})  # fmt: skip
    outcome = found(one, 4000)
    design = planned_design(one.scenario.monitoring.boundary, 0.025, (0.5, 1.0))
    exact = exit_probabilities(design, sqrt(200 / 4) * -np.log(0.75))
    for side, expected in (("efficacy", exact.upper[0]), ("futility", exact.lower[0])):
        assert outcome.value(f"{side}_at_look_1", FIRST, "monitored") == pytest.approx(expected, abs=0.03)
    stops = sum(outcome.value(f"{side}_at_look_1", FIRST, "monitored") for side in ("efficacy", "futility"))
    information = outcome.value("stop_information", FIRST, "monitored")
    # Who stops has 100 events, who goes on has those of the whole trial.
    assert information == pytest.approx(stops * 100 + (1 - stops) * whole_information(one), abs=4)


def test_a_stop_at_a_high_point_overstates_the_effect():
    one = looking(90, ("0.5",), participants="200", effect={"hazard_ratio": "0.6"}, leaves=None)
    outcome = found(one, 6000)
    monitored, fixed = (outcome.of("bias", FIRST, variant) for variant in ("monitored", ""))
    assert near(fixed.value, 0.0, fixed.error + 0.005)
    assert monitored.value < fixed.value - 3 * monitored.error
    assert outcome.value("stop_weeks", FIRST, "monitored") < outcome.value("duration_weeks")


def whole_information(one):
    return np.mean([replay(one.design, 1, n).rows.event.sum() for n in range(60)])


def by_hand(one, trial):
    """The looks of one trial as a person would hold them, from its rows and the course of each participant."""
    rows, told = trial.rows, one.scenario.monitoring.boundary
    survival = told.estimand == FIRST
    known = rows.entered + (rows.time if survival else judged(one, trial))
    counted = rows.event == 1 if survival else np.ones(rows.arm.size, bool)
    days, level = np.sort(known[counted]), 0.025 * told.sided
    due = [ceil(float(share) * told.information) for share in one.scenario.monitoring.looks]
    shares = [count / told.information for count in due]
    design = planned_design(told, level, (*shares, 1.0))
    for look, count in enumerate(due):
        if count >= days.size:
            break
        z = statistic(one, trial, days[count - 1])
        if z >= design.upper[look] or z <= design.lower[look]:
            return look, bool(z >= design.upper[look]), count, int((rows.entered <= days[count - 1]).sum()), z
    held = [count for count in due if count < days.size]
    times = (*(count / told.information for count in held), 1.0)
    last = planned_design(told, level, (*(count / days.size for count in held), 1.0), times)
    z = statistic(one, trial, np.inf)
    return None, bool(z >= last.upper[-1] or (z <= last.lower[-1] and told.sided == 2)), days.size, rows.arm.size, z


def judged(one, trial):
    """When an outcome is known: at the last visit, or else when the person has left or the window of it closes."""
    if one.scenario.observed == "at_once":
        return np.minimum(trial.leaves, one.design.plan.horizon)
    day, attended = trial.courses[:, 0, -1], trial.courses[:, 1, -1] == 1.0
    return np.where(attended, day, np.minimum(trial.leaves, one.design.visits[-1].latest))


def statistic(one, trial, day):
    """The planned test on what is known on a calendar day, positive under benefit."""
    rows, since = trial.rows, day - trial.rows.entered + 1e-6
    if one.scenario.monitoring.boundary.estimand == ANY:
        there = judged(one, trial) <= since
        events, totals = ([], [])
        for arm in (0, 1):
            of_arm = there & (rows.arm == arm)
            events.append(int((rows.state[of_arm] != 0).sum()))
            totals.append(int(of_arm.sum()))
        table = TwoByTwo(treatment_events=events[0], treatment_total=totals[0],
                         reference_events=events[1], reference_total=totals[1])  # fmt: skip
        test = chi_square(table)
        difference = events[0] / totals[0] - events[1] / totals[1]
        return copysign(sqrt(test.statistic), -difference) if isinstance(test, HypothesisTest) else np.nan
    times, happened = seen_by(one, trial, since)
    there = since > 0
    if 0 in (happened[there & (rows.arm == arm)].sum() for arm in (0, 1)):
        return np.nan  # a hazard ratio of nought or infinity: the product tests nothing then
    test = logrank(times[there], happened[there], (rows.arm == 0)[there])
    return -test.z if isinstance(test, LogRank) else np.nan


def seen_by(one, trial, since):
    """Time and event of each participant, nothing after so many days being known."""
    rows = trial.rows
    if one.scenario.observed == "at_once":
        return np.minimum(rows.time, since), (rows.event == 1) & (rows.time <= since)
    times, happened = np.zeros(rows.arm.size), np.zeros(rows.arm.size, bool)
    for who, course in enumerate(trial.courses):
        for place in range(1, course.shape[1]):
            if course[1, place] == 1.0 and course[0, place] < since[who] and not happened[who]:
                happened[who] = course[2, place] == 1.0
                if course[2, place] != -1.0:
                    times[who] = course[0, place]
    return times, happened


@pytest.mark.parametrize("observed", ["at_once", "at_visits"])
@pytest.mark.parametrize(("estimand", "more"), [
    (FIRST, {}), (FIRST, {"sided": "2"}), (FIRST, {"futility": FUTILE}), (ANY, {}),
    (ANY, {"futility": {**FUTILE, "binding": "yes"}}),
])  # fmt: skip
def test_each_look_sees_what_a_person_would_have_seen(observed, estimand, more):
    information = 45 if estimand == FIRST else 110
    one = looking(information, ("0.3", "0.6"), participants="120", observed=observed, accrual={"per_week": "3"},
                  assessment={"missed": "0.1", "unknown": "0.05"} if observed == "at_visits" else None,
                  event={"risk": "0.5"}, boundary={"estimand": estimand, **more})  # fmt: skip
    places = {None: 0, 0: 0, 1: 0}
    for number in range(25):
        trial = replay(one.design, 4, number)
        look, crossed, count, recruited, z = by_hand(one, trial)
        told, at_stop = trial.told, trial.results(len(one.design.analyses) - 1)
        below = "harm" if more.get("sided") == "2" else "futility"
        stops = [told[f"{side}_at_look_{place + 1}"] for place in (0, 1) for side in ("efficacy", below)]
        expected = [float(place == look and side == crossed) for place in (0, 1) for side in (True, False)]
        assert stops == expected
        assert (told["stop_information"], told["stop_participants"]) == (count, recruited)
        assert np.isnan(z) or at_stop["statistic"] == pytest.approx(z * z, rel=1e-9)
        assert at_stop["rejected"] == (crossed or (look is not None and below == "harm"))
        places[look] += 1
    assert places[None]
    assert places[0] + places[1]


def test_a_look_whose_information_never_comes_is_not_held():
    one = looking(100_000, participants="40")
    trial = replay(one.design, 1, 1)
    assert trial.told["stop_participants"] == 40
    assert trial.told["stop_information"] == trial.rows.event.sum()
    fixed, at_stop = trial.results(0), trial.results(len(one.design.analyses) - 1)
    assert {**fixed, "rejected": 0.0} == {**at_stop, "rejected": 0.0}


def test_what_nobody_waits_for_says_nothing_at_the_end():
    """Nobody has an event: no information, no test, no crossing."""
    one = looking(participants="10", event={"per_year": "0"})
    trial = replay(one.design, 1, 1)
    assert trial.told["stop_information"] == 0.0
    assert trial.results(len(one.design.analyses) - 1)["rejected"] == 0.0


def test_the_protocols_own_looks_are_held():
    plan = protocol().monitoring
    looks = (plan.looks[0], plan.looks[0].model_copy(update={
        "id": "half", "efficacy": True, "when": plan.looks[0].when.model_copy(update={
            "information": Decimal("0.5"), "participants": None, "visit": None})}))  # fmt: skip
    told = Monitoring.model_validate({
        **plan.model_dump(), "looks": [look.model_dump() for look in looks], "boundary": boundary(40)
    })  # fmt: skip
    trial = protocol().model_copy(update={"monitoring": told})
    one = study(trial, accrual={"per_week": "5"}, monitoring={})
    assert [each.name for each in one.design.told][:2] == ["efficacy_at_look_1", "futility_at_look_1"]
    assert one.design.conduct.looks.due == (20,)


def wrong(**changes):
    studies, problems = read({**SIMPLE, **changes})
    assert studies == ()
    return {(problem.id, problem.where.partition(":")[0]) for problem in problems}


ACCRUAL = {"per_week": "5"}


@pytest.mark.parametrize(("id_", "changes"), [
    ("protocol.E024", {"monitoring": {"looks": ["1.5"]}}),
    ("protocol.E027", {"monitoring": {"looks": ["0.5", "0.4"]}}),
    ("scenario.E017", {"accrual": None, "monitoring": {"looks": ["0.5"], "boundary": boundary(40)}}),
    ("scenario.E018", {"monitoring": {}}),
    ("scenario.E018", {"monitoring": {"looks": ["0.5"]}}),
    ("scenario.E019", {"monitoring": {"looks": ["0.5", "0.51"], "boundary": boundary(2)}}),
    ("scenario.E019", {"monitoring": {"looks": ["0.999"], "boundary": boundary(40)}}),
    ("scenario.E020", {"monitoring": {"looks": ["0.5"], "boundary": boundary(40, "severe_flare_itt")}}),
    ("protocol.E203", {"monitoring": {"looks": ["0.5"], "boundary": boundary(40, "any_flair_itt")}}),
    ("protocol.E203", {"monitoring": {"looks": ["0.5"], "boundary": {**boundary(40), "arm": "placebo"}}}),
    ("protocol.E204", {"monitoring": {"looks": ["0.5"], "boundary": boundary(40, sided="2", futility=FUTILE)}}),
    ("protocol.E204", {"monitoring": {
        "looks": ["0.5"], "boundary": boundary(40, efficacy={"spending": "hwang_shih_decani"})}}),
])  # fmt: skip
def test_what_is_wrong_with_looks_is_said_with_its_line(id_, changes):
    told = {key: part for key, part in {"accrual": ACCRUAL, **changes}.items() if part is not None}
    assert (id_, "1.yaml") in wrong(**told)


def test_the_looks_test_the_arm_with_the_effect():
    trial = in_ratio(belimumab=1, other=1, placebo=1)
    told = {"looks": ["0.5"], "boundary": {**boundary(40), "arm": "other"}}
    _, problems = read({**SIMPLE, "compare": "belimumab", "accrual": ACCRUAL, "monitoring": told,
                        "randomisation": {"procedure": "complete", "strata": "none"},
                        "leaves": {"per_year": {"placebo": "0.1"}}}, trial=trial)  # fmt: skip
    assert [problem.id for problem in problems] == ["scenario.E020"]
