"""The renal and the haematological system of BILAG-2004 for one patient: values, their course, and their cause."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from equipoise.instruments.activity.bilag2004_rules import (
    LEVELS,
    LIMITS,
    LOW_COUNTS,
    MOST_PLUSES,
    PLUSES,
    QUANTITATIVE,
    RENAL_CRITERIA,
    SAME,
    WORSE,
    LowCount,
    Rules,
)
from equipoise.instruments.activity.bilag2004_standing import Standing, at_least, open_grades, scored, unanswered
from equipoise.instruments.logic import all_of, any_of, negated, rise
from equipoise.instruments.parts import COMPARISONS, Threshold
from equipoise.instruments.reading import Given

_HUNDRED: Final = Decimal(100)

# --- Haematological ---------------------------------------------------------------------------------------------------


def haematological(given: Given, in_force: Rules) -> Standing:
    """The haematological system: counts in ranges, purpura as an item, haemolysis and Coombs as found."""
    found = [(count, _low(given, in_force, count)) for count in LOW_COUNTS]
    purpura = given.word("bilag_ttp")
    haemolysis, coombs = given.truth("bilag_active_haemolysis"), given.truth("bilag_coombs_isolated")
    a = any_of((scored(purpura, SAME), *(low for count, low in found if count.grade == "A")))
    b = any_of((a, scored(purpura, 1), *(low for count, low in found if count.grade == "B")))
    c = any_of((b, haemolysis, coombs, *(low for count, low in found if count.grade == "C")))
    told = given.truth("bilag_haematological_new")
    return Standing(
        at_least=(a, b, c),
        new=(any_of((scored(purpura, WORSE), told)), told, told),
        lacking=unanswered(given, _haematological_reads(open_grades((a, b, c)), found)),
    )


def _haematological_reads(grades: str, found: Iterable[tuple[LowCount, bool | None]]) -> Iterator[str]:
    """The questions that the open grades turn on."""
    if grades:
        yield "bilag_ttp"
    if "C" in grades:
        yield from ("bilag_active_haemolysis", "bilag_coombs_isolated")
    for count, low in found:
        if low is None and count.grade in grades:
            yield from (count.value, count.needs)


def _low(given: Given, in_force: Rules, count: LowCount) -> bool | None:
    return all_of((count.limit.met(given.number(count.value)), _cause(given, in_force, count.needs)))


def _cause(given: Given, in_force: Rules, name: str) -> bool | None:
    """Whether a value is due to SLE (or to haemolysis); a protocol may assume the first until told otherwise."""
    answer = given.truth(name)
    return True if answer is None and in_force.attribution_assumed and name.endswith("_sle") else answer


# --- Renal ------------------------------------------------------------------------------------------------------------


def renal(given: Given, in_force: Rules) -> Standing:
    """The renal system: two features of six for A, one for B, with proteinuria and creatinine graded between."""
    found = _renal_criteria(given, in_force)
    decline = any_of((found["creatinine_decline"], found["gfr_decline"]))
    leading = (found["severe_proteinuria"], found["active_sediment"], found["active_histology"])
    features = (*leading, decline, found["accelerated_hypertension"], found["nephrotic_syndrome"])
    a = all_of((at_least(2, features), any_of(leading)))
    b = any_of((*features, found["moderate_proteinuria"], found["creatinine_rise"]))
    c = any_of((b, found["mild_proteinuria"], found["rising_blood_pressure"]))
    told = given.truth("bilag_renal_new")
    return Standing(
        at_least=(a, b, c),
        new=(
            any_of((decline, told)),
            any_of((decline, found["creatinine_rise"], told)),
            any_of((found["rising_blood_pressure"], told)),
        ),
        lacking=unanswered(given, _renal_reads(given, in_force, open_grades((a, b, c)), found)),
    )


def _renal_criteria(given: Given, in_force: Rules) -> dict[str, bool | None]:
    protein = _proteinuria(given, in_force)
    values = {
        "severe_proteinuria": protein["severe"],
        "moderate_proteinuria": protein["moderate"],
        "mild_proteinuria": protein["mild"],
        "creatinine_decline": _creatinine(given, in_force, "severe", in_force.exact_130_is_severe),
        "creatinine_rise": _creatinine(given, in_force, "moderate", in_force.exact_115_is_moderate),
        "gfr_decline": _gfr(given, in_force),
        "rising_blood_pressure": _blood_pressure(given, in_force),
    }
    cause = _cause(given, in_force, "bilag_renal_sle")
    return {name: all_of((value, cause)) for name, value in values.items()} | {
        "accelerated_hypertension": given.truth("bilag_accelerated_hypertension"),
        "active_sediment": given.truth("bilag_active_sediment"),
        "active_histology": given.truth("bilag_active_nephritis_histology"),
        "nephrotic_syndrome": given.truth("bilag_nephrotic_syndrome"),
    }


def _measures(given: Given, in_force: Rules) -> tuple[str, ...]:
    """The measurements of urine protein that count: the protocol's, or those given; the dipstick only alone."""
    if in_force.proteinuria_by != "any_given":
        return (in_force.proteinuria_by,)
    return tuple(name for name in QUANTITATIVE if given.number(name) is not None) or ("urine_dipstick",)


def _proteinuria(given: Given, in_force: Rules) -> dict[str, bool | None]:
    """Whether the proteinuria is severe, moderate or at least mild."""
    found = [
        _dipstick(given, in_force) if name == "urine_dipstick" else _quantity(given, in_force, name)
        for name in _measures(given, in_force)
    ]
    return {level: any_of(one[level] for one in found) for level in LEVELS}


def _quantity(given: Given, in_force: Rules, name: str) -> dict[str, bool | None]:
    now, before = given.number(name), given.number(f"previous_{name}")
    kept = negated(_fallen(now, before, in_force))
    mild = True if in_force.mild_after_fall else negated(_lower(now, before, in_force))
    conditions = {"severe": kept, "moderate": kept, "mild": mild}
    return {level: all_of((in_force.protein[level, name].met(now), conditions[level])) for level in LEVELS}


def _fallen(now: Decimal | None, before: Decimal | None, in_force: Rules) -> bool | None:
    """Whether a value fell by a quarter; compared as a product so that nothing is rounded."""
    if before is None:
        return not in_force.first_proteinuria_counts if in_force.none_exists else None
    if now is None:
        return None
    fall, quarter = (before - now) * _HUNDRED, before * LIMITS["protein_fall"].value
    return fall > quarter or (in_force.exact_fall_counts and fall == quarter)


def _lower(now: Decimal | None, before: Decimal | None, in_force: Rules) -> bool | None:
    if before is None:
        return not in_force.first_proteinuria_counts if in_force.none_exists else None
    return None if now is None else now < before


def _dipstick(given: Given, in_force: Rules) -> dict[str, bool | None]:
    now, before = (_pluses(given.word(name)) for name in ("urine_dipstick", "previous_urine_dipstick"))
    if before is None and in_force.none_exists:
        before = now
    return {
        "severe": _climbed(now, before, LIMITS["severe_dipstick_rise"]),
        "moderate": all_of(
            (LIMITS["moderate_dipstick"].met(now), _climbed(now, before, LIMITS["moderate_dipstick_rise"]))
        ),
        "mild": LIMITS["mild_dipstick"].met(now),
    }


def _climbed(now: Decimal | None, before: Decimal | None, limit: Threshold) -> bool | None:
    """Whether the dipstick rose by so many pluses; from the top, or to the bottom, it cannot have."""
    highest, lowest = rise(Decimal(MOST_PLUSES), before), now
    return all_of((limit.met(rise(now, before)), limit.met(highest), limit.met(lowest)))


def _pluses(code: str | None) -> Decimal | None:
    return None if code is None else Decimal(PLUSES[code])


def _counts(given: Given, in_force: Rules, name: str, other: str) -> bool:
    """Whether this measurement of renal function counts, by the protocol or because it is the one given."""
    by = in_force.renal_function_by
    if by == "any_given":
        return given.number(name) is not None or given.number(other) is None
    return name in by.split("_and_")


def _creatinine(given: Given, in_force: Rules, level: str, exact_counts: bool) -> bool | None:
    if not _counts(given, in_force, "creatinine", "gfr"):
        return False
    now, before = given.number("creatinine"), given.number("previous_creatinine")
    return all_of((LIMITS["creatinine"].met(now), _risen(now, before, in_force, level, exact_counts)))


def _risen(now: Decimal | None, before: Decimal | None, in_force: Rules, level: str, exact_counts: bool) -> bool | None:
    """Whether creatinine stands above a percentage of the last one; without a last one it has not risen."""
    if before is None:
        return False if in_force.none_exists else None
    if now is None:
        return None
    stands, limit = now * _HUNDRED, before * LIMITS[f"{level}_creatinine_rise"].value
    return stands > limit or (exact_counts and stands == limit)


def _gfr(given: Given, in_force: Rules) -> bool | None:
    if not _counts(given, in_force, "gfr", "creatinine"):
        return False
    now, before = given.number("gfr"), given.number("previous_gfr")
    reduced, low = LIMITS["gfr_reduced"].met(now), LIMITS["gfr_low"].met(now)
    if before is None and in_force.none_exists:
        return any_of((all_of((reduced, in_force.first_gfr_counts)), low))
    fell = None if now is None or before is None else _stands(now, before, LIMITS["gfr_fallen_to"])
    return any_of((all_of((reduced, fell)), all_of((low, LIMITS["gfr_not_low_before"].met(before)))))


def _stands(now: Decimal, before: Decimal, limit: Threshold) -> bool:
    """Whether a value stands on the side that counts of a percentage of the last one; nothing is divided."""
    return bool(COMPARISONS[limit.comparison](now * _HUNDRED, before * limit.value))


def _blood_pressure(given: Given, in_force: Rules) -> bool | None:
    """Above 140/90 after a rise of both pressures."""
    combine = all_of if in_force.both_pressures else any_of
    high = combine([LIMITS[name].met(given.number(name)) for name in ("systolic", "diastolic")])
    return all_of((high, *(_pressure_rose(given, in_force, name) for name in ("systolic", "diastolic"))))


def _pressure_rose(given: Given, in_force: Rules, name: str) -> bool | None:
    now, before = given.number(name), given.number(f"previous_{name}")
    return LIMITS[f"{name}_rise"].met(rise(now, now if before is None and in_force.none_exists else before))


def _renal_reads(given: Given, in_force: Rules, grades: str, found: Mapping[str, bool | None]) -> Iterator[str]:
    """The questions that the open grades turn on; a feature can decide any of them."""
    measures = _measures(given, in_force)
    if in_force.proteinuria_by == "any_given" and measures == ("urine_dipstick",):
        measures = (*QUANTITATIVE, "urine_dipstick")
    for grade, criteria in RENAL_CRITERIA.items():
        if grade in grades or (grade == "A" and grades):
            for criterion, names in criteria.items():
                if found[criterion] is None:
                    yield from _read(names, measures, in_force)


def _read(names: Iterable[str], measures: tuple[str, ...], in_force: Rules) -> Iterator[str]:
    """The questions a criterion reads, the protocol's measurements standing for proteinuria."""
    proteinuria = (*measures, *(f"previous_{measure}" for measure in measures))
    for name in names:
        for question in proteinuria if name == "proteinuria" else (name,):
            if not (in_force.none_exists and question.startswith("previous_")):
                yield question
