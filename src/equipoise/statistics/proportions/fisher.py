"""Fisher's exact test of the fourfold table, with the conditional odds ratio and its exact interval."""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf

import numpy as np
from scipy import special

from equipoise.statistics.numerics.distributions import check_level
from equipoise.statistics.proportions.two_by_two import TwoByTwo
from equipoise.statistics.result import Denominator, Floats, NotEstimable

# Tables whose probabilities agree to this relative precision count as equally likely (as R's `fisher.test` does).
_EQUALLY_LIKELY = 1e-7
_LOG_RANGE = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FisherExact:
    """The exact conditional test. `less` and `greater` speak of the odds of the treatment arm."""

    method: str
    odds_ratio: float  # conditional maximum likelihood; 0 or infinite at the ends of the support
    lower: float
    upper: float
    level: float
    p_value: float  # two-sided
    p_less: float
    p_greater: float
    denominators: tuple[Denominator, ...]


def fisher_exact(table: TwoByTwo, *, level: float = 0.95) -> FisherExact | NotEstimable:
    """Fisher's exact test (Fisher 1935), both margins given.

    Two-sided p: the total probability of the tables that are no more likely than the observed one. The odds ratio
    maximises the conditional likelihood; its limits invert the two one-sided exact tests (Cornfield 1956) and need
    not agree with the two-sided p.
    """
    check_level(level)
    if (problem := table.empty or table.one_sided) is not None:
        return problem
    support, weights = _hypergeometric(table)
    observed, tail = table.treatment_events, (1.0 - level) / 2.0
    null = _probabilities(weights, support, 0.0)
    likely = null <= null[support == observed][0] * (1.0 + _EQUALLY_LIKELY)

    def upper_tail(log_odds: float) -> float:
        return float(_probabilities(weights, support, log_odds)[support >= observed].sum())

    def lower_tail(log_odds: float) -> float:
        return float(_probabilities(weights, support, log_odds)[support <= observed].sum())

    def mean(log_odds: float) -> float:
        return float((_probabilities(weights, support, log_odds) * support).sum())

    lowest, highest = observed == support[0], observed == support[-1]
    return FisherExact(
        method="fisher",
        odds_ratio=0.0 if lowest else inf if highest else exp(_root(mean, float(observed))),
        lower=0.0 if lowest else exp(_root(upper_tail, tail)),
        upper=inf if highest else exp(_root(lambda log_odds: -lower_tail(log_odds), -tail)),
        level=level,
        p_value=min(1.0, float(null[likely].sum())),
        p_less=min(1.0, lower_tail(0.0)),
        p_greater=min(1.0, upper_tail(0.0)),
        denominators=table.denominators,
    )


def _hypergeometric(table: TwoByTwo) -> tuple[Floats, Floats]:
    """The possible treatment events given the margins, and the logarithms of their numbers of arrangements."""
    n1, n0, events = table.treatment_total, table.reference_total, table.events
    support = np.arange(max(0, events - n0), min(n1, events) + 1, dtype=np.float64)
    return support, _log_choose(n1, support) + _log_choose(n0, events - support)


def _log_choose(n: int, k: Floats) -> Floats:
    return np.asarray(-np.log1p(n) - special.betaln(n - k + 1.0, k + 1.0))


def _probabilities(weights: Floats, support: Floats, log_odds: float) -> Floats:
    tilted = weights + support * log_odds
    raw = np.exp(tilted - tilted.max())
    return np.asarray(raw / raw.sum())


def _root(rising: Callable[[float], float], target: float) -> float:
    """Where a rising function of the log odds ratio takes the target value, by bisection."""
    low, high = -_LOG_RANGE, _LOG_RANGE
    while low < (middle := 0.5 * (low + high)) < high:
        if rising(middle) < target:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
