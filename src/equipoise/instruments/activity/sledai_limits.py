"""Which SLEDAI items a measured value meets. Attribution stays the clinician's; these say only what the limit says.

Every function answers present (True), absent (False) or unknown (None), which an item of `sledai` takes as its state.
A value exactly at its limit does not score. Sources of the limits are in sledai.yaml.
"""

from decimal import Decimal
from typing import Final

from equipoise.instruments.definition import thresholds
from equipoise.instruments.logic import above, all_of, any_of, negated, rise

_LIMITS: Final = thresholds(f"{__package__}.sledai")
_PERSISTENT_PROTEINURIA: Final = ("sledai_2k", "sledai_2k_30d", "selena_s2k")
_FAMILY: Final = {"sledai_2k_30d": "sledai_2k", "selena_s2k": "selena"}


def arthritis(joints: Decimal | None, variant: str) -> bool | None:
    """Arthritis by the number of joints with pain and inflammation: from 3, in SLEDAI-2K from 2."""
    return _LIMITS[f"arthritis_joints_{_FAMILY.get(variant, variant)}"].met(joints)


def haematuria(red_cells: Decimal | None) -> bool | None:
    """More than 5 red cells per high-power field."""
    return _LIMITS["haematuria"].met(red_cells)


def pyuria(white_cells: Decimal | None) -> bool | None:
    """More than 5 white cells per high-power field."""
    return _LIMITS["pyuria"].met(white_cells)


def proteinuria(now: Decimal | None, reference: Decimal | None, variant: str) -> bool | None:
    """More than 0.5 g in 24 hours; where persistence does not count, also new or risen by more than 0.5 g."""
    high = _LIMITS["proteinuria"].met(now)
    if variant in _PERSISTENT_PROTEINURIA:
        return high
    new = negated(_LIMITS["proteinuria"].met(reference))
    return all_of((high, any_of((new, _LIMITS["proteinuria_rise"].met(rise(now, reference))))))


def low_complement(*measured: tuple[Decimal | None, Decimal | None]) -> bool | None:
    """Any of the complement results, each with its laboratory's lower limit, below that limit. Scores once."""
    return any_of(above(lower_limit, value) for value, lower_limit in measured)


def increased_dna(value: Decimal | None, upper_limit: Decimal | None) -> bool | None:
    """Anti-dsDNA above the laboratory's upper limit."""
    return above(value, upper_limit)


def increased_dna_binding(percent: Decimal | None) -> bool | None:
    """Anti-dsDNA by the Farr assay: more than 25 % binding."""
    return _LIMITS["dna_binding"].met(percent)


def fever(temperature: Decimal | None, infection: bool | None) -> bool | None:
    """Above 38.0 °C without infection."""
    return all_of((_LIMITS["fever"].met(temperature), negated(infection)))


def thrombocytopenia(platelets: Decimal | None, due_to_drug: bool | None, variant: str) -> bool | None:
    """Platelets below 100 × 10⁹/L; SLEDAI-2K excludes a drug as the cause, the other variants do not."""
    low = _LIMITS["thrombocytopenia"].met(platelets)
    excludes_drug = _FAMILY.get(variant, variant) == "sledai_2k"
    return all_of((low, negated(due_to_drug))) if excludes_drug else low


def leukopenia(white_cells: Decimal | None, due_to_drug: bool | None) -> bool | None:
    """White cells below 3.0 × 10⁹/L without a drug as the cause."""
    return all_of((_LIMITS["leukopenia"].met(white_cells), negated(due_to_drug)))
