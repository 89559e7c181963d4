"""The figures of the statistics pages, drawn on the house's canvas from the published data the pages use.

`python -m tests.docs.statistics_figures` writes them into docs/images; a test draws them again and compares the bytes.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from equipoise.reports.axes import Plot, Scale, percent, plain
from equipoise.reports.drawing import ARMS, DASHES, MARKERS, Drawing, Point
from equipoise.statistics import (
    StoppingRule,
    SurvivalCurve,
    cumulative_incidence,
    group_sequential_design,
    kaplan_meier,
)

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
MELANOMA = ROOT / "docs" / "reference" / "statistics" / "data" / "melanoma.csv"
REMISSION = ROOT / "tests" / "golden" / "statistics" / "data" / "tte_6mp.csv"
FIFTHS = (0.2, 0.4, 0.6, 0.8, 1.0)
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
_WIDTH, _LEFT, _RIGHT, _TOP, _FOOT = 720.0, 110.0, 20.0, 16.0, 316.0


def canvas(title: str, x: tuple[float, float], y: tuple[float, float], below: float = 48) -> tuple[Drawing, Plot]:
    """A drawing with its plot area, and room below the axis."""
    plot = Plot(Scale(*x, _LEFT, _WIDTH - _RIGHT), Scale(*y, _FOOT, _TOP))
    return Drawing(_WIDTH, _FOOT + below, title), plot


def described(drawing: Drawing, words: str) -> bytes:
    """The drawing with a description for those who cannot see it."""
    return drawing.svg().replace(b"</title>", f"</title><desc>{escape(words)}</desc>".encode(), 1)


def staircase(plot: Plot, times: Sequence[float], values: Sequence[float], start: float) -> list[Point]:
    """A step function from its value at time 0."""
    points, height = [(plot.x(0), plot.y(start))], plot.y(start)
    for time, value in zip(times, values, strict=True):
        points += [(plot.x(time), height), (plot.x(time), height := plot.y(value))]
    return points


def legend(drawing: Drawing, at: Point, names: Sequence[str]) -> None:
    """The names of the lines, one below the other, in their colours and dashes."""
    for i, name in enumerate(names):
        x, y = at[0], at[1] + 18 * i
        drawing.path([(x, y - 4), (x + 34, y - 4)], colour=ARMS[i], dash=DASHES[i])
        drawing.text((x + 42, y), name, size=12, colour=ARMS[i], bold=True)


def remission() -> bytes:
    """Kaplan–Meier curves of the 6-MP trial with their log-log limits and the numbers at risk."""
    _, arm, time, event = np.loadtxt(REMISSION, delimiter=",", skiprows=1).T
    names = ("6-MP", "placebo")
    curves = [kaplan_meier(time[arm == code], event[arm == code]) for code in (1, 0)]
    drawing, plot = canvas("Remission with 6-mercaptopurine and with placebo", (0, 36), (0, 1), 100)
    weeks = [float(week) for week in range(0, 37, 6)]
    plot.horizontal_grid(drawing, QUARTERS, percent)
    plot.bottom(drawing, weeks, plain, "Weeks in remission")
    drawing.text((_LEFT - 12, _FOOT + 56), "At risk", anchor="end", bold=True)
    for i, (name, curve) in enumerate(zip(names, curves, strict=True)):
        survival(drawing, plot, curve, i)
        drawing.text((_LEFT - 12, _FOOT + 74 + 17 * i), name, anchor="end", colour=ARMS[i])
        for week, number in zip(weeks, curve.numbers_at_risk(weeks), strict=True):
            drawing.text((plot.x(week), _FOOT + 74 + 17 * i), str(number), anchor="middle", colour=ARMS[i])
    legend(drawing, (plot.x(23.5), _TOP + 20), names)
    words = (
        "Two falling staircases with bands: half relapse by week 23 with 6-mercaptopurine and by week 8 with placebo."
    )
    return described(drawing, words)


def survival(drawing: Drawing, plot: Plot, curve: SurvivalCurve, place: int) -> None:
    """One curve, the band of its limits where they are defined, and a tick for each censored time."""
    known = ~np.isnan(curve.lower)
    last = np.flatnonzero(known)[-1]  # its limits hold up to the time after it
    times = [*curve.times[known], *curve.times[last + 1 : last + 2]]
    upper, lower = (
        staircase(plot, times, [*limit[known], limit[last]][: len(times)], 1) for limit in (curve.upper, curve.lower)
    )
    drawing.area([*upper, *reversed(lower)], colour=ARMS[place])
    drawing.path(staircase(plot, curve.times, curve.survival, 1), colour=ARMS[place], dash=DASHES[place])
    for time, value in zip(curve.times[curve.censored > 0], curve.survival[curve.censored > 0], strict=True):
        x, y = plot.x(time), plot.y(value)
        drawing.line((x, y - 4), (x, y + 4), colour=ARMS[place], width=1.1)


def melanoma() -> bytes:
    """Both causes' cumulative incidence, and what censoring the other cause would make of one of them."""
    days, cause = np.loadtxt(MELANOMA, delimiter=",", skiprows=1, usecols=(0, 1)).T
    years = days / 365.25
    ours, others = (cumulative_incidence(years, cause, of=of) for of in (1, 2))
    censoring = kaplan_meier(years, cause == 2)
    drawing, plot = canvas("Deaths after melanoma", (0, 15.5), (0, 0.5))
    plot.horizontal_grid(drawing, [0.0, 0.1, 0.2, 0.3, 0.4, 0.5], percent)
    plot.bottom(drawing, [float(year) for year in range(0, 16, 3)], plain, "Years since surgery")
    lines = ((ours.times, ours.incidence), (others.times, others.incidence), (censoring.times, 1 - censoring.survival))
    for i, (times, values) in enumerate(lines):
        drawing.path(staircase(plot, times, values, 0), colour=ARMS[i], dash=DASHES[i])
    names = ("from melanoma", "from another cause", "from another cause, melanoma censored")
    legend(drawing, (plot.x(0.4), _TOP + 20), names)
    words = "Two rising staircases, a third above the second: censoring the deaths from melanoma overstates the others."
    return described(drawing, words)


def boundaries() -> bytes:
    """The efficacy bounds of three rules at five equally spaced looks, one-sided 2.5 %."""
    rules = {
        "O'Brien–Fleming": StoppingRule("obrien_fleming"),
        "Pocock": StoppingRule("pocock"),
        "Hwang–Shih–DeCani, γ = −2": StoppingRule("hwang_shih_decani", -2),
    }
    drawing, plot = canvas("Boundaries of five equally spaced looks", (0, 1.05), (1.5, 5))
    plot.horizontal_grid(drawing, [2.0, 3.0, 4.0, 5.0], plain)
    plot.bottom(drawing, FIFTHS, percent, "Share of the information")
    drawing.text((_LEFT - 44, plot.y(3.5)), "z", anchor="end", bold=True)
    for i, rule in enumerate(rules.values()):
        bounds = group_sequential_design(FIFTHS, rule).upper
        points = [(plot.x(share), plot.y(z)) for share, z in zip(FIFTHS, bounds, strict=True)]
        drawing.path(points, colour=ARMS[i], dash=DASHES[i])
        for point in points:
            drawing.marker(point, MARKERS[i], colour=ARMS[i])
    legend(drawing, (plot.x(0.62), _TOP + 20), tuple(rules))
    words = "O'Brien–Fleming's bound falls from 4.56 to 2.04, Pocock's stays at 2.41, Hwang–Shih–DeCani's lies between."
    return described(drawing, words)


FIGURES: Mapping[str, Callable[[], bytes]] = {"remission": remission, "melanoma": melanoma, "boundaries": boundaries}


if __name__ == "__main__":
    for name, draw in FIGURES.items():
        (IMAGES / f"{name}.svg").write_bytes(draw())
