"""Odds ratios by likelihood: the profile-likelihood interval of one table, the score interval over strata."""

from collections.abc import Sequence
from math import exp, inf, isinf, log, sqrt

import numpy as np

from equipoise.statistics.numerics.distributions import normal_p, normal_quantile
from equipoise.statistics.numerics.roots import root
from equipoise.statistics.proportions.odds_kernels import deviance, stratified_z
from equipoise.statistics.proportions.two_by_two import TwoByTwo, as_strata, pooled_counts
from equipoise.statistics.result import Estimate, Floats, NotEstimable

# Odds ratios are searched between exp(−30) and exp(30): beyond, expected counts cannot be told from zero.
_LOG_RANGE = 30.0


def odds_ratio_profile(table: TwoByTwo, *, null: float = 1.0, level: float = 0.95) -> Estimate | NotEstimable:
    """The odds ratio with its profile-likelihood interval and likelihood ratio test (Venzon & Moolgavkar 1988).

    The interval holds every odds ratio whose deviance is below z². With a zero cell it is open on one side. The
    statistic is the signed root of the deviance at `null`.
    """
    z = normal_quantile(level)
    _check_ratio(null)
    if (problem := table.empty or table.one_sided) is not None:
        return problem
    x1, n1, x0, n0 = table.treatment_events, table.treatment_total, table.reference_events, table.reference_total
    up, down = x1 * (n0 - x0), x0 * (n1 - x1)
    estimate = up / down if down else inf
    centre = log(estimate) if up and down else -_LOG_RANGE if not up else _LOG_RANGE

    def signed(log_odds: float) -> float:
        return float(np.copysign(sqrt(deviance(x1, n1, x0, n0, log_odds)), centre - log_odds))

    lower = 0.0 if not up else exp(root(lambda one: z - signed(one), -_LOG_RANGE, centre))
    upper = inf if not down else exp(root(lambda one: -z - signed(one), centre, _LOG_RANGE))
    return _estimate("or/profile_likelihood", (table,), estimate, (lower, upper), signed(log(null)), level)


def odds_ratio_score_stratified(
    tables: Sequence[TwoByTwo],
    *,
    weights: str = "score",
    bias_correction: bool = True,
    null: float = 1.0,
    level: float = 0.95,
) -> Estimate | NotEstimable:
    """The score interval of a common odds ratio (Gart 1970; with N/(N − 1), Miettinen & Nurminen 1985).

    With weights "score" (Miettinen & Nurminen's own) the estimate is the maximum of the likelihood, and the test of 1
    is the Cochran–Mantel–Haenszel test. "mantel_haenszel" weighs each stratum's score by n₁n₀/N, as the risk difference
    and the risk ratio do; there is no theory behind it for odds ratios. Strata without events, or with nothing else,
    hold no information.
    """
    z = normal_quantile(level)
    _check_ratio(null)
    if weights not in {"score", "mantel_haenszel"}:
        raise ValueError(f"{weights!r} is neither score nor mantel_haenszel")
    strata = as_strata(tables)
    if isinstance(strata, NotEstimable):
        return strata
    told = tuple(table for table in strata if table.one_sided is None)
    if not told:
        return strata[0].one_sided or NotEstimable("no_events")
    columns = _columns(told)

    def statistic(log_odds: float) -> float:
        return float(stratified_z(*columns, log_odds, weights == "score", bias_correction))

    x1, n1, x0, n0 = columns
    lowest = bool((x1 == np.maximum(0, x1 + x0 - n0)).all())
    highest = bool((x1 == np.minimum(n1, x1 + x0)).all())
    ends = -_LOG_RANGE, _LOG_RANGE
    centre = ends[0] if lowest else ends[1] if highest else root(lambda one: -statistic(one), *ends)
    lower = 0.0 if lowest else exp(root(lambda one: z - statistic(one), -_LOG_RANGE, centre))
    upper = inf if highest else exp(root(lambda one: -z - statistic(one), centre, _LOG_RANGE))
    estimate = 0.0 if lowest else inf if highest else exp(centre)
    name = "or/miettinen_nurminen_stratified" if bias_correction else "or/cornfield_stratified"
    return _estimate(name, strata, estimate, (lower, upper), statistic(log(null)), level)


def _check_ratio(null: float) -> None:
    if not 0.0 < null < inf:
        raise ValueError(f"a ratio is positive and finite, not {null}")


def _columns(strata: Sequence[TwoByTwo]) -> tuple[Floats, Floats, Floats, Floats]:
    rows = [(t.treatment_events, t.treatment_total, t.reference_events, t.reference_total) for t in strata]
    x1, n1, x0, n0 = np.ascontiguousarray(np.array(rows, dtype=np.float64).T)
    return x1, n1, x0, n0


def _estimate(
    method: str, strata: Sequence[TwoByTwo], ratio: float, limits: tuple[float, float], z: float, level: float
) -> Estimate:
    return Estimate(
        method=method,
        estimate=None if isinf(ratio) else ratio,
        lower=limits[0],
        upper=limits[1],
        level=level,
        statistic=z,
        p_value=normal_p(z),
        denominators=pooled_counts(strata),
        why=NotEstimable("zero_cell") if isinf(ratio) else None,
    )
