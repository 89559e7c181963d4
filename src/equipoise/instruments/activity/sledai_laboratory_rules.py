"""What a variant and a protocol's settings make of the laboratory items of SLEDAI, prepared once for both roads."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from equipoise.instruments.activity.sledai import WEIGHTS, WINDOW_DAYS
from equipoise.instruments.definition import data, thresholds
from equipoise.instruments.parts import Threshold
from equipoise.instruments.reading import Choices

_DATA: Final = data(f"{__package__}.sledai_laboratory")
_VARIANTS: Final = {part["id"]: part for part in _DATA["variants"]}
LIMITS: Final = thresholds(f"{__package__}.sledai_laboratory")
CODES: Final = ("absent", "not_attributable", "present")
CAST_CODES: Final[tuple[str, ...]] = next(tuple(q["codes"]) for q in _DATA["inputs"] if q["id"] == "urine_cast")
SCORING_CASTS: Final = tuple(_DATA["scoring_casts"])
ITEM_WEIGHTS: Final = {name: WEIGHTS[name] for name in _DATA["items"]}


@dataclass(frozen=True, slots=True)
class Rules:
    """Which results are read, and against which limits. `reads` lists the answers each item needs."""

    window_days: int
    persistence_counts: bool
    drug_excluded: bool
    protein: str
    protein_limit: Threshold
    complements: tuple[str, ...]
    farr: bool
    reads: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=256)
def rules(variant: str, choices: Choices) -> Rules:
    """The rules in force, prepared once for a variant and a set of settings."""
    published, protein, window = _VARIANTS[variant], choices.word("protein"), choices.word("window_days")
    persistence_counts = published["persistence_counts"] == "yes"
    drug_excluded = published["drug_excluded"] == "yes"
    measured = "urine_protein" if protein == "g_per_24h" else "upcr"
    complements = tuple(choices.word("complement").split("_"))
    farr = choices.word("anti_dsdna_assay") == "farr"
    chosen = {
        "proteinuria": (measured, *(() if persistence_counts else (f"previous_{measured}", "proteinuria_recent"))),
        "low_complement": tuple(name for one in complements for name in (one, f"{one}_lln")),
        "increased_dna": ("farr_binding",) if farr else ("anti_dsdna", "anti_dsdna_uln"),
        "thrombocytopenia": ("thrombocytopenia_drug",) if drug_excluded else (),
    }
    return Rules(
        window_days=WINDOW_DAYS[variant] if window == "of_variant" else int(window),
        persistence_counts=persistence_counts,
        drug_excluded=drug_excluded,
        protein=measured,
        protein_limit=LIMITS["proteinuria" if protein == "g_per_24h" else protein],
        complements=complements,
        farr=farr,
        reads={item: (*asked, *chosen.get(item, ())) for item, asked in _DATA["items"].items()},
    )
