"""When simulated trials stop: the cumulative share that has by each look, read from the rows of the looks by name."""

import re
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Final

import polars as pl

from equipoise.reports.catalogue import Words
from equipoise.reports.figures.rejection import Line

_AT_LOOK: Final = re.compile(r"(efficacy|futility|harm)_at_look_(\d+)")


def stopping_lines(found: pl.DataFrame, labels: Sequence[str], keys: Sequence[str], words: Words) -> tuple[Line, ...]:
    """A line for each design and reason to stop: by each look the share that has stopped, with its Monte-Carlo error.

    `labels` name the designs in their order, each of them being another combination of what stands under `keys`.
    Stops at different looks exclude each other, so that the share by a look is a sum and its error a proportion's.
    """
    lines: list[Line] = []
    for label, cell in zip(labels, found.partition_by(keys, maintain_order=True) if keys else [found], strict=True):
        for reason, at in _shares(cell).items():
            points, total, trials = [(0.0, 0.0, 0.0)], 0.0, cell["trials"][0]
            for look in sorted(at):
                total += at[look]
                points.append((float(look), total, sqrt(max(total * (1.0 - total), 0.0) / trials)))
            name = words(f"stopped_{reason}")
            lines.append(Line(words.listed([label, name]) if label else name, tuple(points)))
    return tuple(lines)


def _shares(cell: pl.DataFrame) -> Mapping[str, dict[int, float]]:
    """By reason and look the share of trials that stop there; a reason for which none ever stops is left out."""
    shares: dict[str, dict[int, float]] = {}
    for row in cell.iter_rows(named=True):
        found = _AT_LOOK.fullmatch(row["characteristic"])
        if found and row["value"] is not None:
            shares.setdefault(found[1], {})[int(found[2])] = row["value"]
    return {reason: at for reason, at in shares.items() if any(at.values())}
