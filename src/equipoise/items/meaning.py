"""What each operation of the rule language means for one patient: three-valued, exact, and never an exception.

None is unknown. A value of the wrong kind, a division by zero, and a number of more than 200 digits are unknown too.
The state `not_assessed` is unknown wherever a rule looks at it. Decimals are exact except in a quotient, which is
rounded to 28 significant digits. A partial date compares only where every day it can be gives the same result.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation, Overflow
from typing import Any, Final, TypeAlias

from equipoise.items.dates import PartialDate
from equipoise.items.item import Value

Known: TypeAlias = Value | None
NOT_ASSESSED: Final = "not_assessed"

# The kinds are compared by identity; a type that is not here, such as Missing, is unknown.
TRUTH, NUMBER, TEXT, DATE = "truth", "number", "text", "date"
KIND: Final[dict[type, str]] = {
    bool: TRUTH, int: NUMBER, Decimal: NUMBER, str: TEXT, date: DATE, PartialDate: DATE,
}  # fmt: skip

EXACT: Final = Context(prec=200, rounding=ROUND_HALF_UP, traps=[Inexact, InvalidOperation, Overflow])
_ROUNDING: Final = Context(prec=200, rounding=ROUND_HALF_UP, traps=[InvalidOperation, Overflow])
_ALL_DAYS: Final = date.max.toordinal()
_QUOTIENT: Final = Context(prec=28, traps=[InvalidOperation, Overflow])


# --- Comparisons ------------------------------------------------------------------------------------------------
# The sides are Any: the kind is looked up at run time, and that look-up is the hot path of every rule.


def equal(left: Any, right: Any) -> bool | None:
    """Whether two values are the same."""
    kind = KIND.get(type(left))
    if kind is None or kind is not KIND.get(type(right)):
        return None
    if kind is TEXT and NOT_ASSESSED in (left, right):
        return None
    return _same_day(left, right) if kind is DATE else bool(left == right)


def unequal(left: Any, right: Any) -> bool | None:
    """Whether two values differ."""
    return negation(equal(left, right))


def less(left: Any, right: Any) -> bool | None:
    """Whether the left number or date comes first."""
    kind = KIND.get(type(left))
    if kind is None or kind is not KIND.get(type(right)):
        return None
    if kind is NUMBER:
        return bool(left < right)
    return _certain(_last(left) < _first(right), _first(left) >= _last(right)) if kind is DATE else None


def less_or_equal(left: Any, right: Any) -> bool | None:
    """Whether the left number or date does not come after the right one."""
    kind = KIND.get(type(left))
    if kind is None or kind is not KIND.get(type(right)):
        return None
    if kind is NUMBER:
        return bool(left <= right)
    return _certain(_last(left) <= _first(right), _first(left) > _last(right)) if kind is DATE else None


def greater(left: Any, right: Any) -> bool | None:
    """Whether the left number or date comes after."""
    return less(right, left)


def greater_or_equal(left: Any, right: Any) -> bool | None:
    """Whether the left number or date does not come before the right one."""
    return less_or_equal(right, left)


def _first(value: date | PartialDate) -> date:
    return value.earliest if isinstance(value, PartialDate) else value


def _last(value: date | PartialDate) -> date:
    return value.latest if isinstance(value, PartialDate) else value


def _certain(yes: bool, no: bool) -> bool | None:
    return True if yes else False if no else None


def _same_day(left: date | PartialDate, right: date | PartialDate) -> bool | None:
    apart = _last(left) < _first(right) or _last(right) < _first(left)
    exact = _first(left) == _last(left) and _first(right) == _last(right)
    return _certain(exact and not apart, apart)


def among(value: Any, members: tuple[Any, ...]) -> bool | None:
    """Whether a value is one of a list of literals, which are all of one kind."""
    return disjunction(*(equal(value, member) for member in members))


# --- Three-valued logic (Kleene 1952, section 64) -----------------------------------------------------------------


def negation(value: Any) -> bool | None:
    """Not: the unknown stays unknown."""
    return None if type(value) is not bool else not value


def conjunction(*values: Any) -> bool | None:
    """And: one False decides."""
    result: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is not True:
            result = None
    return result


def disjunction(*values: Any) -> bool | None:
    """Or: one True decides."""
    result: bool | None = False
    for value in values:
        if value is True:
            return True
        if value is not False:
            result = None
    return result


def chosen(condition: Any, then: Any, otherwise: Any) -> Known:
    """`then if condition else otherwise`: under an unknown condition, only what both branches agree on."""
    if condition is True:
        return _known(then)
    if condition is False:
        return _known(otherwise)
    return _known(then) if equal(then, otherwise) else None


def known(value: Any) -> bool:
    """Whether a value is there. Never unknown itself."""
    return type(value) in KIND and value != NOT_ASSESSED


def first_known(*values: Any) -> Known:
    """The first value that is there."""
    return next((value for value in values if known(value)), None)


def _known(value: Any) -> Known:
    return value if type(value) in KIND else None


# --- Arithmetic -------------------------------------------------------------------------------------------------


def _exactly(calculate: Callable[..., Decimal], *numbers: Any) -> Decimal | None:
    try:
        return calculate(*numbers)
    except (Inexact, InvalidOperation, Overflow):
        return None


def plus(left: Any, right: Any) -> Known:
    """The sum of two numbers, or the date so many days later."""
    match KIND.get(type(left)), KIND.get(type(right)):
        case "number", "number":
            return left + right if type(left) is type(right) is int else _exactly(EXACT.add, left, right)
        case "date", "number":
            return _later(left, right)
        case "number", "date":
            return _later(right, left)
    return None


def minus(left: Any, right: Any) -> Known:
    """The difference of two numbers, the days between two dates, or the date so many days earlier."""
    match KIND.get(type(left)), KIND.get(type(right)):
        case "number", "number":
            return left - right if type(left) is type(right) is int else _exactly(EXACT.subtract, left, right)
        case "date", "date":
            return days_between(right, left)
        case "date", "number":
            return _later(left, right, -1)
    return None


def times(left: Any, right: Any) -> Known:
    """The product of two numbers."""
    if not KIND.get(type(left)) is KIND.get(type(right)) is NUMBER:
        return None
    return left * right if type(left) is type(right) is int else _exactly(EXACT.multiply, left, right)


def divided(left: Any, right: Any) -> Decimal | None:
    """The quotient of two numbers, to 28 significant digits; by zero it is unknown."""
    if not KIND.get(type(left)) is KIND.get(type(right)) is NUMBER or not right:
        return None
    return _exactly(_QUOTIENT.divide, left, right)


def negative(value: Any) -> Known:
    """The number with the other sign."""
    return minus(0, value) if KIND.get(type(value)) is NUMBER else None


def absolute(value: Any) -> Known:
    """The number without its sign."""
    return negative(value) if less(value, 0) else value if KIND.get(type(value)) is NUMBER else None


def rounded(value: Any, places: Any = 0) -> Known:
    """Rounded to so many decimal places, a half going away from zero, as in the clinic."""
    if type(value) is not Decimal:
        return value if type(value) is int else None
    return _exactly(_ROUNDING.quantize, value, Decimal(1).scaleb(-places))


def _later(day: date | PartialDate, days: int | Decimal, direction: int = 1) -> date | None:
    exact = day.exact if isinstance(day, PartialDate) else day
    if exact is None or not -_ALL_DAYS <= days <= _ALL_DAYS or int(days) != days:
        return None
    try:
        return exact + timedelta(days=direction * int(days))
    except OverflowError:
        return None


def days_between(start: Any, end: Any) -> int | None:
    """Days from the start to the end; unknown when either is known only in part."""
    if not KIND.get(type(start)) is KIND.get(type(end)) is DATE:
        return None
    shortest, longest = _first(end) - _last(start), _last(end) - _first(start)
    return shortest.days if shortest == longest else None


def years_between(start: Any, end: Any) -> int | None:
    """Completed years from the start to the end; who was born on 29 February completes a common year on 1 March.

    Negative when the end comes first: one day before is -1, so that a birth after the visit is seen.
    """
    if not KIND.get(type(start)) is KIND.get(type(end)) is DATE:
        return None
    fewest, most = _years(_last(start), _first(end)), _years(_first(start), _last(end))
    return fewest if fewest == most else None


def _years(start: date, end: date) -> int:
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


# --- Several values ---------------------------------------------------------------------------------------------


def least(*values: Any) -> Known:
    """The smallest number or the first date; unknown when one is unknown, or when it is not certain which is first."""
    return _extreme(less_or_equal, values)


def greatest(*values: Any) -> Known:
    """The largest number or the last date; unknown when one is unknown, or when it is not certain which is last."""
    return _extreme(greater_or_equal, values)


def _extreme(before: Callable[[Any, Any], bool | None], values: tuple[Any, ...]) -> Known:
    for place, value in enumerate(values):
        others = values[:place] + values[place + 1 :]
        if conjunction(*(before(value, other) for other in others)):
            return _known(value)
    return None


def count(members: Any, wanted: Any) -> int | None:
    """How many members of a group equal the wanted value; unknown when one member is unknown."""
    if type(members) is not tuple:
        return None
    found = [equal(member, wanted) for member in members]
    return None if None in found else found.count(True)
