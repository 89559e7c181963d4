"""The SLICC classification criteria of 2012: four of seventeen with one of either kind, or nephritis on biopsy.

A direct Coombs test counts only without haemolytic anaemia. So haemolytic anaemia is the one answer that can undo a
classification: it turns an immunologic criterion into a clinical one. While it is open, both answers are tried.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import numpy as np

from equipoise.instruments.classification.completions import agreed, extremes, of_one, one_row
from equipoise.instruments.columns import MILLION, UNKNOWN, Column, ColumnOutcome, Columns, Flags, met
from equipoise.instruments.definition import data, define, thresholds
from equipoise.instruments.logic import all_of, any_of, negated
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_INPUTS: Final = data(__name__)["inputs"]
_LIMITS: Final = thresholds(__name__)
_TRUTHS: Final = ("classified", "nephritis_suffices")


def _criteria(group: str) -> dict[str, tuple[str, ...]]:
    named = [(item.get("criterion", item["id"]), item["id"]) for item in _INPUTS if item["group"] == group]
    return {one: tuple(name for criterion, name in named if criterion == one) for one, _ in named}


CRITERIA: Final = {group: _criteria(group) for group in ("clinical", "immunologic")}


def rule(levels: Columns) -> dict[str, Column]:
    """The results where every question is answered."""
    coombs = levels["direct_coombs"] * (1 - levels["haemolytic_anaemia"])
    counts = {group: _count({**levels, "direct_coombs": coombs}, group) for group in CRITERIA}
    antibodies = np.maximum(levels["ana"], levels["anti_dsdna"])
    nephritis = np.minimum(levels["nephritis_biopsy"], antibodies)
    count = counts["clinical"] + counts["immunologic"]
    of_each = [_enough(counts[group], "of_each_kind") for group in CRITERIA]
    by_count = np.logical_and.reduce([_enough(count, "classified"), *of_each])
    return {
        "classified": np.maximum(nephritis, by_count),
        "count": count,
        **counts,
        "nephritis_suffices": nephritis,
    }


def _count(levels: Columns, group: str) -> Column:
    count: Column = np.sum(
        [np.maximum.reduce([levels[name] for name in names]) for names in CRITERIA[group].values()], axis=0
    )
    return count


def _enough(count: Column, limit: str) -> Flags:
    enough, _ = met(count * MILLION, _LIMITS[limit])
    return enough


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """Whether the patient is classified and by which way, the counts, and what is still needed to know."""
    results = of_one(_judged(one_row(given, INSTRUMENT.inputs)), _TRUTHS)
    criteria = {group: _met(given, group) for group in CRITERIA}
    fired = [criterion for met_ones in criteria.values() for criterion, is_met in met_ones.items() if is_met]
    fired += ["nephritis_suffices"] if results["nephritis_suffices"] else []
    return Outcome(
        results=results,
        unknown=_lacking(given, criteria) if results["classified"] is None else (),
        contributions={criterion: Decimal(1) for criterion in fired},
    )


def _met(given: Given, group: str) -> dict[str, bool | None]:
    """Each criterion of a kind, met or not or open."""
    criteria = {criterion: any_of(map(given.truth, names)) for criterion, names in CRITERIA[group].items()}
    if group == "immunologic":
        criteria["direct_coombs"] = all_of((criteria["direct_coombs"], negated(given.truth("haemolytic_anaemia"))))
    return criteria


def _lacking(given: Given, criteria: Mapping[str, Mapping[str, bool | None]]) -> tuple[str, ...]:
    """The open answers of the kinds still short, and those that biopsy-proven nephritis waits for."""
    surely = {group: sum(is_met is True for is_met in met_ones.values()) for group, met_ones in criteria.items()}
    all_short = not _LIMITS["classified"].met(Decimal(sum(surely.values())))
    wanted = [
        name
        for group, met_ones in criteria.items()
        if all_short or not _LIMITS["of_each_kind"].met(Decimal(surely[group]))
        for criterion, is_met in met_ones.items()
        if is_met is None
        for name in CRITERIA[group][criterion]
    ]
    if criteria["immunologic"]["direct_coombs"] is None:
        wanted.append("haemolytic_anaemia")
    antibodies = any_of((given.truth("ana"), given.truth("anti_dsdna")))
    if all_of((given.truth("nephritis_biopsy"), antibodies)) is None:
        wanted += ["nephritis_biopsy"] + (["ana", "anti_dsdna"] if antibodies is None else [])
    return given.missing(*dict.fromkeys(wanted))


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients."""
    return ColumnOutcome(_judged(columns))


def _judged(levels: Columns) -> dict[str, Column]:
    haemolysis = levels["haemolytic_anaemia"]
    worlds = [
        {**levels, "haemolytic_anaemia": np.where(haemolysis == UNKNOWN, answer, haemolysis)} for answer in (0, 1)
    ]
    return agreed(*(end for world in worlds for end in extremes(rule, world, INSTRUMENT.inputs)))


INSTRUMENT: Final = define(__name__, compute, compute_columns)
