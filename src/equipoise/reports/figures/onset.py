"""When the first adverse event of special interest began: its cumulative incidence in each arm."""

from collections.abc import Sequence

from equipoise.analysis import Analysis
from equipoise.analysis.onset import ANY, first_times, onset_curve
from equipoise.analysis.safety import safety_set
from equipoise.reports.axes import Plot, Scale, percent, plain, round_ticks
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import Drawing
from equipoise.reports.figures.figure import Figure, Look, frame, looks
from equipoise.statistics import SurvivalCurve

_WIDTH, _TOP, _PLOT, _LEFT, _RIGHT = 880.0, 34.0, 230.0, 130.0, 30.0


def onset_curves(analysis: Analysis, words: Words) -> Figure:
    """The share of each arm that has had an event of special interest, by week since the first dose."""
    arms, cohort = looks(analysis, words), analysis.cohort
    people = analysis.sets[safety_set(cohort).id].of(cohort)
    times = first_times(cohort, analysis.events, people, ANY)
    level = 1.0 - float(analysis.protocol.analysis.alpha)
    found = {arm: onset_curve(times, arm, level) for arm in arms}
    curves = {arm: curve for arm, curve in found.items() if isinstance(curve, SurvivalCurve)}
    end = max([1.0, *(float(curve.times[-1]) / 7 for curve in curves.values())])
    highest = max((1 - float(curve.survival[-1]) for curve in curves.values()), default=0.1)
    ticks, weeks = round_ticks(0.0, highest or 0.1), _weeks(end)
    foot = _TOP + _PLOT
    plot = Plot(Scale(0, end, _LEFT, _WIDTH - _RIGHT), Scale(0, ticks[-1], foot, _TOP))
    drawing = Drawing(_WIDTH, foot + 78 + 17 * len(arms), words("onset"))
    plot.horizontal_grid(drawing, ticks, percent)
    plot.bottom(drawing, weeks, plain, words("onset_weeks"))
    for place, (arm, look) in enumerate(arms.items()):
        drawing.path([(_LEFT + 190 * place, 14), (_LEFT + 34 + 190 * place, 14)], colour=look.colour, dash=look.dash)
        drawing.text((_LEFT + 42 + 190 * place, 18), look.label, size=12, colour=look.colour, bold=True)
        if arm in curves:
            _one(drawing, plot, curves[arm], look)
    drawing.text((_LEFT - 24, foot + 60), words("at_risk"), anchor="end", bold=True)
    for line, (arm, look) in enumerate(arms.items(), start=1):
        _at_risk(drawing, plot, curves.get(arm), look, weeks, foot + 58 + 17 * line)
    return Figure("onset", words("onset"), words("onset_caption"), drawing.svg(), frame(_data(curves)))


def _weeks(end: float) -> list[float]:
    step = next(step for step in (1, 2, 4, 8, 13, 26, 52, 104) if end / step <= 14)
    return [float(week) for week in range(0, int(end) + 1, step)]


def _one(drawing: Drawing, plot: Plot, curve: SurvivalCurve, look: Look) -> None:
    risen = (1.0 - curve.survival).tolist()
    points = [(plot.x(0), plot.y(0))]
    for time, value in zip(curve.times.tolist(), risen, strict=True):
        x = plot.x.within(time / 7)
        points += [(x, points[-1][1]), (x, plot.y(value))]
    drawing.path(points, colour=look.colour, dash=look.dash)
    for time, value, censored in zip(curve.times, risen, curve.censored, strict=True):
        if censored:
            x, y = plot.x.within(float(time) / 7), plot.y(value)
            drawing.line((x, y - 4), (x, y + 4), colour=look.colour, width=1.1)


def _at_risk(
    drawing: Drawing, plot: Plot, curve: SurvivalCurve | None, look: Look, weeks: Sequence[float], y: float
) -> None:
    drawing.text((_LEFT - 24, y), look.label, anchor="end", colour=look.colour)
    numbers = curve.numbers_at_risk([week * 7 for week in weeks]) if curve is not None else ()
    for week, number in zip(weeks, numbers, strict=False):
        drawing.text((plot.x(week), y), str(number), anchor="middle", colour=look.colour)


def _data(curves: dict[str, SurvivalCurve]) -> list[dict[str, object]]:
    return [
        {"arm": arm, "day": time, "at_risk": at, "events": events, "censored": censored, "risk": 1.0 - survival}
        for arm, curve in curves.items()
        for time, at, events, censored, survival in zip(
            *(getattr(curve, name).tolist() for name in ("times", "at_risk", "events", "censored", "survival")),
            strict=True,
        )
    ]
