"""The likelihood of negative binomial counts (NB2, variance μ + αμ²), written so that α may go to zero."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from equipoise.statistics.numerics.newton import Height, maximise
from equipoise.statistics.result import Floats, NotEstimable

# Below this αμ, differences of logarithms are taken from their series instead.
_SMALL = 1e-4
_LEAST, _MOST, _FOURFOLD, _STEPS, _PRECISION = 1e-8, 1e8, 4.0, 200, 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class CountData:
    """Counts, the logarithm of the time under observation, and the design with its column of ones."""

    counts: Floats
    offset: Floats
    design: Floats

    def mean(self, beta: Floats) -> Floats:
        """The expected counts; too large ones are infinite, which a step of Newton's then avoids."""
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(self.design @ beta + self.offset))

    def log_likelihood(self, beta: Floats, alpha: float) -> float:
        """The log-likelihood with all its constants; Poisson's for a dispersion of zero."""
        y, log_mean = self.counts, self.design @ beta + self.offset
        fixed = y * log_mean - special.gammaln(y + 1.0)
        if alpha == 0.0:
            return float((fixed - self.mean(beta)).sum())
        shared = _rising(y, alpha, 0) - (y + 1.0 / alpha) * np.log1p(alpha * self.mean(beta))
        return float((fixed + shared).sum())


def poisson_at(data: CountData, beta: Floats) -> Height:
    """The Poisson log-likelihood without constants, its gradient and information."""
    fitted, X = data.mean(beta), data.design
    loglik = float(data.counts @ (X @ beta) - fitted.sum())
    if not np.isfinite(loglik):
        return -np.inf, beta, np.eye(beta.size)
    return loglik, X.T @ (data.counts - fitted), (X.T * fitted) @ X


def negative_binomial_at(data: CountData, beta: Floats, alpha: float) -> Height:
    """The negative binomial log-likelihood in the coefficients, α given, with its gradient and observed information."""
    fitted, X, y = data.mean(beta), data.design, data.counts
    if not np.isfinite(fitted).all():
        return -np.inf, beta, np.eye(beta.size)
    spread = 1.0 + alpha * fitted
    loglik = float(y @ (X @ beta) - ((y + 1.0 / alpha) * np.log1p(alpha * fitted)).sum())
    return loglik, X.T @ ((y - fitted) / spread), (X.T * (fitted * (1.0 + alpha * y) / spread**2)) @ X


def dispersion_at_maximum(
    data: CountData, start: Floats, names: tuple[str, ...]
) -> tuple[float, Floats] | NotEstimable:
    """α and the coefficients at the joint maximum; α is zero where the likelihood falls from there on.

    The slope of the profile in α is bracketed by steps of a factor four and then halved on the log scale.
    """
    fitted = data.mean(start)
    surplus = float(((data.counts - fitted) ** 2 - data.counts).sum())
    if surplus <= 0.0:
        return 0.0, start
    alpha = float(np.clip(surplus / (fitted**2).sum(), _LEAST, _MOST))
    low, high, beta = 0.0, np.inf, start
    for _ in range(_STEPS):
        found = _at_dispersion(data, beta, alpha, names)
        if isinstance(found, NotEstimable):
            return found
        beta = found
        low, high = (alpha, high) if slope(data, beta, alpha) > 0.0 else (low, alpha)
        if np.isfinite(high) and high - low <= _PRECISION * high:
            return alpha, beta
        if high == np.inf or low == 0.0:
            alpha = low * _FOURFOLD if high == np.inf else high / _FOURFOLD
        else:
            alpha = float(np.sqrt(low * high))
    return NotEstimable("not_converged", ("dispersion",))


def _at_dispersion(data: CountData, start: Floats, alpha: float, names: tuple[str, ...]) -> Floats | NotEstimable:
    """The best coefficients for one α."""
    maximum = maximise(lambda beta: negative_binomial_at(data, beta, alpha), data.design, start, names)
    return maximum if isinstance(maximum, NotEstimable) else maximum.beta


def slope(data: CountData, beta: Floats, alpha: float) -> float:
    """The derivative of the log-likelihood in α."""
    y, fitted = data.counts, data.mean(beta)
    x = alpha * fitted
    series = 0.5 - 2.0 * x / 3.0 + 0.75 * x**2
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = np.log1p(x) / x**2 - 1.0 / (x * (1.0 + x))
    terms = fitted**2 * np.where(x < _SMALL, series, exact) - y * fitted / (1.0 + x)
    return float((_rising(y, alpha, 1) + terms).sum())


def information(data: CountData, beta: Floats, alpha: float, *, expected: bool) -> Floats:
    """The joint information of the coefficients and α: observed, or expected for the coefficients and then diagonal."""
    y, fitted, X = data.counts, data.mean(beta), data.design
    spread = 1.0 + alpha * fitted
    joint = np.zeros((beta.size + 1, beta.size + 1))
    joint[-1, -1] = -_curvature(y, fitted, alpha)
    if expected:
        joint[:-1, :-1] = (X.T * (fitted / spread)) @ X
        return joint
    joint[:-1, :-1] = (X.T * (fitted * (1.0 + alpha * y) / spread**2)) @ X
    joint[-1, :-1] = joint[:-1, -1] = X.T @ ((y - fitted) * fitted / spread**2)
    return joint


def _curvature(y: Floats, fitted: Floats, alpha: float) -> float:
    """The second derivative of the log-likelihood in α."""
    x = alpha * fitted
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = -2.0 * np.log1p(x) / x**3 + 2.0 / (x**2 * (1.0 + x)) + 1.0 / (x * (1.0 + x) ** 2)
    shape = np.where(x < _SMALL, -2.0 / 3.0 + 1.5 * x, exact)
    return float((_rising(y, alpha, 2) + fitted**3 * shape + y * fitted**2 / (1.0 + x) ** 2).sum())


def _rising(y: Floats, alpha: float, derivative: int) -> Floats:
    """Σ log(1 + αk) over k < y, or its first or second derivative in α, for every count."""
    k = np.arange(int(y.max(initial=0.0)))
    scale = 1.0 + alpha * k
    terms = (np.log(scale), k / scale, -((k / scale) ** 2))[derivative]
    return np.concatenate(([0.0], np.cumsum(terms)))[y.astype(np.int64)]
