"""The flare index of many patients at once: the criteria of `sfi`, written a second time on columns."""

from typing import Final

import numpy as np

from equipoise.instruments.activity.sfi_rules import LIMITS, RATED, SEVERE_CRITERIA, SEVERITIES, Rules, rules
from equipoise.instruments.columns import (
    MILLION,
    UNKNOWN,
    Column,
    ColumnOutcome,
    Columns,
    Truths,
    always,
    as_column,
    compared,
    every,
    met,
    millionths,
    minus,
    negate,
    safe,
    some,
    truths,
)
from equipoise.instruments.reading import Choices

_NONE, _MILD_MODERATE, _SEVERITY_UNKNOWN, _SEVERE = range(len(SEVERITIES))
_RATERS: Final = ("mild", "moderate")


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """Severity, flare, severe, mild or moderate, and every criterion, as columns."""
    in_force = rules(variant, choices)
    criteria = _criteria(columns, in_force)
    severe = some(*(criteria[name] for name in SEVERE_CRITERIA))
    flare = some(*criteria.values())
    if "mm3_prednisone" not in in_force.drops:
        rose, _ = _rose(columns, "prednisone")
        flare = flare[0] | rose, flare[1] & ~rose
    severity = _severity(flare, severe)
    results = {
        "severity": severity,
        "flare": as_column(flare),
        "severe": as_column(severe),
        "mild_moderate": as_column(every(flare, negate(severe))),
        **{name: as_column(criterion) for name, criterion in criteria.items()},
        "rated": _rated(severity, columns["rater_severity"], in_force),
    }
    return ColumnOutcome(results)


def _severity(flare: Truths, severe: Truths) -> Column:
    conditions = [severe[0], flare[0] & severe[1], flare[0], flare[1]]
    return np.select(conditions, [_SEVERE, _MILD_MODERATE, _SEVERITY_UNKNOWN, _NONE], UNKNOWN).astype(np.int64)


def _rated(severity: Column, rater: Column, in_force: Rules) -> Column:
    """The severity with a mild or moderate flare told apart by the rater, in the variant that asks for it."""
    said = [rater == place for place in range(len(_RATERS))]
    told_apart = np.select(said, [RATED.index(code) for code in _RATERS], UNKNOWN)
    joined = told_apart if in_force.rated else np.full(len(severity), RATED.index("mild_moderate"))
    conditions = [severity == _MILD_MODERATE, severity == _NONE, severity == _SEVERE]
    return np.select(conditions, [joined, RATED.index("none"), RATED.index("severe")], UNKNOWN).astype(np.int64)


def _criteria(columns: Columns, in_force: Rules) -> dict[str, Truths]:
    prednisone_rose, prednisone_high = _rose(columns, "prednisone"), _prednisone_high(columns)
    pga_high = _met(columns["pga_now"], "pga_high")
    judged = {
        "mm1_sledai": _sledai_rose(columns, in_force),
        "mm2_manifestation": _any(columns, in_force.manifestations["mild_manifestation"]),
        "mm3_prednisone": every(prednisone_rose, negate(prednisone_high)),
        "mm4_drug": _any(columns, in_force.drugs["mild_drugs"]),
        "mm5_pga": every(_pga_rose(columns, in_force), negate(pga_high)),
        "sv1_sledai": _sledai_high(columns, in_force),
        "sv2_manifestation": _severe_manifestation(columns, in_force, prednisone_high),
        "sv3_prednisone": every(prednisone_rose, prednisone_high),
        "sv4_drug": _any(columns, in_force.drugs["severe_drugs"]),
        "sv5_hospitalisation": truths(columns["hospitalised"]),
        "sv6_pga": every(pga_high, _rose(columns, "pga")),
    }
    never = _never(columns)
    return {name: never if name in in_force.drops else criterion for name, criterion in judged.items()}


def _sledai_rose(columns: Columns, in_force: Rules) -> Truths:
    rose = _rose_by(columns, "sledai", "sledai_rise")
    return every(rose, negate(_met(columns["sledai_now"], "sledai_high"))) if in_force.mm1_capped else rose


def _sledai_high(columns: Columns, in_force: Rules) -> Truths:
    high = _met(columns["sledai_now"], "sledai_high")
    return every(high, _rose(columns, "sledai")) if in_force.sv1_requires_rise else high


def _pga_rose(columns: Columns, in_force: Rules) -> Truths:
    if in_force.pga_rise_to:
        return every(_met(columns["pga_now"], "pga_raised"), _rose(columns, "pga"))
    return _rose_by(columns, "pga", "pga_rise")


def _severe_manifestation(columns: Columns, in_force: Rules, prednisone_high: Truths) -> Truths:
    any_new = _any(columns, in_force.manifestations["severe_manifestation"])
    if not in_force.needs_treatment:
        return any_new
    treated = some(_prednisone_doubled(columns, in_force), prednisone_high, truths(columns["hospitalised"]))
    return every(any_new, treated)


def _prednisone_high(columns: Columns) -> Truths:
    now, weight = columns["prednisone_now"], columns["weight"]
    per_kg = millionths(LIMITS["prednisone_per_kg"].value)
    return compared(now, weight, safe(now) * MILLION > safe(weight) * per_kg)


def _prednisone_doubled(columns: Columns, in_force: Rules) -> Truths:
    now, reference = columns["prednisone_now"], columns["prednisone_ref"]
    times = millionths(LIMITS["prednisone_doubled"].value)
    doubled = (now > reference) & (safe(now) * MILLION >= safe(reference) * times)
    if not in_force.start_counts_as_doubling:
        doubled &= reference != 0
    return compared(now, reference, doubled)


def _rose(columns: Columns, measure: str) -> Truths:
    now, reference = columns[f"{measure}_now"], columns[f"{measure}_ref"]
    return compared(now, reference, now > reference)


def _rose_by(columns: Columns, measure: str, limit: str) -> Truths:
    return met(minus(columns[f"{measure}_now"], columns[f"{measure}_ref"]), LIMITS[limit])


def _met(column: Column, limit: str) -> Truths:
    return met(column, LIMITS[limit])


def _any(columns: Columns, names: tuple[str, ...]) -> Truths:
    return some(_never(columns), *(truths(columns[name]) for name in names))


def _never(columns: Columns) -> Truths:
    return always(False, len(columns["weight"]))
