"""Covariates centred and scaled in two passes over their rows."""

import numpy as np

from equipoise.statistics.numerics.compiled import compiled
from equipoise.statistics.result import Floats


@compiled
def scale_columns(X: Floats) -> tuple[Floats, Floats, Floats]:
    """Each column less its mean, over its standard deviation; zero for a constant, whose deviation is set to one.

    A constant leaves rounding behind when it is centred; that is no deviation.
    """
    n, p = X.shape
    centre, squares, largest, deviation = np.zeros(p), np.zeros(p), np.zeros(p), np.ones(p)
    for i in range(n):
        for a in range(p):
            centre[a] += X[i, a]
            largest[a] = max(largest[a], abs(X[i, a]))
    centre /= n
    unit = np.empty((n, p))
    for i in range(n):
        for a in range(p):
            unit[i, a] = X[i, a] - centre[a]
            squares[a] += unit[i, a] * unit[i, a]
    varies = np.zeros(p)
    for a in range(p):
        spread = np.sqrt(squares[a] / n)
        if spread > 1e-12 * largest[a]:
            deviation[a], varies[a] = spread, 1.0 / spread
    for i in range(n):
        for a in range(p):
            unit[i, a] *= varies[a]
    return unit, centre, deviation
