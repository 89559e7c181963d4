"""An estimate with interval and test by the normal distribution, on its own scale or as the ratio it stands for."""

import numpy as np

from equipoise.statistics.numerics.distributions import normal_p, normal_quantile
from equipoise.statistics.result import Denominator, Estimate, NotEstimable


def wald(
    method: str, estimate: float, error: float, *, level: float, denominators: tuple[Denominator, ...]
) -> Estimate:
    """An estimate that is about normal, tested against zero (Wald 1943); without an error it has neither."""
    if error == 0.0:
        why = NotEstimable("zero_variance")
        return Estimate(method=method, estimate=estimate, level=level, denominators=denominators, why=why)
    width, z = normal_quantile(level) * error, estimate / error
    return Estimate(
        method=method,
        estimate=estimate,
        standard_error=error,
        lower=estimate - width,
        upper=estimate + width,
        level=level,
        statistic=z,
        p_value=normal_p(z),
        denominators=denominators,
    )


def wald_ratio(
    method: str,
    coefficient: float,
    error: float,
    *,
    level: float,
    denominators: tuple[Denominator, ...],
    why: NotEstimable | None = None,
) -> Estimate:
    """The ratio exp(coefficient) of a log-linear model, tested against one; its error stays that of the logarithm."""
    width, z = normal_quantile(level) * error, coefficient / error
    lower, ratio, upper = (float(np.exp(coefficient + shift)) for shift in (-width, 0.0, width))
    return Estimate(
        method=method,
        estimate=ratio,
        standard_error=error,
        standard_error_scale="log",
        lower=lower,
        upper=upper,
        level=level,
        statistic=z,
        p_value=normal_p(z),
        denominators=denominators,
        why=why,
    )
