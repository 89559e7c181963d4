"""Hy's law: aminotransferases and bilirubin high together, no cholestasis; a flag for a clinician, no verdict."""

from decimal import Decimal
from typing import Final

import numpy as np

from equipoise.instruments.columns import (
    MILLION,
    UNKNOWN,
    Column,
    ColumnOutcome,
    Columns,
    Flags,
    Floats,
    Truths,
    always,
    as_column,
    compared,
    every,
    floats,
    millionths,
    rounded,
    safe,
    some,
    truths,
)
from equipoise.instruments.definition import define, thresholds
from equipoise.instruments.logic import all_of, any_of
from equipoise.instruments.parts import COMPARISONS, Threshold
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_LIMITS: Final = thresholds(__name__)
_TESTS: Final = ("alt", "ast", "bilirubin", "alp")
_CANDIDATES: Final = ("no_signal", "to_be_assessed", "other_cause_found", "no_other_cause_found")
_QUADRANTS: Final = ("normal", "cholestasis", "temple", "hys_law")
_ONE_SAMPLE: Final = "The protocol takes one sample; set samples to within_window to allow days between."


# --- One patient ------------------------------------------------------------------------------------------------------


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """The signal, leg by leg; false as soon as one leg is surely false, and unknown while it could be either."""
    enzyme, jaundice, cholestasis = limits(choices)
    alt, ast, bilirubin = met(given, "alt", enzyme), met(given, "ast", enzyme), met(given, "bilirubin", jaundice)
    apart = given.number("days_between")
    refused = (("days_between", _ONE_SAMPLE),) if choices.word("samples") == "one_sample" and apart else ()
    legs = {
        "aminotransferase": any_of((alt, ast)),
        "bilirubin": bilirubin,
        "together": None if refused else _together(apart, choices),
    }
    screen = all_of(legs.values())
    biochemical = all_of((screen, met(given, "alp", cholestasis) if cholestasis else True))
    return Outcome(
        results={
            "screen": screen,
            "biochemical": biochemical,
            "candidate": _candidate(biochemical, given.truth("other_causes_excluded")),
            "quadrant": _quadrant(alt if choices.word("quadrant") == "alt" else legs["aminotransferase"], bilirubin),
            **{f"{name}_multiple": _multiple(given, name) for name in _TESTS},
        },
        unknown=_unknown(given, {"alt": alt, "ast": ast}, legs, bool(refused)) if screen is None else (),
        contributions={leg: Decimal(truth) for leg, truth in legs.items() if truth is not None},
        refused=refused,
    )


def limits(choices: Choices) -> tuple[Threshold, Threshold, Threshold | None]:
    """The limits in force, in multiples of ULN: of the aminotransferases, of bilirubin, and of ALP if it is asked."""
    enzyme = _LIMITS[f"aminotransferase_{choices.word('aminotransferase')}"]
    return enzyme, _LIMITS[f"bilirubin_{choices.word('bilirubin')}"], _LIMITS.get(f"alp_{choices.word('alp')}")


def met(given: Given, test: str, limit: Threshold) -> bool | None:
    """Whether a result is on the side of a multiple of its ULN that counts; compared without division."""
    value, normal = given.number(test), given.number(f"{test}_uln")
    if value is None or normal is None:
        return None
    return bool(COMPARISONS[limit.comparison](value, limit.value * normal))


def _together(apart: Decimal | None, choices: Choices) -> bool | None:
    """Whether the results belong together; samples that the protocol takes as one always do."""
    if choices.word("samples") == "one_sample":
        return True
    return None if apart is None else apart <= choices.number("window_days")


def _candidate(biochemical: bool | None, excluded: bool | None) -> str | None:
    if not biochemical:
        return None if biochemical is None else "no_signal"
    return {None: "to_be_assessed", False: "other_cause_found", True: "no_other_cause_found"}[excluded]


def _quadrant(enzyme: bool | None, jaundice: bool | None) -> str | None:
    return None if enzyme is None or jaundice is None else _QUADRANTS[2 * enzyme + jaundice]


def _multiple(given: Given, test: str) -> Decimal | None:
    value, normal = given.number(test), given.number(f"{test}_uln")
    return None if value is None or normal is None else value / normal


def _unknown(
    given: Given, enzymes: dict[str, bool | None], legs: dict[str, bool | None], refused: bool
) -> tuple[str, ...]:
    """The unanswered inputs of the legs that are not known."""
    tests = [name for name, truth in enzymes.items() if legs["aminotransferase"] is None and truth is None]
    tests += ["bilirubin"] if legs["bilirubin"] is None else []
    asked = [name for test in tests for name in (test, f"{test}_uln")]
    days = ("days_between",) if legs["together"] is None or refused else ()
    return given.missing(*asked) + days


# --- Many patients ----------------------------------------------------------------------------------------------------


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same legs on columns; only the printed multiples need floats."""
    enzyme, jaundice, cholestasis = limits(choices)
    rows = len(columns["alt"])
    alt, bilirubin = _met(columns, "alt", enzyme), _met(columns, "bilirubin", jaundice)
    raised = some(alt, _met(columns, "ast", enzyme))
    screen = every(raised, bilirubin, _together_columns(columns["days_between"], choices))
    biochemical = every(screen, _met(columns, "alp", cholestasis) if cholestasis else always(True, rows))
    multiples = {f"{name}_multiple": rounded(_multiples(columns, name)) for name in _TESTS}
    return ColumnOutcome(
        results={
            "screen": as_column(screen),
            "biochemical": as_column(biochemical),
            "candidate": _candidates(biochemical, truths(columns["other_causes_excluded"])),
            "quadrant": _quadrants(alt if choices.word("quadrant") == "alt" else raised, bilirubin),
            **{name: column for name, (column, _) in multiples.items()},
        },
        doubtful=np.logical_or.reduce([doubtful for _, doubtful in multiples.values()]),
        refused=_refused(columns, choices),
    )


def _met(columns: Columns, test: str, limit: Threshold) -> Truths:
    value, normal = columns[test], columns[f"{test}_uln"]
    holds = COMPARISONS[limit.comparison](safe(value) * MILLION, safe(normal) * millionths(limit.value))
    return compared(value, normal, holds)


def _together_columns(apart: Column, choices: Choices) -> Truths:
    if choices.word("samples") == "one_sample":
        refused = apart > 0
        return ~refused, np.zeros(len(apart), dtype=np.bool_)
    return compared(apart, 0, apart <= millionths(choices.number("window_days")))


def _refused(columns: Columns, choices: Choices) -> Flags:
    """Where days between samples contradict that they are one; one patient's rule says so."""
    refused: Flags = (columns["days_between"] > 0) & (choices.word("samples") == "one_sample")
    return refused


def _candidates(biochemical: Truths, excluded: Truths) -> Column:
    signal, none = biochemical
    conditions = [none, signal & excluded[0], signal & excluded[1], signal]
    places = [_CANDIDATES.index(name) for name in ("no_signal", "no_other_cause_found", "other_cause_found")]
    return np.select(conditions, [*places, _CANDIDATES.index("to_be_assessed")], UNKNOWN).astype(np.int64)


def _quadrants(enzyme: Truths, jaundice: Truths) -> Column:
    known = (enzyme[0] | enzyme[1]) & (jaundice[0] | jaundice[1])
    return np.where(known, 2 * enzyme[0] + jaundice[0], UNKNOWN).astype(np.int64)


def _multiples(columns: Columns, test: str) -> Floats:
    return floats(columns[test]) / floats(columns[f"{test}_uln"])


INSTRUMENT: Final = define(__name__, compute, compute_columns)
