"""Small-sample inference on the coefficients of a mixed model: Satterthwaite, and Kenward & Roger.

The covariance Φ of the coefficients is estimated; both methods ask how much it varies with the covariance parameters,
whose own covariance is W, the inverse of the observed information. Kenward & Roger (Biometrics 1997;53:983–997) also
enlarge Φ. Without its second derivatives their adjustment depends on no parametrisation ("linear").
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from equipoise.statistics.means.mixed_likelihood import Point
from equipoise.statistics.result import Floats

Freedom = Literal["satterthwaite", "kenward_roger", "kenward_roger_linear"]


@dataclass(frozen=True, slots=True)
class Scaled:
    """A statistic times `scale` follows F with so many degrees of freedom in the denominator."""

    scale: float
    denominator: float


def adjusted_roots(at: Point, theta_covariance: Floats) -> tuple[Floats, Floats]:
    """C⁻¹ Φ_A C⁻ᵀ with and without second derivatives, where Φ = C C' (their equation 4, and R left out)."""
    slopes = at.coefficient_slopes()
    visits, columns = at.scaled_design.shape[1:]
    first = at.shape.first.reshape(len(slopes), -1)
    pairs = (first.T @ theta_covariance @ first).reshape((visits,) * 4).transpose(0, 3, 1, 2)
    middle = (at.inverse.reshape(-1, visits**2) @ pairs.reshape(visits**2, -1).T).reshape(-1, visits, visits)
    flat = at.scaled_design.reshape(-1, columns)
    curved = flat.T @ (middle[at.data.pattern] @ at.scaled_design).reshape(-1, columns)
    weighed = np.tensordot(theta_covariance, slopes, 1)
    crossed = np.tensordot(slopes, weighed, ([0, 2], [0, 1]))
    linear = np.eye(columns) + 2.0 * (curved - crossed)
    bent = flat.T @ (at.shape.second_over(theta_covariance) @ at.scaled_design).reshape(-1, columns)
    return _symmetric(linear - 0.5 * bent), _symmetric(linear)


def _symmetric(matrix: Floats) -> Floats:
    return np.asarray((matrix + matrix.T) / 2.0)


def contrast_freedom(contrast: Floats, slopes: Floats, theta_covariance: Floats) -> float:
    """Degrees of freedom of one contrast, twice its squared variance by the variance of that; the same for all three.

    The contrast is in the coordinates in which Φ is the identity; `slopes` are the derivatives of Φ there.
    """
    slope = slopes @ contrast @ contrast
    return float(2.0 * (contrast @ contrast) ** 2 / (slope @ theta_covariance @ slope))


def satterthwaite_scaled(contrasts: Floats, slopes: Floats, theta_covariance: Floats) -> Scaled:
    """Several contrasts at once: the F whose expectation is that of the independent t² behind it.

    Fai & Cornelius (J Stat Comput Simul 1996;54:363–378); 2 where any of those has 2 or less.
    """
    _, _, axes = np.linalg.svd(contrasts, full_matrices=False)
    each = np.array([contrast_freedom(axis, slopes, theta_covariance) for axis in axes])
    if (each <= 2.0).any():
        return Scaled(1.0, 2.0)
    excess = float((2.0 / (each - 2.0)).sum())
    return Scaled(1.0, 2.0 + 2.0 * len(each) / excess)


def kenward_roger_scaled(contrasts: Floats, slopes: Floats, theta_covariance: Floats) -> Scaled:
    """Several contrasts at once: scale and denominator that match two moments of F (1997, section 3)."""
    count = len(contrasts)
    if count == 1:
        return Scaled(1.0, contrast_freedom(contrasts[0], slopes, theta_covariance))
    _, _, axes = np.linalg.svd(contrasts, full_matrices=False)
    inner = axes @ slopes @ axes.T
    traces = np.trace(inner, axis1=1, axis2=2)
    flat = inner.reshape(len(slopes), -1)
    a1, a2 = float(traces @ theta_covariance @ traces), float((flat * (theta_covariance @ flat)).sum())
    g = ((count + 1) * a1 - (count + 4) * a2) / ((count + 2) * a2)
    bottom = 3 * count + 2 * (1 - g)
    b = (a1 + 6 * a2) / (2 * count)
    mean = 1.0 / (1.0 - a2 / count)
    below = (1 - (count - g) / bottom * b) ** 2 * (1 - (count + 2 - g) / bottom * b)
    variance = 2.0 / count * (1 + g / bottom * b) / below
    denominator = 4.0 + (count + 2) / (count * variance / (2.0 * mean**2) - 1.0)
    return Scaled(denominator / (mean * (denominator - 2.0)), denominator)
