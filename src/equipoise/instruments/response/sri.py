"""The SLE Responder Index: SLEDAI fell by k points, BILAG and PGA did not get worse, and treatment did not fail.

Always against baseline. A patient whose baseline SLEDAI is below k cannot respond: "not evaluable" is kept apart from
"no". A missing answer leaves the response unknown; counting it as no response is an analysis' decision.
"""

from typing import Final

from equipoise.instruments.columns import ColumnOutcome, Columns, met, negate, some, truths
from equipoise.instruments.definition import define, thresholds
from equipoise.instruments.logic import any_of, negated
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.response.bilag_change import (
    at_most_one,
    at_most_one_column,
    changes,
    column_changes,
    open_systems,
)
from equipoise.instruments.response.bilag_response import READS, Judged, respond, respond_columns, scales
from equipoise.instruments.response.criteria import difference_met, difference_met_columns
from equipoise.instruments.result import Outcome

_LIMITS: Final = thresholds(__name__)
_SCALES: Final = scales(__name__)


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """The response, whether there is one, and each criterion; `contributions` are the criteria that are not met."""
    grades, fall, pga_rise = changes(given), _LIMITS[variant], _LIMITS["pga_rise"]
    criteria = {
        "sledai_fell": difference_met(fall, given, "sledai_baseline", "sledai_now", _SCALES["sledai"]),
        "no_new_a": negated(any_of(grades.new_a.values())),
        "at_most_one_new_b": at_most_one(grades.new_b.values()),
        "pga_not_worse": difference_met(pga_rise, given, "pga_now", "pga_baseline", _SCALES["pga"]),
        "no_treatment_failure": negated(given.truth("treatment_failure")),
    }
    reads = READS | {
        "sledai_fell": ("sledai_now", "sledai_baseline"),
        "no_new_a": open_systems(grades.new_a),
        "at_most_one_new_b": open_systems(grades.new_b),
    }
    evaluable = fall.met(given.number("sledai_baseline"))
    return respond(given, Judged(criteria, reads, evaluable, ("sledai_baseline",)), grades, choices)


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients."""
    grades, fall, pga_rise = column_changes(columns), _LIMITS[variant], _LIMITS["pga_rise"]
    criteria = {
        "sledai_fell": difference_met_columns(fall, columns, "sledai_baseline", "sledai_now", _SCALES["sledai"]),
        "no_new_a": negate(some(*grades.new_a)),
        "at_most_one_new_b": at_most_one_column(grades.new_b),
        "pga_not_worse": difference_met_columns(pga_rise, columns, "pga_now", "pga_baseline", _SCALES["pga"]),
        "no_treatment_failure": negate(truths(columns["treatment_failure"])),
    }
    return respond_columns(criteria, met(columns["sledai_baseline"], fall), grades, choices)


INSTRUMENT: Final = define(__name__, compute, compute_columns)
