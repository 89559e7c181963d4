"""The liver signal: the peak of the aminotransferases against that of bilirubin, on logarithmic axes (eDISH).

Watkins PB, Desai M, Berkowitz SD, et al. Evaluation of drug-induced serious hepatotoxicity (eDISH). Drug Saf
2011;34:243–252. The lines stand at 3 and 2 times the upper limit of normal (FDA guidance on drug-induced liver injury,
July 2009).
"""

from math import ceil, floor, log10

from equipoise.analysis import Analysis, LiverPeak
from equipoise.reports.axes import Plot, Scale
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import DUE, SOFT, Drawing
from equipoise.reports.figures.figure import Figure, frame, looks

_WIDTH, _TOP, _PLOT, _LEFT, _RIGHT = 880.0, 38.0, 420.0, 130.0, 40.0
_ENZYME, _BILIRUBIN = 3.0, 2.0
Peak = tuple[LiverPeak, float, float]


def liver_signal(analysis: Analysis, words: Words) -> Figure:
    """One mark for each participant whose peaks are known, after baseline, in multiples of the upper limit."""
    arms = looks(analysis, words)
    known = [found for peak in analysis.liver for found in _multiples(peak)]
    foot = _TOP + _PLOT
    x = _scale([enzyme for _, enzyme, _ in known], _ENZYME, _LEFT, _WIDTH - _RIGHT)
    y = _scale([bilirubin for _, _, bilirubin in known], _BILIRUBIN, foot, _TOP)
    plot = Plot(x, y)
    drawing = Drawing(_WIDTH, foot + 48, words("liver_figure"))
    plot.horizontal_grid(drawing, _ticks(y), _power)
    plot.bottom(drawing, _ticks(x), _power, words(_axis(analysis)))
    drawing.text((_LEFT - 56, _TOP - 20), words("liver_y"))
    _quadrants(drawing, plot, words)
    for place, look in enumerate(arms.values()):
        drawing.marker((_LEFT + 210 + 190 * place, 14), look.marker, colour=look.colour, filled=False)
        drawing.text((_LEFT + 220 + 190 * place, 18), look.label, size=12, colour=look.colour, bold=True)
    for peak, enzyme, bilirubin in known:
        at = (x(log10(enzyme)), y(log10(bilirubin)))
        drawing.marker(
            at, arms[peak.arm].marker, colour=arms[peak.arm].colour, size=3.6, filled=bool(peak.signal_visits)
        )
    return Figure("liver", words("liver_figure"), words("liver_caption"), drawing.svg(), frame(_data(known)))


def _axis(analysis: Analysis) -> str:
    names = analysis.protocol.laboratory.liver
    return "liver_x" if names is not None and names.ast is not None else "liver_x_alt"


def _multiples(peak: LiverPeak) -> list[Peak]:
    """The peaks as multiples; nothing where the quadrant is not known or a result is zero, which has no logarithm."""
    enzyme, bilirubin = peak.aminotransferase, peak.bilirubin
    if not peak.quadrant or enzyme is None or bilirubin is None or not enzyme.of_upper or not bilirubin.of_upper:
        return []
    return [(peak, float(enzyme.of_upper), float(bilirubin.of_upper))]


def _scale(values: list[float], line: float, start: float, end: float) -> Scale:
    """Whole powers of ten around the values, and at least from 0.1 to 10, so that the line stands inside."""
    powers = [log10(value) for value in (*values, line)]
    return Scale(min(-1.0, floor(min(powers))), max(1.0, ceil(max(powers))), start, end)


def _ticks(scale: Scale) -> list[float]:
    """The logarithms of 1, 2 and 5 times each power of ten."""
    powers = range(round(scale.low), round(scale.high) + 1)
    return [place for power in powers for factor in (1, 2, 5) if (place := power + log10(factor)) <= scale.high]


def _power(place: float) -> str:
    return f"{10**place:.3g}"


def _quadrants(drawing: Drawing, plot: Plot, words: Words) -> None:
    enzyme, bilirubin = plot.x(log10(_ENZYME)), plot.y(log10(_BILIRUBIN))
    drawing.line((enzyme, plot.y.start), (enzyme, plot.y.end), colour=DUE, width=1.4, dash="6 4")
    drawing.line((plot.x.start, bilirubin), (plot.x.end, bilirubin), colour=DUE, width=1.4, dash="6 4")
    drawing.text((enzyme - 5, _TOP + 14), "3 × ULN", anchor="end", colour=DUE)
    drawing.text((plot.x.end - 4, bilirubin + 14), "2 × ULN", anchor="end", colour=DUE)
    corners = {
        "cholestasis": (plot.x.start + 8, _TOP + 16, "start"), "hys_law": (plot.x.end - 8, _TOP + 16, "end"),
        "normal": (plot.x.start + 8, plot.y.start - 8, "start"), "temple": (plot.x.end - 8, plot.y.start - 8, "end"),
    }  # fmt: skip
    for quadrant, (x, y, anchor) in corners.items():
        drawing.text((x, y), words(f"corner_{quadrant}"), size=12, anchor=anchor, colour=SOFT, bold=True)


def _data(known: list[Peak]) -> list[dict[str, object]]:
    return [
        {"subject": peak.subject, "arm": peak.arm, "aminotransferase": enzyme, "bilirubin": bilirubin,
         "quadrant": peak.quadrant, "same_visit": len(peak.signal_visits)}
        for peak, enzyme, bilirubin in known
    ]  # fmt: skip
