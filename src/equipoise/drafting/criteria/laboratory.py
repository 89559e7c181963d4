"""Criteria on results as multiples of the upper limit of normal.

The limit is asked beside the result, as the laboratory printed it: laboratories differ, and their limits change.
"""

import re
from typing import Final

from equipoise.drafting.criteria.measures import ANALYTES
from equipoise.drafting.criteria.question import Question, Understood, joined
from equipoise.drafting.criteria.thresholds import SIGNS
from equipoise.drafting.reading.numbers import decimal

_LIMIT: Final = (
    r"(?:(?:the )?(?:institutional "
    r"|laboratory )?(?:upper (?:normal )?limits?(?: of)?(?: the)?(?: normal)?(?: range| value)?"
    r"|upper limits? of normal(?: range| values?)?|normal upper limits?|upper limit of the normal range)"
    r"|(?:the )?(?:institutional )?(?:uln|unl))"
    r"(?: ?\((?:uln|unl)\))?"
)
_MULTIPLE: Final = re.compile(
    rf"(?P<names>.+?)(?: (?:levels?|values?|elevations?|is|are|be|of|activity|concentrations?|elevated"
    rf"|,))* ?(?P<sign>[≤≥<>]) "
    rf"(?:(?P<factor>\d+(?:\.\d+)?) ?-?(?:x|×|\*|times|fold|-fold)? ?(?:of )?)?{_LIMIT}$"
)


def read_multiple(text: str, *, inclusion: bool) -> Understood | None:
    """ "ALT/AST > 2 times the upper limit of normal", where the whole text is it.

    Of several results, an exclusion by a high one is by any of them, and an inclusion by a low one needs all of them;
    "and" in the first and "or" in the second leave a doubt.
    """
    found = _MULTIPLE.match(text)
    if not found:
        return None
    names, word = _names(found["names"], high=found["sign"] in ">≥", inclusion=inclusion)
    factor = decimal(found["factor"]) if found["factor"] else None
    if not names:
        return None
    sign = SIGNS[found["sign"]]
    parts = [_part(name, sign, f"{factor:f}" if factor is not None else "") for name in names]
    return joined(parts, word)


def _part(name: str, sign: str, factor: str) -> Understood:
    _, label, zh = ANALYTES[name]
    unit = "U/L" if name in ("alt", "ast", "ggt", "alkaline_phosphatase", "creatine_kinase", "lipase") else ""
    help_ = "Result and upper limit of normal in the same unit, from the same report."
    result = Question(name, label, "decimal", zh, unit, help_)
    limit = Question(
        f"{name}_upper_limit", f"{label}: upper limit of normal of the laboratory", "decimal",
        f"{zh}：该实验室的正常值上限", unit, help_,
    )  # fmt: skip
    times = f"{factor} * " if factor not in ("", "1") else ""
    return Understood(f"{name} {sign} {times}{limit.id}", (result, limit))


def _names(text: str, *, high: bool, inclusion: bool) -> tuple[list[str], str]:
    """The analytes a text lists, and the word that joins them; none where there is a doubt."""
    text = re.sub(r"^(?:(?:either|both|serum|abnormal|elevated|liver function tests?:?|an|a|the) )+", "", text)
    if single := _analyte(text):
        return [single], "and"
    parts = [part.strip() for part in re.split(r"\s*(?:/|,? and/or |,? or |,? and |,|&)\s*", text) if part.strip()]
    names = [name for part in parts if (name := _analyte(part))]
    if len(names) != len(parts) or len(set(names)) != len(names):
        return [], ""
    or_only = re.search(r"\bor\b", text) is not None
    and_only = re.search(r"\band\b(?!/or)|&", text) is not None
    if high != (not inclusion) or (inclusion and or_only) or (not inclusion and and_only):
        return [], ""
    return names, "and" if inclusion else "or"


def _analyte(text: str) -> str | None:
    text = re.sub(r" (?:levels?|values?)$", "", text.strip(" ,()"))
    closed = text + ")" if text.count("(") > text.count(")") else text
    return next((name for name, row in ANALYTES.items() if re.fullmatch(row[0], closed)), None)
