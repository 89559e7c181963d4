"""The EULAR/ACR classification criteria of 2019: ANA first, then points, of which every domain gives only its highest.

The main result is the classification, because that is what a protocol asks and because `unknown` then names what must
still be found out to classify. It never falls when a criterion appears. The bounds of the points are results.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np

from equipoise.instruments.classification.completions import agreed, extremes, of_one, one_row
from equipoise.instruments.columns import MILLION, Column, ColumnOutcome, Columns, met
from equipoise.instruments.definition import data, define, thresholds
from equipoise.instruments.logic import all_of
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome
from equipoise.items.item import Value


class Criterion(NamedTuple):
    """What gives points in a domain once all its inputs are present."""

    id: str
    inputs: tuple[str, ...]
    domain: str
    weight: int


_DATA: Final = data(__name__)
_CLASSIFIED: Final = thresholds(__name__)["classified"]
CRITERIA: Final = tuple(
    Criterion(item["id"], (item["id"],), item["group"], int(item["weight"]))
    for item in _DATA["inputs"]
    if "weight" in item
) + tuple(
    Criterion(part["id"], tuple(part["inputs"]), part["domain"], int(part["weight"])) for part in _DATA["together"]
)  # fmt: skip
DOMAINS: Final = tuple(dict.fromkeys(criterion.domain for criterion in CRITERIA))
CLINICAL_DOMAINS: Final = tuple(_DATA["clinical_domains"])
_TRUTHS: Final = ("classified", "eligible", "clinical")


def rule(levels: Columns) -> dict[str, Column]:
    """The results where every question is answered."""
    domains = {domain: _highest(levels, domain) for domain in DOMAINS}
    score = sum(domains.values(), np.zeros_like(levels["ana_positive"]))
    clinical = np.logical_or.reduce([domains[domain] > 0 for domain in CLINICAL_DOMAINS])
    enough, _ = met(score * MILLION, _CLASSIFIED)
    return {
        "classified": ((levels["ana_positive"] == 1) & enough & clinical).astype(np.int64),
        "eligible": levels["ana_positive"],
        "score": score,
        "clinical": clinical.astype(np.int64),
        **domains,
    }


def _highest(levels: Columns, domain: str) -> Column:
    """The weight of the heaviest criterion of a domain that is met."""
    column: Column = np.maximum.reduce(
        [c.weight * np.minimum.reduce([levels[name] for name in c.inputs]) for c in CRITERIA if c.domain == domain]
    )
    return column


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """Whether the patient is classified, the points of every domain, and what is still needed to know."""
    results = of_one(_judged(one_row(given, INSTRUMENT.inputs)), _TRUTHS)
    return Outcome(
        results=results,
        unknown=_lacking(given, results) if results["classified"] is None else (),
        contributions={c.id: Decimal(c.weight) for c in _counted(given)},
    )


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients."""
    return ColumnOutcome(_judged(columns))


def _judged(levels: Columns) -> dict[str, Column]:
    lowest, highest = extremes(rule, levels, INSTRUMENT.inputs)
    known = agreed(lowest, highest) | {"score_at_least": lowest["score"], "score_at_most": highest["score"]}
    return {name: known[name] for name in INSTRUMENT.results}


def _counted(given: Given) -> Iterator[Criterion]:
    """The criterion that gives each domain its points so far: the heaviest that is surely met."""
    for domain in DOMAINS:
        surely = [c for c in CRITERIA if c.domain == domain and all_of(map(given.truth, c.inputs))]
        if surely:
            yield max(surely, key=lambda criterion: criterion.weight)


def _lacking(given: Given, results: Mapping[str, Value | None]) -> tuple[str, ...]:
    """ANA if it is open; and unless the points suffice, the open criteria that could raise their domain."""
    so_far = {criterion.domain: criterion.weight for criterion in _counted(given)}
    suffices = _CLASSIFIED.met(Decimal(sum(so_far.values()))) and results["clinical"]
    wanted = dict.fromkeys(
        name
        for c in CRITERIA
        if not suffices and c.weight > so_far.get(c.domain, 0) and all_of(map(given.truth, c.inputs)) is None
        for name in c.inputs
    )
    return given.missing("ana_positive", *wanted)


INSTRUMENT: Final = define(__name__, compute, compute_columns)
