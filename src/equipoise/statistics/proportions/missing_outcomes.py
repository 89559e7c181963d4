"""Missing binary outcomes: how bad the missing ones must have been to tip the result."""

from dataclasses import dataclass

from equipoise.statistics.proportions.score_intervals import risk_difference_score
from equipoise.statistics.proportions.two_by_two import TwoByTwo
from equipoise.statistics.result import Estimate, NotEstimable


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
