"""Slow and obvious mixed models: dense matrices, entry by entry, and derivatives by differences."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import linalg, stats

Array = np.ndarray


def correlation(structure: str, theta: Array, one: int, other: int, visits: int) -> float:
    """The correlation of two visits, after the definitions of mmrm's vignette."""
    if one == other:
        return 1.0
    if structure.startswith("cs"):
        lowest = 1 / (visits - 1)
        return (1 + lowest) / (1 + np.exp(-theta[0])) - lowest
    rho, apart = theta / np.sqrt(1 + theta**2), abs(one - other)
    if structure.startswith("ar1"):
        return rho[0] ** apart
    if structure.startswith("toep"):
        return rho[apart - 1]
    return float(np.prod([rho[step] for step in range(min(one, other), max(one, other))]))


def covariance(structure: str, theta: Array, visits: int) -> Array:
    """The covariance of the visits, entry by entry."""
    if structure == "us":
        unit, place = np.eye(visits), visits
        for row in range(visits):
            for column in range(row):
                unit[row, column] = theta[place]
                place += 1
        root = np.diag(np.exp(theta[:visits])) @ unit
        return root @ root.T
    scales = visits if structure.endswith("h") else 1
    deviation = np.exp(theta[:scales]) * np.ones(visits)
    found = np.empty((visits, visits))
    for one in range(visits):
        for other in range(visits):
            rho = correlation(structure, theta[scales:], one, other, visits)
            found[one, other] = deviation[one] * deviation[other] * rho
    return found


def parameters(structure: str, matrix: Array) -> Array:
    """The parameters of a covariance that has the structure."""
    visits, deviation = len(matrix), np.sqrt(np.diag(matrix))
    if structure == "us":
        root = np.linalg.cholesky(matrix)
        unit = root / np.diag(root)[:, None]
        below = [unit[row, column] for row in range(visits) for column in range(row)]
        return np.concatenate([np.log(np.diag(root)), below])
    rho = matrix / np.outer(deviation, deviation)
    entries = {"ar1": [rho[0, 1]], "cs": [rho[0, 1]], "toep": rho[0, 1:], "ad": np.diag(rho, 1)}
    chosen = np.asarray(entries[structure.removesuffix("h")])
    lowest = 1 / (visits - 1)
    bent = np.log((chosen + lowest) / (1 - chosen)) if structure.startswith("cs") else chosen / np.sqrt(1 - chosen**2)
    return np.concatenate([np.log(deviation if structure.endswith("h") else deviation[:1]), bent])


@dataclass
class Dense:
    """All observations of all patients as one vector with one covariance matrix."""

    outcome: Array
    X: Array
    subject: Array
    visit: Array
    structure: str
    visits: int

    def whole(self, theta: Array) -> Array:
        """The covariance of all observations."""
        between, same = covariance(self.structure, theta, self.visits), self.subject[:, None] == self.subject[None]
        return between[np.ix_(self.visit, self.visit)] * same

    def of_coefficients(self, theta: Array) -> Array:
        return np.linalg.inv(self.X.T @ np.linalg.solve(self.whole(theta), self.X))

    def coefficients(self, theta: Array) -> Array:
        return self.of_coefficients(theta) @ self.X.T @ np.linalg.solve(self.whole(theta), self.outcome)

    def log_likelihood(self, theta: Array, beta: Array) -> float:
        """Patient by patient, the normal density of the values observed."""
        between, total = covariance(self.structure, theta, self.visits), 0.0
        for patient in np.unique(self.subject):
            mine = self.subject == patient
            seen = self.visit[mine]
            total += stats.multivariate_normal.logpdf(
                self.outcome[mine], self.X[mine] @ beta, between[np.ix_(seen, seen)]
            )
        return float(total)

    def profile(self, theta: Array) -> float:
        """The density of all values at once, the coefficients being the best ones."""
        V, rest = self.whole(theta), self.outcome - self.X @ self.coefficients(theta)
        return float(-0.5 * (len(rest) * np.log(2 * np.pi) + np.linalg.slogdet(V)[1] + rest @ np.linalg.solve(V, rest)))

    def restricted(self, theta: Array) -> float:
        """The density of what is left when everything the design can explain is projected away."""
        left = linalg.null_space(self.X.T)
        rest = left.T @ self.outcome
        root = np.linalg.cholesky(left.T @ self.whole(theta) @ left)
        white = np.linalg.solve(root, rest)
        density = -0.5 * len(rest) * np.log(2 * np.pi) - np.log(np.diag(root)).sum() - 0.5 * white @ white
        return float(density - 0.5 * np.linalg.slogdet(self.X.T @ self.X)[1])


def slopes(function: Callable[[Array], Array | float], theta: Array, step: float = 2e-3) -> list[Array]:
    """First derivatives by differences of the sixth order."""
    weights = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}
    found = []
    for unit in step * np.eye(len(theta)):
        parts = [w * (np.asarray(function(theta + k * unit)) - function(theta - k * unit)) for k, w in weights.items()]
        found.append(sum(parts) / step)
    return found


def curvature(function: Callable[[Array], Array | float], theta: Array) -> Array:
    """Second derivatives, as slopes of slopes: parameters × parameters × the function's own shape."""
    return np.array(slopes(lambda at: np.array(slopes(function, at, 1e-2)), theta, 1e-2))


@dataclass
class KenwardRoger:
    """The terms of Kenward & Roger 1997 at an estimate, by differences; `weight` is their W."""

    dense: Dense
    theta: Array
    weight: Array

    def adjusted(self, *, linear: bool) -> Array:
        """Φ + 2Φ{ΣΣ Wᵢⱼ(Qᵢⱼ − PᵢΦPⱼ − ¼Rᵢⱼ)}Φ."""
        X, V, phi = self.dense.X, self.dense.whole(self.theta), self.dense.of_coefficients(self.theta)
        inverse = slopes(lambda at: np.linalg.inv(self.dense.whole(at)), self.theta)
        bent = curvature(self.dense.whole, self.theta)
        whitened = np.linalg.solve(V, X)
        inner = np.zeros_like(phi)
        for i in range(len(self.theta)):
            for j in range(len(self.theta)):
                q = X.T @ inverse[i] @ V @ inverse[j] @ X
                p = X.T @ inverse[i] @ X @ phi @ X.T @ inverse[j] @ X
                r = whitened.T @ bent[i, j] @ whitened
                inner += self.weight[i, j] * (q - p - (0 if linear else r / 4))
        return phi + 2 * phi @ inner @ phi

    def moments(self, L: Array) -> tuple[float, float]:
        """A₁ and A₂ of the contrasts."""
        phi = self.dense.of_coefficients(self.theta)
        middle = L.T @ np.linalg.inv(L @ phi @ L.T) @ L
        terms = [
            middle @ phi @ self.dense.X.T @ one @ self.dense.X @ phi
            for one in slopes(lambda at: np.linalg.inv(self.dense.whole(at)), self.theta)
        ]
        each = range(len(terms))
        a1 = sum(self.weight[i, j] * np.trace(terms[i]) * np.trace(terms[j]) for i in each for j in each)
        a2 = sum(self.weight[i, j] * np.trace(terms[i] @ terms[j]) for i in each for j in each)
        return float(a1), float(a2)

    def scaled(self, L: Array) -> tuple[float, float]:
        """λ and m from the paper's formulas."""
        rows, (a1, a2) = len(L), self.moments(L)
        b = (a1 + 6 * a2) / (2 * rows)
        g = ((rows + 1) * a1 - (rows + 4) * a2) / ((rows + 2) * a2)
        c1, c2, c3 = (top / (3 * rows + 2 * (1 - g)) for top in (g, rows - g, rows + 2 - g))
        mean, variance = 1 / (1 - a2 / rows), 2 / rows * (1 + c1 * b) / ((1 - c2 * b) ** 2 * (1 - c3 * b))
        m = 4 + (rows + 2) / (rows * variance / (2 * mean**2) - 1)
        return m / (mean * (m - 2)), m
