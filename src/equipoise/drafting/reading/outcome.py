"""What kind of measure the words of an outcome name, and in which week its time frame ends."""

import re
from typing import Final

from equipoise.drafting.lines import plain
from equipoise.drafting.reading.numbers import digits

_KINDS: Final = (
    ("time_to_event", r"\btime to\b|\bsurvival\b(?! rate)|time[- ]to[- ]event|\btime until\b|\bduration of response"),
    ("change", r"\bchange\b.*\bbaseline\b|\bchange (?:from|in)\b|\bmean change\b|\bchange of\b"),
    ("event", r"\bproportion|\bpercent(?:age)?\b.*\b(?:patients|participants|subjects|children|adults|women|men)\b"
     r"|\bincidence\b|\bnumber of (?:patients|participants|subjects)\b|\brate of\b|\brate\b|\boccurrence\b"),
)  # fmt: skip
_MORE: Final = r"((?:\s*(?:to|-|through|and|,|, and)\s*{unit}?\s*\d{{1,4}}\b)*)"
_WEEK: Final = re.compile(r"\bweeks? ?(\d{1,3})\b" + _MORE.format(unit="(?:weeks?)") + r"|\b(\d{1,3})[- ]?weeks?\b")
_DAY: Final = re.compile(r"\bdays? ?(\d{1,4})\b" + _MORE.format(unit="(?:days?)") + r"|\b(\d{1,4})[- ]?days?\b")


def read_kind(measure: str) -> str:
    """ "event", "time_to_event", "change", or "" where the words do not say."""
    words = plain(measure).lower()
    return next((kind for kind, pattern in _KINDS if re.search(pattern, words)), "")


def read_week(time_frame: str) -> int | None:
    """The last week of a time frame in weeks, or in days that make whole weeks. Months and years are not weeks."""
    words = digits(plain(time_frame)).lower()
    if re.search(r"\bmonths?\b|\byears?\b", words):
        return None
    weeks = [int(number) for found in _WEEK.findall(words) for number in re.findall(r"\d+", " ".join(found))]
    days = [int(number) for found in _DAY.findall(words) for number in re.findall(r"\d+", " ".join(found))]
    if any(day % 7 for day in days):
        return None
    last = max([*weeks, *(day // 7 for day in days)], default=None)
    return last if last is not None and 0 < last <= 520 else None
