"""The MaxCombo test: the largest of several weighted log-rank statistics, judged by their joint distribution."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from equipoise.statistics.numerics.normal_orthants import probability_outside
from equipoise.statistics.numerics.ordering import Labels, Strata, encoded, ordered
from equipoise.statistics.result import Denominator, Floats, NotEstimable, read_only
from equipoise.statistics.survival.event_times import two_group_table
from equipoise.statistics.survival.log_rank import counted

# As in the cross-pharma working group's proposal: proportional, late, early and middle differences.
FOUR_WEIGHTS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
# Variances this small beside the number of events are rounding.
_ROUNDING = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class MaxCombo:
    """A MaxCombo test of two groups; arrays run in the order of `weights`, z being signed for the second group.

    `p_value` is two-sided. `p_less` is one-sided for fewer events than expected in the second group, `p_greater` for
    more: each judges the largest statistic in its own direction.
    """

    method: str
    groups: tuple[Hashable, ...]
    weights: tuple[tuple[float, float], ...]  # (rho, gamma)
    z: Floats
    correlation: Floats
    statistic: float  # the largest |z|
    p_value: float
    p_less: float
    p_greater: float
    denominators: tuple[Denominator, ...]


def max_combo(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    group: Labels,
    strata: Strata | None = None,
    *,
    weights: Sequence[tuple[float, float]] = FOUR_WEIGHTS,
) -> MaxCombo | NotEstimable:
    """The largest of several Fleming–Harrington tests of two groups (Karrison 2016; Roychoudhury et al. 2021).

    `weights` are pairs (rho, gamma). The statistics share their tables, so their covariance is the sum of both weights
    times the hypergeometric variance; the p value is the multivariate normal chance of a larger maximum, right to
    about 1e-5. Weights under which no variance is left ((1 − S)^gamma at a single event time) are "zero_variance".
    """
    pairs = tuple((float(rho), float(gamma)) for rho, gamma in weights)
    if not pairs or not all(0 <= number < np.inf for pair in pairs for number in pair):
        raise ValueError("weights are pairs of finite rho and gamma, not negative")
    data = ordered(time, event, strata)
    if isinstance(data, NotEstimable):
        return data
    coded = encoded(group, data.time.size)
    if isinstance(coded, NotEstimable):
        return coded
    names, codes = coded
    if len(names) != 2:
        return NotEstimable("one_group") if len(names) < 2 else NotEstimable("more_than_two_groups")
    if not data.event.any():
        return NotEstimable("no_events")
    codes = codes[data.order]
    table = two_group_table(data, codes == 1)
    score, covariance = _scores(table, pairs)
    spread = np.sqrt(np.diag(covariance))
    if (spread**2 <= _ROUNDING * data.event.sum()).any():
        return NotEstimable("never_compared" if _variances(table).sum() == 0 else "zero_variance")
    z, correlation = score / spread, covariance / np.outer(spread, spread)
    largest = float(np.abs(z).max())
    return MaxCombo(
        method="max_combo_stratified" if strata is not None else "max_combo",
        groups=names,
        weights=pairs,
        z=read_only(z),
        correlation=read_only(correlation),
        statistic=largest,
        p_value=probability_outside(correlation, -largest, largest),
        p_less=probability_outside(correlation, float(z.min()), np.inf),
        p_greater=probability_outside(correlation, -np.inf, float(z.max())),
        denominators=counted(names, codes, data),
    )


def _variances(table: Floats) -> Floats:
    """The hypergeometric variance of the second group's events at every event time."""
    n, second, d = table[:, 0], table[:, 1], table[:, 2]
    return np.asarray(d * (second / n) * (1 - second / n) * (n - d) / np.maximum(n - 1, 1))


def _scores(table: Floats, pairs: tuple[tuple[float, float], ...]) -> tuple[Floats, Floats]:
    """Observed minus expected events of the second group under every weight, and their covariance."""
    before = _survival_before(table)
    weight = np.array([before**rho * (1 - before) ** gamma for rho, gamma in pairs])
    surplus = table[:, 3] - table[:, 2] * table[:, 1] / table[:, 0]
    return weight @ surplus, (weight * _variances(table)) @ weight.T


def _survival_before(table: Floats) -> Floats:
    """The pooled Kaplan–Meier estimate just before each event time, afresh in every stratum."""
    before = np.ones(table.shape[0])
    edges = [0, *(np.flatnonzero(np.diff(table[:, 4])) + 1).tolist(), table.shape[0]]
    for first, last in pairwise(edges):
        inside = table[first : last - 1]
        before[first + 1 : last] = np.cumprod(1 - inside[:, 2] / inside[:, 0])
    return before
