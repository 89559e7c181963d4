"""A variable over time: the mean or the proportion of each arm at each visit, and how many stand behind it."""

from equipoise.analysis import Analysis, Statistic
from equipoise.analysis.course import TRAJECTORY
from equipoise.protocol.names import label_of
from equipoise.protocol.schema import Protocol
from equipoise.reports.axes import Plot, Scale, percent, plain, round_ticks
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import Drawing
from equipoise.reports.figures.figure import Figure, Look, frame, looks

_WIDTH, _TOP, _PLOT, _LEFT, _RIGHT = 880.0, 36.0, 280.0, 130.0, 30.0
_LEGEND = 12.0  # above the plot, where no interval reaches


def trajectory(analysis: Analysis, name: str, words: Words) -> Figure:
    """A variable by arm and week: a number by its mean, yes or no by its share. Arms that share a week stand apart."""
    protocol, arms = analysis.protocol, looks(analysis, words)
    rows = [row for row in analysis.results.of(TRAJECTORY) if row.variable == name]
    label, unit = label_of(name, protocol)
    named = words.unit(words.of(label), unit)
    shares = any(row.statistic == "proportion" for row in rows)
    values = [v for row in rows for v in (row.estimate, row.lower, row.upper) if v is not None]
    ticks = round_ticks(*_range([0.0, *values] if shares else values))
    weeks = sorted({protocol.visit_by_id[row.level].week for row in rows}) or [0]
    foot = _TOP + _PLOT
    plot = Plot(Scale(weeks[0] - 1, weeks[-1] + 1, _LEFT, _WIDTH - _RIGHT), Scale(ticks[0], ticks[-1], foot, _TOP))
    title = words("trajectory", label=named)
    drawing = Drawing(_WIDTH, foot + 78 + 17 * len(arms), title)
    plot.horizontal_grid(drawing, ticks, percent if shares else plain)
    plot.bottom(drawing, [float(week) for week in weeks], plain, words("weeks"))
    drawing.text((_LEFT - 24, foot + 60), words("participants"), anchor="end", bold=True)
    for place, (arm, look) in enumerate(arms.items()):
        shift = (place - (len(arms) - 1) / 2) * 7.0
        mine = [row for row in rows if row.arm == arm]
        _arm(drawing, plot, mine, look, shift, protocol)
        _numbers(drawing, plot, mine, look, foot + 58 + 17 * (place + 1), protocol)
        drawing.marker((_LEFT + 14 + 190 * place, _LEGEND), look.marker, colour=look.colour)
        drawing.text((_LEFT + 24 + 190 * place, _LEGEND + 4), look.label, size=12, colour=look.colour, bold=True)
    level = f"{(1 - float(protocol.analysis.alpha)) * 100:g}"
    data = [
        {"variable": r.variable, "visit": r.level, "week": protocol.visit_by_id[r.level].week, "arm": r.arm,
         r.statistic: r.estimate, "lower": r.lower, "upper": r.upper, "n": r.n, "N": r.N}
        for r in rows
    ]  # fmt: skip
    caption = words("trajectory_share_caption" if shares else "trajectory_caption", level=level)
    return Figure(f"trajectory_{name}", title, caption, drawing.svg(), frame(data))


def _range(values: list[float]) -> tuple[float, float]:
    """From the least to the greatest value; from zero where zero is not far away."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    return (min(low, 0.0), max(high, 0.0)) if low < 0.5 * high or high <= 0 else (low, high)


def _arm(drawing: Drawing, plot: Plot, rows: list[Statistic], look: Look, shift: float, protocol: Protocol) -> None:
    points = []
    for row in rows:
        if row.estimate is None:
            continue
        x = plot.x(protocol.visit_by_id[row.level].week) + shift
        points.append((x, plot.y(row.estimate)))
        if row.lower is not None and row.upper is not None:
            drawing.line((x, plot.y(row.lower)), (x, plot.y(row.upper)), colour=look.colour, width=1.2)
    if points:
        drawing.path(points, colour=look.colour, width=1.6, dash=look.dash)
    for point in points:
        drawing.marker(point, look.marker, colour=look.colour, size=3.5)


def _numbers(drawing: Drawing, plot: Plot, rows: list[Statistic], look: Look, y: float, protocol: Protocol) -> None:
    drawing.text((plot.x.start - 24, y), look.label, anchor="end", colour=look.colour)
    for row in rows:
        x = plot.x(protocol.visit_by_id[row.level].week)
        known = row.N if row.statistic == "proportion" else row.n
        drawing.text((x, y), str(known), anchor="middle", colour=look.colour)
