"""BILAG-2004: a grade from A to E for each of nine organ systems, and the numerical score of the nine.

Seven systems are graded from items that a clinician scores by their course over four weeks; the renal and the
haematological system from laboratory values, their course and their cause. A grade is known once no answer still
lacking could change it. The order of the items never matters.
"""

from collections.abc import Mapping
from typing import Final

from equipoise.instruments.activity.bilag2004_columns import compute_columns
from equipoise.instruments.activity.bilag2004_laboratory import haematological, renal
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
from equipoise.instruments.activity.bilag2004_standing import Standing, at_least, open_grades, scored, total, unanswered
from equipoise.instruments.definition import define
from equipoise.instruments.logic import all_of, any_of, negated
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome
from equipoise.items.item import Value


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """Score, counts, grades and what is new; `contributions` are the grades that stand whatever is still unanswered."""
    in_force = rules(choices)
    standings = {
        "constitutional": constitutional(given),
        **{system: listed(given, system) for system in LISTED_SYSTEMS},
        "renal": renal(given, in_force),
        "haematological": haematological(given, in_force),
    }
    before = {system: given.truth(f"bilag_{system}_before") for system in standings}
    lower, upper = total(standings.values())
    return Outcome(
        results={"score": int(lower) if lower == upper else None, **_results(standings, before)},
        unknown=tuple(name for one in standings.values() for name in one.lacking) if lower != upper else (),
        lower=lower,
        upper=upper,
        contributions={system: one.lowest(before[system]) for system, one in standings.items()},
    )


def _results(standings: Mapping[str, Standing], before: Mapping[str, bool | None]) -> dict[str, Value | None]:
    exactly = {system: one.exactly(before[system]) for system, one in standings.items()}
    no_a = negated(any_of(one.at_least[0] for one in standings.values()))
    two_b = at_least(2, (one.at_least[1] for one in standings.values()))
    return {
        **{f"count_{grade.lower()}": _count([one[grade] for one in exactly.values()]) for grade in reversed(GRADES)},
        **{f"grade_{system}": next((g for g in GRADES if one[g]), None) for system, one in exactly.items()},
        **{f"new_{system}": one.rests_on_new() for system, one in standings.items()},
        "low_activity": all_of((no_a, negated(two_b))),
    }


def _count(held: list[bool | None]) -> int | None:
    return None if None in held else held.count(True)


def listed(given: Given, system: str) -> Standing:
    """A system by its lists: an item scored 2 to 4 gives the grade of its list, an improving one the grade below."""

    def reached(name: str, least: int) -> bool | None:
        return any_of(scored(given.word(item), least) for item in LISTS[system, name])

    a = reached("A", SAME)
    b = any_of((a, reached("A", IMPROVING), reached("B", SAME)))
    c = any_of((b, reached("B", IMPROVING), reached("C", IMPROVING)))
    return Standing(
        at_least=(a, b, c),
        new=(reached("A", WORSE), reached("B", WORSE), reached("C", WORSE)),
        lacking=unanswered(given, (item for name in open_grades((a, b, c)) for item in LISTS[system, name])),
    )


def constitutional(given: Given) -> Standing:
    """Fever with two of the other three for A, fever or two of the others for B, anything for C."""
    fever, *others = (given.word(item) for item in CONSTITUTIONAL)
    two = at_least(2, (scored(one, SAME) for one in others))
    worse = any_of(scored(one, WORSE) for one in others)
    a = all_of((scored(fever, SAME), two))
    b = any_of((scored(fever, SAME), two))
    c = any_of((b, *(scored(one, IMPROVING) for one in (fever, *others))))
    reads = CONSTITUTIONAL if two is None or c is None else CONSTITUTIONAL[:1]
    return Standing(
        at_least=(a, b, c),
        new=(any_of((scored(fever, WORSE), worse)), any_of((scored(fever, WORSE), all_of((two, worse)))), worse),
        lacking=unanswered(given, reads) if open_grades((a, b, c)) else (),
    )


INSTRUMENT: Final = define(__name__, compute, compute_columns)
