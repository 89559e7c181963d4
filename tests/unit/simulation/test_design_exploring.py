"""A design tried out: what is asked of the kernels, how the curve grows, and what is remembered."""

from pathlib import Path

import pytest

from equipoise.items import Problem
from equipoise.protocol.check import read_protocol
from equipoise.simulation.design import exploring
from equipoise.simulation.design.exploring import CHUNK, SCHEMES, STEPS, Assumed, Explorer, scenario_of, sizes_of
from equipoise.statistics import two_proportions_power
from tests.unit.simulation.designs import TRIAL, in_ratio, near, protocol

SMALL = Assumed(0.4, 0.5, 0.0, 40, "blocks_4")


def other_trial():
    file = Path(TRIAL).parent / "hypertension-tablets" / "protocol.yaml"
    return read_protocol(file.read_bytes(), name="protocol.yaml")[0]


@pytest.mark.parametrize(("participants", "expected"), [
    (200, (80, 120, 160, 200, 240, 280, 320)), (231, (92, 138, 184, 231, 278, 324, 370)),
    (20, (20, 24, 28, 32)), (1000, (400, 600, 800, 1000)),
])  # fmt: skip
def test_sizes_lie_around_the_chosen_one(participants, expected):
    assert sizes_of(participants) == expected


def test_every_scheme_is_one_that_can_be_simulated():
    for scheme in SCHEMES:
        found = Explorer().grow(Assumed(0.4, 0.5, 0.1, 20, scheme), protocol())
        assert not isinstance(found, Problem)
        assert found.trials == CHUNK


def test_the_curve_grows_in_steps_to_the_power_of_exact_enumeration():
    explorer, trial = Explorer(), protocol()
    one_list = trial.randomisation.model_copy(update={"strata": ()})
    trial = trial.model_copy(update={"randomisation": one_list})
    seen = [explorer.grow(SMALL, trial) for _ in (*STEPS, 0)]
    assert [curve.trials for curve in seen] == [*(CHUNK * step for step in STEPS), CHUNK * STEPS[-1]]
    assert [curve.finished for curve in seen] == [False, False, False, True, True]
    treated = 1 - (1 - 0.4) ** 0.5  # the risk that half the hazard leaves
    for outcome in seen[-1].outcomes:
        each = outcome.study.design.plan.participants // 2
        power = outcome.of("rejected", "any_flare_itt")
        if outcome.study.design.plan.participants % 4 == 0:  # whole blocks: the arms are of one size
            assert near(power.value, two_proportions_power(treated, each, 0.4, each), power.error)
    assert seen[-1].chosen.study.design.plan.participants == 40


def test_only_the_last_few_are_remembered(monkeypatch):
    monkeypatch.setattr(exploring, "_REMEMBERED", 1)
    explorer = Explorer()
    other = Assumed(0.4, 0.6, 0.0, 40, "blocks_4")
    trials = [explorer.grow(each, protocol()).trials for each in (SMALL, SMALL, other, SMALL)]
    assert trials == [CHUNK, CHUNK * STEPS[1], CHUNK, CHUNK]


def test_nothing_is_computed_beside_another():
    explorer = Explorer()
    with explorer._busy:
        assert explorer.grow(SMALL, protocol()) is None


def test_a_protocol_without_events_in_time_is_told_so():
    found = Explorer().grow(SMALL, other_trial())
    assert isinstance(found, Problem)
    assert found.id == "scenario.E063"


def test_a_scheme_that_is_not_for_the_arms_is_a_problem():
    found = Explorer().grow(Assumed(0.4, 0.5, 0.0, 40, "big_stick"), in_ratio(belimumab=2, placebo=1))
    assert isinstance(found, Problem)


def test_other_strata_than_sites_are_left_out():
    trial = protocol()
    tree = scenario_of(SMALL, trial)
    assert tree["randomisation"]["strata"] == "protocol"
    randomisation = trial.randomisation.model_copy(update={"strata": ("site", "age")})
    assert scenario_of(SMALL, trial.model_copy(update={"randomisation": randomisation}))["randomisation"][
        "strata"
    ] == "none"  # fmt: skip


def test_the_kernels_are_made_ready_by_any_protocol_and_by_nothing_else():
    exploring.try_out((TRIAL / "protocol.yaml").read_bytes())
    exploring.try_out(b"equipoise: 2\n")
