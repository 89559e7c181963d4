"""Where an organ system of many patients stands: `bilag2004_standing`, written a second time on columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from equipoise.instruments.activity.bilag2004_rules import POINTS
from equipoise.instruments.columns import UNKNOWN, Column, Flags, Truths, compared, every, negate, some

Triple: TypeAlias = tuple[Truths, Truths, Truths]


@dataclass(frozen=True, slots=True, eq=False)
class ColumnStanding:
    """One organ system in every row: whether its grade is at least A, B and C, and what would make each new."""

    at_least: Triple
    new: Triple

    def exactly(self, before: Truths) -> dict[str, Truths]:
        """For each grade, where it is this system's."""
        a, b, c = self.at_least
        return {
            "E": every(negate(c), negate(before)),
            "D": every(negate(c), before),
            "C": every(c, negate(b)),
            "B": every(b, negate(a)),
            "A": a,
        }

    def rests_on_new(self) -> Truths:
        """Where something scored worse or new gives the grade."""
        a, b, c = self.at_least
        new_a, new_b, new_c = self.new
        return some(every(a, new_a), every(b, negate(a), new_b), every(c, negate(b), new_c))

    def least_points(self) -> Column:
        """The points of the grade that stands whatever is unanswered."""
        return _points([true for true, _ in self.at_least])

    def most_points(self) -> Column:
        """The points if every unanswered question hid the worst."""
        return _points([~false for _, false in self.at_least])


def _points(reached: Sequence[Flags]) -> Column:
    return np.select(list(reached), [POINTS[grade] for grade in "ABC"], 0).astype(np.int64)


def scored(column: Column, least: int) -> Truths:
    """Where an item is scored at least so: 1 improving, 2 same, 3 worse, 4 new."""
    return compared(column, 0, column >= least)


def at_least(wanted: int, truths: Sequence[Truths]) -> Truths:
    """Where so many of them are true."""
    sure = np.sum([true for true, _ in truths], axis=0)
    possible = np.sum([~false for _, false in truths], axis=0)
    return sure >= wanted, possible < wanted


def count(held: Sequence[Truths]) -> Column:
    """In how many of them it is true; unknown while any is open."""
    known = np.logical_and.reduce([true | false for true, false in held])
    return np.where(known, np.sum([true for true, _ in held], axis=0), UNKNOWN)
