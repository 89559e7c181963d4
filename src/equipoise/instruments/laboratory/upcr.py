"""Protein over creatinine in one urine sample, in mg/g and in mg/mmol, from the units the laboratory reports."""

from decimal import Decimal
from typing import Final

from equipoise.instruments.columns import ColumnOutcome, Columns, floats, rounded
from equipoise.instruments.definition import data, define, thresholds
from equipoise.instruments.laboratory.possible import possible_only, why_impossible
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_DATA: Final = data(__name__)
_TO_MG_PER_G: Final = {part["id"]: Decimal(part["to_mg_per_g"]) for part in _DATA["variants"]}
_MG_PER_G_IN_MG_PER_MMOL: Final = Decimal(_DATA["numbers"]["mg_per_g_in_mg_per_mmol"])
_LIMITS: Final = thresholds(__name__)
_REPORTED: Final = ("ratio_mg_per_mmol", "ratio_mg_per_g")


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """Protein / creatinine × the factor of the units; mg/mmol × 8.84 is mg/g."""
    if variant in _REPORTED:
        return _outcome(given.number("ratio"), variant, given.missing("ratio"))
    protein, creatinine = given.number("protein"), given.number("creatinine")
    why = why_impossible(creatinine, variant, _LIMITS)
    if protein is None or creatinine is None or why:
        unknown = given.missing("protein", "creatinine") + (("creatinine",) if why else ())
        return _outcome(None, variant, unknown, (("creatinine", why),) if why else ())
    return _outcome(protein / creatinine, variant)


def _outcome(
    ratio: Decimal | None, variant: str, unknown: tuple[str, ...] = (), refused: tuple[tuple[str, str], ...] = ()
) -> Outcome:
    if ratio is None:
        return Outcome({"mg_per_g": None, "mg_per_mmol": None}, unknown, refused=refused)
    mg_per_g = ratio * _TO_MG_PER_G[variant]
    results = {"mg_per_g": mg_per_g, "mg_per_mmol": mg_per_g / _MG_PER_G_IN_MG_PER_MMOL}
    return Outcome(results, (), mg_per_g, mg_per_g)


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many samples."""
    if variant in _REPORTED:
        ratio = floats(columns["ratio"])
    else:
        ratio = floats(columns["protein"]) / floats(possible_only(columns["creatinine"], variant, _LIMITS))
    mg_per_g = ratio * float(_TO_MG_PER_G[variant])
    per_g, near_per_g = rounded(mg_per_g)
    per_mmol, near_per_mmol = rounded(mg_per_g / float(_MG_PER_G_IN_MG_PER_MMOL))
    return ColumnOutcome({"mg_per_g": per_g, "mg_per_mmol": per_mmol}, near_per_g | near_per_mmol)


INSTRUMENT: Final = define(__name__, compute, compute_columns)
