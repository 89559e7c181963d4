"""Step functions of time with their limits, one for each arm, and below them how many are still followed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from equipoise.analysis import Results
from equipoise.analysis.over_time import DAYS_OF_A_WEEK
from equipoise.reports.axes import Plot, Scale, plain
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import Drawing, Point
from equipoise.reports.figures.figure import Look
from equipoise.statistics.result import Floats

_WIDTH, _TOP, _PLOT, _LEFT, _RIGHT = 880.0, 16.0, 330.0, 130.0, 30.0


class Steps(NamedTuple):
    """A step function: days, the value from each day on, its limits (NaN: none), and how many are censored on it."""

    days: Floats
    values: Floats
    lower: Floats
    upper: Floats
    censored: Floats


@dataclass(frozen=True, slots=True)
class Rise:
    """The axis of the values: where the functions begin, its ticks and how they are written, and the legend's place."""

    begin: float
    ticks: Sequence[float]
    label: Callable[[float], str]
    legend_at_foot: bool


Followed = Mapping[str, Sequence[tuple[int, int]]]


def followed(results: Results, analysis: str) -> Followed:
    """Of each arm, the weeks at which participants are counted and how many are followed in each."""
    found: dict[str, list[tuple[int, int]]] = {}
    for row in results.of(analysis, "at_risk"):
        if not row.variant:
            found.setdefault(row.arm, []).append((int(row.level), row.n or 0))
    return found


def staircase(
    title: str, steps: Mapping[str, Steps], counted: Followed, rise: Rise, arms: Mapping[str, Look], words: Words
) -> Drawing:
    """The functions by week since randomisation."""
    weeks = sorted({week for row in counted.values() for week, _ in row}) or [0]
    foot = _TOP + _PLOT
    end = max([weeks[-1], 1.0, *(float(found.days[-1]) / DAYS_OF_A_WEEK for found in steps.values())])
    scale = Scale(rise.ticks[0], rise.ticks[-1], foot, _TOP)
    plot = Plot(Scale(0, end, _LEFT, _WIDTH - _RIGHT), scale)
    drawing = Drawing(_WIDTH, foot + 78 + 17 * len(arms), title)
    plot.horizontal_grid(drawing, rise.ticks, rise.label)
    plot.bottom(drawing, [float(week) for week in weeks], plain, words("weeks"))
    for arm, found in steps.items():
        _one(drawing, plot, found, arms[arm], rise.begin)
    _legend(drawing, plot, [arms[arm] for arm in steps], at_foot=rise.legend_at_foot)
    _numbers(drawing, plot, counted, arms, foot + 62, words)
    return drawing


def _through(plot: Plot, days: Floats, values: Floats, begin: float) -> list[Point]:
    """A staircase from its beginning at day 0."""
    x, y = plot.x(0), plot.y(begin)
    points = [(x, y)]
    for day, value in zip(days.tolist(), values.tolist(), strict=True):
        x = plot.x.within(day / DAYS_OF_A_WEEK)
        points += [(x, y), (x, y := plot.y.within(value))]
    return points


def _one(drawing: Drawing, plot: Plot, found: Steps, look: Look, begin: float) -> None:
    known = ~np.isnan(found.lower) & ~np.isnan(found.upper)
    upper, lower = (_through(plot, found.days[known], limit[known], begin) for limit in (found.upper, found.lower))
    drawing.area([*upper, *reversed(lower)], colour=look.colour)
    drawing.path(_through(plot, found.days, found.values, begin), colour=look.colour, dash=look.dash)
    for day, value, censored in zip(found.days, found.values, found.censored, strict=True):
        if censored:
            x, y = plot.x.within(float(day) / DAYS_OF_A_WEEK), plot.y.within(float(value))
            drawing.line((x, y - 4), (x, y + 4), colour=look.colour, width=1.1)


def _legend(drawing: Drawing, plot: Plot, found: Sequence[Look], *, at_foot: bool) -> None:
    """Inside the plot at the left: at its foot or its top, wherever the functions rarely are."""
    for place, look in enumerate(found):
        y = plot.y.start - 16 - 18 * (len(found) - 1 - place) if at_foot else plot.y.end + 18 + 18 * place
        drawing.path([(plot.x.start + 12, y - 4), (plot.x.start + 46, y - 4)], colour=look.colour, dash=look.dash)
        drawing.text((plot.x.start + 54, y), look.label, size=12, colour=look.colour, bold=True)


def _numbers(drawing: Drawing, plot: Plot, counted: Followed, arms: Mapping[str, Look], y: float, words: Words) -> None:
    drawing.text((plot.x.start - 24, y - 2), words("at_risk"), anchor="end", bold=True)
    for place, (arm, look) in enumerate(arms.items()):
        line = y + 17 * (place + 1) - 4
        drawing.text((plot.x.start - 24, line), look.label, anchor="end", colour=look.colour)
        for week, number in counted.get(arm, ()):
            drawing.text((plot.x(week), line), str(number), anchor="middle", colour=look.colour)
