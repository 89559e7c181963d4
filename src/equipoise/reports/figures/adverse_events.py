"""Adverse events as dots: the share of each arm with at least one event of each kind."""

from equipoise.analysis import Analysis, Statistic
from equipoise.analysis.safety import EVENTS, categories
from equipoise.protocol.schema import Label
from equipoise.reports.axes import Plot, Scale, percent, round_ticks
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import INK, Drawing, shortened
from equipoise.reports.figures.figure import Figure, frame, looks

_WIDTH, _ROW, _LEFT, _RIGHT, _TOP = 880.0, 25.0, 300.0, 40.0, 34.0


def kinds_of(analysis: Analysis) -> dict[str, Label]:
    """The kinds of adverse events with their labels, in the order of the protocol."""
    names = analysis.protocol.safety.adverse_events
    item = analysis.protocol.form_by_id[names.form].item_by_id[names.category]
    labels = {entry.code: entry.label for entry in analysis.protocol.code_lists.get(item.codes, ())}
    return {code: labels[code] for code in categories(analysis.cohort)}


def adverse_event_dots(analysis: Analysis, words: Words) -> Figure:
    """The kinds of adverse events that occurred, the most frequent first; hollow where nobody in an arm had one."""
    arms, labels = looks(analysis, words), kinds_of(analysis)
    found = {code: _shares(analysis, code) for code in labels}
    order = [code for code in labels if any(row.n for row in found[code].values())]
    order.sort(key=lambda code: -max(row.estimate or 0.0 for row in found[code].values()))
    highest = max((row.estimate or 0.0 for code in order for row in found[code].values()), default=0.1)
    ticks = round_ticks(0.0, highest)
    foot = _TOP + _ROW * max(len(order), 1)
    plot = Plot(Scale(0, ticks[-1], _LEFT, _WIDTH - _RIGHT), Scale(0, 1, foot, _TOP))
    drawing = Drawing(_WIDTH, foot + 30, words("dots"))
    for place, look in enumerate(arms.values()):
        drawing.marker((_LEFT + 190 * place, 14), look.marker, colour=look.colour)
        drawing.text((_LEFT + 10 + 190 * place, 18), look.label, size=12, colour=look.colour, bold=True)
    for place, code in enumerate(order):
        y = _TOP + _ROW * (place + 0.5)
        drawing.line((_LEFT, y), (_WIDTH - _RIGHT, y), colour="#e6ebef")
        label = shortened(words.of(labels[code]), _LEFT - 30, 12)
        drawing.text((_LEFT - 14, y + 4), label, size=12, anchor="end", colour=INK)
        for arm, row in found[code].items():
            look = arms[arm]
            drawing.marker(
                (plot.x(row.estimate or 0.0), y), look.marker, colour=look.colour, size=4.5, filled=bool(row.n)
            )
    plot.bottom(drawing, ticks, percent)
    data = [
        {
            "kind": code,
            "arm": arm,
            "n": row.n,
            "N": row.N,
            "share": row.estimate,
            "lower": row.lower,
            "upper": row.upper,
        }
        for code in labels
        for arm, row in found[code].items()
    ]
    return Figure("adverse_events", words("dots"), words("dots_caption"), drawing.svg(), frame(data))


def _shares(analysis: Analysis, code: str) -> dict[str, Statistic]:
    rows = (
        analysis.results.get(EVENTS, "participants", variable="category", level=code, arm=arm)
        for arm in analysis.cohort.arms
    )
    return {row.arm: row for row in rows if row is not None}
