"""A figure as a value: its drawing, its words and the data it was drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from equipoise.analysis import Analysis
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import ARMS, DASHES, MARKERS


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A drawing with a title, a caption and its data, one row per mark."""

    id: str
    title: str
    caption: str
    svg: bytes
    data: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Look:
    """How an arm is drawn: colour, dash and marker each tell it from the others."""

    label: str
    colour: str
    dash: str
    marker: str


def looks(analysis: Analysis, words: Words) -> Mapping[str, Look]:
    """How each arm is drawn, the same in every figure."""
    return {
        arm.id: Look(words.of(arm.label), ARMS[i % len(ARMS)], DASHES[i % len(DASHES)], MARKERS[i % len(MARKERS)])
        for i, arm in enumerate(analysis.protocol.arms)
    }


def frame(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """The data of a figure."""
    return pl.DataFrame(list(rows), infer_schema_length=None, strict=False)
