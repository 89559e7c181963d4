"""What a function answers to a case, and how that is held against what the case expects."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Literal, TypeAlias

# agree: the same. open: unknown here, because the case lacks answers, and what it expects is one of the possible
# completions. differ: not the same. disputed: not the same, and the published rule says why. not_covered: not asked.
Verdict: TypeAlias = Literal["agree", "open", "differ", "disputed", "not_covered"]
VERDICTS: Final[tuple[Verdict, ...]] = ("agree", "open", "differ", "disputed", "not_covered")

NEAR_ZERO: Final = 1e-9
_NOT_AVAILABLE: Final = ("NA", None)
_INFINITE: Final = {"Inf": math.inf, "-Inf": -math.inf}


@dataclass(frozen=True, slots=True)
class Refused:
    """The input was refused, with the words it was refused with."""

    why: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The function did not answer at all, with the error it ended in."""

    error: str


@dataclass(frozen=True, slots=True)
class Open:
    """The result is unknown because answers are lacking; it can still become one of `values`, or lies in the bounds."""

    lacking: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()
    lower: Decimal | None = None
    upper: Decimal | None = None

    def allows(self, expected: Any) -> bool:
        """Whether some completion of the answers gives what is expected."""
        if self.lower is not None and self.upper is not None and isinstance(expected, int | Decimal):
            return self.lower <= expected <= self.upper
        return expected in self.values


@dataclass(frozen=True, slots=True)
class Scored:
    """What an instrument answered: what a case means by one number or word, and every result by its name."""

    value: Any
    results: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Each:
    """Several answers that must all be what is expected, because the case stands for any of them."""

    answers: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """A number that another program may miss by so much, because it stops an iteration early."""

    value: float
    within: float


@dataclass(frozen=True, slots=True)
class Held:
    """How one answer stands against what was expected.

    `worst` is the largest relative difference of a number; `differing` and `left_out` name parts of an object.
    `excused` says that a number was met only because the other program stops early.
    """

    verdict: Verdict
    worst: float = 0.0
    left_out: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    excused: bool = False


_AGREE: Final = Held("agree")
_DIFFER: Final = Held("differ")


def hold(found: Any, expected: Any, tolerance: float) -> Held:
    """What was found against what is expected, part by part where it has parts.

    `tolerance` is relative, absolute 1e-9 near zero; 0 asks for the same number. A part that is expected and not found
    is left out and named; when nothing is left, nothing is covered.
    """
    match found:
        case Each(answers):
            return _together([hold(answer, expected, tolerance) for answer in answers])
        case Scored(value, results):
            return hold(results if _has_parts(expected) else value, expected, tolerance)
        case Failed():
            return _DIFFER
        case Open():
            return _hold_open(found, expected)
        case Near(value, within):
            return _hold_near(value, within, expected, tolerance)
        case Refused():
            return _AGREE if expected == "ERROR" or _is_missing(expected) else _DIFFER
    if _has_parts(expected):
        return _hold_parts(found, expected, tolerance)
    if isinstance(expected, Mapping):
        return _hold_rounded(found, expected)
    if isinstance(expected, list):
        return _hold_list(found, expected, tolerance)
    return _hold_one(found, expected, tolerance)


def _has_parts(expected: Any) -> bool:
    """Whether an object is expected, not one number with a tolerance."""
    return isinstance(expected, Mapping) and not ("value" in expected and ("tol" in expected or "round" in expected))


def _is_missing(expected: Any) -> bool:
    return isinstance(expected, str | None) and expected in _NOT_AVAILABLE


def _hold_open(found: Open, expected: Any) -> Held:
    if _is_missing(expected):
        return _AGREE
    return Held("open") if found.allows(expected) else _DIFFER


def _hold_near(value: float, within: float, expected: Any, tolerance: float) -> Held:
    held = _hold_one(value, expected, tolerance)
    number = isinstance(expected, int | float | Decimal)
    if held.verdict == "differ" and number and abs(value - float(expected)) <= within:
        return Held("agree", held.worst, excused=True)
    return held


def _hold_rounded(found: Any, expected: Mapping[str, Any]) -> Held:
    """A number printed with a tolerance, or rounded to some places."""
    if not isinstance(found, int | float | Decimal) or isinstance(found, bool):
        return _DIFFER
    number, printed = Decimal(str(found)), Decimal(str(expected["value"]))
    if "tol" in expected:
        same = abs(number - printed) <= Decimal(str(expected["tol"]))
    else:
        same = number.quantize(Decimal(1).scaleb(-int(expected["round"])), ROUND_HALF_UP) == printed
    return _AGREE if same else _DIFFER


def _hold_parts(found: Any, expected: Mapping[str, Any], tolerance: float) -> Held:
    if not isinstance(found, Mapping):
        return _DIFFER
    left_out = tuple(name for name in expected if name not in found)
    if len(left_out) == len(expected):
        return Held("not_covered", left_out=left_out)
    parts = {name: hold(found[name], part, tolerance) for name, part in expected.items() if name in found}
    differing = tuple(name for name, part in parts.items() if part.verdict == "differ")
    return replace(_together(list(parts.values())), left_out=left_out, differing=differing)


def _hold_list(found: Any, expected: list[Any], tolerance: float) -> Held:
    listed = found if isinstance(found, Sequence) and not isinstance(found, str) else [found]
    if len(listed) != len(expected):
        return _DIFFER
    return _together([hold(one, other, tolerance) for one, other in zip(listed, expected, strict=True)])


def _together(parts: list[Held]) -> Held:
    verdicts = {part.verdict for part in parts}
    worst = max((part.worst for part in parts), default=0.0)
    order: tuple[Verdict, ...] = ("differ", "not_covered", "open")
    excused = any(part.excused for part in parts)
    return Held(next((name for name in order if name in verdicts), "agree"), worst, excused=excused)


def _hold_one(found: Any, expected: Any, tolerance: float) -> Held:
    if isinstance(found, list | tuple) and len(found) == 1:
        return hold(found[0], expected, tolerance)
    if _is_missing(expected):
        return _AGREE if found is None else _DIFFER
    if isinstance(expected, bool | str) and expected not in _INFINITE:
        return _AGREE if found == expected and isinstance(found, type(expected)) else _DIFFER
    if found is None or isinstance(found, bool | str):
        return _DIFFER
    number, wanted = float(found), float(_INFINITE.get(expected, expected))
    near = number == wanted or abs(number - wanted) <= max(NEAR_ZERO, tolerance * abs(wanted)) < math.inf
    same = near if tolerance else found == expected
    return Held("agree" if same else "differ", _relative(number, wanted))


def _relative(found: float, expected: float) -> float:
    if found == expected:
        return 0.0
    if math.isinf(expected) or math.isnan(found):
        return math.inf
    return abs(found - expected) / abs(expected) if abs(expected) > NEAR_ZERO else abs(found - expected)
