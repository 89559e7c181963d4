"""A criterion as a rule, or not: the readers in order, on the whole text and then on the parts between semicolons."""

import re
from typing import Final

from equipoise.drafting.criteria.ages import read_age_criterion
from equipoise.drafting.criteria.entries import outside_brackets
from equipoise.drafting.criteria.facts import read_fact, read_stable
from equipoise.drafting.criteria.laboratory import read_multiple
from equipoise.drafting.criteria.phrases import lower, turns, unframed, with_signs
from equipoise.drafting.criteria.question import Question, Understood, joined
from equipoise.drafting.criteria.thresholds import read_combined, read_threshold

_BILAG_NAME: Final = r"(?:british isles lupus assessment group ?)?(?:\(?bilag(?:[- ]2004)?\)? ?)?(?:index )?"
_BILAG_A_AND_B: Final = re.compile(
    rf"no {_BILAG_NAME}a(?: scores?| flares?| domains?)?(?:,| and|, and)? ?≤ 1 (?:bilag )?b(?: scores?| flares?"
    rf"| domains?)?$"
)
_BILAG_NEITHER: Final = re.compile(rf"no {_BILAG_NAME}a (?:or|/) ?(?:bilag )?b(?: scores?| flares?)?$")
_LONGEST: Final = 900


def understand(text: str, *, inclusion: bool) -> Understood | None:
    """The rule of a criterion, true where its words are true; None where any of its words leaves a doubt."""
    whole = _understand(text, inclusion)
    if whole is not None:
        return _within_limits(whole)
    parts = outside_brackets(text, ";")
    understood = [_understand(part, inclusion) for part in parts] if len(parts) > 1 else []
    known = [part for part in understood if part]
    if not known or len(known) < len(parts):
        return None
    return _within_limits(joined(known, "and" if inclusion else "or"))


def _understand(text: str, inclusion: bool) -> Understood | None:
    words = lower(text)
    signed = with_signs(words)
    if not words or len(words) > _LONGEST:
        return None
    if bilag := _bilag(unframed(signed), inclusion):
        return bilag
    bare, compared = unframed(words), unframed(signed)
    if stable := read_stable(compared, text) if inclusion else None:
        return stable
    if age := read_age_criterion(bare, inclusion=inclusion) or read_age_criterion(compared, inclusion=inclusion):
        return age
    if not turns(compared):
        if multiple := read_multiple(compared, inclusion=inclusion):
            return multiple
        if threshold := read_threshold(compared) or read_combined(compared, inclusion=inclusion):
            return threshold
    return read_fact(bare, text)


def _bilag(text: str, inclusion: bool) -> Understood | None:
    """ "No BILAG A and no more than one B": the number of each grade is asked."""
    a = Question("bilag_a_count", "Number of BILAG A scores", "integer", "BILAG A 级的系统数")
    b = Question("bilag_b_count", "Number of BILAG B scores", "integer", "BILAG B 级的系统数")
    if inclusion and "bilag" in text and _BILAG_A_AND_B.match(text):
        return Understood("bilag_a_count == 0 and bilag_b_count <= 1", (a, b))
    if inclusion and "bilag" in text and _BILAG_NEITHER.match(text):
        return Understood("bilag_a_count == 0 and bilag_b_count == 0", (a, b))
    return None


def _within_limits(understood: Understood) -> Understood | None:
    """A rule no longer than the language allows."""
    return understood if len(understood.rule) <= _LONGEST and len(re.findall(r"\w+", understood.rule)) < 80 else None
