"""Criteria of age: limits that are within, and the strict ones ("under 18", "older than 75")."""

import re
from dataclasses import replace
from typing import Final

from equipoise.drafting.criteria.phrases import with_signs
from equipoise.drafting.criteria.question import Question, Understood, joined
from equipoise.drafting.reading.ages import Age, read_age_range, unit_of

QUESTIONS: Final = {
    "years": Question("age", "Age in completed years", "integer", "年龄（周岁）", "years"),
    "months": Question("age_months", "Age in completed months", "integer", "月龄（足月）", "months"),
    "weeks": Question("age_weeks", "Age in completed weeks", "integer", "周龄（足周）", "weeks"),
    "days": Question("age_days", "Age in completed days", "integer", "日龄（足日）", "days"),
}
_UNIT: Final = r"(years?|yrs?|y|months?|mos?|weeks?|wks?|days?)"
_ONE: Final = rf"([≤≥<>]) ?(\d{{1,3}})(?: ?{_UNIT})?(?: (?:old|of age))?"
_SIGNED: Final = re.compile(rf"(?:is )?{_ONE}(?: (and|or|to|but) (?:aged? )?{_ONE})?$")
_WORDS: Final = (("younger than", "<"), ("older than", ">"))
_SIGN: Final = {"≤": "<=", "≥": ">=", "<": "<", ">": ">"}


def read_age_criterion(text: str, *, inclusion: bool) -> Understood | None:
    """An age, where the whole text is one."""
    words = re.sub(r"[ ,]*\binclusive\b", "", text).strip()
    about_age = bool(re.search(r"\bage[ds]?\b|\bold\b|\bolder\b|\byounger\b", words))
    words = re.sub(r"^(?:(?:are |is |be |being )*(?:aged?|ages)\b|(?:in the )?age (?:range|group)\b)[ :]*", "", words)
    words = re.sub(r"^(?:(?:is|are|of|from|range|between|must be|limits?)\b[ :]*)+", "", words).strip()
    if not about_age or (
        not inclusion and not re.search(r"[<>]|under|over|older|younger|less|more|below|above|≥|≤", words)
    ):
        return None
    limits = read_age_range(words)
    if limits and any(limits):
        return from_limits(*limits)
    if (bare := re.fullmatch(r"(\d{1,3}) ?(?:-|to|and) ?(\d{1,3})", words)) and inclusion:
        return _in_years(from_limits(Age(int(bare[1]), "years"), Age(int(bare[2]), "years")))
    for phrase, sign in _WORDS:
        words = words.replace(phrase, sign)
    words = re.sub(r"\b(\d+ ?(?:years?|months?)(?: old| of age)?) (?:or|and) (?:older|above|over)$", r"≥ \1", words)
    words = re.sub(r"\b(\d+ ?(?:years?|months?)(?: old| of age)?) (?:or|and) (?:younger|below)$", r"≤ \1", words)
    return _signed(with_signs(words), inclusion)


def from_limits(low: Age | None, high: Age | None) -> Understood | None:
    """The rule of two limits, each of them within."""
    sides = [_side(sign, limit.number, limit.unit) for sign, limit in ((">=", low), ("<=", high)) if limit]
    known = [side for side in sides if side]
    return joined(known, "and") if known and len(known) == len(sides) else None


def _in_years(understood: Understood | None) -> Understood | None:
    """An age written without a unit: years, and a person confirms it."""
    return understood and replace(understood, doubts=(*understood.doubts, "that the age is meant in years"))


def _side(sign: str, number: int, unit: str) -> Understood | None:
    question = QUESTIONS.get(unit)
    if question is None:
        return None
    doubts = (f"whether somebody who is exactly {number} {unit} old is meant",) if sign == ">" else ()
    return Understood(f"{question.id} {sign} {number}", (question,), doubts)


def _signed(text: str, inclusion: bool) -> Understood | None:
    """ "≥ 18 and ≤ 75 years": the unit may stand once."""
    found = _SIGNED.match(text)
    if not found:
        return None
    first, number, unit, word, second, other, last = found.groups()
    if unit is None and last is None:
        return _in_years(_signed(f"{text} years", inclusion))
    unit = unit or last
    left = _side(_SIGN[first], int(number), unit_of(unit))
    if second is None:
        return left
    right = _side(_SIGN[second], int(other), unit_of(last or unit))
    outside = (first in "<≤") != (second in "<≤") and first in "<≤"
    if left is None or right is None or (word == "or") != (outside and not inclusion) or word == "to":
        return None
    return joined([left, right], "or" if word == "or" else "and")
