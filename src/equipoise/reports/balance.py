"""Balance against predictability: each procedure as a point, the better the nearer to the lower left corner."""

from collections.abc import Sequence
from typing import TypeAlias

from equipoise.randomisation.compare import Compared
from equipoise.reports.axes import Plot, Scale, percent, plain, round_ticks
from equipoise.reports.drawing import ACCENT, INK, SOFT, Drawing, width_of

_WIDTH, _HEIGHT, _LEFT, _TOP, _FOOT = 880.0, 520.0, 64.0, 40.0, 62.0
_LABEL, _SIZE = 13.0, 11.5

_Box: TypeAlias = tuple[float, float, float]  # left, right and baseline of a name


def balance_plot(found: Sequence[Compared]) -> bytes:
    """The plot as SVG; the recommended scheme, the first of them, is filled."""
    guesses, imbalances = [one.correct_guess for one in found], [one.trial_95 for one in found]
    x_ticks, y_ticks = round_ticks(min(guesses), max(guesses)), round_ticks(0.0, max(imbalances))
    plot = Plot(
        Scale(x_ticks[0], x_ticks[-1], _LEFT, _WIDTH - 150), Scale(0.0, y_ticks[-1], _HEIGHT - _FOOT, _TOP)
    )  # fmt: skip
    drawing = Drawing(_WIDTH, _HEIGHT, "Imbalance of the trial against predictability, by procedure of randomisation")
    drawing.text((_LEFT, 20), "95 % of the trial's imbalance", size=12, colour=INK, bold=True)
    plot.horizontal_grid(drawing, y_ticks, plain)
    plot.bottom(drawing, x_ticks, percent, "next allocations guessed right by betting on the arm behind")
    places = [(plot.x(one.correct_guess), plot.y(one.trial_95)) for one in found]
    taken: list[_Box] = [(x - 6, x + 6, y + 4) for x, y in places]
    for one in sorted(found, key=lambda each: (-each.correct_guess, each.trial_95)):
        _point(drawing, plot, one, first=one is found[0], taken=taken)
    return drawing.svg()


def _point(drawing: Drawing, plot: Plot, one: Compared, *, first: bool, taken: list[_Box]) -> None:
    """A scheme with its name beside it, moved up until it stands on no other name."""
    x, y = plot.x(one.correct_guess), plot.y(one.trial_95)
    drawing.marker((x, y), "circle", colour=ACCENT if first else SOFT, size=5, filled=first)
    start, end, height = x + 12, x + 16 + width_of(one.scheme.name, _SIZE), y + 4
    while any(left < end and start < right and abs(height - other) < _LABEL for left, right, other in taken):
        height -= _LABEL
    taken.append((start, end, height))
    if height < y:
        drawing.line((x + 4, y - 4), (x + 11, height + 1))
    drawing.text((x + 14, height), one.scheme.name, size=_SIZE, colour=ACCENT if first else INK, bold=first)
