"""What every patient adds to the score of a fitted Cox model, and the sandwich variance made of it."""

from collections.abc import Sequence

import numpy as np

from equipoise.statistics.numerics.newton import chosen
from equipoise.statistics.result import Floats, Integers, NotEstimable
from equipoise.statistics.survival.counting_kernels import score_residuals
from equipoise.statistics.survival.partial_likelihood import PartialLikelihood

# A sandwich this small beside the inverse information is rounding: every cluster's score is zero.
_NOTHING_LEFT = 1e-18
# Below this share, the clusters' scores leave some combination of coefficients without any variance.
_DEPENDENT = 1e-12


def score_contributions(likelihood: PartialLikelihood, beta: Floats) -> Floats:
    """The score residual of every row, in the order of the sorted data: events seen less events expected (Lin & Wei).

    With Efron's ties the dying count as leaving one after another, each averaged over all orders.
    """
    data, table = likelihood.data, likelihood.events(beta)
    predictor = likelihood.X @ beta
    weights = np.exp(predictor - predictor.max())
    found: Floats = score_residuals(
        likelihood.start,
        data.time,
        data.event,
        data.stratum,
        likelihood.X,
        weights,
        table.place,
        table.mean,
        table.hazard,
        table.own,
    )
    return found


def sandwich(contributions: Floats, clusters: Integers, model: Floats, names: Sequence[str]) -> Floats | NotEstimable:
    """V (Σ uu′) V over the clusters' summed scores u, with V the inverse information and no small-sample factor."""
    _, codes = np.unique(clusters, return_inverse=True)
    count = int(codes.max()) + 1
    if count <= contributions.shape[1]:
        return NotEstimable("too_few_clusters")
    scores = np.column_stack([np.bincount(codes, weights=column, minlength=count) for column in contributions.T])
    influence = scores @ model
    robust = influence.T @ influence
    nothing = np.diag(robust) <= _NOTHING_LEFT * np.diag(model)
    if nothing.any():
        return NotEstimable("zero_variance", chosen(names, nothing))
    scale = np.sqrt(np.diag(robust))
    if np.linalg.eigvalsh(robust / np.outer(scale, scale))[0] <= _DEPENDENT:
        return NotEstimable("too_few_clusters")
    return np.asarray(robust)
