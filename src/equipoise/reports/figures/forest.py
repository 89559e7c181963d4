"""Estimates with their intervals, one below the other, beside the counts they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import exp, log

from equipoise.reports.axes import Plot, Scale, plain, round_ticks
from equipoise.reports.drawing import ACCENT, INK, SOFT, WASH, Drawing, shortened, wrapped
from equipoise.reports.figures.figure import Figure, frame

_WIDTH, _ROW, _LABEL, _EDGE = 880.0, 23.0, 14.0, 866.0
_PLOT, _BESIDE = 385.0, 250.0  # where the plot begins, and where the columns of counts do if there are any
_COLUMN, _LAST = 72.0, 52.0  # the width of a column of counts, and of the last column
_NUMBERS, _SHORT = 181.0, 152.0  # the width of the estimates in figures, without and with columns of counts
_RATIOS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@dataclass(frozen=True, slots=True)
class Line:
    """One estimate with its limits, or a heading, or words where nothing could be estimated.

    `cells` are the counts in the columns before the plot, `last` what stands at the right edge.
    """

    label: str
    numbers: str = ""
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    main: bool = False
    heading: bool = False
    bound: bool = False
    cells: tuple[str, ...] = ()
    last: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a forest is laid out: for ratios or differences, and the heads of the columns beside the plot."""

    ratio: bool = False
    columns: tuple[str, ...] = ()
    effect: str = ""
    last: str = ""

    @property
    def left(self) -> float:
        """Where the plot begins."""
        return _BESIDE + _COLUMN * len(self.columns) if self.columns else _PLOT

    @property
    def right(self) -> float:
        """Where the plot ends, and the numbers begin."""
        return _EDGE - (_SHORT if self.columns else _NUMBERS) - (_LAST if self.last else 0.0)

    @property
    def top(self) -> float:
        """Where the first line begins: below the heads of the columns, if there are any."""
        return 14.0 + 15.0 * max((len(self.lines_of(head)) for head in self.columns), default=0)

    def lines_of(self, head: str) -> list[str]:
        """The head of a column of counts in the lines it needs."""
        return wrapped(head, _COLUMN - 6, 11)

    def column(self, place: int) -> float:
        """Where a column of counts ends."""
        return self.left - 24.0 - _COLUMN * (len(self.columns) - 1 - place)

    def on_axis(self, value: float) -> float:
        """A value on the scale of the axis: ratios by their logarithm."""
        return log(min(max(value, _RATIOS[0]), _RATIOS[-1])) if self.ratio else value


def forest(
    id_: str, title: str, axis: str, lines: Sequence[Line], ends: tuple[str, str], caption: str = "",
    shape: Shape = Shape(),
) -> Figure:  # fmt: skip
    """A forest of differences around zero or ratios around one; `ends` say what lies to the left and to the right."""
    ticks = _ticks(shape, lines)
    foot = shape.top + _ROW * len(lines)
    low, high = shape.on_axis(ticks[0]), shape.on_axis(ticks[-1])
    plot = Plot(Scale(low, high, shape.left, shape.right), Scale(0, 1, foot, shape.top - 4))
    drawing = Drawing(_WIDTH, foot + 62, title)
    _heads(drawing, shape)
    for place, line in enumerate(lines):
        _line(drawing, plot, shape, line, shape.top + _ROW * (place + 0.5))
    none = plot.x(shape.on_axis(1.0 if shape.ratio else 0.0))
    drawing.line((none, shape.top - 4), (none, foot), colour=SOFT, dash="3 3")
    plot.bottom(drawing, [shape.on_axis(tick) for tick in ticks], lambda value: _tick(shape, value))
    drawing.text((shape.left, foot + 34), f"← {ends[0]}")
    drawing.text((shape.right, foot + 34), f"{ends[1]} →", anchor="end")
    drawing.text(((shape.left + shape.right) / 2, foot + 52), axis, anchor="middle")
    data = [
        {"label": x.label, "estimate": x.estimate, "lower": x.lower, "upper": x.upper} for x in lines if not x.heading
    ]
    return Figure(id_, title, caption, drawing.svg(), frame(data))


def _ticks(shape: Shape, lines: Sequence[Line]) -> list[float]:
    found = chain.from_iterable((line.estimate, line.lower, line.upper) for line in lines)
    values = [value for value in found if value is not None and abs(value) < 1e6]
    if not shape.ratio:
        return round_ticks(min([0.0, *values]), max([0.0, *values]), about=6)
    low, high = min([0.9, *values]), max([1.1, *values])
    first = max((place for place, tick in enumerate(_RATIOS) if tick <= low), default=0)
    last = min((place for place, tick in enumerate(_RATIOS) if tick >= high), default=len(_RATIOS) - 1)
    return list(_RATIOS[first : last + 1])


def _tick(shape: Shape, value: float) -> str:
    return plain(round(exp(value), 6) if shape.ratio else value)


def _heads(drawing: Drawing, shape: Shape) -> None:
    for place, head in enumerate(shape.columns):
        lines = shape.lines_of(head)
        for up, words in enumerate(reversed(lines)):
            drawing.text((shape.column(place), shape.top - 10 - 14 * up), words, anchor="end", bold=True)
    if shape.columns:
        edge = _EDGE - (_LAST if shape.last else 0.0)
        drawing.text((edge, shape.top - 10), shape.effect, anchor="end", bold=True)
        drawing.text((_EDGE, shape.top - 10), shape.last, anchor="end", bold=True)


def _line(drawing: Drawing, plot: Plot, shape: Shape, line: Line, y: float) -> None:
    ink = INK if line.main else SOFT
    if line.heading:
        drawing.rect((0, y - _ROW / 2), _WIDTH, _ROW, fill=WASH)
        room = _EDGE - _LABEL - (_LAST + 20 if line.last else 0.0)
        drawing.text((_LABEL, y + 4), shortened(line.label, room, 12), size=12, colour=INK, bold=True)
        drawing.text((_EDGE, y + 4), line.last, size=12, anchor="end", colour=INK)
        return
    room = shape.left - _LABEL - 32 - _COLUMN * len(shape.columns)
    drawing.text((_LABEL + 8, y + 4), shortened(line.label, room, 12), size=12, colour=ink, bold=line.main)
    for place, cell in enumerate(line.cells):
        drawing.text((shape.column(place), y + 4), cell, size=12, anchor="end", colour=ink)
    edge = _EDGE - (_LAST if shape.last else 0.0)
    drawing.text((edge, y + 4), shortened(line.numbers, edge - shape.right - 8, 12), size=12, anchor="end", colour=ink)
    drawing.text((_EDGE, y + 4), line.last, size=12, anchor="end", colour=ink)
    _estimate(drawing, plot, shape, line, y)


def _estimate(drawing: Drawing, plot: Plot, shape: Shape, line: Line, y: float) -> None:
    colour = ACCENT if line.main else SOFT
    if line.lower is not None and line.upper is not None:
        left, right = (plot.x.within(shape.on_axis(limit)) for limit in (line.lower, line.upper))
        drawing.line((left, y), (right, y), colour=colour, width=2.4 if line.main else 1.4)
        for x in (left, right):
            drawing.line((x, y - 4), (x, y + 4), colour=colour, width=1.2)
    if line.estimate is not None:
        at = (plot.x.within(shape.on_axis(line.estimate)), y)
        drawing.marker(at, "diamond" if line.main else "square", colour=colour, size=5 if line.main else 4,
                       filled=not line.bound)  # fmt: skip
