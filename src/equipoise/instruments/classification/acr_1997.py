"""The ACR classification criteria of 1982 as updated in 1997: four of eleven, ever, in any order."""

from decimal import Decimal
from typing import Final

import numpy as np

from equipoise.instruments.classification.completions import agreed, extremes, of_one, one_row
from equipoise.instruments.columns import MILLION, Column, ColumnOutcome, Columns, met
from equipoise.instruments.definition import data, define, thresholds
from equipoise.instruments.logic import any_of
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_INPUTS: Final = data(__name__)["inputs"]
_CLASSIFIED: Final = thresholds(__name__)["classified"]
CRITERIA: Final[dict[str, tuple[str, ...]]] = {
    criterion: tuple(item["id"] for item in _INPUTS if item["group"] == criterion)
    for criterion in dict.fromkeys(item["group"] for item in _INPUTS)
}


def rule(levels: Columns) -> dict[str, Column]:
    """The results where every question is answered."""
    met_ones = [np.maximum.reduce([levels[name] for name in names]) for names in CRITERIA.values()]
    count: Column = np.sum(met_ones, axis=0)
    enough, _ = met(count * MILLION, _CLASSIFIED)
    return {"classified": enough.astype(np.int64), "count": count}


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """Whether the patient is classified, how many criteria are met, and which are still open."""
    results = of_one(_judged(one_row(given, INSTRUMENT.inputs)), ("classified",))
    criteria = {criterion: any_of(map(given.truth, names)) for criterion, names in CRITERIA.items()}
    still_open = (name for criterion, names in CRITERIA.items() if criteria[criterion] is None for name in names)
    return Outcome(
        results=results,
        unknown=given.missing(*still_open) if results["classified"] is None else (),
        contributions={criterion: Decimal(1) for criterion, is_met in criteria.items() if is_met},
    )


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients."""
    return ColumnOutcome(_judged(columns))


def _judged(levels: Columns) -> dict[str, Column]:
    return agreed(*extremes(rule, levels, INSTRUMENT.inputs))


INSTRUMENT: Final = define(__name__, compute, compute_columns)
