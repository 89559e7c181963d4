"""The share of simulated trials that reject, over one assumption, with a line for each combination of the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.reports.axes import Plot, Scale, percent, plain, round_ticks
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import ARMS, DASHES, MARKERS, SOFT, Drawing, shortened
from equipoise.reports.figures.figure import Figure, frame

_WIDTH, _LEFT, _TOP, _HEIGHT, _ROW = 880.0, 56.0, 12.0, 300.0, 18.0
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the figure: its name, and points (assumption, share, Monte-Carlo error) from left to right."""

    label: str
    points: tuple[tuple[float, float, float], ...]


def rejection_figure(id_: str, label: str, axis: str, lines: Sequence[Line], alpha: float, words: Words) -> Figure:
    """The figure; `axis` says what is assumed along the bottom."""
    title = words("design_figure", label=label)
    values = [x for line in lines for x, _, _ in line.points]
    ticks = round_ticks(min(values), max(values))
    plot = Plot(Scale(ticks[0], ticks[-1], _LEFT, _WIDTH - 30), Scale(0.0, 1.0, _TOP + _HEIGHT, _TOP))
    drawing = Drawing(_WIDTH, _TOP + _HEIGHT + 50 + _ROW * ((len(lines) + 1) // 2), title)
    plot.horizontal_grid(drawing, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0], percent)
    plot.bottom(drawing, ticks, plain, axis)
    drawing.line((plot.x.start, plot.y(alpha)), (plot.x.end, plot.y(alpha)), colour=SOFT, dash="2 3")
    for place, line in enumerate(lines):
        _draw(drawing, plot, line, place)
    data = [
        {"line": line.label, "assumed": x, "rejected": y, "monte_carlo_error": error}
        for line in lines
        for x, y, error in line.points
    ]
    return Figure(id_, title, words("design_figure_caption"), drawing.svg(), frame(data))


def _draw(drawing: Drawing, plot: Plot, line: Line, place: int) -> None:
    """A line with its points and errors, and its name below."""
    turn = place + place // len(ARMS)  # the sixth line has the first colour and another dash
    colour, dash, marker = ARMS[place % len(ARMS)], DASHES[turn % len(DASHES)], MARKERS[turn % len(MARKERS)]
    places = [(plot.x(x), plot.y(y)) for x, y, _ in line.points]
    drawing.path(places, colour=colour, dash=dash)
    for at, (_, y, error) in zip(places, line.points, strict=True):
        ends = plot.y.within(y - _Z * error), plot.y.within(y + _Z * error)
        drawing.line((at[0], ends[0]), (at[0], ends[1]), colour=colour, width=1.4)
        drawing.marker(at, marker, colour=colour)
    row, column = divmod(place, 2)
    x, y = _LEFT + column * (_WIDTH - _LEFT) / 2, _TOP + _HEIGHT + 56 + _ROW * row
    drawing.path([(x, y - 4), (x + 34, y - 4)], colour=colour, dash=dash)
    drawing.marker((x + 17, y - 4), marker, colour=colour)
    drawing.text((x + 42, y), shortened(line.label, (_WIDTH - _LEFT) / 2 - 50), colour=colour, bold=True)
