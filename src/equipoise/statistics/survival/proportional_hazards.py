"""Cox's proportional hazards regression: ties after Efron, Breslow or exactly, late entry, robust variances."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.distributions import check_level, chi_square_p
from equipoise.statistics.numerics.newton import (
    Height,
    Maximum,
    covariates,
    labels,
    maximise,
    scaled,
    unusable,
    without_information,
)
from equipoise.statistics.numerics.ordering import Labels, Ordered, Strata, encoded, ordered
from equipoise.statistics.numerics.wald import wald_ratio
from equipoise.statistics.result import (
    Denominator,
    Estimate,
    Floats,
    HypothesisTest,
    Integers,
    NotEstimable,
    read_only,
)
from equipoise.statistics.survival.cox_residuals import sandwich, score_contributions
from equipoise.statistics.survival.partial_likelihood import (
    PartialLikelihood,
    Ties,
    late_entries,
    partial_likelihood,
    two_arm_likelihood,
)

Variance = Literal["model", "robust", "clustered"]


@dataclass(frozen=True, slots=True, eq=False)
class CoxFit:
    """A fitted proportional hazards model; arrays run in the order of `names`.

    `covariance` is the one the intervals and the Wald test use; `model_covariance` always is the inverse information.
    """

    method: str
    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    model_covariance: Floats
    log_likelihood_null: float
    log_likelihood: float
    wald: HypothesisTest
    score: HypothesisTest
    likelihood_ratio: HypothesisTest
    level: float
    denominators: tuple[Denominator, ...]
    iterations: int
    likelihood: PartialLikelihood = field(repr=False)
    deviation: Floats = field(repr=False)  # of the covariates: the likelihood sees them centred and scaled

    @property
    def standard_errors(self) -> Floats:
        """The square roots of the covariance's diagonal."""
        return read_only(np.sqrt(np.diag(self.covariance)))

    def hazard_ratio(self, name: str | None = None) -> Estimate:
        """The hazard ratio for one unit of a covariate (the first by default) with its Wald interval and test."""
        place = self.names.index(name) if name is not None else 0
        return wald_ratio(
            self.method,
            float(self.coefficients[place]),
            float(self.standard_errors[place]),
            level=self.level,
            denominators=self.denominators,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """What was asked for besides the data."""

    method: str
    names: tuple[str, ...]
    level: float
    clusters: Integers | None  # for each row in the order given; None for the inverse information


def cox(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    X: npt.ArrayLike,
    *,
    start: npt.ArrayLike | None = None,
    names: Sequence[str] | None = None,
    ties: Ties = "efron",
    strata: Strata | None = None,
    robust: bool = False,
    cluster: Labels | None = None,
    level: float = 0.95,
) -> CoxFit | NotEstimable:
    """Proportional hazards regression by partial likelihood (Cox 1972; ties: Efron 1977, Breslow 1974 or exact).

    X has one row per patient, or per interval (start, time] where `start` is given, and one column per covariate. With
    strata each stratum has its own baseline hazard. `robust` takes the sandwich variance of Lin & Wei 1989; `cluster`
    sums its parts over rows that belong together. A likelihood without a maximum (an arm without events) is named
    "monotone_likelihood" with the covariates that run away; the log-rank test remains defined there.
    """
    check_level(level)
    if ties not in get_args(Ties):
        raise ValueError(f"ties is one of {', '.join(get_args(Ties))}, not {ties!r}")
    if ties == "exact" and (robust or cluster is not None):
        raise ValueError("the exact likelihood has no sandwich variance: its score is no sum over patients")
    data = ordered(time, event, strata)
    if isinstance(data, NotEstimable):
        return data
    clusters = clusters_of(cluster, robust, data.time.size)
    if isinstance(clusters, NotEstimable):
        return clusters
    variance: Variance = "clustered" if cluster is not None else "robust" if robust else "model"
    matrix = covariates(X, data.time.size)
    asked = Request(method_of(strata is not None, ties, variance), labels(names, matrix.shape[1]), level, clusters)
    starts = late_entries(start, data)
    if isinstance(starts, NotEstimable):
        return starts
    return fitted(data, starts, matrix, ties, asked)


def method_of(stratified: bool, ties: Ties, variance: Variance) -> str:
    """The name of the method."""
    name = f"cox_stratified/{ties}" if stratified else f"cox/{ties}"
    return name if variance == "model" else f"{name}/{variance}"


def clusters_of(cluster: Labels | None, robust: bool, rows: int) -> Integers | NotEstimable | None:
    """The cluster of every row: the given one, or every row its own."""
    if cluster is None:
        return np.arange(rows) if robust else None
    coded = encoded(cluster, rows)
    return NotEstimable(coded.reason, ("cluster",)) if isinstance(coded, NotEstimable) else coded[1]


def fitted(data: Ordered, start: Floats | None, X: Floats, ties: Ties, asked: Request) -> CoxFit | NotEstimable:
    """The model fitted to checked and sorted data."""
    if (problem := unusable(X, asked.names)) is not None:
        return problem
    if not data.event.any():
        return NotEstimable("no_events")
    unit, _, deviation = scaled(np.take(X, data.order, axis=0))
    return _maximised(partial_likelihood(data, start, unit, ties), deviation, asked)


def fitted_to_two_arms(
    data: Ordered, second: npt.NDArray[np.bool_], table: Floats, ties: Ties, asked: Request
) -> CoxFit | NotEstimable:
    """The model with one covariate, whether a patient of the sorted data is in the second arm; both have patients."""
    if not data.event.any():
        return NotEstimable("no_events")
    return _maximised(*two_arm_likelihood(data, second, table, ties), asked)


def _maximised(likelihood: PartialLikelihood, deviation: Floats, asked: Request) -> CoxFit | NotEstimable:
    null = likelihood.at(np.zeros(len(asked.names)))
    if (problem := without_information(null[2], asked.names)) is not None:
        return problem
    maximum = maximise(likelihood.at, likelihood.extremes, np.zeros(len(asked.names)), asked.names, first=null)
    if isinstance(maximum, NotEstimable):
        return maximum
    return _fit(likelihood, null, maximum, deviation, asked)


def _covariances(
    likelihood: PartialLikelihood, maximum: Maximum, asked: Request
) -> tuple[Floats, Floats] | NotEstimable:
    """The covariance asked for and the inverse information, of the scaled coefficients."""
    model = np.asarray(np.linalg.inv(maximum.information))
    if asked.clusters is None:
        return model, model
    clusters = asked.clusters[likelihood.data.order]
    robust = sandwich(score_contributions(likelihood, maximum.beta), clusters, model, asked.names)
    return robust if isinstance(robust, NotEstimable) else (robust, model)


def _fit(
    likelihood: PartialLikelihood, null: Height, maximum: Maximum, deviation: Floats, asked: Request
) -> CoxFit | NotEstimable:
    covariances = _covariances(likelihood, maximum, asked)
    if isinstance(covariances, NotEstimable):
        return covariances
    counts = _counts(likelihood.data, asked.clusters)
    freedom, units = len(asked.names), np.outer(deviation, deviation)

    def tested(kind: str, statistic: float) -> HypothesisTest:
        return HypothesisTest(
            method=f"cox/{kind}",
            statistic=statistic,
            degrees_of_freedom=freedom,
            p_value=chi_square_p(statistic, freedom),
            denominators=counts,
        )

    return CoxFit(
        method=asked.method,
        names=asked.names,
        coefficients=read_only(maximum.beta / deviation),
        covariance=read_only(covariances[0] / units),
        model_covariance=read_only(covariances[1] / units),
        log_likelihood_null=null[0],
        log_likelihood=maximum.log_likelihood,
        wald=tested("wald", float(maximum.beta @ np.linalg.solve(covariances[0], maximum.beta))),
        score=tested("score", float(null[1] @ np.linalg.solve(null[2], null[1]))),
        likelihood_ratio=tested("likelihood_ratio", max(0.0, 2.0 * (maximum.log_likelihood - null[0]))),
        level=asked.level,
        denominators=counts,
        iterations=maximum.steps,
        likelihood=likelihood,
        deviation=read_only(deviation),
    )


def _counts(data: Ordered, clusters: Integers | None) -> tuple[Denominator, ...]:
    total = data.time.size if clusters is None else int(np.unique(clusters).size)
    return (Denominator("all", total, int(data.event.sum())),)
