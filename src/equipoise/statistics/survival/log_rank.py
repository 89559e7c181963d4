"""The log-rank test and its weighted relatives, for two or more groups, stratified or not."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.distributions import chi_square_p
from equipoise.statistics.numerics.ordering import Labels, Ordered, Strata, encoded, ordered
from equipoise.statistics.result import Denominator, Floats, Integers, NotEstimable, read_only
from equipoise.statistics.survival.event_times import two_group_table
from equipoise.statistics.survival.survival_kernels import logrank_sums, two_group_logrank

# Below this share of the largest one, or of the events, an eigenvalue of the covariance is rounding.
_RANK_TOLERANCE = 1e-10
_ROUNDING = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class LogRank:
    """A log-rank test: observed and expected events per group, in the order of `groups`, and the chi-square."""

    method: str
    groups: tuple[Hashable, ...]
    observed: Floats  # weighted when rho or gamma is not 0
    expected: Floats
    variance: Floats  # covariance of observed − expected
    statistic: float
    degrees_of_freedom: int
    p_value: float
    denominators: tuple[Denominator, ...]

    @property
    def z(self) -> float | None:
        """With two groups, the signed root for the second one: negative when it has fewer events than expected."""
        if len(self.groups) != 2:
            return None
        return float((self.observed[1] - self.expected[1]) / np.sqrt(self.variance[1, 1]))


def logrank(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    group: Labels,
    strata: Strata | None = None,
    *,
    rho: float = 0.0,
    gamma: float = 0.0,
) -> LogRank | NotEstimable:
    """The k-sample log-rank test with the hypergeometric variance at ties (Mantel 1966; Peto & Peto 1972).

    With strata (one factor, or several by name: every combination of levels is one), observed, expected and variance
    are summed over the strata. Each event time weighs S(t−)^rho (1 − S(t−))^gamma, S pooled within the stratum: the
    G-rho family (Harrington & Fleming 1982) and its extension (Fleming & Harrington 1991). Both 0 is the log-rank
    test; rho stresses early differences, gamma late ones.
    """
    if not 0 <= rho < np.inf or not 0 <= gamma < np.inf:
        raise ValueError(f"rho and gamma are finite and not negative, unlike {rho} and {gamma}")
    data = ordered(time, event, strata)
    if isinstance(data, NotEstimable):
        return data
    coded = encoded(group, data.time.size)
    if isinstance(coded, NotEstimable):
        return coded
    (names, codes), weights = coded, (float(rho), float(gamma))
    if len(names) < 2:
        return NotEstimable("one_group")
    codes = codes[data.order]
    counts = counted(names, codes, data)
    if len(names) == 2:
        table = two_group_table(data, codes == 1)
        return of_two_groups(table, counts, names, weights, strata is not None)
    if not data.event.any():
        return NotEstimable("no_events")
    sums = logrank_sums(data.time, data.event, codes, data.stratum, len(names), *weights)
    return _tested(sums, counts, names, weights, strata is not None)


def of_two_groups(
    table: Floats,
    counts: tuple[Denominator, ...],
    names: tuple[Hashable, ...],
    weights: tuple[float, float],
    stratified: bool,
) -> LogRank | NotEstimable:
    """The test from the table of two groups' event times and the counts of each; `weights` are rho and gamma."""
    if table.shape[0] == 0:
        return NotEstimable("no_events")
    return _tested(two_group_logrank(table, *weights), counts, names, weights, stratified)


def _tested(
    sums: tuple[Floats, Floats, Floats],
    counts: tuple[Denominator, ...],
    names: tuple[Hashable, ...],
    weights: tuple[float, float],
    stratified: bool,
) -> LogRank | NotEstimable:
    observed, expected, variance = sums
    solved = quadratic(observed, expected, variance)
    if isinstance(solved, NotEstimable):
        return solved
    statistic, freedom = solved
    return LogRank(
        method=_method(weights, stratified),
        groups=names,
        observed=read_only(observed),
        expected=read_only(expected),
        variance=read_only(variance),
        statistic=statistic,
        degrees_of_freedom=freedom,
        p_value=chi_square_p(statistic, freedom),
        denominators=counts,
    )


def _method(weights: tuple[float, float], stratified: bool) -> str:
    name = "fleming_harrington" if any(weights) else "logrank"
    return f"{name}_stratified" if stratified else name


def quadratic(observed: Floats, expected: Floats, variance: Floats) -> tuple[float, int] | NotEstimable:
    """(O − E)' V⁻ (O − E) over the groups that were ever at risk at an event."""
    met = expected > 0
    freedom = int(met.sum()) - 1
    if freedom < 1:
        return NotEstimable("never_compared")
    values, vectors = np.linalg.eigh(variance[np.ix_(met, met)])
    kept = values > max(_RANK_TOLERANCE * float(values[-1]), _ROUNDING * float(expected.sum()))
    # The covariance of k groups met together has rank k − 1: the differences sum to zero.
    if int(kept.sum()) < freedom:
        return NotEstimable("never_compared")
    scores = vectors.T @ (observed - expected)[met]
    return float((scores[kept] ** 2 / values[kept]).sum()), freedom


def counted(names: tuple[Hashable, ...], codes: Integers, data: Ordered) -> tuple[Denominator, ...]:
    """How many patients and events each group has."""
    counts = np.bincount(2 * codes + data.event, minlength=2 * len(names)).reshape(-1, 2).tolist()
    return tuple(Denominator(str(name), n + d, d) for name, (n, d) in zip(names, counts, strict=True))
