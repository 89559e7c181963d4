"""Shares of simulated trials: that reject or run out of stock, over an assumption; that have stopped, by look."""

from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.reports.axes import Plot, Scale, percent, plain, round_ticks
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import ARMS, DASHES, MARKERS, SOFT, Drawing, shortened
from equipoise.reports.figures.figure import Figure, frame

_WIDTH, _LEFT, _TOP, _HEIGHT, _ROW = 880.0, 56.0, 12.0, 300.0, 18.0
_Z, _QUARTER = 1.96, 0.25


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the figure: its name, and points (assumption, share, Monte-Carlo error) from left to right."""

    label: str
    points: tuple[tuple[float, float, float], ...]


def rejection_figure(
    id_: str, label: str, axis: str, lines: Sequence[Line], alpha: float, words: Words, *, marked: float | None = None
) -> Figure:
    """The figure; `axis` says what is assumed along the bottom, `marked` is one value of it that is asked about."""
    title = words("design_figure", label=label)
    values = [x for line in lines for x, _, _ in line.points]
    drawing, plot = _paper(title, axis, round_ticks(min(values), max(values)), lines)
    drawing.line((plot.x.start, plot.y(alpha)), (plot.x.end, plot.y(alpha)), colour=SOFT, dash="2 3")
    if marked is not None:
        drawing.line((plot.x(marked), plot.y.start), (plot.x(marked), plot.y.end), colour=SOFT)
    return _figure(id_, title, words("design_figure_caption"), drawing, plot, lines)


def stock_figure(id_: str, axis: str, lines: Sequence[Line], words: Words) -> Figure:
    """In how many trials an infusion is missed because a site is out of stock; `axis` is assumed along the bottom."""
    values = [x for line in lines for x, _, _ in line.points]
    drawing, plot = _paper(words("design_stock"), axis, round_ticks(min(values), max(values)), lines)
    return _figure(id_, words("design_stock"), words("design_shares_caption"), drawing, plot, lines)


def crossing_figure(id_: str, label: str, lines: Sequence[Line], words: Words) -> Figure:
    """How many trials have stopped by each look, with a line for each reason and design."""
    title = words("design_crossing", label=label)
    looks = max(x for line in lines for x, _, _ in line.points)
    drawing, plot = _paper(title, words("design_look"), [float(look) for look in range(int(looks) + 1)], lines)
    return _figure(id_, title, words("design_crossing_caption"), drawing, plot, lines)


def _paper(title: str, axis: str, ticks: Sequence[float], lines: Sequence[Line]) -> tuple[Drawing, Plot]:
    """An empty figure of shares, up to a quarter where none is greater, with room below for the names of the lines."""
    small = all(y + _Z * error <= _QUARTER for line in lines for _, y, error in line.points)
    high = _QUARTER if small else 1.0
    plot = Plot(Scale(ticks[0], ticks[-1], _LEFT, _WIDTH - 30), Scale(0.0, high, _TOP + _HEIGHT, _TOP))
    names = sum(bool(line.label) for line in lines)
    drawing = Drawing(_WIDTH, _TOP + _HEIGHT + 50 + _ROW * ((names + 1) // 2), title)
    plot.horizontal_grid(drawing, [round(high * place / 5, 2) for place in range(6)], percent)
    plot.bottom(drawing, ticks, plain, axis)
    return drawing, plot


def _figure(id_: str, title: str, caption: str, drawing: Drawing, plot: Plot, lines: Sequence[Line]) -> Figure:
    for place, line in enumerate(lines):
        _draw(drawing, plot, line, place)
    data = [
        {"line": line.label, "at": x, "share": y, "monte_carlo_error": error}
        for line in lines
        for x, y, error in line.points
    ]
    return Figure(id_, title, caption, drawing.svg(), frame(data))


def _draw(drawing: Drawing, plot: Plot, line: Line, place: int) -> None:
    """A line with its points and errors, and its name below."""
    turn = place + place // len(ARMS)  # the sixth line has the first colour and another dash
    colour, dash, marker = ARMS[place % len(ARMS)], DASHES[turn % len(DASHES)], MARKERS[turn % len(MARKERS)]
    upper = [(plot.x(x), plot.y.within(y + _Z * error)) for x, y, error in line.points]
    lower = [(plot.x(x), plot.y.within(y - _Z * error)) for x, y, error in line.points]
    drawing.area([*upper, *reversed(lower)], colour=colour, opacity=0.2)
    places = [(plot.x(x), plot.y(y)) for x, y, _ in line.points]
    drawing.path(places, colour=colour, dash=dash, width=1.6)
    for at, high, low in zip(places, upper, lower, strict=True):
        drawing.line(high, low, colour=colour, width=1.2)
        drawing.marker(at, marker, colour=colour, size=3.4)
    if not line.label:
        return
    row, column = divmod(place, 2)
    x, y = _LEFT + column * (_WIDTH - _LEFT) / 2, _TOP + _HEIGHT + 56 + _ROW * row
    drawing.path([(x, y - 4), (x + 34, y - 4)], colour=colour, dash=dash)
    drawing.marker((x + 17, y - 4), marker, colour=colour)
    drawing.text((x + 42, y), shortened(line.label, (_WIDTH - _LEFT) / 2 - 50), colour=colour, bold=True)
