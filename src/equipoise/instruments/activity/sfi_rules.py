"""The rules of the flare index that a variant and a protocol's settings put in force, prepared once for both roads."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from equipoise.instruments.definition import data, thresholds
from equipoise.instruments.reading import Choices

_DATA: Final = data(f"{__package__}.sfi")
LIMITS: Final = thresholds(f"{__package__}.sfi")
_DROPS: Final = {part["id"]: frozenset(part["drops"]) for part in _DATA["variants"]}
_RATED: Final = {part["id"]: part["rated"] == "yes" for part in _DATA["variants"]}
CRITERIA: Final = tuple(_DATA["criteria"])
SEVERE_CRITERIA: Final = tuple(name for name in CRITERIA if name.startswith("sv"))
SEVERITIES: Final = ("none", "mild_moderate", "flare_severity_unknown", "severe")
RATED: Final = ("none", "mild", "moderate", "mild_moderate", "severe")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a variant and a protocol's settings make of the index. `reads` lists the answers each criterion needs."""

    drops: frozenset[str]
    rated: bool
    mm1_capped: bool
    sv1_requires_rise: bool
    pga_rise_to: bool
    start_counts_as_doubling: bool
    needs_treatment: bool
    reads: Mapping[str, tuple[str, ...]]
    manifestations: Mapping[str, tuple[str, ...]]
    drugs: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=256)
def rules(variant: str, choices: Choices) -> Rules:
    """The rules in force, prepared once for a variant and a set of settings."""
    groups = ("mild_manifestation", "severe_manifestation")
    manifestations = {
        group: tuple(item["id"] for item in _DATA["inputs"] if item.get("group") == group) for group in groups
    }
    drugs = {
        setting: tuple(f"new_{drug}" for drug in choices.words(setting)) for setting in ("mild_drugs", "severe_drugs")
    }
    needs_treatment = choices.yes("severe_manifestation_needs_treatment")
    reads = {
        name: (*manifestations.get(part.get("group", ""), ()), *drugs.get(part.get("drugs", ""), ()), *part["inputs"])
        for name, part in _DATA["criteria"].items()
    }
    return Rules(
        drops=_DROPS[variant],
        rated=_RATED[variant],
        mm1_capped=not (variant == "belimumab_modified" and choices.yes("mm1_cap_removed")),
        sv1_requires_rise=choices.yes("sv1_requires_rise"),
        pga_rise_to=choices.word("pga_reading") == "rise_to",
        start_counts_as_doubling=choices.yes("start_counts_as_doubling"),
        needs_treatment=needs_treatment,
        reads=reads if needs_treatment else reads | {"sv2_manifestation": manifestations["severe_manifestation"]},
        manifestations=manifestations,
        drugs=drugs,
    )
