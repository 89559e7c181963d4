"""The description of one variable: how many, how many missing, where the values lie and how far they spread."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

import numpy as np

from equipoise.items.missing import Missing
from equipoise.statistics.result import Floats, NotEstimable

QuartileDefinition = Literal[2, 6, 7]
Number = int | float | Decimal

_NUMPY_NAMES: Final[dict[int, Literal["averaged_inverted_cdf", "weibull", "linear"]]] = {
    2: "averaged_inverted_cdf",
    6: "weibull",
    7: "linear",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a baseline table prints of a variable. None: not defined for so few values; `why` says so."""

    method: str  # "describe/type_7": the definition of the quartiles
    n: int
    missing: int
    mean: float | None = None
    standard_deviation: float | None = None  # divisor n − 1
    lower_quartile: float | None = None
    median: float | None = None
    upper_quartile: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    why: NotEstimable | None = None


def describe(
    values: Sequence[Number | Missing | None] | Floats, *, definition: QuartileDefinition = 7
) -> Description | NotEstimable:
    """Count, mean, standard deviation, quartiles and range; None, NaN and declared missing values are counted apart.

    Quartiles follow the numbering of Hyndman & Fan 1996: 7 is the default of R and of spreadsheets, 2 that of SAS
    (PCTLDEF=5), 6 that of SPSS and Minitab.
    """
    if definition not in _NUMPY_NAMES:
        raise ValueError(f"the quartile definition is one of 2, 6 and 7, not {definition}")
    numbers = np.array([np.nan if v is None or isinstance(v, Missing) else float(v) for v in values], dtype=np.float64)
    known = numbers[~np.isnan(numbers)]
    if np.isinf(known).any():
        return NotEstimable("not_finite")
    method, missing = f"describe/type_{definition}", int(numbers.size - known.size)
    if known.size == 0:
        return Description(method=method, n=0, missing=missing, why=NotEstimable("no_subjects"))
    quartiles = np.quantile(known, [0.25, 0.5, 0.75], method=_NUMPY_NAMES[definition])
    lower, median, upper = (float(quartile) for quartile in quartiles)
    return Description(
        method=method,
        n=int(known.size),
        missing=missing,
        mean=float(known.mean()),
        standard_deviation=_deviation(known),
        lower_quartile=lower,
        median=median,
        upper_quartile=upper,
        minimum=float(known.min()),
        maximum=float(known.max()),
        why=None if known.size > 1 else NotEstimable("too_few_subjects"),
    )


def _deviation(known: Floats) -> float | None:
    """The sample standard deviation; exactly zero when all values are equal, undefined for one value."""
    if known.size < 2:
        return None
    return 0.0 if known.min() == known.max() else float(known.std(ddof=1))
