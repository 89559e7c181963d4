"""How the visits of one patient vary together: the covariance structures of a mixed model and their derivatives.

The parametrisations are those of R's package mmrm (Sabanés Bové et al., vignette on covariance structures), because the
Kenward–Roger adjustment with second derivatives depends on them: logarithms of standard deviations first, then the
correlations, each by a transformation onto the whole line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from equipoise.statistics.result import Floats, Integers

Structure = Literal["us", "ar1", "ar1h", "cs", "csh", "toep", "toeph", "ad", "adh"]

# A correlation's parameter t to the correlation and its first and second derivative, and the way back.
_Link: TypeAlias = tuple[Callable[[Floats], tuple[Floats, Floats, Floats]], Callable[[Floats], Floats]]

# Correlations to start from stay this far inside; their matrix has no eigenvalue that is none, and so small a one is.
_LARGEST_START: Final = 0.95
_SMALLEST_EIGENVALUE: Final = 0.02
_NO_EIGENVALUE: Final = 1e-8


class Shape(Protocol):
    """A covariance matrix of the visits at some parameters, with its derivatives by them."""

    @property
    def matrix(self) -> Floats:
        """The covariances: visits × visits."""
        ...

    @property
    def first(self) -> Floats:
        """The first derivatives: parameters × visits × visits."""
        ...

    def second_within(self, slope: Floats) -> Floats:
        """Every second derivative summed over the visits with symmetric weights: parameters × parameters."""
        ...

    def second_over(self, weights: Floats) -> Floats:
        """The second derivatives summed over all pairs of parameters with symmetric weights: visits × visits."""
        ...


class Family(Protocol):
    """A covariance structure for a number of visits."""

    def at(self, theta: Floats) -> Shape:
        """The covariance at these parameters."""
        ...

    def start(self, covariance: Floats) -> Floats:
        """Parameters near an estimated covariance, which need not be positive definite."""
        ...

    def unseen(self, together: Floats) -> npt.NDArray[np.bool_]:
        """Which pairs of visits bear on a parameter that no observed pair bears on: visits × visits, true or false."""
        ...


def family(structure: Structure, visits: int) -> Family:
    """The structure for so many visits; one visit has a variance and nothing else."""
    if structure == "us":
        return Unstructured(visits)
    apart = np.abs(np.subtract.outer(np.arange(visits), np.arange(visits)))
    exponents = {"ar1": _powers, "cs": _equal, "toep": _by_distance, "ad": _chained}[structure.removesuffix("h")](apart)
    link = _between(1.0 / max(visits - 1, 1)) if structure.startswith("cs") else _OPEN
    own = np.eye(visits)[:, :, None] + np.eye(visits)[:, None, :]
    return Patterned(own if structure.endswith("h") else np.full((1, visits, visits), 2.0), exponents, link)


@dataclass(frozen=True, slots=True, eq=False)
class UnstructuredShape:
    """Any covariance, by its Cholesky root: `root_first` are the root's derivatives, `row` the row each one fills."""

    root: Floats
    root_first: Floats
    row: Integers

    @property
    def matrix(self) -> Floats:
        """The covariances."""
        return self.root @ self.root.T

    @property
    def first(self) -> Floats:
        """The first derivatives."""
        half = self.root_first @ self.root.T
        return np.asarray(half + half.transpose(0, 2, 1))

    # The root's own second derivative by the scale of a row and anything in that row is the first by the latter.

    def second_within(self, slope: Floats) -> Floats:
        """Every second derivative summed over the visits with symmetric weights."""
        flat = self.root_first.reshape(len(self.row), -1)
        crossed = 2.0 * (slope @ self.root_first).reshape(len(self.row), -1) @ flat.T
        own = 2.0 * flat @ (slope @ self.root).ravel()
        places, visits = np.arange(len(self.row)), len(self.root)
        crossed[self.row, places] += own
        crossed[places[visits:], self.row[visits:]] += own[visits:]
        return np.asarray(crossed)

    def second_over(self, weights: Floats) -> Floats:
        """The second derivatives summed over all pairs of parameters with symmetric weights."""
        visits = len(self.root)
        weighed = np.tensordot(weights, self.root_first, 1)
        own = weights[self.row, np.arange(len(self.row))] * np.where(np.arange(len(self.row)) < visits, 1.0, 2.0)
        half = np.einsum("kac,kbc->ab", self.root_first, weighed) + np.tensordot(own, self.root_first, 1) @ self.root.T
        return np.asarray(half + half.T)


@dataclass(frozen=True, slots=True)
class Unstructured:
    """Any covariance: a lower unit triangle, its rows multiplied by exp of the first parameters (Pinheiro & Bates)."""

    visits: int

    def at(self, theta: Floats) -> UnstructuredShape:
        """The covariance at these parameters."""
        rows, columns = np.tril_indices(self.visits, -1)
        root, scale = np.eye(self.visits), np.exp(theta[: self.visits])
        root[rows, columns] = theta[self.visits :]
        root = scale[:, None] * root
        first = np.zeros((len(theta), self.visits, self.visits))
        first[np.arange(self.visits), np.arange(self.visits)] = root
        first[self.visits + np.arange(len(rows)), rows, columns] = scale[rows]
        return UnstructuredShape(root, first, np.concatenate([np.arange(self.visits), rows]))

    def start(self, covariance: Floats) -> Floats:
        """Parameters near an estimated covariance, eigenvalues of its correlations raised that are not positive."""
        deviation = np.sqrt(np.diag(covariance))
        values, vectors = np.linalg.eigh(covariance / np.outer(deviation, deviation))
        raised = vectors * np.where(values > _NO_EIGENVALUE, values, _SMALLEST_EIGENVALUE) @ vectors.T
        root = np.linalg.cholesky(raised / np.outer(np.sqrt(np.diag(raised)), np.sqrt(np.diag(raised))))
        own = np.diag(root)
        return np.concatenate([np.log(deviation * own), (root / own[:, None])[np.tril_indices(self.visits, -1)]])

    def unseen(self, together: Floats) -> npt.NDArray[np.bool_]:
        """Every pair has its own parameter."""
        return np.asarray(together == 0)


@dataclass(frozen=True, slots=True, eq=False)
class PatternedShape:
    """A covariance of few parameters, its derivatives written out: `second` is parameters × parameters × visits²."""

    matrix: Floats
    first: Floats
    second: Floats

    def second_within(self, slope: Floats) -> Floats:
        """Every second derivative summed over the visits with symmetric weights."""
        return np.asarray(np.tensordot(self.second, slope, 2))

    def second_over(self, weights: Floats) -> Floats:
        """The second derivatives summed over all pairs of parameters with symmetric weights."""
        return np.asarray(np.tensordot(weights, self.second, 2))


@dataclass(frozen=True, slots=True, eq=False)
class Patterned:
    """A covariance whose entries are products of powers: of standard deviations and of correlations.

    `scales` and `exponents` hold the power of every parameter in every entry: parameters × visits × visits.
    """

    scales: Floats
    exponents: Floats
    link: _Link

    def at(self, theta: Floats) -> PatternedShape:
        """The covariance at these parameters."""
        logs, bends = np.split(theta, [len(self.scales)])
        size = np.exp(np.tensordot(logs, self.scales, 1))
        correlation, slope, curve = self._correlation(bends)
        matrix, turned = size * correlation, size * slope
        by_scale = self.scales[:, None] * turned[None]
        second = np.concatenate(
            [
                np.concatenate([self.scales[:, None] * self.scales[None] * matrix, by_scale], axis=1),
                np.concatenate([by_scale.transpose(1, 0, 2, 3), size * curve], axis=1),
            ]
        )
        return PatternedShape(matrix, np.concatenate([self.scales * matrix, turned]), second)

    def start(self, covariance: Floats) -> Floats:
        """Mean variances, and the mean correlation of the pairs that one parameter alone describes."""
        deviation = np.sqrt(np.diag(covariance))
        correlation = covariance / np.outer(deviation, deviation)
        logs = np.log(deviation) if len(self.scales) > 1 else np.log(np.mean(deviation**2, keepdims=True)) / 2.0
        alone = (self.exponents == 1) & (self.exponents.sum(axis=0) == 1)
        means = np.array([correlation[pairs].mean() for pairs in alone])
        rho = np.clip(means, -_LARGEST_START, _LARGEST_START)
        while np.linalg.eigvalsh((rho[:, None, None] ** self.exponents).prod(axis=0))[0] < _SMALLEST_EIGENVALUE:
            rho = 0.9 * rho
        return np.concatenate([logs, self.link[1](rho)])

    def unseen(self, together: Floats) -> npt.NDArray[np.bool_]:
        """The pairs of every correlation that enters no observed pair."""
        enters = self.exponents > 0
        lost = np.asarray(~(enters & (together > 0)).any(axis=(1, 2)))
        return np.asarray((enters & lost[:, None, None]).any(axis=0))

    def _correlation(self, bends: Floats) -> tuple[Floats, Floats, Floats]:
        """The correlations and their first and second derivatives by the parameters."""
        rho, slope, curve = (part[:, None, None] for part in self.link[0](bends))
        power = self.exponents
        value = rho**power
        once = power * rho ** np.maximum(power - 1, 0)
        twice = power * (power - 1) * rho ** np.maximum(power - 2, 0)
        first, second = once * slope, twice * slope**2 + once * curve
        count, visits = len(power), power.shape[1]
        slopes, curves = np.empty((count, visits, visits)), np.empty((count, count, visits, visits))
        for one in range(count):
            slopes[one] = _with(value, {one: first[one]})
            curves[one, one] = _with(value, {one: second[one]})
            for other in range(one):
                curves[one, other] = curves[other, one] = _with(value, {one: first[one], other: first[other]})
        return value.prod(axis=0), slopes, curves


def _with(factors: Floats, replaced: dict[int, Floats]) -> Floats:
    """The product of the factors, some of them replaced."""
    used = factors.copy()
    for place, factor in replaced.items():
        used[place] = factor
    return np.asarray(used.prod(axis=0))


def _powers(apart: Integers) -> Floats:
    """One correlation between neighbours, to the power of the distance."""
    return apart[None].astype(np.float64) if len(apart) > 1 else np.zeros((0, 1, 1))


def _equal(apart: Integers) -> Floats:
    """One correlation between any two visits."""
    return (apart > 0)[None].astype(np.float64) if len(apart) > 1 else np.zeros((0, 1, 1))


def _by_distance(apart: Integers) -> Floats:
    """A correlation for every distance."""
    return np.asarray(apart[None] == np.arange(1, len(apart))[:, None, None], dtype=np.float64)


def _chained(apart: Integers) -> Floats:
    """A correlation for every two neighbours; visits further apart have the product along the way."""
    steps, visits = np.arange(len(apart) - 1)[:, None, None], np.arange(len(apart))
    low, high = np.minimum.outer(visits, visits), np.maximum.outer(visits, visits)
    return np.asarray((low <= steps) & (steps < high), dtype=np.float64)


def _rounded(t: Floats) -> tuple[Floats, Floats, Floats]:
    """Between −1 and 1: t/√(1 + t²)."""
    wide = 1.0 + t**2
    return t / np.sqrt(wide), wide**-1.5, -3.0 * t * wide**-2.5


_OPEN: Final[_Link] = (_rounded, lambda rho: rho / np.sqrt(1.0 - rho**2))


def _between(lowest: float) -> _Link:
    """Between −`lowest` and 1, the range in which equal correlations are possible, by a logistic curve."""
    width = 1.0 + lowest

    def curve(t: Floats) -> tuple[Floats, Floats, Floats]:
        share = 1.0 / (1.0 + np.exp(-t))
        slope = width * share * (1.0 - share)
        return width * share - lowest, slope, slope * (1.0 - 2.0 * share)

    def back(rho: Floats) -> Floats:
        return np.log((rho + lowest) / (1.0 - rho))

    return curve, back
