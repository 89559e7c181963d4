"""How a trial fills: quantiles over simulated trials of how many have been randomised by each week."""

from math import ceil
from typing import Final

import numpy as np
import polars as pl

from equipoise.simulation.design.planning import Design
from equipoise.simulation.design.replay import replay

TRIALS: Final = 500
QUANTILES: Final = {"lowest": 0.05, "low": 0.25, "middle": 0.5, "high": 0.75, "highest": 0.95}
_POINTS: Final = 60  # weeks, at most, at which the course is told


def recruitment(design: Design, seed: int) -> pl.DataFrame:
    """A row for each of some weeks since recruitment began, to the one by which 95 of 100 trials are full.

    Without a rate of recruitment nobody knows when participants come, and there are no rows.
    """
    columns = {"DATA": pl.String, "week": pl.Float64} | dict.fromkeys(QUANTILES, pl.Float64)
    if not design.plan.entry.rates.size:
        return pl.DataFrame(schema=columns)
    entered = [np.sort(replay(design, seed, number).rows.entered) / 7.0 for number in range(TRIALS)]
    last = ceil(np.quantile([each[-1] for each in entered], QUANTILES["highest"]))
    weeks = np.arange(0.0, last + 1.0, max(1, ceil(last / _POINTS)))
    weeks = np.unique(np.append(weeks, float(last)))
    counts = np.array([np.searchsorted(each, weeks, side="right") for each in entered])
    found = np.quantile(counts, list(QUANTILES.values()), axis=0, method="inverted_cdf").astype(float)
    return pl.DataFrame(
        {"DATA": ["SIMULATED"] * weeks.size, "week": weeks, **dict(zip(QUANTILES, found, strict=True))}, schema=columns
    )
