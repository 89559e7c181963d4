"""Whether hazards are proportional: Schoenfeld residuals, and the score test against a coefficient that changes."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from equipoise.statistics.numerics.distributions import chi_square_p
from equipoise.statistics.numerics.newton import chosen
from equipoise.statistics.result import Floats, HypothesisTest, Integers, NotEstimable, read_only
from equipoise.statistics.survival.partial_likelihood import PartialLikelihood
from equipoise.statistics.survival.proportional_hazards import CoxFit

TimeScale = Literal["km", "identity", "log", "rank"]

# Below this share, what the changing coefficient adds to the information is rounding.
_NOTHING_ADDED = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class SchoenfeldResiduals:
    """One row for each event, by stratum and time: the patient's covariates less those expected in the risk set.

    `rows` are the positions in the data as given. `scaled` estimates the coefficient at that time (the fitted one plus
    the residual times the covariance times the number of events), ready to be plotted and smoothed.
    """

    names: tuple[str, ...]
    rows: Integers
    times: Floats
    residuals: Floats
    scaled: Floats


@dataclass(frozen=True, slots=True, eq=False)
class ProportionalHazardsTest:
    """A test of proportional hazards for every covariate, in the order of `names`, and for all of them at once."""

    method: str
    names: tuple[str, ...]
    tests: tuple[HypothesisTest, ...]
    overall: HypothesisTest


def schoenfeld_residuals(fit: CoxFit) -> SchoenfeldResiduals:
    """The residuals of a fit at each of its events (Schoenfeld 1982; scaled after Grambsch & Therneau 1994).

    With Efron's ties the expected covariates are the average over the tied events leaving one after another. ValueError
    for the exact likelihood, which expects a sum for all tied events and no covariate for each.
    """
    data, rows = fit.likelihood.data, np.flatnonzero(fit.likelihood.data.event)
    plain = _surprise(fit) * fit.deviation
    return SchoenfeldResiduals(
        names=fit.names,
        rows=data.order[rows],
        times=read_only(data.time[rows]),
        residuals=read_only(plain),
        scaled=read_only(rows.size * plain @ fit.model_covariance + fit.coefficients),
    )


def proportional_hazards_test(fit: CoxFit, *, transform: TimeScale = "km") -> ProportionalHazardsTest | NotEstimable:
    """The score test of β(t) = β + θ g(t) against θ = 0 (Grambsch & Therneau 1994), as in R's survival from 3.0 on.

    g is 1 − S(t−) of the pooled Kaplan–Meier curve ("km"), the time itself ("identity"), its logarithm or its rank. The
    information about θ is summed over the risk sets of all events; versions before 3.0 took its average, and differ.
    Not proof of proportionality when it is large: with few events it has little power.
    """
    if transform not in get_args(TimeScale):
        raise ValueError(f"transform is one of {', '.join(get_args(TimeScale))}, not {transform!r}")
    likelihood = fit.likelihood
    surprise = _surprise(fit)
    scale = _time_scale(likelihood, transform)
    if not np.isfinite(scale).all():
        return NotEstimable("not_finite", ("time",))
    table = likelihood.events(fit.coefficients * fit.deviation)
    scale = scale - scale.mean()
    at_place = np.searchsorted(np.flatnonzero(likelihood.data.event), table.place)
    moments = [np.einsum("t,tab->ab", scale[at_place] ** power, table.information) for power in (0, 1, 2)]
    return _tested(fit, scale @ surprise, moments, f"proportional_hazards/{transform}")


def _surprise(fit: CoxFit) -> Floats:
    """Covariates of every event less those expected, in the likelihood's units."""
    likelihood = fit.likelihood
    if likelihood.ties == "exact":
        raise ValueError("the exact likelihood has no residual for each event: fit with Efron's or Breslow's ties")
    table = likelihood.events(fit.coefficients * fit.deviation)
    rows = np.flatnonzero(likelihood.data.event)
    expected = table.mean[np.searchsorted(table.place, rows, side="right") - 1]
    return np.asarray(likelihood.X[rows] - expected)


def _time_scale(likelihood: PartialLikelihood, transform: TimeScale) -> Floats:
    """g at every event, in the order of the rows."""
    time, happened = likelihood.data.time, likelihood.data.event
    moments = time[happened]
    if transform == "identity":
        return moments
    if transform == "log":
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(moments))
    ordered = np.sort(time)
    below, up_to = np.searchsorted(ordered, moments, "left"), np.searchsorted(ordered, moments, "right")
    if transform == "rank":
        return np.asarray((below + up_to + 1) / 2.0)
    distinct, deaths = np.unique(moments, return_counts=True)
    late = np.searchsorted(np.sort(likelihood.start), distinct, "left")
    at_risk = late - np.searchsorted(ordered, distinct, "left")
    before = np.concatenate(([1.0], np.cumprod(1.0 - deaths / at_risk)))
    return 1.0 - before[np.searchsorted(distinct, moments)]


def _tested(fit: CoxFit, score: Floats, moments: list[Floats], method: str) -> ProportionalHazardsTest | NotEstimable:
    """θ's score and its information, what the information about β explains taken out."""
    plain, mixed, square = moments
    added = square - mixed @ np.linalg.solve(plain, mixed)
    flat = np.diag(added) <= _NOTHING_ADDED * np.diag(plain)
    if flat.any():
        return NotEstimable("zero_variance", chosen(fit.names, flat))
    values, vectors = np.linalg.eigh(added)
    if values[0] <= _NOTHING_ADDED * values[-1]:
        return NotEstimable("collinear", chosen(fit.names, np.abs(vectors[:, 0]) > 1e-3))

    def test(statistic: float, freedom: int) -> HypothesisTest:
        return HypothesisTest(
            method=method,
            statistic=statistic,
            degrees_of_freedom=freedom,
            p_value=chi_square_p(statistic, freedom),
            denominators=fit.denominators,
        )

    single = [test(float(u * u / v), 1) for u, v in zip(score, np.diag(added), strict=True)]
    return ProportionalHazardsTest(
        method, fit.names, tuple(single), test(float(score @ np.linalg.solve(added, score)), len(fit.names))
    )
