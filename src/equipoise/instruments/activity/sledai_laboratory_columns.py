"""The laboratory items of many patients at once: the findings of `sledai_laboratory`, a second time on columns."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from equipoise.instruments.activity.sledai_laboratory_rules import (
    CAST_CODES,
    CODES,
    ITEM_WEIGHTS,
    LIMITS,
    SCORING_CASTS,
    Rules,
    rules,
)
from equipoise.instruments.columns import (
    MILLION,
    UNKNOWN,
    Column,
    ColumnOutcome,
    Columns,
    Flags,
    Truths,
    always,
    among,
    compared,
    every,
    met,
    minus,
    negate,
    some,
    truths,
)
from equipoise.instruments.reading import Choices

_ABSENT, _NOT_ATTRIBUTABLE, _PRESENT = range(len(CODES))


class Finding(NamedTuple):
    """One item in every row: beyond its limit, due to lupus, and new or risen where the variant asks for that."""

    beyond: Truths
    due_to_lupus: Truths
    recent: Truths

    @property
    def scores(self) -> Truths:
        """Whether the item counts."""
        return every(*self)

    @property
    def state(self) -> Column:
        """The state that `sledai` asks, as a column of codes."""
        absent = self.beyond[1] | (self.due_to_lupus[0] & self.recent[1])
        conditions = [absent, self.beyond[0] & self.due_to_lupus[1], self.scores[0]]
        return np.select(conditions, [_ABSENT, _NOT_ATTRIBUTABLE, _PRESENT], UNKNOWN).astype(np.int64)


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The points and the state of each item; every item is unknown where the sample is outside the window."""
    in_force = rules(variant, choices)
    stale = _outside_window(columns["sample_days"], in_force)
    findings = _findings(columns, in_force)
    lower = _weighed({name: finding.scores[0] & ~stale for name, finding in findings.items()})
    upper = _weighed({name: stale | ~finding.scores[1] for name, finding in findings.items()})
    results = {
        "points": np.where(lower == upper, lower, UNKNOWN),
        **{name: np.where(stale, UNKNOWN, finding.state) for name, finding in findings.items()},
    }
    return ColumnOutcome(results, lower=lower, upper=upper)


def _weighed(items: Mapping[str, Flags]) -> Column:
    """The summed weight of the marked items."""
    total: Column = np.sum([ITEM_WEIGHTS[name] * marked for name, marked in items.items()], axis=0, dtype=np.int64)
    return total


def _findings(columns: Columns, in_force: Rules) -> dict[str, Finding]:
    yes = always(True, len(columns["sample_days"]))
    drug = negate(truths(columns["thrombocytopenia_drug"])) if in_force.drug_excluded else yes
    protein_beyond = met(columns[in_force.protein], in_force.protein_limit)
    protein_due = truths(columns["proteinuria_sle"])
    return {
        "urinary_casts": Finding(_scoring_cast(columns), yes, yes),
        "haematuria": Finding(_beyond(columns, "urine_rbc", "haematuria"), truths(columns["haematuria_sle"]), yes),
        "proteinuria": Finding(
            protein_beyond, protein_due, yes if in_force.persistence_counts else _recent(columns, in_force)
        ),
        "pyuria": Finding(_beyond(columns, "urine_wbc", "pyuria"), truths(columns["pyuria_sle"]), yes),
        "low_complement": Finding(some(*(_below_own_limit(columns, name) for name in in_force.complements)), yes, yes),
        "increased_dna": Finding(_dna_raised(columns, in_force), yes, yes),
        "thrombocytopenia": Finding(_beyond(columns, "platelets", "thrombocytopenia"), drug, yes),
        "leukopenia": Finding(_beyond(columns, "white_cells", "leukopenia"), truths(columns["leukopenia_sle"]), yes),
    }


def _scoring_cast(columns: Columns) -> Truths:
    return among(columns["urine_cast"], [CAST_CODES.index(code) for code in SCORING_CASTS])


def _beyond(columns: Columns, measured: str, limit: str) -> Truths:
    return met(columns[measured], LIMITS[limit])


def _recent(columns: Columns, in_force: Rules) -> Truths:
    """New or risen against the result before; where there is none, as the clinician says."""
    limit, before = in_force.protein_limit, columns[f"previous_{in_force.protein}"]
    measured = some(negate(met(before, limit)), met(minus(columns[in_force.protein], before), limit))
    said, without = truths(columns["proteinuria_recent"]), before == UNKNOWN
    return np.where(without, said[0], measured[0]), np.where(without, said[1], measured[1])


def _below_own_limit(columns: Columns, complement: str) -> Truths:
    value, lower_limit = columns[complement], columns[f"{complement}_lln"]
    return compared(lower_limit, value, lower_limit > value)


def _dna_raised(columns: Columns, in_force: Rules) -> Truths:
    if in_force.farr:
        return _beyond(columns, "farr_binding", "dna_binding")
    value, upper_limit = columns["anti_dsdna"], columns["anti_dsdna_uln"]
    return compared(value, upper_limit, value > upper_limit)


def _outside_window(days: Column, in_force: Rules) -> Flags:
    stale: Flags = (days != UNKNOWN) & ((days < 0) | (days > in_force.window_days * MILLION))
    return stale
