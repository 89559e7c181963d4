"""SLEDAI, the flare index, SLE-DAS and the physician's view in the words of other programs and papers."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from equipoise.instruments.activity.sledai import WEIGHTS, band
from equipoise.instruments.registry import get
from equipoise.items import Answer
from equipoise.validation.scores.answered import (
    answers_of,
    listed,
    nothing_else,
    plain_name,
    score,
)
from equipoise.validation.vector import NotMappedError, Vector, exact
from equipoise.validation.verdict import Open, Refused, Scored

# --- SLEDAI -----------------------------------------------------------------------------------------------------------

_SLEDAI_VARIANTS: Final = {
    "sledai": "", "sledai_2k": "sledai_2k", "sledai_2k_30d": "sledai_2k_30d", "sledai_1992": "original_1992",
    "sledai_original": "original_1992", "sledai_original_1992": "original_1992", "sledai_selena": "selena",
    "selena_sledai": "selena", "sledai_selena_s2k": "selena_s2k", "selena_s2k": "selena_s2k",
}  # fmt: skip
_SLEDAI_NAMES: Final = {
    "organic_brain_syndrome": "organic_brain", "visual_disturbance": "visual",
    "cranial_nerve_disorder": "cranial_nerve", "headache": "lupus_headache", "stroke": "cva",
    "cerebrovascular_accident": "cva", "casts": "urinary_casts",
    "hematuria": "haematuria", "oral_ulcers": "mucosal_ulcers", "new_rash": "rash", "inflammatory_rash": "rash",
    "pleuritis": "pleurisy", "low_c3_c4": "low_complement", "anti_dsdna": "increased_dna",
    "dna_binding": "increased_dna", "increased_dna_binding": "increased_dna", "anti_dna": "increased_dna",
}  # fmt: skip
_BANDS: Final = {"1-5": "set_a", "1-4": "set_b"}


def _sledai(vector: Vector) -> Any:
    """Counts of items by weight, all items, a list of the items present, or items by name; the others are absent."""
    instrument = get("sledai")
    answers: dict[str, Answer] = nothing_else(instrument)
    if vector.take("all_24_items", False):
        answers = dict.fromkeys(answers, True)
    for weight in (1, 2, 4, 8):
        answers |= dict.fromkeys(_with_weight(weight, int(vector.take(f"count_weight_{weight}", 0))), True)
    answers |= listed(instrument, vector.take("items", ()), _SLEDAI_NAMES)
    answers |= answers_of(instrument, vector.remaining(), _SLEDAI_NAMES)
    return score("sledai", answers, variant=_SLEDAI_VARIANTS[vector.method])


def _with_weight(weight: int, count: int) -> Iterable[str]:
    names = [name for name, points in WEIGHTS.items() if points == weight]
    if count > len(names):
        raise ValueError(f"there are {len(names)} items of weight {weight}, not {count}")
    return names[:count]


def _sledai_band(vector: Vector) -> Any:
    banding, total = vector.take("banding"), vector.integer("score")
    bands = next((bands for mark, bands in _BANDS.items() if mark in banding), None)
    if bands is None:
        raise NotMappedError(f"there are no bands {banding!r}")
    return band(total, bands)  # type: ignore[arg-type]


# --- The flare index --------------------------------------------------------------------------------------------------

# A reading of names in papers: the manifestation of the index that each is; "" where it is none of them.
_MANIFESTATIONS: Final = {
    "arthritis": "new_arthritis", "mild_arthritis": "new_arthritis", "polyarthritis": "new_arthritis",
    "mucosal_ulcers": "new_ulcers", "oral_ulcers": "new_ulcers", "nasopharyngeal_ulcers": "new_ulcers",
    "pleuritis": "new_pleuritis", "pleurisy": "new_pleuritis", "pericarditis": "new_pericarditis", "fever": "new_fever",
    "discoid_lupus": "new_rash", "photosensitive_rash": "new_rash", "lupus_profundus": "new_rash",
    "bullous_lupus": "new_rash", "cutaneous_vasculitis": "new_rash", "nephritis": "new_nephritis",
    "lupus_nephritis": "new_nephritis", "myositis": "new_myositis", "vasculitis": "new_vasculitis",
    "haemolytic_anaemia": "new_haemolysis", "autoimmune_haemolytic_anaemia": "new_haemolysis", "cns": "new_cns",
    "thrombocytopenia_below_60": "new_thrombocytopenia", "seizure": "new_cns", "psychosis": "new_cns",
    "lymphopenia": "", "leukopenia": "", "diffuse_alopecia": "", "alopecia": "", "arthralgia": "", "low_complement": "",
    "anti_dsdna": "", "asthenia": "", "weight_loss": "",
}  # fmt: skip
_DRUGS: Final = {
    "mycophenolate_mofetil": "mycophenolate", "mycophenolic_acid": "mycophenolate", "belimumab": "biologic",
    "rituximab": "biologic", "tacrolimus": "calcineurin_inhibitor", "ciclosporin": "calcineurin_inhibitor",
    "cyclosporine": "calcineurin_inhibitor", "nsaids": "nsaid",
}  # fmt: skip
_SFI_VARIANTS: Final = ("classic", "belimumab_modified", "thanou_msfi")
_QUIET_TOTALS: Final = (0, 2, 4)  # SLEDAI with no clinical item: complement and antibodies still count
_SEVERITIES: Final = ("none", "mild_moderate", "severe")
_ADDED: Final = ("added", "started", "introduced", "new", True)


def _flare_index(vector: Vector) -> Any:
    """A printed patient: what is printed is answered, what is not stays open, and every reading of it is scored."""
    instrument, variant = get("sfi"), vector.method.removeprefix("sfi_")
    previous, treatment = dict(vector.take("previous", {})), dict(vector.take("treatment", {}))
    answers: dict[str, Answer] = {"sledai_now": exact(vector.one_of("selena_sledai", "sledai", default=None))}
    answers |= {"pga_now": vector.decimal("pga", None), "pga_ref": exact(previous.pop("pga", None))}
    answers |= {"weight": exact(vector.one_of("weight_kg", "weight", default=None))}
    answers |= {"hospitalised": vector.one_of("hospitalised", "hospitalized", default=None)}
    answers |= _manifestations(vector.take("new_or_worse", ()))
    answers |= _treated(treatment, exact(previous.pop("prednisone_mg_day", None)))
    references = _reference_totals(previous)  # whatever else is told of that visit could only narrow the answer
    answers |= answers_of(instrument, vector.remaining(), {})
    return _any_of(instrument.score(answers | {"sledai_ref": total}, variant=variant).results for total in references)


def _reference_totals(previous: dict[str, Any]) -> tuple[Answer, ...]:
    """The total at the visit before, or each total a clinically quiescent patient can have, or none that is known."""
    for name in ("selena_sledai", "sledai"):
        if name in previous:
            return (exact(previous.pop(name)),)
    return tuple(map(Decimal, _QUIET_TOTALS)) if previous.pop("clinically_quiescent", False) else (None,)


def _manifestations(names: Iterable[str]) -> dict[str, Answer]:
    """What is new or worse; a name that may or may not be one of the index leaves open what is not named."""
    found = [_MANIFESTATIONS.get(plain_name(name)) for name in names]
    rest: Answer = None if None in found else False
    groups = ("mild_manifestation", "severe_manifestation")
    asked = {one.id: rest for one in get("sfi").inputs if one.group in groups}
    return asked | {name: True for name in found if name}


def _treated(treatment: dict[str, Any], before: Decimal | None) -> dict[str, Answer]:
    """Prednisone before and now, and the drugs added.

    What is not mentioned was not added; a treatment that is no drug of the index leaves open what is not mentioned.
    """
    asked = [one.id for one in get("sfi").inputs if one.group == "drug"]
    told, unchanged = bool(treatment), treatment.pop("change", None) == "none"
    dose = treatment.pop("prednisone_mg_day", None)
    found = {_drug(name): change in _ADDED for name, change in treatment.items()}
    complete = told and set(found) <= set(asked)
    now = exact(dose) if dose is not None else before if complete and (unchanged or found) else None
    drugs: dict[str, Answer] = dict.fromkeys(asked, False if complete else None)
    drugs |= {name: added for name, added in found.items() if name in asked}
    return drugs | {"prednisone_ref": before, "prednisone_now": now}


def _drug(name: str) -> str:
    plain = plain_name(name)
    return f"new_{_DRUGS.get(plain, plain)}"


def _any_of(all_results: Iterable[Any]) -> Any:
    """The severity if every reading gives it, or the severities that are possible."""
    possible = {severity for results in all_results for severity in _possible(results)}
    if len(possible) == 1:
        return Scored(possible.pop(), {})
    return Open(values=tuple(sorted(possible)))


def _possible(results: Any) -> Iterator[str]:
    """What the severity can still become, from what is known of a flare and of a severe one."""
    known = results["severity"]
    if known in _SEVERITIES:
        yield known
        return
    if results["flare"] is not True:
        yield "none"
    if results["flare"] is not False and results["severe"] is not True:
        yield "mild_moderate"
    if results["severe"] is not False:
        yield "severe"


# --- SLE-DAS and PGA --------------------------------------------------------------------------------------------------

_SLE_DAS_NAMES: Final = {
    "cardiac_pulmonary": "cardiopulmonary", "cardiac_pulmonary_involvement": "cardiopulmonary",
    "neuropsychiatric_involvement": "neuropsychiatric", "local_skin_rash": "local_rash",
    "generalised_skin_rash": "generalised_rash", "oral_ulcers": "mucosal_ulcers",
    "hypocomplementaemia": "low_complement", "hypocomplementemia": "low_complement",
    "anti_dsdna": "increased_dna", "increased_anti_dsdna": "increased_dna",
    "swollen_joint_count": "swollen_joints", "swollen_joints_28": "swollen_joints", "proteinuria": "urine_protein",
    "protein": "urine_protein", "wbc": "leukocytes", "leucocytes": "leukocytes", "white_cells": "leukocytes",
    "vasculitis": "systemic_vasculitis",
}  # fmt: skip
_NORMAL: Final = {
    "swollen_joints": Decimal(0), "urine_protein": Decimal(0), "platelets": Decimal(200), "leukocytes": Decimal(6),
}  # fmt: skip
_MEASURED: Final = {
    "arthritis": "swollen_joints", "proteinuria": "urine_protein", "thrombocytopenia": "platelets",
    "leukopenia": "leukocytes",
}  # fmt: skip
_FLAGS: Final = tuple(_MEASURED)
_PRINTED_PLACES: Final = 2  # the authors' calculator


def _sle_das(vector: Vector) -> Any:
    """What is not listed is absent or normal. The value is rounded as the authors' calculator prints it.

    A flag that is ticked without its measurement leaves the measurement open.
    """
    instrument = get("sle_das")
    flags = {flag: vector.one_of(f"{flag}_flag", default=None) for flag in _FLAGS}
    given = vector.remaining()
    flags |= {flag: given.pop(flag) for flag in _FLAGS if given.get(flag) in (0, 1) and flag in given}
    answers = nothing_else(instrument) | _NORMAL | {_MEASURED[flag]: None for flag, held in flags.items() if held}
    answers |= answers_of(instrument, given, _SLE_DAS_NAMES)
    return score("sle_das", answers, places=_PRINTED_PLACES)


def _sle_das_consistency(vector: Vector) -> Any:
    """Whether a ticked flag is what the measurement says, and answers do not exclude each other."""
    flags = {flag: vector.one_of(f"{flag}_flag", default=None) for flag in _FLAGS}
    found = _sle_das(vector)
    if isinstance(found, Refused):
        return "reject"
    agree = all(flag is None or bool(flag) == found.results[name] for name, flag in flags.items())
    return "valid" if agree else "reject"


def _pga(vector: Vector) -> Any:
    """A mark on a line, or a value read on a scale."""
    if "mm" in vector:
        answers: dict[str, Answer] = {
            "mm": vector.decimal("mm"),
            "line": exact(vector.one_of("length", "line", "length_mm", "line_mm", default=100)),
        }
        return score("pga", answers, variant="line")
    scale = str(vector.take("scale", 3))
    return score("pga", {"value": vector.decimal("value")}, variant="value", settings={"scale": scale})


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    **dict.fromkeys(_SLEDAI_VARIANTS, _sledai),
    "sledai_2k_band": _sledai_band,
    "sledai_band": _sledai_band,
    **{f"sfi_{variant}": _flare_index for variant in _SFI_VARIANTS},
    "sle_das": _sle_das,
    "sle_das_consistency": _sle_das_consistency,
    "pga": _pga,
}
