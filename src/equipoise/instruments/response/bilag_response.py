"""What SRI and BICLA share: criteria against baseline that must all hold, where this baseline allows a response."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from equipoise.instruments.columns import UNKNOWN, Column, ColumnOutcome, Truths, as_column, every
from equipoise.instruments.definition import data
from equipoise.instruments.logic import all_of
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.response.bilag_change import Changes, ColumnChanges, count, count_column
from equipoise.instruments.response.criteria import Criteria, Reads, Scale, as_columns, broken, open_questions
from equipoise.instruments.result import Outcome

RESPONSES: Final = ("not_evaluable", "no", "yes")
_NOT_EVALUABLE, _NO, _YES = range(len(RESPONSES))

READS: Final[dict[str, tuple[str, ...]]] = {
    "pga_not_worse": ("pga_now", "pga_baseline"),
    "no_treatment_failure": ("treatment_failure",),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """The criteria of one patient, what each reads, and whether this baseline allows a response at all."""

    criteria: Criteria
    reads: Reads
    evaluable: bool | None
    evaluable_reads: tuple[str, ...]


def scales(module: str) -> dict[str, Scale]:
    """The least and the greatest SLEDAI and PGA, as the inputs of an instrument declare them."""
    return {
        part["id"].removesuffix("_now"): (Decimal(part["low"]), Decimal(part["high"]))
        for part in data(module)["inputs"]
        if part["id"] in ("sledai_now", "pga_now")
    }


def respond(given: Given, judged: Judged, grades: Changes, choices: Choices) -> Outcome:
    """The response, whether there is one, and each criterion; `contributions` are the criteria that are not met."""
    met = all_of(judged.criteria.values())
    value, responder = _response(judged.evaluable, met), all_of((judged.evaluable, met))
    unknown = given.missing(*_lacking(judged, met)) if value is None else ()
    if value is None and choices.yes("missing_is_no_response"):
        value, responder, unknown = "no", False, ()
    return Outcome(
        results={
            "response": value,
            "responder": responder,
            **judged.criteria,
            "new_a": count(grades.new_a.values()),
            "new_b": count(grades.new_b.values()),
        },
        unknown=unknown,
        contributions=broken(judged.criteria),
    )


def _response(evaluable: bool | None, met: bool | None) -> str | None:
    """Response possible and achieved, possible and not achieved, or impossible from this baseline."""
    if evaluable is False:
        return "not_evaluable"
    if evaluable is None or met is None:
        return None
    return "yes" if met else "no"


def _lacking(judged: Judged, met: bool | None) -> tuple[str, ...]:
    """What is asked for: what the open criteria read, and what says whether a response was possible."""
    wanted = open_questions(judged.criteria, judged.reads) if met is None else ()
    return tuple(dict.fromkeys((*wanted, *(judged.evaluable_reads if judged.evaluable is None else ()))))


def respond_columns(
    criteria: Mapping[str, Truths], evaluable: Truths, grades: ColumnChanges, choices: Choices
) -> ColumnOutcome:
    """The same for many patients."""
    met = every(*criteria.values())
    value, responder = _response_column(evaluable, met), every(evaluable, met)
    if choices.yes("missing_is_no_response"):
        value, responder = np.where(value == UNKNOWN, _NO, value), (responder[0], ~responder[0])
    return ColumnOutcome(
        {
            "response": value,
            "responder": as_column(responder),
            **as_columns(criteria),
            "new_a": count_column(grades.new_a),
            "new_b": count_column(grades.new_b),
        }
    )


def _response_column(evaluable: Truths, met: Truths) -> Column:
    conditions = [evaluable[1], evaluable[0] & met[1], evaluable[0] & met[0]]
    return np.select(conditions, [_NOT_EVALUABLE, _NO, _YES], UNKNOWN).astype(np.int64)
