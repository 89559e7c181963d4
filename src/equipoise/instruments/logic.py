"""Three-valued logic (Kleene): true, false, or unknown (`None`); and arithmetic that knows when it does not know."""

from collections.abc import Iterable
from decimal import Decimal


def all_of(truths: Iterable[bool | None]) -> bool | None:
    """False if any is false, else unknown if any is unknown, else true."""
    unknown = False
    for truth in truths:
        if truth is None:
            unknown = True
        elif not truth:
            return False
    return None if unknown else True


def any_of(truths: Iterable[bool | None]) -> bool | None:
    """True if any is true, else unknown if any is unknown, else false."""
    unknown = False
    for truth in truths:
        if truth is None:
            unknown = True
        elif truth:
            return True
    return None if unknown else False


def negated(truth: bool | None) -> bool | None:
    """The opposite; unknown stays unknown."""
    return None if truth is None else not truth


def rise(now: Decimal | None, reference: Decimal | None) -> Decimal | None:
    """By how much a value rose against its reference; unknown unless both are known."""
    return None if now is None or reference is None else now - reference


def above(now: Decimal | None, limit: Decimal | None) -> bool | None:
    """Whether a value is greater than another; unknown unless both are known."""
    return None if now is None or limit is None else now > limit
