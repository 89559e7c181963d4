"""Recruitment and drug supply as cases of other programs ask for them."""

from collections.abc import Callable
from typing import Any, Final

from equipoise.statistics import base_stock_supply, predicted_recruitment
from equipoise.validation.vector import Vector


def _recruitment(vector: Vector) -> dict[str, Any]:
    predicted = predicted_recruitment(
        vector.integer("sites"),
        vector.number("mean_rate_per_site_month"),
        vector.number("gamma_shape"),
        vector.number("months"),
    )
    return {
        "expected": predicted.mean,
        "variance": predicted.variance,
        "prob_reach_target": predicted.probability(vector.integer("target")),
        "p10": predicted.quantile(0.1),
        "p90": predicted.quantile(0.9),
    }


def _supply(vector: Vector) -> dict[str, Any]:
    supply = base_stock_supply(
        vector.integer("base_stock"), vector.number("demand_per_week"), vector.number("lead_time_weeks")
    )
    return {
        "prob_stockout_at_order_arrival": supply.stockout,
        "fill_rate": supply.fill_rate,
        "expected_backorders": supply.expected_backorders,
    }


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    "poisson_gamma_recruitment": _recruitment,
    "supply_stockout_base_stock": _supply,
}
