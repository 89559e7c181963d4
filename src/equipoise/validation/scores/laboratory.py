"""Renal function, liver signals and laboratory grades in the words of other programs and papers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from equipoise.instruments.registry import get
from equipoise.items import Answer
from equipoise.validation.scores.answered import answers_of, one_of, score
from equipoise.validation.vector import NotMappedError, Vector, exact
from equipoise.validation.verdict import Open

_SEX: Final = {"F": "female", "M": "male", "female": "female", "male": "male", "f": "female", "m": "male"}
_CREATININE: Final = {"umol/L": "umol_per_l", "µmol/L": "umol_per_l", "mg/dL": "mg_per_dl"}


def _renal_function(name: str, *more: str) -> Callable[[Vector], Any]:
    """Age, sex and creatinine with its unit; a sex or unit that is not given or does not exist cannot be judged."""

    def adapter(vector: Vector) -> Any:
        variant, sex = _CREATININE.get(str(vector.take("unit", "umol/L"))), vector.take("sex")
        answers: dict[str, Answer] = {"age": vector.decimal("age"), "creatinine": vector.decimal("creatinine")}
        answers |= {"sex": None if sex is None else _SEX.get(str(sex), str(sex))}
        answers |= {part: exact(vector.one_of(f"{part}_kg", f"{part}_cm", part, default=None)) for part in more}
        return Open() if variant is None else score(name, answers, variant=variant)

    return adapter


def _hys_law(vector: Vector) -> Any:
    """Results and their upper limits; what is not given stays open, alkaline phosphatase too."""
    limits = dict(vector.take("uln", {}))
    given = vector.remaining() | {f"{name}_uln": limit for name, limit in limits.items()}
    return score("hys_law", answers_of(get("hys_law"), given, {"tbili": "bilirubin"}), result="biochemical")


# --- CTCAE ------------------------------------------------------------------------------------------------------------

_TERMS: Final = {
    "alt": "alt_increased", "ast": "ast_increased", "bilirubin": "bilirubin_increased", "alp": "alp_increased",
    "creatinine": "creatinine_increased", "platelets": "platelet_count_decreased", "anemia": "anemia",
    "anaemia": "anemia", "hemoglobin": "anemia", "haemoglobin": "anemia", "neutrophils": "neutrophil_count_decreased",
    "lymphocytes": "lymphocyte_count_decreased", "wbc": "white_blood_cell_decreased", "albumin": "hypoalbuminaemia",
}  # fmt: skip
_CELLS: Final = {
    "10^9/L": "1",
    "x10^9/L": "1",
    "10^9/l": "1",
    "G/L": "1",
    "/mm3": "0.001",
    "/uL": "0.001",
    "10^3/uL": "1",
}
_MASS: Final = {"g/L": "1", "G/L": "1", "g/dL": "10", "G/DL": "10", "G/dL": "10"}
_MASS_TERMS: Final = ("anemia", "hypoalbuminaemia")
_ABNORMAL: Final = {"normal": False, "high": True, "abnormal": True}


def _ctcae(vector: Vector) -> Any:
    """A result with its limits. Counts come in 10^9/L and masses in g/L; a unit that does not exist is not gradable.

    A case that says nothing of a baseline has none to compare with; one that gives null does not know it.
    """
    variant = one_of(_TERMS, vector.method.partition("_")[2], "term")
    factor = _factor(variant, vector.take("unit", None))
    answers: dict[str, Answer] = {
        name: _times(exact(vector.take(name, None)), factor) for name in ("value", "lln", "uln") if name in vector
    }
    if "baseline_value" in vector:
        answers["baseline"] = _times(vector.decimal("baseline_value"), factor)
    if "baseline" in vector:
        answers["baseline_abnormal"] = _abnormal(vector.take("baseline"))
    told = "baseline" in vector or "baseline_value" in vector
    settings = {} if told else {"unknown_baseline": "not_compared"}
    return Open() if factor is None else score("ctcae_v5", answers, variant=variant, settings=settings)


def _factor(variant: str, unit: str | None) -> Decimal | None:
    """What turns a number into the unit of the term; 1 for a multiple of a limit; none for a unit that is none."""
    if unit is None or variant.endswith("_increased"):
        return Decimal(1)
    known = _MASS if variant in _MASS_TERMS else _CELLS
    return exact(known.get(unit))


def _times(number: Decimal | None, factor: Decimal | None) -> Decimal | None:
    return None if number is None or factor is None else number * factor


def _abnormal(word: Any) -> bool | None:
    if word is None or isinstance(word, bool):
        return word
    if word not in _ABNORMAL:
        raise NotMappedError(f"there is no baseline {word!r}")
    return _ABNORMAL[word]


# --- Ratios -----------------------------------------------------------------------------------------------------------

_RATIOS: Final = {
    "mg_per_mmol": "ratio_mg_per_mmol",
    "mg_mmol": "ratio_mg_per_mmol",
    "mg_per_g": "ratio_mg_per_g",
    "mg_g": "ratio_mg_per_g",
}


_PAIRS: Final = {
    ("protein_mg_dl", "creatinine_mg_dl"): ("mg_dl", "mg_per_g"),
    ("protein_mg_l", "creatinine_mmol_l"): ("mg_l_mmol_l", "mg_per_mmol"),
    ("protein_g_l", "creatinine_mmol_l"): ("g_l_mmol_l", "mg_per_mmol"),
}


def _uln_multiple(vector: Vector) -> Any:
    return score("uln_multiple", {"value": vector.decimal("value"), "uln": vector.decimal("uln")})


def _protein_creatinine(vector: Vector) -> Any:
    """A ratio in one unit to the other, or protein and creatinine, whose units stand in their names or in `units`."""
    for (protein, creatinine), (variant, result) in _PAIRS.items():
        if protein in vector and creatinine in vector:
            answers: dict[str, Answer] = {"protein": vector.decimal(protein), "creatinine": vector.decimal(creatinine)}
            return score("upcr", answers, variant=variant, result=result)
    for name, variant in _RATIOS.items():
        if name in vector:
            to = "mg_per_g" if variant == "ratio_mg_per_mmol" else "mg_per_mmol"
            return score("upcr", {"ratio": vector.decimal(name)}, variant=variant, result=to)
    variant = one_of({one: one for one in get("upcr").variants}, vector.one_of("units", "variant"), "pair of units")
    return score("upcr", answers_of(get("upcr"), vector.remaining(), {}), variant=variant)


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    "cockcroft_gault": _renal_function("cockcroft_gault", "weight"),
    "ckd_epi_2021": _renal_function("ckd_epi_2021"),
    "hys_law": _hys_law,
    "ctcae5_*": _ctcae,
    "uln_multiple": _uln_multiple,
    "upcr": _protein_creatinine,
}
