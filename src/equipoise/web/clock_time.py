"""A time of day as somebody types it, at a site."""

import re
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from equipoise.items import Problem
from equipoise.web.messages import problem

_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[:：]?([0-5][0-9])\Z")


def moment_typed(on: date, time: str, zone: str) -> datetime | Problem:
    """A day and a time of day, such as 9:05, 0905 or 21:30, at a place."""
    read = _TIME.match(time.strip())
    if read is None:
        return problem("web.E025", "time")
    return datetime(on.year, on.month, on.day, int(read[1]), int(read[2]), tzinfo=ZoneInfo(zone))
