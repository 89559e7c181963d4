"""Where the likelihood of repeated measurements is largest: Newton's method with exact second derivatives."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from equipoise.statistics.means.covariance_structures import Family
from equipoise.statistics.means.mixed_likelihood import Point, point
from equipoise.statistics.means.repeated_measures import Blocks
from equipoise.statistics.result import Floats, NotEstimable

_MOST_STEPS: Final = 100
# No parameter moves further in one step, or than this many times itself: logarithms and transformed correlations.
_LONGEST_STEP: Final = 2.0
# Newton's decrement (twice the gain still to be had, in log-likelihood) at which the optimum is reached.
_DECREMENT: Final = 1e-12
# The same for an optimum near a known one, where the step after it is still taken: 1e-5 of a standard error.
_NEIGHBOURLY: Final = 1e-10
_MOST_CORRECTIONS: Final = 20
# A step has to gain this share of what its slope promises.
_SHARE: Final = 1e-4
# Below this share of the largest eigenvalue of the scaled information, a direction of parameters is not determined.
_FLAT: Final = 1e-9
# A value may lose this share of its size, or of one, to rounding.
_ROUNDING: Final = 1e-12
# A deviation this small beside the residual one, or so small an eigenvalue of the correlations, is none.
_SINGULAR: Final = 1e-8
# Where no step helps any more, an eigenvalue this small says that the likelihood climbs towards a singular covariance.
_NEARLY_SINGULAR: Final = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """The parameters at which the likelihood is largest, the model there, and their covariance."""

    theta: Floats
    at: Point
    theta_covariance: Floats  # the inverse of the observed information
    steps: int


def optimum(data: Blocks, family: Family, *, restricted: bool, start: Floats | None = None) -> Optimum | NotEstimable:
    """Newton's method, from the residuals of least squares if not told where to start.

    A direction of wrong curvature is followed downhill.
    """
    theta = family.start(data.residual_covariance) if start is None else start
    here = point(data, family.at(theta), restricted=restricted)
    for steps in range(_MOST_STEPS):
        if here is None or _degenerate(here.shape.matrix, _SINGULAR):
            return NotEstimable("singular_covariance")
        slope, curvature = here.slope(), here.curvature()
        unit = np.sqrt(np.maximum(np.abs(np.diag(curvature)), _FLAT * np.abs(curvature).max()))
        values, vectors = np.linalg.eigh(curvature / np.outer(unit, unit))
        size = np.maximum(np.abs(values), _FLAT * np.abs(values).max())
        step = -vectors @ (vectors.T @ (slope / unit) / size) / unit
        gain = -float(slope @ step)
        step /= max(1.0, float((np.abs(step) / np.maximum(1.0, np.abs(theta))).max()) / _LONGEST_STEP)
        if gain <= _DECREMENT and values[0] <= _FLAT * values[-1]:
            return NotEstimable("covariance_not_determined")
        theta, here = _downhill(here, theta, step, family, float(slope @ step))
        if gain <= _DECREMENT:
            return Optimum(theta, here, np.asarray(np.linalg.inv(here.curvature())), steps + 1)
    singular = here is None or _degenerate(here.shape.matrix, _NEARLY_SINGULAR)
    return NotEstimable("singular_covariance" if singular else "not_converged")


def neighbour(best: Optimum, data: Blocks, family: Family) -> Point | NotEstimable:
    """Where the likelihood of slightly other data is largest, from an optimum nearby.

    Steps with the curvature there, corrected by what the slopes turn out to be (Broyden, Fletcher, Goldfarb & Shanno);
    where that does not lead down quickly, Newton's method does.
    """
    restricted, theta, inverse = best.at.restricted, best.theta, best.theta_covariance
    here = point(data, family.at(theta), restricted=restricted)
    slope = here.slope() if here is not None else theta
    for _ in range(_MOST_CORRECTIONS):
        step = -inverse @ slope
        there = point(data, family.at(theta + step), restricted=restricted) if here is not None else None
        if here is None or there is None or there.value > here.value + _ROUNDING * max(1.0, abs(here.value)):
            break
        if -float(slope @ step) <= _NEIGHBOURLY:
            return there
        theta, here, before, slope = theta + step, there, slope, there.slope()
        inverse = _corrected(inverse, step, slope - before)
    found = optimum(data, family, restricted=restricted, start=best.theta)
    return found if isinstance(found, NotEstimable) else found.at


def _corrected(inverse: Floats, step: Floats, turn: Floats) -> Floats:
    """The inverse curvature that maps the turn of the slope to the step; as it was where the slope fell along it."""
    along = float(step @ turn)
    if along <= 0.0:
        return inverse
    turned = inverse @ turn
    crossed = np.outer(step, turned)
    twice = (1.0 + float(turn @ turned) / along) * np.outer(step, step)
    return np.asarray(inverse + (twice - crossed - crossed.T) / along)


def _downhill(here: Point, theta: Floats, step: Floats, family: Family, slope: float) -> tuple[Floats, Point]:
    """The first of the step, its half, its quarter … that lowers the value as its slope promises, but for rounding."""
    there = point(here.data, family.at(theta + step), restricted=here.restricted)
    rounding = _ROUNDING * max(1.0, abs(here.value))
    while there is None or there.value > here.value + _SHARE * slope + rounding:
        step, slope = step / 2.0, slope / 2.0
        there = point(here.data, family.at(theta + step), restricted=here.restricted)
    return theta + step, there


def _degenerate(covariance: Floats, limit: float) -> bool:
    deviation = np.sqrt(np.diag(covariance))
    if deviation.min() < limit:
        return True
    return bool(np.linalg.eigvalsh(covariance / np.outer(deviation, deviation))[0] < limit)
