"""One proportion and its interval, by the method that is asked for by name."""

from collections.abc import Callable
from math import sqrt
from typing import Final, Literal, TypeAlias

from equipoise.statistics.numerics.distributions import beta_quantile, normal_quantile
from equipoise.statistics.result import Denominator, Estimate, NotEstimable

ProportionMethod = Literal["wilson", "wilson_cc", "clopper_pearson", "jeffreys", "agresti_coull", "wald"]
Limits: TypeAlias = tuple[float, float] | NotEstimable


def proportion(
    events: int, total: int, *, method: ProportionMethod = "wilson", level: float = 0.95
) -> Estimate | NotEstimable:
    """A proportion with a two-sided interval (Brown, Cai & DasGupta 2001 compare them; Newcombe 1998).

    Agresti–Coull is not cut at 0 and 1. Jeffreys ends at 0 when there are no events and at 1 when there are only
    events. Wald has no interval at 0 or at 1.
    """
    if not 0 <= events <= total or events != int(events) or total != int(total):
        raise ValueError(f"{events} events among {total} patients is not a count")
    if method not in _LIMITS:
        raise ValueError(f"method is one of {', '.join(_LIMITS)}, not {method!r}")
    z = normal_quantile(level)
    if total == 0:
        return NotEstimable("no_subjects")
    risk = events / total
    limits = _LIMITS[method](events, total, z, level)
    why = limits if isinstance(limits, NotEstimable) else None
    lower, upper = (None, None) if isinstance(limits, NotEstimable) else limits
    return Estimate(
        method=f"proportion/{method}",
        estimate=risk,
        standard_error=sqrt(risk * (1 - risk) / total),
        lower=lower,
        upper=upper,
        level=level,
        denominators=(Denominator("all", total, events),),
        why=why,
    )


def wilson_limits(x: int, n: int, z: float) -> tuple[float, float]:
    """Wilson's score limits (Wilson 1927)."""
    centre, width = x + z * z / 2, z * sqrt(x * (n - x) / n + z * z / 4)
    lower, upper = (centre - width) / (n + z * z), (centre + width) / (n + z * z)
    return (0.0 if x == 0 else lower), (1.0 if x == n else upper)


def wilson_limits_with_continuity(x: int, n: int, z: float) -> tuple[float, float]:
    """Wilson's limits with a continuity correction (Newcombe 1998, method 4)."""
    p, q, square = x / n, (n - x) / n, z * z
    lower = (2 * x + square - 1 - z * sqrt(max(0.0, square - 2 - 1 / n + 4 * p * (n * q + 1)))) / (2 * (n + square))
    upper = (2 * x + square + 1 + z * sqrt(max(0.0, square + 2 - 1 / n + 4 * p * (n * q - 1)))) / (2 * (n + square))
    return (0.0 if x == 0 else max(0.0, lower)), (1.0 if x == n else min(1.0, upper))


def _wald(x: int, n: int, z: float, level: float) -> Limits:
    if x in (0, n):
        return NotEstimable("zero_variance")
    p = x / n
    width = z * sqrt(p * (1 - p) / n)
    return p - width, p + width


def _wilson(x: int, n: int, z: float, level: float) -> Limits:
    return wilson_limits(x, n, z)


def _wilson_cc(x: int, n: int, z: float, level: float) -> Limits:
    return wilson_limits_with_continuity(x, n, z)


def _clopper_pearson(x: int, n: int, z: float, level: float) -> Limits:
    tail = (1 - level) / 2
    lower = beta_quantile(tail, x, n - x + 1) if x > 0 else 0.0
    return lower, beta_quantile(1 - tail, x + 1, n - x) if x < n else 1.0


def _jeffreys(x: int, n: int, z: float, level: float) -> Limits:
    tail = (1 - level) / 2
    lower = beta_quantile(tail, x + 0.5, n - x + 0.5) if x > 0 else 0.0
    return lower, beta_quantile(1 - tail, x + 0.5, n - x + 0.5) if x < n else 1.0


def _agresti_coull(x: int, n: int, z: float, level: float) -> Limits:
    size = n + z * z
    centre = (x + z * z / 2) / size
    width = z * sqrt(centre * (1 - centre) / size)
    return centre - width, centre + width


_LIMITS: Final[dict[str, Callable[[int, int, float, float], Limits]]] = {
    "wilson": _wilson,
    "wilson_cc": _wilson_cc,
    "clopper_pearson": _clopper_pearson,
    "jeffreys": _jeffreys,
    "agresti_coull": _agresti_coull,
    "wald": _wald,
}
