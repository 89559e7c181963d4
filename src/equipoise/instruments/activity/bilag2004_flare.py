"""Flares by BILAG-2004 grades, in three published senses; they are different instruments and never mixed.

Isenberg: a grade that rests on items scored worse or new. Gordon: a grade newly A, or newly B after C, D or E.
Trials: one newly A or two newly B against the comparison visit. A B reached from A is improvement in the latter two.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np

from equipoise.instruments.activity import bilag2004_standing as one_row
from equipoise.instruments.activity import bilag2004_standing_columns as all_rows
from equipoise.instruments.columns import (
    UNKNOWN,
    Column,
    ColumnOutcome,
    Columns,
    Truths,
    among,
    as_column,
    every,
    some,
    truths,
)
from equipoise.instruments.definition import data, define
from equipoise.instruments.logic import all_of, any_of
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome
from equipoise.items.item import Value

_DATA: Final = data(__name__)
GRADES: Final = ("E", "D", "C", "B", "A")
SYSTEMS: Final = tuple(dict.fromkeys(question["group"] for question in _DATA["inputs"]))
SEVERITIES: Final = ("none", "mild", "moderate", "flare_severity_unknown", "severe")
SYSTEMS_B: Final = {part["id"]: int(part["systems_b"]) for part in _DATA["variants"]}
SYSTEMS_C: Final = int(_DATA["systems_c"])
# From where a grade is newly reached: a B from A is improvement, a C is no flare by the change of grades.
_FROM: Final = {"A": ("E", "D", "C", "B"), "B": ("E", "D", "C"), "C": ()}

Triple: TypeAlias = tuple[bool | None, bool | None, bool | None]


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """Whether there is a flare, of which degree, and in how many systems; `contributions` are the systems with one."""
    found = {system: _reached(given, variant, system) for system in SYSTEMS}
    a, b, c = zip(*found.values(), strict=True)
    severe = any_of(a)
    moderate = one_row.at_least(SYSTEMS_B[variant], b)
    mild = any_of((*b, one_row.at_least(SYSTEMS_C, c))) if variant == "isenberg" else False
    flare = any_of((severe, moderate, mild))
    severity = _severity(flare, severe, moderate)
    settled = (severe, severe or moderate, flare)
    return Outcome(
        results={"flare": flare, "severity": severity, **_counts((a, b, c))},
        unknown=_lacking(given, variant, found, settled) if severity in (None, "flare_severity_unknown") else (),
        contributions={
            system: grade
            for system, held in found.items()
            for grade, reached in zip("ABC", held, strict=True)
            if reached
        },
    )


def _reached(given: Given, variant: str, system: str) -> Triple:
    """Whether this system has flared to A, to B and to C."""
    grade = given.word(f"grade_{system}")
    a, b, c = (None if grade is None else grade == one for one in "ABC")
    if variant == "isenberg":
        new = given.truth(f"new_{system}")
        return all_of((a, new)), all_of((b, new)), all_of((c, new))
    before = given.word(f"reference_{system}")
    from_a, from_b, from_c = (None if before is None and _FROM[one] else before in _FROM[one] for one in "ABC")
    return all_of((a, from_a)), all_of((b, from_b)), all_of((c, from_c))


def _severity(flare: bool | None, severe: bool | None, moderate: bool | None) -> Value | None:
    if severe:
        return "severe"
    if severe is False and moderate:
        return "moderate"
    if severe is False and moderate is False:
        return {True: "mild", False: "none", None: None}[flare]
    return "flare_severity_unknown" if flare else None


def _counts(reached: Sequence[Sequence[bool | None]]) -> dict[str, Value | None]:
    return {
        f"systems_{name}": None if None in held else list(held).count(True)
        for name, held in zip("abc", reached, strict=True)
    }


def _lacking(given: Given, variant: str, found: dict[str, Triple], settled: Triple) -> tuple[str, ...]:
    """The unanswered questions of the systems that could still raise the degree."""
    second = "new" if variant == "isenberg" else "reference"
    open_systems = [
        system
        for system, held in found.items()
        if any(one is None and not done for one, done in zip(held, settled, strict=True))
    ]
    return given.missing(*(f"{part}_{system}" for part in ("grade", second) for system in open_systems))


# --- Many at once -----------------------------------------------------------------------------------------------------


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients."""
    a, b, c = zip(*(_reached_columns(columns, variant, system) for system in SYSTEMS), strict=True)
    severe = some(*a)
    moderate = all_rows.at_least(SYSTEMS_B[variant], b)
    mild = some(*b, all_rows.at_least(SYSTEMS_C, c))
    flare = some(severe, moderate, mild) if variant == "isenberg" else some(severe, moderate)
    return ColumnOutcome(
        {
            "flare": as_column(flare),
            "severity": _severity_column(flare, severe, moderate),
            **{f"systems_{name}": all_rows.count(held) for name, held in zip("abc", (a, b, c), strict=True)},
        }
    )


def _reached_columns(columns: Columns, variant: str, system: str) -> tuple[Truths, Truths, Truths]:
    a, b, c = (among(columns[f"grade_{system}"], [GRADES.index(one)]) for one in "ABC")
    if variant == "isenberg":
        new = truths(columns[f"new_{system}"])
        return every(a, new), every(b, new), every(c, new)
    before = columns[f"reference_{system}"]
    from_a, from_b = (among(before, [GRADES.index(grade) for grade in _FROM[one]]) for one in "AB")
    never = np.zeros(len(before), dtype=np.bool_)
    return every(a, from_a), every(b, from_b), (never, ~never)


def _severity_column(flare: Truths, severe: Truths, moderate: Truths) -> Column:
    neither = severe[1] & moderate[1]
    cases = {
        "severe": severe[0],
        "moderate": severe[1] & moderate[0],
        "mild": neither & flare[0],
        "none": neither & flare[1],
        "flare_severity_unknown": flare[0],
    }
    places = [SEVERITIES.index(name) for name in cases]
    return np.select(list(cases.values()), places, UNKNOWN).astype(np.int64)


INSTRUMENT: Final = define(__name__, compute, compute_columns)
