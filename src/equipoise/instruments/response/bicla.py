"""The BILAG-based composite lupus assessment: every active system improved, none got worse, and treatment did not fail.

Against baseline. "No system is A now" follows from the first and the third criterion together and is judged as well:
a system that is A now is broken whatever it was, also where its baseline is not known.
"""

from typing import Final

from equipoise.instruments.columns import ColumnOutcome, Columns, Truths, always, every, negate, some, truths
from equipoise.instruments.definition import define, thresholds
from equipoise.instruments.logic import all_of, any_of, negated
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.response.bilag_change import (
    SYSTEMS,
    BySystem,
    at_most_one,
    at_most_one_column,
    changes,
    column_changes,
    graded,
    graded_column,
    open_systems,
)
from equipoise.instruments.response.bilag_response import READS, Judged, respond, respond_columns, scales
from equipoise.instruments.response.criteria import difference_met, difference_met_columns
from equipoise.instruments.result import Outcome

_LIMITS: Final = thresholds(__name__)
_SCALES: Final = scales(__name__)
_NOT_IMPROVED: Final = {"A": ("A",), "B": ("A", "B")}  # the grades now that are no improvement on this one
_BASELINES: Final = tuple(f"{system}_baseline" for system in SYSTEMS)


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """The response, whether there is one, and each criterion; `contributions` are the criteria that are not met."""
    grades, pga_rise = changes(given), _LIMITS[choices.word("pga_rise")]
    kept_a, kept_b = _not_improved(given, "A"), _not_improved(given, "B")
    now_a = {system: graded(given, f"{system}_now", "A") for system in SYSTEMS}
    sledai = difference_met(_LIMITS["sledai_rise"], given, "sledai_now", "sledai_baseline", _SCALES["sledai"])
    criteria = {
        "a_improved": negated(any_of(kept_a.values())),
        "b_improved": negated(any_of(kept_b.values())),
        "no_a_now": negated(any_of(now_a.values())),
        "no_new_a": negated(any_of(grades.new_a.values())),
        "at_most_one_new_b": at_most_one(grades.new_b.values()),
        "sledai_not_worse": sledai,
        "pga_not_worse": difference_met(pga_rise, given, "pga_now", "pga_baseline", _SCALES["pga"]),
        "no_treatment_failure": negated(given.truth("treatment_failure")),
    }
    reads = READS | {
        "a_improved": open_systems(kept_a),
        "b_improved": open_systems(kept_b),
        "no_a_now": tuple(f"{system}_now" for system, truth in now_a.items() if truth is None),
        "no_new_a": open_systems(grades.new_a),
        "at_most_one_new_b": open_systems(grades.new_b),
        "sledai_not_worse": ("sledai_now", "sledai_baseline"),
    }
    return respond(given, Judged(criteria, reads, _evaluable(given, choices), _BASELINES), grades, choices)


def _evaluable(given: Given, choices: Choices) -> bool | None:
    """Whether a system was A or B at baseline, where the protocol asks for it."""
    if not choices.yes("needs_active_baseline"):
        return True
    return any_of(graded(given, baseline, "A", "B") for baseline in _BASELINES)


def _not_improved(given: Given, grade: str) -> BySystem:
    """The systems of this grade at baseline that have not left it for a better one."""
    return {
        system: all_of(
            (
                graded(given, f"{system}_baseline", grade),
                graded(given, f"{system}_now", *_NOT_IMPROVED[grade]),
            )
        )
        for system in SYSTEMS
    }


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients."""
    grades, pga_rise = column_changes(columns), _LIMITS[choices.word("pga_rise")]
    sledai = difference_met_columns(_LIMITS["sledai_rise"], columns, "sledai_now", "sledai_baseline", _SCALES["sledai"])
    criteria = {
        "a_improved": negate(some(*_not_improved_columns(columns, "A"))),
        "b_improved": negate(some(*_not_improved_columns(columns, "B"))),
        "no_a_now": negate(some(*(graded_column(columns[f"{system}_now"], "A") for system in SYSTEMS))),
        "no_new_a": negate(some(*grades.new_a)),
        "at_most_one_new_b": at_most_one_column(grades.new_b),
        "sledai_not_worse": sledai,
        "pga_not_worse": difference_met_columns(pga_rise, columns, "pga_now", "pga_baseline", _SCALES["pga"]),
        "no_treatment_failure": negate(truths(columns["treatment_failure"])),
    }
    return respond_columns(criteria, _evaluable_column(columns, choices), grades, choices)


def _evaluable_column(columns: Columns, choices: Choices) -> Truths:
    if not choices.yes("needs_active_baseline"):
        return always(True, len(columns["sledai_now"]))
    return some(*(graded_column(columns[baseline], "A", "B") for baseline in _BASELINES))


def _not_improved_columns(columns: Columns, grade: str) -> list[Truths]:
    return [
        every(
            graded_column(columns[f"{system}_baseline"], grade),
            graded_column(columns[f"{system}_now"], *_NOT_IMPROVED[grade]),
        )
        for system in SYSTEMS
    ]


INSTRUMENT: Final = define(__name__, compute, compute_columns)
