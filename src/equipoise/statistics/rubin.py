"""Rubin's rules: one estimate from several imputed data sets, with what the imputation added to its variance."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

from equipoise.statistics.numerics.distributions import t_p, t_quantile
from equipoise.statistics.result import Estimate, NotEstimable


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledEstimate:
    """An estimate over several imputed data sets, with what the imputation added to its variance."""

    method: str
    estimate: Estimate
    imputations: int
    within: float
    between: float
    total: float
    relative_increase: float  # of variance due to missing values
    variance_share: float  # of the total variance that is due to missing values (lambda)
    fraction_missing: float  # of the information
    degrees_of_freedom_large: float  # Rubin 1987, for large samples


def rubin_pool(
    estimates: Sequence[float],
    variances: Sequence[float],
    *,
    complete_degrees_of_freedom: float = inf,
    null: float = 0.0,
    level: float = 0.95,
) -> PooledEstimate | NotEstimable:
    """Rubin's rules (Rubin 1987), degrees of freedom for small samples by Barnard & Rubin 1999.

    One estimate and its variance for each imputed data set, on a scale where the estimate is about normal (a log
    ratio, not a ratio). `complete_degrees_of_freedom` are those the analysis would have without missing values.
    """
    m = len(estimates)
    if m != len(variances) or complete_degrees_of_freedom <= 0.0:
        raise ValueError("there is one variance for each estimate, and degrees of freedom are positive")
    t_quantile(level, 1.0)
    values = [*estimates, *variances]
    if any(value != value for value in values):
        return NotEstimable("missing_values")
    if any(abs(value) == inf for value in values):
        return NotEstimable("not_finite")
    if any(variance < 0.0 for variance in variances):
        raise ValueError("a variance is not negative")
    if m < 2:
        return NotEstimable("too_few_imputations")
    centre, within = sum(estimates) / m, sum(variances) / m
    between = sum((one - centre) ** 2 for one in estimates) / (m - 1)
    total = within + (1.0 + 1.0 / m) * between
    if within == 0.0:
        return NotEstimable("zero_variance")
    added = (1.0 + 1.0 / m) * between
    spread = 1.0 + within / added if added > 0.0 else inf
    large = (m - 1) * spread * spread  # without overflow where the imputations all but agree
    freedom = _barnard_rubin(large, complete_degrees_of_freedom, added / total)
    riv = added / within
    return PooledEstimate(
        method="rubin",
        estimate=_pooled(centre, sqrt(total), freedom, null, level),
        imputations=m,
        within=within,
        between=between,
        total=total,
        relative_increase=riv,
        variance_share=added / total,
        fraction_missing=(riv + 2.0 / (freedom + 3.0)) / (riv + 1.0) if added > 0.0 else 0.0,
        degrees_of_freedom_large=large,
    )


def _barnard_rubin(large: float, complete: float, share: float) -> float:
    if complete == inf:
        return large
    observed = (complete + 1.0) / (complete + 3.0) * complete * (1.0 - share)
    return 1.0 / (1.0 / large + 1.0 / observed)


def _pooled(centre: float, error: float, freedom: float, null: float, level: float) -> Estimate:
    # Beyond this many degrees of freedom t is the normal distribution to the last digit.
    used = min(freedom, 1e12)
    width = t_quantile(level, used) * error
    statistic = (centre - null) / error
    return Estimate(
        method="rubin",
        estimate=centre,
        standard_error=error,
        lower=centre - width,
        upper=centre + width,
        level=level,
        statistic=statistic,
        degrees_of_freedom=freedom,
        p_value=t_p(statistic, used),
    )
