"""What a case expects and what was found, as words for a line and as JSON."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from equipoise.validation.verdict import Each, Failed, Near, Open, Refused, Scored

_LONGEST = 120


def as_words(value: Any) -> str:
    """A value in a few words."""
    match value:
        case None:
            return "NA"
        case Each(answers):
            return " or ".join(dict.fromkeys(map(as_words, answers)))
        case Scored(main, _):
            return as_words(main)
        case Failed(error):
            return f"an error ({error})"
        case Refused(why):
            return f"refused ({why})"
        case Open():
            return f"unknown ({_can_be(value)})"
        case float() | Near():
            return f"{as_json_value(value):.10g}"
    text = str(as_json_value(value))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _can_be(found: Open) -> str:
    if found.lower is not None and found.upper is not None:
        return f"from {found.lower} to {found.upper}"
    return f"can be {', '.join(map(str, found.values))}" if found.values else "not gradable"


def as_json_value(value: Any) -> Any:
    """A value as JSON; decimals are numbers, because the other side's are; what is not finite is text."""
    match value:
        case Scored(main, _):
            return as_json_value(main)
        case Near(number, _):
            return as_json_value(number)
        case Each() | Failed() | Refused() | Open():
            return as_words(value)
        case Mapping():
            return {str(name): as_json_value(part) for name, part in value.items()}
        case list() | tuple():
            return [as_json_value(part) for part in value]
        case bool() | None | str() | int():
            return value
        case Decimal() | float() if math.isfinite(value):
            return float(value)
    return str(value)
