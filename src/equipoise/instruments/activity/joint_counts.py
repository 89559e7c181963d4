"""Tender and swollen joints among 28, and those that are both: the count an arthritis item asks for.

Feet, ankles and hips are not among the 28. A joint nobody examined is unknown, and the counts have bounds.
"""

from decimal import Decimal
from typing import Final

import numpy as np

from equipoise.instruments.columns import UNKNOWN, Column, ColumnOutcome, Columns, Flags, every, truths
from equipoise.instruments.definition import data, define
from equipoise.instruments.logic import all_of
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

JOINTS: Final = tuple(
    item["id"].removeprefix("swollen_") for item in data(__name__)["inputs"] if item["group"] == "swollen"
)


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """The joints that are both, with bounds, and the two counts; `contributions` names the joints that are both."""
    tender = {joint: given.truth(f"tender_{joint}") for joint in JOINTS}
    swollen = {joint: given.truth(f"swollen_{joint}") for joint in JOINTS}
    both = {joint: all_of((tender[joint], swollen[joint])) for joint in JOINTS}
    surely = sum(is_both is True for is_both in both.values())
    still_open = [joint for joint, is_both in both.items() if is_both is None]
    return Outcome(
        results={"inflamed": _count(both), "sjc28": _count(swollen), "tjc28": _count(tender)},
        unknown=given.missing(*(f"{sign}_{joint}" for joint in still_open for sign in ("tender", "swollen"))),
        lower=Decimal(surely),
        upper=Decimal(surely + len(still_open)),
        contributions={joint: Decimal(1) for joint, is_both in both.items() if is_both},
    )


def _count(joints: dict[str, bool | None]) -> int | None:
    """How many are; unknown while any joint is."""
    return None if None in joints.values() else sum(is_so is True for is_so in joints.values())


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients."""
    tender = [truths(columns[f"tender_{joint}"]) for joint in JOINTS]
    swollen = [truths(columns[f"swollen_{joint}"]) for joint in JOINTS]
    both = [every(one, other) for one, other in zip(tender, swollen, strict=True)]
    results, ends = {}, {}
    for name, joints in (("inflamed", both), ("sjc28", swollen), ("tjc28", tender)):
        low, high = _counted([true for true, _ in joints]), _counted([~false for _, false in joints])
        results[name], ends[name] = np.where(low == high, low, UNKNOWN), (low, high)
    return ColumnOutcome(results, lower=ends["inflamed"][0], upper=ends["inflamed"][1])


def _counted(joints: list[Flags]) -> Column:
    count: Column = np.sum(joints, axis=0, dtype=np.int64)
    return count


INSTRUMENT: Final = define(__name__, compute, compute_columns)
