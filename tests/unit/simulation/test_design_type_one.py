"""The error of the first kind over a grid of designs: what happens to both arms alike leaves analyses their level."""

from itertools import product

import pytest

from equipoise.simulation.design.outcome import outcome_of
from equipoise.simulation.design.running import Order, simulate
from tests.unit.simulation.designs import near, study

ANALYSES = [
    {"estimand": "time_to_first_flare_itt", "sensitivity": "2"},
    {"estimand": "any_flare_itt", "sensitivity": "5"},
]
EVENTS = [
    {"per_year": "0.435"},
    {"per_year": "0.8", "frailty": "1", "recurrent": "yes"},
    {"risk": "0.3", "shape": "1.6"},
]
ASSESSMENTS = [
    {},
    {"spread_days": "2", "missed": "0.1", "unknown": "0.05"},
    {"sensitivity": "0.8", "specificity": "0.98"},
]
LOCKDOWN = {"start": "2021-03-19", "lockdown": {
    "first": "2022-04-01", "last": "2022-06-01", "accrual": "0.1", "missed": "0.6"}}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("event", "assessment"), list(product(EVENTS, ASSESSMENTS)))
def test_the_level_is_kept(event, assessment):
    null = study(
        participants="240", observed="at_visits", event=event, assessment=assessment, effect={"hazard_ratio": "1"},
        accrual={"per_week": "4", "varies": "0.3"}, between_sites="0.4", analyses=ANALYSES,
        randomisation={"procedure": "permuted_blocks", "sizes": ["4", "6"], "weights": ["1", "1"]}, **LOCKDOWN,
    )  # fmt: skip
    *_, sums = simulate(null.design, Order(5000, 7, 2))
    outcome = outcome_of(null, 7, sums)
    for asked in null.design.analyses:
        rejected = outcome.of("rejected", asked.estimand.id, asked.variant)
        if asked.method.test == "fisher":
            assert rejected.value < 0.05
        else:
            # Chi-square tests of so many exceed 5 % by up to 0.3 %, and lists within sites make them smaller than that.
            assert near(rejected.value, 0.05, rejected.error + 0.0012), (asked.estimand.id, asked.variant)
