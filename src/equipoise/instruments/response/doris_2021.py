"""DORIS 2021 remission: no clinical activity, a low global assessment, low-dose prednisolone, stable treatment.

Serology does not count, and there is no duration: the state is met at one point in time.
"""

from typing import Final

from equipoise.instruments.columns import ColumnOutcome, Columns, met, truths
from equipoise.instruments.definition import define, thresholds
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.response.criteria import Reads, target, target_columns
from equipoise.instruments.result import Outcome

_LIMITS: Final = thresholds(__name__)
_READS: Final[Reads] = {
    "no_clinical_activity": ("clinical_sledai",),
    "pga_low": ("pga",),
    "prednisolone_low": ("prednisolone_daily",),
    "treatment_stable": ("stable_treatment",),
}


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """Remission and its four criteria; `contributions` are the criteria that are not met."""
    criteria = {
        "no_clinical_activity": _LIMITS["clinical_sledai"].met(given.number("clinical_sledai")),
        "pga_low": _LIMITS[choices.word("pga_limit")].met(given.number("pga")),
        "prednisolone_low": _LIMITS[choices.word("prednisolone_limit")].met(given.number("prednisolone_daily")),
        "treatment_stable": given.truth("stable_treatment"),
    }
    return target("remission", criteria, _READS, given)


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients."""
    criteria = {
        "no_clinical_activity": met(columns["clinical_sledai"], _LIMITS["clinical_sledai"]),
        "pga_low": met(columns["pga"], _LIMITS[choices.word("pga_limit")]),
        "prednisolone_low": met(columns["prednisolone_daily"], _LIMITS[choices.word("prednisolone_limit")]),
        "treatment_stable": truths(columns["stable_treatment"]),
    }
    return target_columns("remission", criteria)


INSTRUMENT: Final = define(__name__, compute, compute_columns)
