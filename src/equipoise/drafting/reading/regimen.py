"""When treatment is given, read from sentences such as "at week 0, 2, 4 and then every 4 weeks until 48 weeks".

A sentence is cut into the few kinds of phrase below; only whole sequences of phrases with one meaning are accepted.
Week 0 is the day of randomisation, and so is day 1 (or day 0, where a list of days begins with it).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from equipoise.drafting.lines import plain
from equipoise.drafting.reading.numbers import digits

_LAST_WEEK: Final = 520
_DOSING: Final = re.compile(
    r"administ|\bgiv(?:en|e|ing)\b|receiv|infus|inject|\bdos(?:e|es|ed|ing)\b|\d ?(?:mg|ml|g|mcg|iu)\b|tablet|capsule"
    r"|\boral|intraven|subcut|intramus|vaccin|\btreated with|\btak(?:e|en|ing)\b|appl(?:y|ied)|inhal|\biv\b|\bsc\b"
    r"|\bim\b"
)
_OTHER_ACTS: Final = re.compile(
    r"assess|follow[- ]?up|\bvisits?\b|evaluat|measur|monitor|questionnaire|sampl(?:e|ing)|\bscan|\bmri\b|imaging|biops"
    r"|escalat|titrat|\btaper|crossed? over|cross-?over|wash-?out|\brescue\b|if needed|as needed|if tolerated|\bprn\b"
)
_GAP: Final = r"(?:\s*\([^)]*\))?\s*(?:,\s*and|,|and|&|/)\s*(?:(?:at|on|then|again\ at)\s+)?"
_NOT_A_DOSE: Final = r"(?![\d.]|\s*(?:mg|ml|g|mcg|iu|x|times|doses?|-|to|through|until)\b|\s*-\s*\d)"
_PHRASES: Final = re.compile(
    rf"""
      (?P<unclear>  (?:twice|thrice|\d\ times)\ (?:a\ |per\ |every\ |each\ )?week(?:ly)? | (?:bi|semi)-?weekly | monthly
                  | every\ (?:other\ |\d+\ )?(?:months?|other\ day|years?|hours?) | every\ \d+\ hours | \d+\ months?\b
                  | for\ (?:up\ to|at\ least|a\ maximum)\b.*
                  | until\ (?:disease|progress|unaccept|relapse|death|discharge).*
                  | alternate\ days | weekdays | \d+\ days?\ (?:on|off|a\ week|per\ week)
                  | maximum\ of\ \d+ | as\ long\ as.* )
    | (?P<apart>    (?:\d+)\ (?:doses|injections|infusions|vaccinations)\b[^.;]{{0,40}}?\b\d+\ (?:weeks?|days?)\ apart )
    | (?P<cycle>    (?:on\ )?days?\ \d+(?:{_GAP}(?:days?\ )?\d+)*
                    \ (?:of|in)\ (?:each|every|a|an)\ \d+[- ](?:day|week)\ cycle )
    | (?P<weeks>    (?:at\ baseline(?:{_GAP}(?:weeks?\ ?)?\d+{_NOT_A_DOSE})+(?:\ weeks?)?)
                  | (?:(?:at|on|in)\ )?weeks?\ ?\d+{_NOT_A_DOSE}(?:{_GAP}(?:weeks?\ ?)?\d+{_NOT_A_DOSE})*
                  | at\ \d+(?:{_GAP}\d+)+\ weeks\b | at\ baseline\b (?!\ and) )
    | (?P<days>     (?:on\ )?days?\ ?\d+{_NOT_A_DOSE}(?:{_GAP}(?:days?\ ?)?\d+{_NOT_A_DOSE})* )
    | (?P<range>    (?:weeks?|days?)\ ?\d+\ ?(?:-|to|through|until)\ ?(?:weeks?\ |days?\ )?\d+ )
    | (?P<every>    every\ (?:other\ )?(?:\d+\ ?-?)?(?:weeks?|days?)\b | q\d+w\b
                  | (?:once\ )?(?:a\ week\b|weekly\b|per\ week\b)
                  | fortnightly | once\ every\ week )
    | (?P<daily>    (?:(?:once|twice|thrice|\d\ times)\ (?:daily|a\ day|per\ day|each\ day))
                  | \bdaily\b | \bb\.?i\.?d\.?\b
                  | \bt\.?i\.?d\.?\b | \bq\.?i\.?d\.?\b | \bq\.?d\.?\b | each\ day | \d+\ times\ daily )
    | (?P<until>    (?:until|through|thru|up\ to|to)\ (?:the\ end\ of\ )?(?:weeks?\ \d+|\d+\ weeks?) )
    | (?P<during>   (?:for|over|during)\ (?:a\ (?:total\ (?:of\ )?|period\ of\ ))?\d+[- ]weeks?\b )
    | (?P<count>    (?:for\ |a\ total\ of\ |,\ )?(?:a\ total\ of\ )?\d+
                    \ (?:doses|infusions|injections|cycles|administrations)\b )
    | (?P<single>   single[- ](?:dose|injection|infusion|intravenous|subcutaneous|intramuscular|oral|administration)
                  | one[- ]time | \bonly\ once )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Regimen:
    """The weeks of dosing, or a daily intake and the week it ends; `doubt` is what a person should confirm."""

    weeks: tuple[int, ...] = ()
    daily: str = ""
    through: int | None = None
    words: str = ""
    doubt: str = ""


Phrase: TypeAlias = tuple[str, str]


def read_regimen(text: str) -> Regimen | None:
    """The regimen, where every sentence about giving treatment that names a time says the same; otherwise None."""
    found = {
        regimen and (regimen.weeks, regimen.daily, regimen.through): regimen
        for sentence in sentences(text)
        if _DOSING.search(sentence)
        for regimen in _of_sentence(sentence)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def sentences(text: str) -> list[str]:
    """The sentences in lower case, with numbers in digits."""
    parts = re.split(r"(?<=[a-zA-Z)\d%])\.(?=\s+[A-Z(]|\s*$)|[;•]|\s\*\s", plain(text))
    return [digits(part).lower().strip() for part in parts if part.strip()]


def mentions_time(text: str) -> bool:
    """Whether a sentence about giving treatment names a time at all."""
    return any(_PHRASES.search(sentence) for sentence in sentences(text) if _DOSING.search(sentence))


def _of_sentence(sentence: str) -> Iterator[Regimen | None]:
    phrases = [(str(found.lastgroup), found[0].strip()) for found in _PHRASES.finditer(sentence)]
    if not phrases:
        return
    if _OTHER_ACTS.search(sentence):
        yield None
        return
    kinds = " ".join(kind for kind, _ in phrases)
    first, last = phrases[0][1], phrases[-1][1]
    start = sentence.index(first)
    words = sentence[start : sentence.index(last, start) + len(last)]
    reader = _SEQUENCES.get(kinds)
    regimen = reader([text for _, text in phrases]) if reader else None
    sound = regimen and all(0 <= week <= _LAST_WEEK for week in (*regimen.weeks, regimen.through or 0))
    yield Regimen(regimen.weeks, regimen.daily, regimen.through, words, regimen.doubt) if regimen and sound else None


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", re.sub(r"\([^)]*\)", "", text))]


def _listed(text: str) -> list[int] | None:
    """The weeks of a list; None where they do not rise."""
    weeks = ([0] if "baseline" in text else []) + _numbers(text)
    return weeks if weeks == sorted(set(weeks)) else None


def _listed_days(text: str) -> list[int] | None:
    """The weeks of a list of days, counted from day 1, or from day 0 where the list names it."""
    days = _numbers(text)
    first = 0 if 0 in days else 1
    weeks = [(day - first) // 7 for day in days]
    return weeks if days == sorted(set(days)) and all((day - first) % 7 == 0 for day in days) else None


def _interval(text: str) -> int | None:
    """The weeks between two doses."""
    if text == "fortnightly":
        return 2
    number = (_numbers(text) or [2 if "other" in text else 1])[0]
    if "day" in text:
        return number // 7 if number % 7 == 0 and number else None
    return number or None


def _only(weeks: list[int] | None) -> Regimen | None:
    return Regimen(tuple(weeks)) if weeks else None


def _list_then(weeks: list[int] | None, every: str, until: str) -> Regimen | None:
    """ "Week 0, 2, 4 and then every 4 weeks until 48 weeks": the last week is itself a week of dosing."""
    step, end = _interval(every), _numbers(until)[0]
    if not weeks or not step or end > _LAST_WEEK or end <= weeks[-1] or (end - weeks[-1]) % step:
        return None
    return Regimen((*weeks, *range(weeks[-1] + step, end + 1, step)))


def _during(every: str, during: str) -> Regimen | None:
    """ "Every 2 weeks for 24 weeks": twelve intervals; whether the end of the last is also a dose is left to ask."""
    step, length = _interval(every), _numbers(during)[0]
    if not step or length > _LAST_WEEK or length <= step or length % step:
        return None
    return Regimen(tuple(range(0, length, step)), doubt=f"whether there is also a dose at week {length}")


def _counted(step: int | None, count: int) -> Regimen | None:
    if not step or not 1 <= count <= 200:
        return None
    return Regimen(tuple(range(0, step * count, step)))


def _apart(text: str) -> Regimen | None:
    numbers = _numbers(text)
    step = numbers[-1] if "week" in text else numbers[-1] // 7 if numbers[-1] % 7 == 0 else None
    return _counted(step, numbers[0]) if len(numbers) == 2 else None


def _cycles(text: str, count: str) -> Regimen | None:
    """ "Days 1, 8 and 15 of each 28-day cycle, for 6 cycles"."""
    *days, length = _numbers(text)
    length *= 7 if text.endswith("week cycle") else 1
    first = _listed_days(" ".join(str(day) for day in days))
    number = _numbers(count)[0]
    if not first or length % 7 or first[-1] >= length // 7 or not 1 <= number <= 50 or "cycle" not in count:
        return None
    return Regimen(tuple(week + cycle * length // 7 for cycle in range(number) for week in first))


_READER: TypeAlias = "Callable[[list[str]], Regimen | None]"
_SEQUENCES: Final[dict[str, _READER]] = {
    "weeks": lambda p: _only(_listed(p[0])),
    "days": lambda p: _only(_listed_days(p[0])),
    "weeks every until": lambda p: _list_then(_listed(p[0]), p[1], p[2]),
    "days every until": lambda p: _list_then(_listed_days(p[0]), p[1], p[2]),
    "every weeks until": lambda p: _list_then(_listed(p[1]), p[0], p[2]),
    "every until": lambda p: _list_then([0], p[0], p[1]),
    "every range": lambda p: _list_then(_numbers(p[1])[:1], p[0], str(_numbers(p[1])[1])) if "week" in p[1] else None,
    "every during": lambda p: _during(p[0], p[1]),
    "during every": lambda p: _during(p[1], p[0]),
    "every count": lambda p: _counted(_interval(p[0]), _numbers(p[1])[0]),
    "count every": lambda p: _counted(_interval(p[1]), _numbers(p[0])[0]),
    "cycle count": lambda p: _cycles(p[0], p[1]),
    "apart": lambda p: _apart(p[0]),
    "single": lambda p: Regimen((0,)),
    "single days": lambda p: _only(_listed_days(p[1])),
    "single weeks": lambda p: _only(_listed(p[1])),
    "daily": lambda p: Regimen(daily=p[0]),
    "daily during": lambda p: Regimen(daily=p[0], through=_numbers(p[1])[0]),
    "during daily": lambda p: Regimen(daily=p[1], through=_numbers(p[0])[0]),
    "daily until": lambda p: Regimen(daily=p[0], through=_numbers(p[1])[0]),
}
