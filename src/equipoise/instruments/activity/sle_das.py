"""The SLE Disease Activity Score: a weighted sum in which protein, platelets and leukocytes count by their logarithm.

The flags (arthritis, proteinuria, thrombocytopenia, leukopenia) follow from the measurements and are never asked, so
that no flag can contradict its measurement. A measurement counts only while its flag holds: the score jumps there.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import numpy as np

from equipoise.instruments.columns import (
    MILLION,
    UNKNOWN,
    Column,
    ColumnOutcome,
    Columns,
    Flags,
    Floats,
    as_column,
    floats,
    met,
    millionths,
    near,
    rounded,
    safe,
)
from equipoise.instruments.definition import data, define, thresholds
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_DATA: Final = data(__name__)
_LIMITS: Final = thresholds(__name__)
_CONSTANT: Final = Decimal(_DATA["numbers"]["constant"])
_ARTHRITIS: Final = Decimal(_DATA["numbers"]["arthritis"])
_PER_JOINT: Final = Decimal(_DATA["numbers"]["per_swollen_joint"])
_WEIGHTS: Final = {part["id"]: Decimal(part["weight"]) for part in _DATA["inputs"] if "weight" in part}
_RASHES: Final = tuple(part["id"] for part in _DATA["inputs"] if part.get("group") == "rash")
_TERMS: Final = {name: (Decimal(t["constant"]), Decimal(t["slope"])) for name, t in _DATA["logarithms"].items()}
_FLAGS: Final[Mapping[str, str]] = _DATA["flags"]  # the measurement each flag reads
_FLAG_OF: Final = {measure: _LIMITS[flag] for flag, measure in _FLAGS.items()}
_BANDS: Final = ("moderate_severe", "mild", "remission")
_ZERO: Final = Decimal(0)
_EXACT: Final = Decimal("1e-20")  # a logarithm ends here, so that sums are exact and their order changes nothing


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """The score, its category and the flags; `contributions` are what each answer adds to the constant."""
    impossible = all(given.truth(rash) for rash in _RASHES)
    points = _points(given, impossible)
    unknown = tuple(name for name, value in points.items() if value is None)
    known = {"constant": _CONSTANT} | {name: value for name, value in points.items() if value is not None}
    lower = sum(known.values(), _ZERO)
    upper = lower + sum((_MOST[name] for name in unknown), _ZERO) - _not_both(unknown)
    band = _band(lower)
    return Outcome(
        results={
            "score": None if unknown else lower,
            "category": band if band == _band(upper) else None,
            **{flag: _LIMITS[flag].met(given.number(measure)) for flag, measure in _FLAGS.items()},
        },
        unknown=unknown,
        lower=lower,
        upper=upper,
        contributions=known,
        refused=tuple((rash, "A rash is either local or generalised.") for rash in _RASHES) if impossible else (),
    )


def _points(given: Given, impossible: bool) -> dict[str, Decimal | None]:
    """What each answer adds; unknown where it was not given, or where two rashes exclude each other."""
    points = {name: _if_present(weight, given.truth(name)) for name, weight in _WEIGHTS.items()}
    rashes = [given.truth(rash) for rash in _RASHES]
    if impossible:
        points |= dict.fromkeys(_RASHES)
    elif any(rashes):
        points |= {rash: points[rash] or _ZERO for rash in _RASHES}  # one present says that the other is not
    return points | {measure: _measured(measure, given.number(measure)) for measure in _FLAG_OF}


def _if_present(weight: Decimal, present: bool | None) -> Decimal | None:
    return None if present is None else weight if present else _ZERO


def _measured(measure: str, value: Decimal | None) -> Decimal | None:
    """What a measurement adds: nothing unless its flag holds."""
    if value is None:
        return None
    if not _FLAG_OF[measure].met(value):
        return _ZERO
    if measure not in _TERMS:
        return _ARTHRITIS + _PER_JOINT * value
    constant, slope = _TERMS[measure]
    return (constant + slope * value.ln()).quantize(_EXACT)


def _most(part: Mapping[str, str]) -> Decimal:
    """The most a question can add."""
    if "weight" in part:
        return Decimal(part["weight"])
    return max(_measured(part["id"], Decimal(part[end])) or _ZERO for end in ("low", "high"))


_MOST: Final = {part["id"]: _most(part) for part in _DATA["inputs"]}


def _not_both(unknown: tuple[str, ...]) -> Decimal:
    """What two open rashes cannot add together."""
    return min(_MOST[rash] for rash in _RASHES) if set(_RASHES) <= set(unknown) else _ZERO


def _band(score: Decimal) -> str:
    """Remission to 2.08, mild to 7.64, moderate or severe above; the score is not rounded first."""
    return next((band for band in _BANDS[:-1] if _LIMITS[band].met(score)), _BANDS[-1])


# --- The same for many patients ---------------------------------------------------------------------------------------


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """Score, category and flags; rows near a limit of a category or near half a millionth are left to `compute`."""
    answers = _consistent(columns)
    lower = _exact(answers) / MILLION + _logarithms(answers)
    upper = lower + _open(answers)
    unknown = np.logical_or.reduce([column == UNKNOWN for column in answers.values()])
    score, tie = rounded(np.where(unknown, np.nan, lower))
    bands, edges = _category(lower), [near(end, _LIMITS[band].value) for end in (lower, upper) for band in _BANDS[:-1]]
    flags = {flag: as_column(met(columns[measure], _LIMITS[flag])) for flag, measure in _FLAGS.items()}
    return ColumnOutcome(
        results={"score": score, "category": np.where(bands == _category(upper), bands, UNKNOWN), **flags},
        doubtful=np.logical_or.reduce([tie, *edges]),
    )


def _consistent(columns: Columns) -> dict[str, Column]:
    """The answers with two rashes made unknown, and the other one answered where one is present."""
    local, generalised = (columns[rash] for rash in _RASHES)
    both = (local == 1) & (generalised == 1)
    settled = {
        rash: np.where(both, UNKNOWN, np.where((other == 1) & (columns[rash] == UNKNOWN), 0, columns[rash]))
        for rash, other in zip(_RASHES, (generalised, local), strict=True)
    }
    return {**columns, **settled}


def _exact(columns: Columns) -> Column:
    """The constant, the items and the joints, in millionths."""
    joints = safe(columns[_FLAGS["arthritis"]]) // MILLION
    total = millionths(_CONSTANT) + np.where(joints > 0, millionths(_ARTHRITIS) + millionths(_PER_JOINT) * joints, 0)
    for name, weight in _WEIGHTS.items():
        total = total + millionths(weight) * (columns[name] == 1)
    return total.astype(np.int64)


def _logarithms(columns: Columns) -> Floats:
    """What the three laboratory measurements add."""
    total = np.zeros(len(columns[_RASHES[0]]))
    for measure, (constant, slope) in _TERMS.items():
        counts: Flags = met(columns[measure], _FLAG_OF[measure])[0]
        value = np.where(counts, floats(columns[measure]), 1.0)
        total += np.where(counts, float(constant) + float(slope) * np.log(value), 0.0)
    return total


def _open(columns: Columns) -> Floats:
    """The most that the unanswered questions can add."""
    most = np.zeros(len(columns[_RASHES[0]]))
    for name, column in columns.items():
        most += float(_MOST[name]) * (column == UNKNOWN)
    most -= float(_not_both(_RASHES)) * np.logical_and.reduce([columns[rash] == UNKNOWN for rash in _RASHES])
    return most


def _category(score: Floats) -> Column:
    """The place of each score's category among the codes, of which the most active comes last."""
    places = np.zeros(len(score), dtype=np.int64)
    for band in _BANDS[:-1]:
        places += score > float(_LIMITS[band].value)
    return places


INSTRUMENT: Final = define(__name__, compute, compute_columns)
