"""The analysis results dataset: one row per statistic at full precision, and nothing is printed that is not in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property

import polars as pl

from equipoise.statistics import Estimate, NotEstimable


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One number of the analysis: of what, in which arm, against which reference, by which method, on how many.

    `estimate` None is not estimable, and `why` says why. `variant` is "" for the main analysis. `n` of `N`: patients
    with the event, or analysed, of those in the denominator.
    """

    analysis: str  # an estimand's id, or "flow", "baseline", "exposure", "adverse_events", …
    statistic: str
    variable: str = ""
    level: str = ""
    variant: str = ""
    arm: str = ""
    reference: str = ""
    estimate: float | None = None
    standard_error: float | None = None
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    method: str = ""
    n: int | None = None
    N: int | None = None
    why: NotEstimable | None = None


def filled(place: Statistic, result: Estimate | NotEstimable) -> Statistic:
    """A statistic with what a method gave back: its numbers, or why there are none."""
    if isinstance(result, NotEstimable):
        return replace(place, why=result)
    return replace(
        place, estimate=result.estimate, standard_error=result.standard_error, lower=result.lower, upper=result.upper,
        p=result.p_value, method=result.method, why=result.why,
    )  # fmt: skip


Key = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, eq=False)
class Results:
    """The statistics in the order they were made, and a way to look one up."""

    rows: tuple[Statistic, ...]

    @cached_property
    def _index(self) -> dict[Key, Statistic]:
        index: dict[Key, Statistic] = {}
        for row in self.rows:
            key = (row.analysis, row.statistic, row.variable, row.level, row.variant, row.arm)
            if key in index:
                raise ValueError(f"two results for {key}")
            index[key] = row
        return index

    def get(
        self, analysis: str, statistic: str, *, variable: str = "", level: str = "", variant: str = "", arm: str = ""
    ) -> Statistic | None:
        """The one statistic of that name, or None."""
        return self._index.get((analysis, statistic, variable, level, variant, arm))

    def count(self, analysis: str, statistic: str, *, variable: str = "", level: str = "", arm: str = "") -> int:
        """A count; zero where nothing was counted."""
        found = self.get(analysis, statistic, variable=variable, level=level, arm=arm)
        return 0 if found is None or found.n is None else found.n

    def of(self, analysis: str, statistic: str = "") -> Iterator[Statistic]:
        """The statistics of an analysis, or those of one name in it, in order."""
        return iter(self._by_name.get((analysis, statistic), ()))

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[Statistic]]:
        """The statistics of each analysis, under "" all of them."""
        found: dict[tuple[str, str], list[Statistic]] = {}
        for row in self.rows:
            for name in {"", row.statistic}:
                found.setdefault((row.analysis, name), []).append(row)
        return found

    def frame(self) -> pl.DataFrame:
        """The dataset as a frame, one row per statistic."""
        names = [field.name for field in fields(Statistic) if field.name != "why"]
        columns: dict[str, list[object]] = {name: [getattr(row, name) for row in self.rows] for name in names}
        columns["why"] = [row.why.words() if row.why is not None else "" for row in self.rows]
        return pl.DataFrame(columns, schema_overrides=_TYPES, strict=False)


_TYPES = {
    **dict.fromkeys(("estimate", "standard_error", "lower", "upper", "p"), pl.Float64()),
    **dict.fromkeys(("n", "N"), pl.Int64()),
}


def results(rows: Iterable[Statistic]) -> Results:
    """The dataset of these statistics. Raises ValueError where two of them claim the same place."""
    made = Results(tuple(rows))
    made.get("", "")
    return made
