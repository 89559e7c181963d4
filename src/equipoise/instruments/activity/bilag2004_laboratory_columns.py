"""The renal and the haematological system of many patients: `bilag2004_laboratory` a second time, on columns."""

from typing import Final

import numpy as np

from equipoise.instruments.activity.bilag2004_rules import (
    IMPROVING,
    LEVELS,
    LIMITS,
    LOW_COUNTS,
    MOST_PLUSES,
    PLUSES,
    QUANTITATIVE,
    SAME,
    WORSE,
    LowCount,
    Rules,
)
from equipoise.instruments.activity.bilag2004_standing_columns import ColumnStanding, at_least, scored
from equipoise.instruments.columns import (
    MILLION,
    UNKNOWN,
    Column,
    Columns,
    Flags,
    Truths,
    always,
    compared,
    every,
    met,
    minus,
    negate,
    safe,
    some,
    truths,
)
from equipoise.instruments.parts import COMPARISONS, Threshold

_HUNDRED: Final = 100
_PLUSES: Final = np.array([pluses * MILLION for pluses in PLUSES.values()], dtype=np.int64)

# --- Haematological ---------------------------------------------------------------------------------------------------


def haematological(columns: Columns, in_force: Rules) -> ColumnStanding:
    """The haematological system."""
    found = [(count, _low(columns, in_force, count)) for count in LOW_COUNTS]
    purpura = columns["bilag_ttp"]
    haemolysis, coombs = truths(columns["bilag_active_haemolysis"]), truths(columns["bilag_coombs_isolated"])
    a = some(scored(purpura, SAME), *(low for count, low in found if count.grade == "A"))
    b = some(a, scored(purpura, IMPROVING), *(low for count, low in found if count.grade == "B"))
    c = some(b, haemolysis, coombs, *(low for count, low in found if count.grade == "C"))
    told = truths(columns["bilag_haematological_new"])
    return ColumnStanding((a, b, c), (some(scored(purpura, WORSE), told), told, told))


def _low(columns: Columns, in_force: Rules, count: LowCount) -> Truths:
    return every(met(columns[count.value], count.limit), _cause(columns, in_force, count.needs))


def _cause(columns: Columns, in_force: Rules, name: str) -> Truths:
    answer = columns[name]
    return truths(np.where(answer == UNKNOWN, 1, answer) if _assumed(in_force, name) else answer)


def _assumed(in_force: Rules, name: str) -> bool:
    return in_force.attribution_assumed and name.endswith("_sle")


# --- Renal ------------------------------------------------------------------------------------------------------------


def renal(columns: Columns, in_force: Rules) -> ColumnStanding:
    """The renal system."""
    found = _renal_criteria(columns, in_force)
    decline = some(found["creatinine_decline"], found["gfr_decline"])
    leading = (found["severe_proteinuria"], found["active_sediment"], found["active_histology"])
    features = (*leading, decline, found["accelerated_hypertension"], found["nephrotic_syndrome"])
    a = every(at_least(2, features), some(*leading))
    b = some(*features, found["moderate_proteinuria"], found["creatinine_rise"])
    c = some(b, found["mild_proteinuria"], found["rising_blood_pressure"])
    told = truths(columns["bilag_renal_new"])
    return ColumnStanding(
        at_least=(a, b, c),
        new=(
            some(decline, told),
            some(decline, found["creatinine_rise"], told),
            some(found["rising_blood_pressure"], told),
        ),
    )


def _renal_criteria(columns: Columns, in_force: Rules) -> dict[str, Truths]:
    protein = _proteinuria(columns, in_force)
    values = {
        "severe_proteinuria": protein["severe"],
        "moderate_proteinuria": protein["moderate"],
        "mild_proteinuria": protein["mild"],
        "creatinine_decline": _creatinine(columns, in_force, "severe", in_force.exact_130_is_severe),
        "creatinine_rise": _creatinine(columns, in_force, "moderate", in_force.exact_115_is_moderate),
        "gfr_decline": _gfr(columns, in_force),
        "rising_blood_pressure": _blood_pressure(columns, in_force),
    }
    cause = _cause(columns, in_force, "bilag_renal_sle")
    return {name: every(value, cause) for name, value in values.items()} | {
        "accelerated_hypertension": truths(columns["bilag_accelerated_hypertension"]),
        "active_sediment": truths(columns["bilag_active_sediment"]),
        "active_histology": truths(columns["bilag_active_nephritis_histology"]),
        "nephrotic_syndrome": truths(columns["bilag_nephrotic_syndrome"]),
    }


def _proteinuria(columns: Columns, in_force: Rules) -> dict[str, Truths]:
    """Where the proteinuria is severe, moderate or at least mild."""
    if in_force.proteinuria_by == "urine_dipstick":
        return _dipstick(columns, in_force)
    if in_force.proteinuria_by != "any_given":
        return _quantity(columns, in_force, in_force.proteinuria_by)
    quantities = [(columns[name] == UNKNOWN, _quantity(columns, in_force, name)) for name in QUANTITATIVE]
    no_quantity = np.logical_and.reduce([absent for absent, _ in quantities])
    dipstick = _dipstick(columns, in_force)
    return {
        level: some(
            _unless(~no_quantity, dipstick[level]), *(_unless(absent, one[level]) for absent, one in quantities)
        )
        for level in LEVELS
    }


def _unless(absent: Flags, condition: Truths) -> Truths:
    """The condition, and surely not where the measurement does not count."""
    true, false = condition
    return true & ~absent, false | absent


def _quantity(columns: Columns, in_force: Rules, name: str) -> dict[str, Truths]:
    now, before = columns[name], columns[f"previous_{name}"]
    quarter = int(LIMITS["protein_fall"].value)
    fall, limit = (safe(before) - safe(now)) * _HUNDRED, safe(before) * quarter
    fallen = (fall > limit) | (in_force.exact_fall_counts & (fall == limit))
    kept = negate(_compared_before(now, before, fallen, in_force, not in_force.first_proteinuria_counts))
    lower = _compared_before(now, before, now < before, in_force, not in_force.first_proteinuria_counts)
    mild = always(True, len(now)) if in_force.mild_after_fall else negate(lower)
    conditions = {"severe": kept, "moderate": kept, "mild": mild}
    return {level: every(met(now, in_force.protein[level, name]), conditions[level]) for level in LEVELS}


def _compared_before(now: Column, before: Column, holds: Flags, in_force: Rules, first: bool) -> Truths:
    """A comparison with the last assessment; where none exists and the protocol says so, what holds then."""
    true, false = compared(now, before, holds)
    if not in_force.none_exists:
        return true, false
    absent = before == UNKNOWN
    return np.where(absent, first, true), np.where(absent, not first, false)


def _dipstick(columns: Columns, in_force: Rules) -> dict[str, Truths]:
    now, before = (_pluses(columns[name]) for name in ("urine_dipstick", "previous_urine_dipstick"))
    before = _last(now, before, in_force)
    return {
        "severe": _climbed(now, before, LIMITS["severe_dipstick_rise"]),
        "moderate": every(
            met(now, LIMITS["moderate_dipstick"]), _climbed(now, before, LIMITS["moderate_dipstick_rise"])
        ),
        "mild": met(now, LIMITS["mild_dipstick"]),
    }


def _climbed(now: Column, before: Column, limit: Threshold) -> Truths:
    """Where the dipstick rose by so many pluses; from the top, or to the bottom, it cannot have."""
    highest = minus(np.full(len(now), MOST_PLUSES * MILLION), before)
    return every(met(minus(now, before), limit), met(highest, limit), met(now, limit))


def _pluses(codes: Column) -> Column:
    return np.where(codes == UNKNOWN, UNKNOWN, _PLUSES[safe(codes)])


def _last(now: Column, before: Column, in_force: Rules) -> Column:
    """The last value; the present one where the protocol says that none exists, so that nothing has risen."""
    return np.where(before == UNKNOWN, now, before) if in_force.none_exists else before


def _uncounted(columns: Columns, in_force: Rules, name: str, other: str) -> Flags:
    """Where this measurement of renal function does not count."""
    by = in_force.renal_function_by
    absent: Flags = (columns[name] == UNKNOWN) & (columns[other] != UNKNOWN)
    return absent if by == "any_given" else np.full(len(absent), name not in by.split("_and_"))


def _creatinine(columns: Columns, in_force: Rules, level: str, exact_counts: bool) -> Truths:
    now, before = columns["creatinine"], columns["previous_creatinine"]
    stands = safe(now) * _HUNDRED
    limit = safe(before) * int(LIMITS[f"{level}_creatinine_rise"].value)
    risen = _compared_before(now, before, (stands > limit) | (exact_counts & (stands == limit)), in_force, False)
    uncounted = _uncounted(columns, in_force, "creatinine", "gfr")
    return _unless(uncounted, every(met(now, LIMITS["creatinine"]), risen))


def _gfr(columns: Columns, in_force: Rules) -> Truths:
    now, before = columns["gfr"], columns["previous_gfr"]
    limit = LIMITS["gfr_fallen_to"]
    fell = COMPARISONS[limit.comparison](safe(now) * _HUNDRED, safe(before) * int(limit.value))
    not_low, _ = met(before, LIMITS["gfr_not_low_before"])
    declined = every(
        met(now, LIMITS["gfr_reduced"]), _compared_before(now, before, fell, in_force, in_force.first_gfr_counts)
    )
    became_low = every(met(now, LIMITS["gfr_low"]), _compared_before(before, before, not_low, in_force, True))
    return _unless(_uncounted(columns, in_force, "gfr", "creatinine"), some(declined, became_low))


def _blood_pressure(columns: Columns, in_force: Rules) -> Truths:
    """Above 140/90 after a rise of both pressures."""
    combine = every if in_force.both_pressures else some
    high = combine(*(met(columns[name], LIMITS[name]) for name in ("systolic", "diastolic")))
    return every(high, *(_pressure_rose(columns, in_force, name) for name in ("systolic", "diastolic")))


def _pressure_rose(columns: Columns, in_force: Rules, name: str) -> Truths:
    now, before = columns[name], columns[f"previous_{name}"]
    return met(minus(now, _last(now, before, in_force)), LIMITS[f"{name}_rise"])
