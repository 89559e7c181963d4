"""Adverse events as dots: the share of each arm with an event of each kind, and beside it the difference of risk."""

from collections.abc import Mapping, Sequence

from equipoise.analysis import Analysis, Statistic
from equipoise.analysis.adverse_events import category_codes
from equipoise.analysis.safety import EVENTS, reference_of
from equipoise.protocol.schema import Label
from equipoise.reports.axes import Plot, Scale, percent, plain, round_ticks
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import INK, SOFT, Drawing, shortened
from equipoise.reports.figures.figure import Figure, Look, frame, looks

_WIDTH, _ROW, _TOP = 880.0, 27.0, 34.0
_SHARES, _DIFFERENCES = (250.0, 540.0), (590.0, 850.0)  # the two panels
Found = Mapping[str, Mapping[str, Statistic]]  # kind → arm → statistic


def kinds_of(analysis: Analysis) -> dict[str, Label]:
    """The kinds of adverse events with their labels, in the order of the protocol."""
    names = analysis.protocol.safety.adverse_events
    item = analysis.protocol.form_by_id[names.form].item_by_id[names.category]
    labels = {entry.code: entry.label for entry in analysis.protocol.code_lists.get(item.codes, ())}
    return {code: labels[code] for code in category_codes(analysis.protocol)}


def adverse_event_dots(analysis: Analysis, words: Words) -> Figure:
    """The kinds of adverse events that occurred, the most frequent first; hollow where nobody in an arm had one."""
    arms, labels = looks(analysis, words), kinds_of(analysis)
    shares = {code: _by_arm(analysis, "participants", code) for code in labels}
    differences = {code: _by_arm(analysis, "risk_difference", code) for code in labels}
    order = [code for code in labels if any(row.n for row in shares[code].values())]
    order.sort(key=lambda code: -max(row.estimate or 0.0 for row in shares[code].values()))
    foot = _TOP + _ROW * max(len(order), 1)
    drawing = Drawing(_WIDTH, foot + 48, words("dots"))
    _legend(drawing, list(arms.values()))
    for place, code in enumerate(order):
        y = _TOP + _ROW * (place + 0.5)
        for left, right in (_SHARES, _DIFFERENCES):
            drawing.line((left, y), (right, y), colour="#e6ebef")
        label = shortened(words.of(labels[code]), _SHARES[0] - 30, 12)
        drawing.text((_SHARES[0] - 14, y + 4), label, size=12, anchor="end", colour=INK)
    reference = arms[reference_of(analysis.protocol)].label
    _shares(drawing, order, shares, arms, foot, words("share_axis"))
    _differences(drawing, order, differences, arms, foot, words("difference_axis", reference=reference))
    level = f"{(1 - float(analysis.protocol.analysis.alpha)) * 100:g}"
    caption = words("dots_caption", reference=reference, level=level)
    return Figure("adverse_events", words("dots"), caption, drawing.svg(), frame(_data(shares, differences)))


def _by_arm(analysis: Analysis, statistic: str, code: str) -> dict[str, Statistic]:
    rows = (
        analysis.results.get(EVENTS, statistic, variable="category", level=code, arm=arm)
        for arm in analysis.cohort.arms
    )
    return {row.arm: row for row in rows if row is not None}


def _legend(drawing: Drawing, arms: Sequence[Look]) -> None:
    for place, look in enumerate(arms):
        drawing.marker((_SHARES[0] + 190 * place, 14), look.marker, colour=look.colour)
        drawing.text((_SHARES[0] + 10 + 190 * place, 18), look.label, size=12, colour=look.colour, bold=True)


def _shares(
    drawing: Drawing, order: Sequence[str], found: Found, arms: Mapping[str, Look], foot: float, axis: str
) -> None:
    highest = max((row.estimate or 0.0 for code in order for row in found[code].values()), default=0.1)
    ticks = round_ticks(0.0, highest)
    plot = Plot(Scale(0, ticks[-1], *_SHARES), Scale(0, 1, foot, _TOP))
    plot.bottom(drawing, ticks, percent, axis)
    for place, code in enumerate(order):
        for arm, row in found[code].items():
            at = (plot.x(row.estimate or 0.0), _TOP + _ROW * (place + 0.5))
            drawing.marker(at, arms[arm].marker, colour=arms[arm].colour, size=4.5, filled=bool(row.n))


def _differences(
    drawing: Drawing, order: Sequence[str], found: Found, arms: Mapping[str, Look], foot: float, axis: str
) -> None:
    """Differences with their intervals; several arms beside the reference stand a little apart in each line."""
    rows = [row for code in order for row in found[code].values()]
    values = [100 * value for row in rows for value in (row.lower, row.upper) if value is not None]
    ticks = round_ticks(min([0.0, *values]), max([0.0, *values]))
    plot = Plot(Scale(ticks[0], ticks[-1], *_DIFFERENCES), Scale(0, 1, foot, _TOP))
    plot.bottom(drawing, ticks, plain, axis)
    drawing.line((plot.x(0), _TOP), (plot.x(0), foot), colour=SOFT, dash="3 3")
    for place, code in enumerate(order):
        mine = list(found[code].values())
        for line, row in enumerate(mine):
            y = _TOP + _ROW * (place + 0.5) + 9 * (line - (len(mine) - 1) / 2)
            _interval(drawing, plot, row, arms[row.arm], y)


def _interval(drawing: Drawing, plot: Plot, row: Statistic, look: Look, y: float) -> None:
    if row.estimate is None or row.lower is None or row.upper is None:
        return
    drawing.line((plot.x(100 * row.lower), y), (plot.x(100 * row.upper), y), colour=look.colour, width=1.6)
    drawing.marker((plot.x(100 * row.estimate), y), look.marker, colour=look.colour, size=3.5)


def _data(shares: Found, differences: Found) -> list[dict[str, object]]:
    return [
        {
            "kind": code, "arm": arm, "n": row.n, "N": row.N, "share": row.estimate, "lower": row.lower,
            "upper": row.upper, "difference": other.estimate if other else None,
            "difference_lower": other.lower if other else None, "difference_upper": other.upper if other else None,
        }
        for code, by_arm in shares.items()
        for arm, row in by_arm.items()
        for other in [differences[code].get(arm)]
    ]  # fmt: skip
