"""The CTCAE v5.0 grade of one laboratory result, 0 to 4, exactly as printed; a variant is a term.

A limit that is missing leaves open only the grades that need it: platelets of 24 are grade 4 whatever the LLN.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

import numpy as np

from equipoise.instruments.columns import (
    MILLION,
    UNKNOWN,
    Column,
    ColumnOutcome,
    Columns,
    Flags,
    Truths,
    compared,
    met,
    millionths,
    safe,
    some,
    truths,
)
from equipoise.instruments.definition import data, define, thresholds
from equipoise.instruments.laboratory.possible import possible_only, why_impossible
from equipoise.instruments.logic import any_of
from equipoise.instruments.parts import COMPARISONS, Threshold
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_LIMITS: Final = thresholds(__name__)
_SIDES: Final = ("low", "high")
_ORDER: Final = ("value", "lln", "uln", "baseline", "baseline_uln")
_CONTRADICTION: Final = "The baseline and its upper limit say the opposite; they are believed."


@dataclass(frozen=True, slots=True)
class Criterion:
    """One printed limit: the grade it gives, and what the result is compared with."""

    grade: int
    against: str  # absolute, lln, uln or baseline
    limit: Threshold
    of_abnormal: bool  # compared with a baseline only if that was above its own limit


@dataclass(frozen=True, slots=True)
class Term:
    """A term with its criteria in force, and what a baseline does: nothing, replace ULN if abnormal, or add to it."""

    side: str
    baseline: str  # none, replaces or adds
    criteria: tuple[Criterion, ...]

    @property
    def grades(self) -> tuple[int, ...]:
        """The grades a laboratory result can reach, mildest first."""
        return tuple(sorted({criterion.grade for criterion in self.criteria}))


def _criteria(term: str, baseline: str) -> Iterable[Criterion]:
    for name, limit in _LIMITS.items():
        against, _, grade = name.removeprefix(f"{term}_").rpartition("_")
        if name.startswith(term) and grade.isdigit():
            yield Criterion(int(grade), against, limit, against == "baseline" and baseline == "replaces")


def _term(part: Mapping[str, str]) -> Term:
    return Term(part["side"], part["baseline"], tuple(_criteria(part["id"], part["baseline"])))


TERMS: Final = {part["id"]: _term(part) for part in data(__name__)["variants"]}


@lru_cache(maxsize=1024)
def term_in_force(variant: str, choices: Choices) -> Term:
    """A term as the settings of the protocol leave it."""
    term = TERMS[variant]
    if term.baseline == "replaces" and choices.word("abnormal_baseline") == "multiples_of_uln":
        return _without_baseline(term)
    if term.baseline == "adds" and not choices.yes("creatinine_against_baseline"):
        return _without_baseline(term)
    if choices.word("grade_1_of_baseline") == "above":
        return replace(term, criteria=tuple(_strictly(criterion) for criterion in term.criteria))
    return term


def _without_baseline(term: Term) -> Term:
    return Term(term.side, "none", tuple(one for one in term.criteria if one.against != "baseline"))


def _strictly(criterion: Criterion) -> Criterion:
    return replace(criterion, limit=replace(criterion.limit, comparison=criterion.limit.comparison.rstrip("=")))


# --- One result -------------------------------------------------------------------------------------------------------


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """The highest grade with a criterion that holds; unknown while a higher one may hold."""
    term = term_in_force(variant, choices)
    given, refused = _possible(given, variant)
    abnormal: bool | None = None
    if term.baseline == "replaces":
        abnormal, contradicted = _abnormal(given)
        refused += contradicted
    if choices.word("unknown_baseline") == "not_compared":
        term, abnormal = _not_compared(term, abnormal, given)
    term = _switched(term, abnormal)
    truths_of = {criterion: _holds(criterion, given) for criterion in term.criteria}
    by_grade = {grade: _judged(term, grade, truths_of) for grade in term.grades}
    lower = max((grade for grade, truth in by_grade.items() if truth), default=0)
    upper = max((grade for grade, truth in by_grade.items() if truth is not False), default=0)
    known = lower == upper
    fired = {f"{c.against}_{c.grade}": Decimal(c.grade) for c, truth in truths_of.items() if truth and c.grade == lower}
    return Outcome(
        results={"grade": lower if known else None, "direction": term.side},
        unknown=() if known else _unknown(term, given, truths_of),
        lower=Decimal(lower),
        upper=Decimal(upper),
        contributions=fired,
        refused=refused,
    )


def _possible(given: Given, variant: str) -> tuple[Given, tuple[tuple[str, str], ...]]:
    """The answers with those that cannot be in the term's unit left out, and why."""
    whys = ((name, why_impossible(given.number(name), variant, _LIMITS)) for name in ("value", "lln"))
    refused = tuple((name, why) for name, why in whys if why)
    return Given({**given.known, **dict.fromkeys(name for name, _ in refused)}), refused


def _abnormal(given: Given) -> tuple[bool | None, tuple[tuple[str, str], ...]]:
    """Whether the baseline was abnormal: above its own limit, or as stated where that cannot be seen."""
    baseline, limit = given.number("baseline"), given.number("baseline_uln")
    stated = given.truth("baseline_abnormal")
    if baseline is None or limit is None:
        return stated, ()
    seen = baseline > limit
    contradicted = stated is not None and stated is not seen
    return seen, (("baseline_abnormal", _CONTRADICTION),) if contradicted else ()


def _not_compared(term: Term, abnormal: bool | None, given: Given) -> tuple[Term, bool | None]:
    """A baseline nobody knows, taken as normal or left out, because the protocol says so."""
    if term.baseline == "adds" and given.number("baseline") is None:
        return _without_baseline(term), abnormal
    return term, bool(abnormal)


def _switched(term: Term, abnormal: bool | None) -> Term:
    """The criteria that a known baseline leaves in force."""
    if term.baseline != "replaces" or abnormal is None:
        return term
    unused = "uln" if abnormal else "baseline"
    return Term(term.side, "none", tuple(one for one in term.criteria if one.against != unused))


def _holds(criterion: Criterion, given: Given) -> bool | None:
    """Whether a criterion holds; an abnormal baseline without a number is at least known to be above its limit."""
    value = given.number("value")
    reference = Decimal(1) if criterion.against == "absolute" else given.number(criterion.against)
    least = given.number("baseline_uln") if criterion.of_abnormal else None
    if value is not None and reference is None and least is not None:
        return None if value > criterion.limit.value * least else False
    if value is None or reference is None:
        return None
    return bool(COMPARISONS[criterion.limit.comparison](value, criterion.limit.value * reference))


def _judged(term: Term, grade: int, truths_of: Mapping[Criterion, bool | None]) -> bool | None:
    """Whether a grade is reached: by any of its criteria; or, while the baseline is open, by all or by none."""
    of_grade = [truth for criterion, truth in truths_of.items() if criterion.grade == grade]
    if term.baseline == "replaces":
        return of_grade[0] if len(set(of_grade)) == 1 else None
    return any_of(of_grade)


def _unknown(term: Term, given: Given, truths_of: Mapping[Criterion, bool | None]) -> tuple[str, ...]:
    """The unanswered inputs that matter."""
    matter = {"value", *(criterion.against for criterion, truth in truths_of.items() if truth is None)}
    if term.baseline == "replaces":
        matter |= {"baseline", "baseline_uln"}
    return tuple(name for name in given.missing(*_ORDER) if name in matter)


# --- Many results -----------------------------------------------------------------------------------------------------


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same criteria on columns of whole millionths; no float decides."""
    term = term_in_force(variant, choices)
    possible = {name: possible_only(columns[name], variant, _LIMITS) for name in ("value", "lln")}
    refused = np.logical_or.reduce([possible[name] != columns[name] for name in possible])
    if term.baseline == "replaces":
        refused |= _contradicted(columns)
    columns = {**columns, **possible}
    by_criterion = {criterion: _held(criterion, columns) for criterion in term.criteria}
    if choices.word("unknown_baseline") == "not_compared" and term.baseline == "adds":
        by_criterion = {one: _left_out(one, held, columns["baseline"]) for one, held in by_criterion.items()}
    abnormal = _abnormal_columns(columns, choices)
    lower = upper = np.zeros(len(columns["value"]), dtype=np.int64)
    for grade in term.grades:
        reached, missed = _judged_columns(term, grade, by_criterion, abnormal)
        lower = np.where(reached, grade, lower)
        upper = np.where(missed, upper, grade)
    results = {
        "grade": np.where(lower == upper, lower, UNKNOWN),
        "direction": np.full(len(lower), _SIDES.index(term.side), dtype=np.int64),
    }
    return ColumnOutcome(results, refused=refused, lower=lower, upper=upper)


def _contradicted(columns: Columns) -> Flags:
    """Where the baseline is stated to be what its number is not."""
    seen, not_seen = compared(
        columns["baseline"], columns["baseline_uln"], columns["baseline"] > columns["baseline_uln"]
    )
    stated, denied = truths(columns["baseline_abnormal"])
    return (seen & denied) | (not_seen & stated)


def _held(criterion: Criterion, columns: Columns) -> Truths:
    value, limit = columns["value"], criterion.limit
    if criterion.against == "absolute":
        return met(value, limit)
    reference = columns[criterion.against]
    scaled, times = safe(value) * MILLION, millionths(limit.value)
    true, false = compared(value, reference, COMPARISONS[limit.comparison](scaled, safe(reference) * times))
    if criterion.of_abnormal:
        least = columns["baseline_uln"]
        false |= (reference == UNKNOWN) & compared(value, least, scaled > safe(least) * times)[1]
    return true, false


def _left_out(criterion: Criterion, held: Truths, baseline: Column) -> Truths:
    missing = (baseline == UNKNOWN) & (criterion.against == "baseline")
    return held[0] & ~missing, held[1] | missing


def _abnormal_columns(columns: Columns, choices: Choices) -> Truths:
    baseline, limit = columns["baseline"], columns["baseline_uln"]
    seen, not_seen = compared(baseline, limit, baseline > limit)
    stated, denied = truths(columns["baseline_abnormal"])
    judged = seen | not_seen
    yes, no = seen | (stated & ~judged), not_seen | (denied & ~judged)
    return (yes, ~yes) if choices.word("unknown_baseline") == "not_compared" else (yes, no)


def _judged_columns(term: Term, grade: int, held: Mapping[Criterion, Truths], abnormal: Truths) -> Truths:
    of_grade = {criterion.against: truth for criterion, truth in held.items() if criterion.grade == grade}
    if term.baseline != "replaces":
        return some(*of_grade.values())
    baseline, uln = of_grade["baseline"], of_grade["uln"]
    yes, no = abnormal
    reached, missed = (
        np.where(yes, of_baseline, np.where(no, of_uln, of_baseline & of_uln))
        for of_baseline, of_uln in zip(baseline, uln, strict=True)
    )
    return reached, missed


INSTRUMENT: Final = define(__name__, compute, compute_columns)
