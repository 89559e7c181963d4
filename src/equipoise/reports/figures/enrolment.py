"""Recruitment over time: how many were randomised by each day, in all and at each site."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from equipoise.analysis import Analysis
from equipoise.reports.axes import Plot, Scale, plain, round_ticks
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import ARMS, DASHES, INK, Drawing, Point, shortened
from equipoise.reports.figures.figure import Figure, frame

_WIDTH, _TOP, _PLOT, _LEFT, _RIGHT = 880.0, 16.0, 230.0, 60.0, 200.0


def months_between(first: date, last: date) -> list[date]:
    """The first days of the months from one day to another."""
    count = (last.year - first.year) * 12 + last.month - first.month
    starts = (divmod(first.month - 1 + place, 12) for place in range(count + 1))
    return [date(first.year + years, month + 1, 1) for years, month in starts]


def enrolment(analysis: Analysis, words: Words) -> Figure:
    """Cumulative numbers; a time without recruitment is a flat stretch."""
    days = sorted((on, one.subject.site) for one in analysis.cohort.randomised if (on := one.subject.randomised))
    title = words("enrolment")
    if not days:
        drawing = Drawing(_WIDTH, 40, title)
        drawing.text((10, 24), words("nobody"))
        return Figure("enrolment", title, "", drawing.svg(), frame([]))
    first, last = days[0][0], days[-1][0]
    ticks = round_ticks(0, len(days))
    foot = _TOP + _PLOT
    right = _WIDTH - _RIGHT
    plot = Plot(
        Scale(first.toordinal(), max(last.toordinal(), first.toordinal() + 1), _LEFT, right),
        Scale(0, ticks[-1], foot, _TOP),
    )
    drawing = Drawing(_WIDTH, foot + 28, title)
    plot.horizontal_grid(drawing, ticks, plain)
    months = [m for m in months_between(first, last) if m >= first]
    months = months[:: max(1, -(-len(months) // 9))]
    plot.bottom(drawing, [float(m.toordinal()) for m in months], lambda at: f"{date.fromordinal(int(at)):%Y-%m}")
    ends = [(_draw(drawing, plot, [on for on, _ in days], INK, "", last), f"{len(days)} {words('all')}", INK)]
    sites = Counter(site for _, site in days)
    for place, site in enumerate(analysis.protocol.sites):
        mine = [on for on, where in days if where == site.id]
        if mine:
            colour = ARMS[place % len(ARMS)]
            end = _draw(drawing, plot, mine, colour, DASHES[(place + 1) % len(DASHES)], last)
            ends.append((end, f"{sites[site.id]} {words.of(site.label)}", colour))
    _name(drawing, ends, right + 8)
    data = [{"date": str(on), "site": site} for on, site in days]
    return Figure("enrolment", title, "", drawing.svg(), frame(data))


def _draw(drawing: Drawing, plot: Plot, days: Sequence[date], colour: str, dash: str, last: date) -> float:
    points: list[Point] = []
    for count, day in enumerate(days):
        x = plot.x(day.toordinal())
        points += [(x, plot.y(count)), (x, plot.y(count + 1))]
    points.append((plot.x(last.toordinal()), plot.y(len(days))))
    drawing.path(points, colour=colour, width=1.8, dash=dash)
    return plot.y(len(days))


def _name(drawing: Drawing, ends: list[tuple[float, str, str]], x: float) -> None:
    """Name each line at its end, moved apart where two would touch."""
    lowest = float("-inf")
    for y, words, colour in sorted(ends):
        lowest = max(y + 4, lowest + 15)
        drawing.text((x, lowest), shortened(words, _WIDTH - x), colour=colour, bold=True)
