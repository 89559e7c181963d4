"""What both roads of BILAG-2004 read: systems, lists, limits, and the settings in force, prepared once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from equipoise.instruments.definition import data, thresholds
from equipoise.instruments.parts import Threshold
from equipoise.instruments.reading import Choices

_DATA: Final = data(f"{__package__}.bilag2004")
LIMITS: Final = thresholds(f"{__package__}.bilag2004")
GRADES: Final = ("E", "D", "C", "B", "A")
POINTS: Final = {grade: int(points) for grade, points in _DATA["points"].items()}
SCALE: Final = ("not_present", "improving", "same", "worse", "new")
IMPROVING, SAME, WORSE = 1, 2, 3
PLUSES: Final = {code: int(pluses) for code, pluses in _DATA["dipstick_pluses"].items()}
MOST_PLUSES: Final = max(PLUSES.values())
SYSTEMS: Final = tuple(dict.fromkeys(item["group"] for item in _DATA["inputs"]))
CONSTITUTIONAL: Final = tuple(
    item["id"] for item in _DATA["inputs"] if item["group"] == "constitutional" and item.get("codes") == list(SCALE)
)
LISTED_SYSTEMS: Final = tuple(dict.fromkeys(item["group"] for item in _DATA["inputs"] if "list" in item))
LISTS: Final = {
    (system, name): tuple(
        item["id"] for item in _DATA["inputs"] if item["group"] == system and item.get("list") == name
    )
    for system in LISTED_SYSTEMS
    for name in "ABC"
}
QUANTITATIVE: Final = ("urine_protein", "urine_pcr", "urine_acr")
LEVELS: Final = ("severe", "moderate", "mild")
RENAL_CRITERIA: Final[dict[str, dict[str, list[str]]]] = _DATA["renal_criteria"]


@dataclass(frozen=True, slots=True)
class LowCount:
    """A count below a limit that gives a haematological grade once `needs` is answered yes."""

    grade: str
    value: str
    limit: Threshold
    needs: str


LOW_COUNTS: Final = tuple(
    LowCount(part["grade"], part["value"], LIMITS[part["limit"]], part["needs"])
    for part in _DATA["haematological_criteria"]
)


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings in force. `protein` are the limits of each level and measurement, in the unit of the protocol."""

    proteinuria_by: str
    renal_function_by: str
    protein: Mapping[tuple[str, str], Threshold]
    none_exists: bool
    first_proteinuria_counts: bool
    first_gfr_counts: bool
    exact_fall_counts: bool
    exact_130_is_severe: bool
    exact_115_is_moderate: bool
    mild_after_fall: bool
    both_pressures: bool
    attribution_assumed: bool


@lru_cache(maxsize=256)
def rules(choices: Choices) -> Rules:
    """The rules in force, prepared once for a set of settings."""
    times = Decimal(_DATA["mg_per_g_in_mg_per_mmol"]) if choices.word("ratio_unit") == "mg_per_g" else Decimal(1)
    protein = {(level, name): LIMITS[f"{level}_{name}"] for level in LEVELS for name in QUANTITATIVE}
    return Rules(
        proteinuria_by=choices.word("proteinuria_by"),
        renal_function_by=choices.word("renal_function_by"),
        protein={
            (level, name): limit if name == "urine_protein" else replace(limit, value=limit.value * times)
            for (level, name), limit in protein.items()
        },
        none_exists=choices.word("previous_missing") == "none_exists",
        first_proteinuria_counts=choices.yes("first_proteinuria_counts"),
        first_gfr_counts=choices.yes("first_gfr_below_80_counts"),
        exact_fall_counts=choices.yes("fall_of_exactly_25_counts"),
        exact_130_is_severe=choices.yes("exactly_130_is_severe"),
        exact_115_is_moderate=choices.yes("exactly_115_is_moderate"),
        mild_after_fall=choices.yes("mild_proteinuria_after_fall"),
        both_pressures=choices.word("blood_pressure_above") == "both",
        attribution_assumed=choices.word("laboratory_attribution") == "assumed",
    )
