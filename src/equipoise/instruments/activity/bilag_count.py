"""Classic BILAG grades, as clinicians entered them, counted and turned into the numerical score (A 9, B 3, C 1)."""

from collections import Counter
from decimal import Decimal
from typing import Final

import numpy as np

from equipoise.instruments.columns import UNKNOWN, ColumnOutcome, Columns, safe
from equipoise.instruments.definition import data, define
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

GRADES: Final = ("A", "B", "C", "D", "E")
POINTS: Final = {grade: int(points) for grade, points in data(__name__)["points"].items()}
_CODES: Final = tuple(reversed(GRADES))
SYSTEMS: Final = tuple(system["id"] for system in data(__name__)["inputs"])


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """Score and counts; unknown while any of the eight systems has no grade."""
    grades = {system: given.word(system) for system in SYSTEMS}
    entered = {system: grade for system, grade in grades.items() if grade is not None}
    counts = Counter(entered.values())
    score = sum(POINTS[grade] for grade in entered.values())
    ungraded = given.missing(*SYSTEMS)
    return Outcome(
        results={
            "score": None if ungraded else score,
            **{f"count_{grade.lower()}": None if ungraded else counts[grade] for grade in GRADES},
        },
        unknown=ungraded,
        lower=Decimal(score),
        upper=Decimal(score + max(POINTS.values()) * len(ungraded)),
        contributions={system: Decimal(POINTS[grade]) for system, grade in entered.items()},
    )


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients."""
    grades = np.stack([columns[system] for system in SYSTEMS])
    entered = grades != UNKNOWN
    complete = entered.all(axis=0)
    points = np.array([POINTS[grade] for grade in _CODES], dtype=np.int64)
    score = np.where(entered, points[safe(grades)], 0).sum(axis=0)
    counts = {f"count_{grade.lower()}": (grades == _CODES.index(grade)).sum(axis=0) for grade in GRADES}
    return ColumnOutcome(
        results={name: np.where(complete, column, UNKNOWN) for name, column in {"score": score, **counts}.items()},
        lower=score,
        upper=score + max(POINTS.values()) * (~entered).sum(axis=0),
    )


INSTRUMENT: Final = define(__name__, compute, compute_columns)
