"""A laboratory analyte by visit: a box for each arm from quartile to quartile, its whiskers to the extremes."""

from decimal import Decimal

from equipoise.analysis import Analysis
from equipoise.analysis.laboratory import analysed_analytes
from equipoise.analysis.laboratory_tables import VALUE
from equipoise.reports.axes import Plot, Scale, plain, round_ticks
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import PAPER, SOFT, Drawing
from equipoise.reports.figures.figure import Figure, Look, frame, looks

_WIDTH, _TOP, _PLOT, _LEFT, _RIGHT = 880.0, 34.0, 220.0, 130.0, 30.0
_STATISTICS = ("minimum", "lower_quartile", "median", "upper_quartile", "maximum")
Box = dict[str, float]


def laboratory_boxes(analysis: Analysis, analyte: str, words: Words) -> Figure:
    """The distribution of an analyte in each arm at each visit, with the limits of normal of the protocol."""
    protocol, arms = analysis.protocol, looks(analysis, words)
    item = analysed_analytes(analysis.cohort)[analyte]
    label = words.unit(words.of(item.label), item.unit)
    boxes = {
        (row.level, row.arm): _box(analysis, analyte, row.level, row.arm)
        for row in analysis.results.of(VALUE, "median") if row.variable == analyte and row.n
    }  # fmt: skip
    visits = [visit.id for visit in protocol.visits if any(at == visit.id for at, _ in boxes)]
    limits = sorted({limit for row in analysis.laboratory if row.analyte == analyte
                     for limit in (row.lower, row.upper) if limit is not None})  # fmt: skip
    values = [value for box in boxes.values() for value in box.values()] + [float(limit) for limit in limits]
    ticks = round_ticks(min(values), max(values))
    foot = _TOP + _PLOT
    plot = Plot(Scale(-0.5, len(visits) - 0.5, _LEFT, _WIDTH - _RIGHT), Scale(ticks[0], ticks[-1], foot, _TOP))
    title = words("boxes", label=label)
    drawing = Drawing(_WIDTH, foot + 78 + 17 * len(arms), title)
    plot.horizontal_grid(drawing, ticks, plain)
    _limits(drawing, plot, limits)
    weeks = [protocol.visit_by_id[visit].week for visit in visits]
    plot.bottom(drawing, list(range(len(visits))), lambda place: str(weeks[int(place)]), words("weeks"))
    for place, look in enumerate(arms.values()):
        drawing.rect((_LEFT + 190 * place, 8), 12, 12, fill=PAPER, edge=look.colour)
        drawing.text((_LEFT + 20 + 190 * place, 18), look.label, size=12, colour=look.colour, bold=True)
    width = min(16.0, 0.7 * (plot.x(1) - plot.x(0)) / len(arms))
    for number, (arm, look) in enumerate(arms.items()):
        shift = (number - (len(arms) - 1) / 2) * width * 1.15
        for place, visit in enumerate(visits):
            if (visit, arm) in boxes:
                _draw(drawing, plot, boxes[visit, arm], look, plot.x(place) + shift, width)
    _numbers(drawing, plot, analysis, analyte, visits, foot + 60, words)
    data = [
        {"visit": visit, "week": protocol.visit_by_id[visit].week, "arm": arm,
         "n": _count(analysis, analyte, visit, arm), **box}
        for (visit, arm), box in boxes.items()
    ]  # fmt: skip
    return Figure(f"laboratory_{analyte}", title, words("boxes_caption"), drawing.svg(), frame(data))


def _box(analysis: Analysis, analyte: str, visit: str, arm: str) -> Box:
    found = (
        analysis.results.get(VALUE, statistic, variable=analyte, level=visit, arm=arm) for statistic in _STATISTICS
    )
    return {row.statistic: row.estimate for row in found if row is not None and row.estimate is not None}


def _limits(drawing: Drawing, plot: Plot, limits: list[Decimal]) -> None:
    for limit in limits:
        y = plot.y(float(limit))
        drawing.line((plot.x.start, y), (plot.x.end, y), colour=SOFT, dash="5 4")


def _draw(drawing: Drawing, plot: Plot, box: Box, look: Look, x: float, width: float) -> None:
    low, first, median, third, high = (plot.y(box[name]) for name in _STATISTICS)
    drawing.line((x, low), (x, first), colour=look.colour, width=1.2)
    drawing.line((x, third), (x, high), colour=look.colour, width=1.2)
    drawing.rect((x - width / 2, third), width, max(first - third, 0.5), fill=PAPER, edge=look.colour)
    drawing.line((x - width / 2, median), (x + width / 2, median), colour=look.colour, width=2.4)
    for end in (low, high):
        drawing.line((x - width / 4, end), (x + width / 4, end), colour=look.colour, width=1.2)


def _count(analysis: Analysis, analyte: str, visit: str, arm: str) -> int:
    row = analysis.results.get(VALUE, "median", variable=analyte, level=visit, arm=arm)
    return row.n or 0 if row is not None else 0


def _numbers(
    drawing: Drawing, plot: Plot, analysis: Analysis, analyte: str, visits: list[str], y: float, words: Words
) -> None:
    drawing.text((plot.x.start - 24, y), words("participants"), anchor="end", bold=True)
    for line, (arm, look) in enumerate(looks(analysis, words).items(), start=1):
        drawing.text((plot.x.start - 24, y + 17 * line), look.label, anchor="end", colour=look.colour)
        for place, visit in enumerate(visits):
            n = str(_count(analysis, analyte, visit, arm))
            drawing.text((plot.x(place), y + 17 * line), n, anchor="middle", colour=look.colour)
