"""The likelihood of repeated measurements at a covariance of the visits, with its exact first and second derivatives.

Patients who were seen at the same visits share one Cholesky factorisation; all sums over patients are matrix products.
The coefficients are profiled out: they are the generalised least-squares ones at every covariance.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from equipoise.statistics.means.covariance_structures import Shape
from equipoise.statistics.means.repeated_measures import Blocks
from equipoise.statistics.result import Floats

_PIECE: Final = 128  # rows, of some forty columns


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """The model at one covariance; A below is a pattern's inverse covariance, zero at the visits it lacks."""

    data: Blocks
    shape: Shape
    restricted: bool
    value: float  # minus the log-likelihood, without its constants
    coefficients: Floats
    root: Floats  # C, where C C' is the covariance of the coefficients
    inverse: Floats  # A: patterns × visits × visits
    scaled_design: Floats  # A X C: patients × visits × columns
    scaled_residual: Floats  # A r: patients × visits

    def slope(self) -> Floats:
        """The first derivatives of the value by the parameters."""
        return np.asarray(np.tensordot(self.shape.first, self._by_covariance(), 2))

    def curvature(self) -> Floats:
        """The second derivatives of the value by the parameters."""
        first = self.shape.first.reshape(len(self.shape.first), -1)
        visits, columns = self.scaled_design.shape[1:]
        rest = self._spread() - 0.5 * self.data.patients[:, None, None] * self.inverse
        crossed = (self.inverse.reshape(len(rest), -1).T @ rest.reshape(len(rest), -1)).reshape((visits,) * 4)
        bilinear = crossed.transpose(3, 0, 1, 2).reshape(visits**2, visits**2)
        drift = np.tensordot(self.scaled_residual, self.scaled_design, ([0], [0])).reshape(-1, columns)
        pulled = first @ drift
        second = first @ bilinear @ first.T - pulled @ pulled.T + self.shape.second_within(self._by_covariance())
        if self.restricted:
            turned = self.coefficient_slopes().reshape(len(first), -1)
            second -= 0.5 * turned @ turned.T
        return np.asarray((second + second.T) / 2.0)

    def coefficient_slopes(self) -> Floats:
        """C⁻¹ (dΦ/dθ) C⁻ᵀ for every parameter, Φ = C C' being the covariance of the coefficients."""
        visits, columns = self.scaled_design.shape[1:]
        flat = self.scaled_design.reshape(-1, visits * columns)
        products = (flat.T @ flat).reshape(visits, columns, visits, columns).transpose(0, 2, 1, 3)
        first = self.shape.first.reshape(-1, visits**2)
        return (first @ products.reshape(visits**2, -1)).reshape(-1, columns, columns)

    def _by_covariance(self) -> Floats:
        """The derivatives by the entries of the covariance: visits × visits."""
        whole = self.data.patients @ self.inverse.reshape(len(self.inverse), -1)
        return np.asarray(0.5 * (whole.reshape(self.inverse.shape[1:]) - self._spread().sum(axis=0)))

    def _spread(self) -> Floats:
        """A (r r' + X Φ X') A summed over the patients of every pattern; the second part in restricted likelihood."""
        products = self.scaled_residual[:, :, None] * self.scaled_residual[:, None, :]
        if self.restricted:
            products = products + self.scaled_design @ self.scaled_design.transpose(0, 2, 1)
        return np.add.reduceat(products, self.data.first, axis=0)


def point(data: Blocks, shape: Shape, *, restricted: bool) -> Point | None:
    """The model at this covariance, or None where it is not positive definite."""
    both = data.seen[:, :, None] * data.seen[:, None, :]
    try:
        factor = np.linalg.cholesky(where_seen(shape.matrix, data.seen))
        whitening = np.linalg.inv(factor)
        white = whitening[data.pattern] @ np.concatenate([data.design, data.outcome[:, :, None]], axis=2)
        design, outcome = white[..., :-1].reshape(-1, white.shape[2] - 1), white[..., -1].ravel()
        triangle = np.linalg.cholesky(_gram(design))
    except np.linalg.LinAlgError:
        return None
    root = np.linalg.inv(triangle).T
    coefficients = root @ (root.T @ (design.T @ outcome))
    residual = outcome - design @ coefficients
    visits = data.seen.shape[1]
    back = whitening.transpose(0, 2, 1)[data.pattern]
    value = data.patients @ np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1) + residual @ residual / 2.0
    return Point(
        data=data,
        shape=shape,
        restricted=restricted,
        value=float(value + (np.log(np.diag(triangle)).sum() if restricted else 0.0)),
        coefficients=coefficients,
        root=root,
        inverse=whitening.transpose(0, 2, 1) @ whitening * both,
        scaled_design=back @ (white[..., :-1] @ root),
        scaled_residual=(back @ residual.reshape(-1, visits, 1))[..., 0],
    )


def _gram(rows: Floats) -> Floats:
    """X'X, in pieces so small that they stay on one core: the threads of a large product wait on a busy machine."""
    pieces = (rows[first : first + _PIECE] for first in range(0, len(rows), _PIECE))
    return np.asarray(sum(piece.T @ piece for piece in pieces))


def where_seen(covariance: Floats, seen: Floats) -> Floats:
    """The covariance of the visits that each pattern has seen; the others stand apart with a variance of one.

    One covariance for all patterns, or one for each.
    """
    both = seen[:, :, None] * seen[:, None, :]
    return np.asarray(covariance * both + np.eye(seen.shape[1]) * (1.0 - seen)[:, None, :])
