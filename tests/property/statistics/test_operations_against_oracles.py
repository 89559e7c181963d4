"""Recruitment and drug supply against sums of probabilities and a simulated shelf, and what they refuse."""

import heapq
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from equipoise.statistics import base_stock_supply, predicted_recruitment

quick = settings(max_examples=20)


@given(st.integers(1, 40), st.floats(0.05, 3), st.floats(0.2, 8), st.floats(0.5, 30), st.floats(0.01, 0.99))
@quick
def test_recruitment_is_negative_binomial(sites: int, rate: float, shape: float, months: float, p: float) -> None:
    found = predicted_recruitment(sites, rate, shape, months)
    size, mean = sites * shape, sites * rate * months
    law = stats.nbinom(size, size / (size + mean))
    assert found.mean == pytest.approx(law.mean())
    assert found.variance == pytest.approx(law.var())
    for target in (0, 1, int(mean), int(2 * mean) + 1):
        assert found.probability(target) == pytest.approx(law.sf(target - 1), abs=1e-12)
    quantile = found.quantile(p)
    assert law.cdf(quantile) >= p * (1 - 1e-12)
    assert quantile == 0 or law.cdf(quantile - 1) < p * (1 + 1e-12)


def test_a_gamma_rate_at_every_site_gives_that_distribution() -> None:
    """Mean and variance of 20,000 simulated trials of five sites, within five of their standard errors."""
    random = np.random.default_rng(2)
    rates = random.gamma(1.5, 0.8 / 1.5, size=(20_000, 5))
    totals = random.poisson(10 * rates).sum(axis=1)
    found = predicted_recruitment(5, 0.8, 1.5, 10)
    assert abs(totals.mean() - found.mean) < 5 * (found.variance / 20_000) ** 0.5
    assert totals.var() == pytest.approx(found.variance, rel=0.1)
    assert np.mean(totals >= 45) == pytest.approx(found.probability(45), abs=0.02)


@given(st.integers(1, 30), st.floats(0.05, 5), st.floats(0.1, 4))
@quick
def test_supply_sums_the_demand_of_one_lead_time(stock: int, demand: float, lead: float) -> None:
    found, counts = base_stock_supply(stock, demand, lead), np.arange(400)
    chance = stats.poisson.pmf(counts, demand * lead)
    assert found.stockout == pytest.approx(chance[counts > stock].sum(), abs=1e-12)
    assert found.fill_rate == pytest.approx(chance[counts < stock].sum(), abs=1e-12)
    assert found.expected_backorders == pytest.approx((np.maximum(counts - stock, 0) * chance).sum(), abs=1e-9)


def test_a_shelf_restocked_pack_by_pack_meets_that_share_of_demands() -> None:
    """40,000 patients: a pack is ordered for each, arrives two weeks later, and goes to whoever waits first."""
    random, stock, lead = np.random.default_rng(5), 4, 2.0
    arrivals = np.cumsum(random.exponential(1 / 1.2, size=40_000))
    packs, met = [0.0] * stock, 0
    for time in arrivals:
        ready = heapq.heappop(packs)
        met += ready <= time
        heapq.heappush(packs, time + lead)
    assert met / len(arrivals) == pytest.approx(base_stock_supply(stock, 1.2, lead).fill_rate, abs=0.015)


@pytest.mark.parametrize(
    "call",
    [
        lambda: predicted_recruitment(0, 1.0, 1.0, 1.0),
        lambda: predicted_recruitment(1, -1.0, 1.0, 1.0),
        lambda: predicted_recruitment(1, 1.0, np.inf, 1.0),
        lambda: predicted_recruitment(1, 1.0, 1.0, 1.0).quantile(1.0),
        lambda: base_stock_supply(0, 1.0, 1.0),
        lambda: base_stock_supply(1, 1.0, 0.0),
    ],
)
def test_a_wrong_argument_is_a_programming_error(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        call()
