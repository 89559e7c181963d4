"""Repeated measurements made ready for a mixed model: checked, one block per patient, grouped by the visits seen."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Final

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.newton import unusable
from equipoise.statistics.numerics.ordering import Labels, encoded
from equipoise.statistics.result import Floats, Integers, NotEstimable

# Below this share of the largest singular value of the columns, scaled to unit length, a column is redundant.
_RANK_TOLERANCE: Final = 1e-9
# Residuals this small beside the outcome itself are rounding: the model reproduces the data.
_PERFECT_FIT: Final = 1e-24
_VANISHING: Final = 1e-290  # a sum of squares with hardly a digit left


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Checked observations as they came: one row each, the patient and the visit as codes."""

    outcome: Floats
    design: Floats
    names: tuple[str, ...]
    subject: Integers
    visit: Integers
    subjects: int
    visits: tuple[Hashable, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """One block per patient, zero where a visit was not observed; patients in order of their pattern of visits.

    The design's columns are orthonormal and the outcome is in units of the residual deviation, so that no unit of
    measurement reaches the arithmetic: coefficients are `back` times the block's coefficients.
    """

    outcome: Floats  # patients × visits
    design: Floats  # patients × visits × columns
    subject: Integers  # the code of every patient among the rows
    pattern: Integers  # of every patient
    first: Integers  # the first patient of every pattern
    patients: Floats  # of every pattern
    seen: Floats  # patterns × visits, 1 or 0
    observations: int
    deviation: float
    back: Floats  # columns × columns
    log_volume: float  # log |X'X| of the design as it was given
    residual_covariance: Floats  # of the visits, from ordinary least squares
    together: Floats  # in how many patients two visits were both observed

    def of(self, chosen: Integers) -> "Blocks":
        """Only the patients in these places, which ascend; units and columns stay those of all patients."""
        kept, pattern = np.unique(self.pattern[chosen], return_inverse=True)
        patients, seen = np.bincount(pattern), self.seen[kept]
        return replace(
            self,
            outcome=self.outcome[chosen],
            design=self.design[chosen],
            subject=self.subject[chosen],
            pattern=pattern,
            first=np.concatenate([[0], np.cumsum(patients)[:-1]]),
            patients=patients.astype(np.float64),
            seen=seen,
            observations=int(patients @ seen.sum(axis=1)),
            together=(seen.T * patients) @ seen,
        )


def rows(
    outcome: npt.ArrayLike,
    X: npt.ArrayLike,
    subject: Labels,
    visit: Labels,
    names: Sequence[str],
    visits: Sequence[Hashable] | None,
) -> Rows | NotEstimable:
    """Check the arrays: nothing missing or infinite, no patient twice at one visit, no visit without a value."""
    y, design = np.asarray(outcome, dtype=np.float64), np.asarray(X, dtype=np.float64)
    if y.ndim != 1 or design.ndim != 2 or len(design) != y.size or design.shape[1] != len(names):
        raise ValueError("the outcome is a vector; X has a row for each of its values and a column for each name")
    if y.size == 0:
        return NotEstimable("no_subjects")
    problem = unusable(np.column_stack([y, design]), ("outcome", *names))
    if problem is not None:
        return problem
    who, when = encoded(subject, y.size), encoded(visit, y.size)
    if isinstance(who, NotEstimable) or isinstance(when, NotEstimable):
        return NotEstimable("missing_values", ("subject" if isinstance(who, NotEstimable) else "visit",))
    order = tuple(visits) if visits is not None else when[0]
    if not set(when[0]) <= set(order) or len(set(order)) != len(order):
        raise ValueError("the list of visits names every visit of the data once")
    if missing := [str(one) for one in order if one not in when[0]]:
        return NotEstimable("visit_never_observed", tuple(missing))
    place = np.array([order.index(label) for label in when[0]])[when[1]]
    cells = np.bincount(who[1] * len(order) + place)
    if cells.max() > 1:
        twice = np.unique(np.flatnonzero(cells > 1) // len(order))
        return NotEstimable("repeated_visit", tuple(str(who[0][code]) for code in twice))
    return Rows(y, design, tuple(names), who[1], place, len(who[0]), order)


def blocks(data: Rows) -> Blocks | NotEstimable:
    """The observations as blocks, scaled by an ordinary least-squares fit."""
    solved = _orthonormal(data)
    if isinstance(solved, NotEstimable):
        return solved
    columns, back = solved
    residual = data.outcome - columns @ (columns.T @ data.outcome)
    squares = float((residual**2).sum())
    if not isfinite(squares):
        return NotEstimable("not_finite", ("outcome",))
    if squares <= max(_PERFECT_FIT * float((data.outcome**2).sum()), _VANISHING):
        return NotEstimable("zero_variance")
    deviation = float(np.sqrt(squares / (len(residual) - columns.shape[1])))
    seen = _filled(data, np.ones(len(residual)))
    patterns, codes = np.unique(seen, axis=0, return_inverse=True)
    order = np.argsort(codes, kind="stable")
    patients = np.bincount(codes)
    return Blocks(
        outcome=_filled(data, data.outcome / deviation)[order],
        design=_filled(data, columns)[order],
        subject=order,
        pattern=codes[order],
        first=np.concatenate([[0], np.cumsum(patients)[:-1]]),
        patients=patients.astype(np.float64),
        seen=patterns,
        observations=len(residual),
        deviation=deviation,
        back=back * deviation,
        log_volume=-2.0 * float(np.linalg.slogdet(back)[1]),
        residual_covariance=_pairwise(_filled(data, residual / deviation), seen),
        together=seen.T @ seen,
    )


def _filled(data: Rows, values: Floats) -> Floats:
    """A value (or a row of them) for every patient and visit, zero where none was observed."""
    filled = np.zeros((data.subjects, len(data.visits), *values.shape[1:]))
    filled[data.subject, data.visit] = values
    return filled


def _pairwise(residual: Floats, seen: Floats) -> Floats:
    """Products of residuals averaged over the patients seen at both visits; a pair never seen counts as unrelated."""
    products = residual.T @ residual / np.maximum(seen.T @ seen, 1.0)
    variances = np.maximum(np.diag(products), 1e-6)
    return np.where(np.eye(len(products)) > 0, variances, products)


def _orthonormal(data: Rows) -> tuple[Floats, Floats] | NotEstimable:
    """Orthonormal columns Q and the matrix B with X B = Q, by singular values of X with columns of unit length."""
    lengths = np.sqrt((data.design**2).sum(axis=0))
    lengths = np.where(lengths > 0, lengths, 1.0)
    left, values, right = np.linalg.svd(data.design / lengths, full_matrices=False)
    if len(data.design) <= len(lengths):
        return NotEstimable("no_residual_freedom")
    if values[-1] <= _RANK_TOLERANCE * values[0]:
        involved = zip(data.names, right[-1], strict=True)
        return NotEstimable("collinear", tuple(name for name, share in involved if abs(share) > 1e-3))
    return left, right.T / values / lengths[:, None]
