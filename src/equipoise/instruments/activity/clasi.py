"""The CLASI: what cutaneous lupus does now (activity, 0 to 70) and what it has left behind (damage, 0 to 56).

Each zone of the skin is judged by its worst lesion; area as such does not count. Dyspigmentation counts double once it
has lasted twelve months, which is asked once for the whole body.
"""

from decimal import Decimal
from typing import Final

import numpy as np

from equipoise.instruments.columns import MILLION, UNKNOWN, Column, ColumnOutcome, Columns
from equipoise.instruments.definition import data, define, thresholds
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_DATA: Final = data(__name__)
_HALVED_AT: Final = thresholds(__name__)["response"]
_PER_CENT: Final = Decimal(100)
_CODES: Final[dict[str, list[str]]] = {item["id"]: item.get("codes", ["absent", "present"]) for item in _DATA["inputs"]}
# Points by level: a place in the list of codes, or 0 for absent and 1 for present.
_POINTS: Final[dict[str, tuple[int, ...]]] = {
    item["id"]: tuple(map(int, item.get("points", range(len(_CODES[item["id"]]))))) for item in _DATA["inputs"]
}
PARTS: Final[dict[str, tuple[str, ...]]] = {
    part: tuple(item["id"] for item in _DATA["inputs"] if item["group"] == part)
    for part in ("activity", "dyspigmentation", "scarring")
}
BANDS: Final[dict[str, int]] = {band: int(top) for band, top in _DATA["bands"].items()}


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """Activity with its bounds, damage, the band, whether activity has halved; each known once no gap can matter."""
    low, high = _points(given, "activity")
    return Outcome(
        results={
            "activity": low if low == high else None,
            "damage": _damage(given),
            "band": _agreed(_band(low), _band(high)),
            "halved": _halved(low, high, given.number("baseline_activity")),
        },
        unknown=given.missing(*PARTS["activity"]),
        lower=Decimal(low),
        upper=Decimal(high),
        contributions={
            name: Decimal(_of(given, name)) for name in PARTS["activity"] if given.known[name] is not None
        },
    )  # fmt: skip


def _points(given: Given, part: str) -> tuple[int, int]:
    """The sum of a part if every open question counted nothing, and if every one counted most."""
    low = sum(_of(given, name) for name in PARTS[part] if given.known[name] is not None)
    return low, low + sum(max(_POINTS[name]) for name in given.missing(*PARTS[part]))


def _of(given: Given, name: str) -> int:
    """The points of an answered question."""
    word = given.word(name)
    return _POINTS[name][int(given.truth(name) or 0) if word is None else _CODES[name].index(word)]


def _damage(given: Given) -> int | None:
    pigment, scars = _points(given, "dyspigmentation"), _points(given, "scarring")
    long = given.truth("dyspigmentation_12_months")
    low = pigment[0] * (2 if long else 1) + scars[0]
    high = pigment[1] * (1 if long is False else 2) + scars[1]
    return low if low == high else None


def _band(activity: int) -> str:
    return next(band for band, top in BANDS.items() if activity <= top)


def _halved(low: int, high: int, baseline: Decimal | None) -> str | None:
    if baseline is None:
        return None
    if baseline == 0:
        return "not_evaluable"
    first, last = (_HALVED_AT.met(_PER_CENT * (baseline - activity) / baseline) for activity in (low, high))
    return _agreed("yes" if first else "no", "yes" if last else "no")


def _agreed(one: str, other: str) -> str | None:
    return one if one == other else None


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many patients."""
    low, high = _summed(columns, "activity")
    results = {
        "activity": _same(low, high),
        "damage": _damages(columns),
        "band": _same(*(np.searchsorted(list(BANDS.values()), activity) for activity in (low, high))),
        "halved": _halvings(low, high, columns["baseline_activity"]),
    }
    return ColumnOutcome(results, lower=low, upper=high)


def _summed(columns: Columns, part: str) -> tuple[Column, Column]:
    low = np.zeros(len(columns["baseline_activity"]), dtype=np.int64)
    high = low.copy()
    for name in PARTS[part]:
        points, is_open = np.array(_POINTS[name]), columns[name] == UNKNOWN
        answered = points[np.where(is_open, 0, columns[name])]
        low += answered
        high += np.where(is_open, points.max(), answered)
    return low, high


def _damages(columns: Columns) -> Column:
    pigment, scars = _summed(columns, "dyspigmentation"), _summed(columns, "scarring")
    long = columns["dyspigmentation_12_months"]
    low = pigment[0] * np.where(long == 1, 2, 1) + scars[0]
    return _same(low, pigment[1] * np.where(long == 0, 1, 2) + scars[1])


def _halvings(low: Column, high: Column, baseline: Column) -> Column:
    whole = np.where(baseline == UNKNOWN, UNKNOWN, baseline // MILLION)
    limit = int(_HALVED_AT.value)
    first, last = (np.where(100 * (whole - activity) >= limit * whole, 2, 1) for activity in (low, high))
    return np.select([whole == UNKNOWN, whole == 0], [UNKNOWN, 0], _same(first, last))


def _same(one: Column, other: Column) -> Column:
    return np.where(one == other, one, UNKNOWN)


INSTRUMENT: Final = define(__name__, compute, compute_columns)
