"""A column: the answers of many patients to one question, held as arrays so that a rule reads all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

import numpy as np

from equipoise.items.dates import PartialDate
from equipoise.items.item import Answer
from equipoise.items.meaning import DATE, EXACT, KIND, NUMBER, TEXT, TRUTH, Known

Array: TypeAlias = np.ndarray[Any, Any]
MIXED: Final = "mixed"
LARGEST: Final = 2**62  # whole numbers of arrays stay below, so that a sum of two still fits 64 bits


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The answers of many patients, exact: `values` where `known`, and nothing to be read where not known.

    The type of `values` says what they are: truths (bool), numbers (int64, times ten to the power `-scale`), dates
    (datetime64[D]; where only a part is known the first day it can be, and in `latest` the last one), texts (places
    in `words`), or Python objects for what fits no array. Scaled numbers stay below 2**62 on either side of zero.
    """

    values: Array
    known: Array
    scale: int = 0
    words: tuple[str, ...] | None = None
    latest: Array | None = None

    def __post_init__(self) -> None:
        wanted = _TYPES.get(self.values.dtype.kind)
        if wanted is None:
            raise TypeError(f"a column holds no {self.values.dtype}: give whole numbers and a scale")
        object.__setattr__(self, "values", self.values.astype(wanted, copy=False))

    def __len__(self) -> int:
        return len(self.known)

    @property
    def kind(self) -> str:
        """What the answers are: "truth", "number", "date", "text" or "mixed"."""
        return TEXT if self.words is not None else _KINDS[self.values.dtype.kind]

    @staticmethod
    def of(answers: Sequence[Answer]) -> "Column":
        """The column of these answers. Missing ones are not known; the number of trailing zeros is not kept."""
        kinds = [KIND.get(type(answer)) for answer in answers]
        known = np.array([kind is not None for kind in kinds], bool)
        found = set(kinds) - {None}
        build = _BUILD[found.pop() or MIXED] if len(found) == 1 else _mixed if found else _truths
        return build(answers, known)

    def answers(self) -> list[Known]:
        """The answers one by one: None where not known, a date where a partial date is known to the day."""
        values = self._values() if self.latest is None else _partial_dates(self.values, self.latest)
        return [value if known else None for value, known in zip(values, self.known.tolist(), strict=True)]

    def _values(self) -> list[Any]:
        values: list[Any] = self.values.tolist()
        if self.words is not None:
            words = self.words
            return [words[value] for value in values] if words else values
        if self.kind == NUMBER and self.scale:
            return [EXACT.scaleb(Decimal(value), -self.scale) for value in values]
        return values

    def stretched(self, rows: int) -> "Column":
        """A column of one row repeated; a column that has these rows already is itself."""
        if len(self) == rows:
            return self
        latest = None if self.latest is None else np.broadcast_to(self.latest, rows)
        known, values = np.broadcast_to(self.known, rows), np.broadcast_to(self.values, rows)
        return replace(self, values=values, known=known, latest=latest)


_TYPES: Final = {"b": "bool", "i": "int64", "u": "int64", "M": "M8[D]", "O": "object"}
_KINDS: Final = {"b": TRUTH, "i": NUMBER, "M": DATE, "O": MIXED}


def truths(yes: Array, no: Array) -> Column:
    """A column of truths from where it is certainly true and where it is certainly false."""
    return Column(yes, yes | no)


NOTHING_KNOWN: Final = Column(np.zeros(1, bool), np.zeros(1, bool))


def _truths(answers: Sequence[Answer], known: Array) -> Column:
    return Column(np.array([answer is True for answer in answers], bool), known)


def _numbers(answers: Sequence[Any], known: Array) -> Column:
    numbers = [answer if there else 0 for answer, there in zip(answers, known.tolist(), strict=True)]
    scale = max((_places(number) for number in numbers), default=0)
    # More than 18 places never fit, and 1E-999999 is not worth the multiplication that would show it.
    if any(abs(number) >= LARGEST for number in numbers) or scale > 18:
        return _mixed(answers, known)
    scaled = [_scaled(number, scale) for number in numbers]
    if any(abs(number) >= LARGEST for number in scaled):
        return _mixed(answers, known)
    return Column(np.array(scaled, np.int64), known, scale)


def _places(number: int | Decimal) -> int:
    exponent = number.as_tuple().exponent if isinstance(number, Decimal) else 0
    return max(0, -int(exponent))


def _scaled(number: int | Decimal, scale: int) -> int:
    """The number times ten to the power of the scale, which is enough to make it whole."""
    numerator, denominator = number.as_integer_ratio()
    return numerator * int(10**scale) // denominator


def _dates(answers: Sequence[Any], known: Array) -> Column:
    there = known.tolist()
    filler = answers[there.index(True)]  # stands where nothing is known, and keeps later sums within the calendar
    days = [answer if yes else filler for answer, yes in zip(answers, there, strict=True)]
    first = np.array([day.earliest if isinstance(day, PartialDate) else day for day in days], "M8[D]")
    if not any(isinstance(day, PartialDate) and day.exact is None for day in days):
        return Column(first, known)
    last = np.array([day.latest if isinstance(day, PartialDate) else day for day in days], "M8[D]")
    return Column(first, known, latest=last)


def _texts(answers: Sequence[Any], known: Array) -> Column:
    places: dict[str, int] = {}
    there = known.tolist()
    codes = [places.setdefault(answer, len(places)) if yes else 0 for answer, yes in zip(answers, there, strict=True)]
    return Column(np.array(codes, np.int64), known, words=tuple(places))


def _mixed(answers: Sequence[Any], known: Array) -> Column:
    values = np.empty(len(answers), object)
    values[:] = [None if not there else _whole(answer) for answer, there in zip(answers, known.tolist(), strict=True)]
    return Column(values, known)


def _whole(answer: Any) -> Any:
    return answer.exact or answer if isinstance(answer, PartialDate) else answer


_BUILD: Final = {TRUTH: _truths, NUMBER: _numbers, DATE: _dates, TEXT: _texts, MIXED: _mixed}


def _partial_dates(first: Array, last: Array) -> list[date | PartialDate]:
    return [_partial_date(*days) for days in zip(first.tolist(), last.tolist(), strict=True)]


def _partial_date(first: date, last: date) -> date | PartialDate:
    if first == last:
        return first
    return PartialDate(first.year, first.month if first.month == last.month else None)
