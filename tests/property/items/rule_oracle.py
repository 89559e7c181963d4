"""A second, slow reading of the rule language, written from Kleene's tables and from the calendar, for comparison.

It shares no code with the room: fractions instead of decimals, and for a partial date every day that it can be.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product

from equipoise.items import Missing, PartialDate

AND = {(True, True): True, (True, False): False, (False, True): False, (False, False): False,
       (True, None): None, (None, True): None, (False, None): False, (None, False): False,
       (None, None): None}  # fmt: skip
OR = {(True, True): True, (True, False): True, (False, True): True, (False, False): False,
      (True, None): True, (None, True): True, (False, None): None, (None, False): None, (None, None): None}  # fmt: skip
NOT = {True: False, False: True, None: None}


@dataclass(frozen=True)
class Days:
    """Every day a date can be."""

    possible: tuple[date, ...]


def plain(value):
    """A value in the words of this file: numbers as fractions, dates as their possible days, the rest as it is."""
    if value is None or isinstance(value, bool | str | Fraction | Days):
        return value
    if isinstance(value, Missing | tuple):
        return None
    if isinstance(value, int | Decimal):
        return Fraction(value)
    if isinstance(value, PartialDate):
        day, possible = value.earliest, []
        while str(day).startswith(str(value)):
            possible.append(day)
            if day == date.max:
                break
            day += timedelta(days=1)
        return Days(tuple(possible))
    return Days((value,))


def truth(value):
    return value if isinstance(value, bool) else None


def agreed(results):
    found = set(results)
    return found.pop() if len(found) == 1 else None


def compare(sign, left, right):
    if type(left) is not type(right) or left is None or "not_assessed" in (left, right):
        return None
    if isinstance(left, Days):
        return agreed(_compare(sign, a, b) for a, b in product(left.possible, right.possible))
    if isinstance(left, Fraction) or sign in ("==", "!="):
        return _compare(sign, left, right)
    return None


def _compare(sign, left, right):
    return {"==": left == right, "!=": left != right}[sign] if sign in ("==", "!=") else {
        "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]  # fmt: skip


def quotient(left, right):
    """Rounded by hand to 28 significant digits, an even last digit breaking ties."""
    if right == 0:
        return None
    exact = left / right
    if exact == 0:
        return Fraction(0)
    unit = Fraction(1)
    while abs(exact) / unit >= 10**28:
        unit *= 10
    while abs(exact) / unit < 10**27:
        unit /= 10
    return round(exact / unit) * unit  # round() of a fraction takes the even neighbour


def half_up(value, places):
    size = abs(value) * 10**places + Fraction(1, 2)
    whole = Fraction(size.numerator // size.denominator, 10**places)
    return whole if value >= 0 else -whole


def anniversary(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def completed_years(start, end):
    years = end.year - start.year
    return Fraction(years if anniversary(start, years) <= end else years - 1)


def calculate(sign, left, right):
    kinds = (type(left), type(right))
    if kinds == (Fraction, Fraction):
        if sign == "/":
            return quotient(left, right)
        return {"+": left + right, "-": left - right, "*": left * right}[sign]
    if kinds == (Days, Days) and sign == "-":
        return over_days(lambda a, b: Fraction((a - b).days), left, right)
    if kinds == (Fraction, Days) and sign == "+":
        left, right, kinds = right, left, (Days, Fraction)
    if kinds == (Days, Fraction) and sign in "+-" and len(left.possible) == 1 and right.denominator == 1:
        try:
            return Days((left.possible[0] + timedelta(days=int(right) * (1 if sign == "+" else -1)),))
        except OverflowError:
            return None
    return None


def over_days(function, left, right):
    if not isinstance(left, Days) or not isinstance(right, Days):
        return None
    return agreed(function(a, b) for a, b in product(left.possible, right.possible))


def extreme(sign, values):
    for place, value in enumerate(values):
        others = values[:place] + values[place + 1 :]
        if all(compare(sign, value, other) is True for other in others):
            return value
    return None


def evaluate(tree, environment):
    """The value of a tree as the strategies below build it."""
    kind, *parts = tree
    if kind == "literal":
        return plain(parts[0])
    if kind == "name":
        return plain(environment.get(parts[0]))
    if kind == "count":
        members = environment.get(parts[0])
        if not isinstance(members, tuple):
            return None
        found = [compare("==", plain(member), parts[1]) for member in members]
        return None if None in found else Fraction(sum(found))
    values = [evaluate(part, environment) for part in parts[1:]]
    return OPERATIONS[kind](parts[0], *values)


def _fold(table, start):
    def fold(_, *values):
        result = start
        for value in values:
            result = table[result, truth(value)]
        return result

    return fold


def _if(_, condition, then, otherwise):
    if truth(condition) is None:
        return then if compare("==", then, otherwise) is True else None
    return then if condition else otherwise


def _member(_, value, *members):
    found = [compare("==", value, member) for member in members]
    return True if True in found else None if None in found else False


def _there(value):
    return value is not None and value != "not_assessed"


OPERATIONS = {
    "and": _fold(AND, True),
    "or": _fold(OR, False),
    "not": lambda _, value: NOT[truth(value)],
    "compare": compare,
    "arithmetic": calculate,
    "negative": lambda _, value: -value if isinstance(value, Fraction) else None,
    "in": _member,
    "not in": lambda _, *values: NOT[_member(_, *values)],
    "if": _if,
    "known": lambda _, value: _there(value),
    "coalesce": lambda _, *values: next((value for value in values if _there(value)), None),
    "abs": lambda _, value: abs(value) if isinstance(value, Fraction) else None,
    "round": lambda places, value: half_up(value, places) if isinstance(value, Fraction) else None,
    "min": lambda _, *values: extreme("<=", list(values)),
    "max": lambda _, *values: extreme(">=", list(values)),
    "days_between": lambda _, a, b: over_days(lambda x, y: Fraction((y - x).days), a, b),
    "years_between": lambda _, a, b: over_days(completed_years, a, b),
}


def spelled(tree):
    """The text of a tree, every part in brackets."""
    kind, *parts = tree
    if kind == "literal":
        return f'"{parts[0]}"' if isinstance(parts[0], str) else str(parts[0])
    if kind == "name":
        return parts[0]
    if kind == "count":
        return f'{parts[0]}.count("{parts[1]}")'
    detail, *inner = [parts[0], *(spelled(part) for part in parts[1:])]
    return SPELLINGS.get(kind, lambda detail, *inner: f"{kind}({', '.join(inner)})")(detail, *inner)


SPELLINGS = {
    "and": lambda _, *inner: f"({' and '.join(inner)})",
    "or": lambda _, *inner: f"({' or '.join(inner)})",
    "not": lambda _, inner: f"(not {inner})",
    "negative": lambda _, inner: f"(-{inner})",
    "compare": lambda sign, left, right: f"({left} {sign} {right})",
    "arithmetic": lambda sign, left, right: f"({left} {sign} {right})",
    "in": lambda _, value, *members: f"({value} in ({', '.join(members)},))",
    "not in": lambda _, value, *members: f"({value} not in ({', '.join(members)},))",
    "if": lambda _, condition, then, otherwise: f"({then} if {condition} else {otherwise})",
    "round": lambda places, value: f"round({value}, {places})",
}
