"""The SLICC/ACR Damage Index: damage since the onset of lupus that is there to stay, whatever caused it.

That a change is irreversible and has lasted six months is the rater's statement in every answer. The largest possible
total is the sum of the list in use, never a constant. Damage cannot be undone, so a total below an earlier one is an
error of the data: `fell` says so, and `running_maximum` keeps the higher.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import numpy as np

from equipoise.instruments.classification.completions import agreed, extremes, of_one, one_row
from equipoise.instruments.columns import MILLION, UNKNOWN, Column, ColumnOutcome, Columns, Flags
from equipoise.instruments.definition import data, define
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_ITEMS: Final = tuple(item for item in data(__name__)["inputs"] if item["id"] != "previous_total")
POINTS: Final[dict[str, int]] = {item["id"]: int(item.get("points", "1")) for item in _ITEMS}
DOMAINS: Final[dict[str, tuple[str, ...]]] = {
    domain: tuple(item["id"] for item in _ITEMS if item["group"] == domain)
    for domain in dict.fromkeys(item["group"] for item in _ITEMS)
}
# End-stage renal disease stands instead of the other renal items.
INSTEAD: Final[dict[str, str]] = {item["id"]: item["group"] for item in _ITEMS if item.get("instead") == "yes"}


def rule(levels: Columns) -> dict[str, Column]:
    """The total and the domains where every item is answered."""
    domains = {domain: _domain(levels, names) for domain, names in DOMAINS.items()}
    return {"total": np.sum(list(domains.values()), axis=0), **domains}


def _domain(levels: Columns, names: tuple[str, ...]) -> Column:
    added: Column = np.sum([POINTS[name] * levels[name] for name in names if name not in INSTEAD], axis=0)
    for name in names:
        if name in INSTEAD:
            added = np.where(levels[name] == 1, POINTS[name], added)
    return added


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """The total with its bounds, the domains, and whether the total has fallen."""
    previous = given.number("previous_total")
    earlier = np.array([UNKNOWN if previous is None else int(previous)], dtype=np.int64)
    lowest, highest = extremes(rule, one_row(given, _QUESTIONS), _QUESTIONS)
    results = of_one(_judged(lowest, highest, earlier), ("fell",))
    return Outcome(
        results=results,
        unknown=_lacking(given) if results["total"] is None else (),
        lower=Decimal(int(lowest["total"][0])),
        upper=Decimal(int(highest["total"][0])),
        contributions=_given_by_each(given),
    )


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients."""
    previous = columns["previous_total"]
    earlier = np.where(previous == UNKNOWN, UNKNOWN, previous // MILLION)
    lowest, highest = extremes(rule, columns, _QUESTIONS)
    return ColumnOutcome(_judged(lowest, highest, earlier), lower=lowest["total"], upper=highest["total"])


def _judged(lowest: Mapping[str, Column], highest: Mapping[str, Column], earlier: Column) -> dict[str, Column]:
    ends = [{**end, **_against(end["total"], earlier)} for end in (lowest, highest)]
    known = agreed(*ends)
    return {name: known[name] for name in INSTRUMENT.results}


def _against(total: Column, earlier: Column) -> dict[str, Column]:
    """The total beside the earlier one; unknown while that is."""
    open_rows: Flags = earlier == UNKNOWN
    return {
        "running_maximum": np.where(open_rows, UNKNOWN, np.maximum(total, earlier)),
        "fell": np.where(open_rows, UNKNOWN, total < earlier),
    }


def _replaced(given: Given) -> frozenset[str]:
    """The items another one stands in for."""
    surely = [name for name in INSTEAD if given.truth(name)]
    return frozenset(item for name in surely for item in DOMAINS[INSTEAD[name]] if item != name)


def _lacking(given: Given) -> tuple[str, ...]:
    return given.missing(*(name for name in POINTS if name not in _replaced(given)))


def _given_by_each(given: Given) -> dict[str, Decimal]:
    """The points of every answered item."""
    levels = {name: int(column[0]) for name, column in one_row(given, _QUESTIONS).items()}
    replaced = _replaced(given)
    return {
        name: Decimal(0 if name in replaced else POINTS[name] * level)
        for name, level in levels.items()
        if level != UNKNOWN
    }


INSTRUMENT: Final = define(__name__, compute, compute_columns)
_QUESTIONS: Final = tuple(question for question in INSTRUMENT.inputs if question.id in POINTS)
