"""Low disease activity, remission and response in the words of other programs and papers."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from equipoise.instruments.registry import get
from equipoise.items import Answer
from equipoise.validation.scores.answered import answers_of, nothing_else, score
from equipoise.validation.vector import NotMappedError, Vector
from equipoise.validation.verdict import Scored

_DOSE: Final = {"prednisolone": "prednisolone_daily", "prednisone": "prednisolone_daily"}
_LLDAS_NAMES: Final = _DOSE | {
    "standard_is_tolerated": "standard_treatment", "sledai": "sledai_2k", "gi_activity": "gastrointestinal_activity",
    "haemolysis": "haemolytic_anaemia", "new_disease_activity": "new_activity", "new_features": "new_activity",
}  # fmt: skip
_DORIS_NAMES: Final = _DOSE | {
    "csledai": "clinical_sledai", "clinical_sledai_2k": "clinical_sledai", "stable_therapy": "stable_treatment",
    "standard_is_tolerated": "stable_treatment", "treatment_stable": "stable_treatment",
}  # fmt: skip
_RESPONSES: Final = {"yes": True, "no": False, "not_evaluable": None}
_MAJOR_ORGAN: Final = "vasculitis"  # any item of the major organs says the same


def _lldas(vector: Vector) -> Any:
    """What is not listed is absent, and treatment is standard unless the case says otherwise."""
    instrument = get("lldas")
    major = vector.take("major_organ_activity", False)
    given = answers_of(instrument, vector.remaining(), _LLDAS_NAMES)
    answers = nothing_else(instrument) | {"standard_treatment": True, _MAJOR_ORGAN: bool(major)} | given
    return score("lldas", answers)


def _doris(vector: Vector) -> Any:
    """Serology does not count; treatment is stable unless the case says otherwise."""
    vector.take("serology_positive", None)
    given = answers_of(get("doris_2021"), vector.remaining(), _DORIS_NAMES)
    return score("doris_2021", {"stable_treatment": True} | given)


def _response(name: str) -> Callable[[Vector], Any]:
    """SRI or BICLA: grades by system under bilag_now and bilag_baseline; a system that is not listed is E."""

    def adapter(vector: Vector) -> Any:
        variant = _response_variant(name, vector)
        answers: dict[str, Answer] = {"treatment_failure": False}
        for time in ("now", "baseline"):
            answers |= _grades(name, time, vector.take(f"bilag_{time}", {}))
        found = score(name, answers | answers_of(get(name), vector.remaining(), {}), variant=variant)
        if not isinstance(found, Scored) or not isinstance(found.value, str):
            return found
        return Scored(_RESPONSES[found.value], found.results)

    return adapter


def _response_variant(name: str, vector: Vector) -> str:
    """SRI-k by the name of the method or by the input k."""
    if name != "sri":
        return ""
    k = vector.method.removeprefix("sri").lstrip("_-") or str(vector.take("k", 4))
    if f"sri_{k}" not in get("sri").variants:
        raise NotMappedError(f"there is no SRI-{k}")
    return f"sri_{k}"


def _grades(name: str, time: str, grades: Mapping[str, str]) -> dict[str, Answer]:
    systems = {one.id: "E" for one in get(name).inputs if one.group == f"bilag_{time}"}
    return {**systems, **{f"{system}_{time}": grade for system, grade in grades.items()}}


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    "lldas": _lldas,
    "doris_2021": _doris,
    "sri": _response("sri"),
    "sri_*": _response("sri"),
    "sri-*": _response("sri"),
    "bicla": _response("bicla"),
}
