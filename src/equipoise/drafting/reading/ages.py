"""Ages as registries write them: "18 to 70 years old", "6 Months", "18+ years old", "N/A"."""

import re
from dataclasses import dataclass
from typing import Final

from equipoise.drafting.lines import plain

UNITS: Final = {
    "year": "years", "yr": "years", "y": "years", "month": "months", "mo": "months",
    "week": "weeks", "wk": "weeks", "day": "days", "hour": "hours", "minute": "minutes",
}  # fmt: skip
_UNIT: Final = r"(years?|yrs?|y|months?|mos?|weeks?|wks?|days?|hours?|minutes?)\b"
_OLD: Final = r"(?:\s*(?:old|of age))?"
_NONE: Final = re.compile(r"(?i)(?:n/?a(?: .*)?|no(?:ne| limit)?|not applicable|no maximum.*|no minimum.*|-)$")
_GROUPS: Final = re.compile(r"\s*\((?:\s*(?:child|adult|older adult|senior|infant)\s*,?)+\)\s*$", re.IGNORECASE)
_ONE: Final = re.compile(rf"(?i)(\d{{1,3}})\s*{_UNIT}{_OLD}$")
_BETWEEN: Final = re.compile(
    rf"(?i)(?:from |between |ages? )?(\d{{1,3}})\s*(?:{_UNIT})?{_OLD}\s*(?:to|-|and|through)\s*"
    rf"(\d{{1,3}})\s*{_UNIT}{_OLD}(?: inclusive)?$"
)
_UP_TO: Final = re.compile(rf"(?i)(?:up to|until|to|maximum|max\.?|-)\s*(\d{{1,3}})\s*{_UNIT}{_OLD}$")
_PLUS: Final = re.compile(rf"(?i)(\d{{1,3}})\s*\+\s*{_UNIT}{_OLD}$")
_AT_LEAST: Final = re.compile(rf"(?i)(?:≥|at least|minimum)\s*(\d{{1,3}})\s*{_UNIT}{_OLD}$")
_AND_OLDER: Final = re.compile(
    rf"(?i)(?:≥|at least)?\s*(\d{{1,3}})\s*{_UNIT}{_OLD}\s*(?:(?:and|or) (?:older|above|over|up)|\+)$"
)
_AND_YOUNGER: Final = re.compile(rf"(?i)(\d{{1,3}})\s*{_UNIT}{_OLD} (?:and|or) (?:younger|below)$")


@dataclass(frozen=True, slots=True)
class Age:
    """An age limit in the unit in which it was written. The limit itself is within."""

    number: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"


def unit_of(word: str) -> str:
    """The unit in full, in the plural."""
    word = word.lower()
    return UNITS.get(word) or UNITS[word.rstrip("s")]


def read_age(text: str) -> Age | None:
    """One limit, "18 Years". None where there is no limit or no unit."""
    found = _ONE.match(plain(text))
    return Age(int(found[1]), unit_of(found[2])) if found else None


def says_no_limit(text: str) -> bool:
    """Whether the words say that there is no limit."""
    return bool(_NONE.match(plain(text)))


def read_age_range(text: str) -> tuple[Age | None, Age | None] | None:
    """Both limits, of which either may not exist; None where the words are not understood.

    "Under 18 years" is not understood: it excludes the number it names, which a limit does not.
    """
    text = _GROUPS.sub("", plain(text)).strip(" .,;")
    if re.fullmatch(r"(?i)all(?: ages)?|any(?: age)?", text):
        return None, None
    if found := _BETWEEN.match(text):
        last = unit_of(found[4])
        low = Age(int(found[1]), unit_of(found[2]) if found[2] else last)
        return low, Age(int(found[3]), last)
    if (ends := re.split(r"(?i)\s+to\s+|\s*-\s*", text)) and len(ends) == 2 and says_no_limit(ends[1]):
        low_only = read_age(ends[0])
        return (low_only, None) if low_only else None
    if len(ends) == 2 and says_no_limit(ends[0]) and (high_only := read_age(ends[1])):
        return None, high_only
    return _one_sided(text)


def _one_sided(text: str) -> tuple[Age | None, Age | None] | None:
    for pattern in (_PLUS, _AND_OLDER, _AT_LEAST):
        if found := pattern.match(text):
            return Age(int(found[1]), unit_of(found[2])), None
    for pattern in (_UP_TO, _AND_YOUNGER):
        if found := pattern.match(text):
            return None, Age(int(found[1]), unit_of(found[2]))
    return None
