"""What is kept of many trials: sums, whose size does not depend on how many trials there are."""

from dataclasses import dataclass

import numpy as np

from equipoise.simulation.design.analysis_kernels import FACTS, RESULTS
from equipoise.simulation.design.plan import Floats

# Of each analysis: how many estimates there are, their sums, and in how many trials something is so.
KEPT = (
    "estimated", "estimate", "estimate_squared", "variance", "variance_squared", "bounded", "width", "covered",
    "tested", "rejected", "rejected_below",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sums over trials: facts and their squares (2 × facts), and what is kept of each analysis (analyses × KEPT).

    After the facts of every trial stands what else a design tells.
    """

    trials: int
    facts: Floats
    analyses: Floats

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.trials + other.trials, self.facts + other.facts, self.analyses + other.analyses)

    def of(self, analysis: int, name: str) -> float:
        """One sum of an analysis."""
        return float(self.analyses[analysis, KEPT.index(name)])


def nothing(analyses: int, told: int = 0) -> Sums:
    """The sums over no trials; `told` is how much a design tells beside the facts of every trial."""
    return Sums(0, np.zeros((2, len(FACTS) + told)), np.zeros((analyses, len(KEPT))))


def summed(lines: Floats, truths: Floats) -> Sums:
    """The sums over the lines of some trials (see `room`), whose estimates should be `truths`."""
    ends = [len(FACTS), len(FACTS) + truths.size * len(RESULTS)]
    first, middle, last = np.split(lines, ends, axis=1)
    facts, results = np.hstack([first, last]), middle.reshape(-1, truths.size, len(RESULTS))
    analyses = np.array([_analysis(results[:, place], truth) for place, truth in enumerate(truths.tolist())])
    return Sums(lines.shape[0], np.array([facts.sum(axis=0), (facts * facts).sum(axis=0)]), analyses)


def _analysis(results: Floats, truth: float) -> list[float]:
    estimate, error, lower, upper, statistic, rejected = results.T
    known, bounded = ~np.isnan(estimate), ~np.isnan(lower)
    there, variance = estimate[known], (error * error)[~np.isnan(error)]
    return [
        known.sum(), there.sum(), (there * there).sum(), variance.sum(), (variance * variance).sum(),
        bounded.sum(), (upper - lower)[bounded].sum(), ((lower <= truth) & (truth <= upper)).sum(),
        (~np.isnan(statistic)).sum(), rejected.sum(), (rejected[known] * (there < 0.0)).sum(),
    ]  # fmt: skip
