"""Unconditional exact tests of a fourfold table, and the exact power of tests by enumeration of two binomials."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from equipoise.statistics.numerics.roots import above, quantile_above
from equipoise.statistics.proportions.exact_kernels import (
    FISHER,
    GREATER,
    LESS,
    POOLED,
    TWO_SIDED,
    UNPOOLED,
    Region,
    as_extreme,
    extremeness,
    given_events,
    largest_chance,
    power_of,
)
from equipoise.statistics.proportions.two_by_two import TwoByTwo
from equipoise.statistics.result import Denominator, NotEstimable

_ORDERINGS: Final = {"boschloo": FISHER, "z_pooled": POOLED, "z_unpooled": UNPOOLED}
_TOLERANCE = 1e-10  # of the largest chance, relative
_Z_SLACK = 1e-9  # z statistics nearer than this are tied
_P_SLACK = 1e-300
_LARGEST = 4_000_000  # tables that are enumerated


@dataclass(frozen=True, slots=True, kw_only=True)
class UnconditionalExact:
    """An exact test over all tables with these arm sizes, the common risk taken at its worst.

    `less` and `greater` speak of the risk of the treatment arm. Each p value is the largest found; none can be exceeded
    by more than `error`.
    """

    method: str
    statistic: float  # z, or Fisher's two-sided p for Boschloo's ordering
    p_value: float  # two-sided, tables ordered by the two-sided statistic
    p_less: float
    p_greater: float
    p_doubled: float  # twice the smaller one-sided p value
    worst_risk: float  # where the two-sided chance is largest
    error: float
    denominators: tuple[Denominator, ...]


def unconditional_exact(table: TwoByTwo, *, ordering: str = "boschloo") -> UnconditionalExact | NotEstimable:
    """An unconditional exact test of equal risks (Barnard 1945).

    Tables are ordered by Fisher's p value ("boschloo", Boschloo 1970: never less powerful than Fisher's test), by the
    pooled z statistic ("z_pooled", Suissa & Shuster 1985: what many programs call Barnard's test) or the unpooled one
    ("z_unpooled"). The maximum over the common risk is found by branch and bound, so its error is known.
    """
    if ordering not in _ORDERINGS:
        raise ValueError(f"{ordering!r} is not one of {', '.join(_ORDERINGS)}")
    if (problem := table.empty or table.one_sided) is not None:
        return problem
    _check_size(table.treatment_total, table.reference_total)
    found = {side: _worst(table, _ORDERINGS[ordering], side) for side in (TWO_SIDED, LESS, GREATER)}
    p, worst_risk, _ = found[TWO_SIDED][1]
    less, greater = found[LESS][1][0], found[GREATER][1][0]
    return UnconditionalExact(
        method=f"unconditional/{ordering}",
        statistic=found[TWO_SIDED][0] if ordering == "boschloo" else -found[GREATER][0],
        p_value=p,
        p_less=less,
        p_greater=greater,
        p_doubled=min(1.0, 2.0 * min(less, greater)),
        worst_risk=worst_risk,
        error=max(worst[2] for _, worst in found.values()),
        denominators=table.denominators,
    )


def two_proportions_power(
    treatment_risk: float,
    treatment_total: int,
    reference_risk: float,
    reference_total: int,
    *,
    test: str = "z_pooled",
    alpha: float = 0.05,
) -> float:
    """The exact chance that a two-sided test of two proportions rejects, by enumeration of all tables.

    "z_pooled" is the chi-square test without correction, "fisher" Fisher's exact test; at equal risks this is the true
    error of the first kind. "normal" is the approximation without enumeration: the pooled test, in the direction of the
    effect only (Fleiss, Levin & Paik 2003).
    """
    if not 0.0 <= min(treatment_risk, reference_risk) <= max(treatment_risk, reference_risk) <= 1.0:
        raise ValueError("risks lie between 0 and 1")
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha lies between 0 and 1, not {alpha}")
    _check_size(treatment_total, reference_total)
    if test == "normal":
        return _normal_power(treatment_risk, treatment_total, reference_risk, reference_total, alpha)
    return float(power_of(_rejected(treatment_total, reference_total, test, alpha), treatment_risk, reference_risk))


def _worst(table: TwoByTwo, ordering: int, side: int) -> tuple[float, tuple[float, float, float]]:
    """How extreme the observed table is, and the largest chance of one at least as extreme."""
    scores = extremeness(table.treatment_total, table.reference_total, ordering, side)
    observed = float(scores[table.treatment_events, table.reference_events])
    region = as_extreme(scores, observed, _P_SLACK if ordering == FISHER else _Z_SLACK)
    value, risk, error = largest_chance(given_events(region), _TOLERANCE)
    return observed, (float(value), float(risk), float(error))


def _rejected(n1: int, n0: int, test: str, alpha: float) -> Region:
    if test == "z_pooled":
        return np.asarray(extremeness(n1, n0, POOLED, TWO_SIDED) < -quantile_above(alpha / 2.0))
    if test == "fisher":
        return np.asarray(extremeness(n1, n0, FISHER, TWO_SIDED) <= alpha)
    raise ValueError(f"{test!r} is not one of z_pooled, fisher, normal")


def _normal_power(p1: float, n1: int, p0: float, n0: int, alpha: float) -> float:
    mean = (n1 * p1 + n0 * p0) / (n1 + n0)
    null = (mean * (1.0 - mean) * (1.0 / n1 + 1.0 / n0)) ** 0.5
    spread = (p1 * (1.0 - p1) / n1 + p0 * (1.0 - p0) / n0) ** 0.5
    if spread == 0.0:
        return 0.0 if p1 == p0 else 1.0
    return above((quantile_above(alpha / 2.0) * null - abs(p1 - p0)) / spread)


def _check_size(n1: int, n0: int) -> None:
    if min(n1, n0) < 1 or (n1 + 1) * (n0 + 1) > _LARGEST:
        raise ValueError(f"arms of {n1} and {n0} patients cannot be enumerated")
