"""Intervals for a hazard ratio from the profile of the partial likelihood: where it has fallen by half a chi-square."""

import numpy as np

from equipoise.statistics.numerics.distributions import chi_square_p, normal_quantile
from equipoise.statistics.numerics.newton import Height, maximise
from equipoise.statistics.result import Estimate, Floats, NotEstimable
from equipoise.statistics.survival.proportional_hazards import CoxFit

_MOST_STEPS = 60
_CLOSE_ENOUGH = 1e-10  # of the likelihood ratio statistic


def profile_interval(fit: CoxFit, name: str | None = None) -> Estimate | NotEstimable:
    """The hazard ratio of one covariate (the first by default) with its profile-likelihood interval and test.

    The limits are the values at which twice the log partial likelihood, maximised over the other coefficients, lies the
    chi-square quantile below its maximum (Venzon & Moolgavkar 1988); the p value is the likelihood ratio test's, so the
    two agree. The partial likelihood is concave: both limits are finite whenever the estimate is. Not for clustered
    data, whose likelihood is not one.
    """
    place = fit.names.index(name) if name is not None else 0
    beta, unit = fit.coefficients * fit.deviation, float(fit.deviation[place])
    drop = normal_quantile(fit.level) ** 2
    step = float(np.sqrt(fit.model_covariance[place, place])) * unit
    without = _profile(fit, place, 0.0, beta)
    if isinstance(without, NotEstimable):
        return without
    limits: list[float] = []
    for direction in (-1.0, 1.0):
        limit = _limit(fit, place, beta, drop, direction * step)
        if isinstance(limit, NotEstimable):
            return limit
        limits.append(float(np.exp(limit / unit)))
    statistic = max(0.0, 2.0 * (fit.log_likelihood - without[0]))
    return Estimate(
        method="cox/profile",
        estimate=float(np.exp(fit.coefficients[place])),
        lower=limits[0],
        upper=limits[1],
        level=fit.level,
        statistic=statistic,
        degrees_of_freedom=1,
        p_value=chi_square_p(statistic, 1),
        denominators=fit.denominators,
    )


def _limit(fit: CoxFit, place: int, beta: Floats, drop: float, step: float) -> float | NotEstimable:
    """The value at which the profile has fallen far enough: past it by doubled steps, then back by Newton's.

    The fall is convex, so Newton's method from outside comes back to the limit without overshooting.
    """
    value, others = float(beta[place]) + step, beta
    for _ in range(_MOST_STEPS):
        found = _profile(fit, place, value, others)
        if isinstance(found, NotEstimable):
            return found
        loglik, slope, others = found
        excess = 2.0 * (fit.log_likelihood - loglik) - drop
        if abs(excess) <= _CLOSE_ENOUGH * drop:
            return value
        outward = value - float(beta[place])
        value += outward if excess < 0 and abs(excess) > 0.5 * drop else excess / (2.0 * slope)
    return NotEstimable("not_converged", (fit.names[place],))


def _profile(fit: CoxFit, place: int, value: float, start: Floats) -> tuple[float, float, Floats] | NotEstimable:
    """The log-likelihood with one coefficient held and the others at their best, its slope there, and all of them."""
    likelihood, others = fit.likelihood, np.arange(start.size) != place
    full = start.copy()
    full[place] = value

    def at(rest: Floats) -> Height:
        loglik, gradient, information = likelihood.at(_with(full, others, rest))
        return loglik, gradient[others], information[np.ix_(others, others)]

    if others.any():
        names = tuple(name for name, other in zip(fit.names, others, strict=True) if other)
        maximum = maximise(at, likelihood.X[:, others], full[others], names)
        if isinstance(maximum, NotEstimable):
            return maximum
        full = _with(full, others, maximum.beta)
    loglik, gradient, _ = likelihood.at(full)
    return loglik, float(gradient[place]), full


def _with(full: Floats, others: np.ndarray[tuple[int], np.dtype[np.bool_]], rest: Floats) -> Floats:
    copy = full.copy()
    copy[others] = rest
    return copy
