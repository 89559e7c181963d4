"""Outcomes that nobody knows: how many of each endpoint of yes or no, and how far they could move the difference."""

from collections.abc import Iterator

from equipoise.analysis import Statistic
from equipoise.reports.blocks import Block, Teller
from equipoise.reports.estimand_tables import PERCENT, Told
from equipoise.reports.numbers import DASH, with_limits
from equipoise.reports.table import Row, Table


def unknown_outcomes(tell: Teller) -> Iterator[Block]:
    """Both bounds of every difference of proportions beside its main analysis, always shown."""
    words, level = tell.words, tell.level
    told = [Told(tell, estimand) for estimand in tell.analysis.protocol.estimands]
    rows = [row for each in told if each.effect == "risk_difference" for row in _rows(each)]
    if rows:
        heads = [words(key, level=level) for key in ("main_short", "lowest", "highest")]
        unknown = [words("unknown_n", arm=label) for label in tell.columns()]
        yield Table(
            "unknown_outcomes", words("unknown_title"), ("", *unknown, *heads), tuple(rows), (words("unknown_note"),),
            widths=(2.3, *(0.95 for _ in tell.arms), 1.75, 1.75, 1.75),
        )  # fmt: skip


def _rows(told: Told) -> Iterator[Row]:
    counts = [told.row("unknown", arm.id) for arm in told.tell.arms]
    cells = [f"{row.n}/{row.N}" if row is not None else DASH for row in counts]
    for arm in told.others:
        label = told.label if len(told.others) == 1 else f"{told.label}: {told.tell.arm(arm)}"
        found = (_difference(told, arm, ""), *_extremes(told, arm))
        yield Row((label, *cells, *(with_limits(row, 1, scale=PERCENT) for row in found)))


def _extremes(told: Told, arm: str) -> tuple[Statistic | None, Statistic | None]:
    """The lowest and the highest difference that the unknown outcomes allow."""
    bounds = [_difference(told, arm, variant) for variant in ("bound_reference_event", "bound_arm_event")]
    known = sorted((row for row in bounds if row and row.estimate is not None), key=lambda row: row.estimate or 0.0)
    return (known[0], known[-1]) if known else (None, None)


def _difference(told: Told, arm: str, variant: str) -> Statistic | None:
    return told.row("risk_difference", arm, variant)
