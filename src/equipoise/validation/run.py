"""Every case through its adapter, and what came of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from equipoise.validation.adapters import adapter_of
from equipoise.validation.cases import Case
from equipoise.validation.disputes import disputed
from equipoise.validation.vector import NotMappedError, Vector
from equipoise.validation.verdict import Failed, Refused, Verdict, hold

_NOTED: Final = ("agree", "not_covered")  # the reasons of the others stand with their cases
_ERRORS: Final = (ValueError, TypeError, LookupError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one case: the verdict, what was found, the reason where there is one, and the worst difference."""

    case: Case
    verdict: Verdict
    found: Any = None
    reason: str = ""
    worst: float = 0.0


@dataclass(frozen=True, slots=True)
class Tally:
    """The cases of one method, by verdict."""

    family: str
    method: str
    counts: Counter[Verdict]
    worst: float
    notes: tuple[str, ...]


def run(cases: Iterable[Case]) -> Iterator[Finding]:
    """What comes of each case, in order."""
    return map(_run_one, cases)


def _run_one(case: Case) -> Finding:
    adapter = adapter_of(case.family, case.method)
    if adapter is None:
        return Finding(case, "not_covered", reason="there is no function for this method")
    vector = Vector(case.method, case.inputs, case.folder)
    try:
        found = adapter(vector)
    except NotMappedError as why:
        return Finding(case, "not_covered", reason=str(why))
    except _ERRORS as error:
        # A function refuses its input by raising ValueError; any other error, or where none is expected, is a failure.
        refused = isinstance(error, ValueError) and case.expected == "ERROR"
        found = Refused(str(error)) if refused else Failed(f"{type(error).__name__}: {error}")
    if vector.unread:
        return Finding(case, "not_covered", reason=f"not understood: {', '.join(vector.unread)}")
    return _judged(case, found)


def _judged(case: Case, found: Any) -> Finding:
    held = hold(found, case.expected, case.tolerance)
    if held.verdict == "differ":
        reason = disputed(case, found)
        if reason:
            return Finding(case, "disputed", found, reason, held.worst)
        parts = f"It differs in {', '.join(held.differing)}, by {held.worst:.1e} at worst." if held.differing else ""
        return Finding(case, "differ", found, parts, held.worst)
    left_out = f"not computed: {', '.join(held.left_out)}" if held.left_out else ""
    early = "to a share of a standard error: the other program stops before the optimum" if held.excused else ""
    return Finding(case, held.verdict, found, "; ".join(filter(None, (left_out, early))), held.worst)


def tally(findings: Iterable[Finding]) -> tuple[Tally, ...]:
    """The findings by method, in the order in which the methods first came."""
    by_method: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        by_method.setdefault((finding.case.family, finding.case.method), []).append(finding)
    return tuple(
        Tally(
            family,
            method,
            Counter(finding.verdict for finding in found),
            max((finding.worst for finding in found if finding.verdict == "agree"), default=0.0),
            tuple(dict.fromkeys(finding.reason for finding in found if finding.reason and finding.verdict in _NOTED)),
        )
        for (family, method), found in by_method.items()
    )
