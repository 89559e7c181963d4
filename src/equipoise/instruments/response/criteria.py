"""A target or a response is a list of criteria that must all hold: judged once for one patient and once on columns."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

import numpy as np

from equipoise.instruments.columns import UNKNOWN, ColumnOutcome, Columns, Truths, as_column, every, millionths
from equipoise.instruments.logic import all_of
from equipoise.instruments.parts import COMPARISONS, Threshold
from equipoise.instruments.reading import Given
from equipoise.instruments.result import Contributions, Outcome

Criteria: TypeAlias = Mapping[str, bool | None]
Reads: TypeAlias = Mapping[str, tuple[str, ...]]  # which answers a criterion reads
Scale: TypeAlias = tuple[Decimal, Decimal]  # the least and the greatest value of a measure


def target(name: str, criteria: Criteria, reads: Reads, given: Given) -> Outcome:
    """A state that is reached when every criterion holds; `contributions` are the criteria that surely do not."""
    reached = all_of(criteria.values())
    lacking = given.missing(*open_questions(criteria, reads)) if reached is None else ()
    return Outcome({name: reached, **criteria}, lacking, contributions=broken(criteria))


def target_columns(name: str, criteria: Mapping[str, Truths]) -> ColumnOutcome:
    """The same for many patients."""
    reached = every(*criteria.values())
    return ColumnOutcome({name: as_column(reached), **as_columns(criteria)})


def broken(criteria: Criteria) -> Contributions:
    """The criteria that surely do not hold."""
    return {name: "not_met" for name, holds in criteria.items() if holds is False}


def open_questions(criteria: Criteria, reads: Reads) -> tuple[str, ...]:
    """The answers read by the criteria that are open, in the order of the criteria."""
    return tuple(
        dict.fromkeys(name for criterion in criteria if criteria[criterion] is None for name in reads[criterion])
    )


def as_columns(criteria: Mapping[str, Truths]) -> Columns:
    """Every criterion as a column."""
    return {name: as_column(holds) for name, holds in criteria.items()}


def difference_met(limit: Threshold, given: Given, left: str, right: str, scale: Scale) -> bool | None:
    """Whether left minus right is on the side of a limit that counts.

    Known in spite of a missing answer where no value on the scale could change it: a PGA of 0.2 cannot have risen by
    0.3, whatever it was.
    """
    (low, high), minuend, subtrahend = scale, given.number(left), given.number(right)
    least = (low if minuend is None else minuend) - (high if subtrahend is None else subtrahend)
    most = (high if minuend is None else minuend) - (low if subtrahend is None else subtrahend)
    at_least, at_most = limit.met(least), limit.met(most)
    return at_least if at_least is at_most else None


def difference_met_columns(limit: Threshold, columns: Columns, left: str, right: str, scale: Scale) -> Truths:
    """The same for many patients."""
    low, high = map(millionths, scale)
    minuend, subtrahend, bound = columns[left], columns[right], millionths(limit.value)
    compare = COMPARISONS[limit.comparison]
    least = np.where(minuend == UNKNOWN, low, minuend) - np.where(subtrahend == UNKNOWN, high, subtrahend)
    most = np.where(minuend == UNKNOWN, high, minuend) - np.where(subtrahend == UNKNOWN, low, subtrahend)
    at_least, at_most = compare(least, bound), compare(most, bound)
    return at_least & at_most, ~at_least & ~at_most
