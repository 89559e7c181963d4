"""The SLE Disease Activity Index: 24 weighted items, of which only those present and due to lupus score.

The weights are the same in every variant (Bombardier 1992); variants differ in what makes an item present, which is
judged at the bedside, or by `sledai_laboratory` from measured values, before the item reaches this rule.
"""

from decimal import Decimal
from typing import Final, Literal

import numpy as np

from equipoise.instruments.columns import UNKNOWN, Column, ColumnOutcome, Columns
from equipoise.instruments.definition import data, define, thresholds
from equipoise.instruments.logic import all_of, negated
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_DATA: Final = data(__name__)
_LIMITS: Final = thresholds(__name__)

WEIGHTS: Final[dict[str, int]] = {item["id"]: int(item["weight"]) for item in _DATA["inputs"]}
ITEM_NUMBERS: Final[dict[str, int]] = {item["id"]: int(item["n"]) for item in _DATA["inputs"]}
PHYSICIAN_ITEMS: Final = tuple(item["id"] for item in _DATA["inputs"] if item["by"] == "physician")
LABORATORY_ITEMS: Final = tuple(item["id"] for item in _DATA["inputs"] if item["by"] == "laboratory")
SEROLOGICAL_ITEMS: Final = tuple(item["id"] for item in _DATA["inputs"] if item["group"] == "immunologic")
GROUPS: Final[dict[str, str]] = {item["id"]: item["group"] for item in _DATA["inputs"]}
WINDOW_DAYS: Final[dict[str, int]] = {part["id"]: int(part["window_days"]) for part in _DATA["variants"]}
_ARTHRITIS: Final[dict[str, str]] = {part["id"]: part["arthritis"] for part in _DATA["variants"]}
DIFFERENCES: Final[dict[str, str]] = dict(_DATA["differences"])

_ITEMS: Final = tuple((name, weight, Decimal(weight), name in SEROLOGICAL_ITEMS) for name, weight in WEIGHTS.items())
_BANDS: Final[dict[str, dict[str, int]]] = {
    name: {band: int(top) for band, top in bands.items()} for name, bands in _DATA["bands"].items()
}  # fmt: skip
_ZERO: Final = Decimal(0)


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """The sum of the weights of the items present; unknown, with bounds, while any item is not assessed."""
    present = open_weight = serological = 0
    clinical_known = True
    unknown: list[str] = []
    contributions: dict[str, Decimal | str] = {}
    answers = given.known
    for name, weight, points, is_serological in _ITEMS:
        state = answers[name]
        if state is None:
            unknown.append(name)
            open_weight += weight
            clinical_known = clinical_known and is_serological
        elif state:
            present += weight
            serological += weight if is_serological else 0
            contributions[name] = points
        else:
            contributions[name] = _ZERO
    return Outcome(
        results={
            "total": None if unknown else present,
            "clinical": present - serological if clinical_known else None,
        },
        unknown=tuple(unknown),
        lower=Decimal(present),
        upper=Decimal(present + open_weight),
        contributions=contributions,
    )


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same sums for many patients."""
    clinical = tuple(name for name in WEIGHTS if name not in SEROLOGICAL_ITEMS)
    present = _weighed(columns, tuple(WEIGHTS), 1)
    open_weight = _weighed(columns, tuple(WEIGHTS), UNKNOWN)
    clinical_present = _weighed(columns, clinical, 1)
    clinical_open = _weighed(columns, clinical, UNKNOWN)
    return ColumnOutcome(
        results={
            "total": np.where(open_weight > 0, UNKNOWN, present),
            "clinical": np.where(clinical_open > 0, UNKNOWN, clinical_present),
        },
        lower=present,
        upper=present + open_weight,
    )


def _weighed(columns: Columns, names: tuple[str, ...], state: int) -> Column:
    """The summed weight of the items in this state."""
    total = np.zeros(len(columns[names[0]]), dtype=np.int64)
    for name in names:
        total += WEIGHTS[name] * (columns[name] == state)
    return total


def arthritis(joints: Decimal | None, variant: str) -> bool | None:
    """Whether so many joints with pain and inflammation are arthritis: from 3 on, in SLEDAI-2K from 2 on."""
    return _LIMITS[_ARTHRITIS[variant]].met(joints)


def fever(temperature: Decimal | None, infection: bool | None) -> bool | None:
    """Whether a temperature in °C is the item fever: above 38.0 without infection."""
    return all_of((_LIMITS["fever"].met(temperature), negated(infection)))


def band(total: int | None, bands: Literal["set_a", "set_b"]) -> str | None:
    """The band of activity a total falls in, for display only; the two published sets disagree, so one is named."""
    if total is None:
        return None
    return next(name for name, top in _BANDS[bands].items() if total <= top)


INSTRUMENT: Final = define(__name__, compute, compute_columns)
