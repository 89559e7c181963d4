"""Newton–Raphson for a concave log-likelihood, and what is said where it has no single, finite maximum."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.newton_kernels import scale_columns
from equipoise.statistics.result import Floats, NotEstimable

# The log-likelihood, its gradient and the information at some coefficients.
Height: TypeAlias = tuple[float, Floats, Floats]

_MOST_STEPS: Final = 60
# Newton's decrement (the gain still to be had, in log-likelihood) at which the maximum is reached.
_DECREMENT = 1e-13
# Where nothing is left to gain and a step still moves some patient's log hazard by this much, the maximum is at
# infinity: towards it every Newton step is about one long. A covariate with this share of the step runs away.
_STILL_MOVING = 1e-3
_RUNS_AWAY = 0.05
_NEARLY = 1e-6
# A full step may lose this share of the log-likelihood to rounding without being halved.
_ROUNDING = 1e-12
# Below this share of the largest eigenvalue, the covariates (or their information) are linearly dependent.
_RANK_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """The coefficients at which the likelihood is largest, and the likelihood and information there."""

    beta: Floats
    log_likelihood: float
    information: Floats
    steps: int


def maximise(
    at: Callable[[Floats], Height], X: Floats, beta: Floats, names: Sequence[str], *, first: Height | None = None
) -> Maximum | NotEstimable:
    """Newton–Raphson from `beta` (`first`, if known, is `at(beta)`); steps that would not climb are halved."""
    loglik, gradient, information = first if first is not None else at(beta)
    for steps in range(_MOST_STEPS):
        step: Floats = np.asarray(np.linalg.lstsq(information, gradient, rcond=None)[0], dtype=np.float64)
        gain = float(gradient @ step)
        if gain <= _DECREMENT * max(1.0, abs(loglik)):
            if np.abs(X @ step).max(initial=0.0) > _STILL_MOVING:
                return NotEstimable("monotone_likelihood", _running(names, step))
            loglik, _, information = at(beta + step)
            return Maximum(beta + step, loglik, information, steps + 1)
        move, candidate = step, at(beta + step)
        while not loglik - _ROUNDING * abs(loglik) <= candidate[0] < np.inf and move.any():
            move = move / 2.0
            candidate = at(beta + move)
        beta, (loglik, gradient, information) = beta + move, candidate
    # Far out, where one patient outweighs all others, rounding can hide the last of the climb.
    if gain <= _NEARLY and np.abs(X @ step).max() > _STILL_MOVING:
        return NotEstimable("monotone_likelihood", _running(names, step))
    return NotEstimable("not_converged", tuple(names))


def _running(names: Sequence[str], step: Floats) -> tuple[str, ...]:
    """The covariates that run away."""
    return chosen(names, np.abs(step) > _RUNS_AWAY * np.abs(step).max())


def without_information(information: Floats, names: Sequence[str]) -> NotEstimable | None:
    """Name the covariates about which the events say nothing, alone or given the others."""
    flat = np.diag(information) <= _RANK_TOLERANCE
    if flat.any():
        return NotEstimable("no_information", chosen(names, flat))
    scale = np.sqrt(np.diag(information))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values[0] > _RANK_TOLERANCE:
        return None
    return NotEstimable("collinear", chosen(names, np.abs(vectors[:, 0]) > 1e-3))


def scaled(X: Floats) -> tuple[Floats, Floats, Floats]:
    """Covariates centred and scaled, so that no unit of measurement can spoil the arithmetic; and both numbers."""
    unit, centre, deviation = scale_columns(X)
    return unit, centre, deviation


def covariates(X: npt.ArrayLike, patients: int, at_least: int = 1) -> Floats:
    """The covariates as a matrix: one row for each patient, and at least this many columns."""
    matrix = np.asarray(X, dtype=np.float64)
    matrix = matrix[:, np.newaxis] if matrix.ndim == 1 else matrix
    if matrix.ndim != 2 or matrix.shape[0] != patients or matrix.shape[1] < at_least:
        raise ValueError("X has one row per patient and at least one column")
    return matrix


def labels(names: Sequence[str] | None, columns: int) -> tuple[str, ...]:
    """The names of the covariates: x1, x2 … where none are given."""
    found = tuple(names) if names is not None else tuple(f"x{place + 1}" for place in range(columns))
    if len(found) != columns:
        raise ValueError(f"{len(found)} names for {columns} covariates")
    return found


def unusable(X: Floats, names: Sequence[str]) -> NotEstimable | None:
    """Name the covariates with missing or infinite values."""
    missing, infinite = (np.asarray(bad(X).any(axis=0)) for bad in (np.isnan, np.isinf))
    if missing.any():
        return NotEstimable("missing_values", chosen(names, missing))
    return NotEstimable("not_finite", chosen(names, infinite)) if infinite.any() else None


def chosen(names: Sequence[str], wanted: npt.NDArray[np.bool_]) -> tuple[str, ...]:
    """The names that are wanted."""
    return tuple(name for name, one in zip(names, wanted, strict=True) if one)
