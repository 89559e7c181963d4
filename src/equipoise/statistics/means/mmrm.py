"""The mixed model for repeated measures: a linear model of all visits with a covariance between the visits."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, log, pi
from typing import Final, get_args

import numpy as np
import numpy.typing as npt

from equipoise.statistics.means.covariance_structures import Structure, family
from equipoise.statistics.means.kenward_roger import (
    Freedom,
    adjusted_roots,
    contrast_freedom,
    kenward_roger_scaled,
    satterthwaite_scaled,
)
from equipoise.statistics.means.mixed_optimum import Optimum, optimum
from equipoise.statistics.means.repeated_measures import Blocks, Rows, blocks, rows
from equipoise.statistics.numerics.distributions import check_level, f_p, t_p, t_quantile
from equipoise.statistics.numerics.newton import labels
from equipoise.statistics.numerics.ordering import Labels
from equipoise.statistics.result import Denominator, Estimate, Floats, NotEstimable, read_only

# Below this share of the largest, a singular value says that contrasts tested together depend on each other.
_RANK_TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class FTest:
    """Several contrasts tested at once: `statistic` follows F with these degrees of freedom.

    `scale` is what Kenward & Roger multiplied it by; it is 1 after Satterthwaite.
    """

    method: str
    statistic: float
    numerator: int
    denominator: float
    p_value: float
    scale: float
    denominators: tuple[Denominator, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MixedModelFit:
    """A fitted mixed model for repeated measures; coefficients run in the order of `names`, visits in their own.

    `covariance` is the model's covariance of the coefficients; `adjusted` holds those of Kenward & Roger, with and
    without second derivatives, and is None after maximum likelihood, for which they are not defined.
    """

    method: str
    structure: Structure
    reml: bool
    names: tuple[str, ...]
    visits: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    adjusted: Mapping[Freedom, Floats] | None
    visit_covariance: Floats
    parameters: int  # of the visits' covariance
    log_likelihood: float
    level: float
    denominators: tuple[Denominator, ...]  # patients, observations
    iterations: int
    root: Floats = field(repr=False)  # C, where C C' is `covariance`
    slopes: Floats = field(repr=False)  # C⁻¹ (d covariance) C⁻ᵀ by every parameter
    parameter_covariance: Floats = field(repr=False)

    @property
    def standard_errors(self) -> Floats:
        """The square roots of the diagonal of the model's covariance."""
        return read_only(np.sqrt(np.diag(self.covariance)))

    @property
    def aic(self) -> float:
        """Akaike's criterion; restricted likelihood counts the covariance parameters only."""
        counted = self.parameters if self.reml else self.parameters + len(self.names)
        return 2.0 * counted - 2.0 * self.log_likelihood

    def coefficient(self, name: str, *, freedom: Freedom = "satterthwaite") -> Estimate:
        """One coefficient with its t interval and test."""
        return self.contrast(np.eye(len(self.names))[self.names.index(name)], freedom=freedom)

    def contrast(self, weights: npt.ArrayLike, *, freedom: Freedom = "satterthwaite", null: float = 0.0) -> Estimate:
        """A weighted sum of the coefficients with its t interval, tested against `null`."""
        row = np.asarray(weights, dtype=np.float64)
        if row.shape != (len(self.names),) or not np.isfinite(row).all() or not row.any():
            raise ValueError(f"a contrast has {len(self.names)} weights, not all of them zero")
        method, estimate = self._method(freedom), float(row @ self.coefficients)
        variance = float(row @ self._covariance(freedom) @ row)
        if variance <= 0.0:
            why = NotEstimable("zero_variance")
            return Estimate(method=method, estimate=estimate, level=self.level, denominators=self.denominators, why=why)
        error = variance**0.5
        degrees = contrast_freedom(row @ self.root, self.slopes, self.parameter_covariance)
        width, statistic = t_quantile(self.level, degrees) * error, (estimate - null) / error
        return Estimate(
            method=method,
            estimate=estimate,
            standard_error=error,
            lower=estimate - width,
            upper=estimate + width,
            level=self.level,
            statistic=statistic,
            degrees_of_freedom=degrees,
            p_value=t_p(statistic, degrees),
            denominators=self.denominators,
        )

    def joint_test(self, weights: npt.ArrayLike, *, freedom: Freedom = "satterthwaite") -> FTest | NotEstimable:
        """Whether several weighted sums of the coefficients, one a row, are all zero."""
        matrix = np.atleast_2d(np.asarray(weights, dtype=np.float64))
        if matrix.ndim != 2 or matrix.shape[1] != len(self.names) or not np.isfinite(matrix).all():
            raise ValueError(f"every row has {len(self.names)} weights")
        contrasts = matrix @ self.root
        lengths = np.linalg.norm(contrasts, axis=1, keepdims=True)
        values = np.linalg.svd(contrasts / np.where(lengths > 0, lengths, 1.0), compute_uv=False)
        if len(values) < len(matrix) or values[-1] <= _RANK_TOLERANCE * values[0]:
            raise ValueError("contrasts tested together are linearly independent")
        spread = matrix @ self._covariance(freedom) @ matrix.T
        if np.linalg.eigvalsh(spread)[0] <= 0.0:
            return NotEstimable("zero_variance")
        approximate = satterthwaite_scaled if freedom == "satterthwaite" else kenward_roger_scaled
        found = approximate(contrasts, self.slopes, self.parameter_covariance)
        if not (0.0 < found.denominator < inf and found.scale > 0.0):
            return NotEstimable("no_residual_freedom")
        effects = matrix @ self.coefficients
        statistic = found.scale * float(effects @ np.linalg.solve(spread, effects)) / len(matrix)
        return FTest(
            method=self._method(freedom),
            statistic=statistic,
            numerator=len(matrix),
            denominator=found.denominator,
            p_value=f_p(statistic, len(matrix), found.denominator),
            scale=found.scale,
            denominators=self.denominators,
        )

    def _covariance(self, freedom: Freedom) -> Floats:
        return self.covariance if self.adjusted is None else self.adjusted.get(freedom, self.covariance)

    def _method(self, freedom: Freedom) -> str:
        if freedom not in get_args(Freedom):
            raise ValueError(f"freedom is one of {', '.join(get_args(Freedom))}, not {freedom!r}")
        if self.adjusted is None and freedom != "satterthwaite":
            raise ValueError("Kenward & Roger's adjustment is defined for restricted likelihood only")
        return f"mmrm/{self.structure}/{freedom}"


def mmrm(
    outcome: npt.ArrayLike,
    X: npt.ArrayLike,
    subject: Labels,
    visit: Labels,
    *,
    names: Sequence[str] | None = None,
    visits: Sequence[Hashable] | None = None,
    structure: Structure = "us",
    reml: bool = True,
    level: float = 0.95,
) -> MixedModelFit | NotEstimable:
    """A mixed model for repeated measures by restricted or full maximum likelihood (Mallinckrodt et al. 2001).

    One row for every observation: its value, its row of the design, its patient, its visit. A visit a patient missed
    has no row; an empty value is refused. `visits` gives the order in time where sorting the labels would not.
    """
    check_level(level)
    if structure not in get_args(Structure):
        raise ValueError(f"structure is one of {', '.join(get_args(Structure))}, not {structure!r}")
    columns = np.shape(X)[1] if np.ndim(X) == 2 else 1
    data = rows(outcome, X, subject, visit, labels(names, columns), visits)
    if isinstance(data, NotEstimable):
        return data
    ready = blocks(data)
    if isinstance(ready, NotEstimable):
        return ready
    wanted = family(structure, len(data.visits))
    if (unseen := wanted.unseen(ready.together)).any():
        return NotEstimable("visits_never_together", _pairs(data, unseen))
    best = optimum(ready, wanted, restricted=reml)
    return best if isinstance(best, NotEstimable) else _fit(data, ready, best, structure, level)


def _pairs(data: Rows, unseen: npt.NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(f"{data.visits[one]} & {data.visits[other]}" for one, other in np.argwhere(np.triu(unseen)))


def _fit(data: Rows, ready: Blocks, best: Optimum, structure: Structure, level: float) -> MixedModelFit:
    root, at, reml = ready.back @ best.at.root, best.at, best.at.restricted
    adjusted: dict[Freedom, Floats] | None = None
    if reml:
        inner = adjusted_roots(at, best.theta_covariance)
        full, linear = (read_only(root @ one @ root.T) for one in inner)
        adjusted = {"kenward_roger": full, "kenward_roger_linear": linear}
    return MixedModelFit(
        method=f"mmrm/{structure}" if reml else f"mmrm/{structure}/ml",
        structure=structure,
        reml=reml,
        names=data.names,
        visits=tuple(str(one) for one in data.visits),
        coefficients=read_only(ready.back @ at.coefficients),
        covariance=read_only(root @ root.T),
        adjusted=adjusted,
        visit_covariance=read_only(at.shape.matrix * ready.deviation**2),
        parameters=len(best.theta),
        log_likelihood=_log_likelihood(ready, best),
        level=level,
        denominators=(Denominator("subjects", data.subjects), Denominator("observations", ready.observations)),
        iterations=best.steps,
        root=read_only(root),
        slopes=read_only(at.coefficient_slopes()),
        parameter_covariance=read_only(best.theta_covariance),
    )


def _log_likelihood(ready: Blocks, best: Optimum) -> float:
    """With its constants, in the units of the outcome and of the design as they were given."""
    counted = ready.observations - (len(ready.back) if best.at.restricted else 0)
    volume = ready.log_volume if best.at.restricted else 0.0
    return -best.at.value - counted * (log(2.0 * pi) / 2.0 + log(ready.deviation)) - volume / 2.0
