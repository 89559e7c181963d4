"""How a trial fills, against the gamma law of a Poisson process and against counting."""

import numpy as np
import pytest
from scipy.stats import gamma

from equipoise.simulation.design.recruitment import QUANTILES, TRIALS, recruitment
from equipoise.simulation.design.replay import replay
from tests.unit.simulation.designs import study


@pytest.fixture(scope="module")
def filling():
    return study(accrual={"per_week": "3"})


def test_the_last_comes_when_a_poisson_process_says(filling):
    """The sixtieth of a Poisson process of three a week comes after a gamma time of shape 60 and rate 3."""
    course = recruitment(filling.design, 1)
    full = [float(course.filter(course[name] >= 60)["week"][0]) for name in ("highest", "middle", "lowest")]
    expected = gamma(60, scale=1 / 3).ppf([0.05, 0.5, 0.95])
    assert full == pytest.approx(expected, abs=1.6)  # a whole week by which it is full, and the error of 500 trials


def test_the_quantiles_are_those_of_the_counts(filling):
    course = recruitment(filling.design, 7)
    week = course["week"][9]
    counts = sorted(int((replay(filling.design, 7, n).rows.entered <= 7 * week).sum()) for n in range(TRIALS))
    for name, share in QUANTILES.items():
        assert course[name][9] == counts[int(np.ceil(share * TRIALS)) - 1]
    assert course["middle"].is_sorted()
    assert set(course["DATA"]) == {"SIMULATED"}


def test_nobody_knows_when_participants_come_without_a_rate():
    assert recruitment(study().design, 1).height == 0
