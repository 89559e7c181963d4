"""The generalised Cochran–Mantel–Haenszel tests of several tables with any numbers of groups and responses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.distributions import chi_square_p
from equipoise.statistics.result import Denominator, Floats, HypothesisTest, NotEstimable

# Below this share of the largest singular value a direction of the covariance holds no variation.
_RANK_TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralisedMantelHaenszel:
    """The three tests of no association, from the most special alternative to the most general one.

    `why` says which of them could not be made; those are None.
    """

    method: str
    correlation: HypothesisTest | None  # a trend: groups and responses both ordered
    row_means: HypothesisTest | None  # mean scores differ: responses ordered
    general: HypothesisTest | None  # any difference: neither ordered
    why: NotEstimable | None = None


def generalised_mantel_haenszel(
    tables: npt.ArrayLike,
    *,
    row_scores: Sequence[float] | None = None,
    column_scores: Sequence[float] | None = None,
    groups: Sequence[str] | None = None,
) -> GeneralisedMantelHaenszel | NotEstimable:
    """The Cochran–Mantel–Haenszel statistics for stratified tables (Landis, Heyman & Koch 1978).

    `tables` holds counts by stratum, group (row) and response (column); one table may come without its stratum. Scores
    are 1, 2, 3 … unless given. Strata of fewer than two patients hold nothing and are left out.
    """
    counts = np.asarray(tables, dtype=np.float64)
    counts = counts[np.newaxis] if counts.ndim == 2 else counts
    if counts.ndim != 3 or min(counts.shape[1:]) < 2 or not (counts >= 0).all() or (counts != np.floor(counts)).any():
        raise ValueError("tables hold counts by stratum, group and response, two of each at least")
    rows, columns = _scores(row_scores, counts.shape[1]), _scores(column_scores, counts.shape[2])
    names = tuple(str(k + 1) for k in range(counts.shape[1])) if groups is None else tuple(groups)
    if len(names) != counts.shape[1]:
        raise ValueError(f"{len(names)} names for {counts.shape[1]} groups")
    kept = counts[counts.sum(axis=(1, 2)) > 1]
    if not len(kept):
        return NotEstimable("no_subjects" if not counts.sum() else "too_few_subjects")
    denominators = tuple(Denominator(name, int(n)) for name, n in zip(names, kept.sum(axis=(0, 2)), strict=True))
    first, one = np.eye(len(rows))[:-1], np.eye(len(columns))[:-1]
    found = {
        name: _test(f"cmh/{name}", kept, left, right, denominators)
        for name, left, right in (
            ("correlation", rows[np.newaxis], columns[np.newaxis]),
            ("row_means", first, columns[np.newaxis]),
            ("general", first, one),
        )
    }
    missing = tuple(name for name, test in found.items() if test is None)
    if len(missing) == len(found):
        return NotEstimable("zero_variance")
    return GeneralisedMantelHaenszel(
        method="cmh/generalised", why=NotEstimable("zero_variance", missing) if missing else None, **found
    )


def _test(
    method: str, tables: Floats, left: Floats, right: Floats, counts: tuple[Denominator, ...]
) -> HypothesisTest | None:
    """The quadratic form of the summed departures, in the contrasts `left` of groups and `right` of responses."""
    contrast = np.kron(left, right)
    departure, covariance = np.zeros(len(contrast)), np.zeros((len(contrast), len(contrast)))
    for table in tables:
        n = table.sum()
        groups, responses = table.sum(axis=1) / n, table.sum(axis=0) / n
        departure += contrast @ (table - n * np.outer(groups, responses)).ravel()
        spread = np.kron(_spread(groups), _spread(responses)) * n * n / (n - 1.0)
        covariance += contrast @ spread @ contrast.T
    scale = np.sqrt(np.diag(covariance))
    if not (scale > 0).any():
        return None
    scale[scale == 0] = 1.0
    vectors, values, _ = np.linalg.svd(covariance / np.outer(scale, scale), hermitian=True)
    rank = int((values > _RANK_TOLERANCE * values[0]).sum())
    statistic = float((((departure / scale) @ vectors[:, :rank]) ** 2 / values[:rank]).sum())
    return HypothesisTest(
        method=method,
        statistic=statistic,
        degrees_of_freedom=rank,
        p_value=chi_square_p(statistic, rank),
        denominators=counts,
    )


def _spread(shares: Floats) -> Floats:
    return np.asarray(np.diag(shares) - np.outer(shares, shares))


def _scores(scores: Sequence[float] | None, length: int) -> Floats:
    found = np.arange(1.0, length + 1.0) if scores is None else np.asarray(scores, dtype=np.float64)
    if found.shape != (length,) or not np.isfinite(found).all():
        raise ValueError(f"{length} finite scores are needed")
    # Scores only matter up to their origin and unit.
    unit = np.ptp(found)
    return np.asarray((found - found.mean()) / unit if unit > 0 else np.zeros(length))
