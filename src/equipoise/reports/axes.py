"""Scales and axes: from a value to a place on the paper, with ticks at round numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from equipoise.reports.drawing import LINE, SOFT, Drawing


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a value lies."""
        span = self.high - self.low or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)

    def within(self, value: float) -> float:
        """Where a value lies, or the edge of the scale if it is beyond."""
        return self(min(max(value, self.low), self.high))


def round_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers that cover a range: steps of 1, 2 or 5 times a power of ten."""
    span = (high - low) or 1.0
    power = 10.0 ** floor(log10(span / about))
    step = next(factor * power for factor in (1, 2, 5, 10) if span / (factor * power) <= about + 0.5)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(step * place, 10) for place in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Plot:
    """The area of a plot with its two scales."""

    x: Scale
    y: Scale

    def horizontal_grid(self, drawing: Drawing, ticks: Sequence[float], label: Callable[[float], str]) -> None:
        """Hairlines across, each with its value at the left."""
        for tick in ticks:
            drawing.line((self.x.start, self.y(tick)), (self.x.end, self.y(tick)), colour="#e6ebef")
            drawing.text((self.x.start - 8, self.y(tick) + 4), label(tick), anchor="end")

    def bottom(self, drawing: Drawing, ticks: Sequence[float], label: Callable[[float], str], title: str = "") -> None:
        """The axis along the bottom with ticks and, below, what it is."""
        foot = self.y.start
        drawing.line((self.x.start, foot), (self.x.end, foot), colour=LINE)
        for tick in ticks:
            drawing.line((self.x(tick), foot), (self.x(tick), foot + 4), colour=SOFT)
            drawing.text((self.x(tick), foot + 17), label(tick), anchor="middle")
        if title:
            drawing.text(((self.x.start + self.x.end) / 2, foot + 35), title, anchor="middle")


def plain(value: float) -> str:
    """A tick's number without needless zeros, with a true minus sign."""
    return f"{value:g}".replace("-", "−")


def percent(value: float) -> str:
    """A share as per cent."""
    return f"{value * 100:g}".replace("-", "−") + "%"
