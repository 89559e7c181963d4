"""Classification criteria and the damage index in the words of other programs and papers."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from equipoise.instruments.instrument import Instrument
from equipoise.instruments.registry import get
from equipoise.items import Answer
from equipoise.validation.scores.answered import answers_of, listed, nothing_else, plain_name, score
from equipoise.validation.vector import Vector
from equipoise.validation.verdict import Refused

_EULAR_NAMES: Final[dict[str, str | tuple[str, ...]]] = {
    "autoimmune_hemolysis": "autoimmune_haemolysis", "haemolysis": "autoimmune_haemolysis",
    "alopecia": "nonscarring_alopecia", "non_scarring_alopecia": "nonscarring_alopecia",
    "subacute_cutaneous": "subacute_or_discoid", "discoid": "subacute_or_discoid",
    "subacute_cutaneous_or_discoid": "subacute_or_discoid", "discoid_lupus": "subacute_or_discoid",
    "subacute_cutaneous_lupus": "subacute_or_discoid", "acute_cutaneous_lupus": "acute_cutaneous",
    "malar_rash": "acute_cutaneous", "pleural_pericardial_effusion": "effusion",
    "pleural_effusion": "effusion", "pericardial_effusion": "effusion",
    "pleural_or_pericardial_effusion": "effusion", "pericarditis": "acute_pericarditis", "joints": "joint_involvement",
    "arthritis": "joint_involvement", "synovitis": "joint_involvement", "anti_cardiolipin": "anticardiolipin",
    "anti_beta2_gp1": "anti_beta2gp1", "anti_b2gp1": "anti_beta2gp1", "antiphospholipid": "lupus_anticoagulant",
    "low_c3_or_c4": "low_c3", "low_c3_or_low_c4": "low_c3", "low_c3_and_c4": ("low_c3", "low_c4"),
    "low_c3_and_low_c4": ("low_c3", "low_c4"), "anti_smith": "anti_sm", "antidsdna": "anti_dsdna",
    "anti_ds_dna": "anti_dsdna", "dsdna": "anti_dsdna", "sm": "anti_sm",
    "biopsy_class_ii_v": "biopsy_ii_v", "biopsy_class_iii_iv": "biopsy_iii_iv",
    "class_ii_v": "biopsy_ii_v", "class_iii_iv": "biopsy_iii_iv",
}  # fmt: skip
_SLICC_NAMES: Final[dict[str, str | tuple[str, ...]]] = {
    "acute_cutaneous_lupus": "acute_cutaneous", "malar_rash": "acute_cutaneous",
    "chronic_cutaneous_lupus": "chronic_cutaneous",
    "discoid": "chronic_cutaneous", "oral_ulcers": "oral_or_nasal_ulcers", "nasal_ulcers": "oral_or_nasal_ulcers",
    "alopecia": "nonscarring_alopecia", "non_scarring_alopecia": "nonscarring_alopecia", "arthritis": "synovitis",
    "neurological": "neurologic", "anti_ds_dna": "anti_dsdna", "anti_smith": "anti_sm",
    "antiphospholipid_antibodies": "antiphospholipid", "coombs": "direct_coombs",
    "biopsy_nephritis": "nephritis_biopsy",
    "biopsy_proven_nephritis": "nephritis_biopsy", "lupus_nephritis_biopsy": "nephritis_biopsy",
}  # fmt: skip
_ACR_NAMES: Final[dict[str, str | tuple[str, ...]]] = {
    "serositis": "pleuritis", "renal": "proteinuria", "renal_disorder": "proteinuria", "neurologic": "seizures",
    "neurologic_disorder": "seizures", "haematologic": "leukopenia", "haematologic_disorder": "leukopenia",
    "immunologic": "anti_dsdna", "immunologic_disorder": "anti_dsdna", "seizure": "seizures", "casts": "cellular_casts",
    "discoid": "discoid_rash", "anti_smith": "anti_sm", "anti_ds_dna": "anti_dsdna",
}  # fmt: skip


def _criteria(name: str, aliases: Mapping[str, str | tuple[str, ...]]) -> Callable[[Vector], Any]:
    """A list of criteria that are met, or criteria by name; the others are not met."""

    def adapter(vector: Vector) -> Any:
        instrument = get(name)
        answers: dict[str, Answer] = nothing_else(instrument)
        answers |= listed(instrument, vector.take("criteria", ()), aliases)
        named = {one: meant for one, meant in aliases.items() if isinstance(meant, str)}
        return score(name, answers | answers_of(instrument, vector.remaining(), named))

    return adapter


# --- The damage index -------------------------------------------------------------------------------------------------

_DOMAINS: Final = {
    "eye": "ocular", "premature_gonadal_failure": "gonadal", "diabetes": "diabetes_mellitus", "cancer": "malignancy",
    "peripheral_vasculature": "peripheral_vascular", "integument": "skin",
}  # fmt: skip
_RENAL_END: Final = ("renal", 3, "end_stage_renal")


def _damage(vector: Vector) -> Any:
    """Points by domain, which become items that give them, or items by name; a domain can refuse its points."""
    instrument = get("sdi")
    answers = nothing_else(instrument) | {one.id: "none" for one in instrument.inputs if one.type == "choice"}
    for name, value in vector.remaining().items():
        domain = _DOMAINS.get(plain_name(name), plain_name(name))
        if any(one.group == domain for one in instrument.inputs):
            items = _damage_items(instrument, domain, int(value))
            if items is None:
                return Refused(f"{domain} cannot give {value} points")
            answers |= items
        else:
            answers |= answers_of(instrument, {name: value}, {})
    return score("sdi", answers)


def _damage_items(instrument: Instrument, domain: str, points: int) -> dict[str, Answer] | None:
    """Items of a domain that add up to these points."""
    if (domain, points) == _RENAL_END[:2]:
        return {_RENAL_END[2]: True}
    found: dict[str, Answer] = {}
    for one in instrument.inputs:
        if one.group != domain or one.id == _RENAL_END[2] or points <= 0:
            continue
        found[one.id] = True if one.type == "yes_no" else "one" if points == 1 else "more_than_one"
        points -= 2 if found[one.id] == "more_than_one" else 1
    return found if points == 0 else None


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    "eular_acr_2019": _criteria("eular_acr_2019", _EULAR_NAMES),
    "slicc_2012": _criteria("slicc_2012", _SLICC_NAMES),
    "acr_1997": _criteria("acr_1997", _ACR_NAMES),
    "sdi": _damage,
}
