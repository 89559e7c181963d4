"""What a reported number counts as: converted to the item's own unit, and a limit counted as the protocol says.

The report itself is what is kept (CDISC: --ORRES and --ORRESU); what is made of it here (--STRESN) never is.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from equipoise.items.item import Answer, Item
from equipoise.items.reported import ABOVE, BELOW, OtherUnit, Reported

_MILLION: Final = 1_000_000


def factor_of(item: Item, unit: str) -> Fraction | None:
    """How many of the item's own unit one of this unit is; None for a unit the item does not list."""
    return next((other.factor for other in item.units if other.unit == unit), None) if unit else Fraction(1)


def named_unit(item: Item, written: str) -> OtherUnit | None:
    """The unit a person means, in whatever case and with either sign for micro; None for none of the item's."""
    own = OtherUnit("", Fraction(1), item.places)
    known = {folded(item.unit): own} | {folded(other.unit): other for other in item.units}
    return known.get(folded(written))


def folded(unit: str) -> str:
    """A unit without case and spaces: two that are the same like this cannot be told apart."""
    return "".join(unit.casefold().split())  # both µ (micro) and μ (mu) become μ


def in_own_unit(item: Item, answer: Decimal | Reported) -> Decimal | None:
    """The number beside the sign in the item's own unit: exact, or the nearest millionth, a half to the even side.

    None when it is in a unit that the item does not list.
    """
    if isinstance(answer, Decimal):
        return answer
    factor = factor_of(item, answer.unit)
    return None if factor is None else _decimal(Fraction(answer.number) * factor)


def counted(item: Item, answer: Answer) -> Answer:
    """An answer as rules, scores and analyses read it: in the item's own unit, a limit as the protocol counts it.

    None, and never zero, where the protocol says that a result beyond the limit counts as missing.
    """
    if not isinstance(answer, Reported):
        return answer
    factor = factor_of(item, answer.unit)
    counts = item.below if answer.operator in BELOW else item.above if answer.operator in ABOVE else "limit"
    if factor is None or counts not in ("half", "limit"):
        return None
    return _decimal(Fraction(answer.number) * factor / (2 if counts == "half" else 1))


def report_of(item: Item, answer: Answer, part: str) -> bool | Decimal | None:
    """One part of what was reported: whether as `below_limit`, as `above_limit`, or the number beside the sign.

    None where there is no answer or it was declared missing.
    """
    if not isinstance(answer, Decimal | Reported):
        return None
    if part == "reported":
        return in_own_unit(item, answer)
    signs = BELOW if part == "below_limit" else ABOVE
    return isinstance(answer, Reported) and answer.operator in signs


def beyond(number: Decimal, answer: Answer, bound: Decimal) -> int:
    """Whether a number, with the sign its answer has, lies below (-1), at (0) or above (1) a bound.

    `<0.1` lies below 0.1, and `>10` above 10.
    """
    sign = 0 if not isinstance(answer, Reported) else (answer.operator in ABOVE[:1]) - (answer.operator in BELOW[:1])
    return (number > bound) - (number < bound) or sign


def _decimal(exact: Fraction) -> Decimal:
    rounded = Decimal(round(exact * _MILLION)) / _MILLION
    return Decimal(f"{rounded.normalize():f}")
