"""How often a site runs out of trial drug that is reordered pack by pack."""

from dataclasses import dataclass
from math import inf

from scipy import special


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseStockSupply:
    """What a base stock comes to in the long run; `stockout` is the chance that patients wait when an order arrives."""

    method: str
    base_stock: int
    stockout: float
    fill_rate: float  # the share of demands met from the shelf
    expected_backorders: float  # patients who wait, on average over time


def base_stock_supply(base_stock: int, demand_rate: float, lead_time: float) -> BaseStockSupply:
    """One pack ordered for each pack dispensed, the (S − 1, S) policy (Feeney & Sherbrooke 1966).

    Demand is Poisson at `demand_rate` and every order takes `lead_time`, in one unit of time; who finds no pack waits
    for the next. What is on order is then the demand D of one lead time: stock-out is D > S, demands are met while
    D < S (Poisson arrivals see time averages), and E(D − S)⁺ wait.
    """
    if base_stock < 1 or not all(0.0 < one < inf for one in (demand_rate, lead_time)):
        raise ValueError("a base stock is at least one pack; demand and lead time are positive and finite")
    mean = demand_rate * lead_time
    at_least, more = (float(special.pdtrc(number, mean)) for number in (base_stock - 1, base_stock))
    return BaseStockSupply(
        method="supply/base_stock",
        base_stock=base_stock,
        stockout=more,
        fill_rate=1.0 - at_least,
        expected_backorders=mean * at_least - base_stock * more,
    )
