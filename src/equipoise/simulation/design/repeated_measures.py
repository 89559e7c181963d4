"""The mixed model of a simulated trial: unstructured covariance, restricted likelihood, from sums over patterns.

It is `statistics.mmrm_by_visit` for thousands of trials. A participant's row of the design is the same at every visit
but for the visit, so everything that the likelihood asks of those who were seen at the same visits are three sums of
products: of the outcomes, of the rows, and of both. How many participants there are is not seen after that. Newton's
method runs in the entries of the covariance, in which the likelihood of restricted maximum has the curvature

    tr(E A F (S − nA/2)) − (X'AEAr)' Φ (X'AFAr) − tr(Φ X'AEAX Φ X'AFAX) / 2,   S = A (rr' + XΦX') A,

summed over participants, for directions E and F, where A is the inverse covariance and Φ that of the coefficients. The
last part, of the order of the columns over the participants, is taken as if the rows of the design were spread alike
over the patterns. It does not touch the optimum, but the degrees of freedom and Kenward and Roger's enlargement of the
standard error: of 60 participants with many values missing the error is right to 0.5 % and the freedom to 5 %, of 334
in the reference trial to 1e-6 and 0.1 %.
"""

from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from equipoise.simulation.design.plan import Floats
from equipoise.statistics.means.mixed_likelihood import where_seen

_MOST_STEPS: Final = 30
_DECREMENT: Final = 1e-12  # as in the statistics room: twice the log-likelihood still to be had
_ROUNDING: Final = 1e-12
_HALVINGS: Final = 20
_REDUNDANT: Final = 1e-7  # what is left of the length of a column after those before it
_CLOSER: Final = 0.8  # to the diagonal


class Sums(NamedTuple):
    """The sums over the participants of each pattern of visits; K columns, of which the first `own` differ by visit."""

    people: Floats  # patterns
    seen: Floats  # patterns × visits, 1 or 0
    outcomes: Floats  # patterns × visits × visits
    crossed: Floats  # patterns × visits × K
    rows: Floats  # patterns × K × K
    own: int

    @property
    def visits(self) -> int:
        """How many visits there are."""
        return int(self.seen.shape[1])

    def columns(self) -> Floats:
        """Which of the model's columns stands behind each visit and row: (visits · K) × columns, 1 or 0."""
        visits, wide = self.visits, self.rows.shape[1]
        place = np.empty((visits, wide), np.int64)
        place[:, : self.own] = np.arange(visits * self.own).reshape(visits, self.own)
        place[:, self.own :] = visits * self.own + np.arange(wide - self.own)
        return np.eye(visits * self.own + wide - self.own)[place.ravel()]


class Difference(NamedTuple):
    """A contrast of the model: its estimate, standard error and degrees of freedom."""

    estimate: float
    error: float
    freedom: float


def sums_of(values: Floats, seen: npt.NDArray[np.bool_], by_visit: Floats, throughout: Floats) -> Sums:
    """The sums of participants × visits, with what of the design differs by visit and what is the same throughout."""
    there = seen.any(axis=1)
    patterns, code = np.unique(seen[there], axis=0, return_inverse=True)
    order, people = np.argsort(code, kind="stable"), np.bincount(code)
    first = np.concatenate([[0], np.cumsum(people)[:-1]])
    rows = np.hstack([by_visit, throughout])[there][order]
    found = np.where(seen, values, 0.0)[there][order]

    def added(left: Floats, right: Floats) -> Floats:
        return np.add.reduceat(left[:, :, None] * right[:, None, :], first, axis=0)

    return Sums(
        people.astype(np.float64), patterns.astype(np.float64), added(found, found), added(found, rows),
        added(rows, rows), by_visit.shape[1],
    )  # fmt: skip


def difference(data: Sums, contrast: Floats) -> Difference | None:
    """The contrast of the columns at the last visit, with Kenward and Roger's error to the first order (1997).

    None where the columns depend on each other, nothing is left beside them, or no covariance is best.
    """
    columns = data.columns()
    if data.people @ data.seen.sum(axis=1) <= columns.shape[1]:
        return None
    try:
        found = _optimum(data, columns)
        return None if found is None else _contrast(*found, contrast)
    except np.linalg.LinAlgError:
        return None


# --- The likelihood at a covariance -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Point:
    """The model at a covariance of the visits. Raises LinAlgError where there is none."""

    data: Sums
    columns: Floats
    covariance: Floats

    @cached_property
    def _factor(self) -> Floats:
        return np.asarray(np.linalg.cholesky(where_seen(self.covariance, self.data.seen)))

    @cached_property
    def inverse(self) -> Floats:
        """A, zero at the visits that a pattern lacks: patterns × visits × visits."""
        seen, whitening = self.data.seen, np.linalg.inv(self._factor)
        return np.asarray(whitening.transpose(0, 2, 1) @ whitening * seen[:, :, None] * seen[:, None, :])

    @cached_property
    def _gram(self) -> Floats:
        data, visits, wide = self.data, self.data.visits, self.data.rows.shape[1]
        whole = _over_patterns(self.inverse, data.rows).reshape(visits, visits, wide, wide).transpose(0, 2, 1, 3)
        return np.asarray(self.columns.T @ whole.reshape(visits * wide, -1) @ self.columns)

    @cached_property
    def spread(self) -> Floats:
        """Φ, the covariance of the coefficients."""
        triangle = np.linalg.cholesky(self._gram)
        if (np.diag(triangle) < _REDUNDANT * np.sqrt(np.diag(self._gram))).any():
            raise np.linalg.LinAlgError
        root = np.linalg.inv(triangle)
        return np.asarray(root.T @ root)

    @cached_property
    def coefficients(self) -> Floats:
        """By generalised least squares."""
        return np.asarray(self.spread @ (self.columns.T @ (self.inverse @ self.data.crossed).sum(axis=0).ravel()))

    @cached_property
    def by_visit(self) -> Floats:
        """The coefficients of the rows of the design: visits × K."""
        return self.laid_out(self.coefficients)

    def laid_out(self, weights: Floats) -> Floats:
        """Weights of the model's columns as visits × K."""
        return np.asarray((self.columns @ weights).reshape(self.data.visits, -1))

    @cached_property
    def residuals(self) -> Floats:
        """The products of residuals, summed over each pattern; what it has not seen is of no account."""
        half = self.by_visit @ self.data.crossed.transpose(0, 2, 1)
        return self.data.outcomes - half - half.transpose(0, 2, 1) + self.by_visit @ self.data.rows @ self.by_visit.T

    @cached_property
    def value(self) -> float:
        """Minus the restricted log-likelihood, without its constants."""
        sizes = np.log(np.diagonal(self._factor, axis1=1, axis2=2)).sum(axis=1)
        volume = -0.5 * float(np.linalg.slogdet(self.spread)[1])
        return float(self.data.people @ sizes + 0.5 * (self.inverse * self.residuals).sum() + volume)

    @cached_property
    def sandwich(self) -> Floats:
        """S: patterns × visits × visits."""
        visits, wide = self.data.visits, self.data.rows.shape[1]
        whole = (self.columns @ self.spread @ self.columns.T).reshape(visits, wide, visits, wide)
        predicted = self.data.rows.reshape(-1, wide * wide) @ whole.transpose(1, 3, 0, 2).reshape(wide * wide, -1)
        return np.asarray(self.inverse @ (self.residuals + predicted.reshape(-1, visits, visits)) @ self.inverse)

    def slope(self) -> Floats:
        """The first derivatives of the value by the entries of the covariance."""
        whole = np.tensordot(self.data.people, self.inverse, 1) - self.sandwich.sum(axis=0)
        return 0.5 * _directions(whole)

    def curvature(self) -> Floats:
        """The second derivatives, their last part as if the design were spread alike over the patterns."""
        weighed = self.data.people[:, None, None] * self.inverse
        drift = self.pulled(self.data.crossed - self.by_visit @ self.data.rows)
        return self.within(self.sandwich - 0.5 * weighed) - drift @ self.spread @ drift.T - 0.5 * self._last(weighed)

    def expected(self) -> Floats:
        """The information that is expected of the same visits, which is positive definite everywhere."""
        return 0.5 * self.within(self.data.people[:, None, None] * self.inverse)

    def within(self, weights: Floats) -> Floats:
        """tr(E A F W) summed over patterns, for every two directions."""
        whole = _over_patterns(self.inverse, weights).reshape((self.data.visits,) * 4).transpose(3, 0, 1, 2)
        return _directions(_directions(whole).transpose(1, 2, 0))

    def pulled(self, crossed: Floats) -> Floats:
        """X'A E A r for every direction, from the sums of r with the rows of the design: directions × columns."""
        visits, wide = self.data.visits, self.data.rows.shape[1]
        whole = _over_patterns(self.inverse, self.inverse @ crossed).reshape(visits, visits, visits, wide)
        return np.asarray(_directions(whole.transpose(1, 2, 0, 3)).reshape(-1, visits * wide) @ self.columns)

    def _last(self, weighed: Floats) -> Floats:
        visits = self.data.visits
        whole = _over_patterns(weighed, self.inverse).reshape((visits,) * 4).transpose(1, 2, 0, 3)
        turned = np.linalg.inv(weighed.sum(axis=0)) @ _directions(whole).reshape(-1, visits, visits)
        flat = turned.reshape(len(turned), -1)
        return np.asarray(self.data.own * flat @ turned.transpose(0, 2, 1).reshape(len(turned), -1).T)


def _over_patterns(left: Floats, right: Floats) -> Floats:
    """The outer products of two arrays, summed over patterns."""
    return np.asarray(left.reshape(len(left), -1).T @ right.reshape(len(right), -1))


def _directions(whole: Floats) -> Floats:
    """What is linear in a matrix, given by its entries along the first two axes, along every symmetric direction.

    A direction has a one in an entry and in its mirror image.
    """
    rows, columns = np.tril_indices(whole.shape[0])
    found = whole[rows, columns] + whole[columns, rows]
    found[rows == columns] *= 0.5
    return np.asarray(found)


# --- The optimum ------------------------------------------------------------------------------------------------------


def _optimum(data: Sums, columns: Floats) -> tuple[_Point, Floats] | None:
    """Where the likelihood is largest, and its curvature there."""
    here = _start(data, columns)
    for _ in range(_MOST_STEPS):
        if here is None:
            return None
        slope, curvature = here.slope(), here.curvature()
        if not _positive(curvature):
            curvature = here.expected()
        step = np.asarray(np.linalg.solve(curvature, slope), np.float64)
        if float(slope @ step) <= _DECREMENT:
            return here, curvature
        here = _downhill(here, step)
    return None


def _start(data: Sums, columns: Floats) -> _Point | None:
    """The pairwise covariances of the residuals of least squares, shrunk to the diagonal until they are one."""
    plain = _Point(data, columns, np.eye(data.visits))
    both = np.einsum("p,pa,pb->ab", data.people, data.seen, data.seen)
    seen = data.seen[:, :, None] * data.seen[:, None, :]
    found = (plain.residuals * seen).sum(axis=0) / np.maximum(both, 1.0)
    if (both == 0.0).any() or (np.diag(found) <= _ROUNDING * np.diag(data.outcomes.sum(axis=0))).any():
        return None
    apart = np.diag(np.diag(found))
    while not _positive(found):
        found = apart + _CLOSER * (found - apart)
    return _Point(data, columns, found)


def _downhill(here: _Point, step: Floats) -> _Point | None:
    """The first of the step, its half, its quarter … that does not raise the value; None where none does."""
    for _ in range(_HALVINGS):
        changed = np.zeros_like(here.covariance)
        changed[np.tril_indices(len(changed))] = step
        changed = changed + np.tril(changed, -1).T
        there = _Point(here.data, here.columns, here.covariance - changed)
        if _positive(there.covariance) and there.value <= here.value + _ROUNDING * max(1.0, abs(here.value)):
            return there
        step = step / 2.0
    return None


def _positive(matrix: Floats) -> bool:
    try:
        np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return False
    return True


def _contrast(at: _Point, curvature: Floats, contrast: Floats) -> Difference:
    """The estimate with its error enlarged, and twice its squared variance by the variance of that."""
    data, last = at.data, np.zeros((at.data.visits, at.data.rows.shape[1]))
    last[-1, : data.own] = contrast
    wanted = at.columns.T @ last.ravel()
    weights = at.spread @ wanted
    variance, laid_out, uncertain = float(wanted @ weights), at.laid_out(weights), np.linalg.inv(curvature)
    leverage = at.inverse @ (laid_out @ data.rows @ laid_out.T) @ at.inverse
    slope, pulled = _directions(leverage.sum(axis=0)), at.pulled(laid_out @ data.rows)
    more = at.within(leverage) - pulled @ at.spread @ pulled.T
    error = sqrt(variance + 2.0 * float((uncertain * more).sum()))
    freedom = 2.0 * variance**2 / float(slope @ uncertain @ slope)
    return Difference(float(wanted @ at.coefficients), error, freedom)
