"""The difference of two means by Student's t, variances pooled or not."""

from collections.abc import Sequence
from math import sqrt

import numpy as np

from equipoise.statistics.numerics.distributions import normal_quantile, t_p, t_quantile
from equipoise.statistics.result import Denominator, Estimate, Floats, NotEstimable


def two_means_t(
    treatment: Sequence[float | None] | Floats,
    reference: Sequence[float | None] | Floats,
    *,
    pooled: bool = False,
    level: float = 0.95,
) -> Estimate | NotEstimable:
    """The difference of means, treatment minus reference, after Welch 1947 or, pooled, after Student 1908.

    Missing values are refused, not dropped. Each arm needs two patients (pooled: both together three, each one).
    """
    normal_quantile(level)
    arms = {
        name: np.asarray(values, dtype=np.float64)
        for name, values in (("treatment", treatment), ("reference", reference))
    }
    if (problem := _problem(arms, 1 if pooled else 2)) is not None:
        return problem
    treated, other = arms["treatment"], arms["reference"]
    difference = float(treated.mean() - other.mean())
    error, freedom = _pooled(treated, other) if pooled else _welch(treated, other)
    counts = tuple(Denominator(name, int(values.size)) for name, values in arms.items())
    method = "t/pooled" if pooled else "t/welch"
    if error == 0.0:
        return Estimate(
            method=method, estimate=difference, level=level, denominators=counts, why=NotEstimable("zero_variance")
        )
    width = t_quantile(level, freedom) * error
    return Estimate(
        method=method,
        estimate=difference,
        standard_error=error,
        lower=difference - width,
        upper=difference + width,
        level=level,
        statistic=difference / error,
        degrees_of_freedom=freedom,
        p_value=t_p(difference / error, freedom),
        denominators=counts,
    )


def _problem(arms: dict[str, Floats], fewest: int) -> NotEstimable | None:
    for name, values in arms.items():
        if values.size == 0:
            return NotEstimable("empty_arm", (name,))
        if np.isnan(values).any():
            return NotEstimable("missing_values", (name,))
        if np.isinf(values).any():
            return NotEstimable("not_finite", (name,))
        if values.size < fewest:
            return NotEstimable("too_few_subjects", (name,))
    return NotEstimable("too_few_subjects") if sum(values.size for values in arms.values()) < 3 else None


def _welch(treated: Floats, other: Floats) -> tuple[float, float]:
    a, b = _square_error(treated), _square_error(other)
    if a + b == 0.0:
        return 0.0, 1.0
    # Shares of the variance, so that very small variances do not vanish when squared.
    share = a / (a + b)
    return sqrt(a + b), 1.0 / (share**2 / (treated.size - 1) + (1.0 - share) ** 2 / (other.size - 1))


def _pooled(treated: Floats, other: Floats) -> tuple[float, float]:
    freedom = treated.size + other.size - 2
    squares = _squares(treated) + _squares(other)
    return sqrt(squares / freedom * (1.0 / treated.size + 1.0 / other.size)), float(freedom)


def _squares(values: Floats) -> float:
    """The sum of squares about the mean; exactly zero when all values are equal."""
    if (values == values[0]).all():
        return 0.0
    return float(((values - values.mean()) ** 2).sum())


def _square_error(values: Floats) -> float:
    return _squares(values) / (values.size - 1) / values.size
