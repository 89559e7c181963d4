"""The spellings of a date that people in a trial use, whole or in part, in English and in Chinese."""

import re
from typing import Final, NamedTuple

_MONTHS: Final = {name: number for number, name in enumerate(
    ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), start=1
)}  # fmt: skip
_UNKNOWN: Final = ("UNK", "UN")
_IN_CHINESE: Final = re.compile("不详|未知|不明")

# Day or month first with digits only (03/04/2021) is not among them: nobody knows which is which.
_SPELLINGS: Final = tuple(
    re.compile(shape + r"\Z")
    for shape in (
        r"(?P<year>[0-9]{4})",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
        r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2}|UNK?)(?:(?P=mark)(?P<day>[0-9]{1,2}|UNK?))?",
        r"(?P<year>[0-9]{4})年(?:(?P<month>[0-9]{1,2}(?=月)|UNK?)月?(?:(?P<day>[0-9]{1,2}(?=[日号])|UNK?)[日号]?)?)?",
        r"(?:(?P<day>[0-9]{1,2}|UNK?)[- /]?)?(?P<month>[A-Z]{3}|UN)[- /]?(?P<year>[0-9]{4})",
    )
)


class DateParts(NamedTuple):
    """What was said of a date; whether such a day exists is not yet known."""

    year: int
    month: int | None
    day: int | None


def date_parts(text: str) -> DateParts | None:
    """The parts of a typed date, or None when the text has no shape of a date. A day without its month is no date."""
    plain = _IN_CHINESE.sub("UNK", text.upper())
    if "年" in plain:
        plain = plain.replace(" ", "")
    found = next((match for shape in _SPELLINGS if (match := shape.match(plain))), None)
    if found is None:
        return None
    parts = found.groupdict()
    month, day = parts.get("month"), parts.get("day")
    if month is not None and month.isalpha() and month not in (*_MONTHS, *_UNKNOWN):
        return None
    result = DateParts(int(parts["year"]), _number(month), _number(day))
    return None if result.month is None and result.day is not None else result


def _number(part: str | None) -> int | None:
    if part is None or part in _UNKNOWN:
        return None
    return _MONTHS[part] if part in _MONTHS else int(part)
