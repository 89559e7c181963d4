"""Classic BILAG grades, as clinicians entered them, counted and turned into the numerical score (A 9, B 3, C 1)."""

from collections import Counter
from decimal import Decimal
from typing import Final

from equipoise.instruments.definition import data, define
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

GRADES: Final = ("A", "B", "C", "D", "E")
POINTS: Final = {grade: int(points) for grade, points in data(__name__)["points"].items()}
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


INSTRUMENT: Final = define(__name__, compute)
