"""Operating characteristics of a design, each with its Monte-Carlo standard error.

Names and formulas are those of Morris, White & Crowther, Statistics in Medicine 2019;38:2074, table 6. A test that
cannot be computed in a trial has not rejected anything; an estimate that cannot be computed is left out, and the share
of trials that have one stands beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isnan, nan, sqrt
from typing import Final

from equipoise.simulation.design.analysis_kernels import FACTS
from equipoise.simulation.design.plan import Floats
from equipoise.simulation.design.planning import Design
from equipoise.simulation.design.sums import KEPT, Sums


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One operating characteristic; `error` is its Monte-Carlo standard error. None where there is no value."""

    analysis: str  # "" for what is told of the trial as a whole
    variant: str
    name: str
    value: float | None
    error: float | None


def characteristics(design: Design, truths: Floats, sums: Sums) -> tuple[Characteristic, ...]:
    """Everything that the sums over some trials say of a design."""
    found = [*_facts(design, sums)]
    for place, asked in enumerate(design.analyses):
        for name, value, error in _of_analysis(place, float(truths[place]), sums):
            found.append(Characteristic(asked.estimand.id, asked.variant, name, _known(value), _known(error)))
    return tuple(found)


def _known(value: float) -> float | None:
    return None if isnan(value) else float(value)


# What is averaged of the facts of a trial, and under which name; the weeks only where participants come in time.
_AVERAGED: Final = {
    "weeks": "duration_weeks", "treated": "treated", "reference": "reference", "treated_events": "treated_with_event",
    "reference_events": "reference_with_event", "treated_unknown": "treated_unknown",
    "reference_unknown": "reference_unknown", "treated_onsets": "treated_onsets",
    "reference_onsets": "reference_onsets", "imbalance": "imbalance", "guessed": "correct_guess",
}  # fmt: skip


def _facts(design: Design, sums: Sums) -> Iterator[Characteristic]:
    for place, fact in enumerate(FACTS):
        value, error = _mean(sums.trials, sums.facts[0, place], sums.facts[1, place])
        if fact == "weeks" and not design.plan.entry.rates.size:
            value = error = nan
        yield Characteristic("", "", _AVERAGED[fact], _known(value), _known(error))
    for place, each in enumerate(design.told, start=len(FACTS)):
        value, error = _mean(sums.trials, sums.facts[0, place], sums.facts[1, place])
        yield Characteristic(each.analysis, each.variant, each.name, _known(value), _known(error))


def _of_analysis(place: int, truth: float, sums: Sums) -> Iterator[tuple[str, float, float]]:
    kept = dict(zip(KEPT, sums.analyses[place].tolist(), strict=True))
    n, trials = kept["estimated"], sums.trials
    mean, bias_error = _mean(n, kept["estimate"], kept["estimate_squared"])
    spread = bias_error * sqrt(n) if n else nan
    yield "rejected", *_share(kept["rejected"], trials)
    yield "rejected_below", *_share(kept["rejected_below"], trials)
    yield "truth", truth, nan
    yield "mean_estimate", mean, bias_error
    yield "bias", mean - truth, nan if isnan(truth) else bias_error
    yield "coverage", *(_share(kept["covered"], kept["bounded"]) if not isnan(truth) else (nan, nan))
    yield "empirical_error", spread, spread / sqrt(2.0 * (n - 1.0)) if n > 1 else nan
    yield "model_error", *_model_error(kept)
    yield "interval_width", kept["width"] / kept["bounded"] if kept["bounded"] else nan, nan
    yield "estimated", *_share(n, trials)
    yield "tested", *_share(kept["tested"], trials)


def _mean(n: float, total: float, squares: float) -> tuple[float, float]:
    """A mean and its standard error."""
    if n < 1:
        return nan, nan
    mean = total / n
    return mean, sqrt(max(squares - n * mean * mean, 0.0) / (n - 1.0) / n) if n > 1 else nan


def _share(count: float, of: float) -> tuple[float, float]:
    """A share and its standard error."""
    share = count / of if of else nan
    return share, sqrt(share * (1.0 - share) / of) if of else nan


def _model_error(kept: dict[str, float]) -> tuple[float, float]:
    """The root of the mean of the squared standard errors."""
    n = kept["estimated"]
    variance, error = _mean(n, kept["variance"], kept["variance_squared"])
    root = sqrt(variance) if variance > 0.0 else nan
    return root, error / (2.0 * root)


def largest_error(sums: Sums) -> float:
    """The largest Monte-Carlo error of the share of trials that reject, over all analyses.

    Two trials that reject and two that do not are thought in addition (Agresti & Coull 1998), so that a test which has
    not rejected yet is not taken for one that never will.
    """
    if sums.trials == 0:
        return inf
    shares = ((sums.of(place, "rejected") + 2.0) / (sums.trials + 4.0) for place in range(sums.analyses.shape[0]))
    return max(sqrt(share * (1.0 - share) / sums.trials) for share in shares)
