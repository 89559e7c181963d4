"""BILAG-2004 of many patients at once: the rules of `bilag2004`, written a second time on columns."""

from collections.abc import Mapping

import numpy as np

from equipoise.instruments.activity.bilag2004_laboratory_columns import haematological, renal
from equipoise.instruments.activity.bilag2004_rules import (
    CONSTITUTIONAL,
    GRADES,
    IMPROVING,
    LISTED_SYSTEMS,
    LISTS,
    SAME,
    WORSE,
    rules,
)
from equipoise.instruments.activity.bilag2004_standing_columns import ColumnStanding, at_least, count, scored
from equipoise.instruments.columns import (
    UNKNOWN,
    Column,
    ColumnOutcome,
    Columns,
    Truths,
    always,
    as_column,
    every,
    negate,
    some,
    truths,
)
from equipoise.instruments.reading import Choices


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """Score, counts, grades and what is new, as columns."""
    in_force = rules(choices)
    standings = {
        "constitutional": constitutional(columns),
        **{system: listed(columns, system) for system in LISTED_SYSTEMS},
        "renal": renal(columns, in_force),
        "haematological": haematological(columns, in_force),
    }
    lower = np.sum([one.least_points() for one in standings.values()], axis=0)
    upper = np.sum([one.most_points() for one in standings.values()], axis=0)
    score = np.where(lower == upper, lower, UNKNOWN)
    return ColumnOutcome({"score": score, **_results(columns, standings)}, lower=lower, upper=upper)


def _results(columns: Columns, standings: Mapping[str, ColumnStanding]) -> dict[str, Column]:
    exactly = {system: one.exactly(truths(columns[f"bilag_{system}_before"])) for system, one in standings.items()}
    no_a = negate(some(*(one.at_least[0] for one in standings.values())))
    two_b = at_least(2, [one.at_least[1] for one in standings.values()])
    return {
        **{f"count_{grade.lower()}": count([one[grade] for one in exactly.values()]) for grade in reversed(GRADES)},
        **{f"grade_{system}": _grade(one) for system, one in exactly.items()},
        **{f"new_{system}": as_column(one.rests_on_new()) for system, one in standings.items()},
        "low_activity": as_column(every(no_a, negate(two_b))),
    }


def _grade(exactly: Mapping[str, Truths]) -> Column:
    held = [exactly[grade][0] for grade in GRADES]
    return np.select(held, list(range(len(GRADES))), UNKNOWN).astype(np.int64)


def listed(columns: Columns, system: str) -> ColumnStanding:
    """A system by its lists."""
    none = always(False, len(columns[CONSTITUTIONAL[0]]))

    def reached(name: str, least: int) -> Truths:
        return some(none, *(scored(columns[item], least) for item in LISTS[system, name]))

    a = reached("A", SAME)
    b = some(a, reached("A", IMPROVING), reached("B", SAME))
    c = some(b, reached("B", IMPROVING), reached("C", IMPROVING))
    return ColumnStanding((a, b, c), (reached("A", WORSE), reached("B", WORSE), reached("C", WORSE)))


def constitutional(columns: Columns) -> ColumnStanding:
    """Fever with two of the other three for A, fever or two of the others for B, anything for C."""
    fever, *others = (columns[item] for item in CONSTITUTIONAL)
    two = at_least(2, [scored(one, SAME) for one in others])
    worse = some(*(scored(one, WORSE) for one in others))
    a = every(scored(fever, SAME), two)
    b = some(scored(fever, SAME), two)
    c = some(b, *(scored(one, IMPROVING) for one in (fever, *others)))
    new_b = some(scored(fever, WORSE), every(two, worse))
    return ColumnStanding((a, b, c), (some(scored(fever, WORSE), worse), new_b, worse))
