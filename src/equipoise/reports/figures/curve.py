"""Kaplan–Meier curves with their limits, their censored participants, and the numbers still at risk."""

from collections.abc import Mapping, Sequence

import numpy as np

from equipoise.analysis import Analysis
from equipoise.analysis.fit_survival import curve
from equipoise.analysis.question import Question
from equipoise.protocol.schema import Estimand
from equipoise.reports.axes import Plot, Scale, percent, plain
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import Drawing, Point
from equipoise.reports.figures.figure import Figure, Look, frame, looks
from equipoise.statistics import SurvivalCurve

_WIDTH, _TOP, _PLOT, _LEFT, _RIGHT = 880.0, 16.0, 330.0, 130.0, 30.0
Curves = Mapping[str, SurvivalCurve]


def survival_curves(analysis: Analysis, estimand: Estimand, words: Words, test: str = "") -> Figure:
    """The proportion of each arm still free of the event, by week since randomisation."""
    question = analysis.question(estimand)
    arms = looks(analysis, words)
    curves = {arm: found for arm in arms if isinstance(found := curve(question, arm), SurvivalCurve)}
    weeks = _weeks(analysis, question, curves)
    foot = _TOP + _PLOT
    end = max([weeks[-1], 1.0, *(float(found.times[-1]) / 7 for found in curves.values())])
    plot = Plot(Scale(0, end, _LEFT, _WIDTH - _RIGHT), Scale(0, 1, foot, _TOP))
    title = words("curve", label=words.of(question.endpoint.label))
    drawing = Drawing(_WIDTH, foot + 78 + 17 * len(arms), title)
    plot.horizontal_grid(drawing, [0, 0.25, 0.5, 0.75, 1.0], percent)
    plot.bottom(drawing, weeks, plain, words("weeks"))
    for arm, found in curves.items():
        _one(drawing, plot, found, arms[arm])
    _labels(drawing, plot, curves, arms)
    _at_risk(drawing, plot, curves, arms, weeks, foot + 62, words)
    level = f"{question.level * 100:g}"
    caption = words("curve_caption", level=level, test=test).strip()
    return Figure(f"curve_{estimand.id}", title, caption, drawing.svg(), frame(_data(curves)))


def _weeks(analysis: Analysis, question: Question, curves: Curves) -> list[float]:
    """Ticks on a grid of weeks that reaches the end of the endpoint's time, or of follow-up if that is later."""
    last = analysis.protocol.visit_by_id[question.endpoint.through].week
    end = max([float(last), *(float(found.times[-1]) / 7 for found in curves.values())])
    step = next(step for step in (1, 2, 4, 8, 13, 26, 52) if end / step <= 14)
    return [float(week) for week in range(0, int(end) + step, step) if week <= end + 0.5]


def _steps(plot: Plot, times: Sequence[float], values: Sequence[float]) -> list[Point]:
    """A staircase from 1 at day 0."""
    x, y = plot.x(0), plot.y(1)
    points = [(x, y)]
    for time, value in zip(times, values, strict=True):
        x = plot.x.within(time / 7)
        points += [(x, y), (x, y := plot.y(value))]
    return points


def _one(drawing: Drawing, plot: Plot, found: SurvivalCurve, look: Look) -> None:
    known = ~np.isnan(found.lower) & ~np.isnan(found.upper)
    times = found.times[known]
    upper = _steps(plot, times.tolist(), found.upper[known].tolist())
    lower = _steps(plot, times.tolist(), found.lower[known].tolist())
    drawing.area([*upper, *reversed(lower)], colour=look.colour)
    drawing.path(_steps(plot, found.times.tolist(), found.survival.tolist()), colour=look.colour, dash=look.dash)
    for time, value, censored in zip(found.times, found.survival, found.censored, strict=True):
        if censored:
            x, y = plot.x.within(float(time) / 7), plot.y(float(value))
            drawing.line((x, y - 4), (x, y + 4), colour=look.colour, width=1.1)


def _labels(drawing: Drawing, plot: Plot, curves: Curves, arms: Mapping[str, Look]) -> None:
    """A legend inside the plot at the bottom left, where the curves of a trial rarely are."""
    for place, arm in enumerate(curves):
        y = plot.y.start - 16 - 18 * (len(curves) - 1 - place)
        look = arms[arm]
        drawing.path([(plot.x.start + 12, y - 4), (plot.x.start + 46, y - 4)], colour=look.colour, dash=look.dash)
        drawing.text((plot.x.start + 54, y), look.label, size=12, colour=look.colour, bold=True)


def _at_risk(
    drawing: Drawing, plot: Plot, curves: Curves, arms: Mapping[str, Look], weeks: Sequence[float], y: float,
    words: Words,
) -> None:  # fmt: skip
    drawing.text((plot.x.start - 24, y - 2), words("at_risk"), anchor="end", bold=True)
    for place, (arm, look) in enumerate(arms.items()):
        line = y + 17 * (place + 1) - 4
        drawing.text((plot.x.start - 24, line), look.label, anchor="end", colour=look.colour)
        numbers = curves[arm].numbers_at_risk([week * 7 for week in weeks]) if arm in curves else ()
        for week, number in zip(weeks, numbers, strict=False):
            drawing.text((plot.x(week), line), str(number), anchor="middle", colour=look.colour)


def _data(curves: Curves) -> list[dict[str, object]]:
    columns = ("times", "at_risk", "events", "censored", "survival", "lower", "upper")
    return [
        {"arm": arm, **{name: _finite(getattr(found, name)[row]) for name in columns}}
        for arm, found in curves.items()
        for row in range(found.times.size)
    ]


def _finite(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
