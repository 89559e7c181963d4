"""The two languages of the pages: which one a reader wants, and how texts, dates and answers are said in it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from equipoise.accounts.messages import MESSAGES as ACCOUNTS
from equipoise.allocator.messages import MESSAGES as ALLOCATOR
from equipoise.conduct.messages import MESSAGES as CONDUCT
from equipoise.desk.messages import MESSAGES as DESK
from equipoise.items import MESSAGES as ITEMS
from equipoise.items import (
    REASONS,
    REASONS_IN_CHINESE,
    Answer,
    FileReference,
    Missing,
    PartialDate,
    Problem,
    Reported,
    in_words,
)
from equipoise.items.file import MEGABYTE
from equipoise.protocol.names import item_of
from equipoise.protocol.schema import FormItem, Label, Protocol
from equipoise.reports.units import unit_in
from equipoise.web.messages import MESSAGES as WEB
from equipoise.web.texts import TEXTS

LANGUAGES: Final = ("en", "zh")
TAGS: Final = {"en": "en", "zh": "zh-CN"}
_SAID: Final = {**ITEMS, **CONDUCT, **ALLOCATOR, **DESK, **ACCOUNTS, **WEB}
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def wanted(request: HttpRequest) -> str:
    """The language a reader chose, or the first of the browser's that there is, or English."""
    chosen = request.session.get("language", "")
    if chosen in LANGUAGES:
        return str(chosen)
    header = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    return next((tag for full, _ in header if (tag := full.partition("-")[0]) in LANGUAGES), "en")


def text(identifier: str, language: str, **params: object) -> str:
    """A fixed text of the pages. Raises KeyError for an id that is not in the catalogue."""
    said = TEXTS[identifier].in_(language)
    return said.format(**params) if params else said


def said(problem: Problem, language: str) -> tuple[str, str]:
    """What is wrong and what to do, in a language; in English where a problem has no other words."""
    message = _SAID.get(problem.id)
    if language == "en" or message is None:
        return problem.message, problem.hint
    try:
        return message.zh.format(**problem.params), message.hint_zh.format(**problem.params)
    except KeyError:  # a problem made without what fills its places
        return problem.message, problem.hint


def meaning(written: str, language: str) -> str:
    """What a signature means: the product's own words in the reader's language, any other as they were signed."""
    return text("sign.meaning", language) if written == text("sign.meaning", "en") else written


def day(value: date, language: str) -> str:
    """19-MAR-2021 in English, 2021-03-19 in Chinese."""
    return partial_day(PartialDate(value.year, value.month, value.day), language)


def partial_day(value: PartialDate, language: str) -> str:
    """A date as far as it is known, in a spelling that can be typed in again."""
    if language == "zh" or value.month is None:
        return str(value)
    parts = ([f"{value.day:02d}"] if value.day else []) + [_MONTHS[value.month - 1], f"{value.year:04d}"]
    return "-".join(parts)


def moment(value: datetime, zone: str, language: str) -> str:
    """A moment in the time of a place, with the name of that time."""
    return f"{local_time(value, zone, language)} {zone_words(value, zone)}"


def local_time(value: datetime, zone: str, language: str) -> str:
    """The date and the time of day at a place."""
    local = value.astimezone(ZoneInfo(zone or "UTC"))
    return f"{day(local.date(), language)} {local:%H:%M:%S}"


def minute(value: datetime, zone: str, language: str) -> str:
    """A moment to the minute, at a place whose time zone stands elsewhere."""
    return local_time(value, zone, language)[:-3]


def zone_words(value: datetime, zone: str) -> str:
    """The name of the time at a place, and how far it is from universal time."""
    offset = value.astimezone(ZoneInfo(zone or "UTC")).strftime("%z")
    return f"{zone or 'UTC'} (UTC{offset[:3]}:{offset[3:]})"


def clock_time(value: datetime, zone: str) -> str:
    """The time of day at a place."""
    return f"{value.astimezone(ZoneInfo(zone or 'UTC')):%H:%M:%S}"


def missing_reason(code: str, language: str) -> str:
    """Why an answer is not there."""
    return (REASONS_IN_CHINESE if language == "zh" else REASONS)[code]


def words(answer: Answer, language: str, item: FormItem | None = None, protocol: Protocol | None = None) -> str:
    """An answer as a reader knows it; nothing for no answer."""
    match answer:
        case None:
            return ""
        case Missing():
            return f"{answer.reason} · {missing_reason(answer.reason, language)}"
        case bool():
            return text("answer.yes" if answer else "answer.no", language)
        case date():
            return day(answer, language)
        case PartialDate():
            return partial_day(answer, language)
        case FileReference():
            return f"{answer.name} ({_size(answer.size)}, SHA-256 {answer.digest})"
        case Reported() if item is not None and protocol is not None:
            return in_words(item_of(item, protocol), answer)
        case Decimal():
            return format(answer, "f")
        case str():
            return _code(answer, language, item, protocol)
    return str(answer)


def _size(count: int) -> str:
    return f"{count / MEGABYTE:.1f} MB" if count >= MEGABYTE else f"{ceil(count / 1000)} kB"


def unit(written: str, language: str) -> str:
    """A unit as it is printed in a language, its powers raised."""
    return unit_in(language, written)


def derived(answer: Answer, language: str) -> str:
    """A derived value, to at most two decimal places; what rules compare is exact."""
    if isinstance(answer, Decimal) and answer != round(answer, 2):
        return format(round(answer, 2).normalize(), "f")
    return words(answer, language)


def _code(answer: str, language: str, item: FormItem | None, protocol: Protocol | None) -> str:
    if item is None or item.type == "state":
        return text(f"state.{answer}", language) if f"state.{answer}" in TEXTS else answer
    if item.type == "choice" and protocol is not None:
        entries: Mapping[str, Label] = {e.code: e.label for e in protocol.code_lists.get(item.codes, ())}
        return entries[answer].in_(language) if answer in entries else answer
    return answer
