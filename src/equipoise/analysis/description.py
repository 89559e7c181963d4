"""The description of a variable as statistics: numbers by mean, spread and quartiles, categories by counts."""

from collections.abc import Iterator, Sequence

from equipoise.analysis.ard import Statistic
from equipoise.statistics import Description, describe
from equipoise.statistics.numerics.distributions import t_quantile

_FIELDS = {
    "mean": "mean", "sd": "standard_deviation", "lower_quartile": "lower_quartile", "median": "median",
    "upper_quartile": "upper_quartile", "minimum": "minimum", "maximum": "maximum",
}  # fmt: skip


def described(
    values: Sequence[float | None], *, analysis: str, variable: str, arm: str, total: int, level: str = ""
) -> Iterator[Statistic]:
    """How many values there are of how many people, and where they lie; the mean with its standard error."""
    found = _describe(values)
    for name, field in _FIELDS.items():
        why = found.why if getattr(found, field, None) is None else None
        deviation = found.standard_deviation
        error = deviation / found.n**0.5 if name == "mean" and deviation is not None and found.n else None
        yield Statistic(
            analysis=analysis, statistic=name, variable=variable, level=level, arm=arm,
            estimate=getattr(found, field), standard_error=error, method=found.method, n=found.n, N=total, why=why,
        )  # fmt: skip


def mean_with_limits(
    values: Sequence[float], *, analysis: str, variable: str, arm: str, level: str, total: int, confidence: float
) -> Statistic:
    """A mean with its interval by Student's t; without limits where there is one value or none."""
    found = _describe(values)
    mean, deviation = found.mean, found.standard_deviation
    lower = upper = error = None
    if mean is not None and deviation is not None:
        error = deviation / found.n**0.5
        width = t_quantile(confidence, found.n - 1) * error
        lower, upper = mean - width, mean + width
    return Statistic(
        analysis=analysis, statistic="mean", variable=variable, level=level, arm=arm, estimate=mean,
        standard_error=error, lower=lower, upper=upper, n=found.n, N=total, why=found.why,
    )  # fmt: skip


def _describe(values: Sequence[float | None]) -> Description:
    found = describe(values)
    if not isinstance(found, Description):
        raise ValueError(f"a value of the trial is not a finite number: {found.words()}")
    return found
