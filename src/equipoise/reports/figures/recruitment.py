"""The course of recruitment in simulated trials: bands that hold half and nine tenths of them, the target, its date."""

from datetime import date, timedelta

import polars as pl

from equipoise.reports.axes import Plot, Scale, plain, round_ticks
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import ACCENT, SOFT, Drawing, Point
from equipoise.reports.figures.figure import Figure

_WIDTH, _LEFT, _TOP, _HEIGHT, _RIGHT = 880.0, 56.0, 16.0, 260.0, 30.0
_BANDS = (("lowest", "highest", 0.16), ("low", "high", 0.26))


def recruitment_fan(id_: str, course: pl.DataFrame, target: int, start: date | None, words: Words) -> Figure:
    """The figure. `course` has a row for each week with the quantiles of how many have been randomised by then."""
    title, weeks = words("design_recruitment"), course["week"].to_list()
    across, up = round_ticks(0.0, max(weeks[-1], 1.0), 8), round_ticks(0.0, float(target))
    plot = Plot(
        Scale(0.0, across[-1], _LEFT, _WIDTH - _RIGHT), Scale(0.0, max(up[-1], target * 1.08), _TOP + _HEIGHT, _TOP)
    )
    drawing = Drawing(_WIDTH, _TOP + _HEIGHT + 46, title)
    plot.horizontal_grid(drawing, up, plain)
    plot.bottom(drawing, across, plain, words("design_weeks"))
    for below, above, opacity in _BANDS:
        high, low = _through(plot, course, above), _through(plot, course, below)
        drawing.area([*high, *reversed(low)], colour=ACCENT, opacity=opacity)
    drawing.path(_through(plot, course, "middle"), colour=ACCENT)
    drawing.line((plot.x.start, plot.y(target)), (plot.x.end, plot.y(target)), colour=SOFT, dash="6 3")
    drawing.text((plot.x.start + 6, plot.y(target) - 5), words("design_target", target=target))
    drawing.text((plot.x.end, plot.y.start - 8), _filled(course, target, start, words), anchor="end")
    return Figure(id_, title, words("design_recruitment_caption"), drawing.svg(), course.drop("DATA"))


def _through(plot: Plot, course: pl.DataFrame, name: str) -> list[Point]:
    """The places of a quantile, week by week."""
    return [(plot.x(week), plot.y(count)) for week, count in zip(course["week"], course[name], strict=True)]


def _filled(course: pl.DataFrame, target: int, start: date | None, words: Words) -> str:
    """By when half of the trials are full, and nine of ten fast or slow ones."""
    reached = [_week(course, name, target) for name in ("highest", "middle", "lowest")]
    told = [plain(week) if start is None else f"{start + timedelta(weeks=week):%Y-%m}" for week in reached]
    return words("design_full", first=told[0], middle=told[1], last=told[2])


def _week(course: pl.DataFrame, name: str, target: int) -> float:
    """The first week told by which a quantile has reached the target, or else the last week."""
    full = course.filter(pl.col(name) >= target)["week"]
    return float(full[0] if full.len() else course["week"][-1])
