"""Doses in the words of other programs and papers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from equipoise.validation.scores.answered import plain_name, score
from equipoise.validation.vector import Vector
from equipoise.validation.verdict import Open, Scored

_RESULT_NAMES: Final = {"dose_mg": "dose", "ml": "volume", "volume_ml": "volume", "waste_mg": "waste"}


def _steroid(vector: Vector) -> Any:
    """A dose of one glucocorticoid as the dose of another that is worth as much prednisone."""
    dose, per_mg = (
        score("prednisone_equivalent", {"drug": plain_name(drug), "dose": mg, "frequency": "once_daily"})
        for drug, mg in ((vector.take("from"), vector.decimal("mg")), (vector.take("to", "prednisone"), Decimal(1)))
    )
    refused = [one for one in (dose, per_mg) if not isinstance(one, Scored)]
    if refused or isinstance(dose.value, Open):
        return refused[0] if refused else dose
    return dose.value / per_mg.value


def _belimumab(vector: Vector) -> Any:
    """A dose per kilogram, or a fixed one; what a case expects is called by our names or with the unit behind them."""
    if "mg_per_kg" in vector:
        settings = {"mg_per_kg": str(vector.take("mg_per_kg"))}
        found = score("belimumab_dose", {"weight": vector.decimal("weight_kg")}, variant="per_kg", settings=settings)
    else:
        vector.take("weight_kg", None)
        found = score("belimumab_dose", {}, variant="fixed", settings={"fixed_mg": str(vector.take("fixed_mg", 120))})
    if not isinstance(found, Scored):
        return found
    return Scored(found.value, {**found.results, **{name: found.results[ours] for name, ours in _RESULT_NAMES.items()}})


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    "steroid_equivalence": _steroid,
    "belimumab_dose": _belimumab,
}
