"""Shares as dots: one line for each thing that is counted, one mark for each arm."""

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.analysis import Statistic
from equipoise.reports.axes import Plot, Scale, percent, round_ticks
from equipoise.reports.drawing import INK, Drawing, shortened
from equipoise.reports.figures.figure import Figure, Look, frame

_WIDTH, _ROW, _LEFT, _RIGHT, _TOP = 880.0, 25.0, 340.0, 40.0, 34.0


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that is counted: its code, its label, and of each arm how many of how many."""

    code: str
    label: str
    by_arm: Mapping[str, Statistic]


def dots(
    id_: str, title: str, caption: str, lines: list[Counted], arms: Mapping[str, Look], key: str = "kind"
) -> Figure:
    """The share of each arm in every line that has anybody; hollow where an arm has nobody. `key` names the code."""
    drawn = [line for line in lines if any(row.n for row in line.by_arm.values())]
    highest = max((row.estimate or 0.0 for line in drawn for row in line.by_arm.values()), default=0.1)
    ticks = round_ticks(0.0, highest)
    foot = _TOP + _ROW * max(len(drawn), 1)
    plot = Plot(Scale(0, ticks[-1], _LEFT, _WIDTH - _RIGHT), Scale(0, 1, foot, _TOP))
    drawing = Drawing(_WIDTH, foot + 30, title)
    for place, look in enumerate(arms.values()):
        drawing.marker((_LEFT + 190 * place, 14), look.marker, colour=look.colour)
        drawing.text((_LEFT + 10 + 190 * place, 18), look.label, size=12, colour=look.colour, bold=True)
    for place, line in enumerate(drawn):
        _line(drawing, plot, line, arms, _TOP + _ROW * (place + 0.5))
    plot.bottom(drawing, ticks, percent)
    data = [
        {key: line.code, "arm": arm, "n": row.n, "N": row.N, "share": row.estimate, "lower": row.lower,
         "upper": row.upper}
        for line in lines
        for arm, row in line.by_arm.items()
    ]  # fmt: skip
    return Figure(id_, title, caption, drawing.svg(), frame(data))


def _line(drawing: Drawing, plot: Plot, line: Counted, arms: Mapping[str, Look], y: float) -> None:
    drawing.line((_LEFT, y), (_WIDTH - _RIGHT, y), colour="#e6ebef")
    drawing.text((_LEFT - 14, y + 4), shortened(line.label, _LEFT - 30, 12), size=12, anchor="end", colour=INK)
    for arm, row in line.by_arm.items():
        at, look = (plot.x(row.estimate or 0.0), y), arms[arm]
        drawing.marker(at, look.marker, colour=look.colour, size=4.5, filled=bool(row.n))
