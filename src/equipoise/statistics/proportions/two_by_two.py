"""The fourfold table of a two-arm trial, its orientation fixed by name, and the chi-square test on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.statistics.numerics.distributions import chi_square_p
from equipoise.statistics.result import Denominator, HypothesisTest, NotEstimable


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoByTwo:
    """Events and totals of a treatment arm and a reference arm: rows are arms, never outcomes.

    Every difference is treatment minus reference and every ratio treatment over reference, so that
    risk ratio × reference risk = treatment risk. A table whose rows are outcomes cannot be written down here.
    """

    treatment_events: int
    treatment_total: int
    reference_events: int
    reference_total: int
    treatment: str = "treatment"
    reference: str = "reference"

    def __post_init__(self) -> None:
        for events, total in (
            (self.treatment_events, self.treatment_total),
            (self.reference_events, self.reference_total),
        ):
            if not 0 <= events <= total or events != int(events) or total != int(total):
                raise ValueError(f"{events} events among {total} patients is not a count")

    @property
    def total(self) -> int:
        """The patients of both arms."""
        return self.treatment_total + self.reference_total

    @property
    def events(self) -> int:
        """The events of both arms."""
        return self.treatment_events + self.reference_events

    @property
    def risks(self) -> tuple[float, float]:
        """The observed risks, treatment first; both arms must have patients."""
        return self.treatment_events / self.treatment_total, self.reference_events / self.reference_total

    @property
    def denominators(self) -> tuple[Denominator, Denominator]:
        """The counts to print beside a number, treatment first."""
        return (
            Denominator(self.treatment, self.treatment_total, self.treatment_events),
            Denominator(self.reference, self.reference_total, self.reference_events),
        )

    @property
    def empty(self) -> NotEstimable | None:
        """The arms without patients, if any, as the named outcome."""
        names = tuple(arm.name for arm in self.denominators if arm.total == 0)
        return NotEstimable("empty_arm", names) if names else None

    @property
    def one_sided(self) -> NotEstimable | None:
        """The named outcome when nobody or everybody had the event."""
        if self.events == 0:
            return NotEstimable("no_events")
        return NotEstimable("only_events") if self.events == self.total else None


def as_strata(tables: TwoByTwo | Sequence[TwoByTwo]) -> tuple[TwoByTwo, ...] | NotEstimable:
    """The strata in which both arms have patients; the others hold no comparison."""
    given = (tables,) if isinstance(tables, TwoByTwo) else tuple(tables)
    if not given:
        return NotEstimable("no_subjects")
    kept = tuple(table for table in given if table.empty is None)
    return kept or given[0].empty or NotEstimable("empty_arm")


def pooled_counts(tables: Sequence[TwoByTwo]) -> tuple[Denominator, Denominator]:
    """The counts of both arms summed over the strata."""
    first = tables[0]
    return (
        Denominator(first.treatment, sum(t.treatment_total for t in tables), sum(t.treatment_events for t in tables)),
        Denominator(first.reference, sum(t.reference_total for t in tables), sum(t.reference_events for t in tables)),
    )


def chi_square(table: TwoByTwo, *, continuity: bool = False) -> HypothesisTest | NotEstimable:
    """Pearson's chi-square test of equal risks (Pearson 1900), with Yates's correction on request (Yates 1934).

    The correction takes ½ off each |observed − expected|, or all of it where it is smaller.
    """
    if (problem := table.empty or table.one_sided) is not None:
        return problem
    expected = table.events * table.treatment_total / table.total
    distance = abs(table.treatment_events - expected)
    if continuity:
        distance -= min(0.5, distance)
    spread = expected * (table.total - table.events) * table.reference_total / table.total**2
    statistic = distance**2 / spread
    return HypothesisTest(
        method="chi_square/yates" if continuity else "chi_square",
        statistic=statistic,
        degrees_of_freedom=1,
        p_value=chi_square_p(statistic, 1),
        denominators=table.denominators,
    )
