"""Mean cumulative functions: how many episodes a participant has had by each week, and how many are still followed."""

from collections.abc import Mapping

import numpy as np

from equipoise.analysis import Analysis
from equipoise.analysis.fit_counts import mean_function
from equipoise.protocol.schema import Estimand
from equipoise.reports.axes import plain, round_ticks
from equipoise.reports.catalogue import Words
from equipoise.reports.figures.curve import finite
from equipoise.reports.figures.figure import Figure, frame, looks
from equipoise.reports.figures.staircase import Rise, Steps, followed, staircase
from equipoise.statistics import MeanCumulativeFunction

Functions = Mapping[str, MeanCumulativeFunction]


def mean_functions(analysis: Analysis, estimand: Estimand, words: Words) -> Figure:
    """The mean number of episodes in each arm, by week since randomisation."""
    question = analysis.question(estimand)
    arms = looks(analysis, words)
    found = {arm: f for arm in arms if isinstance(f := mean_function(question, arm), MeanCumulativeFunction)}
    steps = {arm: _steps(each) for arm, each in found.items()}
    highest = max((np.nanmax([each.values.max(), *each.upper]) for each in steps.values()), default=1.0)
    rise = Rise(begin=0.0, ticks=round_ticks(0.0, float(highest) or 1.0), label=plain, legend_at_foot=False)
    title = words("mean_function", label=words.of(question.endpoint.label))
    drawing = staircase(title, steps, followed(analysis.results, estimand.id), rise, arms, words)
    caption = words("mean_function_caption", level=f"{question.level * 100:g}")
    sizes = {arm: len(question.in_arm(arm)) for arm in found}
    return Figure(f"curve_{estimand.id}", title, caption, drawing.svg(), frame(_data(found, sizes)))


def _steps(found: MeanCumulativeFunction) -> Steps:
    """The function from day 0 on, through to the end of follow-up."""
    ends = np.append(found.times, found.stops[-1])
    values, lower, upper = (np.append(each, each[-1:] if each.size else 0.0) for each in (
        found.mean, found.lower, found.upper))  # fmt: skip
    return Steps(ends, values, lower, upper, np.zeros(ends.size))


def _data(found: Functions, sizes: Mapping[str, int]) -> list[dict[str, object]]:
    """A row for day 0, when everybody begins, and one for each day with an episode."""
    columns = ("times", "at_risk", "events", "mean", "lower", "upper")
    rows: list[dict[str, object]] = []
    for arm, each in found.items():
        rows.append({"arm": arm, "times": 0.0, "at_risk": float(sizes[arm]), "events": 0.0, "mean": 0.0})
        rows += [
            {"arm": arm, **{name: finite(getattr(each, name)[row]) for name in columns}}
            for row in range(each.times.size)
        ]
    return rows
