"""What `meaning` says of one patient, said of many at once. None where arrays cannot say it exactly.

Every function here has its twin of the same name in `meaning`, and must agree with it row by row.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from typing import Any, Final

import numpy as np

from equipoise.items.columns import LARGEST, MIXED, NOTHING_KNOWN, Array, Column, truths
from equipoise.items.meaning import DATE, NOT_ASSESSED, NUMBER, TEXT, TRUTH

_FIRST_DAY, _LAST_DAY = np.datetime64(date.min, "D"), np.datetime64(date.max, "D")


# --- Bringing columns together ----------------------------------------------------------------------------------


def _fits(values: Array, factor: int = 1) -> bool:
    """Whether values times a factor stay within the numbers of an array."""
    return not len(values) or max(1, abs(int(values.max())), abs(int(values.min()))) * factor < LARGEST


def _rescaled(column: Column, scale: int) -> Column | None:
    if column.scale == scale:
        return column
    factor = 10 ** (scale - column.scale)
    if not _fits(column.values, factor):
        return None
    return replace(column, values=column.values * factor, scale=scale)


def _reworded(column: Column, places: dict[str, int]) -> Column:
    table = np.array([places[word] for word in column.words or ()] or [0], np.int64)
    return replace(column, values=table[column.values], words=tuple(places))


def _alike(columns: Sequence[Column]) -> list[Column] | None:
    """The columns on one scale or with one list of words; None when they are of different kinds or do not fit."""
    kinds = {column.kind for column in columns}
    if len(kinds) != 1 or MIXED in kinds:
        return None
    if kinds == {NUMBER}:
        scale = max(column.scale for column in columns)
        scaled = [_rescaled(column, scale) for column in columns]
        return [column for column in scaled if column is not None] if None not in scaled else None
    if kinds == {TEXT}:
        places = {word: place for place, word in enumerate(dict.fromkeys(_all_words(columns)))}
        return [_reworded(column, places) for column in columns]
    return list(columns)


def _all_words(columns: Sequence[Column]) -> list[str]:
    return [word for column in columns for word in column.words or ()]


def _clash(columns: Sequence[Column]) -> bool:
    """Whether the kinds differ for certain, so that the result is unknown in every row."""
    kinds = {column.kind for column in columns}
    return len(kinds) > 1 and MIXED not in kinds


def _there(column: Column) -> Array:
    """Where a value is known and, if it is a state, was assessed."""
    if column.words is None or NOT_ASSESSED not in column.words:
        return column.known
    assessed: Array = column.values != column.words.index(NOT_ASSESSED)
    return column.known & assessed


def _last(column: Column) -> Array:
    return column.values if column.latest is None else column.latest


# --- Comparisons ------------------------------------------------------------------------------------------------


def equal(left: Column, right: Column) -> Column | None:
    """Whether two columns are the same, row by row."""
    pair = _alike((left, right))
    if pair is None:
        return NOTHING_KNOWN if _clash((left, right)) else None
    left, right = pair
    both = _there(left) & _there(right)
    if left.latest is None and right.latest is None:
        return Column((left.values == right.values) & both, both)
    apart = (_last(left) < right.values) | (_last(right) < left.values)
    exact = (left.values == _last(left)) & (right.values == _last(right))
    return truths(both & exact & ~apart, both & apart)


def unequal(left: Column, right: Column) -> Column | None:
    """Whether two columns differ, row by row."""
    same = equal(left, right)
    return None if same is None else negation(same)


def less(left: Column, right: Column) -> Column | None:
    """Whether the left number or date comes first, row by row."""
    return _ordered(left, right, np.less, np.greater_equal)


def less_or_equal(left: Column, right: Column) -> Column | None:
    """Whether the left number or date does not come after the right one, row by row."""
    return _ordered(left, right, np.less_equal, np.greater)


def greater(left: Column, right: Column) -> Column | None:
    """Whether the left number or date comes after, row by row."""
    return less(right, left)


def greater_or_equal(left: Column, right: Column) -> Column | None:
    """Whether the left number or date does not come before the right one, row by row."""
    return less_or_equal(right, left)


def _ordered(left: Column, right: Column, yes: Callable[..., Array], no: Callable[..., Array]) -> Column | None:
    pair = _alike((left, right))
    if pair is None:
        return NOTHING_KNOWN if _clash((left, right)) else None
    left, right = pair
    if left.kind not in (NUMBER, DATE):
        return NOTHING_KNOWN
    both = left.known & right.known
    if left.latest is None and right.latest is None:
        return Column(yes(left.values, right.values) & both, both)
    return truths(both & yes(_last(left), right.values), both & no(left.values, _last(right)))


# --- Three-valued logic -----------------------------------------------------------------------------------------


def _yes(column: Column) -> Array:
    return column.known & column.values


def _no(column: Column) -> Array:
    return column.known & ~column.values


def _as_truths(columns: Sequence[Column]) -> list[Column] | None:
    if any(column.kind == MIXED for column in columns):
        return None
    return [column if column.kind == TRUTH else NOTHING_KNOWN for column in columns]


def negation(column: Column) -> Column | None:
    """Not, row by row."""
    given = _as_truths((column,))
    return None if given is None else truths(_no(given[0]), _yes(given[0]))


def conjunction(*columns: Column) -> Column | None:
    """And, row by row."""
    given = _as_truths(columns)
    if given is None:
        return None
    return truths(reduce(np.logical_and, map(_yes, given)), reduce(np.logical_or, map(_no, given)))


def disjunction(*columns: Column) -> Column | None:
    """Or, row by row."""
    given = _as_truths(columns)
    return None if given is None else any_true(given)


def any_true(given: Sequence[Column]) -> Column:
    """Or, row by row, of columns that are truths."""
    return truths(reduce(np.logical_or, map(_yes, given)), reduce(np.logical_and, map(_no, given)))


def chosen(condition: Column, then: Column, otherwise: Column) -> Column | None:
    """The one branch or the other, row by row; under an unknown condition, what both agree on."""
    given, pair = _as_truths((condition,)), _alike((then, otherwise))
    same = equal(then, otherwise)
    if given is None or pair is None or same is None:
        return None
    return _merged(pair[0], pair[1], _yes(given[0]) | _yes(same), _no(given[0]))


def _merged(left: Column, right: Column, take_left: Array, take_right: Array) -> Column:
    known = (take_left & left.known) | (take_right & right.known)
    latest = None
    if left.latest is not None or right.latest is not None:
        latest = np.where(take_left, _last(left), _last(right))
    values = np.where(take_left, left.values, right.values)
    return Column(values, known, left.scale, left.words, latest)


def known(column: Column) -> Column:
    """Whether a value is there, row by row."""
    there = _there(column)
    if column.kind == MIXED:
        there = there & (column.values != NOT_ASSESSED)
    return truths(there, ~there)


def first_known(*columns: Column) -> Column | None:
    """The first value that is there, row by row."""
    given = _alike(columns)
    return None if given is None else reduce(_filled, given[1:], _assessed(given[0]))


def _assessed(column: Column) -> Column:
    return replace(column, known=_there(column))


def _filled(left: Column, right: Column) -> Column:
    return _merged(left, _assessed(right), left.known, ~left.known)


# --- Arithmetic -------------------------------------------------------------------------------------------------


def _numbers(left: Column, right: Column) -> bool:
    return left.kind == right.kind == NUMBER


def plus(left: Column, right: Column) -> Column | None:
    """The sum of two numbers, or the date so many days later, row by row."""
    if left.kind == NUMBER and right.kind == DATE:
        left, right = right, left
    return _combined(left, right, np.add)


def minus(left: Column, right: Column) -> Column | None:
    """The difference of two numbers, the days between two dates, or the date so many days earlier, row by row."""
    if left.kind == right.kind == DATE:
        return days_between(right, left)
    return _combined(left, right, np.subtract)


def _combined(left: Column, right: Column, calculate: Callable[..., Array]) -> Column | None:
    if left.kind == DATE and right.kind == NUMBER:
        return _moved(left, right, calculate)
    if MIXED in (left.kind, right.kind):
        return None
    if not _numbers(left, right):
        return NOTHING_KNOWN
    pair = _alike((left, right))
    if pair is None or not all(_fits(column.values, 2) for column in pair):
        return None
    return Column(calculate(pair[0].values, pair[1].values), left.known & right.known, pair[0].scale)


def _moved(day: Column, days: Column, calculate: Callable[..., Array]) -> Column | None:
    """Dates so many days away; beyond the calendar, or by a part of a day, each row is judged by itself."""
    if days.scale or not len(days) or not len(day):
        return None
    span = np.array([days.values.min(), days.values.max()])
    ends = np.array([day.values.min(), day.values.max()])
    reach = calculate(ends[:, None], span[None, :].astype("m8[D]"))
    if reach.min() < _FIRST_DAY or reach.max() > _LAST_DAY:
        return None
    moved = calculate(day.values, days.values.astype("m8[D]"))
    return Column(moved, day.known & days.known & (day.values == _last(day)))


def times(left: Column, right: Column) -> Column | None:
    """The product of two numbers, row by row."""
    if MIXED in (left.kind, right.kind):
        return None
    if not _numbers(left, right):
        return NOTHING_KNOWN
    if not len(left) or not len(right) or not _fits(left.values, max(1, int(np.abs(right.values).max()))):
        return None
    return Column(left.values * right.values, left.known & right.known, left.scale + right.scale)


def negative(column: Column) -> Column | None:
    """The number with the other sign, row by row."""
    return replace(column, values=-column.values) if column.kind == NUMBER else None


def absolute(column: Column) -> Column | None:
    """The number without its sign, row by row."""
    return replace(column, values=np.abs(column.values)) if column.kind == NUMBER else None


def rounded(column: Column, places: Column | None = None) -> Column | None:
    """Rounded to so many decimal places, a half going away from zero, row by row."""
    if column.kind != NUMBER:
        return None
    scale = 0 if places is None else int(places.values[0])  # a literal: the same in every row
    if scale >= column.scale:
        return column
    unit = 10 ** (column.scale - scale)
    if unit >= LARGEST:
        return None
    size = (np.abs(column.values) + unit // 2) // unit
    return Column(np.sign(column.values) * size, column.known, scale)


# --- Dates and several values -----------------------------------------------------------------------------------


def days_between(start: Column, end: Column) -> Column | None:
    """Days from the start to the end, row by row."""
    if not start.kind == end.kind == DATE:
        return None
    shortest, longest = end.values - _last(start), _last(end) - start.values
    return Column(shortest.astype(np.int64), start.known & end.known & (shortest == longest))


def years_between(start: Column, end: Column) -> Column | None:
    """Completed years from the start to the end, row by row."""
    if not start.kind == end.kind == DATE:
        return None
    fewest, most = _years(_last(start), end.values), _years(start.values, _last(end))
    return Column(fewest, start.known & end.known & (fewest == most))


def _years(start: Array, end: Array) -> Array:
    (start_year, start_day), (end_year, end_day) = _calendar(start), _calendar(end)
    years: Array = end_year - start_year - (end_day < start_day)
    return years


def _calendar(days: Array) -> tuple[Array, Array]:
    """The year, and the day within it as month and day in one number."""
    years, months = days.astype("M8[Y]"), days.astype("M8[M]")
    month = (months - years.astype("M8[M]")).astype(np.int64)
    day = (days - months.astype("M8[D]")).astype(np.int64)
    return years.astype(np.int64), month * 100 + day


def least(*columns: Column) -> Column | None:
    """The smallest number or the first date, row by row."""
    return _extreme(np.minimum, columns)


def greatest(*columns: Column) -> Column | None:
    """The largest number or the last date, row by row."""
    return _extreme(np.maximum, columns)


def _extreme(choose: Callable[[Array, Array], Array], columns: Sequence[Column]) -> Column | None:
    given = _alike(columns)
    if given is None or given[0].kind not in (NUMBER, DATE) or any(column.latest is not None for column in given):
        return None
    values = reduce(choose, [column.values for column in given])
    return Column(values, reduce(np.logical_and, [column.known for column in given]), given[0].scale)


def total(columns: Sequence[Column]) -> Column:
    """How many of these truths are true, row by row; unknown where one is unknown."""
    if not columns:
        return Column(np.zeros(1, np.int64), np.ones(1, bool))
    number: Array = reduce(np.add, [_yes(column).astype(np.int64) for column in columns])
    return Column(number, reduce(np.logical_and, [column.known for column in columns]))


TWINS: Final[dict[str, Any]] = {
    twin.__name__: twin
    for twin in (
        equal, unequal, less, less_or_equal, greater, greater_or_equal, negation, conjunction, disjunction, chosen,
        known, first_known, plus, minus, times, negative, absolute, rounded, days_between, years_between, least,
        greatest,
    )
}  # fmt: skip
