"""Estimates with their intervals, one below the other: the main analysis, the sensitivities, and the bounds."""

from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.reports.axes import Plot, Scale, plain, round_ticks
from equipoise.reports.drawing import ACCENT, INK, SOFT, WASH, Drawing, shortened
from equipoise.reports.figures.figure import Figure, frame

_WIDTH, _ROW = 880.0, 23.0
_LABEL, _LEFT, _RIGHT, _NUMBERS = 14.0, 385.0, 685.0, 866.0


@dataclass(frozen=True, slots=True)
class Line:
    """One estimate with its limits, or a heading, or words where nothing could be estimated."""

    label: str
    numbers: str = ""
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    main: bool = False
    heading: bool = False
    bound: bool = False


def forest(id_: str, title: str, axis: str, lines: Sequence[Line], ends: tuple[str, str], caption: str = "") -> Figure:
    """A forest of differences around zero; `ends` say what lies to the left and to the right of it."""
    values = [v for line in lines for v in (line.estimate, line.lower, line.upper) if v is not None and abs(v) < 1e6]
    ticks = round_ticks(min([0.0, *values]), max([0.0, *values]), about=6)
    foot = 12 + _ROW * len(lines)
    plot = Plot(Scale(ticks[0], ticks[-1], _LEFT, _RIGHT), Scale(0, 1, foot, 8))
    drawing = Drawing(_WIDTH, foot + 62, title)
    for place, line in enumerate(lines):
        _line(drawing, plot, line, 12 + _ROW * (place + 0.5))
    drawing.line((plot.x(0), 8), (plot.x(0), foot), colour=SOFT, dash="3 3")
    plot.bottom(drawing, ticks, plain)
    drawing.text((_LEFT, foot + 34), f"← {ends[0]}")
    drawing.text((_RIGHT, foot + 34), f"{ends[1]} →", anchor="end")
    drawing.text(((_LEFT + _RIGHT) / 2, foot + 52), axis, anchor="middle")
    data = [
        {"label": x.label, "estimate": x.estimate, "lower": x.lower, "upper": x.upper} for x in lines if not x.heading
    ]
    return Figure(id_, title, caption, drawing.svg(), frame(data))


def _line(drawing: Drawing, plot: Plot, line: Line, y: float) -> None:
    if line.heading:
        drawing.rect((0, y - _ROW / 2), _WIDTH, _ROW, fill=WASH)
        drawing.text((_LABEL, y + 4), shortened(line.label, _WIDTH - 40, 12), size=12, colour=INK, bold=True)
        return
    words = shortened(line.label, _LEFT - _LABEL - 24, 12)
    drawing.text((_LABEL + 8, y + 4), words, size=12, colour=INK if line.main else SOFT, bold=line.main)
    drawing.text((_NUMBERS, y + 4), line.numbers, size=12, anchor="end", colour=INK if line.main else SOFT)
    colour = ACCENT if line.main else SOFT
    if line.lower is not None and line.upper is not None:
        left, right = plot.x.within(line.lower), plot.x.within(line.upper)
        drawing.line((left, y), (right, y), colour=colour, width=2.4 if line.main else 1.4)
        for x in (left, right):
            drawing.line((x, y - 4), (x, y + 4), colour=colour, width=1.2)
    if line.estimate is not None:
        at = (plot.x.within(line.estimate), y)
        drawing.marker(at, "diamond" if line.main else "square", colour=colour, size=5 if line.main else 4,
                       filled=not line.bound)  # fmt: skip
