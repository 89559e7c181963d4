"""Mantel–Haenszel analysis of several fourfold tables: one test and three common effects over strata.

Strata in which an arm is empty hold no comparison and are left out of every sum and every count.
"""

from collections.abc import Sequence
from math import exp, log, sqrt

import numpy as np

from equipoise.statistics.numerics.distributions import chi_square_p, normal_p, normal_quantile
from equipoise.statistics.proportions.two_by_two import TwoByTwo, as_strata, pooled_counts
from equipoise.statistics.result import Estimate, Floats, HypothesisTest, NotEstimable

Cells = tuple[Floats, Floats, Floats, Floats]  # a, b: treatment with and without event; c, d: reference


def mantel_haenszel_test(tables: Sequence[TwoByTwo], *, continuity: bool = False) -> HypothesisTest | NotEstimable:
    """The Cochran–Mantel–Haenszel test that no stratum shows an effect (Mantel & Haenszel 1959).

    The correction takes ½ off the absolute difference, and only where that is at least ½.
    """
    strata = as_strata(tables)
    if isinstance(strata, NotEstimable):
        return strata
    a, b, c, d = _cells(strata)
    n, events, treated = a + b + c + d, a + c, a + b
    variance = float((treated * (c + d) * events * (b + d) / (n**2 * (n - 1))).sum())
    if variance == 0.0:
        return NotEstimable("zero_variance")
    distance = abs(float((a - treated * events / n).sum()))
    if continuity and distance >= 0.5:
        distance -= 0.5
    statistic = distance**2 / variance
    return HypothesisTest(
        method="cmh/continuity" if continuity else "cmh",
        statistic=statistic,
        degrees_of_freedom=1,
        p_value=chi_square_p(statistic, 1),
        denominators=pooled_counts(strata),
    )


def mantel_haenszel_odds_ratio(tables: Sequence[TwoByTwo], *, level: float = 0.95) -> Estimate | NotEstimable:
    """The common odds ratio (Mantel & Haenszel 1959; variance of Robins, Breslow & Greenland 1986)."""
    normal_quantile(level)
    strata = as_strata(tables)
    if isinstance(strata, NotEstimable):
        return strata
    a, b, c, d = _cells(strata)
    n = a + b + c + d
    up, down = a * d / n, b * c / n
    total_up, total_down = float(up.sum()), float(down.sum())
    if total_up == 0 or total_down == 0:
        return NotEstimable("zero_cell")
    agree, differ = (a + d) / n, (b + c) / n
    variance = (
        float((agree * up).sum()) / (2 * total_up**2)
        + float((agree * down + differ * up).sum()) / (2 * total_up * total_down)
        + float((differ * down).sum()) / (2 * total_down**2)
    )
    return _on_log_scale("mh/odds_ratio", total_up / total_down, sqrt(variance), strata, level)


def mantel_haenszel_risk_ratio(tables: Sequence[TwoByTwo], *, level: float = 0.95) -> Estimate | NotEstimable:
    """The common risk ratio (Mantel–Haenszel weights; variance of Greenland & Robins 1985)."""
    normal_quantile(level)
    strata = as_strata(tables)
    if isinstance(strata, NotEstimable):
        return strata
    a, b, c, d = _cells(strata)
    n, n1, n0 = a + b + c + d, a + b, c + d
    up, down = float((a * n0 / n).sum()), float((c * n1 / n).sum())
    if up == 0 or down == 0:
        return NotEstimable(
            "no_reference_events" if down == 0 and up > 0 else "no_events" if up == down else "zero_cell"
        )
    variance = float(((n1 * n0 * (a + c) - a * c * n) / n**2).sum()) / (up * down)
    if variance <= 0.0:
        return NotEstimable("zero_variance")
    return _on_log_scale("mh/risk_ratio", up / down, sqrt(variance), strata, level)


def mantel_haenszel_risk_difference(tables: Sequence[TwoByTwo], *, level: float = 0.95) -> Estimate | NotEstimable:
    """The common risk difference with weights n₁n₀/N (variance of Sato, Greenland & Robins 1989)."""
    z = normal_quantile(level)
    strata = as_strata(tables)
    if isinstance(strata, NotEstimable):
        return strata
    a, b, c, d = _cells(strata)
    n, n1, n0 = a + b + c + d, a + b, c + d
    weight = float((n1 * n0 / n).sum())
    difference = float(((a * n0 - c * n1) / n).sum()) / weight
    p = (n1**2 * c - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / n**2
    q = (a * d + b * c) / (2 * n)
    variance = (difference * float(p.sum()) + float(q.sum())) / weight**2
    # A variance of zero or less: no stratum has both outcomes.
    error = sqrt(variance) if variance > 0 else None
    statistic = difference / error if error else None
    return Estimate(
        method="mh/risk_difference",
        estimate=difference,
        standard_error=error,
        lower=difference - z * error if error else None,
        upper=difference + z * error if error else None,
        level=level,
        statistic=statistic,
        p_value=normal_p(statistic) if statistic is not None else None,
        denominators=pooled_counts(strata),
        why=None if error else NotEstimable("zero_variance"),
    )


def _cells(strata: Sequence[TwoByTwo]) -> Cells:
    rows = [
        (
            t.treatment_events,
            t.treatment_total - t.treatment_events,
            t.reference_events,
            t.reference_total - t.reference_events,
        )
        for t in strata
    ]
    a, b, c, d = np.array(rows, dtype=np.float64).T
    return a, b, c, d


def _on_log_scale(method: str, ratio: float, error: float, strata: Sequence[TwoByTwo], level: float) -> Estimate:
    width, z = normal_quantile(level) * error, log(ratio) / error
    return Estimate(
        method=method,
        estimate=ratio,
        standard_error=error,
        standard_error_scale="log",
        lower=ratio * exp(-width),
        upper=ratio * exp(width),
        level=level,
        statistic=z,
        p_value=normal_p(z),
        denominators=pooled_counts(strata),
    )
