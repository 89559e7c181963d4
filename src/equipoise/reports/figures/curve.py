"""Kaplan–Meier curves with their limits, their censored participants, and the numbers still at risk."""

from collections.abc import Mapping

import numpy as np

from equipoise.analysis import Analysis
from equipoise.analysis.fit_survival import curve
from equipoise.protocol.schema import Estimand
from equipoise.reports.axes import percent
from equipoise.reports.catalogue import Words
from equipoise.reports.figures.figure import Figure, frame, looks
from equipoise.reports.figures.staircase import Rise, Steps, followed, staircase
from equipoise.statistics import SurvivalCurve

_RISE = Rise(begin=1.0, ticks=(0.0, 0.25, 0.5, 0.75, 1.0), label=percent, legend_at_foot=True)


def survival_curves(analysis: Analysis, estimand: Estimand, words: Words, test: str = "") -> Figure:
    """The proportion of each arm still free of the event, by week since randomisation."""
    question = analysis.question(estimand)
    arms = looks(analysis, words)
    curves = {arm: found for arm in arms if isinstance(found := curve(question, arm), SurvivalCurve)}
    steps = {arm: Steps(c.times, c.survival, c.lower, c.upper, c.censored) for arm, c in curves.items()}
    title = words("curve", label=words.of(question.endpoint.label))
    drawing = staircase(title, steps, followed(analysis.results, estimand.id), _RISE, arms, words)
    caption = words("curve_caption", level=f"{question.level * 100:g}", test=test).strip()
    return Figure(f"curve_{estimand.id}", title, caption, drawing.svg(), frame(_data(curves)))


def _data(curves: Mapping[str, SurvivalCurve]) -> list[dict[str, object]]:
    columns = ("times", "at_risk", "events", "censored", "survival", "lower", "upper")
    return [
        {"arm": arm, **{name: finite(getattr(found, name)[row]) for name in columns}}
        for arm, found in curves.items()
        for row in range(found.times.size)
    ]


def finite(value: float) -> float | None:
    """A number, or None where a limit is not defined."""
    return None if np.isnan(value) else float(value)
