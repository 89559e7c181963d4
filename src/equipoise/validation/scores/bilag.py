"""BILAG-2004 in the words of the programs that compute it: item scores 0 to 4, laboratory values, and grades.

A case lists what a patient has. Items it does not list are not present, and laboratory values it does not list are
normal; a previous value it does not list does not exist.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import Any, Final

from equipoise.instruments.activity import bilag2004
from equipoise.instruments.definition import data
from equipoise.instruments.registry import get
from equipoise.items import Answer
from equipoise.validation.scores.answered import answers_of, one_of, plain_name, score
from equipoise.validation.vector import NotMappedError, Vector
from equipoise.validation.verdict import Each, Scored

_PARTS: Final[list[dict[str, Any]]] = data(bilag2004.__name__)["inputs"]
_BY_NUMBER: Final = {part["n"]: part["id"] for part in _PARTS if "n" in part}
_SCORES: Final = ("not_present", "improving", "same", "worse", "new")
_SYSTEMS: Final = tuple(dict.fromkeys(part["group"] for part in _PARTS))
_SETTINGS: Final = {
    "proteinuria_by": "any_given", "previous_missing": "none_exists", "laboratory_attribution": "assumed",
}  # fmt: skip
_LISTS: Final = {f"one_{grade}_list_item": grade for grade in "ABC"}


def _score_of(value: Any) -> Answer:
    """An item's score as the index words it; ND and null are not answered."""
    if value is None or value == "ND":
        return None
    if str(value) not in "01234":
        raise ValueError(f"{value!r} is no score of an item")
    return _SCORES[int(value)]


def _items(system: str, on_list: str = "") -> list[str]:
    """The scored items of a system, or those on one of its lists."""
    return [
        part["id"] for part in _PARTS
        if part["group"] == system and "not_present" in part.get("codes", ()) and on_list in ("", part.get("list"))
    ]  # fmt: skip


def _symptoms(system: str, vector: Vector) -> Any:
    """The grade of a system of symptoms. "One item of list A" stands for each of them, so each is tried."""
    answers: dict[str, Answer] = _before(system, vector)
    answers |= dict.fromkeys(_items(system), _score_of(vector.take("all_items", 0)))
    if "item" in vector:
        answers[_item(vector.take("item"))] = _score_of(vector.take("score"))
    chosen = [(grade, _score_of(vector.take(name))) for name, grade in _LISTS.items() if name in vector]
    answers |= {_item(name): _score_of(value) for name, value in vector.remaining().items()}
    return Each(tuple(_grade(system, answers | one) for one in _one_of_each(system, chosen)))


def _one_of_each(system: str, chosen: list[tuple[str, Answer]]) -> Iterator[dict[str, Answer]]:
    lists = [_items(system, grade) for grade, _ in chosen]
    if not all(lists):
        raise NotMappedError(f"a list of the {system} system has no item")
    for names in product(*lists):
        yield {name: value for name, (_, value) in zip(names, chosen, strict=True)}


def _item(name: str) -> str:
    """An item by its number, by its number and name as in 59_malabsorption, or by its name."""
    number, _, rest = str(name).removeprefix("item_").partition("_")
    if number in _BY_NUMBER:
        return str(_BY_NUMBER[number])
    known = get("bilag2004").input_by_id
    for candidate in (plain_name(name), f"bilag_{plain_name(name)}"):
        if candidate in known:
            return candidate
    raise NotMappedError(f"there is no item {name!r}{f' ({rest})' if rest else ''}")


def _before(system: str, vector: Vector) -> dict[str, Answer]:
    return {f"bilag_{system}_before": bool(vector.take("previous_involvement", False))}


def _grade(system: str, answers: Mapping[str, Answer]) -> Any:
    return score("bilag2004", answers, settings=_SETTINGS, result=f"grade_{system}")


# --- Renal and haematological -----------------------------------------------------------------------------------------

_RENAL_NAMES: Final = {
    "nephritis": "bilag_active_nephritis_histology", "histology": "bilag_active_nephritis_histology",
    "sediment": "bilag_active_sediment", "nephrotic": "bilag_nephrotic_syndrome",
    "nephrotic_syndrome": "bilag_nephrotic_syndrome", "accelerated_hypertension": "bilag_accelerated_hypertension",
    "hypertension": "bilag_accelerated_hypertension", "accelerated_ht": "bilag_accelerated_hypertension",
    "systolic_bp": "systolic", "diastolic_bp": "diastolic", "active_sediment": "bilag_active_sediment",
    "upcr": "urine_pcr", "uacr": "urine_acr", "creat": "creatinine", "creatinine": "creatinine", "gfr": "gfr",
    "egfr": "gfr", "pcr": "urine_pcr", "acr": "urine_acr", "urine24": "urine_protein", "protein24": "urine_protein",
    "dipstick": "urine_dipstick", "systolic": "systolic", "sbp": "systolic", "diastolic": "diastolic",
    "dbp": "diastolic",
}  # fmt: skip
_NORMAL_RENAL: Final[dict[str, Answer]] = {
    "systolic": Decimal(120), "diastolic": Decimal(80), "creatinine": Decimal(70), "gfr": Decimal(100),
}  # fmt: skip
_URINE: Final = ("urine_dipstick", "urine_acr", "urine_pcr", "urine_protein")
_DIPSTICK: Final = ("negative", "plus_1", "plus_2", "plus_3", "plus_4")
_BLOOD_NAMES: Final = {
    "hb": "haemoglobin", "hemoglobin": "haemoglobin", "wbc": "white_cells", "haemolysis": "bilag_active_haemolysis",
    "active_haemolysis": "bilag_active_haemolysis", "coombs": "bilag_coombs_isolated", "ttp": "bilag_ttp",
    "coombs_isolated": "bilag_coombs_isolated", "plt": "platelets",
}  # fmt: skip
_NORMAL_BLOOD: Final[dict[str, Answer]] = {
    "haemoglobin": Decimal(130), "white_cells": Decimal(6), "neutrophils": Decimal(4), "lymphocytes": Decimal(2),
    "platelets": Decimal(250), "bilag_ttp": "not_present",
}  # fmt: skip
_HIGHEST_IN_G_DL: Final = 25


def _absent(system: str) -> dict[str, Answer]:
    """No to the yes/no findings of a system; whether they are new or due to lupus is left open."""
    findings = ("_new", "_sle", "_before")
    return {
        part["id"]: False
        for part in _PARTS
        if part["group"] == system and part.get("type") == "yes_no" and not part["id"].endswith(findings)
    }


def _renal(vector: Vector) -> Any:
    now, before = _before("renal", vector), vector.take("prev", {})
    measured = {one_of(_RENAL_NAMES, name, "renal finding"): value for name, value in vector.remaining().items()}
    previous = {f"previous_{one_of(_RENAL_NAMES, name, 'renal finding')}": value for name, value in before.items()}
    answers: dict[str, Answer] = {**_absent("renal"), **_NORMAL_RENAL, **now}
    for name, normal in _NORMAL_RENAL.items():
        if name not in measured:
            answers[f"previous_{name}"] = normal
    if not any(name in measured for name in _URINE):
        answers["urine_protein"] = Decimal(0)
    return _grade("renal", answers | _renal_answers(measured | previous))


def _renal_answers(measured: Mapping[str, Any]) -> dict[str, Answer]:
    levels = {name: _dipstick(value) for name, value in measured.items() if name.endswith("dipstick")}
    others = {name: value for name, value in measured.items() if name not in levels}
    return answers_of(get("bilag2004"), others, {}) | levels


def _dipstick(value: Any) -> Answer:
    return None if value is None else _DIPSTICK[int(value)]


def _haematological(vector: Vector) -> Any:
    answers: dict[str, Answer] = {
        **_absent("haematological"), **_NORMAL_BLOOD, **_before("haematological", vector),
    }  # fmt: skip
    given = vector.remaining()
    if "ttp" in given:
        answers["bilag_ttp"] = _score_of(given.pop("ttp"))
    found = answers_of(get("bilag2004"), given, _BLOOD_NAMES)
    haemoglobin = found.get("haemoglobin")
    if isinstance(haemoglobin, Decimal) and haemoglobin <= _HIGHEST_IN_G_DL:
        found["haemoglobin"] = haemoglobin * 10
    return _grade("haematological", answers | found)


# --- Grades counted ---------------------------------------------------------------------------------------------------

# Of the systems without the lists A, B and C: findings that make each grade.
_MADE_BY: Final[dict[str, dict[str, dict[str, Answer]]]] = {
    "constitutional": {
        "A": {"bilag_pyrexia": "new", "bilag_weight_loss": "new", "bilag_anorexia": "new"},
        "B": {"bilag_pyrexia": "new"}, "C": {"bilag_anorexia": "improving"},
    },
    "renal": {
        "A": {"bilag_active_sediment": True, "bilag_active_nephritis_histology": True},
        "B": {"bilag_nephrotic_syndrome": True}, "C": {"urine_protein": None, "urine_pcr": Decimal(30)},
    },
    "haematological": {
        "A": {"bilag_ttp": "new"}, "B": {"bilag_ttp": "improving"}, "C": {"bilag_coombs_isolated": True},
    },
}  # fmt: skip


def _with_grade(system: str, grade: str) -> dict[str, Answer]:
    """Answers that give a system this grade."""
    answers: dict[str, Answer] = dict.fromkeys(_items(system), "not_present")
    if system == "renal":
        answers |= _absent(system) | {"urine_protein": Decimal(0)} | _NORMAL_RENAL
        answers |= {f"previous_{name}": value for name, value in _NORMAL_RENAL.items()}
    if system == "haematological":
        answers |= _absent(system) | _NORMAL_BLOOD
    answers |= {f"bilag_{system}_before": grade == "D"}
    if grade in "DE":
        return answers
    if system in _MADE_BY:
        return answers | _MADE_BY[system][grade]
    if grade == "C":
        return answers | {_items(system, "B")[0]: "improving"}
    return answers | {_items(system, grade)[0]: "new"}


def _all_systems(grades: Mapping[str, str]) -> Scored | Any:
    """The whole index with these grades; the counts are called A to E."""
    answers: dict[str, Answer] = {}
    for system in _SYSTEMS:
        answers |= _with_grade(system, grades.get(system, "E"))
    found = score("bilag2004", answers, settings=_SETTINGS)
    if not isinstance(found, Scored):
        return found
    return Scored(found.value, {grade: found.results[f"count_{grade.lower()}"] for grade in "ABCDE"})


def _grades(vector: Vector) -> dict[str, str]:
    """Grades by system, with `others` for the rest; or so many systems of each grade."""
    rest = str(vector.take("others", "E"))
    given = vector.remaining()
    if all(name in "ABCDE" for name in given):
        graded = [grade for grade, count in given.items() for _ in range(int(count))]
        return dict.fromkeys(_SYSTEMS, rest) | dict(zip(_SYSTEMS, graded, strict=False))
    return dict.fromkeys(_SYSTEMS, rest) | {one_of({s: s for s in _SYSTEMS}, n, "system"): g for n, g in given.items()}


def _tally(vector: Vector) -> Any:
    return _all_systems(_grades(vector))


def _flare(vector: Vector) -> Any:
    """The degree of a flare from how many systems have a grade that is new or worse."""
    counts = {grade: int(count) for grade, count in vector.take("new_or_worse_grades").items()}
    graded = [grade for grade, count in counts.items() for _ in range(count)]
    if len(graded) > len(_SYSTEMS):
        raise ValueError(f"there are {len(_SYSTEMS)} systems, not {len(graded)}")
    answers: dict[str, Answer] = {}
    for place, system in enumerate(_SYSTEMS):
        new = place < len(graded)
        answers |= {f"grade_{system}": graded[place] if new else "E", f"new_{system}": new}
    return score("bilag2004_flare", answers, variant="isenberg", result="severity")


_CLASSIC: Final = (
    "general", "mucocutaneous", "neurological", "musculoskeletal", "cardiorespiratory", "vasculitis", "renal",
    "haematology",
)  # fmt: skip


def _classic(vector: Vector) -> Any:
    """Grades by system of the classic index, with `others` for the rest."""
    rest = str(vector.take("others", "E"))
    return score("bilag_count", dict.fromkeys(_CLASSIC, rest) | answers_of(get("bilag_count"), vector.remaining(), {}))


def _of_symptoms(system: str) -> Callable[[Vector], Any]:
    return lambda vector: _symptoms(system, vector)


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    **{f"bilag2004_{system}": _of_symptoms(system) for system in _SYSTEMS if system not in ("renal", "haematological")},
    "bilag2004_renal": _renal,
    "bilag2004_haematological": _haematological,
    "bilag2004_flare": _flare,
    "bilag2004_tally": _tally,
    "bilag2004_numeric": _tally,
    "bilag2004_score": _tally,
    "bilag_classic": _classic,
    "bilag_classic_numeric": _classic,
}
