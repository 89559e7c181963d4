"""The lupus low disease activity state: little activity, none in a major organ, nothing new, little treatment.

The variants are the three published readings of "nothing new". What is new at a first assessment nobody can say: it
stays unknown unless the protocol decides that a first assessment has nothing new.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from equipoise.instruments.columns import ColumnOutcome, Columns, Truths, among, every, met, negate, some, truths
from equipoise.instruments.definition import data, define, thresholds
from equipoise.instruments.logic import all_of, any_of, negated
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.response.criteria import Reads, target, target_columns
from equipoise.instruments.result import Outcome

_LIMITS: Final = thresholds(__name__)
_INPUTS: Final = data(__name__)["inputs"]
MAJOR_ORGAN_ITEMS: Final = tuple(part["id"] for part in _INPUTS if part.get("group") == "major_organ")
OTHER_ITEMS: Final = tuple(part["id"] for part in _INPUTS if part.get("group") in ("other_clinical", "serological"))
_SEROLOGICAL: Final = tuple(part["id"] for part in _INPUTS if part.get("group") == "serological")
_SFI: Final = next(tuple(part["codes"]) for part in _INPUTS if part["id"] == "sfi_severity")
_NO_FLARE: Final = "none"
_READS: Final[Reads] = {
    "sledai_low": ("sledai_2k",),
    "no_major_organ_activity": MAJOR_ORGAN_ITEMS,
    "no_haemolytic_anaemia": ("haemolytic_anaemia",),
    "no_gastrointestinal_activity": ("gastrointestinal_activity",),
    "pga_low": ("pga",),
    "prednisolone_low": ("prednisolone_daily",),
    "treatment_standard": ("standard_treatment",),
}
_CAPPED: Final = tuple(name.removesuffix("_cap") for name in _LIMITS if name.endswith("_cap"))


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """The state and its eight criteria; `contributions` are the criteria that are not met."""
    new = _new_features(given, variant, choices)
    criteria = {
        "sledai_low": _LIMITS["sledai_2k"].met(given.number("sledai_2k")),
        "no_major_organ_activity": negated(any_of(map(given.truth, MAJOR_ORGAN_ITEMS))),
        "no_haemolytic_anaemia": negated(given.truth("haemolytic_anaemia")),
        "no_gastrointestinal_activity": negated(given.truth("gastrointestinal_activity")),
        "no_new_feature": _nothing_new(given, new, choices),
        "pga_low": _LIMITS["pga"].met(given.number("pga")),
        "prednisolone_low": _LIMITS["prednisolone"].met(given.number("prednisolone_daily")),
        "treatment_standard": given.truth("standard_treatment"),
    }
    lacking = tuple(name for questions, truth in new.items() if truth is None for name in questions)
    return target("lldas", criteria, {**_READS, "no_new_feature": lacking}, given)


def _new_features(given: Given, variant: str, choices: Choices) -> Mapping[tuple[str, ...], bool | None]:
    """Each feature that could be new, by the questions that tell."""
    match variant:
        case "sledai_items":
            return {
                (item, f"{item}_previous"): all_of((given.truth(item), negated(given.truth(f"{item}_previous"))))
                for item in _compared_items(choices)
            }
        case "sfi":
            severity = given.word("sfi_severity")
            return {("sfi_severity",): None if severity is None else severity != _NO_FLARE}
    return {("new_activity",): given.truth("new_activity")}


def _nothing_new(given: Given, new: Mapping[tuple[str, ...], bool | None], choices: Choices) -> bool | None:
    nothing = negated(any_of(new.values()))
    if nothing is None and given.truth("first_assessment") and choices.yes("nothing_new_at_first_assessment"):
        return True
    return nothing


def _compared_items(choices: Choices) -> tuple[str, ...]:
    """The items the state tolerates; an item of a major organ breaks it, new or not."""
    return tuple(item for item in OTHER_ITEMS if choices.yes("new_serology_counts") or item not in _SEROLOGICAL)


def doses_within_caps(doses: Mapping[str, Decimal | None]) -> bool | None:
    """Whether every dose is within the cap of the Asia Pacific Lupus Collaboration, to prepare `standard_treatment`.

    Doses by drug in mg/day, methotrexate in mg/week; a drug not taken is 0, `None` is not known. Golder 2016, table 3.
    """
    return all_of(_LIMITS[f"{drug}_cap"].met(doses.get(drug)) for drug in _CAPPED)


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients."""
    criteria = {
        "sledai_low": met(columns["sledai_2k"], _LIMITS["sledai_2k"]),
        "no_major_organ_activity": negate(some(*(truths(columns[item]) for item in MAJOR_ORGAN_ITEMS))),
        "no_haemolytic_anaemia": negate(truths(columns["haemolytic_anaemia"])),
        "no_gastrointestinal_activity": negate(truths(columns["gastrointestinal_activity"])),
        "no_new_feature": _nothing_new_column(columns, variant, choices),
        "pga_low": met(columns["pga"], _LIMITS["pga"]),
        "prednisolone_low": met(columns["prednisolone_daily"], _LIMITS["prednisolone"]),
        "treatment_standard": truths(columns["standard_treatment"]),
    }
    return target_columns("lldas", criteria)


def _nothing_new_column(columns: Columns, variant: str, choices: Choices) -> Truths:
    true, false = negate(_new_column(columns, variant, choices))
    if choices.yes("nothing_new_at_first_assessment"):
        first, _ = truths(columns["first_assessment"])
        return true | (first & ~false), false
    return true, false


def _new_column(columns: Columns, variant: str, choices: Choices) -> Truths:
    match variant:
        case "sledai_items":
            return some(
                *(
                    every(truths(columns[item]), negate(truths(columns[f"{item}_previous"])))
                    for item in _compared_items(choices)
                )
            )
        case "sfi":
            return negate(among(columns["sfi_severity"], [_SFI.index(_NO_FLARE)]))
    return truths(columns["new_activity"])


INSTRUMENT: Final = define(__name__, compute, compute_columns)
