"""BILAG-2004 grades of nine systems, now against baseline: a new A, a new B, and how many."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from equipoise.instruments.columns import UNKNOWN, Column, Columns, Truths, among, every, negate
from equipoise.instruments.logic import all_of, negated
from equipoise.instruments.reading import Given

GRADES: Final = ("E", "D", "C", "B", "A")
SYSTEMS: Final = (
    "constitutional", "mucocutaneous", "neuropsychiatric", "musculoskeletal", "cardiorespiratory", "gastrointestinal",
    "ophthalmic", "renal", "haematological",
)  # fmt: skip

BySystem: TypeAlias = Mapping[str, bool | None]
_B_IS_NEW_AFTER: Final = ("C", "D", "E")  # a B reached from A is an improvement


@dataclass(frozen=True, slots=True)
class Changes:
    """Which systems have a new A, and which a new B."""

    new_a: BySystem
    new_b: BySystem


def changes(given: Given) -> Changes:
    """An A is new where baseline was not A; a B is new where baseline was C, D or E."""
    return Changes(
        {s: all_of((graded(given, f"{s}_now", "A"), negated(graded(given, f"{s}_baseline", "A")))) for s in SYSTEMS},
        {
            s: all_of((graded(given, f"{s}_now", "B"), graded(given, f"{s}_baseline", *_B_IS_NEW_AFTER)))
            for s in SYSTEMS
        },
    )


def graded(given: Given, question: str, *grades: str) -> bool | None:
    """Whether a grade is one of these; unknown where the system was not graded."""
    grade = given.word(question)
    return None if grade is None else grade in grades


def at_most_one(truths: Iterable[bool | None]) -> bool | None:
    """Whether no more than one is true: false once two surely are, true once two can no longer be."""
    known = tuple(truths)
    if known.count(True) > 1:
        return False
    return True if known.count(True) + known.count(None) <= 1 else None


def count(truths: Iterable[bool | None]) -> int | None:
    """How many are true; unknown while any is."""
    known = tuple(truths)
    return None if None in known else known.count(True)


def open_systems(systems: BySystem) -> tuple[str, ...]:
    """The questions about the systems in which this is open."""
    return tuple(f"{s}_{when}" for s, truth in systems.items() if truth is None for when in ("now", "baseline"))


# --- The same for many patients ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ColumnChanges:
    """A new A and a new B, system by system."""

    new_a: list[Truths]
    new_b: list[Truths]


def column_changes(columns: Columns) -> ColumnChanges:
    """The same comparison on columns of grades."""
    now_and_baseline = [(columns[f"{s}_now"], columns[f"{s}_baseline"]) for s in SYSTEMS]
    return ColumnChanges(
        [every(graded_column(now, "A"), negate(graded_column(then, "A"))) for now, then in now_and_baseline],
        [every(graded_column(now, "B"), graded_column(then, *_B_IS_NEW_AFTER)) for now, then in now_and_baseline],
    )


def graded_column(column: Column, *grades: str) -> Truths:
    """Where a grade is one of these."""
    return among(column, [GRADES.index(grade) for grade in grades])


def at_most_one_column(truths: list[Truths]) -> Truths:
    """Where no more than one is true."""
    surely, possibly = _tally(truths)
    return possibly <= 1, surely > 1


def count_column(truths: list[Truths]) -> Column:
    """How many are true; unknown while any is."""
    surely, possibly = _tally(truths)
    return np.where(surely == possibly, surely, UNKNOWN).astype(np.int64)


def _tally(truths: list[Truths]) -> tuple[Column, Column]:
    """How many are surely true, and how many could be."""
    surely, possibly = (np.zeros(len(truths[0][0]), dtype=np.int64) for _ in range(2))
    for true, false in truths:
        surely += true
        possibly += ~false
    return surely, possibly
