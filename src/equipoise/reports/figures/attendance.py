"""Missed and remote visits by month and site, as a strip of cells: the darker, the larger the share."""

from collections import Counter

from equipoise.analysis import Analysis
from equipoise.analysis.course import attended
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import ACCENT, DUE, INK, PAPER, SOFT, Drawing, shortened
from equipoise.reports.figures.enrolment import months_between
from equipoise.reports.figures.figure import Figure, frame

_WIDTH, _LEFT, _ROW, _TOP = 880.0, 210.0, 20.0, 12.0
_KINDS = (("missed", DUE), ("remote", ACCENT))


def attendance_strip(analysis: Analysis, words: Words) -> Figure:
    """One row for each site and kind, one cell for each month in which a visit was due."""
    visits = attended(analysis.cohort)
    title = words("attendance")
    months = months_between(min(v.on for v in visits), max(v.on for v in visits)) if visits else []
    due = Counter((v.site, v.on.replace(day=1)) for v in visits)
    how = Counter((v.site, v.on.replace(day=1), v.how) for v in visits)
    sites = analysis.protocol.sites
    drawing = Drawing(_WIDTH, _TOP + len(sites) * (2 * _ROW + 8) + 26, title)
    cell = min((_WIDTH - _LEFT - 10) / max(len(months), 1), 46.0)
    rows: list[dict[str, object]] = []
    for place, site in enumerate(sites):
        y = _TOP + place * (2 * _ROW + 8)
        drawing.text((4, y + 14), shortened(words.of(site.label), _LEFT - 80, 12), size=12, colour=INK)
        for line, (kind, colour) in enumerate(_KINDS):
            top = y + line * _ROW
            drawing.text((_LEFT - 10, top + 14), words(kind), anchor="end", colour=colour)
            for column, month in enumerate(months):
                total = due[site.id, month]
                n = how[site.id, month, kind]
                if total:
                    _cell(drawing, (_LEFT + column * cell, top), cell, n / total, colour)
                rows.append({"site": site.id, "month": f"{month:%Y-%m}", "how": kind, "n": n, "due": total})
    every = max(1, round(66 / cell)) if months else 1
    foot = _TOP + len(sites) * (2 * _ROW + 8) + 10
    for column, month in enumerate(months):
        if column % every == 0 and _LEFT + column * cell < _WIDTH - 44:
            drawing.text((_LEFT + column * cell, foot), f"{month:%Y-%m}", colour=SOFT)
    return Figure("attendance", title, words("attendance_caption"), drawing.svg(), frame(rows))


def _cell(drawing: Drawing, at: tuple[float, float], width: float, share: float, colour: str) -> None:
    drawing.rect(at, width - 1.5, _ROW - 2, fill="#eef1f4")
    if share:
        x, y = at
        corners = [(x, y), (x + width - 1.5, y), (x + width - 1.5, y + _ROW - 2), (x, y + _ROW - 2)]
        drawing.area(corners, colour=colour, opacity=round(0.15 + 0.85 * min(share, 1.0), 3))
        if width >= 20:
            dark = share > 0.4
            drawing.text(
                (x + width / 2 - 0.75, y + 13), f"{100 * share:.0f}", size=10, anchor="middle",
                colour=PAPER if dark else INK,
            )  # fmt: skip
