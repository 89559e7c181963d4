"""The tipping point as a grid: every way in which the unknown outcomes could have turned out, coloured by the test."""

from collections.abc import Sequence
from typing import NamedTuple

from equipoise.analysis import Statistic
from equipoise.reports.axes import plain, round_ticks
from equipoise.reports.drawing import ARMS, INK, LINE, WASH, Drawing
from equipoise.reports.figures.figure import Figure, frame

_WIDTH, _TOP, _LEFT, _SIDE, _LEGEND = 880.0, 16.0, 130.0, 300.0, 480.0
_CELL = 34.0  # the most that a cell takes


class Said(NamedTuple):
    """The words of a grid: what is counted across and up, and the colours' meaning: lower, higher, neither."""

    across: str
    up: str
    lower: str
    higher: str
    neither: str


def tipping_grid(id_: str, title: str, caption: str, rows: Sequence[Statistic], alpha: float, said: Said) -> Figure:
    """Events among the unknown of the arm across, of the reference upwards; the corners are the bounds."""
    across, up = (max(int(value) for value in values) + 1 for values in zip(*map(_place, rows), strict=True))
    cell = min(_CELL, _SIDE / max(across, up))
    foot = _TOP + cell * up
    drawing = Drawing(_WIDTH, max(foot, _TOP + 66) + 44, title)
    for row in rows:
        i, j = _place(row)
        drawing.rect((_LEFT + cell * i, foot - cell * (j + 1)), cell, cell, fill=_colour(row, alpha), edge="#ffffff")
    for tick in _ticks(across):
        drawing.text((_LEFT + cell * (tick + 0.5), foot + 16), plain(tick), anchor="middle")
    for tick in _ticks(up):
        drawing.text((_LEFT - 8, foot - cell * (tick + 0.5) + 4), plain(tick), anchor="end")
    drawing.text((_LEFT, foot + 36), f"→ {said.across}")
    drawing.text((_LEGEND, _TOP + 12), f"↑ {said.up}")
    for place, (fill, words) in enumerate(zip(_FILLS, (said.lower, said.higher, said.neither), strict=True)):
        drawing.rect((_LEGEND, _TOP + 26 + 22 * place), 14, 14, fill=fill, edge=LINE)
        drawing.text((_LEGEND + 22, _TOP + 38 + 22 * place), words, size=12, colour=INK)
    data = [
        {"arm": row.arm, "events": row.variable, "reference_events": row.level, "difference": row.estimate, "p": row.p}
        for row in rows
    ]
    return Figure(id_, title, caption, drawing.svg(), frame(data))


_FILLS = (ARMS[0], ARMS[1], WASH)


def _place(row: Statistic) -> tuple[int, int]:
    return int(row.variable), int(row.level)


def _colour(row: Statistic, alpha: float) -> str:
    if row.p is None or row.p > alpha:
        return _FILLS[2]
    return _FILLS[0] if (row.estimate or 0.0) < 0 else _FILLS[1]


def _ticks(size: int) -> list[int]:
    return [int(tick) for tick in round_ticks(0, max(size - 1, 1)) if tick == int(tick) and tick < size]
