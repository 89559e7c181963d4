"""Criteria that compare a measurement or a score with a number."""

import re
from decimal import Decimal
from typing import Final

from equipoise.drafting.criteria.measures import ABBREVIATION, Measure, measure_named, unit_in_full
from equipoise.drafting.criteria.phrases import turns
from equipoise.drafting.criteria.question import Question, Understood, joined, slug
from equipoise.drafting.reading.numbers import decimal

SIGNS: Final = {"≤": "<=", "≥": ">=", "<": "<", ">": ">"}
_NUMBER: Final = r"(?:\d[\d,]*(?:\.\d+)?)"
_UNIT: Final = (
    r"(?: ?(?:[a-z%/μ×x*^][^ <>≤≥;,()]*(?: (?:hg|per [a-z0-9]+(?: [a-z0-9]+)?|daily|10\^?\d+ ?/ ?[a-z]+"
    r"|m2))?(?: ?10\^?\d+ ?/ ?[a-z0-9]+)?))?"
)
_LINK: Final = (
    r"(?: (?:is|are|was|of|score|scores|value|level|levels|result|count|with|total|a|the|at|screening|baseline)|:|,)*"
)
_PLAIN: Final = re.compile(rf"(?P<name>.{{1,80}}?){_LINK} ?(?P<sign>[≤≥<>]) (?P<number>{_NUMBER})(?P<unit>{_UNIT})$")
_TWO: Final = re.compile(
    rf"(?P<name>.{{1,80}}?){_LINK} ?(?P<sign>[≤≥<>]) (?P<number>{_NUMBER})(?P<unit>{_UNIT})(?: and| but"
    rf"|,) (?P<sign2>[≤≥<>]) "
    rf"(?P<number2>{_NUMBER})(?P<unit2>{_UNIT})$"
)
_BETWEEN: Final = re.compile(
    rf"(?P<name>.{{1,80}}?){_LINK}(?: (?:between|from|of|in the range(?: of)?"
    rf"|range))* ?(?P<number>(?<![\d.]){_NUMBER})(?P<unit>{_UNIT})"
    rf" ?(?:to|-|and) ?(?P<number2>{_NUMBER})(?P<unit2>{_UNIT})$"
)
_SCORE_FIRST: Final = re.compile(
    rf"(?:a )?(?:total )?scores?(?: of)? ?(?P<sign>[≤≥<>]) (?P<number>{_NUMBER})(?P<unit>(?: points?)?)"
    r"(?: at (?:screening|baseline))?"
    r" (?:on|in|for|by|using)(?: the)? (?P<name>.{2,80})$"
)
_DEFINED: Final = re.compile(
    r"(?:(?:low|high|mild|moderate|severe|active|inactive|stable|good|poor|adequate|impaired|reduced|elevated|increased|overweight|obese)"
    r"(?: to (?:low|high|moderate|severe))?(?: (?:disease activity|disease|activity|performance status"
    r"|renal function|kidney function"
    r"|renal impairment|hypertension))?|obesity|overweight|an(?:a)?emia|thrombocytopenia|neutropenia|leukopenia) ?"
    r"\((?:defined (?:as|by) |i\.?e\.?,? )?(?P<inner>[^()]*(?:\([^()]*\)[^()]*)*)\)$"
)
# A name that no table knows must be a bare noun phrase; these words would make it something else.
_NO_NAME: Final = re.compile(
    r"\b(?:and|or|if|with|who|which|that|history|within|for|than|after|before|during|since|prior|patients?|subjects?|receiving|treated"
    r"|taking|use|used|dose|doses|dosage|uln|limit|normal|times|increase|decrease|change|baseline|reduction|lines?|months?|years?|weeks?"
    r"|days?|age|aged|any|at|by|per|to|from|had|has|have|must|expected|willing|least|most)\b|[^a-z0-9 /+-]|^\d|^on\b"
)

_TAIL: Final = re.compile(
    r"(?:[ :,]|(?<= )(?:is|are|was|of|with|a|the|at|screening|baseline|between|from|range|in the range)(?= |$))+$"
)
# A time that is no measure is how long something lasts; how that is counted is for a person to say.
_LASTS: Final = ("hours", "days", "weeks", "months", "years")
_NEEDS_UNIT: Final = frozenset(
    {"creatinine", "haemoglobin", "platelets", "neutrophils", "leucocytes", "fasting_glucose", "hba1c", "bilirubin"}
)


def read_threshold(text: str) -> Understood | None:
    """One comparison, or one interval, where the whole text is it."""
    if found := _DEFINED.match(text):
        return read_threshold(found["inner"].strip())
    text = re.sub(r"\(([≤≥<>] [^()]*)\)$", r"\1", text)
    for pattern in (_SCORE_FIRST, _TWO, _PLAIN):
        if found := pattern.match(text):
            return _compared(found)
    found = _BETWEEN.match(text) if re.search(r"between|range|from|of|\d ?-", text) else None
    return _interval(found) if found else None


def read_combined(text: str, *, inclusion: bool) -> Understood | None:
    """Comparisons joined by "or", or in an inclusion criterion by "and"; each must be whole in itself.

    In an exclusion criterion "and" may mean either, so it is left to a person.
    """
    for word in ("or", "and") if inclusion else ("or",):
        parts = [part.strip(" ,") for part in re.split(rf"\b{word}\b", text)]
        if len(parts) > 1:
            understood = [read_threshold(part) for part in parts]
            known = [part for part in understood if part]
            if len(known) == len(parts) and _same_style(text):
                return joined(known, word)
    return None


def _same_style(text: str) -> bool:
    return not (" and " in text and " or " in text)


def _compared(found: re.Match[str]) -> Understood | None:
    """ "X ≥ 7.0 %" and "X ≥ 7.0 and ≤ 10.0 %"."""
    groups = found.groupdict()
    unit = groups["unit"].strip() or (groups.get("unit2") or "").strip()
    asked = question_of(_name(found, "sign"), unit)
    bounds = [(groups["sign"], decimal(groups["number"]))]
    if groups.get("sign2"):
        bounds.append((groups["sign2"], decimal(groups["number2"])))
        if (groups.get("unit2") or "").strip() not in ("", unit) or (bounds[0][0] in "<≤") == (bounds[1][0] in "<≤"):
            return None
    if asked is None or any(number is None for _, number in bounds):
        return None
    rule = " and ".join(f"{asked.id} {SIGNS[sign]} {_written(number)}" for sign, number in bounds if number is not None)
    return Understood(rule, (asked,), _without_unit(asked))


def _interval(found: re.Match[str]) -> Understood | None:
    """ "X between 7 and 10 %": both ends are within."""
    unit = found["unit"].strip() or found["unit2"].strip()
    low, high = decimal(found["number"]), decimal(found["number2"])
    asked = question_of(_name(found, "number"), unit)
    if asked is None or low is None or high is None or low >= high or found["unit2"].strip() != unit:
        return None
    return Understood(
        f"{asked.id} >= {_written(low)} and {asked.id} <= {_written(high)}", (asked,), _without_unit(asked)
    )


def _without_unit(asked: Question) -> tuple[str, ...]:
    """What to confirm where a result that has a unit was written without one."""
    return ("in which unit the number is",) if asked.id in _NEEDS_UNIT and not asked.unit else ()


def _name(found: re.Match[str], end: str) -> str:
    """What stands before the comparison, with "score" or "level" but without "of" or "is"."""
    if found.start("name") > found.start(end):
        return found["name"]
    return _TAIL.sub("", found.string[: found.start(end)])


def _written(number: Decimal) -> str:
    return f"{number:f}"


def question_of(name: str, unit_words: str) -> Question | None:
    """What is measured, known from the table or a bare noun phrase, in a unit that is one."""
    name, unit = re.sub(r"[ :,]+$", "", name.strip(" :,(")), unit_in_full(unit_words)
    if unit is None or turns(name):
        return None
    if measure := measure_named(name):
        return _known(measure, unit)
    bare = re.sub(rf"{ABBREVIATION}$", "", name) if "(" in name else name
    bare = re.sub(r"^(?:a|an|the) ", "", bare).strip()
    if unit in _LASTS and "duration" not in bare:
        return None
    if _NO_NAME.search(bare) or not 1 <= len(bare.split()) <= 5 or not slug(bare) or len(bare) < 2:
        return None
    return Question(slug(bare), bare[:1].upper() + bare[1:], "decimal", "", unit)


def _known(measure: Measure, unit: str) -> Question | None:
    """The question of a known measure; in another unit than its own it is another question."""
    identifier = measure.id
    if measure.id == "life_expectancy_months":
        identifier = f"life_expectancy_{unit}" if unit else ""
    elif measure.unit and unit not in ("", measure.unit) and (measure.unit + unit).count("mL/min") != 2:
        return None
    if not identifier:
        return None
    return Question(identifier, measure.label, measure.type, measure.zh, unit or measure.unit, measure.help)
