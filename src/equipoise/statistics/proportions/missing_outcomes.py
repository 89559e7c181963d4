"""Missing outcomes: pooling over multiple imputations, and how bad the missing ones must be to tip the result."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

from equipoise.statistics.numerics.distributions import t_p, t_quantile
from equipoise.statistics.proportions.score_intervals import risk_difference_score
from equipoise.statistics.proportions.two_by_two import TwoByTwo
from equipoise.statistics.result import Estimate, NotEstimable


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledEstimate:
    """An estimate over several imputed data sets, with what the imputation added to its variance."""

    method: str
    estimate: Estimate
    imputations: int
    within: float
    between: float
    total: float
    relative_increase: float  # of variance due to missing values
    variance_share: float  # of the total variance that is due to missing values (lambda)
    fraction_missing: float  # of the information
    degrees_of_freedom_large: float  # Rubin 1987, for large samples


@dataclass(frozen=True, slots=True, kw_only=True)
class TippingPoint:
    """The p value for every number of events among those whose outcome is missing.

    `p_values[i][j]` has i events among the missing of the treatment arm and j among those of the reference arm.
    """

    method: str
    p_values: tuple[tuple[float | None, ...], ...]
    differences: tuple[tuple[float, ...], ...]
    alpha: float

    @property
    def tipping(self) -> tuple[tuple[int, int], ...]:
        """The imputations after which the result is not significant any more (or, untouched, never was)."""
        return tuple(
            (i, j) for i, row in enumerate(self.p_values) for j, p in enumerate(row) if p is None or p > self.alpha
        )

    def first_tipping(self, reference_events: int = 0) -> int | None:
        """The fewest imputed treatment events with p above alpha, given those imputed in the reference arm."""
        found = [i for i, j in self.tipping if j == reference_events]
        return min(found) if found else None


def rubin_pool(
    estimates: Sequence[float],
    variances: Sequence[float],
    *,
    complete_degrees_of_freedom: float = inf,
    null: float = 0.0,
    level: float = 0.95,
) -> PooledEstimate | NotEstimable:
    """Rubin's rules (Rubin 1987), degrees of freedom for small samples by Barnard & Rubin 1999.

    One estimate and its variance for each imputed data set, on a scale where the estimate is about normal (a log
    ratio, not a ratio). `complete_degrees_of_freedom` are those the analysis would have without missing values.
    """
    m = len(estimates)
    if m != len(variances) or complete_degrees_of_freedom <= 0.0:
        raise ValueError("there is one variance for each estimate, and degrees of freedom are positive")
    t_quantile(level, 1.0)
    values = [*estimates, *variances]
    if any(value != value for value in values):
        return NotEstimable("missing_values")
    if any(abs(value) == inf for value in values):
        return NotEstimable("not_finite")
    if any(variance < 0.0 for variance in variances):
        raise ValueError("a variance is not negative")
    if m < 2:
        return NotEstimable("too_few_imputations")
    centre, within = sum(estimates) / m, sum(variances) / m
    between = sum((one - centre) ** 2 for one in estimates) / (m - 1)
    total = within + (1.0 + 1.0 / m) * between
    if within == 0.0:
        return NotEstimable("zero_variance")
    added = (1.0 + 1.0 / m) * between
    large = (m - 1) * (1.0 + within / added) ** 2 if added > 0.0 else inf
    freedom = _barnard_rubin(large, complete_degrees_of_freedom, added / total)
    riv = added / within
    return PooledEstimate(
        method="rubin",
        estimate=_pooled(centre, sqrt(total), freedom, null, level),
        imputations=m,
        within=within,
        between=between,
        total=total,
        relative_increase=riv,
        variance_share=added / total,
        fraction_missing=(riv + 2.0 / (freedom + 3.0)) / (riv + 1.0) if added > 0.0 else 0.0,
        degrees_of_freedom_large=large,
    )


def tipping_point_binary(
    table: TwoByTwo, *, treatment_missing: int, reference_missing: int, alpha: float = 0.05
) -> TippingPoint | NotEstimable:
    """Every way in which missing binary outcomes could have turned out, and the p value it gives (Yan et al. 2009).

    `table` holds those with an outcome. The test is the score test of no difference with N/(N − 1) (Miettinen &
    Nurminen 1985); where nobody or everybody has the event there is none and p is None.
    """
    if min(treatment_missing, reference_missing) < 0 or not 0.0 < alpha < 1.0:
        raise ValueError("numbers missing are counts, and alpha lies between 0 and 1")
    n1, n0 = table.treatment_total + treatment_missing, table.reference_total + reference_missing
    if n1 == 0 or n0 == 0:
        return NotEstimable("empty_arm", ("treatment",) if n1 == 0 else ("reference",))
    rows = []
    for i in range(treatment_missing + 1):
        completed = (
            TwoByTwo(
                treatment_events=table.treatment_events + i,
                treatment_total=n1,
                reference_events=table.reference_events + j,
                reference_total=n0,
            )
            for j in range(reference_missing + 1)
        )
        rows.append([_tested(one) for one in completed])
    return TippingPoint(
        method="tipping_point",
        p_values=tuple(tuple(p for p, _ in row) for row in rows),
        differences=tuple(tuple(difference for _, difference in row) for row in rows),
        alpha=alpha,
    )


def _tested(table: TwoByTwo) -> tuple[float | None, float]:
    treated, reference = table.risks
    found = risk_difference_score(table)
    return (found.p_value if isinstance(found, Estimate) else None), treated - reference


def _barnard_rubin(large: float, complete: float, share: float) -> float:
    if complete == inf:
        return large
    observed = (complete + 1.0) / (complete + 3.0) * complete * (1.0 - share)
    return 1.0 / (1.0 / large + 1.0 / observed)


def _pooled(centre: float, error: float, freedom: float, null: float, level: float) -> Estimate:
    # Beyond this many degrees of freedom t is the normal distribution to the last digit.
    used = min(freedom, 1e12)
    width = t_quantile(level, used) * error
    statistic = (centre - null) / error
    return Estimate(
        method="rubin",
        estimate=centre,
        standard_error=error,
        lower=centre - width,
        upper=centre + width,
        level=level,
        statistic=statistic,
        degrees_of_freedom=freedom,
        p_value=t_p(statistic, used),
    )
