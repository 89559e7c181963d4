"""Answers as people type them, as acts keep them, and as pages show them."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import ceil
from typing import Any, Final

from equipoise.items.dates import PartialDate, read_partial_date
from equipoise.items.file import MEGABYTE, FileReference, in_kinds, parse_file
from equipoise.items.item import STATES, Answer, Item, ItemType, Written
from equipoise.items.messages import problem
from equipoise.items.missing import REASONS, Missing
from equipoise.items.problem import Problem, meant
from equipoise.items.reported import ABOVE, BELOW, Reported
from equipoise.items.typed_dates import DateParts, date_parts
from equipoise.items.units import beyond, in_own_unit, named_unit

# Full-width signs and their plain twins. Not NFKC: that would turn 5² into 52 and ½ into 1⁄2.
FULL_WIDTH: Final[Mapping[int, int]] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN: Final[Mapping[int, int | str]] = {**FULL_WIDTH, 0x3000: " ", 0x2212: "-"}
_INTEGER: Final = re.compile(r"[+-]?[0-9]+\Z")
_DECIMAL: Final = re.compile(r"[+-]?([0-9]+|[0-9]*\.[0-9]+)\Z")
# A sign, a number, and a unit that begins with no digit; 1e2 is no unit "e2", but a number not written plainly.
_REPORT: Final = re.compile(
    r"(?P<operator>[<>]=?|[≤≥])?\s*(?P<number>[+-]?(?:[0-9]*\.)?[0-9]+)(?:\s*(?P<unit>(?![eE][+-]?[0-9])[^\s0-9.].*))?\Z"
)
_SIGNS: Final = {"≤": "<=", "≥": ">="}
_YES_NO: Final = {
    "yes": True,
    "y": True,
    "true": True,
    "是": True,
    "no": False,
    "n": False,
    "false": False,
    "否": False,
}
_LONGEST: Final = 60  # no number, date or code is longer
_ROW: Final = re.compile(r"[1-9][0-9]{0,3}\Z")
_FIRST_YEAR: Final = 1900
_BIDIRECTIONAL: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def read(item: Item, text: str) -> Answer | Problem:
    """One answer as a person typed it: a value, `Missing` for a code such as `?ND`, None for nothing.

    What cannot be an answer to this item comes back as the `Problem` to show, placed at the item.
    """
    plain = text.translate(_PLAIN).strip()
    if not plain:
        return None
    if plain[0] == "?" and plain[1:].upper() in item.missing:
        return Missing(plain[1:].upper())
    if item.type == "text":
        return _read_text(item, text)
    if item.type == "file":
        return _read_file(item, text.strip())
    if plain[0] == "?":
        return problem("items.E001", item.id, text=plain, codes=", ".join(f"?{code}" for code in item.missing))
    if len(plain) > _LONGEST:
        return problem("items.E002", item.id, length=str(len(plain)), most=str(_LONGEST))
    return _READ[item.type](item, plain)


def _read_text(item: Item, text: str) -> str | Problem:
    """Free text is kept as typed, in one Unicode form and with one kind of line end."""
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    wrong = next((sign for sign in kept if _cannot_be_kept(sign)), None)
    if wrong is not None:
        return problem("items.E015", item.id, character=f"U+{ord(wrong):04X}")
    if len(kept) > item.max_length:
        return problem("items.E002", item.id, length=str(len(kept)), most=str(item.max_length))
    return kept


def _read_file(item: Item, text: str) -> FileReference | Problem:
    """The reference to a file, which is of a kind and a size that the item takes."""
    try:
        file = parse_file(text)
    except ValueError:
        return problem("items.E020", item.id)
    if file.media not in item.media:
        return problem("items.E021", item.id, name=file.name, kinds=in_kinds(item.media))
    if file.size > item.largest:
        size, most = (f"{ceil(10 * count / MEGABYTE) / 10}" for count in (file.size, item.largest))
        return problem("items.E022", item.id, name=file.name, size=size, most=most)
    return file


def _cannot_be_kept(sign: str) -> bool:
    """Controls, half characters, and signs that change the order in which others are read."""
    return sign != "\n" and (unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or sign in _BIDIRECTIONAL)


def _read_integer(item: Item, text: str) -> int | Problem:
    if not _INTEGER.match(text):
        return problem("items.E003", item.id, text=text)
    value = int(text)
    return _impossible(item, Decimal(value)) or value


def _read_decimal(item: Item, text: str) -> Decimal | Reported | Problem:
    if "," in text or "、" in text:
        return problem("items.E005", item.id, text=text)
    if not _DECIMAL.match(text):
        return _read_report(item, text)
    value = Decimal(text)
    return _too_fine(item, text, item.places) or _impossible(item, value) or value or value.copy_abs()


def _read_report(item: Item, text: str) -> Decimal | Reported | Problem:
    """A number with a sign before it or a unit behind it, where the item takes them."""
    found = _REPORT.match(text)
    if found is None:
        return problem("items.E004", item.id, text=text)
    sign, digits, written = found["operator"] or "", found["number"], found["unit"]
    unit = named_unit(item, item.unit if written is None else written)
    if unit is None:
        return _in_no_unit(item, text)
    operator: Any = _SIGNS.get(sign, sign)
    if (operator in BELOW and not item.below) or (operator in ABOVE and not item.above):
        return problem("items.E018", item.id, text=text, sign=sign)
    number = Decimal(digits) or Decimal(digits).copy_abs()
    answer = Reported(number, operator, unit.unit) if operator or unit.unit else number
    return _too_fine(item, digits, unit.places) or _impossible(item, answer) or answer


def _in_no_unit(item: Item, text: str) -> Problem:
    units = ", ".join((item.unit, *(other.unit for other in item.units)))
    return (
        problem("items.E017", item.id, text=text, units=units) if units else problem("items.E004", item.id, text=text)
    )


def _too_fine(item: Item, digits: str, places: int | None) -> Problem | None:
    if places is None or len(digits.partition(".")[2]) <= places:
        return None
    return problem("items.E006", item.id, value=_plain(Decimal(digits)), places=str(places))


def _impossible(item: Item, value: Decimal | Reported) -> Problem | None:
    return _outside(item, value, item.low, item.high, "items.E007", "items.E008")


def unlikely(item: Item, answer: Answer) -> Problem | None:
    """A warning when a number is outside what is expected; it never keeps a true value out."""
    if isinstance(answer, bool) or not isinstance(answer, int | Decimal | Reported):
        return None
    value = Decimal(answer) if isinstance(answer, int) else answer
    return _outside(item, value, item.expected_low, item.expected_high, "items.W001", "items.W002")


def _outside(
    item: Item, value: Decimal | Reported, low: Decimal | None, high: Decimal | None, *ids: str
) -> Problem | None:
    number = in_own_unit(item, value)
    for identifier, bound, side in ((ids[0], low, -1), (ids[1], high, 1)):
        if number is not None and bound is not None and beyond(number, value, bound) == side:
            unit = f" {item.unit}" if item.unit else ""
            return problem(identifier, item.id, value=in_words(item, value) + unit, bound=_plain(bound) + unit)
    return None


def in_words(item: Item, value: Decimal | Reported) -> str:
    """A number as reported; where that is in another unit, with what it is in the item's own, whose name follows."""
    if isinstance(value, Decimal):
        return _plain(value)
    number = in_own_unit(item, value)
    return f"{value} = {value.operator}{number:f}" if value.unit and number is not None else str(value)


def _read_date(item: Item, text: str) -> date | Problem:
    found = _read_partial_date(item, text)
    if isinstance(found, Problem):
        return found
    return found.exact or problem("items.E011", item.id, value=str(found))


def _read_partial_date(item: Item, text: str) -> PartialDate | Problem:
    parts = date_parts(text)
    if parts is None:
        return problem("items.E009", item.id, text=text)
    if parts.year < _FIRST_YEAR:
        return problem("items.E016", item.id, value=text)
    return _calendar_date(parts) or problem("items.E010", item.id, value=text)


def _calendar_date(parts: DateParts) -> PartialDate | None:
    try:
        return PartialDate(*parts)
    except ValueError:
        return None


def _read_code(item: Item, text: str) -> str | Problem:
    codes = STATES if item.type == "state" else item.codes
    if text in codes:
        return text
    folded = {code.casefold(): code for code in codes}
    near = meant(text.casefold(), folded)
    if near:
        return problem("items.E013", item.id, text=text, meant=folded[near])
    return problem("items.E012", item.id, text=text, codes=", ".join(codes))


def _read_yes_no(item: Item, text: str) -> bool | Problem:
    value = _YES_NO.get(text.casefold())
    return problem("items.E014", item.id, text=text) if value is None else value


def _read_link(item: Item, text: str) -> str | Problem:
    return text if _ROW.match(text) else problem("items.E019", item.id, text=text)


_READ: Final[dict[str, Callable[[Item, str], Answer | Problem]]] = {
    "integer": _read_integer,
    "decimal": _read_decimal,
    "date": _read_date,
    "partial_date": _read_partial_date,
    "choice": _read_code,
    "state": _read_code,
    "yes_no": _read_yes_no,
    "link": _read_link,
}


# --- As acts keep them ------------------------------------------------------------------------------------------


def write(answer: Answer) -> Written:
    """The one text of an answer in an act.

    "yes", "12", "1.10", "<0.1", "1.20 mg/dL", "2021-03-19", "2021-03", {"missing": "ND"} or None.
    """
    match answer:
        case None | str():
            return answer
        case bool():
            return "yes" if answer else "no"
        case Decimal():
            return _plain(answer)
        case date():
            return answer.isoformat()
        case Missing():
            return {"missing": answer.reason}
        case _:
            return str(answer)


def parse(item_type: ItemType, written: Written) -> Answer:
    """The answer that `write` wrote. Anything `write` would not have written raises ValueError."""
    if written is None:
        return None
    try:
        return _MISSING[written["missing"]] if type(written) is dict else _PARSE[item_type](written)
    except (ArithmeticError, LookupError, TypeError) as error:
        raise ValueError(f"{written!r} is not the text of an answer of type {item_type}") from error


def shown(answer: Answer) -> str:
    """Plain text of an answer, which typed in again gives the same answer; nothing for no answer."""
    written = write(answer)
    return f"?{written['missing']}" if isinstance(written, dict) else written or ""


def _plain(value: Decimal) -> str:
    """Every digit, no exponent, no minus before zero; not a number raises ValueError."""
    if not value.is_finite():
        raise ValueError(f"{value} is not a number")
    return format(value if value else value.copy_abs(), "f")


def _parse_integer(written: str) -> int:
    value = int(written)
    if str(value) != written:
        raise ValueError(f"{written!r} is not how a whole number is written")
    return value


def _parse_decimal(written: str) -> Decimal | Reported:
    try:
        value: Decimal | Reported = Decimal(written)
    except InvalidOperation:
        return _parse_report(written)
    if write(value) != written:
        raise ValueError(f"{written!r} is not how a decimal is written")
    return value


def _parse_report(written: str) -> Reported:
    found = _REPORT.match(written)
    if found is None:
        raise ValueError(f"{written!r} is not how a number is reported")
    operator: Any = _SIGNS.get(found["operator"], found["operator"] or "")
    answer = Reported(Decimal(found["number"]), operator, found["unit"] or "")
    if str(answer) != written:
        raise ValueError(f"{written!r} is not how a reported number is written")
    return answer


def _parse_date(written: str) -> date:
    # Python 3.11 also reads "20210319" and "2021-W11-5", which are never written.
    if len(written) != 10 or written[7] != "-":
        raise ValueError(f"{written!r} is not how a date is written")
    return date.fromisoformat(written)


def _parse_text(written: str) -> str:
    if type(written) is not str:
        raise TypeError(f"{written!r} is not text")
    return written


_MISSING: Final = {reason: Missing(reason) for reason in REASONS}
_PARSE: Final[dict[str, Callable[[Any], Answer]]] = {
    "text": _parse_text,
    "choice": _parse_text,
    "link": _parse_text,
    "file": parse_file,
    "integer": _parse_integer,
    "decimal": _parse_decimal,
    "date": _parse_date,
    "partial_date": lru_cache(maxsize=8192)(read_partial_date),
    "yes_no": {"yes": True, "no": False}.__getitem__,
    "state": {state: state for state in STATES}.__getitem__,
}
